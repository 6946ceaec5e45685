import type { Operation } from '../../../shared/operation';
import { AMOUNT_FIELD, LEAST_AMOUNT, transfer, UNIT } from '../../credit';
import { referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

export const remove: Operation<{ reference: Reference; amount: number }> = {
	option: {
		name: 'Remove',
		value: 'remove',
		action: 'Remove credit from subaccount',
		description: 'Move credit from a sub-account back to the main account',
	},
	fields: [SUBACCOUNT_FIELD, AMOUNT_FIELD],
	effect: 'changes',

	parameters: (read) => ({
		reference: referenceIn(read),
		amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
	}),
	// What comes back costs nothing.
	cost: () => 0,

	lookUp: async ({ reference }, call) => await tokenOf(call, reference),
	async run({ reference, amount }, call) {
		const token = await tokenOf(call, reference);
		return { token, amount, ...(await transfer(call, 'remove', token, amount)) };
	},
};
