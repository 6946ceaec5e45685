import { booleanIn, needed, numberIn, objectIn, textIn } from '../shared/http/response';
import type { Asking, SideEffect } from '../shared/operation/acts';
import type { Card } from '../shared/paymentCard';
import type { HttpRequest } from '../shared/provider';

/** What names the credit among accounts. */
export const ACCOUNT = 'account';

/** Credit is bought and shown in US dollars; no reply names the currency. */
export const CURRENCY = 'USD';

/**
 * The least that Click2Mail sells, in USD; at staging, which takes any amount with the test card, a cent. Source: Add
 * Credit page, `billingAmount` and the staging environment.
 */
export function leastPurchase({ environment }: { environment?: unknown }): number {
	return environment === 'staging' ? 0.01 : 10;
}

/** Reads the balance. Source: API 101 page. */
export const BALANCE_REQUEST: HttpRequest = { method: 'GET', path: '/credit' };

/** `VI` and `MC` are documented; the other two are the codes of the card processor that Click2Mail's shop uses. */
const CARD_CODES = { visa: 'VI', masterCard: 'MC', amex: 'AE', discover: 'DI' };

/** Buys credit with a card, once. Source: Add Credit page, the 11 required parameters. */
export function purchaseOf(amount: number, card: Card): SideEffect<Receipt> {
	const form = {
		billingName: `${card.firstName} ${card.lastName}`,
		billingAddress1: card.street,
		billingCity: card.city,
		billingState: card.state,
		billingZip: card.zip,
		billingAmount: Number.isInteger(amount) ? String(amount) : amount.toFixed(2),
		billingNumber: card.number,
		billingMonth: card.expirationMonth,
		billingYear: card.expirationYear,
		billingCvv: card.securityCode,
		billingCcType: CARD_CODES[card.type],
	};
	const secretFields = Object.keys(form).filter((name) => name !== 'billingAmount');
	return {
		request: { method: 'POST', path: '/credit/purchase', form, secretFields },
		parse: receiptIn,
		account: { name: 'paymentCardApi', kind: 'card' },
		// All of its parameters but the amount are the card's.
		isAboutAccount: () => true,
	};
}

/** The balance as Click2Mail shows it, in USD. @throws UnrecognisedReply without a balance */
export function balanceIn(data: unknown) {
	const credit = objectIn(data);
	return {
		balance: needed(numberIn(credit.balance), 'balance'),
		allowNegative: booleanIn(credit.allowNegative),
	};
}

/** The balance as it is now, in USD. @throws OperationError */
export async function readBalance(step: Asking): Promise<number> {
	return (await step.read(BALANCE_REQUEST, balanceIn)).balance;
}

/** The receipt of a purchase. Click2Mail gives neither a number of the transaction nor the new balance. */
export type Receipt = ReturnType<typeof receiptIn>;

/** @throws UnrecognisedReply without a status */
function receiptIn(data: unknown) {
	const credit = objectIn(data);
	return {
		status: needed(numberIn(credit.status), 'status'),
		description: textIn(credit.description),
		allowNegative: booleanIn(credit.allowNegative),
		statusUrl: textIn(credit.statusUrl),
	};
}
