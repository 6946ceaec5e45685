import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** `npm start` where n8n is not installed yet, with an npm for it that takes its time and ends for no polite signal. */
const root = path.join(__dirname, '../..');
const npm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
let folder: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'start-test-'));
	const parts = [
		'package.json',
		'tsconfig.json',
		'scripts',
		'examples',
		'test/simulator',
		'test/e2e',
		'test/engine',
	];
	for (const part of [...parts, 'n8n/package-lock.json'])
		cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
	symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
	mkdirSync(path.join(folder, 'bin'));
	const slow = path.join(folder, 'bin/npm');
	writeFileSync(slow, `#!/bin/sh\ntrap '' INT TERM HUP\necho $$ > '${folder}/installing'\nsleep 60\n`);
	chmodSync(slow, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

function start(environment: Record<string, string>) {
	const child = spawn(npm, ['start'], {
		cwd: folder,
		env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, ...environment },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	// Closed when the last process that writes to them is gone.
	return { child, closed: once(child, 'close'), output: () => output };
}

function isThere(pid: number): boolean {
	const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
	return /^[^Z]/.test(stdout.trim());
}

test.each([
	['N8N_PORT', 'abc'],
	['N8N_PORT', '70000'],
	['SIMULATOR_PORT', ''],
	['SIMULATOR_PORT', '56.5'],
])('%s=%s is refused by its name', async (variable, value) => {
	const { child, closed, output } = start({ [variable]: value });
	await closed;
	expect(child.exitCode).toBe(1);
	expect(output()).toContain(`${variable} is “${value}”`);
});

test.each<Record<string, string>>([{ N8N_PORT: '5680' }, { N8N_PORT: '28431', SIMULATOR_PORT: '28431' }])(
	'one port for both is refused by both names, before anything is installed: %j',
	async (ports) => {
		const { child, closed, output } = start(ports);
		await closed;
		expect(child.exitCode).toBe(1);
		expect(output()).toContain(
			`N8N_PORT and SIMULATOR_PORT are both ${ports.N8N_PORT}. Set one of them to another port.`,
		);
		expect(existsSync(path.join(folder, 'installing'))).toBe(false);
	},
);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
	'%s to npm’s own process ends the first installation at once, and says so',
	async (signal) => {
		const mark = path.join(folder, 'installing');
		const { child, closed, output } = start({ N8N_PORT: '28431', SIMULATOR_PORT: '28432' });
		while (!existsSync(mark) || readFileSync(mark, 'utf8') === '') {
			if (child.exitCode !== null) throw new Error(output());
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		const installing = Number(readFileSync(mark, 'utf8'));
		expect(isThere(installing)).toBe(true);
		child.kill(signal);
		await closed;
		expect(output()).toMatch(/Ending\n[^]*broken off; the next start begins it anew/);
		expect(isThere(installing)).toBe(false);
	},
);
