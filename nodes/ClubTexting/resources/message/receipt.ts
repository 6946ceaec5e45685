import { listIn, needed, numberIn, objectIn, textIn } from '../../../shared/reply';

/**
 * The provider's answer to one request, as the journal keeps it: short names, and nothing that the request already
 * says. Of its numbers only those are listed that will not get the message.
 */
export interface Receipt {
	id: string;
	/** Credits charged. */
	c?: number;
	/** Recipients counted; includes globally opted-out numbers. */
	n?: number;
	/** When it will be sent, in the provider's own words. */
	t?: string;
	/** Locally opted out. */
	l?: string[];
	/** Globally opted out. */
	g?: string[];
	/** Neither accepted nor opted out. */
	m?: string[];
}

/**
 * @param numbers those of the request
 * @throws UnrecognisedReply without an ID
 */
export function receiptIn(data: unknown, numbers: string[]): Receipt {
	const entry = objectIn(data);
	const ours = (list: string[] | null) => (list ?? []).filter((number) => numbers.includes(number));
	const l = ours(listIn(entry.LocalOptOuts));
	const g = ours(listIn(entry.GlobalOptOuts));
	const accepted = listIn(entry.PhoneNumbers);
	const m = accepted
		? numbers.filter((number) => !accepted.includes(number) && !l.includes(number) && !g.includes(number))
		: [];
	const c = numberIn(entry.Credits);
	const n = numberIn(entry.RecipientsCount);
	const t = textIn(entry.StampToSend);
	return {
		id: needed(textIn(entry.ID), 'ID'),
		...(c !== null && { c }),
		...(n !== null && { n }),
		...(t !== null && { t }),
		...(l.length > 0 && { l }),
		...(g.length > 0 && { g }),
		...(m.length > 0 && { m }),
	};
}
