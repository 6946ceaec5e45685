import {
	NodeOperationError,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
} from 'n8n-workflow';
import { isDeclarative, type Provider, type Resource } from './operation';
import { runNode, unsupportedOperation } from './run';

/** What n8n's editor stores when "Custom API Call" is picked as a resource or an operation. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/**
 * The operations of a mainly declarative node that this package carries out itself, as n8n finds them by resource and
 * operation. "Custom API Call" is among the operations, to be answered with a clear error.
 */
export function customOperationsOf(
	provider: Provider,
	resources: Resource[],
): NonNullable<INodeType['customOperations']> {
	async function run(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, provider, resources);
	}
	const byResource = resources.map(({ option, operations }) => {
		const own = operations
			.filter((operation) => !isDeclarative(operation))
			.map(({ option: { value } }) => value);
		return [
			option.value,
			Object.fromEntries([...own, CUSTOM_API_CALL].map((value) => [value, run])),
		] as const;
	});
	return Object.fromEntries(byResource);
}

/**
 * The resources of a mainly declarative node with a routing for the operations that are not n8n's to route. n8n finds
 * custom operations wherever it runs a node; but an older AI agent calls its tools without looking for them, and would
 * take the silence that follows for a success.
 */
export function withoutRoutedActs(resources: Resource[]): Resource[] {
	return resources.map((resource) => ({
		...resource,
		operations: resource.operations.map((operation) =>
			isDeclarative(operation)
				? operation
				: { ...operation, option: { ...operation.option, routing: { send: { preSend: [refuse] } } } },
		),
	}));
}

/**
 * Answers "Custom API Call" as a resource with a clear error: n8n drops the operation of a resource that is none, finds
 * no custom operation for it and sends a request of its own.
 */
export function withoutCustomResource(properties: INodeProperties[]): INodeProperties[] {
	return properties.map((property) =>
		property.name === 'resource'
			? { ...property, routing: { send: { preSend: [refuseCustomResource] } } }
			: property,
	);
}

async function refuseCustomResource(
	this: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	if (this.getNodeParameter('resource') === CUSTOM_API_CALL) throw unsupportedOperation(this);
	return request;
}

async function refuse(this: IExecuteSingleFunctions): Promise<IHttpRequestOptions> {
	throw new NodeOperationError(
		this.getNode(),
		'This operation can’t be run by this version of the AI Agent node',
		{
			description:
				'Nothing was sent. Use version 3 or newer of the AI Agent node, which runs its tools as nodes.',
		},
	);
}
