import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { MAIN, propertiesOf, subtitleOf } from '../shared/operation/description';
import { paymentCard } from '../shared/paymentCard';
import { runNode } from '../shared/pipeline/runNode';
import { getGroups } from './group';
import { clubTexting } from './provider';
import { resources } from './resources';

export class ClubTexting implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Club Texting',
		name: 'clubTexting',
		icon: { light: 'file:../../icons/clubtexting.svg', dark: 'file:../../icons/clubtexting.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Send texts, buy credits, and start when somebody texts you (new accounts: EZ Texting)',
		builderHint: {
			searchHint:
				'For accounts with the older API; new accounts need EZ Texting. Sends SMS text messages in the USA and Canada and keeps contacts, opt-outs, groups, keywords and credits. Texts cost credit and can’t be taken back. For opt-outs and replies as a trigger use Club Texting Polling Trigger, or Club Texting Trigger where n8n has a public address.',
		},
		defaults: { name: 'Club Texting' },
		inputs: MAIN,
		outputs: MAIN,
		usableAsTool: true,
		credentials: [
			{ name: 'clubTextingApi', required: true },
			{
				name: 'paymentCardApi',
				required: true,
				testedBy: 'paymentCard',
				displayOptions: { show: { operation: ['buy', 'rent', 'topUp'], paymentMethod: ['card'] } },
			},
		],
		properties: propertiesOf(resources, clubTexting.timeout, 'message'),
	};

	methods = { credentialTest: { paymentCard }, loadOptions: { getGroups } };

	async execute(this: IExecuteFunctions) {
		return await runNode(this, clubTexting, resources);
	}
}
