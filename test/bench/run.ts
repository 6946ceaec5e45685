import { build } from 'esbuild';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { installN8n, type InstalledN8n } from '../../scripts/installN8n';
import { packedPackages } from '../../scripts/packPackages';
import type { Order } from './client';
import type { Cold } from './cold';
import { spread } from './measure';
import type { Stalls } from './patterns';
import { plot } from './plot';
import { table, type Findings } from './table';
import type { Addresses, Counted } from './work';

const root = path.resolve(__dirname, '../..');

/** What was found, as it was found; the table and the plot are made from it. */
const findingsFile = path.join(root, 'docs/bench/bench.json');

/**
 * `npm run bench`: installs what is missing, packs the package, and measures it beside n8n's HTTP Request node on n8n's
 * own engine and Node.js. Takes about an hour and writes `docs/bench/`. A part that is named (`npm run bench -- memory`)
 * is measured anew and takes its place among the others. A smaller try goes to the screen alone: `-- --quick` for all
 * rows in less than five minutes, or `-- --scale 0.02 --turns 2 messages readings`.
 */
async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			scale: { type: 'string', default: '1' },
			turns: { type: 'string', default: '5' },
			quick: { type: 'boolean', default: false },
		},
	});
	if (values.quick) Object.assign(values, { scale: '0.05', turns: '1' });
	const n8n = await installN8n('2.41.1', console.log);
	const [{ tarball }] = await packedPackages(console.log);
	const folder = await mkdtemp(path.join(os.tmpdir(), 'messaging-credits-bench-'));
	try {
		await prepare(folder, n8n, tarball);
		const simulator = fork(path.join(folder, 'simulator.js'), plain(n8n));
		const awake = keepAwake();
		try {
			const [to] = (await once(simulator, 'message')) as [Addresses];
			const tools = { to, scale: Number(values.scale), turns: Number(values.turns) };
			const found = await measure({ folder, n8n, simulator, tools, wanted: new Set(positionals) });
			const on = await machine(n8n);
			const when = `${on.date}, ${tools.turns} ${tools.turns === 1 ? 'turn' : 'turns'}, ${on.processor}`;
			const measured = Object.fromEntries(Object.keys(found).map((name) => [name, when]));
			const findings = { ...found, measured, tarball: (await stat(tarball)).size, machine: on };
			if (tools.scale === 1) await write(findings);
			else console.log(isComplete(findings) ? table(findings) : JSON.stringify(findings, null, 1));
		} finally {
			if (simulator.connected) simulator.send('end');
			for (const process of awake) process.kill();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Makes the folder a place beside n8n's packages: what runs there finds n8n's own, as its community packages do. */
async function prepare(folder: string, n8n: InstalledN8n, tarball: string): Promise<void> {
	await symlink(n8n.modules, path.join(folder, 'node_modules'));
	await mkdir(path.join(folder, 'package'));
	const tar = spawn('tar', ['-xzf', tarball, '--strip-components=1', '-C', path.join(folder, 'package')]);
	const [code] = (await once(tar, 'close')) as [number | null];
	if (code !== 0) throw new Error(`tar ended with ${code}`);
	const bundle = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' } as const;
	// The engine of the tests, with every package of n8n's left to n8n's own folder.
	for (const name of ['client', 'cold'])
		await build({
			...bundle,
			entryPoints: [path.join(__dirname, `${name}.ts`)],
			outfile: path.join(folder, `${name}.js`),
			packages: 'external',
		});
	await build({
		...bundle,
		entryPoints: [path.join(__dirname, 'simulator.ts')],
		outfile: path.join(folder, 'simulator.js'),
	});
}

interface Surroundings {
	folder: string;
	n8n: InstalledN8n;
	simulator: ChildProcess;
	tools: Order['tools'];
	/** Parts to measure; all where empty. */
	wanted: Set<string>;
}

const parts = [
	'campaign',
	'messages',
	'isolated',
	'readings',
	'planning',
	'growth',
	'growthOfOneText',
	'memory',
	'loading',
	'profile',
	'marks',
	'paced',
	'lists',
	'linear',
	'repeated',
	'stalls',
	'documents',
] as const;

async function measure(around: Surroundings): Promise<Partial<Findings>> {
	const { tools, wanted } = around;
	const found: Record<string, unknown> = {};
	const part = async (name: (typeof parts)[number], work: () => Promise<unknown>): Promise<void> => {
		if (wanted.size > 0 && !wanted.has(name)) return;
		console.log(name);
		found[name] = await work();
	};
	const task = async (name: Order['task'], given?: unknown) => runTask(around, { task: name, tools, given });

	await part('campaign', async () => task('campaign'));
	await part('messages', async () =>
		task('messages', {
			evaluator: 'legacy',
			rivals: ['theirs', 'single', 'least', 'connecting', 'kept', 'stopping'],
		}),
	);
	await part('isolated', async () => task('messages', { evaluator: 'vm', rivals: ['theirs', 'least'] }));
	await part('readings', async () => task('readings'));
	await part('planning', async () => task('planning'));
	await part('growth', async () => task('growth', 'messages'));
	await part('growthOfOneText', async () => task('growth', 'campaign'));
	await part('memory', async () => {
		const pairs = [];
		for (let turn = 0; turn < tools.turns; turn++)
			pairs.push({ ours: await task('memory', 'ours'), theirs: await task('memory', 'theirs') });
		return pairs;
	});
	await part('loading', async () => loading(around));
	await part('profile', async () => task('profile'));
	for (const name of ['marks', 'paced', 'lists', 'linear', 'repeated', 'documents'] as const)
		await part(name, async () => task(name));
	await part('stalls', stalls);
	return found;
}

/** Tries every pattern of the sources, in a process of its own. */
async function stalls(): Promise<Stalls> {
	const child = fork(path.join(__dirname, 'patterns.ts'));
	const [found] = (await once(child, 'message')) as [Stalls];
	return found;
}

/** Runs one task in a process of its own, on n8n's Node.js. */
async function runTask({ folder, n8n, simulator }: Surroundings, order: Order): Promise<unknown> {
	const client = fork(path.join(folder, 'client.js'), [JSON.stringify(order)], {
		execPath: n8n.node,
		execArgv: ['--expose-gc'],
		env: { ...process.env, DB_SQLITE_DATABASE: path.join(folder, 'marks.sqlite') },
	});
	let answer: unknown;
	client.on('message', (message: 'count' | { line: string } | { answer: unknown }) => {
		if (message === 'count') {
			simulator.once('message', (counted: Counted) => client.send(counted));
			simulator.send('count');
		} else if ('line' in message) console.log(`  ${message.line}`);
		else answer = message.answer;
	});
	const [code] = (await once(client, 'exit')) as [number | null];
	if (code !== 0 || answer === undefined) throw new Error(`${order.task} ended with ${code}`);
	return answer;
}

/** Keeps the cores from sleeping, in what time nobody else wants. */
function keepAwake(): ChildProcess[] {
	return os.cpus().map(() => {
		// It ends with this process, however that ends.
		const child = spawn(process.execPath, [
			'-e',
			'const parent = process.ppid; while (process.ppid === parent);',
		]);
		os.setPriority(child.pid!, os.constants.priority.PRIORITY_LOW);
		return child;
	});
}

/** n8n's Node.js without what this process was started with, which loads TypeScript. */
function plain(n8n: InstalledN8n) {
	return { execPath: n8n.node, execArgv: [] };
}

/** Loads the packed nodes and credentials in one fresh process after another. */
async function loading({ folder, n8n, tools }: Surroundings): Promise<Findings['loading']> {
	const unpacked = path.join(folder, 'package');
	const { n8n: listed } = JSON.parse(await readFile(path.join(unpacked, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const files = [...listed.credentials, ...listed.nodes].map((file) => path.join(unpacked, file));
	const colds: Cold[] = [];
	for (let turn = 0; turn <= tools.turns * 5; turn++) {
		const child = fork(path.join(folder, 'cold.js'), files, plain(n8n));
		const [cold] = (await once(child, 'message')) as [Cold];
		if (turn > 0) colds.push(cold);
	}
	return {
		processes: colds.length,
		files: colds[0]!.files,
		required: spread(colds.map(({ required }) => required)),
		instantiated: spread(colds.map(({ instantiated }) => instantiated)),
	};
}

async function machine(n8n: InstalledN8n): Promise<Findings['machine']> {
	const version = async (name: string) =>
		(JSON.parse(await readFile(path.join(n8n.modules, name, 'package.json'), 'utf8')) as { version: string })
			.version;
	return {
		cores: os.cpus().length,
		processor: os.cpus()[0]!.model.trim(),
		system: `${os.type()} ${os.release().split('.', 2).join('.')}, ${os.arch()}`,
		gigabytes: Math.round(os.totalmem() / 2 ** 30),
		node: await version('node'),
		n8n: n8n.version,
		core: await version('n8n-core'),
		base: await version('n8n-nodes-base'),
		date: new Date().toISOString().slice(0, 10),
	};
}

const missing = (found: object) => parts.filter((name) => !(name in found));
const isComplete = (found: Partial<Findings>): found is Findings => missing(found).length === 0;

/** Adds to the findings, and draws them as soon as they are complete. */
async function write(found: Partial<Findings>): Promise<void> {
	await mkdir(path.dirname(findingsFile), { recursive: true });
	const known = existsSync(findingsFile)
		? (JSON.parse(await readFile(findingsFile, 'utf8')) as Partial<Findings>)
		: {};
	const findings = { ...known, ...found, measured: { ...known.measured, ...found.measured } };
	await writeFile(findingsFile, `${JSON.stringify(findings, null, '\t')}\n`);
	if (!isComplete(findings)) return console.log(`Still to be measured: ${missing(findings).join(', ')}`);
	await writeFile(path.join(root, 'docs/bench/bench.md'), table(findings));
	await writeFile(path.join(root, 'docs/bench/bench.svg'), plot(findings));
	console.log('Written to docs/bench');
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
