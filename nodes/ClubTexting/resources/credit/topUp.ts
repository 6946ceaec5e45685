import { COUPON_CODE, couponCodeIn } from '../../../shared/operation/coupon';
import {
	neededWithoutLevel,
	plannedTopUp,
	topUpRuleIn,
	topUpToField,
	type TopUpPlan,
	type TopUpRule,
} from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { BALANCE_REQUEST, balanceIn, buyCredits, type Bought } from '../../credit';
import { PAYMENT_FIELDS, paymentIn, type Payment } from '../../payment';
import { NUMBER_OF_CREDITS } from './buy';

interface TopUp extends TopUpRule {
	payment: Payment;
	couponCode: string;
}

const ACCOUNT = 'account';
const CREDITS = { unit: 'credits', decimals: 0, least: 1 };

export const topUp: ActOperation<TopUp, undefined, TopUpPlan, Bought> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credits',
		description: 'Buy credits once when the account has fewer than a minimum',
		builderHint: { propertyHint: 'Refills SMS credits only when they are low.' },
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
		...PAYMENT_FIELDS,
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
	takesCard: ({ payment }) => payment.method === 'card',

	parameters: (read) => ({
		...topUpRuleIn(read, { minimum: 'minimumCredits', amount: 'numberOfCredits' }, CREDITS),
		payment: paymentIn(read),
		couponCode: couponCodeIn(read),
	}),

	async keep(rule, step) {
		const { totalCredits } = await step.read(BALANCE_REQUEST, balanceIn);
		return plannedTopUp(rule, CREDITS, step, ACCOUNT, totalCredits);
	},
	request({ isLow, amount, expected }, { payment, couponCode }, card) {
		if (!isLow) return undefined;
		return {
			...buyCredits({ numberOfCredits: amount, payment, couponCode }, card),
			expectedBalance: { account: ACCOUNT, amount: expected },
		};
	},
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
