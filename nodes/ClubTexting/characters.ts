import { codeOf, INVISIBLE, withoutInvisible } from '../shared/values/text';

/**
 * The characters Club Texting takes in messages and subjects: letters, digits, the space, line breaks and
 * `.,:;!?()~=+-_\/@$#&%'"`. Source: Club Texting, REST API documentation, note under "Sending SMS Messages".
 */
const ALLOWED = /[a-zA-Z0-9 \r\n.,:;!?()~=+\-_\\/@$#&%'"]/;
const NOT_ALLOWED = new RegExp(ALLOWED.source.replace('[', '[^'), 'gu');

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
/** Also those that are letters or symbols to Unicode, but empty to the eye. */
const SPACE = /(?![\n\uFEFF])[\s\u2800\u3164\uFFA0]/g;
const DASH = /[\p{Pd}\u2043\u2212]/u;
const SINGLE_QUOTE = /[`´‘’‚‛‹›′‵ʹʻʼʽ❛❜]/u;
const DOUBLE_QUOTE = /[“”„‟«»″‶❝❞〝〞〟]/u;
/** A bullet or bar between words or before them; between numbers it may be a sign. */
const SEPARATOR = /(?<=^ ?|\n ?|\D )[•‣◦▪∙·|](?= |\n|$)|(?<= )[•‣◦▪∙·|](?=\n|$| \D)/gu;

/** Where words and numbers must not run together. Unicode keeps these two for use inside programs. */
const EDGE = '\uFDD0';
/** Where part of a word was left out. */
const SEAM = '\uFDD1';

/** Equivalents that keep the meaning. Words among them stand apart from their neighbors. */
const EQUIVALENT: Record<string, string> = {
	'[': '(',
	']': ')',
	'{': '(',
	'}': ')',
	'¡': '!',
	'¿': '?',
	'❓': '?',
	'❔': '?',
	'❗': '!',
	'❕': '!',
	'➕': '+',
	'🟰': '=',
	'💲': '$',
	'∶': ':',
	'⁄': '/',
	'∕': '/',
	'÷': '/',
	'➗': '/',
	'×': apart('x'),
	'✖': apart('x'),
	'➖': '-',
	'🔟': apart('10'),
	'€': apart('EUR'),
	'£': apart('GBP'),
	'¢': 'c',
	'©': '(c)',
	'®': '(R)',
	'™': '(TM)',
	'℠': '(SM)',
	'№': apart('No.'),
	ß: 'ss',
	ẞ: 'SS',
	æ: 'ae',
	Æ: 'AE',
	œ: 'oe',
	Œ: 'OE',
	ø: 'o',
	Ø: 'O',
	đ: 'd',
	Đ: 'D',
	ð: 'd',
	Ð: 'D',
	ħ: 'h',
	Ħ: 'H',
	þ: 'th',
	Þ: 'Th',
	ł: 'l',
	Ł: 'L',
	ŧ: 't',
	Ŧ: 'T',
	ŋ: 'ng',
	Ŋ: 'Ng',
	ı: 'i',
};

/** Forms of plain characters for looks alone: wide, bold, small, joined. Raised, lowered and circled ones mean more. */
const STYLED =
	/[\u01C4-\u01CC\u01F1-\u01F3\u2024-\u2026\u2033\u2034\u2036\u2037\u203C\u2047-\u2049\u2057\u2100-\u2138\u213C-\u214F\u2160-\u217F\uFB00-\uFB06\uFE50-\uFE6B\uFF01-\uFF5E\u{1D400}-\u{1D7FF}]/u;
const LATIN_LETTER = /(?![\p{Lm}ªº])\p{Script=Latin}/u;
const ACCENTED = /(\p{Script=Latin})(\p{Mn}+)/gu;
/** Accents that are characters of their own. Marks that strike a letter out or enclose it are not: they mean something. */
const ACCENTS = /(?![\u0334-\u0338\u20D0-\u20FF])\p{Mn}/gu;

const ARROW = String.raw`[\u2194-\u2199\u21A9\u21AA\u2934\u2935\u2B05-\u2B07\u27A1]`;
/** An arrow is an emoji only where it is asked to look like one, or is part of one. */
const EMOJI_ARROW = new RegExp(String.raw`${ARROW}\uFE0F|(?<=\u200D)${ARROW}`, 'gu');
const EMOJI = new RegExp(
	String.raw`(?!${ARROW})[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]`,
	'u',
);
const KEYCAP = /([0-9#*])\u20E3/gu;

/** A text whose letters are whole and whose line breaks are line feeds, as one visible text should be one message. */
export function composed(text: string): string {
	return text.normalize('NFC').replace(/\r\n?/g, '\n');
}

/** The characters of a text that Club Texting does not take, each once. */
export function unsupportedIn(text: string): string[] {
	return [...new Set(text.match(NOT_ALLOWED))];
}

/**
 * The text with each unsupported character replaced by its nearest equivalent; what is invisible and emoji are left
 * out. What has no equivalent that keeps the meaning stays.
 */
export function replaced(text: string): string {
	return joined(
		visible(text)
			.replace(ACCENTED, (_, letter: string, marks: string) => letter + marks.replace(ACCENTS, ''))
			.replace(SEPARATOR, '-')
			.replace(/[℃℉]/g, (unit) => unit.normalize('NFKC'))
			.replace(/(?<=\d ?)°/g, apart('deg'))
			.replace(/(?<=\bn)[°º]/gi, 'o.')
			.replace(NOT_ALLOWED, equivalentOf),
	);
}

function equivalentOf(character: string): string {
	if (character === EDGE) return character;
	const simple = simplest(character);
	if (simple !== undefined) return simple;
	const plain = character.normalize('NFKC');
	if (/^\d⁄\d+$/.test(plain)) return apart(plain.replace('⁄', '/'));
	if (STYLED.test(character) || LATIN_LETTER.test(character)) {
		const plainer = character.normalize('NFKD').replace(/\p{Mn}/gu, '');
		const letters = [...plainer].map((sign) => (ALLOWED.test(sign) ? sign : simplest(sign)));
		if (!letters.includes(undefined)) return letters.join('');
	}
	return EMOJI.test(character) ? EDGE : character;
}

function simplest(character: string): string | undefined {
	if (DASH.test(character)) return '-';
	if (SINGLE_QUOTE.test(character)) return "'";
	return DOUBLE_QUOTE.test(character) ? '"' : EQUIVALENT[character];
}

/**
 * The text without its unsupported characters. Words and numbers stay apart: spaces, line breaks and dashes become
 * plain ones, and a space takes the place of what stood between two of them.
 */
export function removed(text: string): string {
	return joined(
		visible(text).replace(/(.)(\p{M}*)/gsu, (whole, character: string, marks: string) => {
			if (DASH.test(character)) return '-';
			if (marks === '' && ALLOWED.test(character)) return whole;
			return isPartOfWord(character) ? SEAM : EDGE;
		}),
	);
}

function isPartOfWord(character: string): boolean {
	return /[`´‘’‛′ʹʻʼʽ]/.test(character) || (LATIN_LETTER.test(character) && /\p{L}/u.test(character));
}

/** Length as Club Texting counts it: a line break is two characters. */
export function countedLength(text: string): number {
	return text.replace(LINE_BREAK, '\r\n').length;
}

/** How an error shows a character that may be invisible. */
export function named(character: string): string {
	const isInvisible = INVISIBLE.test(character) || /\p{C}|\p{Z}|\p{M}|\u2800/u.test(character);
	return isInvisible ? codeOf(character) : `${character} (${codeOf(character)})`;
}

/** The text with plain line breaks and spaces, a keycap as its own character, and nothing that is invisible. */
function visible(text: string): string {
	const seen = text.replace(LINE_BREAK, '\n').replace(SPACE, ' ').replace(EMOJI_ARROW, '⭐');
	return withoutInvisible(seen).normalize('NFC').replace(KEYCAP, apart('$1'));
}

function apart(word: string): string {
	return EDGE + word + EDGE;
}

/** Parts that were taken apart, put together with a space wherever two words or numbers would run together. */
function joined(text: string): string {
	return text
		.replace(/(?<=[a-z0-9])\uFDD1*\uFDD0[\uFDD0\uFDD1]*(?=[a-z0-9])/gi, ' ')
		.replace(/(?<=\d)\uFDD1+(?=\d)/g, ' ')
		.replace(/[\uFDD0\uFDD1]/g, '');
}
