import type { INodeTypeDescription } from 'n8n-workflow';

import { type Bed, openBed, useBed } from './bed';
import { type ChatModel, startChatModel } from './chatModel';
import { type Credential, createCredential, createWorkflow, errorOf, getFile, run } from './rest';
import { type AgentSettings, agentWorkflow } from './workflow';

/**
 * What a model is told when its tool fails, for every version of n8n's Agent node. docs/running.md has this as a table:
 * where it changes, so does the page.
 */
interface AgentBed extends Bed {
	model: ChatModel;
	openAi: Credential;
}
const bed = useBed<AgentBed>(async () => {
	const model = await startChatModel({ phoneNumbers: '2125550102', message: 'Honey is ready' });
	const opened = await openBed('agents');
	const openAi = await createCredential(opened.rest, 'openAiApi', { apiKey: 'none', url: model.url });
	const close = async () => {
		await opened.close();
		await model.close();
	};
	return { ...opened, model, openAi, close };
});

type OnError = AgentSettings['onError'];
/** Those of n8n's settings; none as long as nobody has touched it, though the editor shows "Stop Workflow" then. */
const settings: OnError[] = [undefined, 'stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

interface Told {
	status: string;
	error: string | undefined;
	/** What the model was told that its tool had answered; undefined where it was not asked a second time. */
	answer: string | null | undefined;
	requests: number;
}

/** Lets an agent send one text. */
async function tellOf(settings: AgentSettings): Promise<Told> {
	bed.model.told.length = 0;
	const file = agentWorkflow(bed.credentials.clubTextingApi, bed.openAi, settings);
	const execution = await run(bed.rest, await createWorkflow(bed.rest, file));
	return {
		status: execution.status,
		error: errorOf(execution)?.message,
		answer: bed.model.told[1],
		requests: bed.simulator.requests.length,
	};
}

const refuse = () => void bed.simulator.clubTexting.books.refusedNumbers.add('2125550102');
/** What the model can go by: whether it was refused, what to do, and the outcome as a word. */
const everything = [
	{
		error: expect.stringMatching(/not a valid phone number.*Nothing was sent.*Correct/s) as string,
		details: expect.objectContaining({ outcome: 'refused' }) as object,
	},
];
/** The message alone, without what to do. */
const words = [{ error: expect.stringMatching(/not a valid phone number((?!Correct).)*$/s) as string }];

/** Before 1.6 there are kinds of agent that read the model's text; they are what a new node was. */
const textAgents = [1, 1.1, 1.2, 1.3, 1.4, 1.5];
const older = [1.6, 1.7, 1.8, 1.9, 2, 2.1, 2.2];
const newer = [3, 3.1];

test('these are all the versions that n8n has', async () => {
	const types = (await (await getFile(bed.rest, '/types/nodes.json')).json()) as INodeTypeDescription[];
	const agents = types.filter(({ name }) => name.endsWith('langchain.agent'));
	const versions = agents.flatMap(({ version }) => version);
	expect(versions.sort()).toEqual([...textAgents, ...older, ...newer].sort());
});

describe.each([
	...textAgents.map((version) => ({ version, agent: 'openAiFunctionsAgent' })),
	...older.map((version) => ({ version, agent: 'toolsAgent' })),
])('Agent $version, $agent', ({ version, agent }) => {
	test.each(settings)('On Error %s: an empty text, or everything with "Continue"', async (onError) => {
		refuse();
		const { answer, ...told } = await tellOf({ version, agent, onError });
		expect(told).toEqual({ status: 'success', error: undefined, requests: 1 });
		if (onError?.startsWith('continue')) expect(JSON.parse(answer!)).toEqual(everything);
		else expect(answer).toBe('');
	});
});

describe.each(newer)('Agent %s', (version) => {
	test.each([
		[undefined, words],
		['continueRegularOutput', everything],
		// Its branch of errors leads nowhere.
		['continueErrorOutput', ''],
	] as Array<[OnError, unknown]>)('On Error %s: the agent goes on', async (onError, expected) => {
		refuse();
		const { answer, ...told } = await tellOf({ version, onError });
		expect(told).toEqual({ status: 'success', error: undefined, requests: 1 });
		expect(JSON.parse(answer!)).toEqual(expected);
	});

	test('On Error stopWorkflow: the workflow stops, and the model is not told', async () => {
		refuse();
		expect(await tellOf({ version, onError: 'stopWorkflow' })).toEqual({
			status: 'error',
			error: expect.stringContaining('not a valid phone number') as string,
			answer: undefined,
			requests: 1,
		});
	});

	test.each([
		['v1', [expect.objectContaining({ recipients: ['2125550102'] })]],
		// It goes on before the tool has run.
		['v0', ''],
	] as Array<['v0' | 'v1', unknown]>)(
		'a text that is sent, in execution order %s',
		async (executionOrder, expected) => {
			const { answer, ...told } = await tellOf({ version, executionOrder, onError: 'continueRegularOutput' });
			expect(told).toEqual({ status: 'success', error: undefined, requests: 1 });
			expect(JSON.parse(answer!)).toEqual(expected);
		},
	);
});

test.each(['conversationalAgent', 'reActAgent', 'planAndExecuteAgent'])(
	'%s takes no node for a tool: it fails before it asks the model',
	async (agent) => {
		expect(await tellOf({ version: 1.5, agent, onError: 'continueRegularOutput' })).toEqual({
			status: 'error',
			error: expect.stringContaining('The selected tools are not supported') as string,
			answer: undefined,
			requests: 0,
		});
		expect(bed.model.told).toEqual([]);
	},
);
