import { readingBalance } from '../../../shared/operation/balance';
import { BALANCE_REQUEST, balanceIn } from '../../credit';

export const getBalance = readingBalance(
	{
		description: 'Read how many credits the account has',
		hint: 'Checks the balance of texting: how many SMS credits are left, and whether we have enough.',
	},
	async (step) => await step.read(BALANCE_REQUEST, balanceIn),
);
