import type { INodeProperties } from 'n8n-workflow';
import type { SideEffect } from '../shared/operation/acts';
import type { HttpRequest } from '../shared/provider';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';
import { numberField } from '../shared/operation/fields';
import type { ActOperation } from '../shared/operation/types';
import { referenceIn, SUBACCOUNT_FIELD, tokenOf, type Reference } from './subaccount';

/** Credit moves in euro. */
export const UNIT = 'EUR';

/** The smallest amount that can be moved, in EUR: anything above 0, and balances have three decimals. */
export const LEAST_AMOUNT = 0.001;

/** @param description which way it goes */
export function amountField(description: string): INodeProperties {
	return numberField('Amount (EUR)', 'amount', 0, {
		required: true,
		placeholder: 'e.g. 10',
		description: `${description}. Moved for each item: where the node before has “Always Output Data” on, for its empty item, too.`,
	});
}

/** What a transfer leaves on both accounts, in EUR. */
export type Transfer = ReturnType<typeof transferIn>;

/**
 * Moves credit between the main account and a sub-account, once. Source: MailPartner, credits of sub-accounts; its
 * sample for removing names the address for adding, and its heading the right one.
 *
 * @param amount EUR
 */
export function transfer(direction: 'add' | 'remove', token: string, amount: number): SideEffect<Transfer> {
	return {
		request: {
			method: 'POST',
			path: `/subaccount/credit/${direction}`,
			json: { credit: String(amount), tokenSubaccount: token },
		},
		parse: transferIn,
		account: { name: token, kind: 'sub-account' },
		balance: ({ subaccountBalance }) => ({ account: token, amount: subaccountBalance }),
	};
}

interface Move {
	reference: Reference;
	/** EUR. */
	amount: number;
}

/** Moves credit for each item. */
export type Moving = ActOperation<Move, { token: string; amount: number }, Transfer, string>;

/** What moving credit is, whichever way it goes. @param help of the amount */
export function moving(direction: 'add' | 'remove', help: string) {
	return {
		fields: [SUBACCOUNT_FIELD, amountField(help)],
		deed: 'moved the credit',
		parameters: (read) => ({
			reference: referenceIn(read),
			amount: read.number('amount', { min: LEAST_AMOUNT, decimals: 3, unit: UNIT }),
		}),

		lane: (_parameters, token) => token,
		resolve: async ({ reference }, step) => await tokenOf(step, reference),
		keep: ({ amount }, _step, token) => ({ token, amount }),
		request: ({ token, amount }) => transfer(direction, token, amount),
		foresee: ({ token, amount }) => ({ token, amount, currency: UNIT }),
		output: ({ token, amount }, transferred) => ({ token, amount, ...transferred }),
	} satisfies Partial<Moving>;
}

/** @throws UnrecognisedReply without one of the balances */
function transferIn(data: unknown) {
	const reply = objectIn(data);
	return {
		accountBalance: needed(numberIn(reply.credit), 'balance of the account'),
		subaccountBalance: needed(numberIn(reply.subaccountCredit), 'balance of the sub-account'),
		currency: textIn(reply.currency) ?? UNIT,
	};
}

/** Reads the balance of the main account. Source: MailPartner, credits. */
export const BALANCE_REQUEST: HttpRequest = { method: 'GET', path: '/me' };

/** What the main account has. @throws UnrecognisedReply without a balance */
export function balanceIn(data: unknown) {
	const reply = objectIn(data);
	const credits = objectIn(reply.credits);
	return {
		username: textIn(objectIn(reply.user).username),
		/** EUR. */
		balance: needed(numberIn(credits.balance), 'balance'),
		emailCredits: numberIn(credits.creditMail),
		currency: textIn(credits.currency) ?? UNIT,
	};
}
