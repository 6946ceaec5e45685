import { DirectoryLoader, PackageDirectoryLoader } from 'n8n-core';
import { NodeConnectionTypes, NodeHelpers, NodeOperationError } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
} from 'n8n-workflow';
import { prepareRuntime } from './runtime';

export type AnyNodeType = INodeType | IVersionedNodeType;

export interface NodeTypeRegistry extends INodeTypes {
	/** Full type names of the nodes that declare this credential type. */
	nodesUsing(credentialType: string): string[];
}

/** A node's description with nothing in it yet. */
export function description(
	displayName: string,
	overrides: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName,
		name: displayName,
		group: ['transform'],
		version: [1, 1.1, 1.2, 1.3, 2, 2.1],
		description: displayName,
		defaults: { name: displayName },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
		...overrides,
	};
}

/** Hands its input on, whatever parameters the workflow file gives it. */
function passThrough(displayName: string, overrides?: Partial<INodeTypeDescription>): INodeType {
	return {
		description: description(displayName, overrides),
		async execute(this: IExecuteFunctions) {
			return [this.getInputData()];
		},
	};
}

const trigger: Partial<INodeTypeDescription> = { group: ['trigger'], inputs: [] };

/** `test.loop`: output 0 ("loop") until its input has come round `times` times, then output 1 ("done"). */
const loop: INodeType = {
	description: description('Loop', {
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['loop', 'done'],
		properties: [{ displayName: 'Times', name: 'times', type: 'number', default: 2 }],
	}),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const context = this.getContext('node');
		const round = Number(context.round ?? 0);
		context.round = round + 1;
		return round < Number(this.getNodeParameter('times', 0)) ? [items, []] : [[], items];
	},
};

/** n8n's Filter, with its conditions judged as n8n judges them. */
const filter: INodeType = {
	description: description('Filter', {
		version: 2.2,
		properties: [
			{
				displayName: 'Conditions',
				name: 'conditions',
				type: 'filter',
				default: {},
				typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'strict' } },
			},
		],
	}),
	async execute(this: IExecuteFunctions) {
		const passes = (item: number) =>
			this.getNodeParameter('conditions', item, false, { extractValue: true }) === true;
		return [this.getInputData().filter((_item, place) => passes(place))];
	},
};

/** n8n's Remove Duplicates of version 1: a field that one of the items lacks stops the workflow. */
const removeDuplicates: INodeType = {
	description: description('Remove Duplicates', {
		version: 1,
		properties: [{ displayName: 'Fields', name: 'fieldsToCompare', type: 'string', default: '' }],
	}),
	async execute(this: IExecuteFunctions) {
		const field = String(this.getNodeParameter('fieldsToCompare', 0));
		const items = this.getInputData();
		if (items.some(({ json }) => json[field] === undefined))
			throw new NodeOperationError(this.getNode(), `'${field}' field is missing from some input items`);
		const values = items.map(({ json }) => json[field]);
		return [items.filter((_item, place) => values.indexOf(values[place]) === place)];
	},
};

/** `test.told`: hands its input on, each item with what the parameter `told` resolves to for it. */
const told: INodeType = {
	description: description('Told', {
		properties: [{ displayName: 'Told', name: 'told', type: 'json', default: {} }],
	}),
	async execute(this: IExecuteFunctions) {
		const withTold = ({ json }: INodeExecutionData, item: number) => ({
			json: { ...json, told: this.getNodeParameter('told', item) as IDataObject },
			pairedItem: { item },
		});
		return [this.getInputData().map(withTold)];
	},
};

const standIns: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': passThrough('Manual Trigger', trigger),
	'n8n-nodes-base.scheduleTrigger': passThrough('Schedule Trigger', trigger),
	'n8n-nodes-base.webhook': passThrough('Webhook', trigger),
	'n8n-nodes-base.noOp': passThrough('No Operation'),
	'n8n-nodes-base.stickyNote': passThrough('Sticky Note', { inputs: [], outputs: [] }),
	'n8n-nodes-base.filter': filter,
	'n8n-nodes-base.removeDuplicates': removeDuplicates,
	'test.loop': loop,
	'test.told': told,
};

/** A copy that n8n's loader may complete: it writes into `description.properties`. */
function asLoaded(type: AnyNodeType): AnyNodeType {
	if ('nodeVersions' in type) return type;
	const copy = Object.assign(Object.create(Object.getPrototypeOf(type) as object) as INodeType, type);
	copy.description = { ...type.description, properties: [...type.description.properties] };
	DirectoryLoader.applyDeclarativeNodeOptionParameters(copy);
	return copy;
}

function versionsOf(type: AnyNodeType): INodeType[] {
	return 'nodeVersions' in type ? Object.values(type.nodeVersions) : [type];
}

export function createNodeTypes(nodes: Record<string, AnyNodeType>): NodeTypeRegistry {
	const types = new Map<string, AnyNodeType>(
		Object.entries({ ...standIns, ...nodes }).map(([name, type]) => [name, asLoaded(type)]),
	);
	const find = (name: string): AnyNodeType => {
		const type = types.get(name);
		if (type === undefined) throw new Error(`Unrecognized node type: ${name}`);
		return type;
	};
	return {
		getByName: find,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(find(name), version),
		getKnownTypes: () => ({}),
		nodesUsing: (credentialType) =>
			[...types]
				.filter(([, type]) =>
					versionsOf(type).some((version) =>
						version.description.credentials?.some(({ name }) => name === credentialType),
					),
				)
				.map(([name]) => name),
	};
}

/**
 * Loads a built package as n8n does, from the `n8n` block of its package.json. The result goes straight into
 * `createEngine`. Errors of n8n's loader (a listed file that is missing, a class with another name) are thrown.
 */
export async function loadPackage(
	folder: string,
): Promise<{ nodes: Record<string, AnyNodeType>; credentialTypes: ICredentialType[] }> {
	await prepareRuntime();
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	return {
		nodes: Object.fromEntries(
			Object.entries(loader.nodeTypes).map(([name, { type }]) => [`${loader.packageName}.${name}`, type]),
		),
		credentialTypes: Object.values(loader.credentialTypes).map(({ type }) => type),
	};
}
