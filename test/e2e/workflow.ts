import type { IConnections, IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { type Bed, type Credentials, packageName } from './bed';
import type { Credential, WorkflowFile } from './rest';

/** A node of this package under test, with all settings that n8n knows. */
export type Step = Partial<Pick<INode, 'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>> & {
	type: string;
	parameters: INodeParameters;
	credentials: Credential[];
};

/** Steps of the action nodes, with the simulator's credentials. */
export function stepsOf(bed: Pick<Bed, 'credentials'>) {
	const of =
		(type: string, ...needed: Array<keyof Credentials>) =>
		(
			resource: string,
			operation: string,
			parameters: INodeParameters = {},
			settings: Partial<Step> = {},
		) => ({
			type: `${packageName}.${type}`,
			parameters: { resource, operation, ...parameters },
			credentials: needed.map((name) => bed.credentials[name]),
			...settings,
		});
	return {
		click2mail: of('click2MailCredit', 'click2MailApi', 'paymentCardApi'),
		mail: of('click2Mail', 'click2MailApi'),
		clubTexting: of('clubTexting', 'clubTextingApi', 'paymentCardApi'),
		ezTexting: of('ezTexting', 'ezTextingApi'),
		mailPartner: of('mailPartnerSubaccount', 'mailPartnerApi'),
	};
}

/**
 * A workflow that gives these items to the step, named `Step`; its failed items go to a node named `Failed`
 * where its `onError` says so, and all others to `Done`.
 *
 * @param webhook the path of a webhook that starts the same; without it there is the manual trigger alone
 */
export function itemsThrough(
	items: IDataObject[],
	step: Step,
	{ name = 'Items through a step', webhook }: { name?: string; webhook?: string } = {},
): WorkflowFile {
	const { type, credentials, ...settings } = step;
	const nodes: INode[] = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		node('Items', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ items }),
			options: {},
		}),
		node('Split', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'items', options: {} }),
		{
			...node('Step', type, 1, {}),
			...settings,
			credentials: Object.fromEntries(credentials.map(({ id, name, type: key }) => [key, { id, name }])),
		},
		node('Done', 'n8n-nodes-base.noOp', 1, {}),
		node('Failed', 'n8n-nodes-base.noOp', 1, {}),
	];
	const connections: IConnections = {
		Start: { main: [[{ node: 'Items', type: 'main', index: 0 }]] },
		Items: { main: [[{ node: 'Split', type: 'main', index: 0 }]] },
		Split: { main: [[{ node: 'Step', type: 'main', index: 0 }]] },
		Step: {
			main: [[{ node: 'Done', type: 'main', index: 0 }], [{ node: 'Failed', type: 'main', index: 0 }]],
		},
	};
	if (webhook !== undefined) {
		nodes.push({
			...node('Webhook', 'n8n-nodes-base.webhook', 2, {
				path: webhook,
				httpMethod: 'POST',
				responseMode: 'onReceived',
				options: {},
			}),
			webhookId: webhook,
		});
		connections.Webhook = { main: [[{ node: 'Items', type: 'main', index: 0 }]] };
	}
	return { name, nodes, connections };
}

/** A text, and behind it a node that somebody is about to give fields of it, before anything has run. */
export function mappingWorkflow({ id, name }: Credential): WorkflowFile {
	const send = node('Send', `${packageName}.clubTexting`, 1, {
		resource: 'message',
		operation: 'send',
		phoneNumbers: '2125550101',
		message: 'Honey is ready',
	});
	const nodes = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		{ ...send, credentials: { clubTextingApi: { id, name } } },
		node('Map', 'n8n-nodes-base.set', 3.4, { options: {} }),
	];
	return {
		name: 'Fields before the first run',
		nodes: nodes.map((own, place): INode => ({ ...own, position: [place * 220, 0] })),
		connections: {
			Start: { main: [[{ node: 'Send', type: 'main', index: 0 }]] },
			Send: { main: [[{ node: 'Map', type: 'main', index: 0 }]] },
		},
	};
}

export interface AgentSettings {
	/** Of the Agent node. */
	version: number;
	agent?: string;
	/** Of its tool. */
	onError?: INode['onError'];
	/** Of the workflow's settings; v0 is that of workflows made before n8n 1.0, or stored without it. */
	executionOrder?: 'v0' | 'v1';
}

/** An agent with one tool, named `Send`, which texts whom the model names. */
export function agentWorkflow(
	tool: Credential,
	openAi: Credential | undefined,
	{ version, agent = 'toolsAgent', onError, executionOrder = 'v1' }: AgentSettings,
): WorkflowFile {
	const langchain = '@n8n/n8n-nodes-langchain';
	const prompt = { agent, promptType: 'define', text: 'Tell Maria that her honey is ready' };
	const chosen = { model: { __rl: true, mode: 'id', value: 'stand-in' } };
	const fields = { phoneNumbers: "={{ $fromAI('phoneNumbers') }}", message: "={{ $fromAI('message') }}" };
	const send = { resource: 'message', operation: 'send', ...fields };
	const credentials = (given: Credential) => ({ [given.type]: { id: given.id, name: given.name } });
	const nodes: INode[] = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		node('Agent', `${langchain}.agent`, version, prompt),
		{
			...node('Model', `${langchain}.lmChatOpenAi`, 1.2, chosen),
			...(openAi && { credentials: credentials(openAi) }),
		},
		{
			...node('Send', `${packageName}.clubTextingTool`, 1, send),
			credentials: credentials(tool),
			onError,
		},
	];
	return {
		name: `Agent ${version}`,
		settings: { executionOrder },
		nodes: nodes.map((own, place): INode => ({ ...own, position: [place * 220, 0] })),
		connections: {
			Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			Send: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
}

/** People enough to be in the middle of for a while. */
export const campaign = Array.from({ length: 200 }, (_, i) => ({ to: String(2125550000 + i) }));

/** A text of its own for each of them, so a request of its own too, faster than a provider would like it. */
export function personalMessages(options: INodeParameters = {}): INodeParameters {
	return {
		phoneNumbers: '={{ $json.to }}',
		message: '=For {{ $json.to }}',
		options: { requestsPerSecond: 100, timeout: 5000, ...options },
	};
}

/** How many people got how many texts, such as `{ 1: 199, 0: 1 }`. */
export function textsPerPerson(delivered: Array<{ number: string }>): Record<number, number> {
	const texts = new Map(campaign.map(({ to }) => [to, 0]));
	for (const { number } of delivered) texts.set(number, (texts.get(number) ?? 0) + 1);
	const people: Record<number, number> = {};
	for (const count of texts.values()) people[count] = (people[count] ?? 0) + 1;
	return people;
}

/** How many items came out in which way: `sent`, `skipped`, or the outcome of a failed one. */
export function tally(items: IDataObject[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { details, skipped } of items) {
		const outcome = (details as IDataObject | undefined)?.outcome as string | undefined;
		const kind = outcome ?? (skipped === true ? 'skipped' : 'sent');
		counts[kind] = (counts[kind] ?? 0) + 1;
	}
	return counts;
}

function node(name: string, type: string, typeVersion: number, parameters: INode['parameters']): INode {
	return { id: name.toLowerCase(), name, type, typeVersion, position: [0, 0], parameters };
}
