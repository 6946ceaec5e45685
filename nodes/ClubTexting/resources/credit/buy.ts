import type { INodeProperties } from 'n8n-workflow';
import type { ActOperation } from '../../../shared/operation/types';
import { buyCredits, type Bought } from '../../credit';
import { PAYMENT_FIELDS, paymentIn, type Payment } from '../../payment';

/** Shared with the top-up. */
export const NUMBER_OF_CREDITS: INodeProperties = {
	displayName: 'Number of Credits',
	name: 'numberOfCredits',
	type: 'number',
	default: 0,
	required: true,
	placeholder: 'e.g. 1000',
	description:
		'How many credits to buy. Bought for each item: with “Always Output Data”, the node before hands on an empty item where it found nothing.',
};

interface Buy {
	numberOfCredits: number;
	payment: Payment;
	couponCode: string;
}

export const buy: ActOperation<Buy, undefined, Record<string, never>, Bought> = {
	option: {
		name: 'Buy',
		value: 'buy',
		action: 'Buy credits',
		description: 'Buy credits. The card is charged at once.',
	},
	fields: [NUMBER_OF_CREDITS, ...PAYMENT_FIELDS],
	options: [
		{
			displayName: 'Coupon Code',
			name: 'couponCode',
			type: 'string',
			default: '',
			description: 'A coupon or promotional code',
		},
	],
	effect: 'spends',
	chargesCard: true,
	spendingLimit: { default: 5000, unit: 'credits' },
	takesCard: ({ payment }) => payment.method === 'card',

	parameters: (read) => ({
		numberOfCredits: read.number('numberOfCredits', { min: 1, decimals: 0, unit: 'credit' }),
		payment: paymentIn(read),
		couponCode: read.meant('options.couponCode'),
	}),
	cost: ({ numberOfCredits }) => numberOfCredits,

	find: () => ({}),
	act: (_found, parameters, card) => buyCredits(parameters, card),
	output: (_found, bought) => bought!,
};
