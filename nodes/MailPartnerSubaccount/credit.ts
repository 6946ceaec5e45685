import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { SideEffect } from '../shared/operation/types';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';

/** Credit moves in euro. */
export const UNIT = 'EUR';

/** The smallest amount that can be moved, in EUR. */
export const LEAST_AMOUNT = 0.01;

export const AMOUNT_FIELD: INodeProperties = {
	displayName: 'Amount',
	name: 'amount',
	type: 'number',
	default: 0,
	required: true,
	placeholder: 'e.g. 10',
	description:
		'How much credit to move, in euro. Moved for each item: with “Always Output Data”, the node before hands on an empty item where it found nothing.',
};

/** What a transfer leaves on both accounts, in EUR. */
export interface Transfer extends IDataObject {
	accountBalance: number;
	subaccountBalance: number;
	currency: string;
}

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
		...(direction === 'add' && { cost: amount }),
		account: { name: token, kind: 'sub-account' },
		balance: ({ subaccountBalance }) => ({ account: token, amount: subaccountBalance }),
	};
}

/** @throws UnrecognisedReply without one of the balances */
function transferIn(data: unknown): Transfer {
	const reply = objectIn(data);
	return {
		accountBalance: needed(numberIn(reply.credit), 'balance of the account'),
		subaccountBalance: needed(numberIn(reply.subaccountCredit), 'balance of the sub-account'),
		currency: textIn(reply.currency) ?? UNIT,
	};
}
