/** What stands where a secret stood. */
export const MASK = '***';

/** Keys whose values are secret wherever they stand, in a reply or in a request. */
const SECRET_KEYS =
	/^(password|api_?key|billingNumber|billingCvv|number|securityCode|cvv|cvc|authorization)$/i;

/** Replaces every secret in a text. */
export type Mask = (text: string) => string;

/**
 * Makes the mask of a run from the secret values of its credentials: as they are, as a form or URL encodes them, and,
 * for user name and password, as HTTP Basic authentication sends them. A card number is found with blanks or dashes
 * between its digits, too. A value of up to four characters (a security code) is masked only where it stands alone,
 * so that the 123 inside 2123456785 stays.
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
	const literal = escaped(secret);
	if (secret.length <= 4) return [`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`];
	if (/^\d{12,19}$/.test(secret)) return [[...secret].join('[ -]?')];
	const encoded = [encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)];
	return [literal, ...encoded.filter((form) => form !== secret).map(escaped)];
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/**
 * A copy of a decoded reply or a request without its secrets: values under a secret's key are masked whole, all other
 * texts by the run's mask.
 */
export function masked(value: unknown, mask: Mask): unknown {
	return maskedTexts(value, mask, (key) => SECRET_KEYS.test(key));
}

/**
 * A copy with its texts masked. A text of up to four digits stays: BoughtCredits "100" is no security code.
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
	if (Array.isArray(value)) return value.map((inner) => maskedTexts(inner, mask, isSecret));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [
			key,
			isSecret(key) && typeof inner !== 'object' ? MASK : maskedTexts(inner, mask, isSecret),
		]),
	);
}
