import type { IDataObject } from 'n8n-workflow';

import { callbackOf, type Signature, type Subscription } from '../simulator';

import { openBed, packageName, useBed } from './bed';
import {
	activate,
	createWorkflow,
	deactivate,
	getExecution,
	listExecutions,
	outputs,
	type StoredWorkflow,
} from './rest';
import { until } from './until';

/** The trigger registers itself in a running n8n, and is called at the address that it registered. */
const bed = useBed(async () => await openBed('ez-texting-trigger'));
const books = () => bed.simulator.ezTexting.books;

let started = 0;

/** Publishes a workflow of the trigger and one node behind it. */
async function publish(events: string[]) {
	const { id, name } = bed.credentials.ezTextingApi;
	const workflow = await createWorkflow(bed.rest, {
		name: `EZ Texting ${++started}`,
		nodes: [
			{
				id: 'trigger',
				name: 'Trigger',
				type: `${packageName}.ezTextingTrigger`,
				typeVersion: 1,
				position: [0, 0],
				webhookId: `ez-texting-${started}`,
				parameters: { events },
				credentials: { ezTextingApi: { id, name } },
			},
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
		workflow,
		/** The items of each run so far, oldest first, once there are as many. */
		async runs(count: number): Promise<IDataObject[][]> {
			const ids = await until(`${count} runs`, async () => {
				const done = (await listExecutions(bed.rest, workflow.id)).filter(
					({ status }) => status === 'success',
				);
				return done.length < count ? undefined : done.map((execution) => execution.id);
			});
			const executions = await Promise.all(ids.map(async (each) => await getExecution(bed.rest, each)));
			return executions.reverse().map((execution) => outputs(execution, 'After')[0] ?? []);
		},
	};
}

/** Calls as the provider does, at the address that a subscription has. */
async function call(
	subscription: Subscription,
	fields: IDataObject,
	{ signature, url = subscription.callbackUrl }: { signature?: Signature; url?: string } = {},
): Promise<{ status: number; body: string }> {
	const { body, headers } = callbackOf(books(), subscription, fields, signature);
	const answer = await fetch(url, { method: 'POST', headers, body });
	return { status: answer.status, body: await answer.text() };
}

/** Switches a workflow off, and waits until n8n has told its trigger. */
async function switchOff(workflow: StoredWorkflow): Promise<void> {
	await deactivate(bed.rest, workflow);
	const isOwn = ({ callbackUrl }: Subscription) => callbackUrl.includes(bed.main.url);
	await until('the registrations are gone', async () => !books().subscriptions.some(isOwn) || undefined);
}

const nothing = { status: 200, body: '' };
const stranger: Subscription = {
	id: '1',
	type: 'inbound_text.received',
	callbackUrl: 'https://example.com/crm',
	insecureSsl: false,
};
const text = (message: string, more: IDataObject = {}): IDataObject => ({
	id: '309100000003',
	fromNumber: '12125550101',
	toNumber: '13135550199',
	message,
	optIn: false,
	optOut: false,
	...more,
});

test('a real request to the registered address is a run, and switching off leaves the others alone', async () => {
	books().subscriptions.push(stranger);
	const { workflow, runs } = await publish(['messageReceived', 'optedOut', 'keywordOptIn']);
	const own = books().subscriptions.filter(({ id }) => id !== stranger.id);
	expect(own.map(({ type }) => type).sort()).toEqual(['inbound_text.received', 'keyword.opt_in']);
	const subscription = own.find(({ type }) => type === 'inbound_text.received')!;
	expect(subscription.callbackUrl).toMatch(
		/\/webhook\/ez-texting-\d+\/webhook\?type=inbound_text\.received&token=[\w-]{32}$/,
	);

	const received = '2026-11-29T17:06:31.042+00:00';
	expect(await call(subscription, text('honey', { received }), { signature: 'none' })).toEqual(nothing);
	await runs(1);
	// Delivered once more: no second run.
	expect(await call(subscription, text('honey', { received }))).toEqual(nothing);
	expect(await call(subscription, text('two jars'), { signature: 'X-Signature-256' })).toEqual(nothing);
	await runs(2);
	expect(await call(subscription, text('STOP', { optOut: true }), { signature: 'X-Signature' })).toEqual(
		nothing,
	);
	expect((await runs(3)).flat()).toMatchObject([
		{
			kind: 'messageReceived',
			phoneNumber: '2125550101',
			ownNumber: '3135550199',
			message: 'honey',
			receivedAt: '2026-11-29T17:06:31.042Z',
			answersMessageId: '309100000003',
		},
		{ kind: 'messageReceived', message: 'two jars' },
		{ kind: 'optedOut', message: 'STOP', optedOut: true },
	]);

	await switchOff(workflow);
	expect(books().subscriptions).toEqual([stranger]);
	await until('nobody answers at the address', async () => {
		const { status } = await call(subscription, text('too late'));
		return status === 404 || undefined;
	});
});

test('a wrong token or signature gets 403 and starts nothing', async () => {
	const { workflow, runs } = await publish(['messageReceived']);
	const [subscription] = books().subscriptions as [Subscription];
	const { callbackUrl } = subscription;

	for (const url of [callbackUrl.replace(/\?.*/, ''), `${callbackUrl}x`])
		expect((await call(subscription, text('wrong'), { url })).status).toBe(403);
	for (const signature of ['X-Signature', 'X-Signature-256'] as const) {
		const forged = { ...subscription, secret: 'another one' };
		expect((await call(forged, text('wrong'), { signature })).status).toBe(403);
	}
	expect(await call(subscription, text('right'))).toEqual(nothing);
	expect((await runs(1)).flat().map(({ message }) => message)).toEqual(['right']);

	await switchOff(workflow);
	expect(books().subscriptions).toEqual([]);
});

test('published anew, it has one registration, under another token', async () => {
	const { workflow } = await publish(['messageReceived']);
	const [first] = books().subscriptions as [Subscription];
	await switchOff(workflow);
	await activate(bed.rest, workflow);
	const [second, ...more] = books().subscriptions as [Subscription];
	expect(more).toEqual([]);
	expect(second.callbackUrl.split('?')[0]).toBe(first.callbackUrl.split('?')[0]);
	expect(second.callbackUrl).not.toBe(first.callbackUrl);
	expect((await call(first, text('old'))).status).toBe(403);
	await switchOff(workflow);
});
