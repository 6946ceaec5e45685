import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const text = readFileSync(path.join(root, 'docs/decisions.md'), 'utf8');

const esbuild = (args: string[], input = '') =>
	execFileSync(path.join(root, 'node_modules/esbuild/bin/esbuild'), ['--legal-comments=none', ...args], {
		cwd: root,
		input,
		maxBuffer: 64 * 1024 * 1024,
	}).length;

/** Bytes of a module with all that it needs, save what the build leaves out of `all.js`. */
function bundled(source: string): number {
	const outside = ['n8n-workflow', 'fast-xml-parser'].filter((name) => !source.endsWith(` '${name}'`));
	const externals = outside.map((name) => `--external:${name}`);
	return esbuild(['--bundle', '--platform=node', '--format=cjs', ...externals], source);
}

const library = (name: string) => bundled(`export * from '${name}'`);

/** Bytes of single files without their types. */
const written = (...files: string[]) => files.reduce((sum, file) => sum + esbuild([file, '--format=esm']), 0);

function allNodes(): number {
	const { n8n } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const entries = [...n8n.nodes, ...n8n.credentials].map((file) => file.replace(/^dist\/(.*)\.js$/, './$1'));
	return bundled(entries.map((entry) => `export * from '${entry}';`).join('\n'));
}

/** How many sources a package of one service has behind its links. */
function sourcesOf(folder: string): number {
	const links = ['nodes', 'credentials'].flatMap((part) =>
		readdirSync(path.join(root, folder, part)).map((name) => path.join(root, folder, part, name)),
	);
	const all = links.flatMap((link) =>
		link.endsWith('.ts') ? [link] : readdirSync(link, { recursive: true, encoding: 'utf8' }),
	);
	return all.filter((file) => file.endsWith('.ts')).length;
}

const parser = () => bundled("export { XMLParser, XMLValidator } from 'fast-xml-parser'");

const measured: Array<[words: string, measure: () => number]> = [
	['the package with all services has % kB of code', allNodes],
	['the XML parser % kB beside it', parser],
	['Pacing (% kB)', () => written('nodes/shared/http/rateLimiter.ts', 'nodes/ClubTexting/arrivals.ts')],
	['The card check (% kB)', () => written('nodes/shared/paymentCard.ts')],
	['credit-card-type (% kB)', () => library('credit-card-type')],
	['Letters that Club Texting takes (% kB)', () => written('nodes/ClubTexting/characters.ts')],
	['transliteration (% kB)', () => library('transliteration')],
	['Phone numbers (% kB)', () => written('nodes/shared/sms/phoneNumber.ts')],
	['libphonenumber-js (% kB,', () => library('libphonenumber-js')],
	['% kB with all metadata', () => library('libphonenumber-js/max')],
	['a table of % kB', () => written('nodes/shared/sms/areaCodes.ts')],
	['The sending window (% kB)', () => written('nodes/shared/values/dailyWindow.ts')],
	['luxon (% kB)', () => library('luxon')],
];

test.each(measured)('docs/decisions.md: %s', (words, measure) => {
	const pattern = words.replace(/[()]/g, '\\$&').replace('%', '(\\d+)');
	const [, told] = new RegExp(pattern).exec(text) ?? [];
	const kilobytes = measure() / 1000;
	// A sentence need not follow every line that is written.
	expect(Math.abs(Number(told) - kilobytes)).toBeLessThan(Math.max(1, kilobytes / 10));
});

test('docs/decisions.md: the XML parser beside all the rest, and how many sources a package lints', () => {
	expect(text).toContain('it is three tenths as long as [all the rest]');
	expect(parser() / allNodes()).toBeCloseTo(0.3, 1);
	const counts = readdirSync(path.join(root, 'packages')).map((name) => sourcesOf(`packages/${name}`));
	const [, least, most] = /it lints (\d+) to (\d+) sources a package/.exec(text)!;
	expect(Math.abs(Number(least) / Math.min(...counts) - 1)).toBeLessThan(0.1);
	expect(Math.abs(Number(most) / Math.max(...counts) - 1)).toBeLessThan(0.1);
});

test('no other size of code is told there', () => {
	const section = text.slice(text.indexOf('## Our own although there is a library'));
	expect(section.match(/\d+ kB/g)).toHaveLength(measured.length);
});
