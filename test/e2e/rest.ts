import { createRequire } from 'node:module';
import type { IDataObject, INode, IRunExecutionData, IWorkflowBase } from 'n8n-workflow';

import { until } from './until';

// Its types are those of an ES module, which a CommonJS one may not import.
const { parse } = createRequire(__filename)('flatted') as { parse(text: string): unknown };

/** n8n's own REST API, as its editor calls it, for somebody who has logged in. */
export interface Rest {
	url: string;
	/** The value of n8n's cookie. */
	cookie: string;
	/** @throws on a status that is not 2xx */
	call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>;
}

export class RestError extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

export interface Owner {
	email: string;
	password: string;
}

export const owner: Owner = { email: 'owner@example.com', password: 'Throw-away-1' };

/** Makes the owner of a fresh instance and logs in. */
export async function setUpOwner(url: string, { email, password }: Owner = owner): Promise<Rest> {
	await request(url, '', 'POST', '/rest/owner/setup', {
		email,
		password,
		firstName: 'Winnie',
		lastName: 'The Pooh',
	});
	return logIn(url, { email, password });
}

export async function logIn(url: string, { email, password }: Owner = owner): Promise<Rest> {
	const answer = await request(url, '', 'POST', '/rest/login', { emailOrLdapLoginId: email, password });
	const cookie = answer.headers
		.getSetCookie()
		.map((line) => /^n8n-auth=([^;]+)/.exec(line)?.[1])
		.find((value) => value !== undefined);
	if (cookie === undefined) throw new Error('n8n answered the log-in without a cookie');
	return {
		url,
		cookie,
		async call<T>(method: string, path: string, body?: object) {
			const { data } = (await (await request(url, cookie, method, path, body)).json()) as { data: T };
			return data;
		},
	};
}

async function request(
	url: string,
	cookie: string,
	method: string,
	path: string,
	body?: object,
): Promise<Response> {
	const answer = await fetch(url + path, {
		method,
		headers: { 'Content-Type': 'application/json', Cookie: `n8n-auth=${cookie}` },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (answer.ok) return answer;
	throw new RestError(
		answer.status,
		`${method} ${path}: ${answer.status} ${(await answer.text()).slice(0, 2000)}`,
	);
}

/** A file that the editor loads, such as `/types/nodes.json` or an icon. */
export async function getFile(rest: Rest, path: string): Promise<Response> {
	return request(rest.url, rest.cookie, 'GET', path);
}

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export async function createCredential(
	rest: Rest,
	type: string,
	data: IDataObject,
	name = `${type} account`,
): Promise<Credential> {
	const { id } = await rest.call<Credential>('POST', '/rest/credentials', { name, type, data });
	return { id, name, type };
}

/** As the editor's credential dialog does it, for a credential that is stored: what it was shown goes back. */
export async function testStoredCredential(
	rest: Rest,
	{ id }: Credential,
): Promise<{ status: 'OK' | 'Error'; message: string }> {
	const credentials = await rest.call<object>('GET', `/rest/credentials/${id}?includeData=true`);
	return rest.call('POST', '/rest/credentials/test', { credentials });
}

/** The same for one that was typed and not saved yet. */
export async function testNewCredential(
	rest: Rest,
	type: string,
	data: IDataObject,
): Promise<{ status: 'OK' | 'Error'; message: string }> {
	return rest.call('POST', '/rest/credentials/test', { credentials: { id: '', name: 'New', type, data } });
}

/** What n8n stores of a workflow. */
export type WorkflowFile = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections'> & {
	settings?: IWorkflowBase['settings'];
	pinData?: IWorkflowBase['pinData'];
};
export type StoredWorkflow = WorkflowFile & { id: string; versionId: string };

export async function createWorkflow(rest: Rest, workflow: WorkflowFile): Promise<StoredWorkflow> {
	return rest.call('POST', '/rest/workflows', { settings: {}, active: false, ...workflow });
}

export interface Execution {
	id: string;
	status: 'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled';
	mode: string;
	retryOf: string | null;
	data: IRunExecutionData;
}

/** Presses "Execute workflow" and waits until the run is over. */
export async function run(rest: Rest, workflow: StoredWorkflow): Promise<Execution> {
	return waitForExecution(rest, await startRun(rest, workflow));
}

/** Presses "Execute workflow" and does not wait. */
export async function startRun(rest: Rest, workflow: StoredWorkflow): Promise<string> {
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (trigger === undefined) throw new Error(`The workflow '${workflow.name}' has no manual trigger`);
	const { executionId } = await rest.call<{ executionId: string }>(
		'POST',
		`/rest/workflows/${workflow.id}/run`,
		{
			// n8n 1.x runs what it gets here, 2.x what it has stored.
			workflowData: workflow,
			triggerToStartFrom: { name: trigger.name },
		},
	);
	return executionId;
}

export async function waitForExecution(rest: Rest, id: string): Promise<Execution> {
	return until(
		`execution ${id} is over`,
		async () => {
			const execution = await getExecution(rest, id);
			return ['new', 'running'].includes(execution.status) ? undefined : execution;
		},
		{ timeout: 400_000 },
	);
}

export async function getExecution(rest: Rest, id: string): Promise<Execution> {
	const { data, ...execution } = await rest.call<Omit<Execution, 'data'> & { data: string }>(
		'GET',
		`/rest/executions/${id}`,
	);
	return { ...execution, data: parse(data) as IRunExecutionData };
}

/** The executions of a workflow, newest first. */
export async function listExecutions(
	rest: Rest,
	workflowId: string,
	limit = 100,
): Promise<Array<Omit<Execution, 'data'>>> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest.call<{ results: Array<Omit<Execution, 'data'>> }>(
		'GET',
		`/rest/executions?limit=${limit}&filter=${filter}`,
	);
	return results;
}

/** The newest execution of a workflow once there are `count` of them and it is over. */
export async function newExecution(rest: Rest, workflowId: string, count = 1): Promise<Execution> {
	return await waitForExecution(rest, await startedExecution(rest, workflowId, count));
}

/** Its id as soon as it is there. */
export async function startedExecution(rest: Rest, workflowId: string, count = 1): Promise<string> {
	return await until(`${count} executions of workflow ${workflowId}`, async () => {
		const listed = await listExecutions(rest, workflowId);
		return listed.length >= count ? listed[0]?.id : undefined;
	});
}

/** Retries a failed execution, with the workflow it had or with the current one, and gives the new execution. */
export async function retry(
	rest: Rest,
	id: string,
	{ loadWorkflow }: { loadWorkflow: boolean },
): Promise<Execution> {
	await rest.call('POST', `/rest/executions/${id}/retry`, { loadWorkflow });
	const newest = await until(`the retry of execution ${id}`, async () => {
		const original = await rest.call<{ workflowId: string }>('GET', `/rest/executions/${id}`);
		const retries = (await listExecutions(rest, original.workflowId)).filter(({ retryOf }) => retryOf === id);
		return retries.at(0);
	});
	return waitForExecution(rest, newest.id);
}

/** Publishes the workflow and waits until its triggers listen. */
export async function activate(rest: Rest, workflow: StoredWorkflow): Promise<void> {
	const { versionId } = await rest.call<StoredWorkflow>('GET', `/rest/workflows/${workflow.id}`);
	await rest.call('POST', `/rest/workflows/${workflow.id}/activate`, { versionId });
	await until('the workflow is published', async () => {
		try {
			const status = await rest.call<{ status?: string }>(
				'GET',
				`/rest/workflows/${workflow.id}/publication-status`,
			);
			if (status.status === 'failed') throw new Error(JSON.stringify(status));
			return status.status === 'published' ? true : undefined;
		} catch (error) {
			// n8n 1.x publishes at once and has no such page.
			if (error instanceof RestError && error.status === 404) return true;
			throw error;
		}
	});
}

/** Takes a published workflow back, which ends its webhooks. */
export async function deactivate(rest: Rest, { id }: StoredWorkflow): Promise<void> {
	await rest.call('POST', `/rest/workflows/${id}/deactivate`);
	await until('the workflow is no longer published', async () => {
		const { active } = await rest.call<{ active: boolean }>('GET', `/rest/workflows/${id}`);
		return active ? undefined : true;
	});
}

/** The items that a node gave, by output, in its last run: the one before may be a placeholder for a crash. */
export function outputs(execution: Execution, node: string): IDataObject[][] {
	const data = execution.data.resultData.runData[node]?.at(-1)?.data?.main ?? [];
	return data.map((items) => (items ?? []).map(({ json }) => json));
}

/** The text of the error that a node, or the whole execution, ended with. */
export function errorOf(execution: Execution): { message: string; description: string } | undefined {
	const error = execution.data.resultData.error;
	return error && { message: error.message, description: error.description ?? '' };
}

export type NodeFile = Omit<INode, 'id' | 'position'>;
