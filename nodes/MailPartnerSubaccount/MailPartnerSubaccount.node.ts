import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { MAIN, propertiesOf, subtitleOf } from '../shared/operation/description';
import { runNode } from '../shared/pipeline/runNode';
import { mailPartner } from './provider';
import { resources } from './resources';
import { searchSubaccounts } from './searchSubaccounts';

export class MailPartnerSubaccount implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MailPartner Subaccount',
		name: 'mailPartnerSubaccount',
		icon: { light: 'file:../../icons/mailpartner.svg', dark: 'file:../../icons/mailpartner.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description:
			'Create sub-accounts, move credit, and start when credit runs low or a sub-account is created',
		builderHint: {
			searchHint:
				'Sub-accounts of a MailPartner or SMS Partner reseller, and the credit that moves between them, in euro.',
		},
		defaults: { name: 'MailPartner Subaccount' },
		inputs: MAIN,
		outputs: MAIN,
		usableAsTool: true,
		credentials: [{ name: 'mailPartnerApi', required: true }],
		properties: propertiesOf(resources, mailPartner.timeout, 'subaccount'),
	};

	methods = { listSearch: { searchSubaccounts } };

	async execute(this: IExecuteFunctions) {
		return await runNode(this, mailPartner, resources);
	}
}
