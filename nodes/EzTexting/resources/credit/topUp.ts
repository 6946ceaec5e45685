import { COUPON_CODE } from '../../../shared/operation/coupon';
import {
	plannedTopUp,
	topUpRuleIn,
	topUpToField,
	type TopUpPlan,
	type TopUpRule,
} from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { ACCOUNT, CREDITS, TOP_UP_FIELDS, TOPPING_UP } from '../../../shared/sms/credits';
import { buyCredits, paymentIn, STORED_CARD, type Payment } from '../../credit';
import { boughtItem, totalOf } from './buy';

export const topUp: ActOperation<TopUpRule & { payment: Payment }, TopUpPlan, { reply: unknown }> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credits',
		description: 'Buy credits once when the account has fewer than a minimum',
		hint: 'Refills or recharges SMS credits of EZ Texting automatically, only when they get low.',
	},
	fields: [...TOP_UP_FIELDS, STORED_CARD],
	options: [COUPON_CODE, topUpToField('Credits')],
	...TOPPING_UP,

	parameters: (read) => ({
		...topUpRuleIn(read, CREDITS, { minimum: 'minimumCredits', amount: 'numberOfCredits' }),
		payment: paymentIn(read),
	}),

	keep: async (rule, step) => plannedTopUp(rule, CREDITS, step, ACCOUNT, await totalOf(step)),
	request: (plan, { payment }) => (plan.amount === 0 ? undefined : buyCredits(plan, payment)),
	foresee: ({ before, amount }) => ({ toppedUp: true, boughtCredits: amount, creditsBefore: before }),
	async output(plan, bought, step) {
		if (bought) return { toppedUp: true, ...(await boughtItem(plan, bought.reply, step)) };
		return {
			toppedUp: false,
			boughtCredits: 0,
			creditsBefore: plan.before,
			creditsAfter: plan.before,
			confirmed: false,
			reply: null,
		};
	},
};
