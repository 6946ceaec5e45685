import { asAsked, booleanIn, needed, objectIn, textIn } from '../../../shared/http/response';
import type { ReadOperation } from '../../../shared/operation/types';
import { KEYWORD_FIELD, keywordIn, keywordPath } from '../../keyword';

/** Source: EZ Texting, API reference, "Keywords". */
export const checkAvailability: ReadOperation<{ keyword: string }> = {
	option: {
		name: 'Check Availability',
		value: 'checkAvailability',
		action: 'Check keyword availability',
		description: 'Find out whether a keyword is free',
		hint: 'Whether a keyword can still be had at EZ Texting or is no longer available. Renting one is done in its web product.',
	},
	fields: [KEYWORD_FIELD],
	effect: 'reads',
	parameters: (read) => ({ keyword: keywordIn(read) }),

	run: async ({ keyword }, step) =>
		await step.read({ method: 'GET', path: `${keywordPath(keyword)}/check` }, (data) => ({
			keyword: asAsked(textIn(objectIn(data).keyword), keyword, 'keyword'),
			available: needed(booleanIn(objectIn(data).available), 'availability'),
		})),
};
