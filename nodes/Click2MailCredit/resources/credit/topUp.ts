import { orNull } from '../../../shared/errors';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { judgeBalance, type TopUpFindings } from '../../../shared/operation/topUp';
import { BALANCE_REQUEST, balanceIn, CURRENCY, leastPurchase, purchaseOf, type Receipt } from '../../credit';

interface TopUp {
	minimum: number;
	amount: number;
}

const ACCOUNT = 'account';

export const topUp: ActOperation<TopUp, undefined, TopUpFindings & { amount: number }, Receipt> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credit',
		description: 'Buy credit once when the balance is below a minimum',
	},
	fields: [
		{
			displayName: 'Minimum Balance (USD)',
			name: 'minimumBalance',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 10,
			required: true,
			placeholder: 'e.g. 20',
			description: 'Buy only when the balance is below this',
		},
		{
			displayName: 'Amount (USD)',
			name: 'amount',
			type: 'number',
			default: 0,
			required: true,
			placeholder: 'e.g. 25',
			description:
				'How much credit to buy then, at least 10 US dollars (at staging any amount). Bought once, even if it is not enough.',
		},
	],
	effect: 'spends',
	warning: 'This charges your card when the balance is too low. A charge can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to read the balance and show what would be bought, without charging the card',
	comesOutAtLimit: true,
	chargesCard: true,
	spending: { default: 100, unit: 'USD', cost: ({ amount }) => amount, onlyIfNeeded: true },
	takesCard: () => true,

	parameters: (read) => ({
		minimum: read.number('minimumBalance', { min: 0, decimals: 2, unit: 'USD' }),
		amount: read.number('amount', { min: leastPurchase(read.credential), decimals: 2, unit: 'USD' }),
	}),

	async keep({ minimum, amount }, step) {
		const balance = step.balances.get(ACCOUNT) ?? (await readBalance(step));
		return { ...judgeBalance(balance, minimum, 2), amount };
	},
	request({ isLow, before, amount }, _parameters, card) {
		if (!isLow) return undefined;
		return { ...purchaseOf(amount, card()), expectedBalance: { account: ACCOUNT, amount: before + amount } };
	},

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

async function readBalance(step: Step): Promise<number> {
	return (await step.read(BALANCE_REQUEST, balanceIn)).balance;
}
