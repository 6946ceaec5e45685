import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { click2Mail } from '../Click2MailCredit/provider';
import { MAIN, propertiesOf, subtitleOf } from '../shared/operation/description';
import { runNode } from '../shared/pipeline/runNode';
import { resources } from './resources';

export class Click2Mail implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Click2Mail',
		name: 'click2Mail',
		icon: { light: 'file:../../icons/click2mail.svg', dark: 'file:../../icons/click2mail.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Print and mail letters and postcards, paid from the prepaid credit of a Click2Mail account',
		builderHint: {
			searchHint:
				'Prints and mails a PDF as a letter or a postcard, by certified mail too. The credit that pays for it is bought with Click2Mail Credit.',
		},
		defaults: { name: 'Click2Mail' },
		inputs: MAIN,
		outputs: MAIN,
		usableAsTool: true,
		credentials: [{ name: 'click2MailApi', required: true }],
		properties: propertiesOf(resources, click2Mail.timeout, 'letter'),
	};

	async execute(this: IExecuteFunctions) {
		return await runNode(this, click2Mail, resources);
	}
}
