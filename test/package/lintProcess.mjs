/**
 * Lints for a test, in a process of its own (ESLint loads its configuration as an ES module, which Jest's
 * sandbox does not). Reads one JSON value from standard input and writes one to standard output.
 *
 * - `{ snippets: { filePath, text }[] }`: texts linted with this project's configuration as if they stood in those
 *   files. Type-aware rules are left out, since they need files that exist. Gives one list of findings per snippet.
 * - `{ folders }`: each linted with the configuration that stands in it, as `n8n-node lint` does. Gives one list of
 *   findings per folder, and the names of the files.
 * - `{ checkout, published }`: the two legs of n8n's scanner for each name and folder in `published`: its sources as
 *   found in the checkout, and the files in the folder. Gives the scanner's own verdicts.
 */
import path from 'node:path';
import { text } from 'node:stream/consumers';

import {
	analyzePackage,
	findPackageRoot,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const { snippets, folders, checkout, published } = JSON.parse(await text(process.stdin));

const findings = (results) =>
	results.flatMap(({ filePath, messages }) =>
		messages.map(({ ruleId, line, message }) => ({ file: filePath, ruleId, line, message })),
	);

async function lintSnippets() {
	const eslint = new ESLint({
		overrideConfig: [{ ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] }],
	});
	const lists = [];
	for (const { filePath, text: code } of snippets)
		lists.push(findings(await eslint.lintText(code, { filePath })));
	return lists;
}

async function lintFolders() {
	const lists = [];
	for (const cwd of folders) {
		const results = await new ESLint({ cwd }).lintFiles(['.']);
		const files = results.map(({ filePath }) => path.relative(cwd, filePath).replaceAll(path.sep, '/'));
		lists.push({ files, findings: findings(results) });
	}
	return lists;
}

async function scan() {
	const verdicts = {};
	for (const [name, folder] of Object.entries(published)) {
		const root = findPackageRoot(checkout, name);
		verdicts[name] = {
			source: root && (await analyzePackage(root, SOURCE_FILE_PATTERNS)),
			// What the scanner takes of a tarball.
			tarball: await analyzePackage(folder, ['**/*.js', 'package.json']),
		};
	}
	return verdicts;
}

const output = await (snippets ? lintSnippets() : folders ? lintFolders() : scan());
process.stdout.write(JSON.stringify(output));
