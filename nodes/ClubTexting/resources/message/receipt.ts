import { listIn, needed, numberIn, objectIn, textIn } from '../../../shared/http/response';
import { numbersIn } from '../../phoneNumber';
import type { Delivery } from '../../text';
import { DELIVERIES, type Batch } from './plan';

/**
 * The provider's answer to one request: nothing that the request already says. Numbers that will not get the message stand
 * here by their places in the request, so that nothing that comes from outside can change them.
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
	/** Of the groups that went along, those that get the message, locally and globally opted out, packed. */
	e?: [recipients: string, local: string, global: string];
	/** What the provider says it sent, where that is not what was asked for. */
	o?: Otherwise;
}

/** An empty subject says that there is none. */
export interface Otherwise {
	message?: string;
	subject?: string;
	delivery?: Delivery;
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
	const written: WrittenReceipt = [id, c ?? null, n ?? null, t ?? null];
	if (Object.keys(more).length > 0) written.push(more);
	return written;
}

export function readReceipt([id, c, n, t, more]: WrittenReceipt): Receipt {
	return { id, c: c ?? undefined, n: n ?? undefined, t: t ?? undefined, ...more };
}

/** Ten digits fit into seven characters of base 36. */
const PACKED = 7;

export function packed(numbers: string[]): string {
	return numbers.map((number) => Number(number).toString(36).padStart(PACKED, '0')).join('');
}

export function unpacked(text: string): string[] {
	const numbers: string[] = [];
	for (let at = 0; at < text.length; at += PACKED) {
		numbers.push(String(parseInt(text.slice(at, at + PACKED), 36)));
	}
	return numbers;
}

/**
 * Source: Club Texting, REST API documentation, "Sending SMS Messages", return values.
 *
 * @throws UnrecognisedReply without an ID
 */
export function receiptIn(data: unknown, batch: Pick<Batch, 'numbers' | 'groups' | 'campaign'>): Receipt {
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
	const c = numberIn(entry.Credits);
	const n = numberIn(entry.RecipientsCount);
	const t = textIn(entry.StampToSend);
	const e = batch.groups.length > 0 ? ofGroups(numbers, accepted, local!, global!) : undefined;
	const o = otherwiseIn(entry, batch);
	return {
		id: needed(textIn(entry.ID), 'ID'),
		...(c !== null && { c }),
		...(n !== null && { n }),
		...(t !== null && { t }),
		...(l.length > 0 && { l }),
		...(g.length > 0 && { g }),
		...(m.length > 0 && { m }),
		...(e && { e }),
		...(o && { o }),
	};
}

/** Who is named beside the numbers of the request; undefined where nobody is. */
function ofGroups(numbers: string[], ...lists: Array<Set<string>>): Receipt['e'] {
	const own = new Set(numbers);
	const written = lists.map((list) => packed([...list].filter((number) => !own.has(number))));
	return written.some((list) => list !== '') ? (written as Receipt['e']) : undefined;
}

/** Where the provider says that it sent something else; a blank at an end and the kind of a line break make no difference. */
function otherwiseIn(
	entry: Record<string, unknown>,
	{ campaign }: Pick<Batch, 'campaign'>,
): Otherwise | undefined {
	const isSame = (one: string, other: string) => plain(one) === plain(other);
	const message = textIn(entry.Message);
	const subject = 'Subject' in entry ? (textIn(entry.Subject) ?? '') : campaign.subject;
	const delivery = DELIVERIES.get(textIn(entry.MessageTypeID) ?? '') ?? campaign.delivery;
	const other: Otherwise = {
		...(message !== null && !isSame(message, campaign.message) && { message }),
		...(!isSame(subject, campaign.subject) && { subject }),
		...(delivery !== campaign.delivery && { delivery }),
	};
	return Object.keys(other).length > 0 ? other : undefined;
}

function plain(text: string): string {
	return text.replace(/\r\n?/g, '\n').trim();
}
