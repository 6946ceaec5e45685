import type { IDataObject } from 'n8n-workflow';
import { invalid } from '../../../shared/errors';
import type { ActOperation, ParameterReader } from '../../../shared/operation/types';
import { shown } from '../../../shared/values/text';
import { groupsField } from '../../group';
import { KEYWORD_FIELD, keywordIn, keywordPath, settingsIn } from '../../keyword';

interface SetUp {
	keyword: string;
	joinMessage: string;
	/** Undefined where the person did not add the option: the setting is left out of the request. */
	enableDoubleOptIn: boolean | undefined;
	confirmMessage: string;
	forwardEmail: string;
	forwardUrl: string;
	contactGroups: string[];
}

export const setUp: ActOperation<SetUp, undefined, IDataObject, IDataObject> = {
	option: {
		name: 'Set Up',
		value: 'setUp',
		action: 'Set up keyword',
		description: 'Set the auto-reply, forwarding and groups of a rented keyword',
	},
	fields: [
		KEYWORD_FIELD,
		{
			displayName: 'Join Message',
			name: 'joinMessage',
			type: 'string',
			typeOptions: { rows: 3 },
			default: '',
			required: true,
			placeholder: 'e.g. Thank you for joining our list',
			description:
				'The auto-reply to whoever texts the keyword. It is set with every set-up, so repeat the current one to keep it.',
		},
	],
	options: [
		{
			displayName: 'Confirm Message',
			name: 'confirmMessage',
			type: 'string',
			default: '',
			placeholder: 'e.g. Reply Y to join',
			description: 'What double opt-in asks',
		},
		groupsField('contactGroups', 'Contact Groups', 'Groups that people join by the keyword'),
		{
			displayName: 'Enable Double Opt-In',
			name: 'enableDoubleOptIn',
			type: 'boolean',
			default: false,
			description: 'Whether people have to confirm before they join',
		},
		{
			displayName: 'Forward Email',
			name: 'forwardEmail',
			type: 'string',
			default: '',
			placeholder: 'name@email.com',
			description: 'Where to mail the messages that come in for the keyword',
		},
		{
			displayName: 'Forward URL',
			name: 'forwardUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/incoming',
			description:
				'Where to send the messages that come in for the keyword, such as the URL of a Club Texting Trigger',
		},
	],
	effect: 'changes',
	warning: 'This changes what everybody gets who texts the keyword from now on.',
	deed: 'changed the keyword',
	dryRunHelp: 'Whether to check everything and show what would be sent, without changing the keyword',

	parameters: (read) => ({
		keyword: keywordIn(read),
		joinMessage: read.required('joinMessage'),
		enableDoubleOptIn: read.isGiven('options.enableDoubleOptIn')
			? read.boolean('options.enableDoubleOptIn')
			: undefined,
		confirmMessage: read.meant('options.confirmMessage'),
		forwardEmail: read.email('options.forwardEmail'),
		forwardUrl: urlIn(read, 'options.forwardUrl'),
		contactGroups: groupsIn(read, 'options.contactGroups'),
	}),

	request: (_found, p) => ({
		request: {
			method: 'POST',
			path: keywordPath(p.keyword),
			form: {
				...(p.enableDoubleOptIn !== undefined && { EnableDoubleOptIn: p.enableDoubleOptIn ? '1' : '0' }),
				...(p.confirmMessage !== '' && { ConfirmMessage: p.confirmMessage }),
				JoinMessage: p.joinMessage,
				...(p.forwardEmail !== '' && { ForwardEmail: p.forwardEmail }),
				...(p.forwardUrl !== '' && { ForwardUrl: p.forwardUrl }),
				...(p.contactGroups.length > 0 && { ContactGroupIDs: p.contactGroups }),
			},
		},
		parse: settingsIn,
	}),
	output: (_found, settings) => settings!,
};

function urlIn(read: ParameterReader, path: string): string {
	const url = read.meant(path);
	if (url === '' || (/^https?:\/\/[^\s/]+/i.test(url) && URL.canParse(url))) return url;
	throw invalid(
		read.label(path),
		`is not a complete web address: "${shown(url)}"`,
		'Write all of it, like https://example.com/incoming.',
	);
}

/** Names of groups; none where the option is left alone or gives an empty list. */
function groupsIn(read: ParameterReader, path: string): string[] {
	if (!Array.isArray(read.value(path))) read.meant(path);
	return read.names(path);
}
