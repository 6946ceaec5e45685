// First, since it settles n8n's environment before anything of n8n is loaded.
import '../engine/environment';

import { Expression } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataDeduplicator,
	IDataObject,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import { createDeduplicationStore } from '../engine';
import { TestCredentialsHelper } from '../engine/credentials';
import { retryData, startData, startExecution, type RunResult } from '../engine/execution';
import { createNodeTypes, type AnyNodeType } from '../engine/nodeTypes';
import { prepareRuntime, type RunScope, type SentRequest } from '../engine/runtime';
import { findStartNode, storeWorkflow, toItems } from '../engine/workflow';
import { metered, type Taken } from './measure';
import type { Wiring } from './work';

/** What one run cost the process that ran it; its simulator is another one. */
export interface Cost extends Taken {
	requests: number;
}

export interface How {
	/** Each item in a round of its own, as a loop hands them on. */
	rounds?: boolean;
	/** The run is to fail. */
	fails?: boolean;
	/** A failed run that is retried by hand. */
	retryOf?: RunResult;
	/** Whose marks these are. */
	workflowId?: string;
}

export interface Bench {
	/**
	 * Runs one node over the items as a production execution, from the start of the workflow until its data is written
	 * as n8n's database has it.
	 *
	 * @throws unless the execution succeeds, or fails where it is to fail
	 */
	run(
		wiring: Wiring,
		items: IDataObject[],
		deduplication?: IDataDeduplicator,
		how?: How,
	): Promise<Cost & { result: RunResult }>;
}

/**
 * What evaluates expressions: `legacy` in the process itself, as n8n-core does unless it is told otherwise; `vm` in an
 * isolate, as n8n's server tells it by default since n8n 2.
 */
export type Evaluator = 'legacy' | 'vm';

/** The defaults of n8n's server. */
const serverSettings = { poolSize: 1, maxCodeCacheSize: 1024, bridgeTimeout: 5000, bridgeMemoryLimit: 128 };

/** The engine of the tests on the n8n that is installed, without what would cost time or memory of its own. */
export async function openBench(
	nodes: Record<string, AnyNodeType>,
	credentialTypes: ICredentialType[],
	evaluator: Evaluator,
): Promise<Bench> {
	await prepareRuntime();
	await Expression.initExpressionEngine({ ...serverSettings, engine: evaluator });
	const nodeTypes = createNodeTypes(nodes);
	const types = new Map(credentialTypes.map((type) => [type.name, type]));
	let executions = 0;

	return {
		async run(
			{ type, parameters, attached, onError, credentials },
			items,
			deduplication = createDeduplicationStore(),
			{ rounds = false, fails = false, retryOf, workflowId }: How = {},
		) {
			const workflow = storeWorkflow(
				{
					id: workflowId,
					nodes: [
						{ name: 'Trigger', type: 'n8n-nodes-base.manualTrigger' },
						{ name: 'Node', type, parameters, credentials: attached, onError },
					],
					connections: { Trigger: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
				},
				nodeTypes,
				credentials,
			);
			const start = findStartNode(workflow, nodeTypes);
			const data = retryOf ? retryData(retryOf.stored) : startData(start, [toItems(items)]);
			if (rounds) {
				const node = workflow.nodes.find(({ name }) => name === 'Node')!;
				data.executionData!.nodeExecutionStack = items.map((item) => ({
					node,
					data: { main: [toItems([item])] },
					source: null,
				}));
			}
			let requests = 0;
			const scope: RunScope = {
				logs: [],
				requests: new Forgotten(),
				refusedHosts: [],
				allowedHosts: [],
				deduplication,
				onRequest: () => requests++,
			};
			globalThis.gc?.();
			const { given: result, ...taken } = await metered(
				async () =>
					startExecution({
						workflow,
						data,
						mode: retryOf ? 'retry' : 'trigger',
						executionId: String((executions += 1)),
						retryOf: retryOf?.executionId,
						credentials,
						credentialsHelper: new TestCredentialsHelper(types, nodeTypes, credentials),
						nodeTypes,
						staticData: new Map(),
						scope,
						outputNode: 'Node',
					}).done,
			);
			if (result.status !== (fails ? 'error' : 'success'))
				throw new Error(`${type}: ${result.error?.message ?? result.status}`);
			return { ...taken, requests, result };
		},
	};
}

/** A list that keeps nothing: the engine would keep every request of a run. */
class Forgotten extends Array<SentRequest> {
	override push(): number {
		return 0;
	}
}

/** The items a node gave. */
export function itemsOf(result: RunResult): INodeExecutionData[] {
	return result.output('Node');
}

/** In µs. */
export interface Inside {
	/** In n8n's reading of parameters. */
	reading: number;
	/** In the rest of `execute`. */
	own: number;
}

/** The same node type, with the time measured that its `execute` takes; for one that waits for nothing. */
export function timed(type: INodeType): { type: INodeType; spent(): Inside } {
	let spent: Inside = { reading: 0, own: 0 };
	const copy = Object.assign(Object.create(Object.getPrototypeOf(type) as object) as INodeType, type);
	copy.execute = async function (...call) {
		let reading = 0;
		const read = this.getNodeParameter.bind(this) as (...given: unknown[]) => unknown;
		this.getNodeParameter = ((...given: unknown[]) => {
			const begin = performance.now();
			const value = read(...given);
			reading += performance.now() - begin;
			return value;
		}) as typeof this.getNodeParameter;
		globalThis.gc?.();
		const begin = performance.eventLoopUtilization();
		const output = await type.execute!.apply(this, call);
		// Not what it leaves to others.
		const { active } = performance.eventLoopUtilization(begin);
		spent = { reading: reading * 1000, own: (active - reading) * 1000 };
		return output;
	};
	return { type: copy, spent: () => spent };
}
