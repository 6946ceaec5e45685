import type { INodeProperties } from 'n8n-workflow';
import type { Card } from '../shared/card';
import type { Call } from '../shared/operation';
import { invalid } from '../shared/outcome';
import type { Parameters } from '../shared/parameters';

/** How a charge is paid: with a card stored at Club Texting, or with the payment card credential. */
export interface Payment {
	method: 'storedCard' | 'card';
	/** Last four digits; empty for a card of the credential. */
	storedCardLastFour: string;
}

/** Source: Club Texting, REST API documentation, `CreditCardTypeID`. */
const CARD_TYPES = { visa: 'Visa', masterCard: 'MasterCard', amex: 'Amex', discover: 'Discover' };

export const PAYMENT_FIELDS: INodeProperties[] = [
	{
		displayName: 'Payment Method',
		name: 'paymentMethod',
		type: 'options',
		options: [
			{
				name: 'Stored Card',
				value: 'storedCard',
				description: 'A card stored in the Club Texting account, named by its last four digits',
			},
			{
				name: 'Card',
				value: 'card',
				description: 'The card of the Payment Card credential',
			},
		],
		default: 'storedCard',
	},
	{
		displayName: 'Stored Card Last Four',
		name: 'storedCardLastFour',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 1111',
		displayOptions: { show: { paymentMethod: ['storedCard'] } },
		description: 'The last four digits of the card in your Club Texting account',
	},
];

/** @throws OperationFailure `invalid` */
export function paymentIn(read: Parameters): Payment {
	const method = read.choice('paymentMethod', ['storedCard', 'card']);
	if (method === 'card') return { method, storedCardLastFour: '' };
	const storedCardLastFour = read.required('storedCardLastFour');
	if (!/^\d{4}$/.test(storedCardLastFour)) {
		throw invalid(
			read.label('storedCardLastFour'),
			'must be the last four digits of a stored card, such as 1111',
		);
	}
	return { method, storedCardLastFour };
}

/** The form fields of a payment. Source: Club Texting, REST API documentation, "Rent a Keyword" and "Buy Credits". */
export function paymentForm(payment: Payment, call: Call): Record<string, string> {
	if (payment.method === 'storedCard') return { StoredCreditCard: payment.storedCardLastFour };
	return cardForm(call.card());
}

/** Names the card that is charged, so that an unclear charge holds back further ones on it. */
export function chargedCard({ method, storedCardLastFour }: Payment): string {
	return method === 'card' ? 'paymentCardApi' : `stored ${storedCardLastFour}`;
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
