import type { ReadOperation } from '../../../shared/operation/types';
import { BALANCE_REQUEST, balanceIn, CURRENCY } from '../../credit';

export const getBalance: ReadOperation<Record<string, never>> = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how much credit the account has',
		hint: 'The balance of postage: how much money is left, and whether that is enough.',
	},
	fields: [],
	effect: 'reads',
	parameters: () => ({}),
	async run(_parameters, step) {
		const { balance, allowNegative } = await step.read(BALANCE_REQUEST, balanceIn);
		return { balance, currency: CURRENCY, allowNegative };
	},
};
