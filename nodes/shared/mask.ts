/** What stands where a secret stood. */
export const MASK = '***';

/** Keys whose values are secret wherever they stand, in a reply or in a request. */
const SECRET_KEYS =
	/^(password|api_?key|billingNumber|billingCvv|number|securityCode|cvv|cvc|authorization)$/i;

/** Replaces every secret in a text. */
export type Mask = (text: string) => string;

/**
 * Makes the mask of a run from the secret values of its credentials: as they are, as forms and URLs, JSON and XML write
 * them, and in base64. A card number is found with blanks or dashes between its digits, too. A value of up to four
 * characters (a security code) is masked only where it stands alone, so that the 123 inside 2123456785 stays.
 */
export function maskOf(secrets: string[]): Mask {
	const patterns = [...new Set(secrets.filter((secret) => secret !== ''))]
		.sort((a, b) => b.length - a.length)
		.flatMap(patternsOf);
	if (patterns.length === 0) return (text) => text;
	const anySecret = new RegExp(patterns.join('|'), 'g');
	return (text) => text.replace(anySecret, MASK);
}

function patternsOf(secret: string): string[] {
	const written = [...secret].map(spellingsOf).join('');
	if (secret.length <= 4) return [`(?<![A-Za-z0-9])${written}(?![A-Za-z0-9])`];
	if (/^\d{12,19}$/.test(secret)) return [[...secret].join('[ -]?')];
	const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
	// Its two characters that are no letters and digits are others in URLs.
	return [
		written,
		[...base64].map((char) => (/[+/]/.test(char) ? `(?:${spellingsOf(char)}|[-_])` : char)).join(''),
	];
}

const XML_NAMES: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** A pattern for one character as texts, forms, URLs, JSON and XML may write it. */
function spellingsOf(char: string): string {
	if (/[A-Za-z0-9]/.test(char)) return char;
	const percentEncoded = [...Buffer.from(char)].map((byte) => `%${hexadecimal(byte, 2)}`);
	const code = char.codePointAt(0)!;
	const units = char.split('').map((unit) => `\\\\u${hexadecimal(unit.charCodeAt(0), 4)}`);
	const spellings = [
		/["\\/]/.test(char) ? `\\\\*${escaped(char)}` : escaped(char),
		percentEncoded.join(''),
		units.join(''),
		`&#0*${code};`,
		`&#[xX]0*${hexadecimal(code, 1)};`,
		...(XML_NAMES[char] ? [`&${XML_NAMES[char]};`] : []),
		...(char === ' ' ? ['\\+'] : []),
	];
	return `(?:${spellings.join('|')})`;
}

/** A pattern for a number in hexadecimal, in letters of either case. */
function hexadecimal(value: number, digits: number): string {
	const text = value.toString(16).padStart(digits, '0');
	return text.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/**
 * A decoded reply or a request without its secrets: values under a secret's key are masked whole, all other texts by the
 * run's mask.
 */
export function masked(value: unknown, mask: Mask): unknown {
	return maskedTexts(value, mask, (key) => SECRET_KEYS.test(key));
}

/**
 * A value with its texts masked; itself where there was nothing to mask, or else a copy. A text of up to four digits
 * stays: BoughtCredits "100" is no security code.
 *
 * @param isSecret keys whose values are masked whole
 */
export function maskedTexts(
	value: unknown,
	mask: Mask,
	isSecret: (key: string) => boolean = () => false,
): unknown {
	if (typeof value === 'string') return /^\d{1,4}$/.test(value) ? value : mask(value);
	if (typeof value === 'number') return value > 9999 && mask(String(value)) === MASK ? MASK : value;
	if (typeof value !== 'object' || value === null) return value;
	const given = value as Record<string, unknown>;
	let copy: Record<string, unknown> | undefined;
	for (const key of Object.keys(given)) {
		const inner = given[key];
		const shown = isSecret(key) && typeof inner !== 'object' ? MASK : maskedTexts(inner, mask, isSecret);
		if (shown === inner) continue;
		copy ??= (Array.isArray(given) ? [...(given as unknown[])] : { ...given }) as Record<string, unknown>;
		copy[key] = shown;
	}
	return copy ?? value;
}
