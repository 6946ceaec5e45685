/**
 * `gulp build` makes `dist/`, the only folder that is published: the code of all nodes and credentials in one file, a
 * file for each of them that hands out its class, their codex files, the icons, and the XML parser as a bundle that is
 * read with the first XML reply. n8n loads every node when it starts, and few files are loaded faster than many. It
 * installs a community package without any dependency, so the build fails when the code would need one.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdir, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');

const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const ts = require('typescript');

const DIST = path.join(__dirname, 'dist');

/** The code of all nodes and credentials. */
const CODE = 'dist/nodes/all.js';
/** The one package that is bundled too, and the bundle. */
const XML_PACKAGE = 'fast-xml-parser';
const XML_BUNDLE = 'dist/nodes/fast-xml-parser.js';

/** What a compiled file may import besides its neighbours: n8n provides the first, n8n's lint rules allow the others. */
const PROVIDED = new Set(['n8n-workflow', 'crypto', 'node:crypto']);

const PUBLISHED = [
	/^(nodes|credentials)\/.+\.js$/,
	/^nodes\/.+\.node\.json$/,
	/^icons\/[^/]+\.svg$/,
	/^THIRD_PARTY_LICENSES\.txt$/,
];

async function clean() {
	await rm(DIST, { recursive: true, force: true });
}

async function checkTypes() {
	const tsc = spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
		cwd: __dirname,
		stdio: 'inherit',
	});
	const [exitCode] = await once(tsc, 'close');
	if (exitCode !== 0) throw new Error('The type check found mistakes');
}

const bundling = {
	absWorkingDir: __dirname,
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	logLevel: 'warning',
};

/** Bundles what package.json lists, and what of the XML parser the code uses; writes the parser's licences. */
async function code() {
	const { n8n } = JSON.parse(await readFile(path.join(__dirname, 'package.json'), 'utf8'));
	const entries = [...n8n.credentials, ...n8n.nodes];
	await esbuild.build({
		...bundling,
		stdin: {
			contents: entries.map((file) => `export * from '${sourceOf(file)}';`).join('\n'),
			resolveDir: __dirname,
		},
		outfile: CODE,
		external: ['n8n-workflow', XML_PACKAGE],
		legalComments: 'none',
	});
	for (const file of entries) {
		// n8n takes the class's name from the file's.
		const name = path.basename(file).split('.')[0];
		const code = path.posix.relative(path.posix.dirname(file), CODE);
		await mkdir(path.join(__dirname, path.dirname(file)), { recursive: true });
		await writeFile(path.join(__dirname, file), `exports.${name} = require('${code}').${name};\n`);
	}
	await bundleXmlParser();
}

function sourceOf(file) {
	return file.replace(/^dist\//, './').replace(/\.js$/, '');
}

function icons() {
	return src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
}

function codex() {
	return src('nodes/**/*.node.json', { encoding: false }).pipe(dest('dist/nodes'));
}

/** The code's import of the parser becomes a set of getters: the parser is as long as all the rest. */
async function bundleXmlParser() {
	const code = await readFile(path.join(__dirname, CODE), 'utf8');
	const [required, variable] =
		new RegExp(`^var (\\w+) = require\\("${XML_PACKAGE}"\\);$`, 'm').exec(code) ?? [];
	if (!required) throw new Error(`${CODE} should import ${XML_PACKAGE} once, by names`);
	const names = [
		...new Set([...code.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'))].map(([, name]) => name)),
	];
	const bundle = `./${path.basename(XML_BUNDLE)}`;
	const getters = names.map((name) => `  get ${name}() { return require("${bundle}").${name}; },\n`).join('');
	await writeFile(
		path.join(__dirname, CODE),
		code.replace(required, () => `var ${variable} = {\n${getters}};`),
	);

	const { metafile } = await esbuild.build({
		...bundling,
		stdin: { contents: `export { ${names.join(', ')} } from '${XML_PACKAGE}';`, resolveDir: __dirname },
		outfile: XML_BUNDLE,
		legalComments: 'eof',
		metafile: true,
	});
	const folders = Object.entries(metafile.outputs[XML_BUNDLE].inputs)
		.filter(([file, { bytesInOutput }]) => file.includes('node_modules/') && bytesInOutput > 0)
		.map(([file]) => packageFolder(file));
	await writeFile(path.join(DIST, 'THIRD_PARTY_LICENSES.txt'), await licences([...new Set(folders)].sort()));
}

function packageFolder(file) {
	const absolute = path.resolve(__dirname, file);
	const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(absolute.replaceAll(path.sep, '/'));
	return folder;
}

async function licences(folders) {
	const texts = [];
	for (const folder of folders) {
		const { name, version, license, author } = JSON.parse(
			await readFile(path.join(folder, 'package.json'), 'utf8'),
		);
		const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
		if (!file && license !== 'MIT') throw new Error(`${name} has no licence text and is not under MIT`);
		const text = file
			? await readFile(path.join(folder, file), 'utf8')
			: `MIT License\n\nCopyright (c) ${author?.name ?? author}\n\n${await mitTerms()}`;
		texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
	}
	return `Parts of these packages make up ${XML_BUNDLE}.\n\n${texts.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

/** For a package that declares MIT and ships no licence file: the terms as they stand in our own. */
async function mitTerms() {
	const own = await readFile(path.join(__dirname, 'LICENSE'), 'utf8');
	return own.slice(own.indexOf('Permission is hereby granted'));
}

/** Fails on a file that should not be published and on an import that n8n would not find. */
async function check() {
	const files = (await readdir(DIST, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(DIST, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
	const faults = files
		.filter((file) => !PUBLISHED.some((pattern) => pattern.test(file)))
		.map((file) => `dist/${file} does not belong there`);

	for (const file of files.filter((name) => name.endsWith('.js'))) {
		const { importedFiles } = ts.preProcessFile(await readFile(path.join(DIST, file), 'utf8'), true, true);
		for (const { fileName } of importedFiles) {
			const target = path.posix.join(path.posix.dirname(file), fileName);
			const found = fileName.startsWith('.')
				? [`${target}.js`, `${target}/index.js`, target].some((name) => files.includes(name))
				: PROVIDED.has(fileName);
			if (!found) faults.push(`dist/${file} imports ${fileName}`);
		}
	}

	const { n8n } = JSON.parse(await readFile(path.join(__dirname, 'package.json'), 'utf8'));
	for (const entry of [...n8n.nodes, ...n8n.credentials]) {
		if (!files.includes(entry.replace(/^dist\//, ''))) faults.push(`${entry} of package.json was not built`);
	}

	if (faults.length > 0) throw new Error(`\n${faults.join('\n')}`);
}

exports.build = series(clean, parallel(checkTypes, code, icons, codex), check);
