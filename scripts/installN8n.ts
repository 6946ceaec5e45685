import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** An n8n that is installed and can be started. */
export interface InstalledN8n {
	version: string;
	/** The Node.js that runs it. */
	node: string;
	/** What that Node.js runs: n8n's command line. */
	cli: string;
	/** The `node_modules` that n8n came with. */
	modules: string;
}

interface Recipe {
	version: string;
	folder: string;
	/** Packages whose install scripts n8n can't do without. The others stay switched off. */
	rebuild: string[];
	node: string;
	/** Roughly what the first installation takes, for the progress lines. */
	gigabytes: number;
	minutes: number;
}

const root = path.resolve(__dirname, '../n8n');

const recipes: Record<'2.41.1' | '1.123.81', Recipe> = {
	'2.41.1': {
		version: '2.41.1',
		folder: root,
		rebuild: ['node', 'sqlite3'],
		node: path.join(root, 'node_modules/node/bin/node'),
		gigabytes: 2.8,
		minutes: 7,
	},
	'1.123.81': {
		version: '1.123.81',
		folder: path.join(root, '1.123'),
		rebuild: ['sqlite3'],
		node: process.execPath,
		gigabytes: 1.8,
		minutes: 6,
	},
};

const sqliteBinary = 'node_modules/sqlite3/build/Release/node_sqlite3.node';

/**
 * Installs n8n from its lock file unless that has been done, and says every few seconds how far it is.
 *
 * @param report takes one line of text
 * @param signal breaks it off; the next call begins anew
 * @throws when npm or the compiler fails, with the end of their output
 */
export async function installN8n(
	version: keyof typeof recipes,
	report: (line: string) => void,
	signal?: AbortSignal,
): Promise<InstalledN8n> {
	const recipe = recipes[version];
	const modules = path.join(recipe.folder, 'node_modules');
	const installed = { version, node: recipe.node, cli: path.join(modules, 'n8n/bin/n8n'), modules };

	// A file in the folder that npm fills: it goes when the folder goes, and it names the lock file it stands for.
	const mark = path.join(modules, '.installed');
	const wanted = createHash('sha256')
		.update(await readFile(path.join(recipe.folder, 'package-lock.json')))
		.update(`${process.platform} ${process.arch}`)
		.digest('hex');
	if (existsSync(mark) && (await readFile(mark, 'utf8')) === wanted) return installed;

	report(
		`n8n ${version} is not installed yet. That takes about ${recipe.minutes} minutes and ${recipe.gigabytes} GB, once.`,
	);
	const started = Date.now();
	await rm(mark, { force: true });
	await runNpm(recipe, ['ci'], 'unpacking', report, signal);
	// One after the other, where both are installed at once: the second takes over what the first has compiled.
	const built = building.then(async () => await build(recipe, report, signal));
	building = built.catch(() => undefined);
	await built;
	await writeFile(mark, wanted);
	report(`n8n ${version} installed in ${seconds(started)} s`);
	return installed;
}

let building: Promise<unknown> = Promise.resolve();

async function build(recipe: Recipe, report: (line: string) => void, signal?: AbortSignal): Promise<void> {
	const others = Object.values(recipes).filter((other) => other !== recipe);
	const rebuild = (await reuseSqlite(recipe, others))
		? recipe.rebuild.filter((name) => name !== 'sqlite3')
		: recipe.rebuild;
	for (const name of rebuild)
		await runNpm(
			recipe,
			['rebuild', name, '--ignore-scripts=false', '--foreground-scripts'],
			`building ${name}`,
			report,
			signal,
		);
}

/**
 * sqlite3 speaks Node-API, so one compiled binary serves every Node.js version: where another n8n folder has
 * it for the same release, two minutes of compiling are saved.
 */
async function reuseSqlite(recipe: Recipe, others: Recipe[]): Promise<boolean> {
	const release = async (folder: string) =>
		readFile(path.join(folder, 'node_modules/sqlite3/package.json'), 'utf8');
	for (const other of others) {
		const source = path.join(other.folder, sqliteBinary);
		if (!existsSync(source) || (await release(other.folder)) !== (await release(recipe.folder))) continue;
		const target = path.join(recipe.folder, sqliteBinary);
		await mkdir(path.dirname(target), { recursive: true });
		await copyFile(source, target);
		return true;
	}
	return false;
}

async function runNpm(
	recipe: Recipe,
	args: string[],
	doing: string,
	report: (line: string) => void,
	signal?: AbortSignal,
): Promise<void> {
	const logFile = path.join(recipe.folder, 'npm-install.log');
	const log = createWriteStream(logFile, { flags: args[0] === 'ci' ? 'w' : 'a' });
	const started = Date.now();
	const freeAtStart = await freeBytes(recipe.folder);
	const npm = spawn('npm', args, {
		cwd: recipe.folder,
		env: { ...withoutNpmSettings(process.env), ...compilerSettings() },
		stdio: ['ignore', 'pipe', 'pipe'],
		// In a process group of its own, which is killed as one: asked to end, npm tidies up for minutes.
		detached: signal !== undefined,
	});
	const kill = () => {
		if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
	};
	signal?.addEventListener('abort', kill);
	npm.stdout.pipe(log, { end: false });
	npm.stderr.pipe(log, { end: false });
	const progress = setInterval(() => {
		void freeBytes(recipe.folder).then((free) => {
			const gigabytes = Math.max(0, freeAtStart - free) / 1e9;
			const size = args[0] === 'ci' ? `, ${gigabytes.toFixed(1)} of ${recipe.gigabytes} GB` : '';
			report(`n8n ${recipe.version}: ${doing}, ${seconds(started)} s${size}`);
		});
	}, 5000);
	const exitCode = await new Promise<number | null>((resolve, reject) => {
		npm.once('error', reject);
		npm.once('close', resolve);
	}).finally(() => {
		clearInterval(progress);
		signal?.removeEventListener('abort', kill);
	});
	await new Promise<void>((resolve) => log.end(resolve));
	if (signal?.aborted) {
		report(`n8n ${recipe.version}: the installation was broken off; the next start begins it anew`);
		signal.throwIfAborted();
	}
	if (exitCode === 0) return;
	const tail = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-25).join('\n');
	throw new Error(`npm ${args.join(' ')} in ${recipe.folder} ended with ${exitCode}:\n${tail}`);
}

/** `npm start` hands its settings on as variables. n8n's folder has its own; only the way to the registry stays. */
function withoutNpmSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(env).filter(
			([name]) =>
				!/^npm_(config|package|lifecycle)_/i.test(name) ||
				/^npm_config_(cache|registry|cafile|.*proxy|userconfig|globalconfig)$/i.test(name),
		),
	);
}

/**
 * node-gyp downloads Node.js's C headers unless it is told of a folder that has them. Node.js's own archives
 * and images bring them beside the binary, Debian's libnode-dev and NodeSource's package in `/usr`.
 */
function compilerSettings(): NodeJS.ProcessEnv {
	const prefixes = [path.resolve(process.execPath, '../..'), '/usr'];
	const prefix = prefixes.find((candidate) => existsSync(path.join(candidate, 'include/node/common.gypi')));
	return { JOBS: 'max', ...(prefix === undefined ? {} : { npm_config_nodedir: prefix }) };
}

async function freeBytes(folder: string): Promise<number> {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
}

function seconds(since: number): number {
	return Math.round((Date.now() - since) / 1000);
}
