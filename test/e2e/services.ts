import { execFileSync, spawn } from 'node:child_process';
import {
	chownSync,
	closeSync,
	mkdirSync,
	openSync,
	readFileSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { freePort } from './n8n';
import { Fatal, until } from './until';

/** A server of Debian's that a test started for itself, on loopback. */
export interface Service {
	port: number;
	stop(): Promise<void>;
}

/** Redis without any file. */
export async function startRedis(folder: string): Promise<Service> {
	const port = await freePort();
	const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
	return await startService('redis-server', ['--port', String(port), ...settings], folder, port, () =>
		execFileSync('redis-cli', ['-p', String(port), 'ping'], { stdio: 'pipe' }),
	);
}

/** A PostgreSQL cluster of its own. User `n8n` without a password, database `postgres`. */
export async function startPostgres(folder: string): Promise<Service> {
	const bin = postgresBin();
	const data = path.join(folder, 'data');
	mkdirSync(data, { mode: 0o700 });
	// PostgreSQL refuses to run as root, so there it runs as Debian's user for it.
	const isRoot = process.getuid?.() === 0;
	const asUser = (command: string, args: string[]): [string, string[]] =>
		isRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];
	if (isRoot) chownSync(data, idOf('-u'), idOf('-g'));

	const how = ['-A', 'trust', '-U', 'n8n', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
	execFileSync(...asUser(path.join(bin, 'initdb'), ['-D', data, ...how]), { cwd: '/', stdio: 'pipe' });
	const port = await freePort();
	const settings = [
		'listen_addresses=127.0.0.1',
		'unix_socket_directories=',
		'fsync=off',
		'max_connections=200',
	];
	const [command, args] = asUser(path.join(bin, 'postgres'), [
		'-D',
		data,
		'-p',
		String(port),
		...settings.flatMap((setting) => ['-c', setting]),
	]);
	return await startService(command, args, folder, port, () =>
		execFileSync(path.join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'pipe' }),
	);
}

/** Runs a statement in the database of `startPostgres`. @returns its rows, without names */
export function sql({ port }: Service, statement: string): string {
	const place = ['-h', '127.0.0.1', '-p', String(port), '-U', 'n8n', '-d', 'postgres'];
	return execFileSync(
		path.join(postgresBin(), 'psql'),
		[...place, '-At', '-v', 'ON_ERROR_STOP=1', '-c', statement],
		{
			encoding: 'utf8',
		},
	);
}

async function startService(
	command: string,
	args: string[],
	folder: string,
	port: number,
	ask: () => unknown,
): Promise<Service> {
	const logFile = path.join(folder, 'service.log');
	const log = openSync(logFile, 'w');
	const child = spawn(command, args, { cwd: '/', stdio: ['ignore', log, log], detached: true });
	closeSync(log);
	const pidFile = path.join(folder, 'service.pid');
	if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid));
	let ended = false;
	const exited = new Promise<void>((resolve) => {
		for (const event of ['exit', 'error'] as const)
			child.once(event, () => {
				ended = true;
				rmSync(pidFile, { force: true });
				resolve();
			});
	});

	async function stop(): Promise<void> {
		// Nothing of it is needed any more.
		if (!ended && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
		await exited;
	}
	try {
		await until(`${command} is ready`, () => {
			if (ended) throw new Fatal(`${command} ended while it started`);
			ask();
			return true;
		});
	} catch (error) {
		await stop();
		throw new Error(`${(error as Error).message}\n${readFileSync(logFile, 'utf8').slice(-3000)}`, {
			cause: error,
		});
	}
	return { port, stop };
}

/** Debian keeps them by version, out of the way. */
function postgresBin(): string {
	const home = '/usr/lib/postgresql';
	const newest = readdirSync(home)
		.map(Number)
		.sort((a, b) => b - a)
		.at(0);
	return path.join(home, String(newest), 'bin');
}

function idOf(what: '-u' | '-g'): number {
	return Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
}
