import type { ActOperation } from '../../../shared/operation/types';
import { KEYWORD_FIELD, keywordIn, keywordPath } from '../../keyword';
import { deletionIn } from '../../provider';

export const cancel: ActOperation<{ keyword: string }, undefined, { keyword: string }> = {
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel keyword',
		description: 'Give up a rented keyword. Somebody else may rent it then.',
	},
	fields: [KEYWORD_FIELD],
	effect: 'changes',
	parameters: (read) => ({ keyword: keywordIn(read) }),
	cost: () => 0,

	find: ({ keyword }) => ({ keyword }),
	act: ({ keyword }) => ({
		request: { method: 'DELETE', path: keywordPath(keyword) },
		parse: (data) => deletionIn(data, 'keyword'),
	}),
	output: ({ keyword }) => ({ keyword, deleted: true }),
};
