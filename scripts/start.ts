import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

import { prepareBooks } from '../examples/demo/plays';
import { packageName } from '../test/e2e/bed';
import { readExamples, simulatorCredentials } from '../test/e2e/examples';
import { type RunningN8n, openN8n } from '../test/e2e/n8n';
import { type Owner, RestError, logIn, setUpOwner } from '../test/e2e/rest';
import { startSimulator } from '../test/simulator';

import { installN8n } from './installN8n';
import { packedPackages } from './packPackages';
import { untilWatched, watchPackage } from './watchPackage';

const root = path.resolve(__dirname, '..');
/** All state of this instance. Delete the folder to begin anew. */
const folder = path.join(root, 'n8n/.n8n/start');
/** Where n8n installs it. */
const installedPackage = path.join(folder, '.n8n/nodes/node_modules', packageName);
const watching = process.argv.includes('--watch');
const memoryFile = path.join(folder, 'start.json');

/** What one start leaves for the next. */
interface Memory {
	owner: Owner;
	/** The tarball that is installed; none where the sources were watched last. */
	packageHash?: string;
	/** The credentials and workflows that were imported. */
	importHash?: string;
}

/**
 * `npm start`: n8n with this package in it and the providers played by the simulator, on this machine
 * alone, until Ctrl-C. `N8N_PORT` and `SIMULATOR_PORT` choose other ports than 5678 and 5680. `npm run dev` is the
 * same with `--watch`: the package is built anew, and n8n reloads its nodes, whenever a source changes.
 */
async function main(): Promise<void> {
	const ending = endingOnSignals();
	const started: Array<() => Promise<void>> = [];
	try {
		const n8n = await bringUp(started, ending);
		const exitCode = await Promise.race([n8n.exited, aborted(ending)]);
		if (!ending.aborted) throw new Error(`n8n ended with ${exitCode}\n${n8n.log().slice(-3000)}`);
	} catch (error) {
		if (!ending.aborted) throw error;
	} finally {
		if (started.length > 0) console.log('Ending n8n and the simulator');
		for (const end of started.reverse()) await end();
	}
}

/**
 * Aborted by a signal, and when npm, which started this, is gone: it hands on SIGINT and SIGTERM, but no hang-up and no
 * kill. `exec` in package.json sees to it that npm itself is the parent.
 */
function endingOnSignals(): AbortSignal {
	const ending = new AbortController();
	const end = () => {
		if (!ending.signal.aborted) console.log('\nEnding');
		ending.abort();
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) end();
	}, 500).unref();
	return ending.signal;
}

/** @param started gets what has to be ended, as soon as it runs */
async function bringUp(started: Array<() => Promise<void>>, signal: AbortSignal): Promise<RunningN8n> {
	const port = portOf('N8N_PORT', 5678);
	const simulatorPort = portOf('SIMULATOR_PORT', 5680);
	if (port === simulatorPort)
		throw new Error(`N8N_PORT and SIMULATOR_PORT are both ${port}. Set one of them to another port.`);
	await checkFree(port, 'N8N_PORT');
	await checkFree(simulatorPort, 'SIMULATOR_PORT');

	const beginning = Date.now();
	const installed = await installN8n('2.41.1', say, signal);
	signal.throwIfAborted();

	const memory = await recall();
	const packed = watching ? undefined : (await packedPackages(say))[0];
	const isNew = packed !== undefined && packed.hash !== memory.packageHash;
	const n8n = await openN8n({
		installed,
		folder,
		...(isNew ? { tarballs: [packed.tarball] } : {}),
		signal,
	});
	memory.packageHash = packed?.hash;
	await remember(memory);
	if (watching) started.push(await watchPackage(root, installedPackage, say));

	const simulator = await startSimulator({ port: simulatorPort, keepsLogIns: true });
	started.push(() => simulator.close());

	prepareBooks(simulator);
	const credentialsByType = simulatorCredentials(simulator);
	const credentials = Object.values(credentialsByType);
	const examples = await readExamples(credentialsByType);
	const importHash = createHash('sha256')
		.update(JSON.stringify([credentials, examples]))
		.digest('hex');
	if (memory.importHash !== importHash) {
		say(`Importing ${credentials.length} credentials and ${examples.length} workflows`);
		await n8n.importCredentials(credentials);
		await n8n.importWorkflows(examples);
		await remember({ ...memory, importHash });
	}

	say('Starting n8n');
	const running = await n8n.start({ port, ...(watching ? { environment: { N8N_DEV_RELOAD: 'true' } } : {}) });
	started.push(() => running.stop());
	if (watching) await untilWatched(running, installedPackage);
	signal.throwIfAborted();
	await signIn(running.url, memory.owner);

	const took = Math.round((Date.now() - beginning) / 1000);
	console.log(`
n8n ${n8n.version} with ${packageName}, ready after ${took} s

  Address    ${running.url}
  E-mail     ${memory.owner.email}
  Password   ${memory.owner.password}

  Workflows  ${examples.map(({ name }) => name).join('\n             ')}
  Providers  played by the simulator, ${simulator.url} tells how to read its books
  n8n's log  ${path.relative(process.cwd(), running.logFile)}
  Afresh     delete ${path.relative(process.cwd(), folder)}

${watching ? 'A source that you save is in n8n a second later; reload the page to see it.\n' : ''}Ctrl-C ends n8n and the simulator.`);
	return running;
}

function portOf(variable: 'N8N_PORT' | 'SIMULATOR_PORT', otherwise: number): number {
	const text = process.env[variable] ?? String(otherwise);
	const port = Number(text);
	if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
	throw new Error(`${variable} is “${text}”. Set it to a port, a whole number from 1 to 65535.`);
}

async function checkFree(port: number, variable: string): Promise<void> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	}).catch((error: NodeJS.ErrnoException) => {
		const trouble = { EADDRINUSE: 'is in use', EACCES: 'is privileged' }[error.code ?? ''];
		if (trouble === undefined) throw error;
		throw new Error(`Port ${port} ${trouble}. Set ${variable} to choose another one.`);
	});
	await new Promise((resolve) => server.close(resolve));
}

async function recall(): Promise<Memory> {
	if (existsSync(memoryFile)) return JSON.parse(await readFile(memoryFile, 'utf8')) as Memory;
	const password = `Throw-away-${randomBytes(6).toString('base64url')}1`;
	return { owner: { email: 'owner@example.com', password } };
}

async function remember(memory: Memory): Promise<void> {
	await mkdir(folder, { recursive: true });
	await writeFile(memoryFile, JSON.stringify(memory, null, '\t'));
}

/** Makes the owner at the first start; at a later one sees whether the log-in that will be printed still holds. */
async function signIn(url: string, owner: Owner): Promise<void> {
	try {
		await setUpOwner(url, owner);
	} catch (error) {
		if (!(error instanceof RestError) || error.status !== 400) throw error;
		await logIn(url, owner).catch(() => say('The log-in was changed by hand; the one below no longer holds'));
	}
}

async function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return;
	await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function say(line: string): void {
	console.log(line);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
