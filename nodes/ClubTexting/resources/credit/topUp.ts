import { COUPON_CODE, couponCodeIn } from '../../../shared/operation/coupon';
import {
	boughtBy,
	plannedTopUp,
	topUpRuleIn,
	topUpToField,
	type TopUpPlan,
	type TopUpRule,
} from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { ACCOUNT, CREDITS, TOP_UP_FIELDS, TOPPING_UP } from '../../../shared/sms/credits';
import { BALANCE_REQUEST, balanceIn, buyCredits, type Bought } from '../../credit';
import { PAYMENT_FIELDS, paymentIn, type Payment } from '../../payment';

interface TopUp extends TopUpRule {
	payment: Payment;
	couponCode: string;
}

export const topUp: ActOperation<TopUp, TopUpPlan, Bought> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credits',
		description: 'Buy credits once when the account has fewer than a minimum',
		hint: 'Tops up, buys, refills or recharges SMS text credits automatically, only when they run low, so as always to have at least a minimum and never to run out.',
	},
	fields: [...TOP_UP_FIELDS, ...PAYMENT_FIELDS],
	options: [COUPON_CODE, topUpToField('Credits')],
	...TOPPING_UP,
	takesCard: ({ payment }) => payment.method === 'card',

	parameters: (read) => ({
		...topUpRuleIn(read, CREDITS, { minimum: 'minimumCredits', amount: 'numberOfCredits' }),
		payment: paymentIn(read),
		couponCode: couponCodeIn(read),
	}),

	async keep(rule, step) {
		const { totalCredits } = await step.read(BALANCE_REQUEST, balanceIn);
		return plannedTopUp(rule, CREDITS, step, ACCOUNT, totalCredits);
	},
	request: (plan, paid, card) => boughtBy(plan, ACCOUNT, (amount) => buyCredits(amount, paid, card)),
	foresee: ({ before, amount }) => ({ toppedUp: true, creditsBefore: before, boughtCredits: amount }),
	output: ({ before }, bought) => ({
		toppedUp: bought !== undefined,
		creditsBefore: before,
		// The receipt shows the new total; no further request is needed.
		creditsAfter: bought?.totalCredits ?? before,
		boughtCredits: bought?.boughtCredits ?? 0,
		amount: bought ? bought.amount : 0,
	}),
};
