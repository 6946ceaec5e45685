import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Linter } from 'eslint';
import ts from 'typescript';
import { parser } from 'typescript-eslint';
import { roomsOf } from '../../scripts/architecture';

/** How the sources stand to each other: what the compiler accepts, and a reader would get lost in. */
const root = path.join(__dirname, '../..');
const filesIn = (folder: string) =>
	readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
const textsOf = (names: string[]) =>
	new Map(names.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
const files = filesIn('nodes');
const sources = textsOf(files);

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

test('no room imports from one that is above it', () => {
	const rooms = new Map([...roomsOf()].map(([room, others]) => [room, [...others]]));
	expect([...rooms.keys()]).toContain('nodes/shared/pipeline/');
	expect(rooms.get('nodes/shared/pipeline/')).toContain('nodes/shared/operation/');
	expect(circlesIn(rooms)).toEqual([]);
});

test('what the nodes share stands in one of seven rooms, or is one of the few that all of them need', () => {
	const room = /^nodes\/shared\/(http|idempotency|operation|pipeline|polling|sms|values)\/\w+\.ts$/;
	const groundFloor = ['errors', 'paymentCard', 'provider', 'redact'];
	const elsewhere = files.filter((file) => file.startsWith('nodes/shared/') && !room.test(file));
	expect(elsewhere.sort()).toEqual(groundFloor.map((name) => `nodes/shared/${name}.ts`));
});

/** From the ground up: what stands on a floor imports nothing of a higher one. */
const FLOORS = ['values', 'provider', 'http', 'idempotency', 'operation', 'sms', 'pipeline', 'polling'];

test('no import runs from a lower floor to a higher one', () => {
	const floorOf = (file: string) => {
		const [, room] = /^nodes\/shared\/(\w+)\//.exec(file) ?? [];
		return file.startsWith('nodes/shared/') ? FLOORS.indexOf(room ?? 'provider') : FLOORS.length;
	};
	const upwards = [...imports].flatMap(([file, others]) =>
		others.filter((other) => floorOf(other) > floorOf(file)).map((other) => `${file} -> ${other}`),
	);
	expect(upwards).toEqual([]);
});

test('what the nodes share knows none of them', () => {
	const shared = [...imports].filter(([file]) => file.startsWith('nodes/shared/'));
	const strangers = shared.flatMap(([, others]) =>
		others.filter((other) => !other.startsWith('nodes/shared/')),
	);
	expect(strangers).toEqual([]);
});

test('what is exported is of use elsewhere', () => {
	const elsewhere = readdirSync(root, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && /^(credentials|examples|nodes|scripts|test)$/.test(entry.name))
		.flatMap(({ name }) => filesIn(name));
	const words = elsewhere.map(
		(file) => [file, new Set(readFileSync(path.join(root, file), 'utf8').match(/\w+/g))] as const,
	);
	const unused = [...sources].flatMap(([file, text]) =>
		[...text.matchAll(/^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm)]
			.map(([, name]) => name!)
			.filter(
				(name) =>
					!file.endsWith('.node.ts') && !words.some(([other, its]) => other !== file && its.has(name)),
			)
			.map((name) => `${file}: ${name}`),
	);
	expect(unused).toEqual([]);
});

test('no file is longer than 250 lines', () => {
	const long = [...sources].filter(([, text]) => text.split('\n').length - 1 > 250);
	expect(long.map(([file]) => file)).toEqual([]);
});

/**
 * Functions with more lines of code than so many, or with more than five parameters, such as
 * `nodes/a.ts: Function 'b' has too many lines (41). Maximum allowed is 40.`
 */
function beyond(lines: number, texts: Map<string, string>): string[] {
	const linter = new Linter();
	const config: Linter.Config = {
		files: ['**/*.ts'],
		languageOptions: { parser: parser as Linter.Parser },
		linterOptions: { noInlineConfig: true },
		rules: {
			'max-lines-per-function': ['error', { max: lines, skipBlankLines: true, skipComments: true }],
			'max-params': ['error', { max: 5 }],
		},
	};
	return [...texts].flatMap(([file, text]) =>
		linter.verify(text, config, file).map(({ message }) => `${file}: ${message}`),
	);
}

/** How many lines a function has that is found to have too many; of what else is found, none. */
const linesIn = (found: string) => Number(/too many lines \((\d+)\)/.exec(found)?.[1]);

test('functions are short, and take at most five things', () => {
	const long = `function long() {${'\n\n// Why.\nact();'.repeat(40)}\n}`;
	const many = 'class Many { constructor(a: 1, b: 2, c: 3, d: 4, e: 5, private readonly f: 6) {} }';
	const tried = beyond(41, new Map([['a.ts', `${long}\n${many}`]]));
	expect(tried).toEqual([
		"a.ts: Function 'long' has too many lines (42). Maximum allowed is 41.",
		'a.ts: Constructor has too many parameters (6). Maximum allowed is 5.',
	]);
	expect(tried.map(linesIn)).toEqual([42, NaN]);
	const published = textsOf([...files, ...filesIn('credentials')]);
	const found = beyond(40, published);
	expect(found.filter((one) => !(linesIn(one) <= 80))).toEqual([]);
	// A few, whose steps would not read better apart.
	expect(found.length).toBeLessThanOrEqual(8);
});

test('everything that is installed for the work on this package is of use', () => {
	const manifestOf = (folder: string) =>
		JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
			devDependencies: Record<string, string>;
			peerDependencies?: Record<string, string>;
			scripts: Record<string, string>;
			bin?: string | Record<string, string>;
		};
	const installed = Object.keys(manifestOf('.').devDependencies);
	const configs = ['.', 'test/jest'].flatMap((folder) =>
		readdirSync(path.join(root, folder))
			.filter((file) => /\.m?js$/.test(file))
			.map((file) => `${folder}/${file}`),
	);
	const all = ['nodes', 'credentials', 'scripts', 'examples', 'test'].flatMap(filesIn);
	const text = [...textsOf([...all, ...configs]).values()].join('\n');
	const folders = ['.', ...readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}`)];
	const commands = folders.flatMap((folder) =>
		Object.values(manifestOf(folder).scripts).join(' ').split(' '),
	);
	const peers = installed.flatMap((name) =>
		Object.keys(manifestOf(`node_modules/${name}`).peerDependencies ?? {}),
	);
	const isOfUse = (name: string) =>
		text.includes(`'${name}'`) ||
		text.includes(`'${name}/`) ||
		peers.includes(name) ||
		Object.keys(Object(manifestOf(`node_modules/${name}`).bin)).some((bin) => commands.includes(bin));
	expect(installed.length).toBeGreaterThan(40);
	// The types of something are of use where it is: of jest and of Node.js everywhere.
	expect(
		installed.filter(
			(name) => !isOfUse(name.replace(/^@types\/(?!node|jest)/, '')) && !/^@types\/(?:node|jest)$/.test(name),
		),
	).toEqual([]);
});
