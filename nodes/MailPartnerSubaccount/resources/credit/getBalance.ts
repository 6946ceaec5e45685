import type { IDataObject } from 'n8n-workflow';
import { reads } from '../../../shared/declarative';
import { masked } from '../../../shared/mask';
import type { DeclarativeOperation } from '../../../shared/operation';
import { needed, numberIn, objectIn, textIn } from '../../../shared/reply';
import { UNIT } from '../../credit';
import { mailPartner } from '../../provider';

export const getBalance: DeclarativeOperation = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how much credit the main account has',
		routing: reads(mailPartner, 'credit.getBalance', async ({ read, option, mask }) => {
			const { reply, balance } = await read({ method: 'GET', path: '/me' }, (data) => ({
				reply: data,
				balance: balanceIn(data),
			}));
			return [
				{
					...balance,
					...(option('includeRawReply') === true && { raw: masked(reply, mask) as IDataObject }),
				},
			];
		}),
	},
	fields: [],
	effect: 'reads',
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
