import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ARCHITECTURE, roomsOf } from '../../scripts/architecture';

/** The rooms of the sources and where state lives, against the sources. */
const root = path.join(__dirname, '../..');
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');

function section(file: string, heading: string): string {
	const [, found] = textOf(file).split(`\n## ${heading}\n`);
	return found!.split('\n## ')[0]!;
}

const nodeFolders = readdirSync(path.join(root, 'nodes')).filter((name) => name !== 'shared');
const nodeFiles = nodeFolders.flatMap((folder) =>
	readdirSync(path.join(root, 'nodes', folder))
		.filter((name) => name.endsWith('.node.ts'))
		.map((name) => `nodes/${folder}/${name}`),
);
const nameIn = (file: string) => /displayName: '([^']+)'/.exec(textOf(file))![1]!;

test('every room of the picture has its row, and every row is a room', () => {
	const rows = [...section(ARCHITECTURE, 'The rooms').matchAll(/^\| `([^`]+)`/gm)].map(([, room]) => room);
	expect(rows.sort()).toEqual([...roomsOf().keys()].sort());
});

test('it tells how many folders of nodes there are, and they have the same rooms', () => {
	const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
	expect(textOf(ARCHITECTURE)).toContain(
		`The ${numbers[nodeFolders.length]} folders of nodes have the same rooms`,
	);
	for (const folder of nodeFolders) {
		const names = readdirSync(path.join(root, 'nodes', folder));
		expect(names).toEqual(expect.arrayContaining(['resources', 'resources.ts', `${folder}.node.ts`]));
	}
});

test('what a trigger keeps is told where state lives, and every trigger where it is told what is stored', () => {
	const triggers = nodeFiles.filter((file) => file.endsWith('Trigger.node.ts'));
	expect(triggers.length).toBeGreaterThan(5);
	const stored = section('SECURITY.md', 'What is stored where');
	for (const file of triggers) expect(stored).toContain(nameIn(file));
	const keeping = triggers.filter((file) => textOf(file).includes('getWorkflowStaticData'));
	expect(keeping.length).toBeGreaterThan(0);
	for (const file of keeping) expect(section(ARCHITECTURE, 'Where state lives')).toContain(nameIn(file));
});
