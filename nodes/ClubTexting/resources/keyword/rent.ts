import type { Operation } from '../../../shared/operation';
import { KEYWORD_FIELD, keywordIn, settingsIn } from '../../keyword';
import { chargedCard, PAYMENT_FIELDS, paymentForm, paymentIn, type Payment } from '../../payment';

export const rent: Operation<{ keyword: string; payment: Payment }> = {
	option: {
		name: 'Rent',
		value: 'rent',
		action: 'Rent keyword',
		description: 'Rent a keyword. The card is charged at once, with what Club Texting asks for it.',
	},
	fields: [KEYWORD_FIELD, ...PAYMENT_FIELDS],
	effect: 'spends',
	takesCard: ({ payment }) => payment.method === 'card',
	parameters: (read) => ({ keyword: keywordIn(read), payment: paymentIn(read) }),
	cost: () => null,

	run: async ({ keyword, payment }, call) =>
		await call.act('rent', {
			request: {
				method: 'POST',
				path: '/keywords',
				form: { Keyword: keyword, ...paymentForm(payment, call) },
			},
			normalise: settingsIn,
			card: chargedCard(payment),
		}),
};
