import type { IDataObject } from 'n8n-workflow';
import { trimmed } from '../values/text';

export function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}

/** What stands in a collection, or in one within it. */
export function entryOf(value: unknown, [entry, ...further]: string[]): unknown {
	return entry === undefined ? value : entryOf((value as IDataObject | null | undefined)?.[entry], further);
}

/** As JavaScript writes nothing into a text, such as order-undefined. People may write “null” as well. */
const NOTHING = /(?<![A-Za-z])(?:undefined|NaN)(?![A-Za-z])|(?<![^-_/:])null(?![^-_/:])|\[object Object\]/;

/**
 * Whether each expression within a text has given something: `order-{{ $json.id }}` without an ID would name all orders.
 *
 * @param written as the workflow holds it
 * @param text what it resolves to, without blanks at its ends
 */
export function isFilledIn(written: unknown, text: string): boolean {
	if (typeof written !== 'string' || !holdsExpression(written)) return true;
	if (NOTHING.test(text)) return false;
	const [start, ...expressions] = trimmed(written.slice(1)).split('{{') as [string, ...string[]];
	const behind = expressions.map((part) => part.split('}}'));
	// Braces within an expression can't be told from its end.
	if (behind.some((parts) => parts.length !== 2)) return true;
	const others = behind.map((parts) => parts[1]!);
	const end = others.pop();
	// A text without an expression in it, for which the field is switched over all the same.
	if (end === undefined) return true;
	let from = start.length;
	for (const part of others) {
		const at = text.indexOf(part, from + 1);
		if (at === -1) return false;
		from = at + part.length;
	}
	return trimmed(text.slice(from, text.length - end.length)) !== '';
}
