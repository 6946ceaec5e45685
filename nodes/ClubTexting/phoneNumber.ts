import { invalid } from '../shared/errors';
import { shortened } from '../shared/operation/parameters';

/** What people write between the digits of a phone number. */
const PUNCTUATION = /[\s\u00A0().\-\u2010-\u2015/]/g;

/**
 * A North American phone number as Club Texting takes it: ten digits, neither area code nor exchange beginning with 0
 * or 1. Punctuation, blanks and a leading 1 or +1 are dropped.
 *
 * @throws OperationError `invalid`
 */
export function phoneNumberOf(written: string, field: string): string {
	const digits = written.replace(PUNCTUATION, '').replace(/^\+?1(?=\d{10}$)/, '');
	if (/^[2-9]\d{2}[2-9]\d{6}$/.test(digits)) return digits;
	throw invalid(
		field,
		`holds "${shortened(written.trim())}", which is no ten-digit phone number of the United States or Canada`,
		'Write it like (212) 345-6785 or +1 212 345 6785.',
	);
}

/**
 * Phone numbers from a text with commas, semicolons or new lines between them, or from a list. Each stands once.
 *
 * @throws OperationError `invalid` for the first that is none
 */
export function phoneNumbersOf(value: unknown, field: string): string[] {
	const parts = Array.isArray(value) ? value : String(value ?? '').split(/[,;\r\n]/);
	const written = parts.map((part) => {
		if (typeof part !== 'string' && typeof part !== 'number') {
			throw invalid(
				field,
				'must be text or a list of phone numbers',
				'Look at the expression in this field.',
			);
		}
		return String(part).trim();
	});
	return [...new Set(written.filter((part) => part !== '').map((part) => phoneNumberOf(part, field)))];
}
