import { readFileSync } from 'node:fs';
import path from 'node:path';
import { resources as clubTexting } from '../../nodes/ClubTexting/resources';
import { resources as ezTexting } from '../../nodes/EzTexting/resources';
import type { Resource } from '../../nodes/shared/operation/types';
import { nodePages } from '../../scripts/nodeDocs';
import { actionNodes } from '../contract/contract';

/** The page for who moves from the Club Texting node to the EZ Texting node. */
const text = readFileSync(path.join(__dirname, '../../docs/moving-to-ez-texting.md'), 'utf8');
const rows = [...text.matchAll(/^\| ([A-Z][\w:, ]+?) +\| ([A-Z–][\w:, ]*?) +\| (.*?) +\|$/gm)]
	.map(([, from, to, changes]) => ({ from: from!, to: to!, changes: changes! }))
	.slice(1);

/** The operations that a cell such as "Credit: Buy, Top Up" names, each with the fields of its output. */
function outputsOf(cell: string, node: 'clubTexting' | 'ezTexting', resources: Resource[]): string[][] {
	const [resourceName, operations] = cell.split(': ');
	if (operations === undefined) return [];
	const { option, operations: known } = resources.find(({ option: { name } }) => name === resourceName)!;
	return operations.split(', ').map((name) => {
		const operation = known.find((one) => one.option.name === name)!;
		return actionNodes[node]![option.value]![operation.option.value]!.output;
	});
}

test('it has a row for each operation of the node that is left, and for each of its triggers', async () => {
	const told = rows.flatMap(({ from }) => {
		const [resource, operations] = from.split(': ');
		return operations ? operations.split(', ').map((name) => `${resource}: ${name}`) : [from];
	});
	const operations = clubTexting.flatMap(({ option, operations: all }) =>
		all.map((operation) => `${option.name}: ${operation.option.name}`),
	);
	const names = (await nodePages()).map(({ title }) => title);
	const triggers = names.filter((name) => /^Club Texting .*Trigger$/.test(name));
	expect(triggers).toHaveLength(3);
	expect(told.sort()).toEqual([...operations, ...triggers].sort());
});

test('a row names every field that does not come out any more', () => {
	const pairs = rows.flatMap(({ from, to, changes }) => {
		const after = outputsOf(to, 'ezTexting', ezTexting);
		return outputsOf(from, 'clubTexting', clubTexting).map((fields, place) => ({
			from,
			gone: fields.filter((field) => after[place] && !after[place].includes(field)),
			changes,
		}));
	});
	expect(pairs.flatMap(({ gone }) => gone).length).toBeGreaterThan(20);
	for (const { from, gone, changes } of pairs)
		expect([from, gone.filter((field) => !changes.includes(`\`${field}\``))]).toEqual([from, []]);
});
