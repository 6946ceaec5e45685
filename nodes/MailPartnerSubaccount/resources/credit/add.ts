import type { Operation } from '../../../shared/operation';
import { AMOUNT_FIELD, LEAST_AMOUNT, transfer, UNIT } from '../../credit';
import { referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

export const add: Operation<{ reference: Reference; amount: number }> = {
	option: {
		name: 'Add',
		value: 'add',
		action: 'Add credit to subaccount',
		description: 'Move credit from the main account to a sub-account',
	},
	fields: [SUBACCOUNT_FIELD, AMOUNT_FIELD],
	effect: 'spends',
	spendingLimit: { default: 100, unit: UNIT },

	parameters: (read) => ({
		reference: referenceIn(read),
		amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
	}),
	cost: ({ amount }) => amount,

	lookUp: async ({ reference }, call) => await tokenOf(call, reference),
	async run({ reference, amount }, call) {
		const token = await tokenOf(call, reference);
		return { token, amount, ...(await transfer(call, 'add', token, amount)) };
	},
};
