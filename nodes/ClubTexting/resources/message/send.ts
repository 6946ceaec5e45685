import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { invalid } from '../../../shared/errors';
import type { SharingOperation } from '../../../shared/operation/types';
import { nameOf } from '../../../shared/provider';
import { countedLength } from '../../characters';
import { groupsField } from '../../group';
import { phoneNumbersOf } from '../../phoneNumber';
import { clubTexting } from '../../provider';
import type { Campaign } from './plan';
import { sendBatches } from './sendBatches';
import { SENDING_WINDOW, sendingWindowIn } from './sendingWindow';
import { assertFits, LONGEST_SUBJECT, supported } from '../../text';

const PHONE_NUMBERS: INodeProperties = {
	displayName: 'Phone Numbers',
	name: 'phoneNumbers',
	type: 'string',
	default: '',
	placeholder: 'e.g. (212) 345-6785, +1 212 345 6786',
	description:
		'Numbers of the United States or Canada with commas, semicolons or new lines between them, or a list from an expression. Needed unless the option “Groups” is used.',
};

/** Whether the option “Groups” is used. */
const WITH_GROUPS: IDisplayOptions['show'] = { '/options.groups': [{ _cnd: { exists: true } }] };

/** In ms, with a leap day. */
const YEAR = 366 * 86_400_000;

export const send: SharingOperation<Campaign & { requestsPerSecond: number }> = {
	option: {
		name: 'Send',
		value: 'send',
		action: 'Send message',
		description: 'Text a message to one or many phone numbers. It can’t be taken back.',
		builderHint: {
			propertyHint:
				'Text customers, subscribers or staff that something is new, due, closed or ready: SMS news, reminders, alerts and campaigns.',
		},
	},
	fields: [
		{ ...PHONE_NUMBERS, required: true, displayOptions: { hide: WITH_GROUPS } },
		{ ...PHONE_NUMBERS, displayOptions: { show: WITH_GROUPS } },
		{
			displayName: 'Message',
			name: 'message',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. Your order is ready for pick-up.',
			description:
				'Up to 160 characters in the United States, 136 in Canada, 130 with standard delivery, subject included. A line break counts as two. Letters without accents, digits and the usual punctuation; no emoji.',
		},
	],
	options: [
		{
			displayName: 'Combine Items',
			name: 'combineItems',
			type: 'boolean',
			default: true,
			description:
				'Whether items with the same text, subject, time and delivery share requests. A number that stands in several of them gets the message once.',
		},
		{
			displayName: 'Delivery',
			name: 'delivery',
			type: 'options',
			options: [
				{
					name: 'Express',
					value: 'express',
					description: 'By short code; up to 160 characters, 136 in Canada',
				},
				{
					name: 'Standard',
					value: 'standard',
					description: 'By the carriers’ mail gateways; up to 130 characters',
				},
			],
			default: 'express',
		},
		groupsField('groups', 'Groups', 'Contact groups that get the message as well'),
		{
			displayName: 'Recipients per Request',
			name: 'recipientsPerRequest',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 1000 },
			default: 40,
			description: 'How many phone numbers may share one request',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			typeOptions: { minValue: 0.1, numberPrecision: 1 },
			default: 2,
			description: 'How fast requests may leave. Club Texting allows 2 and may block who is faster.',
		},
		{
			displayName: 'Scheduled For',
			name: 'scheduledFor',
			type: 'dateTime',
			default: '',
			description:
				'When to send; at once if empty. A time without a zone is in the time zone of the workflow.',
		},
		SENDING_WINDOW,
		{
			displayName: 'Subject',
			name: 'subject',
			type: 'string',
			default: '',
			placeholder: 'e.g. From Winnie',
			description: 'Shown before the message; up to 13 characters',
		},
		{
			displayName: 'Unsupported Characters',
			name: 'unsupportedCharacters',
			type: 'options',
			options: [
				{ name: 'Reject', value: 'reject', description: 'The item fails and its characters are shown' },
				{
					name: 'Remove',
					value: 'remove',
					description: 'They are left out, whatever they meant: 10² becomes 10',
				},
				{
					name: 'Replace',
					value: 'replace',
					description:
						'By the nearest that means the same: straight quotes, plain dashes, letters without accents. Emoji are left out; where nothing means the same, as for ≤ and ², the item fails.',
				},
			],
			default: 'reject',
			description: 'What to do with characters that Club Texting does not send, such as curly quotes',
		},
	],
	effect: 'sends',
	warning: 'This texts people, uses up credits, and can’t be taken back.',
	deed: 'sent this text',
	dryRunHelp: 'Whether to check numbers and texts and show what would be sent, without texting anybody',

	parameters(read) {
		const numbers = phoneNumbersOf(read.value('phoneNumbers'), read.label('phoneNumbers'));
		const groups = read.names('options.groups');
		if (numbers.length === 0 && groups.length === 0) {
			throw invalid(
				read.label('phoneNumbers'),
				'is empty',
				'Fill it in, or look at the expression in this field.',
			);
		}
		const treatment = read.choice('options.unsupportedCharacters', ['reject', 'replace', 'remove']);
		const supportedIn = (text: string, path: string) =>
			supported(text, read.label(path), treatment, nameOf(clubTexting, read.credential));
		const message = supportedIn(read.verbatim('message'), 'message');
		const subject = supportedIn(read.text('options.subject'), 'options.subject');
		if (message.trim() === '') {
			throw invalid(
				read.label('message'),
				'is empty',
				'Fill it in, or look at the expression in this field.',
			);
		}
		const subjectLength = countedLength(subject);
		if (subjectLength > LONGEST_SUBJECT) {
			throw invalid(
				read.label('options.subject'),
				`has ${subjectLength} characters; ${LONGEST_SUBJECT} are allowed`,
				'Shorten it, or write it at the beginning of the message.',
			);
		}
		const delivery = read.choice('options.delivery', ['express', 'standard']);
		assertFits(message, subject, delivery, String(read.credential.country ?? 'us'));
		const time = read.time('options.scheduledFor');
		if (time !== undefined && time > Date.now() + YEAR) {
			throw invalid(
				read.label('options.scheduledFor'),
				`is more than a year ahead: ${new Date(time).toISOString()}`,
				'Check the year, or the unit of a timestamp: ten digits for seconds, thirteen for milliseconds.',
			);
		}
		const window = sendingWindowIn(read);
		if (window && window.zone === undefined && groups.length > 0) {
			throw invalid(
				read.label('options.groups'),
				'has no area code to tell the time by',
				'Set the “Time Zone” of the sending window to “workflow” or to the name of a zone.',
			);
		}
		const wanted = time === undefined ? undefined : Math.floor(time / 1000);
		return {
			numbers,
			groups,
			message,
			subject,
			delivery,
			wanted,
			stampToSend: wanted,
			window,
			combineItems: read.boolean('options.combineItems'),
			recipientsPerRequest: read.number('options.recipientsPerRequest', {
				min: 1,
				decimals: 0,
				unit: 'number',
			}),
			requestsPerSecond: read.number('options.requestsPerSecond', {
				min: 0.1,
				decimals: 3,
				unit: 'requests',
			}),
		};
	},

	requestsPerSecond: (parameters) =>
		parameters.reduce((least, given) => Math.min(least, given.requestsPerSecond), Infinity),
	sendAll: sendBatches,
};
