import type { ReadOperation } from '../../../shared/operation/types';
import { BALANCE_REQUEST, balanceIn } from '../../credit';

export const getBalance: ReadOperation<Record<string, never>> = {
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get credit balance',
		description: 'Read how much credit the main account has',
		hint: 'How much euro or email credit is left at MailPartner, and whether that is enough.',
	},
	fields: [],
	effect: 'reads',
	parameters: () => ({}),
	run: async (_parameters, step) => await step.read(BALANCE_REQUEST, balanceIn),
};
