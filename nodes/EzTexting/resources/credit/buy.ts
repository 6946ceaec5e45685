import type { IDataObject } from 'n8n-workflow';
import { orNull } from '../../../shared/errors';
import { COUPON_CODE } from '../../../shared/operation/coupon';
import type { TopUpPlan } from '../../../shared/operation/topUp';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { BUYING, NUMBER_OF_CREDITS } from '../../../shared/sms/credits';
import { BALANCE_REQUEST, balanceIn, buyCredits, paymentIn, STORED_CARD, type Payment } from '../../credit';

interface Buy {
	numberOfCredits: number;
	payment: Payment;
}

/**
 * Not confirmed with a live account: what a purchase answers, and how soon the balance shows it. A success of HTTP is one;
 * `confirmed` says whether the balance read afterwards has risen by what was bought.
 */
export const buy: ActOperation<Buy, TopUpPlan, { reply: unknown }> = {
	option: {
		name: 'Buy',
		value: 'buy',
		action: 'Buy credits',
		description: 'Buy credits. The stored card is charged at once.',
		hint: 'Buys or purchases more SMS credits of EZ Texting, as many as are asked for.',
	},
	fields: [NUMBER_OF_CREDITS, STORED_CARD],
	options: [COUPON_CODE],
	...BUYING,
	spending: { default: 5000, unit: 'credits', cost: ({ numberOfCredits }) => numberOfCredits },
	parameters: (read) => ({
		numberOfCredits: read.number('numberOfCredits', { min: 1, decimals: 0, unit: 'credits' }),
		payment: paymentIn(read),
	}),

	async keep({ numberOfCredits: amount }, step) {
		const before = await totalOf(step);
		return { before, amount, expected: before + amount };
	},
	request: (kept, { payment }) => buyCredits(kept, payment),
	foresee: ({ before, amount }) => ({ boughtCredits: amount, creditsBefore: before }),
	output: async (kept, bought, step) => await boughtItem(kept, bought!.reply, step),
};

/** The credits of the account. */
export async function totalOf(step: Step): Promise<number> {
	return (await step.read(BALANCE_REQUEST, balanceIn)).totalCredits;
}

/** What came of a purchase: the balance tells, since the reply may not. */
export async function boughtItem(
	{ before, amount, expected }: TopUpPlan,
	reply: unknown,
	step: Step,
): Promise<IDataObject> {
	const after = await orNull(totalOf(step));
	return {
		boughtCredits: amount,
		creditsBefore: before,
		creditsAfter: after,
		confirmed: after !== null && after >= expected,
		reply: (reply ?? null) as IDataObject | null,
	};
}
