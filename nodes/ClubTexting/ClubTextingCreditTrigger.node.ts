import type { INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { MAIN } from '../shared/operation/description';
import { LOW_CREDIT, pollCredits } from '../shared/polling/lowCredit';
import { BALANCE_REQUEST, balanceIn } from './credit';
import { clubTexting } from './provider';

export class ClubTextingCreditTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Club Texting Credit Trigger',
		name: 'clubTextingCreditTrigger',
		icon: { light: 'file:../../icons/clubtexting.svg', dark: 'file:../../icons/clubtexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: LOW_CREDIT.subtitle,
		description: 'Start when a Club Texting account has fewer credits than a threshold',
		builderHint: {
			searchHint:
				'Starts, or alerts you, when SMS credits run low or are almost used up. Follow it with Club Texting, Credit, Top Up.',
		},
		defaults: { name: 'Club Texting Credit Trigger' },
		polling: true,
		inputs: [],
		outputs: MAIN,
		credentials: [{ name: 'clubTextingApi', required: true }],
		properties: [...LOW_CREDIT.properties],
	};

	async poll(this: IPollFunctions) {
		return await pollCredits(this, clubTexting, BALANCE_REQUEST, balanceIn);
	}
}
