import type { IDataObject } from 'n8n-workflow';
import type { ActOperation } from '../../../shared/operation/types';
import { KEYWORD_FIELD, keywordIn, settingsIn } from '../../keyword';
import { charging, PAYMENT_FIELDS, paymentIn, type Payment } from '../../payment';

export const rent: ActOperation<{ keyword: string; payment: Payment }, IDataObject, IDataObject> = {
	option: {
		name: 'Rent',
		value: 'rent',
		action: 'Rent keyword',
		description: 'Rent a keyword. The card is charged at once; the price is not known before.',
		hint: 'Gets, rents, books or reserves a new keyword that people text to join; pays for renting it.',
	},
	fields: [KEYWORD_FIELD, ...PAYMENT_FIELDS],
	effect: 'spends',
	warning:
		'This charges your card at once and can’t be taken back. Club Texting tells the price of a keyword neither before nor after: look it up there.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to check the keyword and show what would be sent, without renting it',
	chargesCard: true,
	takesCard: ({ payment }) => payment.method === 'card',
	parameters: (read) => ({ keyword: keywordIn(read), payment: paymentIn(read) }),

	request: (_found, { keyword, payment }, card) => ({
		...charging(payment, card, '/keywords', { Keyword: keyword }),
		parse: (data) => settingsIn(data, keyword),
	}),
	foresee: (_found, { keyword }) => ({ keyword }),
	output: (_found, settings) => settings!,
};
