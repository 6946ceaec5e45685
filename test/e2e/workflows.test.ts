import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { INode, INodeTypeDescription } from 'n8n-workflow';
import { installN8n } from '../../scripts/installN8n';
import { misshapen } from './shapes';

/** The workflows that people look for use nodes of n8n: as both versions have them. */
const folder = path.resolve(__dirname, '../../examples/workflows');
const files = readdirSync(folder);

describe.each(['2.41.1', '1.123.81'] as const)('n8n %s has the nodes of', (version) => {
	let types: INodeTypeDescription[];
	beforeAll(async () => {
		const { modules } = await installN8n(version, () => {});
		const file = path.join(modules, 'n8n-nodes-base/dist/types/nodes.json');
		types = JSON.parse(readFileSync(file, 'utf8')) as INodeTypeDescription[];
	}, 1_800_000);

	test.each(files)('%s, with these parameters and values', (file) => {
		const { nodes } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { nodes: INode[] };
		const theirs = nodes.filter(({ type }) => type.startsWith('n8n-nodes-base.'));
		expect(theirs.length).toBeGreaterThan(1);
		expect(theirs.flatMap((node) => misshapen(node, types))).toEqual([]);
	});
});
