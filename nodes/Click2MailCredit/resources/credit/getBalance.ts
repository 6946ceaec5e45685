import { readingBalance } from '../../../shared/operation/balance';
import { BALANCE_REQUEST, balanceIn, CURRENCY } from '../../credit';

export const getBalance = readingBalance(
	{
		description: 'Read how much credit the account has',
		hint: 'Checks the balance of postage at Click2Mail: how much money is left, and whether that is enough.',
	},
	async (step) => {
		const { balance, allowNegative } = await step.read(BALANCE_REQUEST, balanceIn);
		return { balance, currency: CURRENCY, allowNegative };
	},
);
