import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = path.join(__dirname, '../..');
const env = { ...process.env, npm_config_update_notifier: 'false' };

/** What the build reads and npm publishes; a file that the build needed besides these would fail it here. */
const SOURCES = [
	'credentials',
	'gulpfile.js',
	'icons',
	'LICENSE',
	'nodes',
	'package.json',
	'README.md',
	'tsconfig.build.json',
	'tsconfig.json',
];

export interface PackedPackage {
	/** The folder that holds it all. */
	folder: string;
	/** Paths inside the tarball. */
	files: string[];
	/** Bytes of the tarball. */
	size: number;
	/** The unpacked tarball, installed as n8n does: beside nothing but itself. */
	installed: string;
	/** The package.json as published. */
	manifest: Manifest;
}

export interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
	[field: string]: unknown;
}

/** Builds a copy of the project in an empty folder, packs it with npm and unpacks the tarball. Takes some ten seconds. */
export async function packPackage(folder: string): Promise<PackedPackage> {
	const copy = path.join(folder, 'project');
	for (const source of SOURCES) {
		await cp(path.join(project, source), path.join(copy, source), { recursive: true });
	}
	await symlink(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));
	await run('npm', ['run', 'build'], { cwd: copy, env }).catch((error: Error & { stdout?: string }) => {
		throw new Error(`${error.message}\n${error.stdout ?? ''}`);
	});

	const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
		cwd: copy,
		env,
	});
	const [packed] = JSON.parse(stdout) as [{ filename: string; size: number; files: Array<{ path: string }> }];

	const modules = path.join(folder, 'installed/node_modules');
	const manifest = JSON.parse(await readFile(path.join(copy, 'package.json'), 'utf8')) as Manifest;
	const installed = path.join(modules, manifest.name);
	await mkdir(installed, { recursive: true });
	await run('tar', ['-xzf', path.join(folder, packed.filename), '-C', installed, '--strip-components=1']);
	return { folder, files: packed.files.map((file) => file.path), size: packed.size, installed, manifest };
}

export interface LoadedPackage {
	nodes: LoadedNode[];
	credentials: LoadedCredential[];
	/** Whether the package's code finds a module of that name. */
	resolves: Record<string, boolean>;
	/** The package's files that loading all nodes and credentials has read. */
	loadedFiles: string[];
	/** What the package's XML module made of a small document. */
	parsedXml: unknown;
}

interface LoadedCredential {
	name: string;
	displayName: string;
	iconUrl?: { light: string; dark: string };
}

interface LoadedNode extends LoadedCredential {
	codex?: { categories?: string[] };
	credentials?: Array<{ name: string }>;
}

/** Loads the installed package with n8n-core, where the only module within reach is n8n-workflow. */
export async function loadPackage({ folder, installed }: PackedPackage): Promise<LoadedPackage> {
	const provided = path.join(folder, 'n8n/node_modules');
	await mkdir(provided, { recursive: true });
	await symlink(path.join(project, 'node_modules/n8n-workflow'), path.join(provided, 'n8n-workflow'));
	const { stdout } = await run(
		process.execPath,
		[path.join(__dirname, 'load.js'), installed, require.resolve('n8n-core')],
		{
			cwd: folder,
			env: {
				...process.env,
				NODE_PATH: provided,
				// n8n-core loads classes in another way under NODE_ENV=test.
				NODE_ENV: 'production',
				N8N_USER_FOLDER: folder,
			},
			maxBuffer: 16 * 1024 * 1024,
		},
	);
	return JSON.parse(stdout) as LoadedPackage;
}
