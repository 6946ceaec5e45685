import { judgeBalance, type TopUpFindings } from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { amountField, LEAST_AMOUNT, transfer, UNIT, type Transfer } from '../../credit';
import { findSubaccount, referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

interface TopUp {
	reference: Reference;
	minimum: number;
	amount: number;
}

type Findings = TopUpFindings & { token: string; amount: number };

export const topUp: ActOperation<TopUp, string, Findings, Transfer> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credit of sub-account',
		description: 'Move credit to a sub-account once when its balance is below a minimum',
	},
	fields: [
		SUBACCOUNT_FIELD,
		{
			displayName: 'Minimum Balance (EUR)',
			name: 'minimumBalance',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 10,
			required: true,
			placeholder: 'e.g. 5',
			description: 'Move credit only when the sub-account has less than this',
		},
		amountField('How much credit to move then from the main account to the sub-account'),
	],
	effect: 'spends',
	warning: 'This moves credit from the main account to the sub-account when the sub-account has too little.',
	deed: 'moved the credit',
	dryRunHelp: 'Whether to read the balance and show what would be sent, without moving credit',
	comesOutAtLimit: true,
	spending: { default: 100, unit: UNIT, cost: ({ amount }) => amount, onlyIfNeeded: true },

	parameters: (read) => ({
		reference: referenceIn(read),
		minimum: read.number('minimumBalance', { min: 0, decimals: 3, unit: UNIT }),
		amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
	}),

	lane: (_parameters, token) => token,
	resolve: async ({ reference }, step) => await tokenOf(step, reference),
	async keep({ minimum, amount }, step, token) {
		const balance =
			step.balances.get(token) ??
			(await findSubaccount(step, { by: 'token', value: token })).subaccount.balance;
		return { ...judgeBalance(balance, minimum, 3), token, amount };
	},
	request({ isLow, before, token, amount }) {
		if (!isLow) return undefined;
		return {
			...transfer('add', token, amount),
			expectedBalance: { account: token, amount: before + amount },
		};
	},
	output: ({ token, before, amount }, moved) => ({
		token,
		toppedUp: moved !== undefined,
		balanceBefore: before,
		balanceAfter: moved?.subaccountBalance ?? before,
		amount: moved ? amount : 0,
		accountBalance: moved?.accountBalance ?? null,
		currency: moved?.currency ?? UNIT,
	}),
};
