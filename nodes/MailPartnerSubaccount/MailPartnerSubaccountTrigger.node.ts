import type { INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { MAIN } from '../shared/operation/description';
import { choiceField } from '../shared/operation/fields';
import { POLLING_OPTIONS, thresholdField } from '../shared/polling/parameters';
import { pollFor } from './events';

export class MailPartnerSubaccountTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'MailPartner Subaccount Trigger',
		name: 'mailPartnerSubaccountTrigger',
		icon: { light: 'file:../../icons/mailpartner.svg', dark: 'file:../../icons/mailpartner.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ { lowBalance: "On low balance", lowSubaccountBalance: "On low sub-account balance", subaccountCreated: "On sub-account created" }[$parameter["event"]] }}',
		description:
			'Create sub-accounts, move credit, and start when credit runs low or a sub-account is created',
		builderHint: {
			searchHint:
				'Starts when credit of the account, or of a client’s sub-account, runs low or out, or a sub-account was created.',
		},
		defaults: { name: 'MailPartner Subaccount Trigger' },
		polling: true,
		inputs: [],
		outputs: MAIN,
		credentials: [{ name: 'mailPartnerApi', required: true }],
		properties: [
			choiceField('Trigger On', 'event', 'lowBalance', {
				noDataExpression: true,
				options: [
					{
						name: 'Low Balance',
						value: 'lowBalance',
						action: 'On low balance',
						description: 'The credit of the main account falls below the threshold',
					},
					{
						name: 'Low Subaccount Balance',
						value: 'lowSubaccountBalance',
						action: 'On low sub-account balance',
						description: 'The credit of a sub-account falls below the threshold; one item for each of them',
					},
					{
						name: 'Subaccount Created',
						value: 'subaccountCreated',
						action: 'On sub-account created',
						description: 'A sub-account is in the list that was not there before',
					},
				],
			}),
			...[thresholdField(10, 'the balance', 'EUR'), POLLING_OPTIONS].map((field) => ({
				...field,
				displayOptions: { hide: { event: ['subaccountCreated'] } },
			})),
		],
	};

	async poll(this: IPollFunctions) {
		return await pollFor[this.getNodeParameter('event') as keyof typeof pollFor](this);
	}
}
