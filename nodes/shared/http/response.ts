import type { HttpResponse } from '../provider';
import { parseJson, TooDeep } from './json';

/** A response's body, read by its first non-blank character and not by its Content-Type, which may be wrong. */
export type Body =
	{ format: 'json' | 'xml'; data: unknown } | { format: 'empty' } | { format: 'unreadable'; why: string };

/** No documented reply comes near this; what is longer is not one of them. In characters. */
export const LONGEST_REPLY = 1_000_000;

/** How a page for people begins, after what XHTML and gateways put before it. */
const WEB_PAGE = /^(?:<\?[^>]*>\s*|<!--[^>]*-->\s*)*<(?:!doctype|html|head|body)\b/i;

/**
 * Reads a response's body. Never throws: what can't be read is said to be unreadable, and why.
 *
 * @param parseXml left out where the provider never answers in XML: something else at its address has
 */
export function readBody(response: HttpResponse, parseXml?: (text: string) => unknown): Body {
	if (response.text.length > LONGEST_REPLY) {
		return { format: 'unreadable', why: `a reply of more than ${LONGEST_REPLY} characters` };
	}
	const text = response.text.trim();
	if (text === '') return { format: 'empty' };
	if (text.startsWith('{') || text.startsWith('[')) {
		try {
			return { format: 'json', data: parseJson(text) };
		} catch (error) {
			return unreadable(error, 'JSON');
		}
	}
	if (WEB_PAGE.test(text)) return { format: 'unreadable', why: 'a web page' };
	if (text.startsWith('<')) {
		if (!parseXml) return { format: 'unreadable', why: 'XML' };
		try {
			return { format: 'xml', data: parseXml(text) };
		} catch (error) {
			return unreadable(error, 'XML');
		}
	}
	return { format: 'unreadable', why: 'plain text' };
}

function unreadable(error: unknown, format: string): Body {
	const isDeep = error instanceof TooDeep || String(error).endsWith('nested tags exceeded');
	const trouble = isDeep ? 'is nested too deep' : 'breaks off or is malformed';
	return { format: 'unreadable', why: `${format} that ${trouble}` };
}

/** Whether its status is that of a success, whatever its body says. */
export function isAnswered({ status }: HttpResponse): boolean {
	return status >= 200 && status < 300;
}

/** A reply that was taken for a success, but lacks what a success contains. */
export class UnrecognisedReply extends Error {}

/** An object of a decoded reply, or an empty one where something else stands. */
export function objectIn(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {};
}

/** A text of a decoded reply; null where it is absent or empty. Numbers become text. */
export function textIn(value: unknown): string | null {
	if (typeof value === 'string') return value.trim() === '' ? null : value;
	return Number.isFinite(value) ? String(value) : null;
}

/** A number of a decoded reply, given as a JSON number or as decimal text such as 10, 0.5 or 1.0E7; null for all else. */
export function numberIn(value: unknown): number | null {
	const isDecimal = typeof value === 'string' && /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(value);
	const number = isDecimal ? Number(value) : value;
	return Number.isFinite(number) ? (number as number) : null;
}

/** JSON has true and false, XML has 1 and 0 or the words; null where it is none of these. */
export function booleanIn(value: unknown): boolean | null {
	const text = String(value).trim().toLowerCase();
	if (text === '1' || text === 'true') return true;
	return text === '0' || text === 'false' ? false : null;
}

/**
 * A list of texts, however the format spells it: a JSON array; an object whose keys are places; XML's
 * `<Groups><Group>a</Group></Groups>`, where a list of one arrives as a single text and an empty one as ''; objects, of
 * which the `Name` is meant. Null where the reply has no such list at all.
 */
export function listIn(value: unknown): string[] | null {
	if (value === undefined || value === null) return null;
	if (typeof value === 'object') {
		const inner: unknown[] = 'Name' in value ? [value.Name] : Object.values(value);
		return inner.flatMap((each) => listIn(each) ?? []);
	}
	const text = textIn(value);
	return text === null ? [] : [text];
}

/**
 * What a reply says it is about, upper and lower case aside; what was asked for where it does not say.
 *
 * @param asked such as a keyword
 * @throws UnrecognisedReply when it is about another one
 */
export function asAsked(said: string | null, asked: string, what: string): string {
	const plain = (text: string) => text.trim().normalize('NFC').toLowerCase();
	if (said === null || plain(said) === plain(asked)) return said ?? asked;
	throw new UnrecognisedReply(`the reply is about another ${what}`);
}

/**
 * A value without which a reply is no success.
 *
 * @throws UnrecognisedReply when it is absent
 */
export function needed<T>(value: T | null, name: string): T {
	if (value === null) throw new UnrecognisedReply(`the reply has no usable ${name}`);
	return value;
}
