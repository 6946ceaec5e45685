import { COUPON_CODE, couponCodeIn } from '../../../shared/operation/coupon';
import type { ActOperation } from '../../../shared/operation/types';
import { BUYING, NUMBER_OF_CREDITS } from '../../../shared/sms/credits';
import { buyCredits, type Bought } from '../../credit';
import { PAYMENT_FIELDS, paymentIn, type Payment } from '../../payment';

interface Buy {
	numberOfCredits: number;
	payment: Payment;
	couponCode: string;
}

export const buy: ActOperation<Buy, Record<string, never>, Bought> = {
	option: {
		name: 'Buy',
		value: 'buy',
		action: 'Buy credits',
		description: 'Buy credits. The card is charged at once.',
		hint: 'Buys or purchases more SMS credits for texting, as many as are asked for.',
	},
	fields: [NUMBER_OF_CREDITS, ...PAYMENT_FIELDS],
	options: [COUPON_CODE],
	...BUYING,
	spending: { default: 5000, unit: 'credits', cost: ({ numberOfCredits }) => numberOfCredits },
	takesCard: ({ payment }) => payment.method === 'card',

	parameters: (read) => ({
		numberOfCredits: read.number('numberOfCredits', { min: 1, decimals: 0, unit: 'credits' }),
		payment: paymentIn(read),
		couponCode: couponCodeIn(read),
	}),

	request: (_found, { numberOfCredits, ...paid }, card) => buyCredits(numberOfCredits, paid, card),
	foresee: (_found, { numberOfCredits }) => ({ boughtCredits: numberOfCredits }),
	output: (_found, bought) => bought!,
};
