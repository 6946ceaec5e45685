/**
 * Loads an unpacked package the way n8n does when it starts, in a process of its own whose NODE_PATH holds
 * n8n-workflow and nothing else. Arguments: the package's folder, and the path of n8n-core, which the package
 * cannot reach. Prints one JSON value.
 */
const { createRequire } = require('node:module');
const path = require('node:path');

const [packageFolder, n8nCore] = process.argv.slice(2);
const { PackageDirectoryLoader } = require(n8nCore);

async function main() {
	const loader = new PackageDirectoryLoader(packageFolder);
	await loader.loadAll();

	const requireFromPackage = createRequire(path.join(packageFolder, 'dist/nodes/all.js'));
	const resolves = (name) => {
		try {
			return Boolean(requireFromPackage.resolve(name));
		} catch {
			return false;
		}
	};
	const loadedFiles = Object.keys(require.cache)
		.filter((file) => file.startsWith(packageFolder + path.sep))
		.map((file) => path.relative(packageFolder, file));
	const { XMLParser } = requireFromPackage('./fast-xml-parser.js');

	const output = {
		nodes: loader.types.nodes,
		credentials: loader.types.credentials,
		resolves: Object.fromEntries(
			['n8n-workflow', 'fast-xml-parser', 'express'].map((name) => [name, resolves(name)]),
		),
		loadedFiles,
		parsedXml: new XMLParser({ parseTagValue: false }).parse(
			'<reply><status>0</status><item>007</item><item>a &amp; b</item></reply>',
		),
	};
	process.stdout.write(JSON.stringify(output));
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
