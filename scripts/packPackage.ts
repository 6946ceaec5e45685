import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
/** Below n8n's folder and ignored by git. */
const destination = path.join(root, 'n8n/.n8n/package');
const sources = [
	'credentials',
	'icons',
	'nodes',
	'gulpfile.js',
	'LICENSE',
	'package.json',
	'README.md',
	'tsconfig.json',
	'tsconfig.build.json',
];

export interface PackedPackage {
	name: string;
	tarball: string;
	/** SHA-256 of the tarball. */
	hash: string;
}

/**
 * Builds and packs the package, as `npm publish` would, unless the tarball is newer than every source.
 *
 * @param report takes one line of text
 * @throws when the build fails, with its output
 */
export async function packPackage(report: (line: string) => void): Promise<PackedPackage> {
	const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
		name: string;
		version: string;
	};
	const tarball = path.join(destination, `${name}-${version}.tgz`);
	if (!(await isNewerThanSources(tarball))) {
		report('Building and packing the package');
		await mkdir(destination, { recursive: true });
		await runNpm(['run', 'build']);
		await runNpm(['pack', '--pack-destination', destination]);
	}
	const hash = createHash('sha256')
		.update(await readFile(tarball))
		.digest('hex');
	return { name, tarball, hash };
}

async function isNewerThanSources(tarball: string): Promise<boolean> {
	if (!existsSync(tarball)) return false;
	const packed = (await stat(tarball)).mtimeMs;
	for (const source of sources) {
		const top = path.join(root, source);
		if (!existsSync(top)) continue;
		const inside = (await stat(top)).isDirectory() ? await readdir(top, { recursive: true }) : [];
		for (const file of [top, ...inside.map((entry) => path.join(top, entry))])
			if ((await stat(file)).mtimeMs >= packed) return false;
	}
	return true;
}

async function runNpm(args: string[]): Promise<void> {
	const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [npm.stdout, npm.stderr])
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		npm.once('error', reject);
		npm.once('close', resolve);
	});
	if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}\n${output}`);
}
