/**
 * A character that nobody sees: controls that are not white space, zero-width and direction marks, byte order marks, soft
 * hyphens, variation selectors, fillers.
 */
export const INVISIBLE = /\p{Default_Ignorable_Code_Point}|(?!\s)\p{Cc}/u;

const INVISIBLE_RUNS = new RegExp(`(?:${INVISIBLE.source})+`, 'gu');
/** What has no ink: the above, every kind of space, and the empty Braille cell. */
const EMPTY = String.raw`(?:${INVISIBLE.source}|[\s\u2800])`;
// Without the lookbehind, each place of a long run of spaces inside the text would be tried.
const ENDS = new RegExp(`^${EMPTY}+|(?<!${EMPTY})${EMPTY}+$`, 'gu');
const HARD_TO_SEE = new RegExp(`(?! )${EMPTY}`, 'u');

/** The text without spaces and invisible characters at its ends. */
export function trimmed(text: string): string {
	return text.replace(ENDS, '');
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
	const characters = [...text]
		.slice(0, 61)
		.map((character) => (HARD_TO_SEE.test(character) ? `[${codeOf(character)}]` : character));
	return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : characters.join('');
}

/**
 * Whether a text is one e-mail address with nothing around it. Its parts may be in any script, but contain no sign that
 * only lists, links and headers have.
 */
export function isEmail(text: string): boolean {
	const [, local = ''] =
		/^((?!['.])[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~.-]+)@(?:(?!-)[\p{L}\p{N}\p{M}-]{1,63}(?<!-)\.)+(?![\d-]+$)(?!-)[\p{L}\p{N}\p{M}-]{2,63}(?<!-)$/u.exec(
			text,
		) ?? [];
	const isWhole = local !== '' && local.length <= 64 && text.length <= 254 && !/\.\.|\.$/.test(local);
	// A blank that a link has encoded is no part of an address.
	return isWhole && !/%[\da-f]{2}/i.test(local) && lookAlikeIn(text) === undefined;
}

/** A Greek or Cyrillic letter among Latin ones, of which it looks like one: nobody has such an address. */
export function lookAlikeIn(address: string): string | undefined {
	const mixed = address.split(/[@.]/).find((label) => /\p{Script=Latin}/u.test(label) && FOREIGN.test(label));
	return mixed && FOREIGN.exec(mixed)![0];
}

const FOREIGN = /[\p{Script=Greek}\p{Script=Cyrillic}]/u;
