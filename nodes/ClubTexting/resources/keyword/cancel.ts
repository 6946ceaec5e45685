import { UnrecognisedReply } from '../../../shared/reply';
import type { Operation } from '../../../shared/operation';
import { KEYWORD_FIELD, keywordIn, keywordPath } from '../../keyword';
import { DELETED } from '../../provider';

export const cancel: Operation<{ keyword: string }> = {
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

	async run({ keyword }, call) {
		await call.act('cancel', {
			request: { method: 'DELETE', path: keywordPath(keyword) },
			normalise(data) {
				if (data !== DELETED)
					throw new UnrecognisedReply('the reply does not say that the keyword is deleted');
				return 1;
			},
		});
		return { keyword, deleted: true };
	},
};
