import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { customOperationsOf, withoutCustomResource, withoutRoutedActs } from '../shared/customOperations';
import { propertiesOf } from '../shared/description';
import { mailPartner } from './provider';
import { credit } from './resources/credit';
import { subaccount } from './resources/subaccount';
import { searchSubaccounts } from './searchSubaccounts';

const resources = [subaccount, credit];

export class MailPartnerSubaccount implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MailPartner Subaccount',
		name: 'mailPartnerSubaccount',
		icon: { light: 'file:../../icons/mailpartner.svg', dark: 'file:../../icons/mailpartner.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Create MailPartner sub-accounts and move credit to and from them',
		defaults: { name: 'MailPartner Subaccount' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'mailPartnerApi', required: true }],
		requestDefaults: {
			baseURL:
				'={{ $credentials.environment === "custom" ? $credentials.baseUrl : "https://api.mailpartner.fr/v1" }}',
		},
		properties: withoutCustomResource(propertiesOf(withoutRoutedActs(resources), mailPartner.timeout)),
	};

	methods = { listSearch: { searchSubaccounts } };

	// Reads are routed by n8n itself; what creates or moves credit goes one by one and is written down.
	customOperations = customOperationsOf(mailPartner, resources);
}
