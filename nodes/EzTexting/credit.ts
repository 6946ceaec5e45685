import { objectIn } from '../shared/http/response';
import { couponCodeIn } from '../shared/operation/coupon';
import type { SideEffect } from '../shared/operation/acts';
import { textField } from '../shared/operation/fields';
import type { TopUpPlan } from '../shared/operation/topUp';
import type { ParameterReader } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { ACCOUNT, creditBalance, lastFourIn } from '../shared/sms/credits';
import { filled } from '../shared/values/filled';
import { isAboutCard } from './refusals';

/** Reads the balance. Source: EZ Texting, API reference, "Credit Balance". */
export const BALANCE_REQUEST: HttpRequest = { method: 'GET', path: '/credits' };

/** @throws UnrecognisedReply without a total */
export function balanceIn(data: unknown) {
	const entry = objectIn(data);
	return creditBalance(entry.planCredits, entry.anytimeCredits, entry.totalCredits);
}

/** How a purchase is paid. */
export interface Payment {
	/** Last four digits. */
	storedCard: string;
	couponCode: string;
}

export const STORED_CARD = textField('Stored Card Last Four', 'storedCardLastFour', {
	required: true,
	placeholder: 'e.g. 1111',
	description: 'The last four digits of a card that is stored in your EZ Texting account',
});

/** @throws OperationError `invalid` */
export function paymentIn(read: ParameterReader): Payment {
	return { storedCard: lastFourIn(read), couponCode: couponCodeIn(read) };
}

/**
 * Buys credits, once. Source: EZ Texting, API reference, "Buy Credits". What a success says is not known: the HTTP status
 * decides, and what came is shown.
 */
export function buyCredits(
	{ amount, expected }: TopUpPlan,
	{ storedCard, couponCode }: Payment,
): SideEffect<{ reply: unknown }> {
	return {
		request: {
			method: 'POST',
			path: '/credits/purchase',
			json: { credits: amount, creditCardLastFour: storedCard, ...filled({ couponCode }) },
		},
		parse: (reply) => ({ reply }),
		account: { name: `stored ${storedCard}`, kind: 'card' },
		isAboutAccount: isAboutCard,
		isNeverRepeated: true,
		expectedBalance: { account: ACCOUNT, amount: expected },
	};
}
