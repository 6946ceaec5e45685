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
	const optedOut = (list: unknown) => {
		const listed = new Set(numbersIn(list));
		return numbers.filter((number) => listed.has(number));
	};
	const l = optedOut(entry.LocalOptOuts);
	const g = optedOut(entry.GlobalOptOuts);
	const named = new Set([...numbersIn(entry.PhoneNumbers), ...l, ...g]);
	// Without a list, nothing is known to be missing from it.
	const m = listIn(entry.PhoneNumbers) === null ? [] : numbers.filter((number) => !named.has(number));
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

/**
 * The ten-digit numbers in part of a reply, whatever contains them (a list, a list of objects, an object with them as keys,
 * one text) and however they are written: 12125550101, (212) 555-0101.
 */
function numbersIn(value: unknown): string[] {
	if (typeof value === 'object' && value !== null) return Object.entries(value).flat().flatMap(numbersIn);
	const text = textIn(value) ?? '';
	return [...text.matchAll(/(?<!\d)(?:1\W*)?(\d{3})\W{0,2}(\d{3})\W{0,2}(\d{4})(?!\d)/g)].map((match) =>
		match.slice(1).join(''),
	);
}
