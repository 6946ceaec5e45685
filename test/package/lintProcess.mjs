/**
 * Lints for a test, in a process of its own (ESLint loads its configuration as an ES module, which Jest's
 * sandbox does not). Reads one JSON value from standard input and writes one to standard output.
 *
 * Input: `{ snippets: { filePath, text }[] }`, texts linted with this project's configuration as if they stood
 * in those files; or `{ folder, config }`, the files of a folder linted with a configuration module. Type-aware
 * rules are left out of the first, since they need files that exist.
 * Output: one list of `{ file, ruleId, line, message }` per snippet, or one list for the folder.
 */
import { text } from 'node:stream/consumers';

import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const { snippets, folder, config } = JSON.parse(await text(process.stdin));

const findings = (results) =>
	results.flatMap(({ filePath, messages }) =>
		messages.map(({ ruleId, line, message }) => ({ file: filePath, ruleId, line, message })),
	);

let output;
if (snippets) {
	const eslint = new ESLint({
		overrideConfig: [{ ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] }],
	});
	output = [];
	for (const { filePath, text: code } of snippets)
		output.push(findings(await eslint.lintText(code, { filePath })));
} else {
	const { default: overrideConfig } = await import(config);
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig,
	});
	output = findings(await eslint.lintFiles(['**/*.js', 'package.json']));
}
process.stdout.write(JSON.stringify(output));
