import type { IExecuteFunctions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { MAIN, propertiesOf, subtitleOf } from '../shared/operation/description';
import { runNode } from '../shared/pipeline/runNode';
import { getGroups } from './group';
import { ezTexting } from './provider';
import { resources } from './resources';

export class EzTexting implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EZ Texting',
		name: 'ezTexting',
		icon: { light: 'file:../../icons/eztexting.svg', dark: 'file:../../icons/eztexting.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Send texts, buy credits, and start when somebody texts you',
		builderHint: {
			searchHint:
				'EZ Texting accounts that use API v1, which new customers get: sends SMS and MMS in the USA and Canada, keeps contacts, groups and credits. Texts cost credit and can’t be taken back. For replies and opt-outs as a trigger use EZ Texting Trigger.',
		},
		defaults: { name: 'EZ Texting' },
		inputs: MAIN,
		outputs: MAIN,
		usableAsTool: true,
		credentials: [{ name: 'ezTextingApi', required: true }],
		properties: propertiesOf(resources, ezTexting.timeout, 'message'),
	};

	methods = { loadOptions: { getGroups } };

	async execute(this: IExecuteFunctions) {
		return await runNode(this, ezTexting, resources);
	}
}
