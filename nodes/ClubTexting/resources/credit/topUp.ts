import { judgeBalance, type TopUpFindings } from '../../../shared/operation/topUp';
import type { ActOperation } from '../../../shared/operation/types';
import { BALANCE_REQUEST, balanceIn, buyCredits, type Bought } from '../../credit';
import { PAYMENT_FIELDS, paymentIn, type Payment } from '../../payment';
import { NUMBER_OF_CREDITS } from './buy';

interface TopUp {
	minimum: number;
	numberOfCredits: number;
	payment: Payment;
}

const ACCOUNT = 'account';

export const topUp: ActOperation<TopUp, undefined, TopUpFindings, Bought> = {
	option: {
		name: 'Top Up',
		value: 'topUp',
		action: 'Top up credits',
		description: 'Buy credits once when the account has fewer than a minimum',
	},
	fields: [
		...PAYMENT_FIELDS,
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
		NUMBER_OF_CREDITS,
	],
	effect: 'spends',
	warning: 'This charges your card when the account has too few credits. A charge can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to read the balance and show what would be bought, without charging the card',
	comesOutAtLimit: true,
	chargesCard: true,
	spending: {
		default: 5000,
		unit: 'credits',
		cost: ({ numberOfCredits }) => numberOfCredits,
		onlyIfNeeded: true,
	},
	takesCard: ({ payment }) => payment.method === 'card',

	parameters: (read) => ({
		minimum: read.number('minimumCredits', { min: 0, decimals: 0, unit: 'credits' }),
		numberOfCredits: read.number('numberOfCredits', { min: 1, decimals: 0, unit: 'credit' }),
		payment: paymentIn(read),
	}),

	async keep({ minimum }, step) {
		const total = step.balances.get(ACCOUNT) ?? (await step.read(BALANCE_REQUEST, balanceIn)).totalCredits;
		return judgeBalance(total, minimum, 0);
	},
	request({ isLow, before }, { numberOfCredits, payment }, card) {
		if (!isLow) return undefined;
		const expectedBalance = { account: ACCOUNT, amount: before + numberOfCredits };
		return { ...buyCredits({ numberOfCredits, payment }, card), expectedBalance };
	},
	output: ({ before }, bought) => ({
		toppedUp: bought !== undefined,
		creditsBefore: before,
		// The receipt shows the new total; no further request is needed.
		creditsAfter: bought?.totalCredits ?? before,
		boughtCredits: bought?.boughtCredits ?? 0,
		amount: bought ? bought.amount : 0,
	}),
};
