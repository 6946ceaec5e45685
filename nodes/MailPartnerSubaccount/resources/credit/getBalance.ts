import type { IDataObject } from 'n8n-workflow';
import { needed, numberIn, objectIn, textIn } from '../../../shared/http/response';
import type { ReadOperation } from '../../../shared/operation/types';
import { UNIT } from '../../credit';

export const getBalance: ReadOperation<Record<string, never>> = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how much credit the main account has',
	},
	fields: [],
	effect: 'reads',
	parameters: () => ({}),
	run: async (_parameters, step) => await step.read({ method: 'GET', path: '/me' }, balanceIn),
};

/** Source: MailPartner, credits. @throws UnrecognisedReply without a balance */
function balanceIn(data: unknown): IDataObject {
	const reply = objectIn(data);
	const credits = objectIn(reply.credits);
	return {
		username: textIn(objectIn(reply.user).username),
		balance: needed(numberIn(credits.balance), 'balance'),
		emailCredits: numberIn(credits.creditMail),
		currency: textIn(credits.currency) ?? UNIT,
	};
}
