/**
 * The characters Club Texting takes in messages and subjects: letters, digits, the blank, line breaks and
 * `.,:;!?()~=+-_\/@$#&%'"`. Source: Club Texting, REST API documentation, note under "Sending SMS Messages".
 */
const ALLOWED = /[a-zA-Z0-9 \r\n.,:;!?()~=+\-_\\/@$#&%'"]/;
const NOT_ALLOWED = new RegExp(ALLOWED.source.replace('[', '[^'), 'gu');

/** The nearest allowed characters for those that people paste most. Accented letters are told from their base letter. */
const NEAREST: Record<string, string> = {
	'‘': "'",
	'’': "'",
	'‚': "'",
	'‛': "'",
	'′': "'",
	'`': "'",
	'´': "'",
	ʼ: "'",
	'‹': "'",
	'›': "'",
	'“': '"',
	'”': '"',
	'„': '"',
	'‟': '"',
	'″': '"',
	'«': '"',
	'»': '"',
	'‐': '-',
	'‑': '-',
	'‒': '-',
	'–': '-',
	'—': '-',
	'―': '-',
	'−': '-',
	'•': '-',
	'·': '-',
	'*': '-',
	'…': '...',
	'\t': ' ',
	'\u00A0': ' ',
	'\u2009': ' ',
	'\u202F': ' ',
	'\u2007': ' ',
	'\u2028': '\n',
	'\u2029': '\n',
	'[': '(',
	']': ')',
	'{': '(',
	'}': ')',
	'<': '(',
	'>': ')',
	'|': '/',
	'^': '-',
	'¡': '!',
	'¿': '?',
	'×': 'x',
	'÷': '/',
	'€': 'EUR',
	'£': 'GBP',
	'¥': 'JPY',
	'¢': 'c',
	'©': '(c)',
	'®': '(R)',
	'™': '(TM)',
	'°': ' deg',
	'½': '1/2',
	'¼': '1/4',
	'¾': '3/4',
	'№': 'No.',
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
	þ: 'th',
	Þ: 'Th',
	ł: 'l',
	Ł: 'L',
	ı: 'i',
};

/** The characters of a text that Club Texting does not take, each once. */
export function unsupportedIn(text: string): string[] {
	return [...new Set(text.match(NOT_ALLOWED))];
}

/** The text with each unsupported character replaced by the nearest allowed ones; what has none stays. */
export function replaced(text: string): string {
	return [...text.normalize('NFC')]
		.map((character) => (ALLOWED.test(character) ? character : (NEAREST[character] ?? unaccented(character))))
		.join('');
}

/** The text without its unsupported characters. */
export function removed(text: string): string {
	return [...text].filter((character) => ALLOWED.test(character)).join('');
}

/** Length as Club Texting counts it: a line feed and a carriage return are two characters each. */
export function countedLength(text: string): number {
	return text.length + (text.match(/[\r\n]/g)?.length ?? 0);
}

/** How an error shows a character that may be invisible. */
export function named(character: string): string {
	const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
	return /\p{C}|\p{Z}|\p{M}/u.test(character) ? code : `${character} (${code})`;
}

function unaccented(character: string): string {
	const base = character.normalize('NFKD').replace(/\p{M}/gu, '');
	return base !== '' && [...base].every((part) => ALLOWED.test(part)) ? base : character;
}
