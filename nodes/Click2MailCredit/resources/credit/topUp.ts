import { orNull } from '../../../shared/errors';
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
import { ACCOUNT, CURRENCY, leastPurchase, purchaseOf, readBalance, type Receipt } from '../../credit';

const DOLLARS = { unit: CURRENCY, decimals: 2 };

export const topUp: ActOperation<TopUpRule, TopUpPlan, Receipt> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credit',
		description: 'Buy credit once when the balance is below a minimum',
		hint: 'Refills or recharges postage automatically, only when it gets low or falls under a minimum of dollars, to keep that.',
	},
	fields: [
		numberField('Minimum Balance (USD)', 'minimumBalance', 10, {
			typeOptions: { minValue: 0 },
			required: true,
			placeholder: 'e.g. 20',
			description: 'Buy only when the balance is below this',
		}),
		...neededWithoutLevel(
			numberField('Amount (USD)', 'amount', 0, {
				required: true,
				placeholder: 'e.g. 25',
				description:
					'How much credit to buy then, at least 10 US dollars (at staging any amount). Bought once, even if it is not enough. Not needed with the option “Top Up To”.',
			}),
		),
	],
	options: [topUpToField('USD')],
	effect: 'spends',
	warning: 'This charges your card when the balance is too low. A charge can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to read the balance and show what would be bought, without charging the card',
	comesOutAtLimit: true,
	chargesCard: true,
	spending: spentIfNeeded('USD', 100),
	takesCard: () => true,

	parameters: (read) => topUpRuleIn(read, { ...DOLLARS, least: leastPurchase(read.credential) }),

	keep: async (rule, step) => plannedTopUp(rule, DOLLARS, step, ACCOUNT, await readBalance(step)),
	request: (plan, _rule, card) => boughtBy(plan, ACCOUNT, (amount) => purchaseOf(amount, card())),

	foresee: ({ before, amount }) => ({ toppedUp: true, balanceBefore: before, amount, currency: CURRENCY }),
	async output({ before, amount }, receipt, step) {
		return {
			toppedUp: receipt !== undefined,
			balanceBefore: before,
			balanceAfter: receipt ? await orNull(readBalance(step)) : before,
			amount: receipt ? amount : 0,
			currency: CURRENCY,
		};
	},
};
