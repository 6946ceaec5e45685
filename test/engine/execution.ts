import { createRequire } from 'node:module';
import { ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import { Container } from '@n8n/di';
import { createRunExecutionData, deepCopy, Workflow } from 'n8n-workflow';
import type {
	ExecutionError,
	IDataObject,
	IExecuteContextData,
	INodeExecutionData,
	IRun,
	IRunData,
	IRunExecutionData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	NodeExecutionHint,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { CredentialData, TestCredentialsHelper } from './credentials';
import type { NodeTypeRegistry } from './nodeTypes';
import { inScope } from './runtime';
import type { RunScope, SentRequest } from './runtime';
import type { StoredWorkflow } from './workflow';

/** The format of n8n's execution table. Its type declarations are for ES modules only. */
const { parse, stringify } = createRequire(__filename)('flatted') as {
	parse(text: string): unknown;
	stringify(value: unknown): string;
};

export type RunStatus = 'success' | 'error' | 'canceled' | 'waiting';

/** A failed node's error as n8n stores it: own fields of the error, a plain object. */
export type RunError = Pick<ExecutionError, 'message'> & {
	name?: string;
	description?: string | null;
	context?: IDataObject;
	httpCode?: string | null;
	stack?: string;
	cause?: unknown;
	[field: string]: unknown;
};

export interface RunResult {
	status: RunStatus;
	executionId: string;
	mode: WorkflowExecuteMode;
	/** Items of one node and branch, all runs of a loop in order or just `runIndex`; by default of the last node. */
	output(nodeName?: string, branch?: number, runIndex?: number): INodeExecutionData[];
	error?: RunError;
	runData: IRunData;
	/** `node:<name>` holds what `getContext('node')` gave the node. */
	contextData: IExecuteContextData;
	hints: NodeExecutionHint[];
	/** Everything written to n8n's logger during the run, `<level>: <message> <metadata as JSON>`. */
	logs: string[];
	/** HTTP requests in the order they left. */
	requests: SentRequest[];
	executionData: IRunExecutionData;
	/** The execution's data as n8n writes it into its database (flatted JSON), of a cancelled run as at that moment. */
	stored: string;
	workflow: StoredWorkflow;
}

export interface RunHandle {
	executionId: string;
	/** Stops the execution as n8n's stop button does: the cancel signal fires, the node in work is waited for. */
	cancel(): void;
	/** The execution's data while it runs: what n8n would save of it at this moment. */
	data: IRunExecutionData;
	done: Promise<RunResult>;
}

export interface Execution {
	workflow: StoredWorkflow;
	data: IRunExecutionData;
	mode: WorkflowExecuteMode;
	executionId: string;
	retryOf?: string;
	credentials: CredentialData;
	credentialsHelper: TestCredentialsHelper;
	nodeTypes: NodeTypeRegistry;
	/** Workflow static data by workflow id; written after production runs only. */
	staticData: Map<string, IDataObject>;
	scope: RunScope;
	outputNode?: string;
	signal?: AbortSignal;
}

const instanceUrl = 'http://localhost:5678/';

/** What n8n hands to every node context; the URLs only have to be URLs. */
export function additionalDataFor(
	credentialsHelper: TestCredentialsHelper,
	workflowId?: string,
): IWorkflowExecuteAdditionalData {
	const unavailable = (what: string) => async (): Promise<never> => {
		throw new Error(`${what} is not available in test runs`);
	};
	return {
		credentialsHelper,
		workflowId,
		currentNodeExecutionIndex: 0,
		executeWorkflow: unavailable('A sub-workflow'),
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		startRunnerTask: unavailable('A task runner'),
		logAiEvent: () => {},
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		variables: {},
		userId: 'user',
		instanceBaseUrl: instanceUrl,
		restApiUrl: `${instanceUrl}rest`,
		formBaseUrl: `${instanceUrl}form`,
		formWaitingBaseUrl: `${instanceUrl}form-waiting`,
		formTestBaseUrl: `${instanceUrl}form-test`,
		webhookBaseUrl: `${instanceUrl}webhook`,
		webhookWaitingBaseUrl: `${instanceUrl}webhook-waiting`,
		webhookTestBaseUrl: `${instanceUrl}webhook-test`,
		mcpBaseUrl: `${instanceUrl}mcp`,
		mcpTestBaseUrl: `${instanceUrl}mcp-test`,
	};
}

/** The first data of an execution: the start node with the items it emits, and contexts carried over. */
export function startData(
	node: StoredWorkflow['nodes'][number],
	branches: INodeExecutionData[][],
	context: IExecuteContextData = {},
	resumeToken?: string,
): IRunExecutionData {
	return createRunExecutionData({
		resumeToken,
		executionData: {
			contextData: deepCopy(context),
			nodeExecutionStack: [{ node, data: { main: branches }, source: null }],
		},
	});
}

/** The data n8n starts a retry with: the stored execution without the failed run of the last node. */
export function retryData(stored: string): IRunExecutionData {
	const data = parse(stored) as IRunExecutionData;
	const { lastNodeExecuted, runData } = data.resultData;
	if (lastNodeExecuted !== undefined) {
		delete data.resultData.error;
		const runs = runData[lastNodeExecuted];
		if (runs?.at(-1)?.error !== undefined) runs.pop();
	}
	return data;
}

function workflowRecord(workflow: StoredWorkflow): IWorkflowBase {
	const now = new Date();
	return {
		...workflow,
		active: false,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		activeVersionId: null,
	};
}

/** What a retry needs of its execution and n8n keeps elsewhere than in the execution's data. */
const origins = new WeakMap<RunResult, Pick<Execution, 'credentials' | 'outputNode'>>();

export function originOf(result: RunResult): Pick<Execution, 'credentials' | 'outputNode'> {
	return origins.get(result) ?? { credentials: {} };
}

function resultOf(execution: Execution, run: IRun, stored: string): RunResult {
	const { data } = run;
	const { runData, lastNodeExecuted } = data.resultData;
	const runs = Object.values(runData).flat();
	const result: RunResult = {
		status: run.status as RunStatus,
		executionId: execution.executionId,
		mode: execution.mode,
		output(nodeName = execution.outputNode ?? lastNodeExecuted ?? '', branch = 0, runIndex) {
			const tasks = runData[nodeName] ?? [];
			const wanted = runIndex === undefined ? tasks : tasks.slice(runIndex, runIndex + 1);
			return wanted.flatMap((task) => task.data?.main?.[branch] ?? []);
		},
		error: data.resultData.error as RunError | undefined,
		runData,
		contextData: data.executionData?.contextData ?? {},
		hints: runs.flatMap((task) => task.hints ?? []),
		logs: execution.scope.logs,
		requests: execution.scope.requests,
		executionData: data,
		stored,
		workflow: execution.workflow,
	};
	origins.set(result, execution);
	return result;
}

/** Starts an execution on n8n's engine. `done` rejects only where the test itself is at fault. */
export function startExecution(execution: Execution): RunHandle {
	const { workflow, data, mode, executionId, staticData, scope } = execution;
	let canceled = false;
	let cancelRun: (() => void) | undefined;
	let stored: string | undefined;

	const cancel = (): void => {
		canceled = true;
		cancelRun?.();
	};

	const runOnEngine = async (): Promise<IRun> => {
		const instance = new Workflow({
			...workflow,
			active: false,
			nodeTypes: execution.nodeTypes,
			staticData: deepCopy(staticData.get(workflow.id)),
		});
		const additionalData = additionalDataFor(execution.credentialsHelper, workflow.id);
		additionalData.executionId = executionId;
		const hooks = new ExecutionLifecycleHooks(mode, executionId, workflowRecord(workflow), execution.retryOf);
		hooks.addHandler('workflowExecuteAfter', (run, newStaticData) => {
			stored ??= stringify(run.data);
			if (newStaticData !== undefined && mode !== 'manual') {
				staticData.set(workflow.id, JSON.parse(JSON.stringify(newStaticData)) as IDataObject);
			}
		});
		additionalData.hooks = hooks;
		const running = new WorkflowExecute(additionalData, mode, data).processRunExecutionData(instance);
		cancelRun = () => running.cancel();
		if (canceled) running.cancel();
		return running;
	};

	/** Nothing ran: n8n stores such an execution as failed, too. */
	const failedToStart = (error: Error): IRun => {
		data.resultData.error = {
			...error,
			name: error.name,
			message: error.message,
			stack: error.stack,
		} as ExecutionError;
		const now = new Date();
		return { data, mode, startedAt: now, stoppedAt: now, status: 'error', storedAt: 'db' };
	};

	const done = inScope(scope, async () => {
		const run = await runOnEngine().catch(failedToStart);
		return resultOf(execution, run, stored ?? stringify(run.data));
	})
		.then((result) => {
			if (scope.refusedHosts.length > 0) {
				throw new Error(
					`The run tried to reach ${scope.refusedHosts.join(', ')}; test runs stay on loopback`,
				);
			}
			return result;
		})
		.finally(() => execution.signal?.removeEventListener('abort', cancel));

	execution.signal?.addEventListener('abort', cancel, { once: true });
	if (execution.signal?.aborted) cancel();
	return { executionId, cancel, data, done };
}
