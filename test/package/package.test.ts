import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { scanPackage } from './linter';
import { loadPackage, type LoadedPackage, type PackedPackage, packPackage } from './pack';

let folder: string;
let packed: PackedPackage;
let loaded: LoadedPackage;

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'package-test-'));
	packed = await packPackage(folder);
	loaded = await loadPackage(packed);
}, 120_000);

afterAll(async () => {
	await rm(folder, { recursive: true });
});

/** `dist/nodes/ClubTexting/ClubTexting.node.js` holds the type `clubTexting`. */
const typeName = (file: string) => {
	const className = path.basename(file).replace(/\..*$/, '');
	return className.charAt(0).toLowerCase() + className.slice(1);
};

const iconFile = (url: string) => url.replace(`icons/${packed.manifest.name}/`, '');

test('the tarball holds the compiled package, README, licence and package.json, and nothing else', () => {
	const strangers = packed.files.filter(
		(file) =>
			!/^(README\.md|LICENSE|package\.json)$/.test(file) &&
			!/^dist\/(nodes|credentials)\/.+\.js$/.test(file) &&
			!/^dist\/nodes\/.+\.node\.json$/.test(file) &&
			!/^dist\/icons\/[a-z0-9]+(\.dark)?\.svg$/.test(file) &&
			file !== 'dist/THIRD_PARTY_LICENSES.txt',
	);
	expect(strangers).toEqual([]);
	expect(packed.files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
	expect(packed.files).toContain('dist/THIRD_PARTY_LICENSES.txt');
});

test('package.json lists every node and credential that is in the tarball', () => {
	const ending = (suffix: string) => packed.files.filter((file) => file.endsWith(suffix)).sort();
	expect([...packed.manifest.n8n.nodes].sort()).toEqual(ending('.node.js'));
	expect([...packed.manifest.n8n.credentials].sort()).toEqual(ending('.credentials.js'));
});

test('the tarball is smaller than 120 kB', () => {
	expect(packed.size).toBeLessThan(120_000);
});

test('the package asks npm for nothing and runs nothing when it is installed', () => {
	expect(packed.manifest).not.toHaveProperty('dependencies');
	expect(packed.manifest).not.toHaveProperty('bundledDependencies');
	expect(packed.manifest).toHaveProperty('peerDependencies', { 'n8n-workflow': '*' });
	expect(packed.manifest).toHaveProperty(['peerDependenciesMeta', 'n8n-workflow', 'optional'], true);
	expect(Object.keys(packed.manifest['scripts'] ?? {})).not.toContainEqual(expect.stringMatching(/install$/));
});

test("n8n's package scanner finds nothing in the tarball", async () => {
	expect(await scanPackage(packed.installed)).toEqual([]);
}, 60_000);

test("n8n's package scanner finds what is wrong with another package", async () => {
	const other = path.join(folder, 'other');
	await mkdir(path.join(other, 'dist'), { recursive: true });
	await writeFile(
		path.join(other, 'package.json'),
		JSON.stringify({ name: 'other', dependencies: { axios: '1' } }),
	);
	await writeFile(
		path.join(other, 'dist/a.js'),
		'/* eslint-disable */\nrequire("axios").get(process.env.URL);\n',
	);
	const rules = (await scanPackage(other)).map(({ ruleId }) => ruleId);
	expect(rules).toEqual(
		expect.arrayContaining([
			'@n8n/community-nodes/no-restricted-globals',
			'@n8n/community-nodes/no-restricted-imports',
			'@n8n/community-nodes/no-runtime-dependencies',
			'n8n-nodes-base/community-package-json-license-missing',
		]),
	);
}, 60_000);

test('n8n-core loads every node, with codex, icons and credentials of this package', async () => {
	expect(loaded.nodes.map(({ name }) => name)).toEqual(packed.manifest.n8n.nodes.map(typeName));
	const credentialNames = loaded.credentials.map(({ name }) => name);
	for (const node of loaded.nodes) {
		expect(node.codex?.categories).toEqual(expect.arrayContaining([expect.any(String)]));
		for (const credential of node.credentials ?? []) expect(credentialNames).toContain(credential.name);
	}
});

test('n8n-core loads every credential', () => {
	expect(loaded.credentials.map(({ name }) => name)).toEqual(packed.manifest.n8n.credentials.map(typeName));
});

test('every icon that n8n will ask for is in the tarball, light and dark', async () => {
	for (const { name, iconUrl } of [...loaded.nodes, ...loaded.credentials]) {
		if (!iconUrl) throw new Error(`${name} has no icon`);
		expect(iconUrl.light).not.toBe(iconUrl.dark);
		await access(path.join(packed.installed, iconFile(iconUrl.light)));
		await access(path.join(packed.installed, iconFile(iconUrl.dark)));
	}
});

test('XML is read where no XML parser can be found', () => {
	expect(loaded.resolves).toEqual({ 'n8n-workflow': true, 'fast-xml-parser': false, express: false });
	expect(loaded.parsedXml).toEqual({ reply: { status: '0', item: ['007', 'a & b'] } });
});

test('loading the package leaves the bundled XML parser unread until there is XML', () => {
	expect(loaded.loadedFiles).toContain('dist/nodes/all.js');
	expect(loaded.loadedFiles).not.toContain('dist/nodes/fast-xml-parser.js');
});
