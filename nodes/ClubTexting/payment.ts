import type { INodeProperties } from 'n8n-workflow';
import type { SideEffect } from '../shared/operation/acts';
import type { Card } from '../shared/paymentCard';
import { choice, choiceField, textField } from '../shared/operation/fields';
import type { ParameterReader } from '../shared/operation/types';
import { lastFourIn } from '../shared/sms/credits';
import { isAboutCard } from './refusals';

/** How a charge is paid: with a card stored at Club Texting, or with the payment card credential. */
export interface Payment {
	method: 'storedCard' | 'card';
	/** Last four digits; empty for a card of the credential. */
	storedCardLastFour: string;
}

/** Source: Club Texting, REST API documentation, `CreditCardTypeID`. */
const CARD_TYPES = { visa: 'Visa', masterCard: 'MasterCard', amex: 'Amex', discover: 'Discover' };

export const PAYMENT_FIELDS: INodeProperties[] = [
	choiceField('Payment Method', 'paymentMethod', 'storedCard', {
		options: [
			choice('Card', 'card', 'The card of a Payment Card credential, which is picked at the top of the form'),
			choice(
				'Stored Card',
				'storedCard',
				'A card stored in the Club Texting account, named by its last four digits',
			),
		],
	}),
	textField('Stored Card Last Four', 'storedCardLastFour', {
		required: true,
		placeholder: 'e.g. 1111',
		displayOptions: { show: { paymentMethod: ['storedCard'] } },
		description: 'The last four digits of the card in your Club Texting account',
	}),
];

/** @throws OperationError `invalid` */
export function paymentIn(read: ParameterReader): Payment {
	const method = read.choice('paymentMethod', ['storedCard', 'card']);
	if (method === 'card') return { method, storedCardLastFour: '' };
	return { method, storedCardLastFour: lastFourIn(read) };
}

/**
 * What all charges have in common. Source: Club Texting, REST API documentation, "Rent a Keyword" and "Buy Credits".
 *
 * @param form what is bought, as the form says it
 */
export function charging(
	{ method, storedCardLastFour }: Payment,
	card: () => Card,
	path: string,
	form: Record<string, string>,
): Pick<SideEffect<unknown>, 'request' | 'account' | 'isAboutAccount'> {
	const isStored = method === 'storedCard';
	const entered = isStored ? {} : cardForm(card());
	const payment = isStored ? { StoredCreditCard: storedCardLastFour } : entered;
	return {
		request: { method: 'POST', path, form: { ...form, ...payment }, secretFields: Object.keys(entered) },
		account: { name: isStored ? `stored ${storedCardLastFour}` : 'paymentCardApi', kind: 'card' },
		// Too many requests speak of no card.
		isAboutAccount: (message, code) => code !== '429' && isAboutCard(message),
	};
}

function cardForm(card: Card): Record<string, string> {
	return {
		FirstName: card.firstName,
		LastName: card.lastName,
		Street: card.street,
		City: card.city,
		State: card.state,
		// The table of parameters says ZIP; every sample request sends Zip.
		Zip: card.zip,
		Country: card.country,
		CreditCardTypeID: CARD_TYPES[card.type],
		Number: card.number,
		SecurityCode: card.securityCode,
		ExpirationMonth: card.expirationMonth,
		ExpirationYear: card.expirationYear,
	};
}
