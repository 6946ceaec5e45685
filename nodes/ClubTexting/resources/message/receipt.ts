import { listIn, needed, numberIn, objectIn, textIn } from '../../../shared/http/response';
import { numbersIn } from '../../phoneNumber';

/**
 * The provider's answer to one request: nothing that the request already says. Numbers that will not get the message stand here by their places in the request, so that nothing that comes
 * from outside can change them.
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
	l?: number[];
	/** Globally opted out. */
	g?: number[];
	/** Neither accepted nor opted out. */
	m?: number[];
}

/** A receipt as the journal keeps it; a list takes the least room. */
export type WrittenReceipt = [
	id: string,
	c: number | null,
	n: number | null,
	t: string | null,
	places?: Pick<Receipt, 'l' | 'g' | 'm'>,
];

export function writtenReceipt({ id, c, n, t, ...places }: Receipt): WrittenReceipt {
	const written: WrittenReceipt = [id, c ?? null, n ?? null, t ?? null];
	if (Object.keys(places).length > 0) written.push(places);
	return written;
}

export function readReceipt([id, c, n, t, places]: WrittenReceipt): Receipt {
	return { id, c: c ?? undefined, n: n ?? undefined, t: t ?? undefined, ...places };
}

/**
 * @param numbers those of the request
 * @throws UnrecognisedReply without an ID
 */
export function receiptIn(data: unknown, numbers: string[]): Receipt {
	const entry = objectIn(data);
	const listed = (list: unknown) => new Set(numbersIn(list));
	const placesOf = (named: Set<string>) =>
		numbers.flatMap((number, place) => (named.has(number) ? [place] : []));
	const local = listed(entry.LocalOptOuts);
	const global = listed(entry.GlobalOptOuts);
	// Without a list, nothing is known to be missing from it.
	const accepted = listIn(entry.PhoneNumbers) === null ? new Set(numbers) : listed(entry.PhoneNumbers);
	const [l, g] = [placesOf(local), placesOf(global)];
	const m = numbers.flatMap((number, place) =>
		[accepted, local, global].some((named) => named.has(number)) ? [] : [place],
	);
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
