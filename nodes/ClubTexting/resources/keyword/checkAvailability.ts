import { isRefused, orElse } from '../../../shared/errors';
import type { ReadOperation } from '../../../shared/operation/types';
import { asAsked, booleanIn, needed, objectIn, textIn } from '../../../shared/http/response';
import { KEYWORD_FIELD, keywordIn } from '../../keyword';

export const checkAvailability: ReadOperation<{ keyword: string }> = {
	option: {
		name: 'Check Availability',
		value: 'checkAvailability',
		action: 'Check keyword availability',
		description: 'Find out whether a keyword can be rented in the country of the account',
		hint: 'Checks whether a keyword is available, still free or taken.',
	},
	fields: [KEYWORD_FIELD],
	effect: 'reads',
	parameters: (read) => ({ keyword: keywordIn(read) }),

	async run({ keyword }, step) {
		const answer = step.read(
			{ method: 'GET', path: '/keywords/new', query: { Keyword: keyword } },
			(data) => {
				const entry = objectIn(data);
				return {
					keyword: asAsked(textIn(entry.Keyword), keyword, 'keyword'),
					available: needed(booleanIn(entry.Available), 'availability'),
				};
			},
		);
		return await orElse(answer, { keyword, available: false }, (error) => saysUnavailable(error, keyword));
	},
};

/** Club Texting answers for a keyword that is taken with an error such as "Keyword: The keyword 'X' is unavailable". */
function saysUnavailable(error: unknown, keyword: string): boolean {
	return (
		isRefused(error) &&
		/keyword/i.test(error.message.replaceAll(keyword, '')) &&
		/\b(is|are) (unavailable|not available)\b/i.test(error.message)
	);
}
