import type { INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { MAIN } from '../shared/operation/description';
import { pollBalance } from '../shared/polling/lowBalance';
import { ON_LOW_BALANCE, POLLING_OPTIONS, thresholdField } from '../shared/polling/parameters';
import { BALANCE_REQUEST, balanceIn, CURRENCY } from './credit';
import { click2Mail } from './provider';

export class Click2MailCreditTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Click2Mail Credit Trigger',
		name: 'click2MailCreditTrigger',
		icon: { light: 'file:../../icons/click2mail.svg', dark: 'file:../../icons/click2mail.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "Below " + $parameter["threshold"] + " USD" }}',
		description:
			'Read, buy and top up the prepaid credit of a Click2Mail account, and start when it runs low',
		builderHint: {
			searchHint: 'Starts, or tells you, when postage credit runs low.',
		},
		defaults: { name: 'Click2Mail Credit Trigger' },
		polling: true,
		inputs: [],
		outputs: MAIN,
		credentials: [{ name: 'click2MailApi', required: true }],
		properties: [ON_LOW_BALANCE, thresholdField(10, 'the balance', 'USD'), POLLING_OPTIONS],
	};

	async poll(this: IPollFunctions) {
		return await pollBalance(this, click2Mail, { decimals: 2, unit: CURRENCY }, async (current) => {
			const { balance, allowNegative } = await current.read(BALANCE_REQUEST, balanceIn);
			return { balance, json: { balance, currency: CURRENCY, allowNegative } };
		});
	}
}
