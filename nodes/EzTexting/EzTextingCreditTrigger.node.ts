import type { INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { MAIN } from '../shared/operation/description';
import { LOW_CREDIT, pollCredits } from '../shared/polling/lowCredit';
import { BALANCE_REQUEST, balanceIn } from './credit';
import { ezTexting } from './provider';

export class EzTextingCreditTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EZ Texting Credit Trigger',
		name: 'ezTextingCreditTrigger',
		icon: { light: 'file:../../icons/eztexting.svg', dark: 'file:../../icons/eztexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: LOW_CREDIT.subtitle,
		description: 'Start when an EZ Texting account has fewer credits than a threshold',
		builderHint: {
			searchHint:
				'Starts, tells or alerts you, when the SMS credits of EZ Texting run low or out. Follow it with EZ Texting, Credit, Top Up.',
		},
		defaults: { name: 'EZ Texting Credit Trigger' },
		polling: true,
		inputs: [],
		outputs: MAIN,
		credentials: [{ name: 'ezTextingApi', required: true }],
		properties: [...LOW_CREDIT.properties],
	};

	async poll(this: IPollFunctions) {
		return await pollCredits(this, ezTexting, BALANCE_REQUEST, balanceIn);
	}
}
