import type { IDataObject, INodeParameters, INodeTypeDescription } from 'n8n-workflow';

import { type Bed, openBed, packageName } from './bed';
import {
	type Execution,
	type StoredWorkflow,
	activate,
	createWorkflow,
	getExecution,
	getFile,
	listExecutions,
	outputs,
} from './rest';
import { until } from './until';

/** The provider's two callbacks, sent to the production URL of a published workflow. */
let bed: Bed;
let path: string;

const type = `${packageName}.clubTextingTrigger`;

beforeAll(async () => {
	bed = await openBed('trigger');
	const types = (await (await getFile(bed.rest, '/types/nodes.json')).json()) as INodeTypeDescription[];
	path = types.find(({ name }) => name === type)?.webhooks?.[0]?.path ?? 'no webhook';
});
afterAll(async () => {
	await bed.close();
});

interface Listening {
	url: string;
	/** The items of each run so far, oldest first, once there are as many. */
	runs(count: number): Promise<IDataObject[][]>;
}

let started = 0;

/** Publishes a workflow of the trigger and one node behind it. */
async function listen(parameters: INodeParameters = {}): Promise<Listening> {
	const webhookId = `incoming-${++started}`;
	const workflow: StoredWorkflow = await createWorkflow(bed.rest, {
		name: `Incoming messages ${started}`,
		nodes: [
			{ id: 'trigger', name: 'Trigger', type, typeVersion: 1, position: [0, 0], webhookId, parameters },
			{
				id: 'after',
				name: 'After',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [200, 0],
				parameters: {},
			},
		],
		connections: { Trigger: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
	});
	await activate(bed.rest, workflow);
	return {
		url: `${bed.main.url}/webhook/${webhookId}/${path}`,
		async runs(count) {
			const executions = await until<Execution[]>(`${count} runs`, async () => {
				const listed = (await listExecutions(bed.rest, workflow.id)).filter(
					({ status }) => status === 'success',
				);
				if (listed.length < count) return undefined;
				return await Promise.all(listed.map(async ({ id }) => await getExecution(bed.rest, id)));
			});
			return executions.reverse().map((execution) => outputs(execution, 'After')[0] ?? []);
		},
	};
}

async function get(url: string, fields: Record<string, string>): Promise<{ status: number; body: string }> {
	const answer = await fetch(
		`${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(fields).toString()}`,
	);
	return { status: answer.status, body: await answer.text() };
}

async function post(url: string, fields: Record<string, string>): Promise<{ status: number; body: string }> {
	const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
	return { status: answer.status, body: await answer.text() };
}

const nothing = { status: 200, body: '' };
const receivedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) as string;

test.each([
	['GET', get],
	['POST', post],
])('both callbacks by %s', async (_method, send) => {
	const { url, runs } = await listen();

	expect(await send(url, { PhoneNumber: '12123456785', Message: 'honey' })).toEqual(nothing);
	await runs(1);
	expect(await send(url, { from: '(212) 345-6785', message: 'honey two jars & more' })).toEqual(nothing);

	expect(await runs(2)).toEqual([
		[{ phoneNumber: '2123456785', message: 'honey', kind: 'keyword', receivedAt }],
		[{ phoneNumber: '2123456785', message: 'honey two jars & more', kind: 'reply', receivedAt }],
	]);
});

test('the same message by both callbacks starts one run', async () => {
	const { url, runs } = await listen();

	expect(await get(url, { PhoneNumber: '2123456785', Message: 'honey' })).toEqual(nothing);
	expect(await post(url, { from: '12123456785', message: 'honey' })).toEqual(nothing);
	await runs(1);
	expect(await get(url, { PhoneNumber: '2123456786', Message: 'honey' })).toEqual(nothing);

	expect((await runs(2)).flat().map(({ phoneNumber }) => phoneNumber)).toEqual(['2123456785', '2123456786']);
});

test('at the same moment too', async () => {
	const { url, runs } = await listen();

	const answers = await Promise.all([
		get(url, { PhoneNumber: '2123456785', Message: 'honey' }),
		post(url, { from: '2123456785', message: 'honey' }),
	]);
	expect(answers).toEqual([nothing, nothing]);
	await runs(1);
	expect(await get(url, { PhoneNumber: '2123456785', Message: 'thistles' })).toEqual(nothing);

	expect((await runs(2)).flat().map(({ message }) => message)).toEqual(['honey', 'thistles']);
});

test('a wrong token or none gets 403 and starts nothing', async () => {
	const { url, runs } = await listen({ options: { token: 'heffalump-7' } });
	const message = { PhoneNumber: '2123456785', Message: 'honey' };

	for (const wrong of [url, `${url}?token=`, `${url}?token=heffalump-8`, `${url}?token=heffalump-7x`]) {
		expect((await get(wrong, message)).status).toBe(403);
		expect((await post(wrong, message)).status).toBe(403);
	}
	expect(await post(`${url}?token=heffalump-7`, { ...message, Message: 'right' })).toEqual(nothing);

	expect((await runs(1)).flat().map(({ message: text }) => text)).toEqual(['right']);
});

test('an event that is not selected gets the empty 200 and starts nothing', async () => {
	const { url, runs } = await listen({ events: ['reply'] });

	expect(await get(url, { PhoneNumber: '2123456785', Message: 'honey' })).toEqual(nothing);
	expect(await get(url, { from: '2123456785', message: 'two jars' })).toEqual(nothing);

	expect((await runs(1)).flat().map(({ kind }) => kind)).toEqual(['reply']);
});

test('the reply text is the answer', async () => {
	const { url, runs } = await listen({ options: { replyText: 'Thank you & see you' } });

	expect(await get(url, { PhoneNumber: '2123456785', Message: 'honey' })).toEqual({
		status: 200,
		body: 'Thank you & see you',
	});
	expect(await runs(1)).toHaveLength(1);
});
