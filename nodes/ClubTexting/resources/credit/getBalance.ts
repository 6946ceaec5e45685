import type { Operation } from '../../../shared/operation';
import { BALANCE_REQUEST, balanceIn } from '../../credit';

export const getBalance: Operation<Record<string, never>> = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how many credits the account has',
	},
	fields: [],
	effect: 'reads',
	parameters: () => ({}),
	run: async (_parameters, call) => await call.read(BALANCE_REQUEST, balanceIn),
};
