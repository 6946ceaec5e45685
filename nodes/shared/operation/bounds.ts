import { invalid, type OperationError } from '../errors';
import { kindOf, shown, trimmed } from '../values/text';

/** More than anybody writes into one field: a message has 160 characters, a note some hundred. */
const LONGEST_TEXT = 10_000;
/** Of names with commas between them, as an expression may give them. */
const LONGEST_LIST = 1_000_000;
export const LONGEST_NAME = 1000;

export const LOOK_AT_EXPRESSION = 'Look at the expression in this field.';
export const FILL_IN = 'Fill it in, or look at the expression in this field.';

/** @throws OperationError `invalid`, without the text */
export function boundedText(text: string, label: string, longest: number): string {
	if (text.length <= longest) return text;
	throw invalid(
		label,
		`has ${text.length} characters; at most ${longest} are looked at`,
		'Look at the expression in this field: it gives more than is meant to stand here.',
	);
}

/**
 * A value as text; empty where there is none. True or false is what a condition in an expression leaves in the place of a
 * text, as `{{ $json.isMember && $json.name }}` does; `[object Object]` is what n8n makes of an object within one.
 *
 * @throws OperationError `invalid` for what is no text, and for far too much of it
 */
export function plainText(value: unknown, label: string, longest = LONGEST_TEXT): string {
	if (value === undefined || value === null) return '';
	if (typeof value !== 'string' && !Number.isFinite(value))
		throw invalid(label, `must be text, but is ${kindOf(value)}`, LOOK_AT_EXPRESSION);
	const text = boundedText(String(value), label, longest);
	if (!text.includes('[object Object]')) return text;
	throw invalid(
		label,
		'has "[object Object]" where an object is in place of a text',
		'Let the expression in this field name what of the object is meant, such as {{ $json.customer.name }}.',
	);
}

/**
 * Names with commas or new lines between them, or a list; each once, blanks and empty ones dropped.
 *
 * @throws OperationError `invalid`, also for a list that has become text
 */
export function namesIn(value: unknown, label: string): string[] {
	const given = Array.isArray(value) ? (value as unknown[]) : namesWithin(value, label);
	const names = given.map((name) => {
		if (typeof name !== 'string' && typeof name !== 'number') {
			throw invalid(label, `must be a list of names, but contains ${kindOf(name)}`, LOOK_AT_EXPRESSION);
		}
		return wholeText(trimmed(boundedText(String(name), label, LONGEST_NAME)), label);
	});
	return [...new Set(names)].filter((name) => name !== '');
}

function namesWithin(value: unknown, label: string): string[] {
	const text = plainText(value, label, LONGEST_LIST);
	if (!isListAsText(text)) return text.split(/[,\r\n\u2028]/);
	throw invalid(
		label,
		'is a list as text',
		'Give the list itself, such as {{ $json.names }} with nothing before or after it, or names with commas between them.',
	);
}

/** A group may be called “[VIP]”. */
function isListAsText(text: string): boolean {
	if (!trimmed(text).startsWith('[')) return false;
	try {
		return Array.isArray(JSON.parse(text));
	} catch {
		return false;
	}
}

/** A text that has to be there. @throws OperationError `invalid` */
export function neededText(text: string, label: string): string {
	if (text.trim() === '') throw invalid(label, 'is empty', FILL_IN);
	return text;
}

/** @throws OperationError `invalid` for half of a character, as it stays where an emoji is cut in two: it can't be sent */
export function wholeText(text: string, label: string): string {
	if (!/\p{Surrogate}/u.test(text)) return text;
	throw invalid(
		label,
		'has half of a character, such as an emoji that was cut in two',
		'Look at the expression in this field: let it cut the text off before that character.',
	);
}

/** What is wrong with an identifier that is no number. @param what it should be the number of */
export function notTheNumberOf(what: string, given: string, label: string, advice?: string): OperationError {
	return invalid(label, `must be the number of a ${what}, but is "${shown(given)}"`, advice);
}
