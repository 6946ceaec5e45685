import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

import type { InstalledN8n } from '../../scripts/installN8n';

import { Fatal, until } from './until';

/** A folder with one n8n's state, the packages installed in it, and what runs there. */
export interface N8n {
	version: string;
	folder: string;
	/** Runs one of n8n's own commands, such as `['import:workflow', '--input=…']`, and gives what it printed. */
	command(args: string[], options?: { mayFail?: boolean }): Promise<string>;
	/** Stores credentials as given; n8n encrypts them. */
	importCredentials(credentials: CredentialFile[]): Promise<void>;
	importWorkflows(workflows: object[]): Promise<void>;
	/** Starts n8n and waits until it answers. */
	start(options?: StartOptions): Promise<RunningN8n>;
}

export interface CredentialFile {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface StartOptions {
	role?: 'main' | 'webhook' | 'worker';
	/** 0, the default, takes any free port. */
	port?: number;
	environment?: Record<string, string>;
	/** How long the start may take, in milliseconds. */
	timeout?: number;
}

export interface RunningN8n {
	/** Such as `http://127.0.0.1:5678`; a worker answers there about its health only. */
	url: string;
	pid: number;
	/** Fulfilled with the exit code, or null after a signal. */
	exited: Promise<number | null>;
	logFile: string;
	log(): string;
	/** Asks n8n to end, waits for it, and ends by force what does not. */
	stop(): Promise<void>;
	/** `kill -9` of n8n and all its child processes. */
	kill(): Promise<void>;
	/** Sends a signal to n8n and its child processes, such as `SIGSTOP`. */
	signal(signal: NodeJS.Signals): void;
}

export interface N8nOptions {
	installed: InstalledN8n;
	/** Where n8n keeps its state. */
	folder: string;
	/** The packed packages to install as community packages. */
	tarballs?: string[];
	environment?: Record<string, string>;
	/** Breaks off a command or a start. */
	signal?: AbortSignal;
}

/** Nothing is asked for, nothing is looked up outside, nobody but this machine is listened to. */
function quietEnvironment(installed: InstalledN8n, folder: string): Record<string, string> {
	return {
		PATH: [path.dirname(installed.node), path.join(installed.modules, '.bin'), process.env.PATH].join(
			path.delimiter,
		),
		HOME: folder,
		LANG: 'C.UTF-8',
		N8N_USER_FOLDER: folder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		N8N_ENCRYPTION_KEY: 'a key of a throw-away instance',
		N8N_SECURE_COOKIE: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
		GENERIC_TIMEZONE: 'UTC',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		...(installed.version.startsWith('1.')
			? // On Node.js 20 it has no other way to evaluate expressions.
				{ N8N_EXPRESSION_ENGINE: 'legacy' }
			: { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub,mcp' }),
	};
}

/** Makes the folder ready: the packages installed as n8n installs community packages, and no server yet. */
export async function openN8n(options: N8nOptions): Promise<N8n> {
	const { installed, folder } = options;
	const environment = { ...quietEnvironment(installed, folder), ...options.environment };
	await mkdir(path.join(folder, '.n8n'), { recursive: true });
	if (options.tarballs !== undefined) await installPackages(folder, options.tarballs);

	let started = 0;
	async function launch(
		args: string[],
		extra: Record<string, string>,
	): Promise<{ child: ChildProcess; exited: Promise<number | null>; logFile: string; release(): void }> {
		const logFile = path.join(
			folder,
			`${String(++started).padStart(2, '0')}-${args[0]?.replace(':', '-')}.log`,
		);
		const log = openSync(logFile, 'w');
		// In a process group of its own, so that its task runner ends with it.
		const child = spawn(installed.node, [installed.cli, ...args], {
			cwd: folder,
			env: { ...environment, N8N_RUNNERS_BROKER_PORT: String(await freePort()), ...extra },
			stdio: ['ignore', log, log],
			detached: true,
		});
		closeSync(log);
		// For whoever has to clear up after a test run that was cut off.
		const pidFile = `${logFile}.pid`;
		if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid));
		const kill = () => signalGroup(child, 'SIGKILL');
		options.signal?.addEventListener('abort', kill);
		const release = () => options.signal?.removeEventListener('abort', kill);
		const exited = new Promise<number | null>((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', (code) => {
				release();
				rmSync(pidFile, { force: true });
				resolve(code);
			});
		});
		return { child, exited, logFile, release };
	}

	async function command(args: string[], { mayFail = false } = {}): Promise<string> {
		const { exited, logFile } = await launch(args, {});
		const code = await exited;
		const output = readFileSync(logFile, 'utf8');
		if (code !== 0 && !mayFail) throw new Error(`n8n ${args.join(' ')} ended with ${code}\n${tail(logFile)}`);
		return output;
	}

	async function importFile(what: 'credentials' | 'workflow', content: object[]): Promise<void> {
		const file = path.join(folder, `import-${what}.json`);
		await writeFile(file, JSON.stringify(content));
		await command([`import:${what}`, `--input=${file}`]);
		rmSync(file);
	}

	return {
		version: installed.version,
		folder,
		command,
		importCredentials: (credentials) => importFile('credentials', credentials),
		importWorkflows: (workflows) => importFile('workflow', workflows),

		async start({ role = 'main', port = 0, environment: extra = {}, timeout = 120_000 } = {}) {
			const chosen = port === 0 ? await freePort() : port;
			const url = `http://127.0.0.1:${chosen}`;
			const commands = { main: ['start'], webhook: ['webhook'], worker: ['worker', '--concurrency=2'] };
			const portName = role === 'worker' ? 'QUEUE_HEALTH_CHECK_PORT' : 'N8N_PORT';
			const { child, exited, logFile, release } = await launch(commands[role], {
				[portName]: String(chosen),
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				...extra,
			});

			const signal = (name: NodeJS.Signals) => signalGroup(child, name);
			const running: RunningN8n = {
				url,
				pid: child.pid ?? 0,
				exited,
				logFile,
				log: () => readFileSync(logFile, 'utf8'),
				signal,
				async kill() {
					signal('SIGKILL');
					await exited;
				},
				async stop() {
					signal('SIGTERM');
					const force = setTimeout(() => signal('SIGKILL'), 20_000);
					await exited;
					clearTimeout(force);
					// Whatever n8n started and left behind.
					signal('SIGKILL');
				},
			};

			let ended: number | null | undefined;
			exited.then(
				(code) => (ended = code),
				() => (ended = null),
			);
			// The first of a main's two answers can come before its REST routes exist.
			const signs = {
				main: ['/healthz/readiness', '/rest/settings'],
				webhook: ['/healthz'],
				worker: ['/healthz/readiness'],
			};
			try {
				await until(
					`n8n ${role} is ready`,
					async () => {
						if (ended !== undefined) throw new Fatal(`n8n ended with ${ended} while it started`);
						const answers = await Promise.all(signs[role].map((sign) => fetch(url + sign)));
						return answers.every((answer) => answer.ok) || undefined;
					},
					{ timeout },
				);
			} catch (error) {
				await running.kill();
				throw new Error(`${(error as Error).message}\n${tail(logFile)}`, { cause: error });
			}
			release();
			return running;
		},
	};
}

/**
 * As n8n's own installer lays community packages out: below `nodes`, with a package.json of its own (npm would
 * otherwise install into the nearest project above) and without the peer, which n8n brings.
 */
async function installPackages(folder: string, tarballs: string[]): Promise<void> {
	const nodes = path.join(folder, '.n8n/nodes');
	// npm would keep what is there of the same version.
	await rm(nodes, { recursive: true, force: true });
	await mkdir(nodes, { recursive: true });
	await writeFile(path.join(nodes, 'package.json'), '{"name":"installed-nodes","private":true}\n');
	const args = [
		'install',
		...tarballs,
		'--ignore-scripts',
		'--legacy-peer-deps',
		'--no-audit',
		'--no-fund',
		'--no-package-lock',
	];
	const npm = spawn('npm', args, { cwd: nodes, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [npm.stdout, npm.stderr])
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		npm.once('error', reject);
		npm.once('close', resolve);
	});
	if (code !== 0) throw new Error(`npm ${args.join(' ')} in ${nodes} ended with ${code}\n${output}`);
}

/** Signals a process and everything that it started. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	try {
		if (child.pid !== undefined) process.kill(-child.pid, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

const given = new Set<number>();

/**
 * A port that nobody listens on. n8n takes seconds until it does, so it is one from below the range in which the
 * system finds ports for outgoing connections, and of two files that run at once one takes odd ports, one even ones.
 */
export async function freePort(): Promise<number> {
	const share = Number(process.env.JEST_WORKER_ID ?? 0) % 2;
	for (;;) {
		const port = 2 * randomInt(5_000, 15_000) + share;
		if (given.has(port)) continue;
		const server = createServer();
		const free = await new Promise<boolean>((resolve) => {
			server.once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => resolve(true));
		});
		if (!free) continue;
		await new Promise((resolve) => server.close(resolve));
		given.add(port);
		return port;
	}
}

function tail(logFile: string): string {
	const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
	return [`The end of ${logFile}:`, ...lines.slice(-30)].join('\n');
}
