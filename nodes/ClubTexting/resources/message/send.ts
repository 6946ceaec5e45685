import { invalid } from '../../../shared/errors';
import { perSecond } from '../../../shared/http/rateLimiter';
import { choice, choiceField, numberField, textField } from '../../../shared/operation/fields';
import type { SharingOperation } from '../../../shared/operation/types';
import { nameOf } from '../../../shared/provider';
import { countedLength } from '../../characters';
import { groupsField } from '../../group';
import { clubTexting } from '../../provider';
import { assertNotEmpty, campaignIn, recipientsIn, sending } from '../../../shared/sms/campaign';
import type { Campaign } from '../../../shared/sms/plan';
import { sendBatches } from '../../../shared/sms/sendBatches';
import { CLUB_TEXTING_WIRE } from './wire';
import { assertFits, LONGEST_SUBJECT, supported } from '../../text';

const common = sending(
	'Up to 160 characters in the United States, 136 in Canada, 130 with standard delivery, subject included. A line break counts as two. Letters without accents, digits and the usual punctuation; no emoji.',
	'text, subject, time and delivery',
	groupsField,
);

export const send: SharingOperation<Campaign & { requestsPerSecond: number }> = {
	option: {
		name: 'Send',
		value: 'send',
		action: 'Send message',
		description: 'Text a message to one or many phone numbers. It can’t be taken back.',
		hint: 'Sends a text or bulk SMS to customers, clients, subscribers, members, leads, patients, people, everyone on the list or in a group, now, by day or on a schedule, to let them know, notify, tell, ask, invite, wish or remind: news, promos, coupons, discounts, reviews, alerts, verification codes, campaigns, orders, appointments, birthdays; something new, due, open, closed or ready.',
	},
	...common,
	options: [
		...common.options,
		choiceField('Delivery', 'delivery', 'express', {
			options: [
				choice('Express', 'express', 'By short code; up to 160 characters, 136 in Canada'),
				choice('Standard', 'standard', 'By the carriers’ mail gateways; up to 130 characters'),
			],
		}),
		numberField('Requests per Second', 'requestsPerSecond', 2, {
			typeOptions: { minValue: 0.1, numberPrecision: 1 },
			description:
				'How fast requests may leave. Club Texting allows 2, and may block an account that is faster.',
		}),
		textField('Subject', 'subject', {
			placeholder: 'e.g. From Winnie',
			description: 'Shown before the message; up to 13 characters',
		}),
		choiceField('Unsupported Characters', 'unsupportedCharacters', 'reject', {
			options: [
				choice('Reject', 'reject', 'The item fails and its characters are shown'),
				choice('Remove', 'remove', 'They are left out, whatever they meant: 10² becomes 10'),
				choice(
					'Replace',
					'replace',
					'By the nearest that means the same: straight quotes, plain dashes, letters without accents. Emoji are left out; where nothing means the same, as for ≤ and ², the item fails.',
				),
			],
			description: 'What to do with characters that Club Texting does not send, such as curly quotes',
		}),
	],

	parameters(read) {
		const recipients = recipientsIn(read);
		const treatment = read.choice('options.unsupportedCharacters', ['reject', 'replace', 'remove']);
		const supportedIn = (text: string, path: string) =>
			supported(text, read.label(path), treatment, nameOf(clubTexting, read.credential));
		const message = supportedIn(read.verbatim('message'), 'message');
		const subject = supportedIn(read.text('options.subject'), 'options.subject');
		assertNotEmpty(message, read);
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
		const extras = { ...(subject !== '' && { s: subject }), ...(delivery === 'standard' && { d: delivery }) };
		return {
			...campaignIn(read, recipients, message, extras),
			requestsPerSecond: read.number('options.requestsPerSecond', {
				min: 0.1,
				decimals: 3,
				unit: 'requests',
			}),
		};
	},

	pace: (parameters) =>
		perSecond(parameters.reduce((least, given) => Math.min(least, given.requestsPerSecond), Infinity)),
	sendAll: async (live, done, run) => await sendBatches(CLUB_TEXTING_WIRE, live, done, run),
};
