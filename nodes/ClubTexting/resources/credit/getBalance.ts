import type { ReadOperation } from '../../../shared/operation/types';
import { BALANCE_REQUEST, balanceIn } from '../../credit';

export const getBalance: ReadOperation<Record<string, never>> = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how many credits the account has',
		hint: 'Checks the balance of texting: how many SMS credits are left, and whether we have enough.',
	},
	fields: [],
	effect: 'reads',
	parameters: () => ({}),
	run: async (_parameters, step) => await step.read(BALANCE_REQUEST, balanceIn),
};
