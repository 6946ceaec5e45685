import type { IDataObject } from 'n8n-workflow';
import type { Call, WireRequest } from '../shared/operation';
import { needed, numberIn, objectIn } from '../shared/reply';
import { chargedCard, paymentForm, type Payment } from './payment';

/** Reads the balance. Source: Club Texting, REST API documentation, "Check Credit Balance". */
export const BALANCE_REQUEST: WireRequest = { method: 'GET', path: '/billing/credits/get' };

/** Credits of the account, by kind. */
export interface Balance extends IDataObject {
	planCredits: number | null;
	anytimeCredits: number | null;
	totalCredits: number;
}

/** @throws UnrecognisedReply without a total */
export function balanceIn(data: unknown): Balance {
	const entry = objectIn(data);
	return {
		planCredits: numberIn(entry.PlanCredits),
		anytimeCredits: numberIn(entry.AnytimeCredits),
		totalCredits: needed(numberIn(entry.TotalCredits), 'total of credits'),
	};
}

/** What was bought and charged. */
export interface Bought extends Balance {
	boughtCredits: number;
	/** The charge, in the currency of the account; no reply names it. */
	amount: number | null;
	discount: number | null;
}

/** @throws UnrecognisedReply without the number of credits or the total */
function boughtIn(data: unknown): Bought {
	const entry = objectIn(data);
	return {
		boughtCredits: needed(numberIn(entry.BoughtCredits), 'number of bought credits'),
		amount: numberIn(entry.Amount),
		discount: numberIn(entry.Discount),
		...balanceIn(entry),
	};
}

/** Buys credits, once. Source: Club Texting, REST API documentation, "Buy Credits". */
export async function buyCredits(
	call: Call,
	{ numberOfCredits, payment, couponCode }: { numberOfCredits: number; payment: Payment; couponCode: string },
): Promise<Bought> {
	return await call.act('buy', {
		request: {
			method: 'POST',
			path: '/billing/credits',
			form: {
				NumberOfCredits: String(numberOfCredits),
				...(couponCode !== '' && { CouponCode: couponCode }),
				...paymentForm(payment, call),
			},
		},
		normalise: boughtIn,
		card: chargedCard(payment),
		cost: numberOfCredits,
	});
}
