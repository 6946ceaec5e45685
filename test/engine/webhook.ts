import { parse as parseQuery } from 'node:querystring';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Request, Response } from 'express';
import { getAdditionalKeys, HookContext, WebhookContext } from 'n8n-core';
import { deepCopy, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	CloseFunction,
	IDataObject,
	INode,
	INodeExecutionData,
	IWebhookData,
	IWebhookDescription,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	WebhookSetupMethodNames,
	WebhookType,
} from 'n8n-workflow';
import type { TestCredentialsHelper } from './credentials';
import { additionalDataFor } from './execution';
import type { NodeTypeRegistry } from './nodeTypes';
import type { StoredWorkflow } from './workflow';

export interface WebhookCall {
	/** Default POST. */
	method?: string;
	query?: Record<string, string> | URLSearchParams | string;
	headers?: Record<string, string>;
	/** An object goes out as JSON, URLSearchParams as a form, a string as it is with the given Content-Type. */
	body?: IDataObject | URLSearchParams | string;
}

export interface WebhookReply {
	status: number;
	headers: Record<string, string>;
	body: string;
	/** Whether the call starts the workflow. */
	started: boolean;
	/** What the trigger emits, by output. */
	items: INodeExecutionData[][];
	/** What the node's `webhook()` threw; the caller then got a 500. */
	error?: Error;
}

/** A workflow on n8n's side of a webhook: the trigger node and what n8n hands to it. */
export interface WebhookHost {
	workflow: StoredWorkflow;
	nodeName: string;
	helper: TestCredentialsHelper;
	nodeTypes: NodeTypeRegistry;
	staticData: Map<string, IDataObject>;
}

interface OpenWorkflow {
	instance: Workflow;
	node: INode;
	additionalData: IWorkflowExecuteAdditionalData;
	descriptions: IWebhookDescription[];
	/** Value of a webhook setting, which may be an expression on the node's parameters. */
	setting(description: IWebhookDescription, name: string): unknown;
}

function open({ workflow, nodeName, helper, nodeTypes, staticData }: WebhookHost): OpenWorkflow {
	const instance = new Workflow({
		...workflow,
		active: true,
		nodeTypes,
		staticData: deepCopy(staticData.get(workflow.id)),
	});
	const node = instance.getNode(nodeName);
	if (node === null) throw new Error(`There is no node "${nodeName}"`);
	const additionalData = additionalDataFor(helper, workflow.id);
	const keys = getAdditionalKeys(additionalData, 'webhook', null);
	return {
		instance,
		node,
		additionalData,
		descriptions: nodeTypes.getByNameAndVersion(node.type, node.typeVersion).description.webhooks ?? [],
		setting: (description, name) => {
			const value = description[name];
			return typeof value === 'string'
				? instance.expression.getSimpleParameterValue(node, value, 'webhook', keys)
				: value;
		},
	};
}

/** Static data is saved after webhook functions and registrations alike. */
function keepStaticData(host: WebhookHost, instance: Workflow): void {
	if (instance.staticData.__dataChanged !== true) return;
	host.staticData.set(host.workflow.id, JSON.parse(JSON.stringify(instance.staticData)) as IDataObject);
}

function webhookData(opened: OpenWorkflow, description: IWebhookDescription): IWebhookData {
	return {
		httpMethod: 'POST',
		node: opened.node.name,
		path: String(opened.setting(description, 'path') ?? ''),
		webhookDescription: description,
		workflowId: opened.instance.id,
		workflowExecuteAdditionalData: opened.additionalData,
	};
}

/** Runs one of a trigger's `webhookMethods`, as activating (`checkExists`, `create`) and deactivating (`delete`) do. */
export async function runWebhookMethod(
	host: WebhookHost,
	method: WebhookSetupMethodNames,
	name: WebhookType,
): Promise<boolean> {
	const opened = open(host);
	const { instance, node, additionalData } = opened;
	const description = opened.descriptions.find((entry) => entry.name === name);
	const run = host.nodeTypes.getByNameAndVersion(node.type, node.typeVersion).webhookMethods?.[name]?.[
		method
	];
	if (description === undefined || run === undefined)
		throw new Error(`${node.type} has no webhook method ${method}`);
	const data = webhookData(opened, description);
	const activation = method === 'delete' ? 'manual' : 'activate';
	const result = await run.call(new HookContext(instance, node, additionalData, 'trigger', activation, data));
	keepStaticData(host, instance);
	return result;
}

/** The body as n8n's own middleware leaves it: JSON, forms and plain text are read, `rawBody` holds the bytes. */
function readBody(request: Request): void {
	const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
	const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
	const text = rawBody.toString();
	let body: unknown = {};
	if (rawBody.length > 0) {
		if (contentType === 'application/json') body = JSON.parse(text);
		else if (contentType === 'application/x-www-form-urlencoded') body = { ...parseQuery(text) };
		else if (contentType === 'text/plain') body = text;
	}
	Object.assign(request, { rawBody, contentType, encoding: 'utf-8', body });
}

function answer(response: Response, status: number, body: unknown): void {
	if (response.headersSent) return;
	response.status(status);
	if (body === undefined) response.end();
	else if (typeof body === 'string') response.send(body);
	else response.json(body);
}

function onReceivedBody(responseData: unknown, result: IWebhookResponseData): unknown {
	if (responseData === 'noData') return undefined;
	return responseData || (result.webhookResponse ?? { message: 'Workflow was started' });
}

type Outcome = Pick<WebhookReply, 'started' | 'items' | 'error'>;

/** What n8n's server does with a production call, response mode `onReceived`. */
async function handleCall(
	host: WebhookHost,
	opened: OpenWorkflow,
	request: Request,
	response: Response,
): Promise<Outcome> {
	const nothing: Outcome = { started: false, items: [] };
	const { instance, node, additionalData } = opened;
	const description = opened.descriptions.find((entry) => {
		const methods = [opened.setting(entry, 'httpMethod')].flat();
		return methods.includes(request.method);
	});
	if (description === undefined) {
		answer(response, 404, {
			code: 404,
			message: `This webhook is not registered for ${request.method} requests.`,
		});
		return nothing;
	}
	readBody(request);
	additionalData.httpRequest = request;
	additionalData.httpResponse = response;
	const closeFunctions: CloseFunction[] = [];
	const data = webhookData(opened, description);
	const context = new WebhookContext(instance, node, additionalData, 'webhook', data, closeFunctions, null);
	const { webhook } = host.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	if (webhook === undefined) throw new Error(`${node.type} has no webhook function`);
	let result: IWebhookResponseData;
	try {
		result = await webhook.call(context);
	} catch (error) {
		answer(response, 500, { code: 0, message: 'Workflow Webhook Error: Workflow could not be started!' });
		return { ...nothing, error: error as Error };
	}
	keepStaticData(host, instance);
	const status = Number(opened.setting(description, 'responseCode') ?? 200);
	const started = result.workflowData !== undefined;
	if (result.noWebhookResponse !== true) {
		const body = started
			? onReceivedBody(opened.setting(description, 'responseData'), result)
			: (result.webhookResponse ?? { message: 'Webhook call received' });
		answer(response, status, body);
	} else if (!response.writableEnded) {
		// The node said it would answer by itself and did not: the caller hangs in n8n, a test should not.
		response.destroy();
	}
	return { started, items: result.workflowData ?? [] };
}

async function listen(app: express.Express): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = app.listen(0, '127.0.0.1', (error) => (error ? reject(error) : resolve(server)));
	});
}

function requestBody(body: WebhookCall['body']): { body?: string; type?: string } {
	if (body === undefined) return {};
	if (typeof body === 'string') return { body };
	if (body instanceof URLSearchParams) {
		return { body: body.toString(), type: 'application/x-www-form-urlencoded' };
	}
	return { body: JSON.stringify(body), type: 'application/json' };
}

/** Puts the trigger behind a real HTTP server for one call; `within` wraps what the server does for it. */
export async function callWebhook(
	host: WebhookHost,
	call: WebhookCall,
	within: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<WebhookReply> {
	let outcome: Outcome = { started: false, items: [] };
	let failure: unknown;
	const app = express();
	app.disable('x-powered-by');
	app.set('query parser', 'extended');
	app.use(express.raw({ type: () => true, limit: '16mb' }));
	const opened = await within(async () => open(host));
	app.use(async (request, response) => {
		try {
			outcome = await within(async () => handleCall(host, opened, request, response));
		} catch (error) {
			failure = error;
			response.destroy();
		}
	});
	const server = await listen(app);
	try {
		const { port } = server.address() as AddressInfo;
		const { node, instance } = opened;
		const [description] = opened.descriptions;
		const path = description === undefined ? '' : String(opened.setting(description, 'path') ?? '');
		const isFullPath = description !== undefined && opened.setting(description, 'isFullPath') === true;
		const url = new URL(
			NodeHelpers.getNodeWebhookUrl(`http://127.0.0.1:${port}/webhook`, instance.id, node, path, isFullPath),
		);
		url.search = typeof call.query === 'string' ? call.query : new URLSearchParams(call.query).toString();
		const { body, type } = requestBody(call.body);
		const response = await fetch(url, {
			method: call.method ?? 'POST',
			headers: { ...(type !== undefined && { 'content-type': type }), connection: 'close', ...call.headers },
			body,
			redirect: 'manual',
		});
		return {
			status: response.status,
			headers: Object.fromEntries(response.headers),
			body: await response.text(),
			...outcome,
		};
	} catch (error) {
		throw failure ?? error;
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
