import { invalid } from '../shared/errors';
import { boundedText } from '../shared/operation/bounds';
import { composed, countedLength, named, removed, replaced, unsupportedIn } from './characters';

/** What to do with characters that Club Texting does not take. */
type UnsupportedCharacters = 'reject' | 'replace' | 'remove';

export type Delivery = 'express' | 'standard';

/** The longest subject. Source: Club Texting, REST API documentation. */
export const LONGEST_SUBJECT = 13;

/** Putting the accents of one letter in order takes as the square of their number: n8n stands still meanwhile. */
const LONGEST_WRITTEN = 5000;

/** The longest subject and message together. Source: the same, note under "Sending SMS Messages". */
function longestText(delivery: Delivery, country: string): number {
	if (delivery === 'standard') return 130;
	return country === 'ca' ? 136 : 160;
}

/**
 * A text in the characters that Club Texting takes, its letters and accents composed, its line breaks line feeds.
 *
 * @param provider as texts name it
 * @throws OperationError `invalid`, showing the characters that are in the way
 */
export function supported(text: string, field: string, treatment: UnsupportedCharacters, provider: string) {
	boundedText(text, field, LONGEST_WRITTEN);
	if (treatment === 'remove') return removed(text);
	const result = treatment === 'replace' ? replaced(text) : composed(text);
	const unsupported = unsupportedIn(result);
	if (unsupported.length === 0) return result;
	const shown = unsupported.slice(0, 10).map(named).join(', ') + (unsupported.length > 10 ? ', …' : '');
	throw invalid(
		field,
		`contains characters that ${provider} does not send: ${shown}`,
		treatment === 'replace'
			? 'Nothing that can be sent means the same. Write it in other words, or set “Unsupported Characters” to Remove.'
			: 'Take them out, or set the option “Unsupported Characters” to Replace or Remove.',
	);
}

/**
 * Checks the length of a message with its subject, counted as Club Texting counts.
 *
 * @throws OperationError `invalid`
 */
export function assertFits(message: string, subject: string, delivery: Delivery, country: string): void {
	const longest = longestText(delivery, country);
	const length = countedLength(message) + countedLength(subject);
	if (length <= longest) return;
	const together = subject === '' ? '' : ' together with its subject';
	throw invalid(
		'Message',
		`has ${length} characters${together}; ${delivery} delivery takes ${longest}${delivery === 'express' ? ` in ${country === 'ca' ? 'Canada' : 'the United States'}` : ''}`,
		'Shorten it. A line break counts as two characters.',
	);
}
