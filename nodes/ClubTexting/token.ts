import { createHash, timingSafeEqual } from 'crypto';
import { named } from './characters';

/** Control characters, invisible characters and spaces, as they come along when something is copied. */
const AROUND = /^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu;

/** Servers are to take 8000 octets of request line (RFC 9112, section 3); the URL and the message need some of them. */
const LONGEST = 2000;

/** The token that an option resolves to; empty where it resolves to nothing. */
export function tokenIn(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).replace(AROUND, '') : '';
}

/** Why a token would not arrive with a call whose URL somebody made by hand. Undefined for one that does. */
export function troubleWith(token: string): string | undefined {
	if (token === '') return 'is empty, so every call would be turned away';
	const cut = /[&#]/.exec(token);
	if (cut) return `contains ${cut[0]}, which ends the token early in a URL`;
	const lost = /[\p{Cc}\p{Cs}]/u.exec(token);
	if (lost) return `contains ${named(lost[0])}, which cannot be part of a URL`;
	if (encodeURIComponent(token).length > LONGEST) return 'is too long for a URL';
	return undefined;
}

/**
 * Whether a call's URL carries the token, compared in constant time. It is read from the URL as it came, since a caller
 * may have encoded all of it, some of it or nothing, as UTF-8 or Latin-1, and a `+` may have become a space on its way.
 *
 * @param expected not empty
 */
export function carries(url: string, expected: string): boolean {
	const written = /[?&]token=([^&#]*)/.exec(url)?.[1];
	if (written === undefined) return false;
	const bytes = written.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
		String.fromCharCode(parseInt(code, 16)),
	);
	const spellings = [written, bytes, Buffer.from(bytes, 'latin1').toString()];
	const wanted = digest(expected);
	return spellings
		.flatMap((spelling) => [spelling, spelling.replace(AROUND, '')])
		.map((spelling) => timingSafeEqual(digest(spelling), wanted))
		.includes(true);
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text.replaceAll('+', ' ')).digest();
}
