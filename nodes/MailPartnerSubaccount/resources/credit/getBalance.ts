import { readingBalance } from '../../../shared/operation/balance';
import { BALANCE_REQUEST, balanceIn } from '../../credit';

export const getBalance = readingBalance(
	{
		description: 'Read how much credit the main account has',
		hint: 'How much euro or email credit is left at MailPartner, and whether that is enough.',
	},
	async (step) => await step.read(BALANCE_REQUEST, balanceIn),
);
