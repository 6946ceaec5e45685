import { createHash, timingSafeEqual } from 'crypto';
import { withoutEnds } from '../shared/values/text';
import { named } from './characters';

/** Control characters, invisible characters and spaces, as they come along when something is copied. */
const AROUND = /[\s\p{Cc}\p{Cf}]/u;

/** Servers are to take 8000 octets of request line (RFC 9112, section 3); the URL and the message need some of them. */
const LONGEST = 2000;

/** Of a URL with a token, each byte of it encoded, and parameters of Club Texting's own behind it. */
const LONGEST_QUERY = 3 * LONGEST + 8000;

/** The token that an option resolves to; empty where it resolves to nothing. */
export function tokenIn(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? withoutEnds(String(value), AROUND) : '';
}

/** Why a token can't arrive with a call, however it is written. Undefined for one that can. */
export function troubleWith(token: string): string | undefined {
	if (token === '') return 'is empty, so every call would be turned away';
	const lost = /\p{Cs}/u.exec(token);
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
	const given = /[?&]token=(.*)/s.exec(url)?.[1];
	if (given === undefined || given.length > LONGEST_QUERY) return false;
	const pieces = given.split('&');
	const wanted = digest(expected);
	// Written plain, a & of the token looks like the end of it.
	return expected
		.split('&')
		.flatMap((_, place) => spellingsOf(pieces.slice(0, place + 1).join('&')))
		.flatMap((spelling) => [spelling, withoutEnds(spelling, AROUND)])
		.map((spelling) => timingSafeEqual(digest(spelling), wanted))
		.includes(true);
}

/** What a part of a URL may stand for: itself, or bytes of Latin-1 or UTF-8, all of them or those that must be encoded. */
function spellingsOf(written: string): string[] {
	const decoded = [/%([0-9a-f]{2})/gi, /%([89a-f][0-9a-f])/gi].flatMap((encoded) => {
		const bytes = written.replace(encoded, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
		return [bytes, Buffer.from(bytes, 'latin1').toString()];
	});
	return [written, ...decoded];
}

function digest(text: string): Buffer {
	return createHash('sha256').update(text.replaceAll('+', ' ')).digest();
}
