import type { IDataObject } from 'n8n-workflow';
import { invalid } from '../../../shared/errors';
import { UnrecognisedReply } from '../../../shared/http/response';
import { booleanField, choice, textField } from '../../../shared/operation/fields';
import type { ActOperation, ParameterReader } from '../../../shared/operation/types';
import { filled } from '../../../shared/values/filled';
import { shown } from '../../../shared/values/text';
import { groupNames, groupsField } from '../../group';
import { KEYWORD_FIELD, keywordIn, keywordPath, settingsIn } from '../../keyword';

/** The settings that can be emptied, by the field of the request. */
const CLEARABLE = {
	confirmMessage: 'ConfirmMessage',
	contactGroups: 'ContactGroupIDs',
	forwardEmail: 'ForwardEmail',
	forwardUrl: 'ForwardUrl',
} as const;
type Setting = keyof typeof CLEARABLE;

interface SetUp {
	keyword: string;
	joinMessage: string;
	/** Undefined where the person did not add the option: the setting is left out of the request. */
	enableDoubleOptIn: boolean | undefined;
	confirmMessage: string;
	forwardEmail: string;
	forwardUrl: string;
	contactGroups: string[];
	/** What is to be emptied; undefined for nothing. */
	clear: Setting[] | undefined;
}

interface Kept extends IDataObject {
	/** As the account names them. */
	contactGroups?: string[];
}

interface Answer extends IDataObject {
	settings: IDataObject;
	/** The names of those that are not as they were asked for. */
	otherwise: string[];
}

export const setUp: ActOperation<SetUp, Kept, Answer, string[]> = {
	option: {
		name: 'Set Up',
		value: 'setUp',
		action: 'Set up keyword',
		description: 'Set the auto-reply, forwarding and groups of a rented keyword',
		hint: 'Changes the automatic answer that people get back who text a keyword to join; turns double opt-in on or off.',
	},
	fields: [
		KEYWORD_FIELD,
		textField('Join Message', 'joinMessage', {
			typeOptions: { rows: 3 },
			required: true,
			placeholder: 'e.g. Thank you for joining our list',
			description:
				'The auto-reply to whoever texts the keyword. It is set with every set-up, so repeat the current one to keep it.',
		}),
	],
	options: [
		{
			displayName: 'Clear',
			name: 'clear',
			type: 'multiOptions',
			options: [
				choice('Confirm Message', 'confirmMessage'),
				choice('Contact Groups', 'contactGroups'),
				choice('Forward Email', 'forwardEmail'),
				choice('Forward URL', 'forwardUrl'),
			],
			default: [],
			description:
				'Settings to empty, such as Forward URL to switch the forwarding off. What is left out of this form is not sent.',
		},
		textField('Confirm Message', 'confirmMessage', {
			placeholder: 'e.g. Reply Y to join',
			description: 'What double opt-in asks',
		}),
		groupsField('contactGroups', 'Contact Groups', 'Groups that people join by the keyword'),
		booleanField(
			'Enable Double Opt-In',
			'enableDoubleOptIn',
			'Whether people have to confirm before they join',
		),
		textField('Forward Email', 'forwardEmail', {
			placeholder: 'name@email.com',
			description: 'Where to mail the messages that come in for the keyword',
		}),
		textField('Forward URL', 'forwardUrl', {
			placeholder: 'e.g. https://example.com/incoming',
			description:
				'Where to send the messages that come in for the keyword, such as the URL of a Club Texting Trigger',
		}),
	],
	effect: 'changes',
	warning: 'This changes what everybody gets who texts the keyword from now on.',
	deed: 'changed the keyword',
	dryRunHelp: 'Whether to check everything and show what would be sent, without changing the keyword',

	parameters(read) {
		const given = {
			confirmMessage: read.meant('options.confirmMessage'),
			forwardEmail: read.email('options.forwardEmail'),
			forwardUrl: read.webAddress(
				'options.forwardUrl',
				'Write all of it, like https://example.com/incoming.',
			),
			contactGroups: namesIn(read, 'options.contactGroups'),
		};
		return {
			keyword: keywordIn(read),
			joinMessage: read.required('joinMessage'),
			enableDoubleOptIn: read.isGiven('options.enableDoubleOptIn')
				? read.boolean('options.enableDoubleOptIn')
				: undefined,
			...given,
			clear: clearIn(read, given),
		};
	},

	resolve: async ({ contactGroups }, step) => await groupNames(contactGroups, step, 'Contact Groups'),
	keep: (_parameters, _step, contactGroups) => (contactGroups.length > 0 ? { contactGroups } : {}),
	request: ({ contactGroups = [] }, p) => ({
		request: {
			method: 'POST',
			path: keywordPath(p.keyword),
			form: {
				...(p.enableDoubleOptIn !== undefined && { EnableDoubleOptIn: p.enableDoubleOptIn ? '1' : '0' }),
				...filled({
					ConfirmMessage: p.confirmMessage,
					JoinMessage: p.joinMessage,
					ForwardEmail: p.forwardEmail,
					ForwardUrl: p.forwardUrl,
					ContactGroupIDs: contactGroups,
				}),
				...(p.clear && emptied(p.clear)),
			},
		},
		parse(data) {
			const settings = clearedIn(settingsIn(data, p.keyword), p.clear ?? []);
			return { settings, otherwise: otherwiseIn(settings, foreseenOf({ ...p, contactGroups })) };
		},
	}),
	foresee: ({ contactGroups = [] }, parameters) => foreseenOf({ ...parameters, contactGroups }),
	output(_kept, answer, step) {
		const { settings, otherwise } = answer!;
		if (otherwise.length > 0) {
			step.hint(
				`The provider’s answer does not show these settings of a keyword as they were asked for: ${otherwise.join(', ')}. The items show what it says; look at the keyword in your account.`,
			);
		}
		return settings;
	},
};

type Given = Record<Setting, string | string[]>;

/** A setting that is added and left empty would stay as it is. @throws OperationError `invalid` */
function assertFilledOrCleared(read: ParameterReader, given: Given, cleared: string[]): void {
	const empty = (Object.keys(CLEARABLE) as Setting[]).find(
		(name) => read.isGiven(`options.${name}`) && given[name].length === 0 && !cleared.includes(name),
	);
	if (empty === undefined) return;
	throw invalid(
		read.label(`options.${empty}`),
		'is empty, which would leave the setting as it is',
		`Fill it in, remove it from the form, or pick it in “${read.label('options.clear')}” to empty the setting.`,
	);
}

/** What is to be emptied. @throws OperationError `invalid` for what can't be, or has a value beside it */
function clearIn(read: ParameterReader, given: Given): Setting[] | undefined {
	const path = 'options.clear';
	const names = namesIn(read, path);
	assertFilledOrCleared(read, given, names);
	if (names.length === 0) {
		if (!read.isGiven(path)) return undefined;
		throw invalid(read.label(path), 'is empty', 'Pick what to empty, or remove it from the form.');
	}
	const unknown = names.find((name) => !Object.hasOwn(CLEARABLE, name));
	if (unknown !== undefined) {
		throw invalid(
			read.label(path),
			`can’t empty "${shown(unknown)}"`,
			`It takes ${Object.keys(CLEARABLE).join(', ')}.`,
		);
	}
	const clear = [...new Set(names)] as Setting[];
	const filled = clear.find((name) => given[name].length > 0);
	if (filled === undefined) return clear;
	throw invalid(
		read.label(path),
		`is to empty ${read.label(`options.${filled}`)}, which has a value as well`,
		'Take one of the two out.',
	);
}

/** The settings that are asked for; what is left out of the request stays as it is, which is not known. */
function foreseenOf({ keyword, joinMessage, enableDoubleOptIn, clear = [], ...given }: SetUp): IDataObject {
	const { confirmMessage, forwardEmail, forwardUrl, contactGroups } = given;
	return {
		keyword,
		...(enableDoubleOptIn !== undefined && { doubleOptIn: enableDoubleOptIn }),
		...filled({ confirmMessage, joinMessage, forwardEmail, forwardUrl, contactGroups }),
		...Object.fromEntries(clear.map((name) => [name, name === 'contactGroups' ? [] : null])),
	};
}

/** An empty value for each. Not confirmed with a live account: that it empties the setting, so the reply is looked at. */
function emptied(clear: Setting[]): Record<string, string | string[]> {
	return Object.fromEntries(clear.map((name) => [CLEARABLE[name], name === 'contactGroups' ? [''] : '']));
}

/** @throws UnrecognisedReply where a setting still has a value */
function clearedIn(settings: IDataObject, clear: Setting[]): IDataObject {
	const kept = clear.filter((name) => ((settings[name] ?? '') as string | string[]).length > 0);
	if (kept.length === 0) return settings;
	throw new UnrecognisedReply(`the reply still has a value for ${kept.join(' and ')}`);
}

/** Case, blanks and the order of groups make no difference. */
function otherwiseIn(settings: IDataObject, asked: IDataObject): string[] {
	const plain = (value: unknown) =>
		[value ?? ''].flat().map(String).sort().join().replace(/\s+/g, ' ').trim().toLowerCase();
	return Object.keys(asked).filter((name) => plain(settings[name]) !== plain(asked[name]));
}

/** Names; none where the option is left alone or gives an empty list. */
function namesIn(read: ParameterReader, path: string): string[] {
	if (!Array.isArray(read.value(path))) read.meant(path);
	return read.names(path);
}
