import { COUPON_CODE } from '../../../shared/operation/coupon';
import {
	neededWithoutLevel,
	plannedTopUp,
	topUpRuleIn,
	topUpToField,
	type TopUpPlan,
	type TopUpRule,
} from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { ACCOUNT, buyCredits, NUMBER_OF_CREDITS, purchaseIn, STORED_CARD, type Purchase } from '../../credit';
import { boughtItem, totalOf } from './buy';

interface TopUp extends TopUpRule {
	purchase: Purchase;
}

const CREDITS = { unit: 'credits', decimals: 0, least: 1 };

export const topUp: ActOperation<TopUp, undefined, TopUpPlan, { reply: unknown }> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credits',
		description: 'Buy credits once when the account has fewer than a minimum',
	},
	fields: [
		{
			displayName: 'Minimum Credits',
			name: 'minimumCredits',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 100,
			required: true,
			placeholder: 'e.g. 500',
			description: 'Buy only when the account has fewer credits than this, plan and anytime credits together',
		},
		...neededWithoutLevel({
			...NUMBER_OF_CREDITS,
			description:
				'How many credits to buy then. Bought once, even if it is not enough. Not needed with the option “Top Up To”.',
		}),
		STORED_CARD,
	],
	options: [COUPON_CODE, topUpToField('Credits')],
	effect: 'spends',
	warning: 'This charges your card when the account has too few credits. A charge can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to read the balance and show what would be bought, without charging the card',
	comesOutAtLimit: true,
	chargesCard: true,
	spending: {
		default: 5000,
		unit: 'credits',
		cost: (_rule, kept) => Number(kept?.amount),
		onlyIfNeeded: true,
	},

	parameters: (read) => ({
		...topUpRuleIn(read, { minimum: 'minimumCredits', amount: 'numberOfCredits' }, CREDITS),
		purchase: purchaseIn(read, true),
	}),

	keep: async (rule, step) => plannedTopUp(rule, CREDITS, step, ACCOUNT, await totalOf(step)),
	request({ isLow, amount, expected }, { purchase }) {
		if (!isLow) return undefined;
		return {
			...buyCredits({ ...purchase, numberOfCredits: amount }, 0),
			expectedBalance: { account: ACCOUNT, amount: expected },
		};
	},
	foresee: ({ before, amount }) => ({ toppedUp: true, boughtCredits: amount, creditsBefore: before }),
	async output({ before, amount }, bought, step) {
		if (bought) {
			return {
				toppedUp: true,
				...(await boughtItem({ before, numberOfCredits: amount }, bought.reply, step)),
			};
		}
		return {
			toppedUp: false,
			boughtCredits: 0,
			creditsBefore: before,
			creditsAfter: before,
			confirmed: false,
			reply: null,
		};
	},
};
