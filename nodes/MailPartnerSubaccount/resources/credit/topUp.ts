import { numberField } from '../../../shared/operation/fields';
import {
	boughtBy,
	neededWithoutLevel,
	plannedTopUp,
	spentIfNeeded,
	topUpRuleIn,
	topUpToField,
	type TopUpPlan,
	type TopUpRule,
} from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { amountField, LEAST_AMOUNT, transfer, UNIT, type Transfer } from '../../credit';
import { findSubaccount, referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from '../../subaccount';

interface TopUp extends TopUpRule {
	reference: Reference;
}

type Kept = TopUpPlan & { token: string };

const EURO = { unit: UNIT, decimals: 3, least: LEAST_AMOUNT };

export const topUp: ActOperation<TopUp, Kept, Transfer, string> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credit of sub-account',
		description: 'Move credit to a sub-account once when its balance is below a minimum',
		hint: 'Refills or recharges a client’s or customer’s sub-account when it runs low, so as to keep a minimum and never to run out.',
	},
	fields: [
		SUBACCOUNT_FIELD,
		numberField('Minimum Balance (EUR)', 'minimumBalance', 10, {
			typeOptions: { minValue: 0 },
			required: true,
			placeholder: 'e.g. 5',
			description: 'Move credit only when the sub-account has less than this',
		}),
		...neededWithoutLevel(
			amountField(
				'How much credit to move then from the main account to the sub-account, if the option “Top Up To” is not used',
			),
		),
	],
	options: [topUpToField('EUR')],
	effect: 'spends',
	warning: 'This moves credit from the main account to the sub-account when the sub-account has too little.',
	deed: 'moved the credit',
	dryRunHelp: 'Whether to read the balance and show what would be sent, without moving credit',
	comesOutAtLimit: true,
	spending: spentIfNeeded(UNIT, 100),

	parameters: (read) => ({
		reference: referenceIn(read),
		...topUpRuleIn(read, EURO),
	}),

	lane: (_parameters, token) => token,
	resolve: async ({ reference }, step) => await tokenOf(step, reference),
	async keep(rule, step, token) {
		const balance =
			step.balances.get(token) ?? (await findSubaccount(step, { by: 'token', value: token })).value.balance;
		return { ...plannedTopUp(rule, EURO, step, token, balance), token };
	},
	request: (plan) => boughtBy(plan, plan.token, (amount) => transfer('add', plan.token, amount)),
	foresee: ({ token, before, amount }) => ({
		token,
		toppedUp: true,
		balanceBefore: before,
		amount,
		currency: UNIT,
	}),
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
