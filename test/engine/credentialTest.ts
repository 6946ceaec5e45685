import { CredentialTestContext, ExecuteContext, RoutingNode } from 'n8n-core';
import { createEmptyRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunction,
	ICredentialTestRequest,
	ICredentialType,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
	INodeTypes,
} from 'n8n-workflow';
import type { TestCredentialsHelper } from './credentials';
import { additionalDataFor } from './execution';
import type { NodeTypeRegistry } from './nodeTypes';

const noOp = 'n8n-nodes-base.noOp';

/** The credential type's own test, else the one a node names with `testedBy`. */
function findTest(
	type: string,
	credentialType: ICredentialType | undefined,
	nodeTypes: NodeTypeRegistry,
): { request: ICredentialTestRequest; nodeType: INodeType } | ICredentialTestFunction | undefined {
	if (credentialType?.test !== undefined) {
		return { request: credentialType.test, nodeType: nodeTypes.getByNameAndVersion(noOp) };
	}
	for (const name of nodeTypes.nodesUsing(type)) {
		const nodeType = nodeTypes.getByNameAndVersion(name);
		const testedBy = nodeType.description.credentials?.find((declared) => declared.name === type)?.testedBy;
		if (typeof testedBy === 'string') return nodeType.methods?.credentialTest?.[testedBy];
		if (testedBy !== undefined) return { request: testedBy, nodeType };
	}
	return undefined;
}

interface RequestFailure {
	message: string;
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

function valueAt(data: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], data);
}

/** The text the form shows for a test request that failed. */
function failureMessage(error: RequestFailure, test: ICredentialTestRequest): string {
	const response = error.cause?.response;
	if (response === undefined) return error.cause?.code ?? error.message;
	for (const rule of test.rules ?? []) {
		if (rule.type === 'responseCode' && rule.properties.value === response.status)
			return rule.properties.message;
	}
	return response.statusText || `Received HTTP status code: ${response.status}`;
}

/**
 * What n8n's credential tester does for the form's test button (it lives in n8n's server package): the declared
 * request goes through n8n-core's RoutingNode on a node made up for it, or the named function is called.
 */
export async function runCredentialTest(
	credentialType: ICredentialType | undefined,
	type: string,
	data: ICredentialDataDecryptedObject,
	helper: TestCredentialsHelper,
	nodeTypes: NodeTypeRegistry,
): Promise<INodeCredentialTestResult> {
	const test = findTest(type, credentialType, nodeTypes);
	if (test === undefined)
		return { status: 'Error', message: 'No testing function found for this credential.' };
	const additionalData = additionalDataFor(helper);
	const decrypted: ICredentialsDecrypted = { id: '', name: type, type };
	try {
		decrypted.data = helper.applyDefaults(additionalData, data, type, 'internal');
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
	if (typeof test === 'function') return test.call(new CredentialTestContext(), decrypted);

	const nodeType: INodeType = {
		description: {
			...test.nodeType.description,
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: test.request.request },
				},
			],
		},
	};
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: noOp,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type]: { id: '', name: type } },
	};
	const onlyThis: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: onlyThis });
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	let items: INodeExecutionData[][] | undefined;
	try {
		items = (await new RoutingNode(context, nodeType, decrypted).runNode()) ?? undefined;
	} catch (error) {
		return { status: 'Error', message: failureMessage(error as RequestFailure, test.request) };
	}
	for (const rule of test.request.rules ?? []) {
		if (rule.type !== 'responseSuccessBody') continue;
		const { key, value, message } = rule.properties;
		if (valueAt(items?.[0]?.[0]?.json, key) === value) return { status: 'Error', message };
	}
	return { status: 'OK', message: 'Connection successful!' };
}
