import { readFileSync, readdirSync, existsSync } from 'node:fs';
import path from 'node:path';

import { ARCHITECTURE, architecturePage } from '../../scripts/architecture';
import { anchorOf, nodePages, type NodePage } from '../../scripts/nodeDocs';
import { actionNodes, pollingTriggers } from '../contract/contract';

const root = path.join(__dirname, '../..');
const repository = 'https://github.com/messaging-credits/n8n-nodes-messaging-credits';

const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
const below = (folder: string, ending: string) =>
	readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith(ending))
		.map((file) => path.join(folder, file));

/** What people read; the notes are read as parts of the pages. */
const documents = [
	'README.md',
	'CHANGELOG.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'CODE_OF_CONDUCT.md',
	...below('docs', '.md').filter((file) => !file.startsWith('docs/nodes/notes/')),
	...below('examples', '.md'),
];
/** The same, and what stands on npm beside each package of one service. */
const readmes = readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}/README.md`);

/** Of n8n's template of a README. */
const HEADINGS = [
	'Installation',
	'Operations',
	'Credentials',
	'Compatibility',
	'Usage',
	'Resources',
	'Version history',
];

const withoutCode = (text: string) => text.replace(/^```.*?^```/gms, '');

function anchorsOf(file: string): Set<string> {
	const headings = [...withoutCode(textOf(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
	return new Set(headings.map(anchorOf));
}

/** Why a link leads nowhere; undefined where it leads to something. */
function troubleWith(link: string, from: string): string | undefined {
	const [file, anchor] = link.split('#') as [string, string?];
	const target = file === '' ? from : path.join(path.dirname(from), file);
	if (!existsSync(path.join(root, target))) return `${from}: ${link}: no such file`;
	if (anchor === undefined || anchorsOf(target).has(anchor)) return undefined;
	return `${from}: ${link}: no such heading`;
}

let pages: NodePage[];
beforeAll(async () => {
	pages = await nodePages();
});

test('the pages of the nodes are what `npm run docs` makes of their descriptions', () => {
	for (const { file, text } of pages) expect({ file, text: textOf(file) }).toEqual({ file, text });
	const made = pages.map(({ file }) => file);
	expect(
		readdirSync(path.join(root, 'docs/nodes'))
			.filter((file) => file.endsWith('.md'))
			.sort(),
	).toEqual(made.map((file) => path.basename(file)).sort());
});

test('what many operations share is explained once, below them, and named by what the form says', () => {
	for (const { file } of pages.filter(({ operations }) => operations.length > 3)) {
		const [, below = ''] = textOf(file).split('\n## Options of several operations\n');
		for (const name of ['idempotencyKey', 'includeRawReply']) {
			expect([file, name, textOf(file).split(`\`options.${name}\``).length - 1]).toEqual([file, name, 1]);
			expect(below).toContain(`\`options.${name}\``);
		}
		const rows = textOf(file)
			.split('\n')
			.filter((line) => line.startsWith('| _Options → '));
		expect(rows.filter((row) => rows.filter((other) => other === row).length > 2)).toEqual([]);
		expect(textOf(file)).not.toMatch(/idempotency key/i);
	}
});

test('the picture of the architecture is what `npm run docs` makes of the imports, on a page of at most 2,000 words', () => {
	const text = textOf(ARCHITECTURE);
	expect(text).toMatch(/```mermaid\nflowchart TD\n(\t\w+\["[^"]+"\]\n)+(\t\w+ --> \w+\n)+```/);
	expect(text).toBe(architecturePage());
	expect(text.split(/\s+/).length).toBeLessThanOrEqual(2000);
});

test('every file and folder that the page of the architecture names is there', () => {
	const inShared = (name: string) =>
		name.replace(/^(?=(http|idempotency|operation|pipeline|polling|sms|values)\/)/, 'nodes/shared/');
	const named = [...withoutCode(textOf(ARCHITECTURE)).matchAll(/`([\w/.]+(?:\.ts|\/))`/g)].map(([, name]) =>
		inShared(name!),
	);
	expect(named.length).toBeGreaterThan(20);
	const all = [...below('nodes', ''), ...below('test', ''), 'nodes', 'test', 'credentials'];
	const isThere = (name: string) => all.some((file) => `/${file}`.endsWith(`/${name.replace(/\/$/, '')}`));
	expect(named.filter((name) => !isThere(name))).toEqual([]);
});

test('the notes tell the outputs of every node and operation', () => {
	for (const { file, outputs } of pages) {
		for (const [operation, fields] of outputs)
			expect([file, operation, fields]).not.toEqual([file, operation, []]);
	}
});

test('they name every output field of the contract', () => {
	for (const [node, resources] of Object.entries(actionNodes)) {
		const { outputs } = pages.find(({ file }) => file === `docs/nodes/${node}.md`)!;
		for (const [resource, operations] of Object.entries(resources)) {
			for (const [operation, { output }] of Object.entries(operations)) {
				expect(outputs.get(`${resource}.${operation}`)).toEqual(expect.arrayContaining(output));
			}
		}
	}
});

test('they name every output field of the polling triggers', () => {
	for (const [node, { output }] of Object.entries(pollingTriggers)) {
		const { outputs } = pages.find(({ file }) => file === `docs/nodes/${node}.md`)!;
		expect(outputs.get('')).toEqual(expect.arrayContaining(output));
	}
});

test('README.md has at most 10,000 bytes and the headings of the template', () => {
	const text = textOf('README.md');
	expect(Buffer.byteLength(text)).toBeLessThanOrEqual(10_000);
	const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
	expect(headings).toEqual(expect.arrayContaining(HEADINGS));
});

test('the README of each package has the headings of the template', () => {
	for (const file of readmes) {
		for (const heading of HEADINGS)
			expect([file, textOf(file)]).toEqual([file, expect.stringContaining(`\n## ${heading}\n`)]);
	}
});

test('who reports a bug can name every node, and who misses something every service', () => {
	const bug = textOf('.github/ISSUE_TEMPLATE/bug.yml');
	const [, options] = /id: node\n[^]*?options:\n((?: +- .*\n)+)/.exec(bug)!;
	const offered = [...options!.matchAll(/- (.*)/g)].map(([, name]) => name!);
	const names = pages.map(({ title }) => title);
	const acting = names.filter((name) => !name.endsWith('Trigger'));
	expect(acting.length).toBeGreaterThan(3);
	expect(offered).toEqual([...acting.sort(), 'A trigger', 'A credential', 'Installing the package']);
	const services = /a link to the page of (.*)\./i.exec(textOf('.github/ISSUE_TEMPLATE/feature.yml'))![1]!;
	expect(services.split(/, | or /)).toEqual(['Click2Mail', 'Club Texting', 'EZ Texting', 'MailPartner']);
});

test('README.md shows five steps before the safety rules, each with a picture of at most 60 kB that the next one follows', () => {
	const steps = textOf('README.md').split('\n## Safety\n')[0]!;
	const told = [
		...steps.matchAll(/^\*\*(\d)\. .*\n\n!\[[^\]]+\]\(docs\/images\/steps\/(\d)-[\w-]+\.png\)$/gm),
	];
	expect(told.map(([, step, picture]) => [step, picture])).toEqual(
		[1, 2, 3, 4, 5].map((n) => [`${n}`, `${n}`]),
	);
	const pictures = readdirSync(path.join(root, 'docs/images/steps'));
	expect(pictures).toHaveLength(5);
	for (const picture of pictures) {
		const { length } = readFileSync(path.join(root, 'docs/images/steps', picture));
		expect([picture, length <= 60_000]).toEqual([picture, true]);
	}
});

test('every picture is shown on some page', () => {
	const text = documents.map(textOf).join('\n');
	const unseen = below('docs', '.png').filter(
		(picture) => !text.includes(`${picture.replace('docs/', '')})`),
	);
	expect(unseen).toEqual([]);
});

test('README.md has every node, with a link to its page, and every operation of it', () => {
	const [, operations] = /\n## Operations\n([^]*?)\n## /.exec(textOf('README.md'))!;
	for (const { file, operations: all } of pages) {
		const [, own] = operations!.split(`](${file})`);
		expect([file, own !== undefined]).toEqual([file, true]);
		for (const [resource, operation] of all.map((each) => each.split(': '))) {
			const [section] = own!.split('\n**');
			const named = new RegExp(`\\b${resource}: [^;\\n]*\\b${operation}\\b`).test(section!);
			expect([file, resource, operation, named]).toEqual([file, resource, operation, true]);
		}
	}
});

test('the README of each package of one service has a row for every operation of its nodes, and names its triggers', () => {
	for (const file of readmes) {
		const { n8n } = JSON.parse(textOf(file.replace('README.md', 'package.json'))) as {
			n8n: { nodes: string[] };
		};
		const own = n8n.nodes.map((node) => path.basename(node, '.node.js').toLowerCase());
		const its = pages.filter(({ file: page }) => own.includes(path.basename(page, '.md').toLowerCase()));
		expect([file, its.length]).toEqual([file, own.length]);
		const rows = [...textOf(file).matchAll(/^\| ([A-Z][\w ]*?) +\| ([A-Z][\w ]*?) +\|/gm)];
		const named = rows.map(([, resource, operation]) => `${resource}: ${operation}`);
		expect([file, named.sort()]).toEqual([file, its.flatMap(({ operations }) => operations).sort()]);
		for (const { title } of its) expect(textOf(file)).toContain(`**${title}**`);
	}
});

test('docs/packages.md and README.md name the nodes of each package of one service', () => {
	const bare = (name: string) => name.replaceAll(' ', '').toLowerCase();
	for (const name of readdirSync(path.join(root, 'packages'))) {
		const { n8n } = JSON.parse(textOf(`packages/${name}/package.json`)) as { n8n: { nodes: string[] } };
		const nodes = n8n.nodes.map((file) => bare(path.basename(file, '.node.js')));
		const [, told] = new RegExp(`^\\| \`${name}\` +\\| ([^|]+) \\|`, 'm').exec(textOf('docs/packages.md'))!;
		expect(
			told!
				.split(', ')
				.map((node) => bare(node.trim()))
				.sort(),
		).toEqual(nodes.sort());
		const [, first] = new RegExp(`\\| ([^|]+) \\| \`${name}\``).exec(textOf('README.md'))!;
		for (const node of first!.split(', ')) expect(nodes).toContain(bare(node.trim()));
	}
});

test('every link between the documents leads to a file and a heading', () => {
	const troubles = documents.flatMap((file) =>
		[...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, link]) => link!)
			.filter((link) => !/^[a-z]+:/.test(link))
			.map((link) => troubleWith(link, file)),
	);
	expect(troubles.filter((trouble) => trouble !== undefined)).toEqual([]);
});

test('every command in the documents is one that there is', () => {
	const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
	const isThere = (command: string) => {
		const [, script, file] = /^(?:npm run ([\w:-]+)|(?:node|bash) ([\w./-]+))/.exec(command) ?? [];
		if (script !== undefined) return script in scripts;
		if (file !== undefined) return existsSync(path.join(root, file));
		const [, own] = /^npm (test|start)\b/.exec(command) ?? [];
		return own === undefined || own in scripts;
	};
	const commands = [...documents, ...readmes].flatMap((file) =>
		[...textOf(file).matchAll(/(?:`|^|&& )((?:npm|node|bash) [^`\n]+)/gm)].map(([, command]) => [
			file,
			command!,
		]),
	);
	expect(commands.length).toBeGreaterThan(40);
	expect(commands.filter(([, command]) => !isThere(command!))).toEqual([]);
});

test('every link to this repository, from the documents and the READMEs of the packages, leads to a file and a heading', () => {
	const links = [...documents, ...readmes].flatMap((file) =>
		[...textOf(file).matchAll(new RegExp(`${repository}/(?:blob|tree)/main/([^)\\s>]+)`, 'g'))].map(
			([, link]) => troubleWith(link!, 'README.md'),
		),
	);
	expect(links.length).toBeGreaterThan(15);
	expect(links.filter((trouble) => trouble !== undefined)).toEqual([]);
});

test('no package says that Dry Run is on by itself, that n8n Cloud has it, or that texts wait for the day', () => {
	for (const file of ['README.md', 'docs/running.md', 'docs/packages.md', ...readmes]) {
		const text = textOf(file);
		expect([file, /leave \*\*dry run\*\* on|not at night/i.exec(text)]).toEqual([file, null]);
		const cloud = text.split(/(?<=[.:])\s/).filter((sentence) => sentence.includes('n8n Cloud'));
		if (file.startsWith('packages/')) expect([file, cloud.length]).toEqual([file, 1]);
	}
	for (const file of readmes) {
		expect(textOf(file)).toContain('**Dry Run** is off in a new node');
		expect(textOf(file)).toContain('this one is not verified');
	}
});

test('every link from nodes and credentials into this repository leads to a file and a heading', () => {
	const sources = [...below('nodes', '.node.json'), ...below('nodes', '.ts'), ...below('credentials', '.ts')];
	const links = sources.flatMap((file) =>
		[...textOf(file).matchAll(new RegExp(`${repository}([^'"\\s]*)`, 'g'))].map(([, rest]) =>
			rest!.replace('/blob/main/', ''),
		),
	);
	expect(links.length).toBeGreaterThan(0);
	expect(links.map((link) => troubleWith(link, 'README.md')).filter((t) => t !== undefined)).toEqual([]);
});

test('every file that the table of wire facts names is there', () => {
	const named = [
		...readFileSync(path.join(root, 'docs/wire-facts.md'), 'utf8').matchAll(/`([\w/.]+\.(?:ts|md))`/g),
	];
	expect(named.length).toBeGreaterThan(100);
	expect(named.map(([, file]) => file!).filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

const FACT = String.raw`\`([\w/.-]+)\` +\| \`(test/[\w/.]+\.test\.ts)\` +\|$`;
/** The rows of the table of wire facts: those of the four documents, and those of EZ Texting. */
const facts = textOf('docs/wire-facts.md')
	.split('\n## EZ Texting, API v1: what')
	.map((part) => part.split('\n').filter((line) => /^\| (?!fact |-)/.test(line))) as [string[], string[]];

test('every fact of the wire has a file and a test, and those of EZ Texting their standing', () => {
	const standing = '(?:guide|seen|told|client|draft)';
	const rows = [
		`^\\| .+ \\| ${FACT}`,
		`^\\| .+ \\| ${standing}(?:[,;] (?:the key: )?${standing})* +\\| ${FACT}`,
	];
	for (const [place, row] of rows.entries()) {
		expect(facts[place]!.length).toBeGreaterThan(50);
		expect(facts[place]!.filter((each) => !new RegExp(row).test(each))).toEqual([]);
	}
});

test('a fact of the wire for which a document stands is said in it', () => {
	const said: Record<string, RegExp> = {
		'docs/nodes/notes/clubTexting.md':
			/`recipientsCount` includes those who have opted out globally.* opts in again by texting a keyword of yours to 25827 \(212121 in Canada\)/,
		'docs/nodes/notes/ezTexting.md': /Accepted is not delivered.*Get Report/,
		'docs/texting-rules.md':
			/answer STOP by itself, to set `optedOut` of the contact and to take it out of all its groups/,
	};
	const documents = facts.flat().flatMap((row) => /`(docs\/[\w/.-]+\.md)` +\|/.exec(row)?.[1] ?? []);
	expect(documents.sort()).toEqual(Object.keys(said).sort());
	for (const [file, words] of Object.entries(said))
		expect([file, textOf(file)]).toEqual([file, expect.stringMatching(words)]);
});

test('what may be texted to whom is told with its sources, and is no advice', () => {
	const [about, ...sections] = textOf('docs/texting-rules.md').split('\n## ') as [string, ...string[]];
	expect(about).toContain('This is not legal advice');
	for (const topic of ['Consent', 'Quiet hours', 'STOP']) {
		const section = sections.find((text) => text.startsWith(`${topic}\n`));
		expect([topic, section]).toEqual([topic, expect.stringMatching(/\]\(https?:/)]);
	}
	const rows = sections.flatMap((text) =>
		text.split('\n').filter((line) => /^\| (?!-|where |whom )/.test(line)),
	);
	expect(rows.length).toBeGreaterThan(6);
	expect(rows.filter((row) => !/^\|(?: [^|]*[^| ] +\|){3}$/.test(row))).toEqual([]);
});

test('what only an account can tell is said of every operation and trigger of EZ Texting', () => {
	const [, section] = textOf('docs/unconfirmed.md').split('\n## EZ Texting\n') as [string, string];
	const { operations } = pages.find(({ title }) => title === 'EZ Texting')!;
	expect(operations).toHaveLength(16);
	const all = [...operations, 'EZ Texting Trigger', 'EZ Texting Credit Trigger'];
	const isSaid = (name: string) => new RegExp(`^\\| _${name}_ +\\|.*\\bOpen: `, 'm').test(section);
	expect(all.filter((name) => !isSaid(name))).toEqual([]);
});
