import type { INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { MAIN } from '../shared/operation/description';
import { choiceField } from '../shared/operation/fields';
import { pollFor } from './events';

export class ClubTextingPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Club Texting Polling Trigger',
		name: 'clubTextingPollingTrigger',
		icon: { light: 'file:../../icons/clubtexting.svg', dark: 'file:../../icons/clubtexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ { messageReceived: "On message received", contactOptedOut: "On contact opted out" }[$parameter["event"]] }}',
		description:
			'Start when a text message is in the inbox or a contact has opted out, without a public address',
		builderHint: {
			searchHint:
				'Starts when somebody opts out or unsubscribes, or when a customer replies or a text comes in, by asking (polling) every few minutes. Needs no public address or webhook.',
		},
		defaults: { name: 'Club Texting Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: MAIN,
		credentials: [{ name: 'clubTextingApi', required: true }],
		hints: [
			{
				message:
					'The first poll starts nothing. Each poll reads the whole list, with one request for every 100 entries: poll less often, or delete messages that are done with, where it is long.',
				type: 'info',
				location: 'ndv',
				whenToDisplay: 'always',
			},
		],
		properties: [
			choiceField('Trigger On', 'event', 'messageReceived', {
				noDataExpression: true,
				options: [
					{
						name: 'Contact Opted Out',
						value: 'contactOptedOut',
						action: 'On contact opted out',
						description:
							'A contact of the account has opted out; again where one opts in and out again. A poll takes one request for every 100 who have opted out.',
					},
					{
						name: 'Message Received',
						value: 'messageReceived',
						action: 'On message received',
						description:
							'A message is in the inbox that was not there before. A poll takes one request for every 100 messages of the inbox and its folders.',
					},
				],
			}),
		],
	};

	async poll(this: IPollFunctions) {
		return await pollFor[this.getNodeParameter('event') as keyof typeof pollFor](this);
	}
}
