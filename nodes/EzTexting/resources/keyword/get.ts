import { asAsked, booleanIn, listIn, needed, objectIn, textIn } from '../../../shared/http/response';
import type { ReadOperation } from '../../../shared/operation/types';
import { KEYWORD_FIELD, keywordIn, keywordPath } from '../../keyword';

/** Source: EZ Texting, API reference, "Keywords". */
export const get: ReadOperation<{ keyword: string }> = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get keyword',
		description: 'Read the settings of a keyword of the account',
		hint: 'What a keyword of EZ Texting answers, and which groups one joins by it.',
	},
	fields: [KEYWORD_FIELD],
	effect: 'reads',
	parameters: (read) => ({ keyword: keywordIn(read) }),

	run: async ({ keyword }, step) =>
		await step.read({ method: 'GET', path: keywordPath(keyword) }, (data) => {
			const entry = objectIn(data);
			return {
				keywordId: textIn(entry.id),
				keyword: asAsked(needed(textIn(entry.keyword), 'keyword'), keyword, 'keyword'),
				doubleOptIn: booleanIn(entry.doubleOptInEnabled),
				confirmMessage: textIn(entry.doubleOptInMessage),
				joinMessage: textIn(entry.joinMessage),
				forwardUrl: textIn(entry.forwardUrl),
				forwardEmails: listIn(entry.forwardEmails) ?? [],
				groupIds: listIn(entry.contactGroupIds) ?? [],
			};
		}),
};
