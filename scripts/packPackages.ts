import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(__dirname, '..');
/** Below n8n's folder and ignored by git. */
const destination = path.join(root, 'n8n/.n8n/package');

/** What the build reads and npm publishes. */
export const sources = [
	'credentials',
	'gulpfile.js',
	'icons',
	'LICENSE',
	'nodes',
	'package.json',
	'packages',
	'README.md',
	'tsconfig.build.json',
	'tsconfig.json',
];

export interface PackedPackage {
	name: string;
	/** Where its package.json stands in the project. */
	folder: string;
	tarball: string;
	/** SHA-256 of the tarball. */
	hash: string;
	/** Bytes of the tarball. */
	size: number;
	/** Paths inside the tarball. */
	files: string[];
	/** The package.json as published. */
	manifest: Manifest;
}

export interface Manifest {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
	[field: string]: unknown;
}

/**
 * Builds all packages of a project and packs them as `npm publish` would: the one with all services first.
 *
 * @param into gets the tarballs
 * @throws when the build fails, with its output
 */
export async function packPackages(project: string, into: string): Promise<PackedPackage[]> {
	await runNpm(['run', 'build'], project);
	await mkdir(into, { recursive: true });
	const singles = (await readdir(path.join(project, 'packages'))).map((name) => `./packages/${name}`);
	const folders = ['.', ...singles];
	const output = await runNpm(['pack', ...folders, '--json', '--pack-destination', into], project);
	const reports = JSON.parse(output) as Array<{
		name: string;
		filename: string;
		size: number;
		files: Array<{ path: string }>;
	}>;
	return await Promise.all(
		reports.map(async ({ name, filename, size, files }) => {
			const folder = path.join(project, name === reports[0]?.name ? '.' : `packages/${name}`);
			const tarball = path.join(into, filename);
			return {
				name,
				folder,
				tarball,
				hash: createHash('sha256')
					.update(await readFile(tarball))
					.digest('hex'),
				size,
				files: files.map((file) => file.path),
				manifest: JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Manifest,
			};
		}),
	);
}

/**
 * The packed packages of this project, built anew when a source is newer than the tarballs.
 *
 * @param report takes one line of text
 */
export async function packedPackages(
	report: (line: string) => void,
): Promise<[PackedPackage, ...PackedPackage[]]> {
	const list = path.join(destination, 'packed.json');
	if (!(await isNewerThanSources(list))) {
		report('Building and packing the packages');
		await writeFile(list, JSON.stringify(await packPackages(root, destination)));
	}
	return JSON.parse(await readFile(list, 'utf8')) as [PackedPackage, ...PackedPackage[]];
}

async function isNewerThanSources(file: string): Promise<boolean> {
	if (!existsSync(file)) return false;
	const packed = (await stat(file)).mtimeMs;
	for (const source of sources) {
		const top = path.join(root, source);
		const inside = (await stat(top)).isDirectory() ? await readdir(top, { recursive: true }) : [];
		// What the build itself writes into the packages' folders.
		const written = inside.filter((entry) => !/^[^/\\]+[/\\](dist|LICENSE)\b/.test(entry));
		for (const entry of [top, ...written.map((name) => path.join(top, name))])
			if ((await stat(entry)).mtimeMs >= packed) return false;
	}
	return true;
}

async function runNpm(args: string[], cwd: string): Promise<string> {
	const env = { ...process.env, npm_config_update_notifier: 'false' };
	try {
		return (await promisify(execFile)('npm', args, { cwd, env, maxBuffer: 16 * 1024 * 1024 })).stdout;
	} catch (error) {
		const { stdout, stderr } = error as { stdout?: string; stderr?: string };
		throw new Error(`npm ${args.join(' ')} failed\n${stdout}${stderr}`, { cause: error });
	}
}
