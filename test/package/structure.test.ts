import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** How the sources stand to each other: what the compiler accepts, and a reader would get lost in. */
const root = path.join(__dirname, '../..');
const files = readdirSync(path.join(root, 'nodes'), { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.map((file) => `nodes/${file.replaceAll('\\', '/')}`);
const sources = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

/** Files by file, those that it imports; types count. */
const imports = new Map(
	[...sources].map(([file, text]) => [
		file,
		ts
			.preProcessFile(text)
			.importedFiles.map(({ fileName }) => fileName)
			.filter((name) => name.startsWith('.'))
			.map((name) => {
				const target = path.posix.join(path.posix.dirname(file), name);
				const found = [`${target}.ts`, `${target}/index.ts`].find((candidate) => sources.has(candidate));
				if (found === undefined) throw new Error(`${file} imports ${name}, which is not among the nodes`);
				return found;
			}),
	]),
);

/** A way from a file back to itself, for each that has one. */
function circlesIn(graph: Map<string, string[]>): string[] {
	const circles: string[] = [];
	const finished = new Set<string>();
	const visit = (file: string, way: string[]): void => {
		if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
		else if (!finished.has(file)) {
			for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
			finished.add(file);
		}
	};
	for (const file of graph.keys()) visit(file, []);
	return circles;
}

test('no file imports itself, over however many others', () => {
	const graph = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['d'] };
	expect(circlesIn(new Map(Object.entries(graph)))).toEqual(['a -> b -> c -> a', 'd -> d']);
	// What only a type is imported of is seen, too.
	expect(imports.get('nodes/shared/operation/types.ts')).toContain('nodes/shared/paymentCard.ts');
	expect(circlesIn(imports)).toEqual([]);
});

test('what the nodes share stands in one of six rooms, or is one of the few that all of them need', () => {
	const room = /^nodes\/shared\/(http|idempotency|operation|pipeline|polling|values)\/\w+\.ts$/;
	const groundFloor = ['errors', 'paymentCard', 'paymentCardTest', 'provider', 'redact'];
	const elsewhere = files.filter((file) => file.startsWith('nodes/shared/') && !room.test(file));
	expect(elsewhere.sort()).toEqual(groundFloor.map((name) => `nodes/shared/${name}.ts`));
});

test('what the nodes share knows none of them', () => {
	const shared = [...imports].filter(([file]) => file.startsWith('nodes/shared/'));
	const strangers = shared.flatMap(([, others]) =>
		others.filter((other) => !other.startsWith('nodes/shared/')),
	);
	expect(strangers).toEqual([]);
});

test('no file is longer than 250 lines', () => {
	const long = [...sources].filter(([, text]) => text.split('\n').length - 1 > 250);
	expect(long.map(([file]) => file)).toEqual([]);
});
