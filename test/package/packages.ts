import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import type { ICredentialTestRequest, INodeCredentialTestResult, INodeProperties } from 'n8n-workflow';

import { packPackages, type PackedPackage, sources } from '../../scripts/packPackages';

const run = promisify(execFile);
const project = path.join(__dirname, '../..');

/** A package whose tarball is unpacked as n8n installs it: beside nothing but itself. */
export interface InstalledPackage extends PackedPackage {
	installed: string;
}

/**
 * Builds a copy of the project in an empty folder, packs it and unpacks the tarballs. Takes some twenty seconds.
 *
 * @returns the package with all services, and those with one
 */
export async function installPackages(
	folder: string,
): Promise<{ checkout: string; combined: InstalledPackage; singles: InstalledPackage[] }> {
	const checkout = path.join(folder, 'project');
	for (const source of sources)
		await cp(path.join(project, source), path.join(checkout, source), {
			recursive: true,
			verbatimSymlinks: true,
			// What an earlier build of the project left behind.
			filter: (file) => !/[/\\]packages[/\\][^/\\]+[/\\](dist|LICENSE)$/.test(file),
		});
	await symlink(path.join(project, 'node_modules'), path.join(checkout, 'node_modules'));

	const packed = await packPackages(checkout, path.join(folder, 'tarballs'));
	const [combined, ...singles] = await Promise.all(
		packed.map(async (each) => {
			const installed = path.join(folder, each.name, 'node_modules', each.name);
			await mkdir(installed, { recursive: true });
			await run('tar', ['-xzf', each.tarball, '-C', installed, '--strip-components=1']);
			return { ...each, installed };
		}),
	);
	if (!combined) throw new Error('Nothing was packed');
	return { checkout, combined, singles };
}

export interface LoadedPackage {
	nodes: LoadedNode[];
	credentials: LoadedCredential[];
	/** Whether the package's code finds a module of that name. */
	resolves: Record<string, boolean>;
	/** The package's files that loading all nodes and credentials has read. */
	loadedFiles: string[];
	/** What the package's XML module made of a small document; undefined where it has none. */
	parsedXml?: unknown;
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

/** What n8n makes of a credential type that several packages bring. */
export interface MergedCredential {
	/** The package that it comes from. */
	package: string;
	displayName: string;
	properties: INodeProperties[];
	authenticates: boolean;
	test?: ICredentialTestRequest;
	/** The nodes of that package that use it. */
	nodes: string[];
	/** What its test says to a good card and to a bad one. */
	tested?: INodeCredentialTestResult[];
}

export interface LoadedTogether {
	packages: Record<string, LoadedPackage>;
	credentials: Record<string, MergedCredential>;
}

/** Loads installed packages with n8n-core, order by order, where the only module within reach is n8n-workflow. */
export async function loadPackages(folder: string, orders: InstalledPackage[][]): Promise<LoadedTogether[]> {
	const provided = path.join(folder, 'n8n/node_modules');
	await mkdir(provided, { recursive: true });
	await symlink(path.join(project, 'node_modules/n8n-workflow'), path.join(provided, 'n8n-workflow'));
	const folders = orders.map((order) => order.map(({ installed }) => installed));
	const { stdout } = await run(
		process.execPath,
		[path.join(__dirname, 'load.js'), require.resolve('n8n-core'), JSON.stringify(folders)],
		{
			cwd: folder,
			env: {
				...process.env,
				NODE_PATH: provided,
				// n8n-core loads classes in another way under NODE_ENV=test.
				NODE_ENV: 'production',
				N8N_USER_FOLDER: folder,
			},
			maxBuffer: 64 * 1024 * 1024,
		},
	);
	return JSON.parse(stdout) as LoadedTogether[];
}
