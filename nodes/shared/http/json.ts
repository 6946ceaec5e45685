/** No documented reply comes near this; working on what is nested deeper may need more stack than there is. */
export const DEEPEST = 100;

/** What is nested too deep, whatever it is. */
export class TooDeep extends Error {}

/** A text, so that what stands in it is passed over; a number; a bracket. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[[{\]}]/gis;

/**
 * Reads JSON. Integers that a number can't hold exactly, such as identifiers from 2^53 on, become texts.
 *
 * @throws TooDeep; Error for what is no JSON
 */
export function parseJson(json: string): unknown {
	let depth = 0;
	const exact = json.replace(TOKEN, (token) => {
		if (token === '{' || token === '[') depth++;
		if (token === '}' || token === ']') depth--;
		if (depth > DEEPEST) throw new TooDeep();
		return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
	});
	return JSON.parse(exact) as unknown;
}
