import './environment';

import { deepCopy } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteContextData,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	WebhookSetupMethodNames,
	WebhookType,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { TestCredentialsHelper } from './credentials';
import type { CredentialData } from './credentials';
import { runCredentialTest } from './credentialTest';
import { createDeduplicationStore } from './deduplication';
import type { DeduplicationStore } from './deduplication';
import { originOf, retryData, startData, startExecution } from './execution';
import type { RunHandle, RunResult } from './execution';
import { loadOptions, searchList } from './loadOptions';
import type { NodeMethodOptions } from './loadOptions';
import { createNodeTypes } from './nodeTypes';
import type { AnyNodeType } from './nodeTypes';
import { publish, testPoll } from './poll';
import type { PollHost, PollResult } from './poll';
import { inScope } from './runtime';
import type { RunScope, SentRequest } from './runtime';
import { openTool } from './tool';
import type { Tool } from './tool';
import { callWebhook, runWebhookMethod } from './webhook';
import type { WebhookCall, WebhookHost, WebhookReply } from './webhook';
import { findStartNode, storeWorkflow, toItems } from './workflow';
import type { WorkflowFile } from './workflow';

export type { CredentialData } from './credentials';
export { createDeduplicationStore } from './deduplication';
export type { DeduplicationStore } from './deduplication';
export type { RunError, RunHandle, RunResult, RunStatus } from './execution';
export type { NodeMethodOptions } from './loadOptions';
export { loadPackage } from './nodeTypes';
export type { AnyNodeType } from './nodeTypes';
export type { PollResult } from './poll';
export type { SentRequest } from './runtime';
export type { Tool } from './tool';
export type { WebhookCall, WebhookReply } from './webhook';
export type { WorkflowFile, WorkflowNode } from './workflow';

export interface EngineOptions {
	/**
	 * Instances by full type name, `<package>.<node>`. There already, as pass-through stand-ins: `n8n-nodes-base`'s
	 * `manualTrigger`, `scheduleTrigger`, `webhook`, `noOp`, `stickyNote`; `filter` and `removeDuplicates`, which do what
	 * n8n's do; and `test.loop` (parameter `times`), `test.told` (parameter `told`).
	 */
	nodes?: Record<string, AnyNodeType>;
	credentialTypes?: ICredentialType[];
	/** By default one of its own, kept over all runs of this engine. */
	deduplication?: DeduplicationStore;
	/** Hosts other than loopback that runs may reach. Anything else is cut off and fails the test. */
	allowedHosts?: string[];
}

interface RunSettings {
	credentials?: CredentialData;
	/** What the start node emits, plain objects or items. Default: its pinned data, else one empty item. */
	items?: ReadonlyArray<IDataObject | INodeExecutionData>;
	/** Default: counted up from 1 per engine. */
	executionId?: string;
	/** Default `trigger`, a production run. In mode `manual` pinned data replaces nodes, as in the editor. */
	mode?: WorkflowExecuteMode;
	/** Node contexts to begin with, as in `RunResult.contextData`. */
	context?: IExecuteContextData;
	/** What all retries of an execution have in common, those of a crashed one too; by default a new one. */
	resumeToken?: string;
	signal?: AbortSignal;
	/** Called at the moment a request leaves. */
	onRequest?: (request: SentRequest) => void;
}

export interface RunOptions extends WorkflowFile, RunSettings {
	workflowId?: string;
	startNode?: string;
}

type NodeSettings = Pick<
	Partial<INode>,
	| 'alwaysOutputData'
	| 'continueOnFail'
	| 'executeOnce'
	| 'id'
	| 'maxTries'
	| 'name'
	| 'onError'
	| 'retryOnFail'
	| 'typeVersion'
	| 'waitBetweenTries'
>;

export interface RunNodeOptions extends RunSettings, NodeSettings {
	workflowId?: string;
	settings?: WorkflowFile['settings'];
}

export interface RetryOptions extends Pick<
	RunSettings,
	'credentials' | 'executionId' | 'onRequest' | 'signal'
> {
	/** The workflow as it is saved now ("Retry with currently saved workflow"); default: the one that failed. */
	loadWorkflow?: WorkflowFile;
}

export interface Engine {
	/** Rejects where n8n could not even load the workflow: a node type that is not registered, no node to start from. */
	run(options: RunOptions): Promise<RunResult>;
	start(options: RunOptions): RunHandle;
	/** Trigger, the node (named `Node`), collectors `Success` and `Failed`; `output()` is the node's first branch. */
	runNode(type: string, parameters: INodeParameters, options?: RunNodeOptions): Promise<RunResult>;
	startNode(type: string, parameters: INodeParameters, options?: RunNodeOptions): RunHandle;
	/** Retries an execution that did not succeed, from its stored data, under a new id and in mode `retry`. */
	retry(result: RunResult, options?: RetryOptions): Promise<RunResult>;
	startRetry(result: RunResult, options?: RetryOptions): RunHandle;
	/** What the test button of the credential form answers. */
	testCredential(
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult & { requests: SentRequest[]; logs: string[] }>;
	/**
	 * One HTTP call to a webhook trigger's production URL. A call that starts the workflow runs it too,
	 * trigger and collector, in mode `webhook`: `run`.
	 */
	callWebhook(
		type: string,
		parameters: INodeParameters,
		call?: WebhookCall & Pick<RunNodeOptions, 'credentials' | 'onRequest' | 'typeVersion' | 'workflowId'>,
	): Promise<WebhookReply & { run?: RunResult; logs: string[]; requests: SentRequest[] }>;
	/** `checkExists`, `create` or `delete` of a trigger; its node static data is kept by workflow id. */
	webhookMethod(
		type: string,
		method: WebhookSetupMethodNames,
		parameters?: INodeParameters,
		options?: Pick<RunNodeOptions, 'credentials' | 'onRequest' | 'typeVersion' | 'workflowId'> & {
			name?: WebhookType;
		},
	): Promise<boolean>;
	/**
	 * Publishes a workflow with a polling trigger, which then polls whenever it is asked to, and once at once: `first`.
	 * Its static data is kept by workflow id as n8n keeps it, so publishing it once more is what a restart of n8n does.
	 */
	publish(
		type: string,
		parameters: INodeParameters,
		options?: Pick<RunNodeOptions, 'credentials' | 'onRequest' | 'typeVersion' | 'workflowId'> & {
			activation?: WorkflowActivateMode;
		},
	): Promise<PublishedPoller>;
	/** The node as an agent's tool, in an execution of its own; `executionId` null: n8n gives none. */
	openTool(
		type: string,
		parameters: INodeParameters,
		options?: NodeSettings &
			Pick<RunNodeOptions, 'credentials' | 'onRequest' | 'workflowId'> & { executionId?: string | null },
	): Tool;
	/** What "Fetch Test Event" of a polling trigger shows. */
	testPoll(
		type: string,
		parameters: INodeParameters,
		options?: Pick<RunNodeOptions, 'credentials' | 'onRequest' | 'typeVersion' | 'workflowId'>,
	): Promise<INodeExecutionData[][] | null>;
	listSearch(type: string, method: string, options?: NodeMethodOptions): Promise<INodeListSearchResult>;
	loadOptions(type: string, method: string, options?: NodeMethodOptions): Promise<INodePropertyOptions[]>;
	deduplication: DeduplicationStore;
	/** What n8n has in its database as a workflow's static data, by workflow id. */
	staticData: ReadonlyMap<string, IDataObject>;
}

export interface PublishedPoller {
	first: Polled;
	poll(): Promise<Polled>;
}

/** What a poll came to; `run` is the execution that it started, of trigger and collector. */
export type Polled = PollResult & { run?: RunResult; logs: string[]; requests: SentRequest[] };

/** Runs workflows on n8n-core's engine: its expressions, its request helpers, real HTTP on loopback. */
export function createEngine(options: EngineOptions = {}): Engine {
	const nodeTypes = createNodeTypes(options.nodes ?? {});
	const credentialTypes = new Map((options.credentialTypes ?? []).map((type) => [type.name, type]));
	const deduplication = options.deduplication ?? createDeduplicationStore();
	const staticData = new Map<string, IDataObject>();
	let executions = 0;

	const nextId = (): string => String((executions += 1));
	const helperFor = (credentials: CredentialData) =>
		new TestCredentialsHelper(credentialTypes, nodeTypes, credentials);
	const newScope = (onRequest?: RunScope['onRequest']): RunScope => ({
		logs: [],
		requests: [],
		refusedHosts: [],
		allowedHosts: options.allowedHosts ?? [],
		deduplication,
		onRequest,
	});

	const begin = (given: RunOptions, outputNode?: string): RunHandle => {
		const credentials = deepCopy(given.credentials ?? {});
		// What a process remembers of a workflow must not reach into another test’s database.
		const ownId = given.id === '' ? '' : `${given.id ?? 'workflow'} ${deduplication.id}`;
		const file = { ...given, id: given.workflowId ?? ownId };
		const workflow = storeWorkflow(file, nodeTypes, credentials);
		const mode = given.mode ?? 'trigger';
		const node = findStartNode(workflow, nodeTypes, given.startNode);
		const items = toItems(given.items ?? workflow.pinData[node.name] ?? [{}]);
		const data = startData(node, [items], given.context, given.resumeToken);
		if (mode === 'manual') data.resultData.pinData = { ...workflow.pinData, [node.name]: items };
		return startExecution({
			workflow,
			data,
			mode,
			executionId: given.executionId ?? nextId(),
			credentials,
			credentialsHelper: helperFor(credentials),
			nodeTypes,
			staticData,
			scope: newScope(given.onRequest),
			outputNode,
			signal: given.signal,
		});
	};

	const hostOf = (
		type: string,
		parameters: INodeParameters,
		given: Pick<RunNodeOptions, 'credentials' | 'typeVersion' | 'workflowId'>,
	): WebhookHost & PollHost => {
		const credentials = deepCopy(given.credentials ?? {});
		const trigger = {
			name: 'Trigger',
			type,
			parameters,
			webhookId: 'webhook',
			...(given.typeVersion !== undefined && { typeVersion: given.typeVersion }),
		};
		const workflow = storeWorkflow(
			{
				id: given.workflowId,
				nodes: [trigger, { name: 'Success', type: 'n8n-nodes-base.noOp' }],
				connections: { Trigger: { main: [[{ node: 'Success', type: 'main', index: 0 }]] } },
			},
			nodeTypes,
			credentials,
		);
		return { workflow, nodeName: 'Trigger', helper: helperFor(credentials), nodeTypes, staticData };
	};

	/** The run that a trigger has started with what it handed on. */
	const startedBy = async (
		{ workflow, helper }: WebhookHost & PollHost,
		items: INodeExecutionData[][],
		mode: WorkflowExecuteMode,
		given: Pick<RunNodeOptions, 'credentials' | 'onRequest'>,
	): Promise<RunResult> =>
		startExecution({
			workflow,
			data: startData(findStartNode(workflow, nodeTypes), deepCopy(items)),
			mode,
			executionId: nextId(),
			credentials: given.credentials ?? {},
			credentialsHelper: helper,
			nodeTypes,
			staticData,
			scope: newScope(given.onRequest),
		}).done;

	const beginNode = (type: string, parameters: INodeParameters, given: RunNodeOptions = {}): RunHandle => {
		const {
			settings,
			workflowId,
			credentials,
			items,
			executionId,
			mode,
			context,
			resumeToken,
			signal,
			onRequest,
			...node
		} = given;
		const name = node.name ?? 'Node';
		const branches = node.onError === 'continueErrorOutput' ? ['Success', 'Failed'] : ['Success'];
		return begin(
			{
				settings,
				workflowId,
				credentials,
				items,
				executionId,
				mode,
				context,
				resumeToken,
				signal,
				onRequest,
				nodes: [
					{ name: 'Trigger', type: 'n8n-nodes-base.manualTrigger' },
					// n8n takes 0 for "not set", a second of waiting between tries.
					{ waitBetweenTries: 1, ...node, id: node.id ?? 'node', name, type, parameters },
					...branches.map((branch) => ({ name: branch, type: 'n8n-nodes-base.noOp' })),
				],
				connections: {
					Trigger: { main: [[{ node: name, type: 'main', index: 0 }]] },
					[name]: { main: branches.map((branch) => [{ node: branch, type: 'main', index: 0 }]) },
				},
			},
			name,
		);
	};

	const beginRetry = (result: RunResult, given: RetryOptions = {}): RunHandle => {
		if (result.status === 'success') throw new Error('The execution succeeded, so it cannot be retried.');
		const origin = originOf(result);
		const credentials = deepCopy(given.credentials ?? origin.credentials);
		const data = retryData(result.stored);
		let { workflow } = result;
		if (given.loadWorkflow !== undefined) {
			workflow = storeWorkflow({ ...given.loadWorkflow, id: workflow.id }, nodeTypes, credentials);
			for (const entry of data.executionData?.nodeExecutionStack ?? []) {
				const node = workflow.nodes.find(({ name }) => name === entry.node.name);
				if (node === undefined) throw new Error(`Could not find the node "${entry.node.name}" in workflow.`);
				entry.node = node;
			}
		}
		return startExecution({
			workflow,
			data,
			mode: 'retry',
			executionId: given.executionId ?? nextId(),
			retryOf: result.executionId,
			credentials,
			credentialsHelper: helperFor(credentials),
			nodeTypes,
			staticData,
			scope: newScope(given.onRequest),
			outputNode: origin.outputNode,
			signal: given.signal,
		});
	};

	return {
		deduplication,
		staticData,
		start: (given) => begin(given),
		run: async (given) => begin(given).done,
		startNode: beginNode,
		runNode: async (type, parameters, given) => beginNode(type, parameters, given).done,

		startRetry: beginRetry,
		retry: async (result, given) => beginRetry(result, given).done,

		async testCredential(type, data) {
			const scope = newScope();
			const result = await inScope(scope, async () => {
				const helper = helperFor({ [type]: data });
				return runCredentialTest(credentialTypes.get(type), type, data, helper, nodeTypes);
			});
			return { ...result, requests: scope.requests, logs: scope.logs };
		},

		async callWebhook(type, parameters, given = {}) {
			const scope = newScope(given.onRequest);
			const host = hostOf(type, parameters, given);
			const reply = await callWebhook(host, given, async (work) => inScope(scope, work));
			const run = reply.started ? await startedBy(host, reply.items, 'webhook', given) : undefined;
			return { ...reply, run, logs: scope.logs, requests: scope.requests };
		},

		async publish(type, parameters, given = {}) {
			const host = hostOf(type, parameters, given);
			const started = async (result: PollResult, scope: RunScope): Promise<Polled> => {
				const { logs, requests } = scope;
				if (!result.emitted) return { ...result, logs, requests };
				const run = await startedBy(host, result.emitted, 'trigger', given);
				return { ...result, run, logs, requests };
			};
			const scope = newScope(given.onRequest);
			const { first, poll } = await inScope(scope, async () => publish(host, given.activation ?? 'activate'));
			return {
				first: await started(first, scope),
				async poll() {
					const own = newScope(given.onRequest);
					return started(await inScope(own, poll), own);
				},
			};
		},

		openTool(type, parameters, given = {}) {
			const { credentials = {}, onRequest, workflowId, executionId = nextId(), ...node } = given;
			const workflow = storeWorkflow(
				{
					id: workflowId,
					nodes: [{ waitBetweenTries: 1, ...node, id: 'node', name: 'Node', type, parameters }],
				},
				nodeTypes,
				credentials,
			);
			const helper = helperFor(credentials);
			const scope = newScope(onRequest);
			return openTool(
				{ workflow, nodeName: 'Node', helper, nodeTypes, executionId: executionId ?? undefined },
				async (work) => inScope(scope, work),
			);
		},

		testPoll: async (type, parameters, given = {}) =>
			inScope(newScope(given.onRequest), async () => testPoll(hostOf(type, parameters, given))),

		webhookMethod: async (type, method, parameters = {}, given = {}) =>
			inScope(newScope(given.onRequest), async () =>
				runWebhookMethod(hostOf(type, parameters, given), method, given.name ?? 'default'),
			),

		listSearch: async (type, method, given = {}) =>
			inScope(newScope(given.onRequest), async () =>
				searchList(type, method, given, helperFor(given.credentials ?? {}), nodeTypes),
			),
		loadOptions: async (type, method, given = {}) =>
			inScope(newScope(given.onRequest), async () =>
				loadOptions(type, method, given, helperFor(given.credentials ?? {}), nodeTypes),
			),
	};
}
