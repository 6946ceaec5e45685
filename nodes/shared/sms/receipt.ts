import type { IDataObject } from 'n8n-workflow';

/** What the journal keeps of a request beside its receipt, so that a later try shows what was sent; extras beside it. */
export interface Sent extends IDataObject {
	m: string;
	/** Unix seconds. */
	t?: number;
	/** What was wanted where the sending window has moved it; 0 is at once. */
	w?: number;
	/** Fingerprint of the groups that it goes to, too. */
	f?: string;
}

/**
 * The provider's answer to one request: nothing that the request already says. Numbers that will not get the message stand
 * here by their places in the request, so that nothing that comes from outside can change them.
 */
export interface Receipt {
	id: string;
	/** Credits charged. */
	c: number | null;
	/** Recipients counted; includes globally opted-out numbers. */
	n: number | null;
	/** When it will be sent, in the provider's own words. */
	t: string | null;
	/** Locally opted out. */
	l?: number[];
	/** Globally opted out. */
	g?: number[];
	/** Neither accepted nor opted out. */
	m?: number[];
	/** Of the groups that went along, those that get the message, locally and globally opted out, packed. */
	e?: [recipients: string, local: string, global: string];
	/** What the provider says it sent, where that is not what was asked for. */
	o?: IDataObject;
}

/** A receipt as the journal keeps it; a list takes the least room. */
export type WrittenReceipt = [
	id: string,
	c: number | null,
	n: number | null,
	t: string | null,
	more?: Pick<Receipt, 'l' | 'g' | 'm' | 'e' | 'o'>,
];

export function writtenReceipt({ id, c, n, t, ...more }: Receipt): WrittenReceipt {
	const written: WrittenReceipt = [id, c, n, t];
	if (Object.keys(more).length > 0) written.push(more);
	return written;
}

export function readReceipt([id, c, n, t, more]: WrittenReceipt): Receipt {
	return { id, c, n, t, ...more };
}

/** Ten digits fit into seven characters of base 36. */
const PACKED = 7;

export function packed(numbers: string[]): string {
	return numbers.map((number) => Number(number).toString(36).padStart(PACKED, '0')).join('');
}

export function unpacked(text: string): string[] {
	const each = text.match(new RegExp(`.{${PACKED}}`, 'g')) ?? [];
	return each.map((number) => String(parseInt(number, 36)));
}
