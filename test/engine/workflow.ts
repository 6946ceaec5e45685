import { deepCopy, NodeHelpers } from 'n8n-workflow';
import type {
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	IPinData,
	IWorkflowSettings,
} from 'n8n-workflow';
import type { CredentialData } from './credentials';
import type { NodeTypeRegistry } from './nodeTypes';

/** A node as a workflow file has it; what is left out takes n8n's default, `typeVersion` the newest. */
export type WorkflowNode = Pick<INode, 'name' | 'type'> & Partial<INode>;

/** A workflow as n8n exports it (other keys of the file are ignored). */
export interface WorkflowFile {
	id?: string;
	name?: string;
	nodes: WorkflowNode[];
	connections?: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

export interface StoredWorkflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: IWorkflowSettings;
	pinData: IPinData;
}

const stickyNote = 'n8n-nodes-base.stickyNote';

/** Credential entries for the types a node declares and shows; what the file names is kept. */
function nodeCredentials(
	node: INode,
	types: NodeTypeRegistry,
	credentials: CredentialData,
): INode['credentials'] {
	const { description } = types.getByNameAndVersion(node.type, node.typeVersion);
	const parameters =
		NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ??
		{};
	const attached = { ...node.credentials };
	for (const declared of description.credentials ?? []) {
		if (attached[declared.name] !== undefined || credentials[declared.name] === undefined) continue;
		if (!NodeHelpers.displayParameter(parameters, declared, node, description)) continue;
		attached[declared.name] = { id: declared.name, name: declared.name };
	}
	return Object.keys(attached).length === 0 ? undefined : attached;
}

/**
 * The workflow as n8n would have stored it. Sticky notes are dropped and the given credentials attached to the nodes
 * that ask for them. Throws n8n's `Unrecognized node type: <type>` for a type that is not registered.
 */
export function storeWorkflow(
	file: WorkflowFile,
	types: NodeTypeRegistry,
	credentials: CredentialData,
): StoredWorkflow {
	const nodes = file.nodes
		.filter(({ type }) => type !== stickyNote)
		.map((given): INode => {
			const { description } = types.getByNameAndVersion(given.type, given.typeVersion);
			const newest = Array.isArray(description.version)
				? Math.max(...description.version)
				: description.version;
			const node: INode = {
				id: given.name,
				typeVersion: newest,
				position: [0, 0],
				parameters: {},
				...deepCopy(given),
			};
			return { ...node, credentials: nodeCredentials(node, types, credentials) };
		});
	return {
		id: file.id ?? 'workflow',
		name: file.name ?? 'Workflow',
		nodes,
		connections: deepCopy(file.connections ?? {}),
		// In any other zone, luxon asks the calendar for each time that n8n hands to an expression: a tenth of a run.
		settings: { executionOrder: 'v1', timezone: 'UTC', ...file.settings },
		pinData: deepCopy(file.pinData ?? {}),
	};
}

/** The node a run starts from: an enabled trigger, else an enabled node that nothing leads to. */
export function findStartNode(workflow: StoredWorkflow, types: NodeTypeRegistry, name?: string): INode {
	const enabled = workflow.nodes.filter((node) => node.disabled !== true);
	if (name !== undefined) {
		const named = enabled.find((node) => node.name === name);
		if (named === undefined) throw new Error(`The workflow has no enabled node "${name}" to start from`);
		return named;
	}
	const destinations = new Set(
		Object.values(workflow.connections).flatMap((outputs) =>
			(outputs.main ?? []).flatMap((branch) => (branch ?? []).map(({ node }) => node)),
		),
	);
	const isTrigger = (node: INode): boolean =>
		types.getByNameAndVersion(node.type, node.typeVersion).description.group.includes('trigger');
	const start = enabled.find(isTrigger) ?? enabled.find((node) => !destinations.has(node.name));
	if (start === undefined) throw new Error('No node to start the workflow from could be found');
	return start;
}

const itemKeys = new Set(['json', 'binary', 'pairedItem', 'error', 'metadata']);

function isExecutionData(item: IDataObject | INodeExecutionData): item is INodeExecutionData {
	return (
		typeof item.json === 'object' && item.json !== null && Object.keys(item).every((key) => itemKeys.has(key))
	);
}

/** Copies plain objects and items alike into items. */
export function toItems(items: ReadonlyArray<IDataObject | INodeExecutionData>): INodeExecutionData[] {
	return items.map((item) => deepCopy(item)).map((item) => (isExecutionData(item) ? item : { json: item }));
}
