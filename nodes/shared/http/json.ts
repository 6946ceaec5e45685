/** No documented reply comes near this; working on what is nested deeper may need more stack than there is. */
export const DEEPEST = 100;

/** What is nested too deep, whatever it is. */
export class TooDeep extends Error {}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BRACKETS: Record<string, number> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/**
 * Reads JSON in one pass over its signs. Integers that a number can't hold exactly, such as identifiers from 2^53 on,
 * become texts.
 *
 * @throws TooDeep; Error for what is no JSON
 */
export function parseJson(json: string): unknown {
	let depth = 0;
	let taken = 0;
	const pieces: string[] = [];
	for (let at = 0; at < json.length; at++) {
		const sign = json[at]!;
		if (sign === '"') {
			at = endOfText(json, at);
			continue;
		}
		depth += BRACKETS[sign] ?? 0;
		if (depth > DEEPEST) throw new TooDeep();
		if (sign !== '-' && !(sign >= '0' && sign <= '9')) continue;
		NUMBER.lastIndex = at;
		const number = NUMBER.exec(json)?.[0] ?? sign;
		if (isLongInteger(number)) {
			pieces.push(json.slice(taken, at), `"${number}"`);
			taken = at + number.length;
		}
		at += number.length - 1;
	}
	return JSON.parse(pieces.length === 0 ? json : pieces.join('') + json.slice(taken)) as unknown;
}

/** The place of the quote that ends a text; the end of the JSON where none does. */
function endOfText(json: string, start: number): number {
	let at = start + 1;
	while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
	return at;
}

function isLongInteger(number: string): boolean {
	return number.length >= 16 && /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));
}
