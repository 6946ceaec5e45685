import type { Operation } from '../../../shared/operation';
import { topUp as topUpOnce } from '../../../shared/topUp';
import { AMOUNT_FIELD, LEAST_AMOUNT, transfer, UNIT } from '../../credit';
import { findSubaccount, referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

export const topUp: Operation<{ reference: Reference; minimum: number; amount: number }> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credit of subaccount',
		description: 'Move credit to a sub-account once when its balance is below a minimum',
	},
	fields: [
		SUBACCOUNT_FIELD,
		{
			displayName: 'Minimum Balance',
			name: 'minimumBalance',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 10,
			required: true,
			placeholder: 'e.g. 5',
			description: 'Move credit only when the sub-account has less than this, in euro',
		},
		AMOUNT_FIELD,
	],
	effect: 'spends',
	spendingLimit: { default: 100, unit: UNIT },

	parameters: (read) => ({
		reference: referenceIn(read),
		minimum: read.number('minimumBalance', { min: 0, decimals: 3, unit: UNIT }),
		amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
	}),

	lookUp: async ({ reference }, call) => await tokenOf(call, reference),
	async run({ reference, minimum, amount }, call) {
		const token = await tokenOf(call, reference);
		const { before, bought } = await topUpOnce(
			call,
			{ account: token, minimum, amount },
			async () => (await findSubaccount(call.read, { by: 'token', value: token })).subaccount.balance,
			async () => await transfer(call, 'add', token, amount),
		);
		return {
			token,
			toppedUp: bought !== undefined,
			balanceBefore: before,
			balanceAfter: bought?.subaccountBalance ?? before,
			amount: bought ? amount : 0,
			accountBalance: bought?.accountBalance ?? null,
			currency: bought?.currency ?? UNIT,
		};
	},
};
