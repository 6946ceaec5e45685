import { choice, choiceField, numberField, textField } from '../../../shared/operation/fields';
import type { ParameterReader, SharingOperation } from '../../../shared/operation/types';
import { assertNotEmpty, campaignIn, recipientsIn, sending } from '../../../shared/sms/campaign';
import { phoneNumberOf } from '../../../shared/sms/phoneNumber';
import type { Campaign } from '../../../shared/sms/plan';
import { sendBatches } from '../../../shared/sms/sendBatches';
import { filled } from '../../../shared/values/filled';
import { groupsField } from '../../group';
import { perMinute } from '../../provider';
import { wireNumber } from '../../values';
import { EZ_TEXTING_WIRE } from './wire';

const common = sending(
	'The text. More than 160 characters, emoji and letters with accents may cost several credits, or be refused: EZ Texting decides.',
	'text, time and options',
	groupsField,
);

/**
 * Not confirmed with a live account: how long a text may be and what becomes of a longer one, how many numbers a request
 * may have, and what is said of a number that is none. Each answer is an ID and nothing else.
 */
export const send: SharingOperation<Campaign & { requestsPerMinute: number }> = {
	option: {
		name: 'Send',
		value: 'send',
		action: 'Send message',
		description:
			'Text a message to one or many phone numbers. It can’t be taken back. What comes out was accepted, not delivered: “Get Report” tells.',
		hint: 'With EZ Texting, text customers, subscribers, leads, staff or everyone in a group, now or on a schedule, to let them know, notify, tell, confirm or remind: SMS news, promotions, alerts, codes, campaigns, orders, appointments; something new, due, open, closed or ready. Sends an MMS with a picture, photo or image, too.',
	},
	...common,
	options: [
		...common.options,
		textField('Company Name', 'companyName', {
			placeholder: 'e.g. Winnie’s Honey',
			description: 'Stands before the text, and counts as text',
		}),
		textField('From Number', 'fromNumber', {
			placeholder: 'e.g. (212) 345-6785',
			description: 'Which of your numbers or short codes sends, where the account has several',
		}),
		choiceField('Invalid Numbers', 'invalidNumbers', 'reject', {
			options: [
				choice('Drop', 'drop', 'EZ Texting leaves them out and sends the rest, without saying which'),
				choice('Reject', 'reject', 'The item with such a number fails, and nothing of it is sent'),
			],
			description: 'What to do with numbers that EZ Texting says are not valid',
		}),
		textField('Media URL', 'mediaUrl', {
			placeholder: 'e.g. https://example.com/honey.jpg',
			description:
				'Public address of a picture, a video or a sound of up to 5 MB. It makes the text an MMS, which costs more.',
		}),
		numberField('Requests per Minute', 'requestsPerMinute', 180, {
			typeOptions: { minValue: 1, numberPrecision: 0 },
			description:
				'How fast requests may leave, all runs with the same account together. EZ Texting allows 200 a minute unless it was agreed otherwise.',
		}),
	],

	parameters(read) {
		const recipients = recipientsIn(read);
		const message = assertNotEmpty(read.verbatim('message'), read);
		const asked = askedIn(read);
		const drops = read.choice('options.invalidNumbers', ['reject', 'drop']) === 'drop';
		const extras = { ...(Object.keys(asked).length > 0 && { r: asked }), ...(drops && { d: true }) };
		return {
			...campaignIn(read, recipients, message, extras),
			requestsPerMinute: read.number('options.requestsPerMinute', { min: 1, decimals: 0, unit: 'requests' }),
		};
	},
	pace: (parameters) =>
		perMinute(parameters.reduce((least, given) => Math.min(least, given.requestsPerMinute), Infinity)),
	sendAll: async (live, done, run) => await sendBatches(EZ_TEXTING_WIRE, live, done, run),
};

/** What stands in the request as it is. */
function askedIn(read: ParameterReader) {
	const companyName = read.meant('options.companyName');
	const fromNumber = senderIn(read);
	const mediaUrl = read.webAddress('options.mediaUrl', 'Write a public address that begins with https://.');
	return filled({ companyName, fromNumber, messageType: mediaUrl && 'MMS', mediaUrl });
}

/** A number of the account, which may be a short code; empty where none is given. @throws OperationError `invalid` */
function senderIn(read: ParameterReader): string {
	const path = 'options.fromNumber';
	const written = read.meant(path);
	if (written === '' || /^\d{5,6}$/.test(written)) return written;
	return wireNumber(phoneNumberOf(written, read.label(path)));
}
