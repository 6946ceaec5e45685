import type { SideEffect } from '../shared/operation/acts';
import type { Card } from '../shared/paymentCard';
import type { HttpRequest } from '../shared/provider';
import { needed, numberIn, objectIn } from '../shared/http/response';
import { creditBalance } from '../shared/sms/credits';
import { filled } from '../shared/values/filled';
import { charging, type Payment } from './payment';

/** Reads the balance. Source: Club Texting, REST API documentation, "Check Credit Balance". */
export const BALANCE_REQUEST: HttpRequest = { method: 'GET', path: '/billing/credits/get' };

/** @throws UnrecognisedReply without a total */
export function balanceIn(data: unknown) {
	const entry = objectIn(data);
	return creditBalance(entry.PlanCredits, entry.AnytimeCredits, entry.TotalCredits);
}

/** What was bought and charged. */
export type Bought = ReturnType<typeof boughtIn>;

/** @throws UnrecognisedReply without the number of credits or the total */
function boughtIn(data: unknown) {
	const entry = objectIn(data);
	return {
		boughtCredits: needed(numberIn(entry.BoughtCredits), 'number of bought credits'),
		/** The charge, in the currency of the account; no reply names it. */
		amount: numberIn(entry.Amount),
		discount: numberIn(entry.Discount),
		...balanceIn(entry),
	};
}

/** Buys credits, once. Source: Club Texting, REST API documentation, "Buy Credits". */
export function buyCredits(
	numberOfCredits: number,
	{ payment, couponCode }: { payment: Payment; couponCode: string },
	card: () => Card,
): SideEffect<Bought> {
	return {
		...charging(payment, card, '/billing/credits', {
			NumberOfCredits: String(numberOfCredits),
			...filled({ CouponCode: couponCode }),
		}),
		parse: boughtIn,
	};
}
