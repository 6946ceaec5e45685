import type { ActOperation } from '../../../shared/operation/types';
import { amountField, LEAST_AMOUNT, transfer, UNIT, type Transfer } from '../../credit';
import { referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

interface Parameters {
	reference: Reference;
	amount: number;
}

export const remove: ActOperation<Parameters, string, { token: string; amount: number }, Transfer> = {
	option: {
		name: 'Remove',
		value: 'remove',
		action: 'Remove credit from sub-account',
		description: 'Move credit from a sub-account back to the main account',
		builderHint: { propertyHint: 'Takes credit back from a reseller’s customer, in euro.' },
	},
	fields: [
		SUBACCOUNT_FIELD,
		amountField('How much credit to move from the sub-account back to the main account'),
	],
	effect: 'changes',
	warning: 'This moves credit from the sub-account back to the main account.',
	deed: 'moved the credit',
	dryRunHelp: 'Whether to look up the sub-account and show what would be sent, without taking its credit',

	parameters: (read) => ({
		reference: referenceIn(read),
		amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
	}),

	lane: (_parameters, token) => token,
	resolve: async ({ reference }, step) => await tokenOf(step, reference),
	keep: ({ amount }, _step, token) => ({ token, amount }),
	request: ({ token, amount }) => transfer('remove', token, amount),
	foresee: ({ token, amount }) => ({ token, amount, currency: UNIT }),
	output: ({ token, amount }, transferred) => ({ token, amount, ...transferred }),
};
