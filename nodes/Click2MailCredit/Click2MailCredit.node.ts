import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { paymentCard } from '../shared/paymentCard';
import { MAIN, propertiesOf, subtitleOf } from '../shared/operation/description';
import { runNode } from '../shared/pipeline/runNode';
import { click2Mail } from './provider';
import { resources } from './resources';

export class Click2MailCredit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Click2Mail Credit',
		name: 'click2MailCredit',
		icon: { light: 'file:../../icons/click2mail.svg', dark: 'file:../../icons/click2mail.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description:
			'Read, buy and top up the prepaid credit of a Click2Mail account, and start when it runs low',
		builderHint: {
			searchHint:
				'Prepaid postage credit of Click2Mail, for letters and cards by post. Buying charges a card.',
		},
		defaults: { name: 'Click2Mail Credit' },
		inputs: MAIN,
		outputs: MAIN,
		usableAsTool: true,
		credentials: [
			{ name: 'click2MailApi', required: true },
			{
				name: 'paymentCardApi',
				required: true,
				testedBy: 'paymentCard',
				displayOptions: { show: { operation: ['coverJob', 'purchase', 'topUp'] } },
			},
		],
		properties: propertiesOf(resources, click2Mail.timeout),
	};

	methods = { credentialTest: { paymentCard } };

	async execute(this: IExecuteFunctions) {
		return await runNode(this, click2Mail, resources);
	}
}
