import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createNodeAsTool } from 'n8n-core/dist/execution-engine/node-execution-context/utils/create-node-as-tool';
import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
} from 'n8n-workflow';
import manifest from '../../package.json';

/** What a model is given of each operation with every request, in tokens of its context. */

const root = path.join(__dirname, '../..');
const load = createRequire(__filename);
// Their types are those of ES modules, which a CommonJS one may not import; LangChain is the one that n8n comes with.
const { Tiktoken } = load('js-tiktoken/lite') as {
	Tiktoken: new (ranks: unknown) => { encode(text: string): number[] };
};
const encoding = new Tiktoken(load('js-tiktoken/ranks/o200k_base'));
const { convertToOpenAITool } = createRequire(load.resolve('n8n-core'))(
	'@langchain/core/utils/function_calling',
) as { convertToOpenAITool(tool: unknown): { function: object } };

const nodes = manifest.n8n.nodes
	.map((file) => {
		const source = path.join(root, file.replace(/^dist\//, '').replace(/\.js$/, ''));
		const classes = jest.requireActual<Record<string, new () => INodeType>>(source);
		return new classes[path.basename(file).split('.')[0]!]!();
	})
	.filter(({ description }) => description.usableAsTool);

/** A node with this operation, whose fields the model fills in as far as n8n's editor lets it. */
function toolNode({ description }: INodeType, resource: string, operation: string): INode {
	const node: INode = {
		id: '1',
		name: description.displayName,
		type: description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: { resource, operation },
	};
	const { properties } = description;
	const shown = NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, description)!;
	const filled = Object.keys(shown).flatMap((name): Array<[string, INodeParameters[string]]> => {
		// With the same name, each has the same type.
		const field = properties.find((property) => property.name === name)!;
		const asked = SET_BY_A_PERSON.includes(name) ? undefined : askedOfModel(field);
		return asked === undefined ? [] : [[name, asked]];
	});
	return { ...node, parameters: { ...node.parameters, ...Object.fromEntries(filled) } };
}

/** As docs/running.md advises. */
const SET_BY_A_PERSON = ['resource', 'operation', 'spendingLimit', 'dryRun'];

/** What n8n's editor writes into a field when somebody lets the model define it. */
function askedOfModel({ displayName, type }: INodeProperties): INodeParameters[string] | undefined {
	const key = displayName.replace(/[^a-zA-Z0-9_-]/g, '_');
	const expression = (kind: string) =>
		`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`\`, '${kind}') }}`;
	if (type === 'resourceLocator') return { __rl: true, mode: 'id', value: expression('string') };
	return ['string', 'number', 'boolean', 'json'].includes(type) ? expression(type) : undefined;
}

/** Tokens of all tools, by what they do. */
const tokens = new Map(
	nodes.flatMap((nodeType) => {
		const { properties, name } = nodeType.description;
		return properties
			.filter((property) => property.name === 'operation')
			.flatMap(({ displayOptions, options = [] }) =>
				(options as INodePropertyOptions[]).map((option): [string, number] => {
					const resource = String(displayOptions!.show!.resource![0]);
					const node = toolNode(nodeType, resource, String(option.value));
					const { response } = createNodeAsTool({ node, nodeType, handleToolInvocation: async () => null });
					const handed = JSON.stringify(convertToOpenAITool(response).function);
					return [`${name}.${resource}.${String(option.value)}`, encoding.encode(handed).length];
				}),
			);
	}),
);

test('an operation is a small tool, as the page about tools says', () => {
	const counts = [...tokens.values()];
	const sum = counts.reduce((total, count) => total + count);
	const page = readFileSync(path.join(root, 'docs/running.md'), 'utf8');
	const [, most, mean] = /takes at most (\d+) tokens of the model's context, (\d+) on average/.exec(page)!;
	const largest = Math.max(...counts);
	process.stdout.write(
		`Tools: ${counts.length} operations, ${Math.min(...counts)} to ${largest} tokens, ${sum} together\n`,
	);
	expect(largest).toBeLessThanOrEqual(Number(most));
	expect(largest).toBeGreaterThan(0.9 * Number(most));
	expect(Math.abs(sum / counts.length - Number(mean))).toBeLessThan(0.1 * Number(mean));
});
