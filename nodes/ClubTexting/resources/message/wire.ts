import type { Answered, SmsWire } from '../../../shared/sms/wire';
import { deliveryOf, MESSAGE_TYPES, receiptIn } from './receipt';

/** How Club Texting is asked to send; its extras are a subject `s`, and `d` where delivery is standard. */
export const CLUB_TEXTING_WIRE: SmsWire = {
	/** What is empty is left out: an empty `Groups[]` would text everybody who is in no group. */
	request({ numbers, groups, campaign: { message, extras, stampToSend } }) {
		return {
			method: 'POST',
			path: '/sending/messages',
			form: {
				...(numbers.length > 0 && { PhoneNumbers: numbers }),
				...(groups.length > 0 && { Groups: groups }),
				...(extras.s !== undefined && { Subject: String(extras.s) }),
				Message: message,
				...(stampToSend !== undefined && { StampToSend: String(stampToSend) }),
				MessageTypeID: MESSAGE_TYPES[deliveryOf({ extras })],
			},
		};
	},
	receiptIn,
	itemOf({ sent, receipts, common, ...numbers }: Answered) {
		const { messageId, message, scheduledFor, ...counts } = common;
		return {
			messageId,
			...numbers,
			subject: (receipts[0]?.o?.subject ?? sent.s) || null,
			message,
			delivery: receipts[0]?.o?.delivery ?? sent.d ?? 'express',
			scheduledFor,
			sendTime: receipts[0]?.t ?? null,
			credits: sumOf(receipts.map(({ c }) => c)),
			recipientsCount: sumOf(receipts.map(({ n }) => n)),
			...counts,
		};
	},
	foresee: ({ recipients, sent, common: { message, scheduledFor, ...counts } }) => ({
		recipients,
		subject: sent.s || null,
		message,
		delivery: sent.d ?? 'express',
		scheduledFor,
		...counts,
	}),
	/** Source: Club Texting, "Sending SMS Messages", errors. */
	isAboutNumbers: ({ message }) => /\bPhoneNumbers?:/i.test(message),
};

function sumOf(values: Array<number | undefined>): number | null {
	const known = values.filter((value) => value !== undefined);
	return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
