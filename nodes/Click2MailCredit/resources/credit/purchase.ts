import { orNull } from '../../../shared/topUp';
import type { Operation } from '../../../shared/operation';
import {
	BALANCE_REQUEST,
	balanceIn,
	CURRENCY,
	LEAST_PURCHASE,
	purchaseRequest,
	receiptIn,
} from '../../credit';

export const purchase: Operation<{ amount: number; readBalance: boolean }> = {
	option: {
		name: 'Purchase',
		value: 'purchase',
		action: 'Purchase credit',
		description: 'Buy credit with a payment card. The card is charged at once.',
	},
	fields: [
		{
			displayName: 'Amount',
			name: 'amount',
			type: 'number',
			typeOptions: { minValue: LEAST_PURCHASE, numberPrecision: 2 },
			default: LEAST_PURCHASE,
			required: true,
			placeholder: 'e.g. 25',
			description: 'How much credit to buy, in US dollars; at least 10',
		},
	],
	options: [
		{
			displayName: 'Read Balance',
			name: 'readBalance',
			type: 'boolean',
			default: true,
			description: 'Whether to read the new balance afterwards, which Click2Mail’s receipt does not show',
		},
	],
	effect: 'spends',
	spendingLimit: { default: 100, unit: 'USD' },
	takesCard: () => true,

	parameters: (read) => ({
		amount: read.number('amount', { min: LEAST_PURCHASE, decimals: 2, unit: 'USD' }),
		readBalance: read.boolean('options.readBalance'),
	}),
	cost: ({ amount }) => amount,

	async run({ amount, readBalance }, call) {
		const receipt = await call.act('purchase', {
			request: purchaseRequest(amount, call.card()),
			normalise: receiptIn,
			card: 'paymentCardApi',
			cost: amount,
		});
		const after = readBalance
			? await orNull(call.once('balanceAfter', async () => await call.read(BALANCE_REQUEST, balanceIn)))
			: null;
		return {
			purchased: true,
			amount,
			currency: CURRENCY,
			...receipt,
			balance: after?.balance ?? null,
		};
	},
};
