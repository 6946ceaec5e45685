/**
 * Loads unpacked packages the way n8n does when it starts, in a process of its own whose NODE_PATH holds n8n-workflow
 * and nothing else. Arguments: the path of n8n-core, which the packages cannot reach, and a JSON list of orders, each a
 * list of the packages' folders. Prints one JSON value: for each order what the packages hold, and what n8n makes of
 * all of them together.
 */
const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const [n8nCore, orders] = process.argv.slice(2);
const { PackageDirectoryLoader } = require(n8nCore);

const modules = ['n8n-workflow', 'fast-xml-parser', 'express'];

function resolves(requireFromPackage, name) {
	try {
		return Boolean(requireFromPackage.resolve(name));
	} catch {
		return false;
	}
}

function contentOf(loader) {
	const requireFromPackage = createRequire(path.join(loader.directory, 'dist/nodes/all.js'));
	return {
		nodes: loader.types.nodes,
		credentials: loader.types.credentials,
		resolves: Object.fromEntries(modules.map((name) => [name, resolves(requireFromPackage, name)])),
		loadedFiles: Object.keys(require.cache)
			.filter((file) => file.startsWith(loader.directory + path.sep))
			.map((file) => path.relative(loader.directory, file)),
	};
}

function parsedXml(folder) {
	const file = path.join(folder, 'dist/nodes/fast-xml-parser.js');
	if (!existsSync(file)) return undefined;
	const { XMLParser } = require(file);
	return new XMLParser({ parseTagValue: false }).parse(
		'<reply><status>0</status><item>007</item><item>a &amp; b</item></reply>',
	);
}

/** As n8n's LoadNodesAndCredentials and CredentialsTester find them: of packages with one type, the last one counts. */
async function credentialsOf(loaders) {
	const owners = new Map();
	for (const loader of loaders)
		for (const type of Object.keys(loader.known.credentials)) owners.set(type, loader);
	const entries = [...owners].map(async ([type, loader]) => {
		const { displayName, properties, test, authenticate } = loader.getCredential(type).type;
		const nodes = loader.known.credentials[type].supportedNodes;
		const found = { displayName, properties, test, authenticates: authenticate !== undefined, nodes };
		return [type, { package: loader.packageName, ...found, tested: await testCard(loader, type, nodes) }];
	});
	return Object.fromEntries(await Promise.all(entries));
}

const card = {
	cardType: 'visa',
	number: '4111 1111 1111 1111',
	expirationMonth: '12',
	expirationYear: String(new Date().getFullYear() + 2),
	securityCode: '123',
	firstName: 'Ada',
	lastName: 'King',
	street: '1 Main St',
	city: 'Joplin',
	state: 'MO',
	zip: '64801',
	country: 'US',
};
const cards = [card, { ...card, number: '4111 1111 1111 1112' }];

/** The test functions of the nodes that use the credential, tried with a good card and a bad one. */
async function testCard(loader, type, nodes) {
	for (const name of nodes) {
		const { description, methods } = loader.getNode(name).type;
		const { testedBy } = description.credentials.find((credential) => credential.name === type) ?? {};
		if (testedBy)
			return await Promise.all(cards.map((data) => methods.credentialTest[testedBy].call({}, { data })));
	}
	return undefined;
}

async function main() {
	const output = [];
	for (const folders of JSON.parse(orders)) {
		const loaders = folders.map((folder) => new PackageDirectoryLoader(folder));
		for (const loader of loaders) await loader.loadAll();
		output.push({
			packages: Object.fromEntries(loaders.map((loader) => [loader.packageName, contentOf(loader)])),
			credentials: await credentialsOf(loaders),
		});
	}
	for (const [place, folders] of JSON.parse(orders).entries())
		for (const folder of folders) output[place].packages[path.basename(folder)].parsedXml = parsedXml(folder);
	process.stdout.write(JSON.stringify(output));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
