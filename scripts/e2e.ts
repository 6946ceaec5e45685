import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { installN8n } from './installN8n';
import { packedPackages } from './packPackages';

const root = path.resolve(__dirname, '..');

/**
 * `npm run e2e`: installs what is missing, packs the packages and runs the tests of `test/e2e` in a throw-away
 * folder, which stays when one of them fails. Arguments go to jest: `npm run e2e -- operations`.
 * `npm run e2e -- --install` installs, and no more.
 */
async function main(): Promise<void> {
	const ending = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
	await install(ending.signal);
	if (process.argv[2] === '--install') return;
	const packed = await packedPackages(console.log);
	const tarballs = packed.map(({ tarball }) => tarball).join(path.delimiter);

	const folder = await mkdtemp(path.join(tmpdir(), 'messaging-credits-e2e-'));
	// PostgreSQL runs as another user and has to get through.
	await chmod(folder, 0o711);
	const environment = { ...process.env, E2E_FOLDER: folder, E2E_TARBALLS: tarballs };
	let passed = 0;
	let failed = 0;
	for (const alone of [false, true]) {
		const results = path.join(folder, `results-${alone ? 'alone' : 'together'}.json`);
		const succeeded = await runJest(results, { ...environment, E2E_ALONE: String(alone) }, ending.signal);
		await endLeftovers(folder);
		const totals = await readTotals(results);
		passed += totals.passed;
		failed += succeeded ? totals.failed : Math.max(totals.failed, 1);
		if (ending.signal.aborted) break;
	}

	// Names that no test has are a mistake.
	if (passed + failed === 0) failed = 1;
	if (failed === 0) await rm(folder, { recursive: true, force: true });
	else console.error(`The folders and logs of the failed run are in ${folder}`);
	process.exitCode = failed === 0 ? 0 : 1;
	console.log(`\n${passed} passed, ${failed} failed`);
}

/** Both at once, since an installation mostly waits: for the registry, and for the disk. */
async function install(signal: AbortSignal): Promise<void> {
	// Both fill one disk: what each says of its size is of both.
	const report = (line: string) => console.log(line.replace(/, [\d.]+ of [\d.]+ GB$/, ''));
	const versions = ['2.41.1', '1.123.81'] as const;
	await Promise.all(versions.map(async (version) => await installN8n(version, report, signal)));
}

/** Runs the half of the tests that `environment` names. @returns whether jest says that all went well */
async function runJest(
	results: string,
	environment: NodeJS.ProcessEnv,
	signal: AbortSignal,
): Promise<boolean> {
	const settings = ['-c', path.join(root, 'test/e2e/jest.config.js'), '--json', `--outputFile=${results}`];
	const jest = spawn(
		process.execPath,
		[require.resolve('jest/bin/jest'), ...settings, ...process.argv.slice(2)],
		{ cwd: root, env: environment, stdio: 'inherit' },
	);
	signal.addEventListener('abort', () => jest.kill());
	return await new Promise<boolean>((resolve, reject) => {
		jest.once('error', reject);
		jest.once('close', (exitCode) => resolve(exitCode === 0));
	});
}

/** What jest counted. A file that could not be run counts as one failed test, and so does a run that broke off. */
async function readTotals(results: string): Promise<{ passed: number; failed: number }> {
	if (!existsSync(results)) return { passed: 0, failed: 1 };
	const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
		await readFile(results, 'utf8'),
	) as Record<'numPassedTests' | 'numFailedTests' | 'numRuntimeErrorTestSuites', number>;
	return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

/** Ends the processes whose test could not, by the files that name them. */
async function endLeftovers(folder: string): Promise<void> {
	// Those of n8n's logs and of the services; PostgreSQL writes another one of its own.
	const isOurs = (file: string) => /(\.log|service)\.pid$/.test(file);
	const files = (await readdir(folder, { recursive: true })).filter(isOurs);
	for (const file of files) {
		const pid = Number(await readFile(path.join(folder, file), 'utf8'));
		try {
			process.kill(-pid, 'SIGKILL');
			console.error(`Ended process ${pid}, left over by ${path.dirname(file)}`);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
