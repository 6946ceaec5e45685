import { LoadOptionsContext } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type {
	INode,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import type { CredentialData, TestCredentialsHelper } from './credentials';
import { additionalDataFor } from './execution';
import type { NodeTypeRegistry } from './nodeTypes';
import type { SentRequest } from './runtime';
import { storeWorkflow } from './workflow';

export interface NodeMethodOptions {
	credentials?: CredentialData;
	/** What the user has typed into the list. */
	filter?: string;
	paginationToken?: string;
	/** The node's parameters as they stand in the panel. */
	parameters?: INodeParameters;
	/** The parameter the list belongs to; only nested parameters with `&` paths look at it. */
	path?: string;
	typeVersion?: number;
	onRequest?: (request: SentRequest) => void;
}

function panelContext(
	type: string,
	options: NodeMethodOptions,
	helper: TestCredentialsHelper,
	nodeTypes: NodeTypeRegistry,
): { context: LoadOptionsContext; nodeType: INodeType } {
	const parameters = options.parameters ?? {};
	const stored = storeWorkflow(
		{
			nodes: [
				{ name: 'Node', type, parameters, ...(options.typeVersion && { typeVersion: options.typeVersion }) },
			],
		},
		nodeTypes,
		options.credentials ?? {},
	);
	const workflow = new Workflow({ ...stored, active: false, nodeTypes });
	const node = workflow.getNode('Node') as INode;
	const additionalData = additionalDataFor(helper);
	additionalData.currentNodeParameters = node.parameters;
	return {
		context: new LoadOptionsContext(workflow, node, additionalData, options.path ?? ''),
		nodeType: nodeTypes.getByNameAndVersion(node.type, node.typeVersion),
	};
}

/** Calls `methods.listSearch[method]` as the resource locator's list does. */
export async function searchList(
	type: string,
	method: string,
	options: NodeMethodOptions,
	helper: TestCredentialsHelper,
	nodeTypes: NodeTypeRegistry,
): Promise<INodeListSearchResult> {
	const { context, nodeType } = panelContext(type, options, helper, nodeTypes);
	const search = nodeType.methods?.listSearch?.[method];
	if (search === undefined) throw new Error(`${type} has no listSearch method "${method}"`);
	return search.call(context, options.filter, options.paginationToken);
}

/** Calls `methods.loadOptions[method]` as a drop-down does when it opens. */
export async function loadOptions(
	type: string,
	method: string,
	options: NodeMethodOptions,
	helper: TestCredentialsHelper,
	nodeTypes: NodeTypeRegistry,
): Promise<INodePropertyOptions[]> {
	const { context, nodeType } = panelContext(type, options, helper, nodeTypes);
	const load = nodeType.methods?.loadOptions?.[method];
	if (load === undefined) throw new Error(`${type} has no loadOptions method "${method}"`);
	return load.call(context);
}
