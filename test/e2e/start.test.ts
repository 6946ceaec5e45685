import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

import { sources } from '../../scripts/packPackages';

import { newFolder } from './bed';
import { freePort } from './n8n';
import { Fatal, until } from './until';

/**
 * `npm start` in a copy of the project that shares what is installed and packed, so that nobody's own instance is
 * touched: while n8n and the simulator run, npm's own process is asked to end.
 */
const root = path.resolve(__dirname, '../..');
let folder: string;

beforeAll(() => {
	folder = newFolder('start');
	const packed = 'n8n/.n8n/package/packed.json';
	mkdirSync(path.join(folder, path.dirname(packed)), { recursive: true });
	// What finds its folder by its own place is copied.
	for (const part of ['scripts', 'examples', 'test/simulator', 'test/e2e', 'test/engine'])
		cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
	// With its time, which says that nothing has to be packed anew.
	cpSync(path.join(root, packed), path.join(folder, packed), { preserveTimestamps: true });
	const shared = [
		'node_modules',
		'n8n/package.json',
		'n8n/package-lock.json',
		'n8n/node_modules',
		...sources,
	];
	for (const part of shared) symlinkSync(path.join(root, part), path.join(folder, part));
});

interface Started {
	npm: ChildProcess;
	/** All that wrote to its output has ended. */
	closed: Promise<unknown>;
	output(): string;
}

async function start(ports: { N8N_PORT: number; SIMULATOR_PORT: number }): Promise<Started> {
	// What `npm run e2e` tells of itself is not for this one.
	const given = Object.entries(process.env).filter(
		([name]) => !/^npm_(package|lifecycle|config_local_prefix)/i.test(name),
	);
	const own = Object.entries(ports).map(([name, port]) => [name, String(port)]);
	const npm = spawn('npm', ['start'], {
		cwd: folder,
		env: Object.fromEntries([...given, ...own]) as NodeJS.ProcessEnv,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [npm.stdout, npm.stderr])
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const closed = once(npm, 'close');
	await until(
		'npm start is ready',
		() => {
			if (npm.exitCode !== null) throw new Fatal(output);
			return /ready after \d+ s/.test(output) || undefined;
		},
		{ timeout: 270_000 },
	);
	return { npm, closed, output: () => output };
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	const free = await new Promise<boolean>((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => resolve(true));
	});
	if (free) await new Promise((resolve) => server.close(resolve));
	return free;
}

/** Each process of n8n has a file while it runs. */
function processesOfN8n(): string[] {
	const state = path.join(folder, 'n8n/.n8n/start');
	return existsSync(state) ? readdirSync(state).filter((name) => name.endsWith('.pid')) : [];
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
	'%s to npm’s own process ends n8n and the simulator, and both ports are free again',
	async (signal) => {
		const ports = { N8N_PORT: await freePort(), SIMULATOR_PORT: await freePort() };
		const { npm, closed, output } = await start(ports);
		expect((await fetch(`http://127.0.0.1:${ports.N8N_PORT}/healthz`)).ok).toBe(true);
		expect(await isFree(ports.N8N_PORT)).toBe(false);
		expect(await isFree(ports.SIMULATOR_PORT)).toBe(false);
		expect(processesOfN8n()).toHaveLength(1);

		npm.kill(signal);
		await closed;
		expect(output()).toContain('Ending n8n and the simulator');
		expect(await isFree(ports.N8N_PORT)).toBe(true);
		expect(await isFree(ports.SIMULATOR_PORT)).toBe(true);
		expect(processesOfN8n()).toEqual([]);
	},
);
