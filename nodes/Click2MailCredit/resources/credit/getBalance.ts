import type { Operation } from '../../../shared/operation';
import { BALANCE_REQUEST, balanceIn, CURRENCY } from '../../credit';

export const getBalance: Operation<Record<string, never>> = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how much credit the account has',
	},
	fields: [],
	effect: 'reads',
	parameters: () => ({}),
	async run(_parameters, call) {
		const { balance, allowNegative } = await call.read(BALANCE_REQUEST, balanceIn);
		return { balance, currency: CURRENCY, allowNegative };
	},
};
