import type { IDataObject } from 'n8n-workflow';
import {
	booleanField,
	choice,
	choiceField,
	collectionField,
	numberField,
	textField,
} from '../../../shared/operation/fields';
import type { ActOperation, ParameterReader } from '../../../shared/operation/types';
import { invalid } from '../../../shared/errors';
import { needed, objectIn, textIn } from '../../../shared/http/response';
import { filled } from '../../../shared/values/filled';
import { UNIT } from '../../credit';

interface Create {
	type: 'simple' | 'advanced';
	email: string;
	isBuyer: boolean;
	/** EUR; 0 is none. */
	creditToAttribute: number;
	title: string;
	firstName: string;
	lastName: string;
}

type Kept = Pick<Create, 'type'> & { email: string | null };
type Created = ReturnType<typeof createdIn>;

const EMAIL = textField('Email', 'email', {
	placeholder: 'name@email.com',
	description:
		'The email of the holder. An advanced sub-account needs it; for a simple one MailPartner makes one up if it is empty.',
});

export const create: ActOperation<Create, Kept, Created> = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create sub-account',
		description: 'Create a sub-account, with starting credit if you like',
		hint: 'Opens, makes or sets up an account for a new client or customer of a reseller.',
	},
	fields: [
		choiceField('Type', 'type', 'simple', {
			options: [
				choice(
					'Advanced',
					'advanced',
					'Its holder signs up by email and mobile phone like for an account of their own',
				),
				choice('Simple', 'simple', 'Gets no mail, needs no phone number, and can’t buy credit'),
			],
			description: 'The kind of sub-account. It can’t be changed later.',
		}),
		{ ...EMAIL, required: true, displayOptions: { hide: { type: [{ _cnd: { not: 'advanced' } }] } } },
		{ ...EMAIL, displayOptions: { hide: { type: ['advanced'] } } },
		{
			...booleanField('Is Buyer', 'isBuyer', 'Whether the sub-account may buy credit of its own'),
			displayOptions: { show: { type: ['advanced'] } },
		},
		collectionField('Additional Fields', 'additionalFields', {
			placeholder: 'Add field',
			options: [
				textField('First Name', 'firstName', {
					placeholder: 'e.g. Winnie',
					description: 'First name of the holder',
				}),
				textField('Last Name', 'lastName', {
					placeholder: 'e.g. Robin',
					description: 'Last name of the holder',
				}),
				numberField('Starting Credit (EUR)', 'creditToAttribute', 0, {
					placeholder: 'e.g. 10',
					description: 'What the new sub-account starts with, taken from the main account',
				}),
				textField('Title', 'title', {
					placeholder: 'e.g. Bakery Dupont',
					description: 'Name of the sub-account',
				}),
			],
		}),
	],
	effect: 'spends',
	warning:
		'This creates a sub-account, which this node can’t delete again. Its starting credit is taken from the main account.',
	deed: 'created the sub-account',
	dryRunHelp: 'Whether to check everything and show what would be sent, without creating a sub-account',
	spending: { default: 100, unit: UNIT, cost: ({ creditToAttribute }) => creditToAttribute },

	parameters(read) {
		const type = read.choice('type', ['simple', 'advanced']);
		return {
			type,
			email: emailIn(read, type),
			isBuyer: type === 'advanced' && read.boolean('isBuyer'),
			creditToAttribute: creditIn(read),
			title: read.text('additionalFields.title'),
			firstName: read.text('additionalFields.firstName'),
			lastName: read.text('additionalFields.lastName'),
		};
	},

	keep: ({ type, email }) => ({ type, email: email || null }),
	request: (_found, p) => ({
		request: {
			method: 'POST',
			path: '/subaccount/create',
			json: { type: p.type, parameters: wireParameters(p) },
		},
		parse: createdIn,
	}),
	foresee: ({ type, email }) => ({ type, ...(email !== null && { email }) }),
	output: ({ type, email }, created) => ({
		token: created!.token,
		email: created!.email ?? email,
		type,
		confirmationSentTo: created!.confirmationSentTo,
		parentEmail: created!.parentEmail,
	}),
};

/** Source: MailPartner, creation of a sub-account. `isBuyer` is required for an advanced one, even when it is 0. */
function wireParameters(p: Create): IDataObject {
	return {
		...filled({ email: p.email }),
		...(p.creditToAttribute > 0 && { creditToAttribute: p.creditToAttribute }),
		...(p.type === 'advanced' && { isBuyer: p.isBuyer ? 1 : 0 }),
		...filled({ title: p.title, firstname: p.firstName, lastname: p.lastName }),
	};
}

/** @throws UnrecognisedReply without a token */
function createdIn(data: unknown) {
	const reply = objectIn(data);
	const subaccount = objectIn(reply.subaccount);
	return {
		token: needed(textIn(subaccount.token), 'token'),
		email: textIn(subaccount.email),
		confirmationSentTo: textIn(reply.sendConfirmMailTo),
		parentEmail: textIn(reply.parent_email),
	};
}

function emailIn(read: ParameterReader, type: Create['type']): string {
	const email = read.email('email');
	if (email === '' && type === 'advanced') {
		throw invalid(
			read.label('email'),
			'is empty; an advanced sub-account needs one',
			'Give the address of its holder, or set “Type” to Simple.',
		);
	}
	return email;
}

/** A credit of 0, or an empty one, is none and is left out: MailPartner refuses a 0. */
function creditIn(read: ParameterReader): number {
	const path = 'additionalFields.creditToAttribute';
	if (read.meant(path) === '') return 0;
	return read.number(path, { min: 0, decimals: 3, unit: UNIT });
}
