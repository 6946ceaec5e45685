/**
 * A character that nobody sees: controls that are not white space, zero-width and direction marks, byte order marks, soft
 * hyphens, variation selectors, fillers.
 */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}|(?!\s)\p{Cc}/u;

const INVISIBLE_RUNS = new RegExp(`(?:${INVISIBLE.source})+`, 'gu');
/** What has no ink: the above, every kind of space, and the empty Braille cell. */
export const EMPTY = /[\s\u2800\p{Cc}\p{Default_Ignorable_Code_Point}]/u;
const HARD_TO_SEE = /(?! )[\s\u2800\p{Cc}\p{Default_Ignorable_Code_Point}]/u;

/** The text without spaces and invisible characters at its ends. */
export function trimmed(text: string): string {
	return withoutEnds(text, EMPTY);
}

/**
 * The text without such characters at its ends. A pattern for the end of a text tries each place of every run inside it.
 *
 * @param ends one character
 */
export function withoutEnds(text: string, ends: RegExp): string {
	let start = 0;
	let end = text.length;
	while (start < end) {
		const first = String.fromCodePoint(text.codePointAt(start)!);
		if (!ends.test(first)) break;
		start += first.length;
	}
	while (end > start) {
		const isPair = end - start > 1 && text.codePointAt(end - 2)! > 0xffff;
		const last = text.slice(end - (isPair ? 2 : 1), end);
		if (!ends.test(last)) break;
		end -= last.length;
	}
	return text.slice(start, end);
}

/** A text of at most so many characters, with a sign that there was more. */
export function shortened(text: string, longest: number): string {
	return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** The text without its invisible characters, wherever they stand. */
export function withoutInvisible(text: string): string {
	return text.replace(INVISIBLE_RUNS, '');
}

/** A character by its code, such as U+200B. */
export function codeOf(character: string): string {
	return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A person's value as an error shows it: at most 60 characters, with codes in place of those that can't be seen. */
export function shown(text: string): string {
	const characters = [...text.slice(0, 122)]
		.slice(0, 61)
		.map((character) => (HARD_TO_SEE.test(character) ? `[${codeOf(character)}]` : character));
	return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : characters.join('');
}

/** Source: RFC 5321, section 4.5.3.1, with its erratum 1690. */
const LONGEST_EMAIL = 254;

/**
 * Whether a text is one e-mail address with nothing around it. Its parts may be in any script, but contain no sign that
 * only lists, links and headers have.
 */
export function isEmail(text: string): boolean {
	if (text.length > LONGEST_EMAIL) return false;
	const [, local = ''] =
		/^((?!['.])[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~.-]+)@(?:(?!-)[\p{L}\p{N}\p{M}-]{1,63}(?<!-)\.)+(?![\d-]+$)(?!-)[\p{L}\p{N}\p{M}-]{2,63}(?<!-)$/u.exec(
			text,
		) ?? [];
	const isWhole = local !== '' && local.length <= 64 && !/\.\.|\.$/.test(local);
	// A blank that a link has encoded is no part of an address.
	return isWhole && !/%[\da-f]{2}/i.test(local) && lookAlikeIn(text) === undefined;
}

/** A Greek or Cyrillic letter among Latin ones, of which it looks like one: nobody has such an address. */
export function lookAlikeIn(address: string): string | undefined {
	const mixed = address.split(/[@.]/).find((label) => /\p{Script=Latin}/u.test(label) && FOREIGN.test(label));
	return mixed && FOREIGN.exec(mixed)![0];
}

const FOREIGN = /[\p{Script=Greek}\p{Script=Cyrillic}]/u;

/** So many of something, such as “1 credit”. @param units in the plural, or a unit that has none */
export function counted(count: number | string, units: string): string {
	return `${count} ${Number(count) === 1 ? units.replace(/(?<=[a-z]{3})s$/, '') : units}`;
}

/** What a value is that should have been text or a number, as an error says it. */
export function kindOf(value: unknown): string {
	if (value === null || value === undefined) return 'empty';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
	return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
