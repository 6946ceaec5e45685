import type { IDataObject } from 'n8n-workflow';
import { listIn, needed, numberIn, objectIn, textIn } from '../../../shared/http/response';
import { numbersIn } from '../../../shared/sms/phoneNumber';
import type { Campaign } from '../../../shared/sms/plan';
import { packed, type Receipt } from '../../../shared/sms/receipt';
import type { RequestedBatch } from '../../../shared/sms/wire';
import type { Delivery } from '../../text';

/** MessageTypeID. Source: Club Texting, REST API documentation, "Sending SMS Messages". */
export const MESSAGE_TYPES: Record<Delivery, string> = { express: '1', standard: '2' };

/** By MessageTypeID. */
const DELIVERIES = new Map(
	Object.entries(MESSAGE_TYPES).map(([delivery, type]) => [type, delivery as Delivery]),
);

export function deliveryOf({ extras }: Pick<Campaign, 'extras'>): Delivery {
	return extras.d === 'standard' ? 'standard' : 'express';
}

/**
 * Source: Club Texting, REST API documentation, "Sending SMS Messages", return values.
 *
 * @throws UnrecognisedReply without an ID
 */
export function receiptIn(data: unknown, batch: RequestedBatch): Receipt {
	const entry = objectIn(data);
	const { numbers } = batch;
	const [local, global] = [entry.LocalOptOuts, entry.GlobalOptOuts].map((list) => new Set(numbersIn(list)));
	// Without a list, nothing is known to be missing from it.
	const isListed = listIn(entry.PhoneNumbers) !== null;
	const accepted = new Set(isListed ? numbersIn(entry.PhoneNumbers) : numbers);
	const placesOf = (isMeant: (number: string) => boolean) =>
		numbers.flatMap((number, place) => (isMeant(number) ? [place] : []));
	const l = placesOf((number) => local!.has(number));
	const g = placesOf((number) => global!.has(number));
	const m = placesOf((number) => [accepted, local!, global!].every((named) => !named.has(number)));
	const e = batch.groups.length > 0 ? ofGroups(numbers, accepted, local!, global!) : undefined;
	const o = otherwiseIn(entry, batch);
	return {
		id: needed(textIn(entry.ID), 'ID'),
		c: numberIn(entry.Credits),
		n: numberIn(entry.RecipientsCount),
		t: textIn(entry.StampToSend),
		...(l.length > 0 && { l }),
		...(g.length > 0 && { g }),
		...(m.length > 0 && { m }),
		...(e && { e }),
		...(o && { o }),
	};
}

/** Who is named beside the numbers of the request, those who have opted out in no other list; undefined where nobody is. */
function ofGroups(numbers: string[], accepted: Set<string>, ...optedOut: Array<Set<string>>): Receipt['e'] {
	const own = new Set(numbers);
	const reached = [...accepted].filter((number) => !optedOut.some((list) => list.has(number)));
	const written = [reached, ...optedOut].map((list) =>
		packed([...list].filter((number) => !own.has(number))),
	);
	return written.some((list) => list !== '') ? (written as Receipt['e']) : undefined;
}

/** Where the provider says that it sent something else; a blank at an end and the kind of a line break make no difference. */
function otherwiseIn(entry: Record<string, unknown>, { campaign }: RequestedBatch) {
	const isSame = (one: string, other: string) => plain(one) === plain(other);
	const asked = { subject: textIn(campaign.extras.s) ?? '', delivery: deliveryOf(campaign) };
	const message = textIn(entry.Message);
	const subject = 'Subject' in entry ? (textIn(entry.Subject) ?? '') : asked.subject;
	const delivery = DELIVERIES.get(textIn(entry.MessageTypeID) ?? '') ?? asked.delivery;
	const other: IDataObject = {
		...(message !== null && !isSame(message, campaign.message) && { message }),
		...(!isSame(subject, asked.subject) && { subject }),
		...(delivery !== asked.delivery && { delivery }),
	};
	return Object.keys(other).length > 0 ? other : undefined;
}

function plain(text: string): string {
	return text.replace(/\r\n?/g, '\n').trim();
}
