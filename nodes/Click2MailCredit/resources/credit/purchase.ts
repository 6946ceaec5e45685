import type { IDataObject } from 'n8n-workflow';
import { orNull } from '../../../shared/errors';
import { booleanField, numberField } from '../../../shared/operation/fields';
import type { ActOperation } from '../../../shared/operation/types';
import { CURRENCY, leastPurchase, purchaseOf, readBalance, type Receipt } from '../../credit';

interface Purchase extends IDataObject {
	amount: number;
	readBalance: boolean;
}

export const purchase: ActOperation<Purchase, Purchase, Receipt> = {
	option: {
		name: 'Buy',
		value: 'purchase',
		action: 'Buy credit',
		description: 'Buy credit with a payment card. The card is charged at once.',
		hint: 'Puts or adds money for postage, in dollars, on the account of Click2Mail.',
	},
	fields: [
		numberField('Amount (USD)', 'amount', 0, {
			required: true,
			placeholder: 'e.g. 25',
			description:
				'How much credit to buy for each item, at least 10 US dollars (at staging any amount). Where the node before has “Always Output Data” on, its empty item buys, too.',
		}),
	],
	options: [
		booleanField(
			'Read Balance',
			'readBalance',
			'Whether to read the new balance afterwards, which Click2Mail’s receipt does not show',
			true,
		),
	],
	effect: 'spends',
	warning: 'This charges your card at once and can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to check amount and card and show what would be sent, without charging the card',
	chargesCard: true,
	spending: { default: 100, unit: 'USD', cost: ({ amount }) => amount },
	takesCard: () => true,

	parameters: (read) => ({
		amount: read.number('amount', { min: leastPurchase(read.credential), decimals: 2, unit: 'USD' }),
		readBalance: read.boolean('options.readBalance'),
	}),

	keep: (purchase) => purchase,
	request: ({ amount }, _parameters, card) => purchaseOf(amount, card()),

	foresee: ({ amount }) => ({ purchased: true, amount, currency: CURRENCY }),
	async output({ amount, readBalance: isToBeRead }, receipt, step) {
		const balance = isToBeRead ? await orNull(readBalance(step)) : null;
		return { purchased: true, amount, currency: CURRENCY, ...receipt, balance };
	},
};
