import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

import type { RunningN8n } from '../test/e2e/n8n';
import { until } from '../test/e2e/until';

/**
 * Builds the package with all services, and builds it anew with each change of a source, without a type check.
 *
 * @param project holds the sources
 * @param into becomes a package as n8n installs it, a real folder: n8n looks for changes behind no link
 * @param report takes one line of text
 * @returns ends it, once the first build is done
 */
export async function watchPackage(
	project: string,
	into: string,
	report: (line: string) => void,
): Promise<() => Promise<void>> {
	await rm(into, { recursive: true, force: true });
	await mkdir(into, { recursive: true });
	await copyFile(path.join(project, 'package.json'), path.join(into, 'package.json'));
	const command = path.join(path.dirname(require.resolve('gulp')), 'bin/gulp.js');
	const gulp = spawn(process.execPath, [command, 'watch', '--silent'], {
		cwd: project,
		env: { ...process.env, WATCH_INTO: into },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const exited = new Promise<number | null>((resolve, reject) => {
		gulp.once('error', reject);
		gulp.once('exit', resolve);
	});
	const lines = createInterface(gulp.stdout).on('line', report);
	const built = new Promise<void>((resolve) => lines.once('line', () => resolve()));
	await Promise.race([
		built,
		exited.then((code) => {
			throw new Error(`gulp watch ended with ${code}`);
		}),
	]);
	return async () => {
		gulp.kill();
		await exited;
	};
}

/**
 * Waits until n8n looks for changes in a package's folder. It is ready some seconds before that, with its own nodes to
 * look through first, and a change in between would go unnoticed.
 */
export async function untilWatched(n8n: RunningN8n, folder: string): Promise<void> {
	const manifest = path.join(folder, 'package.json');
	const content = await readFile(manifest);
	await until(
		`n8n looks for changes in ${folder}`,
		async () => {
			await writeFile(manifest, content);
			return n8n.log().includes('Hot reload triggered') || undefined;
		},
		{ every: 1000, timeout: 120_000 },
	);
}
