import type { ActOperation } from '../../../shared/operation/types';
import { KEYWORD_FIELD, keywordIn, keywordPath } from '../../keyword';
import { deletionIn } from '../../provider';

export const cancel: ActOperation<{ keyword: string }, { keyword: string }> = {
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel keyword',
		description: 'Give up a rented keyword. Somebody else may rent it then.',
		hint: 'Ends or returns a keyword that is no longer needed, and stops paying for it.',
	},
	fields: [KEYWORD_FIELD],
	effect: 'changes',
	warning:
		'This gives up the keyword and can’t be taken back: nobody joins by it any more, and somebody else may rent it.',
	deed: 'gave up the keyword',
	dryRunHelp: 'Whether to check the keyword and show what would be sent, without giving it up',
	parameters: (read) => ({ keyword: keywordIn(read) }),

	keep: ({ keyword }) => ({ keyword }),
	request: ({ keyword }) => ({
		request: { method: 'DELETE', path: keywordPath(keyword) },
		parse: (data) => deletionIn(data, 'keyword'),
	}),
	foresee: ({ keyword }) => ({ keyword, deleted: true }),
	output: ({ keyword }) => ({ keyword, deleted: true }),
};
