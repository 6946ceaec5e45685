import type { INodeProperties } from 'n8n-workflow';
import { invalid, type OperationError } from '../errors';
import { choice, choiceField, collectionField, textField } from '../operation/fields';
import type { ParameterReader } from '../operation/types';
import { CREATE_MISSING_GROUPS, type GroupsField } from './groupFields';
import { phoneNumberOf } from './phoneNumber';

export const CONTACT_FIELD = textField('Phone Number', 'phoneNumber', {
	required: true,
	placeholder: 'e.g. (212) 345-6785',
	description: 'The contact’s number, of the United States or Canada. Contacts are found by it.',
});

/** What is wrong with the number that names a contact. */
export function invalidContact(what: string, advice: string): OperationError {
	return invalid(CONTACT_FIELD.displayName, what, advice);
}

/** The number that names a contact: ten digits. @throws OperationError `invalid` */
export function contactNumberIn(read: ParameterReader): string {
	return phoneNumberOf(read.required('phoneNumber'), read.label('phoneNumber'));
}

/** What nobody in the account has. */
export function unknownContact(phoneNumber: string): OperationError {
	return invalidContact(
		`was not found: no contact has the number ${phoneNumber}`,
		'Look it up with “Get Many”, or create it first with “Create or Update”.',
	);
}

const text = (displayName: string, name: string, placeholder: string) =>
	textField(displayName, name, { placeholder, description: 'Stays as it is where this is empty' });

/**
 * What every writing of a contact is.
 *
 * @param hint what n8n's assistant is told of it
 * @param others what one provider knows besides of a contact
 */
export function saving(hint: string, groupsField: GroupsField, ...others: INodeProperties[]) {
	return {
		option: {
			name: 'Create or Update',
			value: 'upsert',
			action: 'Create or update contact',
			description: 'Create a new record, or update the current one if it already exists (upsert)',
			hint,
		},
		fields: [
			CONTACT_FIELD,
			collectionField('Additional Fields', 'additionalFields', {
				placeholder: 'Add field',
				description: 'What is left out or empty stays as it is',
				options: [
					text('Email', 'email', 'name@email.com'),
					text('First Name', 'firstName', 'e.g. Winnie'),
					groupsField(
						'groups',
						'Groups',
						'Groups that the contact joins; it stays in those that it is in already',
					),
					text('Last Name', 'lastName', 'e.g. Robin'),
					text('Note', 'note', 'e.g. Prefers mornings'),
					...others,
				],
			}),
		],
		options: [CREATE_MISSING_GROUPS],
		effect: 'changes' as const,
		warning: 'This writes to the contacts of your account.',
		deed: 'saved the contact',
		dryRunHelp: 'Whether to look the contact up and show what would be sent, without saving it',
	};
}

/** A text that is to be written of a contact; empty where none is given, as a field of a CRM may be. */
export function contactTextIn(read: ParameterReader, name: string): string {
	const path = `additionalFields.${name}`;
	const text = read.text(path);
	return name === 'email' && text !== '' ? read.email(path) : text;
}

/** What every operation on one contact takes. */
export const BY_NUMBER = {
	fields: [CONTACT_FIELD],
	parameters: (read: ParameterReader) => ({ phoneNumber: contactNumberIn(read) }),
};

/** What every deletion of a contact is. Two items with one number: the second finds what the first has made of it. */
export const DELETING = {
	...BY_NUMBER,
	effect: 'changes' as const,
	warning: 'This deletes the contact and can’t be taken back.',
	deed: 'deleted the contact',
	dryRunHelp: 'Whether to look the contact up and show what would be sent, without deleting it',
	lane: ({ phoneNumber }: { phoneNumber: string }) => phoneNumber,
	foresee: deleted,
	output: deleted,
};

function deleted({ phoneNumber }: { phoneNumber: string }) {
	return { phoneNumber, deleted: true };
}

export const OPTED_OUT_FILTER = choiceField('Opted Out', 'optedOut', 'any', {
	options: [
		choice('Any', 'any'),
		choice('No', 'no', 'Only contacts who can be texted'),
		choice('Yes', 'yes', 'Only contacts who have opted out'),
	],
});

export const GROUP_FILTER = textField('Group', 'group', {
	placeholder: 'e.g. Honey lovers',
	description: 'Name of a group; only its contacts come out',
});
