/** What stands where a secret stood. */
export const MASK = '***';

/** Keys whose values are secret wherever they stand in a reply. */
const SECRET_KEYS =
	/^(password|api_?key|billingNumber|billingCvv|number|securityCode|cvv|cvc|authorization)$/i;

/** Replaces every secret in a text that came from outside. */
export type Redactor = (text: string) => string;

/** The last that were made, by their secrets: to compile one takes 20 to 40 ms, more than all else of a short run. */
const redactors = new Map<string, Redactor>();
const MOST_KEPT = 8;

/**
 * Makes the redactor of a run from the secret values of its credentials: as they are, as forms and URLs, JSON, XML, HTML
 * and code write them, in base64, and read in the wrong character set. A card number is found with anything but letters
 * and digits between its digits, too.
 * A value of up to four characters (a security code) is masked only where it stands alone, so that the 123 inside
 * 2123456785 stays.
 */
export function redactorOf(secrets: string[]): Redactor {
	const key = JSON.stringify(secrets);
	const redactor = redactors.get(key) ?? madeOf(secrets);
	redactors.delete(key);
	redactors.set(key, redactor);
	if (redactors.size > MOST_KEPT) redactors.delete([...redactors.keys()][0]!);
	return redactor;
}

function madeOf(secrets: string[]): Redactor {
	const values = secrets.flatMap((secret) => {
		const plain = secret.trim();
		return [secret, plain, plain.normalize('NFC'), plain.normalize('NFD')];
	});
	const patterns = [...new Set(values.filter((secret) => secret !== ''))]
		.sort((a, b) => b.length - a.length)
		.flatMap(patternsOf);
	if (patterns.length === 0) return (text) => text;
	const anySecret = new RegExp(patterns.join('|'), 'g');
	return (text) => text.replace(anySecret, MASK);
}

/**
 * The same redactor for what comes back of texts that a person typed: where a reply repeats one of them word for word,
 * it is left alone. Otherwise a text with all codes from 000 to 999 would come back with just the card's one masked.
 */
export function redactorExcept(redact: Redactor, typed: string[]): Redactor {
	// A text that is nothing but a secret is not spared.
	const spared = [...new Set(typed)].filter((text) => ![text, MASK].includes(redact(text)));
	if (spared.length === 0) return redact;
	const anySpared = new RegExp(
		`(${spared
			.sort((a, b) => b.length - a.length)
			.map(escaped)
			.join('|')})`,
	);
	// Splitting by a group keeps what matched, at the odd places.
	return (text) =>
		text
			.split(anySpared)
			.map((text, place) => (place % 2 === 1 ? text : redact(text)))
			.join('');
}

function patternsOf(secret: string): string[] {
	// Of a secret of letters outside of ASCII alone, a row of question marks would be one.
	const isReadable = /([!->@-~][^!->@-~]*){4}/.test(secret);
	const written = secret.replace(/\\+|[^\\]/gu, (signs) => spelledOf(signs, isReadable));
	if (secret.length <= 4) return [`(?<![A-Za-z0-9])${written}(?![A-Za-z0-9])`];
	if (/^\d{12,19}$/.test(secret)) return [[...secret].join('[^A-Za-z0-9]{0,3}')];
	const base64 = Buffer.from(secret).toString('base64').replaceAll('=', '');
	// Its two characters that are neither letters nor digits are others in URLs.
	return [
		written,
		[...base64].map((char) => (/[+/]/.test(char) ? either([spelledOf(char), '[-_]']) : char)).join(''),
	];
}

/** The most backslashes that stand before a sign for being quoted: three times, and 1 becomes 7. */
const QUOTED = 7;

/**
 * A pattern for one sign of a secret as texts, forms, URLs, JSON, XML and quoted strings may write it. Backslashes that
 * stand together are quoted together: with a pattern for each, all ways to share them out would be tried. They are looked at
 * from the first of them only, and to the last: from each of them anew, many take as the square of their number.
 *
 * @param mayBeLost whether a sign outside of ASCII may have become a question mark
 */
function spelledOf(signs: string, mayBeLost?: boolean): string {
	if (signs[0] === '\\') {
		const spellings = [escaped('\\'), ...codedOf('\\')];
		return either(spellings.map((spelling) => `(?<!${spelling})(?:${spelling}){${signs.length},}`));
	}
	const isQuotable = /[ -/:-@[-`{-~]/.test(signs);
	return either([`${isQuotable ? `\\\\{0,${QUOTED}}` : ''}${escaped(signs)}`, ...codedOf(signs, mayBeLost)]);
}

/** Patterns for the codes of one character. */
function codedOf(char: string, mayBeLost?: boolean): string[] {
	const code = char.codePointAt(0)!;
	const utf8 = Buffer.from(char);
	const bytes = [...utf8].map((byte) => `%${hexadecimal(byte, 2)}`).join('');
	const units = char.split('').map((unit) => `\\\\u${hexadecimal(unit.charCodeAt(0), 4)}`);
	const patterns = [
		bytes,
		bytes.replaceAll('%', '%25'),
		units.join(''),
		`&#0{0,6}${code};`,
		`&#[xX]0{0,6}${hexadecimal(code, 1)};`,
	];
	if (code > 127) {
		// Where UTF-8 is read as Latin-1; what is left of it in ASCII, or where Latin-1 is read as UTF-8.
		patterns.push(escaped(utf8.toString('latin1')));
		if (mayBeLost) patterns.push('[?\uFFFD]');
		if (code < 256) patterns.push(`%${hexadecimal(code, 2)}`, `\\\\x${hexadecimal(code, 2)}`);
	}
	if (!/[A-Za-z0-9]/.test(char)) patterns.push('&[A-Za-z]{2,8}[0-9]{0,2};');
	if (char === ' ') patterns.push('\\+');
	return patterns;
}

function either(patterns: string[]): string {
	return `(?:${patterns.join('|')})`;
}

/** A pattern for a number in hexadecimal, in letters of either case. */
function hexadecimal(value: number, digits: number): string {
	const text = value.toString(16).padStart(digits, '0');
	return text.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** A decoded reply without its secrets: values under a secret's key are masked whole, all other texts by the redactor. */
export function redacted(value: unknown, redact: Redactor): unknown {
	return redactedTexts(value, redact, (key) => SECRET_KEYS.test(key));
}

/**
 * A value with its texts and its keys redacted; itself where there was nothing to redact, or else a copy. A text of up to
 * four digits stays: BoughtCredits "100" is not a security code.
 *
 * @param isSecret keys whose values are masked whole, in a reply that is shown
 */
export function redactedTexts(
	value: unknown,
	redact: Redactor,
	isSecret?: (key: string) => boolean,
): unknown {
	if (typeof value === 'string') return /^\d{1,4}$/.test(value) ? value : redact(value);
	// A number that is worked with, such as a balance, stays what it is; only a reply that is shown whole can be a card's.
	if (typeof value === 'number') {
		return isSecret && value > 9999 && redact(String(value)) === MASK ? MASK : value;
	}
	if (Array.isArray(value)) {
		const copy = value.map((inner) => redactedTexts(inner, redact, isSecret));
		return copy.some((inner, place) => inner !== value[place]) ? copy : value;
	}
	const entries = Object.entries(value ?? {});
	const copy = entries.map(([key, inner]): [string, unknown] => [
		redact(key),
		isSecret?.(key) && typeof inner !== 'object' ? MASK : redactedTexts(inner, redact, isSecret),
	]);
	const isSame = copy.every(
		([key, inner], place) => key === entries[place]![0] && inner === entries[place]![1],
	);
	return isSame ? value : Object.fromEntries(copy);
}
