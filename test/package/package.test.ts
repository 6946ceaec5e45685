import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { schemaFiles } from '../../scripts/outputSchemas';
import { lintFolders, scanPackages } from './linter';
import {
	type InstalledPackage,
	installPackages,
	type LoadedPackage,
	type LoadedTogether,
	loadPackages,
} from './packages';
import type { ExampleRun } from './runExamples';

const project = path.join(__dirname, '../..');
const combinedName = 'n8n-nodes-messaging-credits';
const singleNames = readdirSync(path.join(project, 'packages'));
const names = [combinedName, ...singleNames];
/** Bytes. The parser is not minified to save some of them. */
const largestTarball = 200_000;
const largestParser = 200_000;
const parserFile = 'dist/nodes/fast-xml-parser.js';
/** EZ Texting answers in JSON. */
const readsXml = (name: string) => name !== 'n8n-nodes-eztexting';

let folder: string;
let checkout: string;
let packages: Map<string, InstalledPackage>;
let together: LoadedTogether[];

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'package-test-'));
	const built = await installPackages(folder);
	const all = [built.combined, ...built.singles];
	checkout = built.checkout;
	packages = new Map(all.map((each) => [each.name, each]));
	// Each of them is once the last one.
	together = await loadPackages(
		folder,
		all.map((_, place) => [...all.slice(place), ...all.slice(0, place)]),
	);
});

afterAll(async () => {
	await rm(folder, { recursive: true });
});

function packed(name: string): InstalledPackage {
	const found = packages.get(name);
	if (!found) throw new Error(`${name} was not packed`);
	return found;
}

function loaded(name: string): LoadedPackage {
	const found = together[0]?.packages[name];
	if (!found) throw new Error(`${name} was not loaded`);
	return found;
}

/** The output schemas that stand beside the nodes of a package. */
function schemasOf(nodes: string[]): string[] {
	const folders = new Set(nodes.map((file) => path.posix.dirname(file)));
	return [...schemaFiles().keys()]
		.map((file) => `dist/${file}`)
		.filter((file) => folders.has(file.split('/__schema__/')[0]!));
}

/** `dist/nodes/ClubTexting/ClubTexting.node.js` holds the type `clubTexting`. */
const typeName = (file: string) => {
	const className = path.basename(file).replace(/\..*$/, '');
	return className.charAt(0).toLowerCase() + className.slice(1);
};

const credentialsOf = (name: string) => packed(name).manifest.n8n.credentials.map(typeName);

test('there is a package for each folder, and one with all services', () => {
	expect([...packages.keys()].sort()).toEqual([...names].sort());
});

describe.each(names)('%s', (name) => {
	test('the tarball holds the compiled package, README, licence and package.json, and nothing else', () => {
		const { nodes, credentials } = packed(name).manifest.n8n;
		const icons = packed(name).files.filter((file) => file.startsWith('dist/icons/'));
		expect([...packed(name).files].sort()).toEqual(
			[
				'LICENSE',
				'README.md',
				'package.json',
				'dist/THIRD_PARTY_LICENSES.txt',
				'dist/nodes/all.js',
				...(readsXml(name) ? [parserFile] : []),
				...credentials,
				...nodes,
				...nodes.map((file) => file.replace(/\.js$/, '.json')),
				...schemasOf(nodes),
				...icons,
			].sort(),
		);
		expect(icons).not.toContainEqual(expect.not.stringMatching(/^dist\/icons\/[a-z0-9]+(\.dark)?\.svg$/));
	});

	test('the tarball is small', () => {
		expect(packed(name).size).toBeLessThan(largestTarball);
	});

	test('its code and the XML parser can be read, and say which file each part comes from', async () => {
		const textOf = (file: string) => readFile(path.join(packed(name).installed, file), 'utf8');
		const code = await textOf('dist/nodes/all.js');
		const parser = readsXml(name) ? await textOf(parserFile) : undefined;
		for (const text of [code, ...(parser === undefined ? [] : [parser])]) {
			const lines = text.split('\n');
			// What minifying does: few lines, long ones.
			expect(text.length / lines.length).toBeLessThan(60);
			expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1000);
			expect(text).toMatch(/\n {2}return [a-z]\w{4,}/);
		}
		expect(code.includes('\n// nodes/shared/http/xml.ts\n')).toBe(readsXml(name));
		expect(code.includes('fast-xml-parser')).toBe(readsXml(name));
		if (parser === undefined) return;
		expect(parser).toContain('\n// node_modules/fast-xml-parser/src/xmlparser/OrderedObjParser.js\n');
		expect(Buffer.byteLength(parser)).toBeLessThan(largestParser);
	});

	test('the licences of all that it contains are in it, and named in its README', async () => {
		const textOf = (file: string) => readFile(path.join(packed(name).installed, file), 'utf8');
		const [readme, licences, code] = await Promise.all(
			['README.md', 'dist/THIRD_PARTY_LICENSES.txt', 'dist/nodes/all.js'].map(textOf),
		);
		const parser = readsXml(name) ? await textOf(parserFile) : '';
		const parts = parser.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm);
		const bundled = [...new Set([...parts].map(([, part]) => part))];
		for (const part of bundled) expect(licences).toMatch(new RegExp(`^${part} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
		const [, licence] = /^## Licence\n\n(.*)/ms.exec(readme ?? '') ?? [];
		for (const text of [licence, licences, bundled.join()])
			expect(text?.includes('fast-xml-parser')).toBe(readsXml(name));
		const hasData = (code ?? '').includes('AREA_CODES');
		for (const word of ['libphonenumber', 'Apache'])
			expect([licence, licences].map((text) => text?.includes(word))).toEqual([hasData, hasData]);
	});

	test('it asks npm for nothing and runs nothing when it is installed', () => {
		const { manifest } = packed(name);
		expect(manifest).not.toHaveProperty('dependencies');
		expect(manifest).not.toHaveProperty('bundledDependencies');
		expect(manifest).toHaveProperty('peerDependencies', { 'n8n-workflow': '*' });
		expect(manifest).toHaveProperty(['peerDependenciesMeta', 'n8n-workflow', 'optional'], true);
		expect(Object.keys(manifest['scripts'] ?? {})).not.toContainEqual(expect.stringMatching(/install$/));
	});

	test('n8n-core loads every node and credential, with codex and credentials of this package', () => {
		const { nodes, credentials } = loaded(name);
		expect(nodes.map((node) => node.name)).toEqual(packed(name).manifest.n8n.nodes.map(typeName));
		const credentialNames = credentials.map((credential) => credential.name);
		expect(credentialNames).toEqual(packed(name).manifest.n8n.credentials.map(typeName));
		for (const node of nodes) {
			expect(node.codex?.categories).toEqual(expect.arrayContaining([expect.any(String)]));
			for (const credential of node.credentials ?? []) expect(credentialNames).toContain(credential.name);
		}
	});

	test('every icon that n8n will ask for is in the tarball, light and dark, and no other', async () => {
		const urls = [...loaded(name).nodes, ...loaded(name).credentials].map(({ iconUrl }) => iconUrl);
		for (const url of urls) {
			expect(url?.light).not.toBe(url?.dark);
			for (const each of [url?.light, url?.dark])
				await access(path.join(packed(name).installed, each?.replace(`icons/${name}/`, '') ?? ''));
		}
		const asked = new Set(urls.flatMap((url) => [url?.light, url?.dark]));
		expect(packed(name).files.filter((file) => file.startsWith('dist/icons/'))).toHaveLength(asked.size);
	});

	test('XML, where the service has it, is read where no XML parser can be found, by a parser that is not loaded before', () => {
		const { resolves, parsedXml, loadedFiles } = loaded(name);
		expect(resolves).toEqual({ 'n8n-workflow': true, 'fast-xml-parser': false, express: false });
		const read = { reply: { status: '0', item: ['007', 'a & b'] } };
		expect(parsedXml).toEqual(readsXml(name) ? read : undefined);
		expect(loadedFiles).toContain('dist/nodes/all.js');
		expect(loadedFiles).not.toContain('dist/nodes/fast-xml-parser.js');
	});

	test('its codex files name its own nodes', async () => {
		for (const file of packed(name).manifest.n8n.nodes) {
			const codex = path.join(packed(name).installed, file.replace(/\.js$/, '.json'));
			const { node } = JSON.parse(await readFile(codex, 'utf8')) as { node: string };
			expect(node).toBe(`${name}.${typeName(file)}`);
		}
	});
});

describe.each(singleNames)('%s beside the package with all services', (name) => {
	const inCombined = (value: unknown) =>
		JSON.parse(JSON.stringify(value).replaceAll(name, combinedName)) as unknown;
	const without = (key: string, value: object) =>
		Object.fromEntries(Object.entries(value).filter(([each]) => each !== key));

	test('its nodes are the same but for the paths', () => {
		for (const node of loaded(name).nodes) {
			const same = loaded(combinedName).nodes.find((other) => other.name === node.name);
			expect(inCombined(node)).toEqual(same);
		}
	});

	test('its credentials are the same but for the paths and the nodes that use them', () => {
		for (const credential of loaded(name).credentials) {
			const same = loaded(combinedName).credentials.find((other) => other.name === credential.name);
			expect(inCombined(without('supportedNodes', credential))).toEqual(
				without('supportedNodes', same ?? {}),
			);
		}
	});

	test('its manifest says the same of author, version, licence and n8n', () => {
		const { manifest } = packed(name);
		const combined = packed(combinedName).manifest;
		const shared = [
			'version',
			'license',
			'author',
			'bugs',
			'engines',
			'files',
			'publishConfig',
			'peerDependencies',
			'peerDependenciesMeta',
		];
		for (const field of shared) expect(manifest).toHaveProperty(field, combined[field]);
		const repository = combined['repository'] as object;
		expect(manifest).toHaveProperty('repository', { ...repository, directory: `packages/${name}` });
		// n8n's rules look here for what the sources behind the links import; the build takes what the project has.
		const { 'fast-xml-parser': parser } = combined['devDependencies'] as Record<string, string>;
		expect(manifest).toHaveProperty('devDependencies', { 'fast-xml-parser': parser });
	});

	test('its scripts are those of the others, and its README names the oldest n8n that it runs on', async () => {
		expect(packed(name).manifest['scripts']).toEqual({
			build: 'npm --prefix ../.. run build',
			lint: 'n8n-node lint && eslint nodes/* credentials/* --max-warnings 0',
		});
		const { n8n: oldest } = packed(name).manifest['engines'] as { n8n: string };
		const readme = await readFile(path.join(packed(name).installed, 'README.md'), 'utf8');
		expect(readme).toContain(`Needs n8n ${oldest.replace('>=', '')} or newer`);
	});

	test('its README names its credentials, its nodes and each of their operations', async () => {
		const readme = await readFile(path.join(packed(name).installed, 'README.md'), 'utf8');
		const options = (node: object) =>
			((node as { properties: INodeProperties[] }).properties ?? [])
				.filter((property) => ['resource', 'operation'].includes(property.name))
				.flatMap((property) => property.options as INodePropertyOptions[])
				.map((option) => option.name);
		const shown = [...loaded(name).nodes, ...loaded(name).credentials].map(({ displayName }) => displayName);
		for (const word of [...shown, ...loaded(name).nodes.flatMap(options)]) expect(readme).toContain(word);
	});
});

describe('the examples', () => {
	/** On n8n's engine, which knows the nodes of the unpacked tarball and none besides. */
	async function runs(name: string, examplesOf: string): Promise<ExampleRun[]> {
		const script = path.join(__dirname, 'runExamples.ts');
		const examples = path.join(examplesOf === combinedName ? project : packed(examplesOf).folder, 'examples');
		const { stdout } = await promisify(execFile)(
			process.execPath,
			['--import', 'tsx', script, packed(name).installed, examples],
			{
				cwd: project,
				env: { ...process.env, NODE_PATH: path.join(folder, 'n8n/node_modules'), NODE_ENV: 'production' },
			},
		);
		return JSON.parse(stdout) as ExampleRun[];
	}

	let ofCombined: ExampleRun[];
	beforeAll(async () => {
		ofCombined = await runs(combinedName, combinedName);
	});

	test.each(singleNames)(
		'%s runs its own, and they do what those of the package with all services do',
		async (name) => {
			const own = await runs(name, name);
			expect(own.length).toBeGreaterThan(0);
			for (const { file, error, ends, mistakes } of own) {
				const same = ofCombined.find((other) => other.file === file);
				expect({ file, error, mistakes }).toEqual({ file, mistakes: [] });
				expect(Object.keys(ends)).toEqual(Object.keys(same?.ends ?? {}));
				const [[first, count] = ['', 0]] = Object.entries(ends);
				expect(count).toBeGreaterThan(0);
				// One service's share of the balances, and all of anything else.
				if (file === 'keep-balances.json') expect(count).toBeLessThan(same?.ends[first] ?? 0);
				else expect(ends).toEqual(same?.ends);
			}
		},
	);

	test('those of another package do not run', async () => {
		for (const { error } of await runs('n8n-nodes-clubtexting', combinedName))
			expect(error).toMatch(/n8n-nodes-messaging-credits\.\w+/);
	});
});

describe('in its folder', () => {
	const npm = async (script: string, name: string) =>
		await promisify(execFile)('npm', ['run', script], {
			cwd: path.join(checkout, 'packages', name),
			env: { ...process.env, NODE_ENV: 'production' },
		});

	test.each(singleNames)('npm run lint of %s finds nothing', async (name) => {
		await expect(npm('lint', name)).resolves.toBeDefined();
	});

	test('npm run lint finds a fault in the sources behind the links', async () => {
		const stray = path.join(checkout, 'nodes/shared/stray.ts');
		await writeFile(stray, 'console.log(process);\n');
		const linting = npm('lint', 'n8n-nodes-mailpartner').finally(() => rm(stray));
		await expect(linting).rejects.toMatchObject({
			stdout: expect.stringMatching(/stray\.ts[^]*no-restricted-globals/) as string,
		});
	});

	test('npm run build makes its dist', async () => {
		const dist = path.join(checkout, 'packages/n8n-nodes-mailpartner/dist');
		await rm(dist, { recursive: true });
		await npm('build', 'n8n-nodes-mailpartner');
		await access(path.join(dist, 'nodes/all.js'));
	});
});

test('every node and credential is in a package of its service', () => {
	const types = (of: string, what: 'nodes' | 'credentials') => loaded(of)[what].map((each) => each.name);
	const nodes = singleNames.flatMap((name) => types(name, 'nodes'));
	expect(nodes.sort()).toEqual(types(combinedName, 'nodes').sort());
	const credentials = new Set(singleNames.flatMap((name) => types(name, 'credentials')));
	expect([...credentials].sort()).toEqual(types(combinedName, 'credentials').sort());
});

test('all packages in one n8n, whatever their order, keep the credentials, their fields and their tests', () => {
	const winners = new Set(together.map(({ credentials }) => credentials['paymentCardApi']?.package));
	const withCard = names.filter((name) => credentialsOf(name).includes('paymentCardApi'));
	expect(withCard.length).toBeGreaterThan(2);
	expect(winners).toEqual(new Set(withCard));
	const alike = together.map(({ credentials }) =>
		Object.fromEntries(
			Object.entries(credentials).map(([type, { package: owner, nodes, ...credential }]) => {
				const uses = loaded(owner).nodes.filter((node) =>
					node.credentials?.some((each) => each.name === type),
				);
				expect(nodes.sort()).toEqual(uses.map((node) => node.name).sort());
				return [type, credential];
			}),
		),
	);
	for (const each of alike) expect(each).toEqual(alike[0]);
	expect(Object.keys(alike[0] ?? {}).sort()).toEqual(credentialsOf(combinedName).sort());
	for (const [type, { test: request, tested, authenticates, properties }] of Object.entries(alike[0] ?? {})) {
		expect(properties.length).toBeGreaterThan(1);
		const isCard = type === 'paymentCardApi';
		expect(authenticates).toBe(!isCard);
		expect(request === undefined).toBe(isCard);
		expect(tested?.map(({ status }) => status)).toEqual(isCard ? ['OK', 'Error'] : undefined);
	}
});

test('npm publishes none of them from a machine that can say nothing of where they were built', async () => {
	const asked: string[] = [];
	const registry = createServer((request, response) => {
		asked.push(request.method ?? '');
		response.writeHead(404).end('{}');
	});
	await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
	const host = `127.0.0.1:${(registry.address() as AddressInfo).port}/`;
	const environment = Object.entries(process.env).filter(([name]) => !/^(CI$|GITHUB_|GITLAB_)/.test(name));
	try {
		for (const { tarball } of packages.values()) {
			const publishing = promisify(execFile)(
				'npm',
				['publish', tarball, `--registry=http://${host}`, `--//${host}:_authToken=none`],
				{ cwd: folder, env: Object.fromEntries(environment) },
			);
			await expect(publishing).rejects.toThrow(/provenance/);
		}
	} finally {
		await new Promise((resolve) => registry.close(resolve));
	}
	expect(asked).not.toContain('PUT');
});

test("n8n's package scanner finds nothing, in the sources and in the tarballs", async () => {
	const published = Object.fromEntries([...packages].map(([name, { installed }]) => [name, installed]));
	const verdicts = await scanPackages(checkout, published);
	for (const name of names)
		expect(verdicts[name]).toEqual({ source: { passed: true }, tarball: { passed: true } });
});

test("n8n's package scanner finds what is wrong with another package, through links too", async () => {
	const other = path.join(folder, 'other');
	const write = async (file: string, content: string) => {
		await mkdir(path.dirname(path.join(other, file)), { recursive: true });
		await writeFile(path.join(other, file), content);
	};
	await write('packages/other/package.json', JSON.stringify({ name: 'other', dependencies: { axios: '1' } }));
	await write('nodes/Other/other.ts', 'setTimeout(() => console.log(1), 1);\n');
	await mkdir(path.join(other, 'packages/other/nodes'));
	await symlink('../../../nodes/Other', path.join(other, 'packages/other/nodes/Other'));
	await write('dist/package.json', '{}');
	await write('dist/a.js', '/* eslint-disable */\nrequire("axios").get(process.env.URL);\n');

	const verdict = (await scanPackages(other, { other: path.join(other, 'dist') }))['other'];
	for (const rule of ['no-restricted-globals', 'no-console', 'no-runtime-dependencies'])
		expect(verdict?.source?.details).toContain(rule);
	for (const rule of ['no-restricted-globals', 'no-restricted-imports', 'package-json-license-missing'])
		expect(verdict?.tarball.details).toContain(rule);
});

test("n8n's strict lint finds nothing, and sees every source", async () => {
	const strict = path.join(folder, 'strict');
	await mkdir(strict);
	await symlink(path.join(project, 'node_modules'), path.join(strict, 'node_modules'));
	const config = 'eslint.config.mjs';
	const wanted = await readFile(
		path.join(project, 'node_modules/@n8n/node-cli/dist/template/templates/shared/default/eslint.config.mjs'),
		'utf8',
	);
	for (const name of names) {
		// ESLint goes into no linked folder.
		for (const part of ['package.json', 'nodes', 'credentials', 'icons'])
			await cp(path.join(packed(name).folder, part), path.join(strict, name, part), {
				recursive: true,
				dereference: true,
			});
		if (name === combinedName) await writeFile(path.join(strict, name, config), wanted);
		else await cp(path.join(packed(name).folder, config), path.join(strict, name, config));
		expect(await readFile(path.join(strict, name, config), 'utf8')).toBe(wanted);
	}
	const stray = path.join(strict, 'stray');
	await cp(path.join(strict, 'n8n-nodes-mailpartner'), stray, { recursive: true });
	await writeFile(path.join(stray, 'nodes/shared/stray.ts'), "import './nowhere';\nconsole.log(process);\n");

	const lists = await lintFolders([...names.map((name) => path.join(strict, name)), stray]);
	for (const [place, name] of names.entries()) {
		expect(lists[place]?.findings).toEqual([]);
		const sources = packed(name).manifest.n8n.nodes.map((file) => file.replace(/^dist\/(.*)\.js$/, '$1.ts'));
		expect(lists[place]?.files).toEqual(
			expect.arrayContaining([...sources, 'nodes/shared/http/xml.ts', 'package.json']),
		);
	}
	expect(lists.at(-1)?.findings.map(({ ruleId }) => ruleId)).toEqual(
		expect.arrayContaining([
			'no-console',
			'@n8n/community-nodes/no-restricted-globals',
			'import-x/no-unresolved',
		]),
	);
});
