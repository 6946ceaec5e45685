import { AsyncLocalStorage } from 'node:async_hooks';
import { Container } from '@n8n/di';
import { PollContext, PollTriggerExecutor } from 'n8n-core';
import { deepCopy, Workflow } from 'n8n-workflow';
import type { IDataObject, INode, INodeExecutionData, WorkflowActivateMode } from 'n8n-workflow';
import type { TestCredentialsHelper } from './credentials';
import { additionalDataFor } from './execution';
import type { NodeTypeRegistry } from './nodeTypes';
import type { StoredWorkflow } from './workflow';

/** A workflow on n8n's side of a polling trigger. */
export interface PollHost {
	workflow: StoredWorkflow;
	nodeName: string;
	helper: TestCredentialsHelper;
	nodeTypes: NodeTypeRegistry;
	/** Workflow static data by workflow id: what n8n has in its database. */
	staticData: Map<string, IDataObject>;
}

/** What one poll came to. */
export interface PollResult {
	/** What the trigger emits, by output; undefined when it started nothing. */
	emitted?: INodeExecutionData[][];
	/** What the node's `poll()` threw. */
	error?: Error;
}

/** What "Fetch Test Event" in the editor shows. Throws what the node's `poll()` throws. */
export async function testPoll(host: PollHost): Promise<INodeExecutionData[][] | null> {
	const { workflow, nodeTypes, staticData } = host;
	const kept = deepCopy(staticData.get(workflow.id));
	const instance = new Workflow({ ...workflow, active: false, nodeTypes, staticData: kept });
	const node = instance.getNode(host.nodeName) as INode;
	const additionalData = additionalDataFor(host.helper, workflow.id);
	const { poll } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	if (poll === undefined) throw new Error(`${node.type} has no poll function`);
	return await poll.call(new PollContext(instance, node, additionalData, 'manual', 'manual'));
}

/**
 * Publishes a workflow with a polling trigger as n8n does: the node polls at once, and whenever it is asked to from then
 * on. n8n keeps one copy of the workflow's static data as long as the workflow is published, and writes it into its
 * database when it has been published and when a poll starts the workflow; not when a poll starts nothing.
 *
 * @returns what the first poll came to, with an error where n8n could not publish it; and how to poll again
 */
export async function publish(
	host: PollHost,
	activation: WorkflowActivateMode,
): Promise<{ first: PollResult; poll(): Promise<PollResult> }> {
	const instance = new Workflow({
		...host.workflow,
		active: true,
		nodeTypes: host.nodeTypes,
		staticData: deepCopy(host.staticData.get(host.workflow.id)),
	});
	const node = instance.getNode(host.nodeName) as INode;
	const save = () => {
		if (instance.staticData.__dataChanged !== true) return;
		host.staticData.set(host.workflow.id, JSON.parse(JSON.stringify(instance.staticData)) as IDataObject);
		instance.staticData.__dataChanged = false;
	};
	/** Of the poll that runs; n8n lets them overlap. */
	const results = new AsyncLocalStorage<{ result: PollResult }>();
	const context = new PollContext(
		instance,
		node,
		additionalDataFor(host.helper, host.workflow.id),
		'trigger',
		activation,
		(emitted) => {
			results.getStore()!.result = { emitted: deepCopy(emitted) };
			save();
		},
		(error) => {
			results.getStore()!.result = { error };
		},
	);
	const run = Container.get(PollTriggerExecutor).create(instance, node, context, () => true);
	const polled = async (isPublishing: boolean): Promise<PollResult> => {
		const own: { result: PollResult } = { result: {} };
		try {
			await results.run(own, async () => await run(isPublishing));
		} catch (error) {
			own.result = { error: error as Error };
		}
		return own.result;
	};
	const first = await polled(true);
	if (!first.error) save();
	return { first, poll: async () => await polled(false) };
}
