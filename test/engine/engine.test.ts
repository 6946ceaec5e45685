import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import { NodeApiError, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	JsonObject,
} from 'n8n-workflow';
import { createDeduplicationStore, createEngine, loadPackage } from '.';
import { description } from './nodeTypes';

// --- a server that writes down what arrives -----------------------------------------------------------------------

interface Arrival {
	method: string;
	path: string;
	query: Record<string, string>;
	headers: IncomingMessage['headers'];
	body: string;
}

let server: Server;
let baseUrl: string;
let arrivals: Arrival[];
let reply: (arrival: Arrival, response: ServerResponse) => void;

function json(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

beforeAll(async () => {
	server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			const url = new URL(request.url ?? '/', 'http://localhost');
			const arrival: Arrival = {
				method: request.method ?? '',
				path: url.pathname,
				query: Object.fromEntries(url.searchParams),
				headers: request.headers,
				body,
			};
			arrivals.push(arrival);
			reply(arrival, response);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

beforeEach(() => {
	arrivals = [];
	reply = (arrival, response) => json(response, 200, { path: arrival.path, query: arrival.query });
});

// --- credentials and nodes ----------------------------------------------------------------------------------------

const genericApi: ICredentialType = {
	name: 'genericApi',
	displayName: 'Generic API',
	properties: [
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: 'http://127.0.0.1:1' },
		{ displayName: 'User', name: 'user', type: 'string', default: 'anonymous' },
		{ displayName: 'Password', name: 'password', type: 'string', default: '' },
	],
	authenticate: {
		type: 'generic',
		properties: {
			headers: { 'X-User': '={{$credentials.user.toUpperCase()}}', 'X-Fixed': 'fixed' },
			qs: { key: '={{$credentials.password}}' },
			auth: { username: '={{$credentials.user}}', password: '={{$credentials.password}}' },
		},
	},
	test: {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/test' },
		rules: [
			{ type: 'responseCode', properties: { value: 403, message: 'This user may not do that' } },
			{
				type: 'responseSuccessBody',
				properties: { key: 'data.ok', value: false, message: 'The service says no' },
			},
		] as NonNullable<ICredentialType['test']>['rules'],
	},
};

const functionApi: ICredentialType = {
	name: 'functionApi',
	displayName: 'Function API',
	properties: [
		{ displayName: 'Key', name: 'apiKey', type: 'string', default: '' },
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
	],
	async authenticate(credentials, options: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		const secret = { apiKey: credentials.apiKey };
		return options.method === 'GET'
			? { ...options, qs: { ...options.qs, ...secret } }
			: { ...options, body: { ...(options.body as IDataObject), ...secret } };
	},
};

const childApi: ICredentialType = {
	name: 'childApi',
	extends: ['functionApi'],
	displayName: 'Child API',
	properties: [{ displayName: 'Region', name: 'region', type: 'string', default: 'eu' }],
};

const plainDescription = (name: string, properties: INodeProperties[]): INodeTypeDescription =>
	description(name, { version: 1, properties });

const text = (name: string, value = ''): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: value,
});

const choice = (name: string, values: string[]): INodeProperties => ({
	displayName: name,
	name,
	type: 'options',
	options: values.map((value) => ({ name: value, value })),
	default: values[0] ?? '',
});

const declarative: INodeType = {
	description: {
		...plainDescription('declarative', [
			{
				...text('id'),
				routing: { request: { method: 'GET', url: '=/things/{{$value}}', headers: { 'X-Own': 'own' } } },
			},
		]),
		credentials: [{ name: 'genericApi', required: true }],
		requestDefaults: { baseURL: '={{$credentials.baseUrl}}' },
	},
};

/** Sends one POST per item, gives the reply, throws on "fail". */
async function post(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	for (const [item] of this.getInputData().entries()) {
		const value = this.getNodeParameter('value', item) as string;
		try {
			const body = (await this.helpers.httpRequestWithAuthentication.call(this, 'functionApi', {
				method: 'POST',
				baseURL: baseUrl,
				url: '/post',
				body: { value },
				json: true,
			})) as IDataObject;
			if (value === 'fail') throw new NodeOperationError(this.getNode(), 'Refused', { itemIndex: item });
			output.push({ json: body, pairedItem: { item } });
		} catch (error) {
			if (!this.continueOnFail()) {
				throw new NodeApiError(this.getNode(), error as JsonObject, { itemIndex: item });
			}
			output.push({ json: { error: (error as Error).message, details: { item } }, pairedItem: { item } });
		}
	}
	return [output];
}

const programmatic: INodeType = {
	description: {
		...plainDescription('programmatic', [text('value')]),
		credentials: [{ name: 'functionApi', required: true }],
	},
	execute: post,
};

/** Counts its tries in the node context and throws until `failures` of them have failed. */
const flaky: INodeType = {
	description: plainDescription('flaky', [
		{ displayName: 'Failures', name: 'failures', type: 'number', default: 1 },
		text('message', 'Not yet'),
	]),
	async execute(this: IExecuteFunctions) {
		const context = this.getContext('node');
		context.tries = Number(context.tries ?? 0) + 1;
		context.runs = [
			...((context.runs as number[] | undefined) ?? []),
			this.getWorkflowDataProxy(0).$runIndex as number,
		];
		if (context.tries <= (this.getNodeParameter('failures', 0) as number)) {
			throw new NodeOperationError(this.getNode(), this.getNodeParameter('message', 0) as string, {
				description: 'Try again later',
				itemIndex: 0,
			});
		}
		return [[{ json: { tries: context.tries, executionId: this.getExecutionId() } }]];
	},
};

/** Waits for a reply that may never come; hears of a cancelled execution. */
const patient: INodeType = {
	description: { ...plainDescription('patient', []), credentials: [{ name: 'functionApi', required: true }] },
	async execute(this: IExecuteFunctions) {
		const signal = this.getExecutionCancelSignal();
		const context = this.getContext('node');
		context.begun = true;
		try {
			await this.helpers.httpRequestWithAuthentication.call(this, 'functionApi', { url: `${baseUrl}/hang` });
		} catch {
			// the request was hung up on
		}
		context.ended = true;
		return [[{ json: { aborted: signal?.aborted ?? null } }]];
	},
};

const once: INodeType = {
	description: plainDescription('once', [text('key'), choice('scope', ['node', 'workflow'])]),
	async execute(this: IExecuteFunctions) {
		const scope = this.getNodeParameter('scope', 0) as 'node' | 'workflow';
		const keys = this.getInputData().map((_, item) => this.getNodeParameter('key', item) as string);
		const options = { mode: 'entries' as const, maxEntries: 3 };
		const found = await this.helpers.checkProcessedAndRecord(keys, scope, options);
		const count = await this.helpers.getProcessedDataCount(scope, options);
		return [[{ json: { new: found.new, processed: found.processed, count } }]];
	},
};

const talkative: INodeType = {
	description: plainDescription('talkative', [text('word')]),
	async execute(this: IExecuteFunctions) {
		const word = this.getNodeParameter('word', 0) as string;
		this.logger.debug(`debug ${word}`);
		this.logger.info('info', { word, error: new Error(`inner ${word}`) });
		this.addExecutionHints({ message: `hint ${word}`, location: 'outputPane' });
		const data = this.getWorkflowStaticData('node');
		data.calls = Number(data.calls ?? 0) + 1;
		return [[{ json: { calls: data.calls, word } }]];
	},
};

const listing: INodeType = {
	description: {
		...plainDescription('listing', [text('prefix', 'p')]),
		credentials: [{ name: 'functionApi', required: true }],
	},
	methods: {
		listSearch: {
			async things(filter, paginationToken) {
				const body = (await this.helpers.httpRequestWithAuthentication.call(this, 'functionApi', {
					method: 'GET',
					url: `${baseUrl}/list`,
					qs: { filter, prefix: this.getCurrentNodeParameter('prefix') as string },
					json: true,
				})) as { query: IDataObject };
				return {
					results: [{ name: JSON.stringify(body.query), value: 1 }],
					paginationToken: paginationToken ?? 'next',
				};
			},
		},
		loadOptions: {
			async kinds() {
				return [{ name: 'One', value: (await this.getCredentials('functionApi')).apiKey as string }];
			},
		},
	},
	async execute() {
		return [[]];
	},
};

const hook: INodeType = {
	description: {
		...plainDescription('hookTrigger', [text('token')]),
		group: ['trigger'],
		inputs: [],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'hook' },
			{ name: 'default', httpMethod: 'GET', responseMode: 'onReceived', path: 'hook' },
		],
	},
	webhookMethods: {
		default: {
			async checkExists() {
				return this.getWorkflowStaticData('node').url === this.getNodeWebhookUrl('default');
			},
			async create() {
				this.getWorkflowStaticData('node').url = this.getNodeWebhookUrl('default');
				return true;
			},
			async delete() {
				delete this.getWorkflowStaticData('node').url;
				return true;
			},
		},
	},
	async webhook() {
		const request = this.getRequestObject();
		if (this.getQueryData() instanceof Object && request.query.token !== this.getNodeParameter('token')) {
			this.getResponseObject().status(403).end();
			return { noWebhookResponse: true };
		}
		if (request.query.broken !== undefined) throw new Error('broken');
		if (request.query.quiet !== undefined) return { webhookResponse: '' };
		return {
			webhookResponse: 'thanks',
			workflowData: [[{ json: { body: this.getBodyData(), raw: request.rawBody.toString() } }]],
		};
	},
};

const nodes = {
	'test.declarative': declarative,
	'test.programmatic': programmatic,
	'test.flaky': flaky,
	'test.patient': patient,
	'test.once': once,
	'test.talkative': talkative,
	'test.listing': listing,
	'test.hookTrigger': hook,
};
const newEngine = () => createEngine({ nodes, credentialTypes: [genericApi, functionApi, childApi] });
const jsonOf = (items: INodeExecutionData[]) => items.map((item) => item.json);
const main = (node: string, index = 0) => ({ node, type: NodeConnectionTypes.Main, index });

// --- tests --------------------------------------------------------------------------------------------------------

describe('running nodes', () => {
	it('resolves expressions per item and applies a generic credential to a declarative node', async () => {
		const result = await newEngine().runNode(
			'test.declarative',
			{ id: '={{ $json.id * 2 }}' },
			{
				items: [{ id: 1 }, { id: 2 }],
				credentials: { genericApi: { baseUrl, user: 'ann', password: 's3cret' } },
			},
		);
		expect(result.error).toBeUndefined();
		expect(result.status).toBe('success');
		expect(jsonOf(result.output())).toEqual([
			{ path: '/things/2', query: { key: 's3cret' } },
			{ path: '/things/4', query: { key: 's3cret' } },
		]);
		expect(result.output('Success')).toHaveLength(2);
		expect(arrivals[0]?.headers).toMatchObject({
			'x-own': 'own',
			'x-user': 'ANN',
			'x-fixed': 'fixed',
			authorization: `Basic ${Buffer.from('ann:s3cret').toString('base64')}`,
		});
		expect(result.requests.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
			`GET ${baseUrl}/things/2?key=s3cret`,
			`GET ${baseUrl}/things/4?key=s3cret`,
		]);
	});

	it('fills credential defaults in and resolves expressions in credential values, in the run as in the form', async () => {
		const credentials = { genericApi: { baseUrl, user: '={{ $json.name ?? "nobody" }}' } };
		await newEngine().runNode('test.declarative', { id: '1' }, { items: [{ name: 'eve' }], credentials });
		await newEngine().runNode('test.declarative', { id: '1' }, { credentials: { genericApi: { baseUrl } } });
		expect(arrivals.map(({ headers }) => headers['x-user'])).toEqual(['EVE', 'ANONYMOUS']);
	});

	it('applies a function credential to a programmatic node, and leaves the given items alone', async () => {
		const items = [{ value: 'a' }, { value: 'b' }];
		const result = await newEngine().runNode(
			'test.programmatic',
			{ value: '={{ $json.value }}' },
			{ items, credentials: { functionApi: { apiKey: 'k1' } } },
		);
		expect(arrivals.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
			{ value: 'a', apiKey: 'k1' },
			{ value: 'b', apiKey: 'k1' },
		]);
		expect(result.output().map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(items).toEqual([{ value: 'a' }, { value: 'b' }]);
	});

	it('reports a missing credential, an unknown node type and a missing required parameter as n8n does', async () => {
		const engine = newEngine();
		const missing = await engine.runNode('test.programmatic', { value: 'a' });
		expect(missing.status).toBe('error');
		expect(missing.error?.message).toBe('Node does not have any credentials set');
		await expect(engine.runNode('test.unheardOf', {})).rejects.toThrow(
			'Unrecognized node type: test.unheardOf',
		);

		const strict: INodeType = {
			...flaky,
			description: { ...flaky.description, properties: [{ ...text('must'), required: true }] },
		};
		const issues = await createEngine({ nodes: { 'test.strict': strict } }).runNode('test.strict', {});
		expect(issues).toMatchObject({
			status: 'error',
			error: { message: expect.stringContaining('issues') as string },
		});
		expect(issues.runData).toEqual({});
	});

	it('keeps hints, node static data of production runs, and the logs of every level apart by run', async () => {
		const engine = newEngine();
		const [first, second] = await Promise.all([
			engine.runNode('test.talkative', { word: 'one' }, { workflowId: 'w1' }),
			engine.runNode('test.talkative', { word: 'two' }, { workflowId: 'w2' }),
		]);
		expect(first.hints).toEqual([{ message: 'hint one', location: 'outputPane' }]);
		expect(first.logs).toContain('debug: debug one');
		expect(first.logs.find((line) => line.startsWith('info: info'))).toContain('"message":"inner one"');
		// Its stack traces name the folder, whatever that is called.
		expect(first.logs.join()).not.toMatch(/(debug|inner) two/);
		expect(second.logs.join()).not.toMatch(/(debug|inner) one/);

		const manual = await engine.runNode(
			'test.talkative',
			{ word: 'x' },
			{ workflowId: 'w1', mode: 'manual' },
		);
		const third = await engine.runNode('test.talkative', { word: 'x' }, { workflowId: 'w1' });
		expect([first, manual, third].map((run) => run.output()[0]?.json.calls)).toEqual([1, 2, 2]);
	});

	it('cuts requests to other hosts off and fails the test for them', async () => {
		const away = newEngine().runNode(
			'test.declarative',
			{ id: '1' },
			{ credentials: { genericApi: { baseUrl: 'http://api.example.invalid' } } },
		);
		await expect(away).rejects.toThrow(
			'The run tried to reach api.example.invalid; test runs stay on loopback',
		);
	});
});

describe('failures', () => {
	const credentials = { functionApi: { apiKey: 'secret-key-1' } };
	const items = ['a', 'fail', 'c'].map((value) => ({ value }));
	const parameters = { value: '={{ $json.value }}' };

	it('stops the workflow: error with its context, no output, nothing further sent', async () => {
		const result = await newEngine().runNode('test.programmatic', parameters, { items, credentials });
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message: 'Refused',
			context: { itemIndex: 1 },
		});
		expect(result.output()).toEqual([]);
		expect(result.output('Success')).toEqual([]);
		expect(arrivals).toHaveLength(2);
	});

	it('gives the HTTP code of an error that n8n made from a reply', async () => {
		reply = (_, response) => json(response, 402, { message: 'Pay first' });
		const result = await newEngine().runNode('test.programmatic', parameters, { items, credentials });
		expect(result.error).toMatchObject({ name: 'NodeApiError', httpCode: '402', description: 'Pay first' });
	});

	it('continues on the regular output', async () => {
		const result = await newEngine().runNode('test.programmatic', parameters, {
			items,
			credentials,
			onError: 'continueRegularOutput',
		});
		expect(result.status).toBe('success');
		expect(jsonOf(result.output('Success'))).toEqual([
			{ path: '/post', query: {} },
			{ error: 'Refused', details: { item: 1 } },
			{ path: '/post', query: {} },
		]);
	});

	it('routes failed items to the error branch, with the input merged in', async () => {
		const result = await newEngine().runNode('test.programmatic', parameters, {
			items,
			credentials,
			onError: 'continueErrorOutput',
		});
		expect(jsonOf(result.output())).toHaveLength(2);
		expect(jsonOf(result.output(undefined, 1))).toEqual([
			{ value: 'fail', error: 'Refused', details: { item: 1 } },
		]);
		expect(result.output('Failed')[0]?.pairedItem).toEqual({ item: 0 });
		expect(result.output('Success')).toHaveLength(2);
	});

	it('keeps the node context over Retry On Fail', async () => {
		const result = await newEngine().runNode(
			'test.flaky',
			{ failures: 2 },
			{ retryOnFail: true, maxTries: 3 },
		);
		expect(jsonOf(result.output())).toEqual([{ tries: 3, executionId: '1' }]);
		expect(result.contextData['node:Node']).toEqual({ tries: 3, runs: [0, 0, 0] });
	});

	it('runs the whole node again where the first output item has an error', async () => {
		const result = await newEngine().runNode('test.programmatic', parameters, {
			items: [{ value: 'fail' }, { value: 'b' }],
			credentials,
			onError: 'continueRegularOutput',
			retryOnFail: true,
			maxTries: 2,
		});
		expect(result.status).toBe('success');
		expect(arrivals).toHaveLength(4);
	});

	it('stores the execution as text that shows what would leak', async () => {
		const result = await newEngine().runNode('test.programmatic', parameters, { items, credentials });
		expect(result.stored).toContain('Refused');
		expect(result.stored).not.toContain('secret-key-1');
	});
});

describe('retrying a failed execution', () => {
	const before = { name: 'Before', type: 'test.talkative', parameters: { word: 'w' } };
	const workflow = (failures: number) => ({
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			before,
			{ name: 'Flaky', type: 'test.flaky', parameters: { failures } },
			{ name: 'End', type: 'n8n-nodes-base.noOp' },
		],
		connections: {
			Start: { main: [[main('Before')]] },
			Before: { main: [[main('Flaky')]] },
			Flaky: { main: [[main('End')]] },
		},
	});

	it('starts at the failed node with its stored input and context under a new id', async () => {
		const engine = newEngine();
		const failed = await engine.run({ ...workflow(1), executionId: '41' });
		expect(failed).toMatchObject({
			status: 'error',
			executionId: '41',
			error: { description: 'Try again later' },
		});

		const retried = await engine.retry(failed, { executionId: '42' });
		expect(retried).toMatchObject({ status: 'success', mode: 'retry' });
		expect(jsonOf(retried.output('End'))).toEqual([{ tries: 2, executionId: '42' }]);
		expect(retried.runData.Flaky).toHaveLength(1);
		expect(retried.runData.Before?.[0]?.startTime).toBe(failed.runData.Before?.[0]?.startTime);

		// nothing of the first execution is shared or changed, so a second retry begins where the first did
		expect(failed.contextData['node:Flaky']?.tries).toBe(1);
		const again = await engine.retry(failed);
		expect(again.contextData['node:Flaky']?.tries).toBe(2);
		await expect(engine.retry(again)).rejects.toThrow('The execution succeeded, so it cannot be retried.');
	});

	it('can be repeated on a retry that failed as well', async () => {
		const engine = newEngine();
		const second = await engine.retry(await engine.run(workflow(2)));
		expect(second.status).toBe('error');
		const third = await engine.retry(second);
		expect(third.contextData['node:Flaky']).toEqual({ tries: 3, runs: [0, 0, 0] });
	});

	it('takes the currently saved workflow where asked to', async () => {
		const engine = newEngine();
		const failed = await engine.run(workflow(9));
		expect((await engine.retry(failed)).status).toBe('error');
		const retried = await engine.retry(failed, { loadWorkflow: workflow(1) });
		expect(retried.status).toBe('success');
		const renamed = { nodes: [before] };
		await expect(engine.retry(failed, { loadWorkflow: renamed })).rejects.toThrow(
			'Could not find the node "Flaky"',
		);
	});

	it('is what `context` stands in for', async () => {
		const result = await newEngine().runNode(
			'test.flaky',
			{ failures: 1 },
			{ context: { 'node:Node': { tries: 5 } } },
		);
		expect(result.output()[0]?.json.tries).toBe(6);
	});
});

describe('cancelling', () => {
	it('fires the cancel signal, hangs up the request in flight and starts no further node', async () => {
		reply = () => {};
		const engine = newEngine();
		let left: () => void = () => {};
		const gone = new Promise<void>((resolve) => (left = resolve));
		const handle = engine.startNode(
			'test.patient',
			{},
			{ credentials: { functionApi: { apiKey: 'k' } }, onRequest: () => left() },
		);
		await gone;
		handle.cancel();
		const result = await handle.done;
		expect(result.status).toBe('canceled');
		expect(jsonOf(result.output())).toEqual([{ aborted: true }]);
		expect(result.runData.Success).toBeUndefined();
		// n8n saves at the moment of the click, while the node is still at work
		expect(result.stored).toContain('begun');
		expect(result.stored).not.toContain('ended');
	});

	it('takes an AbortSignal, also one that has fired before', async () => {
		const result = await newEngine().runNode(
			'test.talkative',
			{ word: 'w' },
			{ signal: AbortSignal.abort() },
		);
		expect(result.status).toBe('canceled');
		expect(result.runData).toEqual({});
	});
});

describe('deduplication', () => {
	const items = (keys: string[]) => keys.map((key) => ({ key }));
	const parameters = { key: '={{ $json.key }}' };

	it('remembers per node over the runs of an engine, as many as maxEntries', async () => {
		const engine = newEngine();
		const seen = async (keys: string[], options = {}) =>
			(await engine.runNode('test.once', parameters, { items: items(keys), ...options })).output()[0]?.json;
		expect(await seen(['a', 'b'])).toEqual({ new: ['a', 'b'], processed: [], count: 2 });
		expect(await seen(['b', 'c', 'c'])).toEqual({ new: ['c'], processed: ['b', 'c'], count: 3 });
		expect(await seen(['d'])).toEqual({ new: ['d'], processed: [], count: 3 });
		expect(await seen(['a'])).toEqual({ new: ['a'], processed: [], count: 3 });
		expect(await seen(['a'], { id: 'other node' })).toMatchObject({ new: ['a'] });
		expect(await seen(['a'], { workflowId: 'other workflow' })).toMatchObject({ new: ['a'] });
		expect(engine.deduplication.writes).toBe(6);
		expect(engine.deduplication.rows().map(({ context }) => context)).toEqual([
			'n:node',
			'n:other node',
			'n:node',
		]);
	});

	it('fails on demand, without having written', async () => {
		const engine = newEngine();
		engine.deduplication.failNext(new Error('disk full'));
		const failed = await engine.runNode('test.once', parameters, { items: items(['a']) });
		expect(failed.error?.message).toBe('disk full');
		expect(engine.deduplication.writes).toBe(0);
		expect((await engine.retry(failed)).output()[0]?.json.new).toEqual(['a']);
	});

	it('outlives the process as text', async () => {
		const first = newEngine();
		await first.runNode('test.once', { ...parameters, scope: 'workflow' }, { items: items(['a']) });
		const deduplication = createDeduplicationStore(first.deduplication.serialize());
		const second = createEngine({ nodes, deduplication });
		const result = await second.runNode(
			'test.once',
			{ ...parameters, scope: 'workflow' },
			{ items: items(['a']) },
		);
		expect(result.output()[0]?.json.processed).toEqual(['a']);
	});

	it('removes, clears and refuses other modes', async () => {
		const store = createDeduplicationStore();
		const data = { workflow: { id: 'w', active: true } };
		const options = { mode: 'entries' as const };
		await store.checkProcessedAndRecord(['a', 'b'], 'workflow', data, options);
		await store.removeProcessed(['a', 'never'], 'workflow', data, options);
		expect(await store.getProcessedDataCount('workflow', data, options)).toBe(1);
		await store.clearAllProcessedItems('workflow', data, options);
		expect(store.rows()).toEqual([]);
		await expect(
			store.checkProcessedAndRecord(['a'], 'workflow', data, { mode: 'latestDate' }),
		).rejects.toThrow('latestDate');
		await expect(
			store.checkProcessedAndRecord(['a'], 'workflow', { workflow: { id: '', active: true } }, options),
		).rejects.toThrow('saved workflow');
	});
});

describe('workflows', () => {
	it('loops: one context, $runIndex counts', async () => {
		const result = await newEngine().run({
			nodes: [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
				{ name: 'Loop', type: 'test.loop', parameters: { times: 3 } },
				{ name: 'Each', type: 'test.flaky', parameters: { failures: 0 } },
				{ name: 'Done', type: 'n8n-nodes-base.noOp' },
			],
			connections: {
				Start: { main: [[main('Loop')]] },
				Loop: { main: [[main('Each')], [main('Done')]] },
				Each: { main: [[main('Loop')]] },
			},
		});
		expect(result.status).toBe('success');
		expect(result.contextData['node:Each']).toEqual({ tries: 3, runs: [0, 1, 2] });
		expect(result.output('Each').map(({ json: { tries } }) => tries)).toEqual([1, 2, 3]);
		expect(result.output('Each', 0, 1)).toHaveLength(1);
		expect(result.output('Done')).toHaveLength(1);
	});

	it('runs an exported file: start node found, notes and disabled nodes skipped, pinned items emitted', async () => {
		const file = {
			name: 'Exported',
			nodes: [
				{
					id: '1',
					name: 'Note',
					type: 'n8n-nodes-base.stickyNote',
					typeVersion: 1,
					position: [0, 0],
					parameters: { content: '# Hi' },
				},
				{
					id: '2',
					name: 'Skipped',
					type: 'test.flaky',
					typeVersion: 1,
					position: [0, 0],
					parameters: { failures: 9 },
					disabled: true,
				},
				{
					id: '3',
					name: 'Each morning',
					type: 'n8n-nodes-base.scheduleTrigger',
					typeVersion: 1.2,
					position: [0, 0],
					parameters: { rule: { interval: [{}] } },
				},
				{
					id: '4',
					name: 'Send',
					type: 'test.programmatic',
					typeVersion: 1,
					position: [0, 0],
					parameters: { value: '={{ $json.n }}' },
					credentials: { functionApi: { id: 'abc', name: 'My account' } },
				},
			],
			connections: {
				'Each morning': { main: [[main('Skipped')]] },
				Skipped: { main: [[main('Send')]] },
			},
			pinData: {
				'Each morning': [{ json: { n: 1 } }, { json: { n: 2 } }],
				Send: [{ json: { pinned: true } }],
			},
			settings: { executionOrder: 'v1' as const },
			meta: { instanceId: 'x' },
			tags: [],
		};
		const parsed = JSON.parse(JSON.stringify(file)) as Parameters<ReturnType<typeof newEngine>['run']>[0];
		const credentials = { functionApi: { apiKey: 'k' } };
		const result = await newEngine().run({ ...parsed, credentials });
		expect(result.error).toBeUndefined();
		expect(arrivals.map(({ body }) => (JSON.parse(body) as IDataObject).value)).toEqual([1, 2]);
		expect(result.output()).toHaveLength(2);

		const given = await newEngine().run({ ...parsed, credentials, items: [{ n: 3 }] });
		expect(given.output()).toHaveLength(1);
		const manual = await newEngine().run({ ...parsed, credentials, mode: 'manual' });
		expect(jsonOf(manual.output())).toEqual([{ pinned: true }]);
		expect(arrivals).toHaveLength(3);
	});
});

describe('loading a package', () => {
	it('takes nodes and credentials from the n8n block of a package folder', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-engine-package-'));
		const files = {
			'package.json': JSON.stringify({
				name: 'n8n-nodes-sample',
				version: '1.0.0',
				n8n: { nodes: ['dist/Sample.node.js'], credentials: ['dist/SampleApi.credentials.js'] },
			}),
			'dist/Sample.node.js': `exports.Sample = class Sample {
				description = ${JSON.stringify({ ...plainDescription('sample', []), credentials: [{ name: 'sampleApi' }] })};
				async execute() { return [[{ json: await this.getCredentials('sampleApi') }]]; }
			};`,
			'dist/SampleApi.credentials.js': `exports.SampleApi = class SampleApi {
				name = 'sampleApi'; displayName = 'Sample API';
				properties = [{ displayName: 'Key', name: 'key', type: 'string', default: 'from the default' }];
			};`,
		};
		try {
			mkdirSync(join(folder, 'dist'));
			for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
			const engine = createEngine(await loadPackage(folder));
			const result = await engine.runNode('n8n-nodes-sample.sample', {}, { credentials: { sampleApi: {} } });
			expect(jsonOf(result.output())).toEqual([{ key: 'from the default' }]);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe('credential test', () => {
	const data = () => ({ baseUrl, user: 'ann', password: 'pw' });

	it('sends the declared request with the credential', async () => {
		const result = await newEngine().testCredential('genericApi', data());
		expect(result).toMatchObject({ status: 'OK', message: 'Connection successful!' });
		expect(arrivals).toMatchObject([{ method: 'GET', path: '/test', headers: { 'x-user': 'ANN' } }]);
	});

	it.each([
		[401, {}, 'Unauthorized'],
		[403, {}, 'This user may not do that'],
		[200, { data: { ok: false } }, 'The service says no'],
	])('answers HTTP %d %j with "%s"', async (status, body, message) => {
		reply = (_, response) => json(response, status, body);
		expect(await newEngine().testCredential('genericApi', data())).toMatchObject({
			status: 'Error',
			message,
		});
	});

	it('names the trouble of a host that does not answer', async () => {
		const result = await newEngine().testCredential('genericApi', {
			baseUrl: 'http://127.0.0.1:9',
			user: 'a',
		});
		expect(result).toMatchObject({ status: 'Error', message: 'ECONNREFUSED' });
	});

	it('calls the function a node names', async () => {
		const tested: INodeType = {
			...listing,
			description: { ...listing.description, credentials: [{ name: 'functionApi', testedBy: 'check' }] },
			methods: {
				credentialTest: {
					async check(credential) {
						const ok = credential.data?.apiKey === 'right';
						return { status: ok ? 'OK' : 'Error', message: ok ? 'Fine' : 'Wrong key' };
					},
				},
			},
		};
		const engine = createEngine({
			nodes: { 'test.tested': tested },
			credentialTypes: [functionApi, childApi],
		});
		expect(await engine.testCredential('functionApi', { apiKey: 'right' })).toMatchObject({ status: 'OK' });
		expect(await engine.testCredential('functionApi', { apiKey: '={{ "wr" + "ong" }}' })).toMatchObject({
			status: 'Error',
			message: 'Wrong key',
		});
		expect(await engine.testCredential('childApi', {})).toMatchObject({
			message: 'No testing function found for this credential.',
		});
	});
});

describe('lists in the node panel', () => {
	const credentials = { functionApi: { apiKey: 'k' } };

	it('searches with filter, token, current parameters and credential', async () => {
		const result = await newEngine().listSearch('test.listing', 'things', {
			credentials,
			filter: 'abc',
			paginationToken: '2',
			parameters: { prefix: 'x' },
		});
		expect(result.paginationToken).toBe('2');
		expect(JSON.parse(String(result.results[0]?.name))).toEqual({ filter: 'abc', prefix: 'x', apiKey: 'k' });
		await expect(newEngine().listSearch('test.listing', 'none')).rejects.toThrow(
			'no listSearch method "none"',
		);
	});

	it('loads options', async () => {
		const options = await newEngine().loadOptions('test.listing', 'kinds', { credentials });
		expect(options).toEqual([{ name: 'One', value: 'k' }]);
	});
});

describe('webhook triggers', () => {
	const parameters = { token: 't' };

	it('answers, starts the workflow and reads JSON, forms and plain text', async () => {
		const engine = newEngine();
		const called = await engine.callWebhook('test.hookTrigger', parameters, {
			query: { token: 't' },
			body: { a: 1 },
		});
		expect(called).toMatchObject({ status: 200, body: 'thanks', started: true });
		expect(called.run?.mode).toBe('webhook');
		expect(jsonOf(called.run?.output('Success') ?? [])).toEqual([{ body: { a: 1 }, raw: '{"a":1}' }]);

		const form = await engine.callWebhook('test.hookTrigger', parameters, {
			query: { token: 't' },
			body: new URLSearchParams({ PhoneNumber: '2125551234' }),
		});
		expect(form.items[0]?.[0]?.json.body).toEqual({ PhoneNumber: '2125551234' });
		const plain = await engine.callWebhook('test.hookTrigger', parameters, {
			query: 'token=t',
			body: 'hello',
			headers: { 'content-type': 'text/plain' },
		});
		expect(plain.items[0]?.[0]?.json.body).toBe('hello');
	});

	it('starts nothing for a refused call, an own answer, an error or a method that is not registered', async () => {
		const engine = newEngine();
		const call = async (method: string, query: string) =>
			engine.callWebhook('test.hookTrigger', parameters, { method, query });
		const refused = await call('GET', 'token=wrong');
		const quiet = await call('GET', 'token=t&quiet=1');
		const broken = await call('POST', 'token=t&broken=1');
		const put = await call('PUT', 'token=t');
		expect([refused, quiet, broken, put].map(({ status, started }) => [status, started])).toEqual([
			[403, false],
			[200, false],
			[500, false],
			[404, false],
		]);
		expect(quiet.body).toBe('');
		expect(broken.error?.message).toBe('broken');
	});

	it('registers, finds and forgets its URL in the static data', async () => {
		const engine = newEngine();
		const method = async (name: 'checkExists' | 'create' | 'delete') =>
			engine.webhookMethod('test.hookTrigger', name);
		const answers = [await method('checkExists'), await method('create'), await method('checkExists')];
		answers.push(await method('delete'), await method('checkExists'));
		expect(answers).toEqual([false, true, true, true, false]);
	});
});

describe('many runs at once', () => {
	it('keeps 200 concurrent runs apart: items, contexts, logs, requests, ids', async () => {
		const engine = newEngine();
		const results = await Promise.all(
			Array.from({ length: 200 }, async (_, run) =>
				engine.runNode(
					'test.programmatic',
					{ value: '={{ $json.run }}' },
					{ items: [{ run }, { run }], credentials: { functionApi: { apiKey: `key-${run}` } } },
				),
			),
		);
		expect(arrivals).toHaveLength(400);
		for (const arrival of arrivals) {
			const { value, apiKey } = JSON.parse(arrival.body) as IDataObject;
			expect(apiKey).toBe(`key-${String(value)}`);
		}
		expect(results.every((result) => result.status === 'success' && result.requests.length === 2)).toBe(true);
		expect(new Set(results.map(({ executionId }) => executionId)).size).toBe(200);
	});
});

it('keeps n8n away from the home folder and leaves no temporary one', async () => {
	await newEngine().runNode('test.talkative', { word: 'w' });
	const { n8nFolder, encryptionKey } = Container.get(InstanceSettings);
	expect(encryptionKey).toHaveLength(32);
	expect(dirname(dirname(n8nFolder))).toBe(tmpdir());
	expect(existsSync(dirname(n8nFolder))).toBe(false);
});
