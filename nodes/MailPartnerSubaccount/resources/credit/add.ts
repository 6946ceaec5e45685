import type { ActOperation } from '../../../shared/operation/types';
import { amountField, LEAST_AMOUNT, transfer, UNIT, type Transfer } from '../../credit';
import { referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

interface Parameters {
	reference: Reference;
	amount: number;
}

export const add: ActOperation<Parameters, string, { token: string; amount: number }, Transfer> = {
	option: {
		name: 'Add',
		value: 'add',
		action: 'Add credit to sub-account',
		description: 'Move credit from the main account to a sub-account',
		builderHint: { propertyHint: 'Gives a reseller’s customer credit, in euro.' },
	},
	fields: [SUBACCOUNT_FIELD, amountField('How much credit to move from the main account to the sub-account')],
	effect: 'spends',
	warning: 'This moves credit from the main account to the sub-account.',
	deed: 'moved the credit',
	dryRunHelp: 'Whether to look up the sub-account and show what would be sent, without giving it credit',
	spending: { default: 100, unit: UNIT, cost: ({ amount }) => amount },

	parameters: (read) => ({
		reference: referenceIn(read),
		amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
	}),

	lane: (_parameters, token) => token,
	resolve: async ({ reference }, step) => await tokenOf(step, reference),
	keep: ({ amount }, _step, token) => ({ token, amount }),
	request: ({ token, amount }) => transfer('add', token, amount),
	foresee: ({ token, amount }) => ({ token, amount, currency: UNIT }),
	output: ({ token, amount }, transferred) => ({ token, amount, ...transferred }),
};
