import { invalid } from '../shared/errors';
import { textIn } from '../shared/http/response';

/** A number as EZ Texting writes it in every reply: eleven digits. */
export function wireNumber(tenDigits: string): string {
	return `1${tenDigits}`;
}

/** The ten digits of a number of a reply; what is none, such as a short code, as it came. */
export function tenOf(written: string): string {
	const digits = /^1?(\d{10})$/.exec(written.replace(/[\s+().-]/g, ''))?.[1];
	return digits ?? written;
}

/** A time of a reply in ISO 8601, in UTC where it has no zone; null for what is none. */
export function isoIn(value: unknown): string | null {
	const text = textIn(value) ?? '';
	const time = Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
	return Number.isFinite(time) ? new Date(time).toISOString() : null;
}

/** A text that is not longer than the provider takes. @throws OperationError `invalid` */
export function assertLength(text: string, field: string, longest: number): string {
	if (text.length <= longest) return text;
	throw invalid(field, `has ${text.length} characters; ${longest} are allowed`, 'Shorten it.');
}
