import type { Answered, SmsWire } from '../../../shared/sms/wire';
import { filled } from '../../../shared/values/filled';
import { groupNames } from '../../group';
import { deliveryOf, MESSAGE_TYPES, receiptIn } from './receipt';

/** How Club Texting is asked to send; its extras are a subject `s`, and `d` where delivery is standard. */
export const CLUB_TEXTING_WIRE: SmsWire = {
	resolve: async (campaign, asking) => ({
		...campaign,
		groups: await groupNames(campaign.groups, asking, 'Groups'),
	}),
	/** What is empty is left out: an empty `Groups[]` would text everybody who is in no group. */
	request({ numbers, groups, campaign: { message, extras, stampToSend } }) {
		return {
			method: 'POST',
			path: '/sending/messages',
			form: filled({
				PhoneNumbers: numbers,
				Groups: groups,
				Subject: String(extras.s ?? ''),
				Message: message,
				StampToSend: String(stampToSend ?? ''),
				MessageTypeID: MESSAGE_TYPES[deliveryOf({ extras })],
			}),
		};
	},
	receiptIn,
	itemOf({ sent, receipts, common, recipients, ...without }: Answered) {
		const { messageId, scheduledFor, message, ...counts } = common;
		return {
			messageId,
			recipients,
			recipientsCount: sumOf(receipts.map(({ n }) => n)),
			credits: sumOf(receipts.map(({ c }) => c)),
			scheduledFor,
			sendTime: receipts[0]?.t ?? null,
			message,
			subject: (receipts[0]?.o?.subject ?? sent.s) || null,
			delivery: receipts[0]?.o?.delivery ?? sent.d ?? 'express',
			...counts,
			...without,
		};
	},
	foresee: ({ recipients, sent, common: { scheduledFor, message, ...counts } }) => ({
		recipients,
		scheduledFor,
		message,
		subject: sent.s || null,
		delivery: sent.d ?? 'express',
		...counts,
	}),
	/** Source: Club Texting, "Sending SMS Messages", errors. */
	isAboutNumbers: ({ message }) => /\bPhoneNumbers?:/i.test(message),
};

function sumOf(values: Array<number | null>): number | null {
	const known = values.filter((value) => value !== null);
	return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
