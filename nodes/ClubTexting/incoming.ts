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
