import { createHash, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { phoneNumberOf } from './phoneNumber';

/** Which of Club Texting's two callbacks brought a message. */
export type Kind = 'keyword' | 'reply';

/** A text message that somebody sent to the short code. */
export interface Incoming {
	/** Ten digits; the digits as they came where they are no North American number. */
	phoneNumber: string;
	message: string;
	kind: Kind;
}

/**
 * The message in a callback's query or form, told by its names: `PhoneNumber` and `Message` for a keyword, `from` and
 * `message` for a reply. Undefined when the callback is neither. Source: Club Texting, Incoming Message API.
 */
export function incomingIn(callback: IDataObject): Incoming | undefined {
	const keywordNumber = firstText(callback.PhoneNumber);
	const number = keywordNumber ?? firstText(callback.from);
	if (number === undefined) return undefined;
	return {
		phoneNumber: tenDigits(number),
		message: firstText(callback.Message) ?? firstText(callback.message) ?? '',
		kind: keywordNumber === undefined ? 'reply' : 'keyword',
	};
}

function firstText(value: unknown): string | undefined {
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' ? first : undefined;
}

function tenDigits(number: string): string {
	try {
		return phoneNumberOf(number, 'from');
	} catch {
		return number.replace(/\D/g, '');
	}
}

/** Compares a token in constant time, whatever its length. */
export function isToken(given: unknown, expected: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(firstText(given) ?? ''), digest(expected));
}

/** How long the second callback of one message is waited for, in ms. */
const TOGETHER = 60_000;

/** When each kind of callback brought a message that the other has not brought yet, by a hash of number and text. */
export interface Arrivals {
	[message: string]: { kind: Kind; at: number[] };
}

/**
 * Whether a message is the second callback of one that has arrived before. Club Texting may call both URLs for one
 * text message; a person who sends the same text twice makes two callbacks of the same kind, and is heard twice.
 *
 * @param arrivals kept between calls; brought up to date here
 * @param now in ms
 */
export function isSecondCallback(
	arrivals: Arrivals,
	{ phoneNumber, message, kind }: Incoming,
	now: number,
): boolean {
	for (const [key, { at }] of Object.entries(arrivals)) {
		const recent = at.filter((time) => now - time < TOGETHER);
		if (recent.length === 0) delete arrivals[key];
		else arrivals[key]!.at = recent;
	}
	const key = createHash('sha256')
		.update(JSON.stringify([phoneNumber, message]))
		.digest('base64url')
		.slice(0, 16);
	const earlier = arrivals[key];
	if (earlier && earlier.kind !== kind) {
		earlier.at.shift();
		return true;
	}
	arrivals[key] = { kind, at: [...(earlier?.at ?? []), now] };
	return false;
}
