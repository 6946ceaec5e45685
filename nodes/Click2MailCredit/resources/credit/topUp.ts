import type { Call, Operation } from '../../../shared/operation';
import { orNull, topUp as topUpOnce } from '../../../shared/topUp';
import {
	BALANCE_REQUEST,
	balanceIn,
	CURRENCY,
	LEAST_PURCHASE,
	purchaseRequest,
	receiptIn,
} from '../../credit';

export const topUp: Operation<{ minimum: number; amount: number }> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credit',
		description: 'Buy credit once when the balance is below a minimum',
	},
	fields: [
		{
			displayName: 'Minimum Balance',
			name: 'minimumBalance',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 10,
			required: true,
			placeholder: 'e.g. 20',
			description: 'Buy only when the balance is below this, in US dollars',
		},
		{
			displayName: 'Amount',
			name: 'amount',
			type: 'number',
			typeOptions: { minValue: LEAST_PURCHASE, numberPrecision: 2 },
			default: LEAST_PURCHASE,
			required: true,
			placeholder: 'e.g. 25',
			description:
				'How much credit to buy then, in US dollars; at least 10. Bought once, even if it is not enough.',
		},
	],
	effect: 'spends',
	spendingLimit: { default: 100, unit: 'USD' },
	takesCard: () => true,

	parameters: (read) => ({
		minimum: read.number('minimumBalance', { min: 0, decimals: 2, unit: 'USD' }),
		amount: read.number('amount', { min: LEAST_PURCHASE, decimals: 2, unit: 'USD' }),
	}),

	async run({ minimum, amount }, call) {
		const { before, bought } = await topUpOnce(
			call,
			{ account: 'account', minimum, amount },
			async () => await readBalance(call),
			async () =>
				await call.act('purchase', {
					request: purchaseRequest(amount, call.card()),
					normalise: receiptIn,
					card: 'paymentCardApi',
					cost: amount,
				}),
		);
		return {
			toppedUp: bought !== undefined,
			balanceBefore: before,
			balanceAfter: bought
				? await orNull(call.once('balanceAfter', async () => await readBalance(call)))
				: before,
			amount: bought ? amount : 0,
			currency: CURRENCY,
		};
	},
};

async function readBalance(call: Call): Promise<number> {
	return (await call.read(BALANCE_REQUEST, balanceIn)).balance;
}
