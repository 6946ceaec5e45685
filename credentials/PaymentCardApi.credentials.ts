import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { secretField } from '../nodes/shared/operation/credentialForm';
import { choice, choiceField, noticeField, textField } from '../nodes/shared/operation/fields';

/**
 * A payment card. It lives here only: no node has a parameter for a card number or a security code, so neither ever
 * stands in a workflow or in an execution's data. Its test checks it without sending it anywhere.
 */
export class PaymentCardApi implements ICredentialType {
	name = 'paymentCardApi';

	displayName = 'Payment Card API';

	icon = { light: 'file:../icons/paymentcard.svg', dark: 'file:../icons/paymentcard.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#payment-card-api';

	properties: INodeProperties[] = [
		noticeField(
			'Testing checks the card on your n8n and sends nothing anywhere. It is charged only when a node buys with it.',
		),
		choiceField('Card Type', 'cardType', 'visa', {
			options: [
				choice('American Express', 'amex'),
				choice('Discover', 'discover'),
				choice('Mastercard', 'masterCard'),
				choice('Visa', 'visa'),
			],
		}),
		secretField('Card Number', 'number', {
			placeholder: 'e.g. 4111 1111 1111 1111',
			description: 'Spaces and dashes between the digits are fine',
		}),
		textField('Expiration Month', 'expirationMonth', { required: true, placeholder: 'e.g. 09' }),
		textField('Expiration Year', 'expirationYear', { required: true, placeholder: 'e.g. 2030' }),
		secretField('Security Code', 'securityCode', {
			description: 'Three digits on the back of the card, or four on the front of an American Express card',
		}),
		textField('First Name', 'firstName', { required: true, description: 'As it stands on the card' }),
		textField('Last Name', 'lastName', { required: true, description: 'As it stands on the card' }),
		textField('Street', 'street', {
			required: true,
			description: 'The billing address, as the bank knows it; providers compare it',
		}),
		textField('City', 'city', { required: true }),
		textField('State', 'state', {
			required: true,
			placeholder: 'e.g. MO',
			description: 'State or province',
		}),
		textField('ZIP Code', 'zip', { required: true }),
		textField('Country', 'country', { default: 'US', required: true, placeholder: 'e.g. US' }),
	];
}
