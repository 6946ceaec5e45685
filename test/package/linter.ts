import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

export interface Finding {
	file: string;
	ruleId: string | null;
	line: number;
	message: string;
}

export interface Snippet {
	filePath: string;
	text: string;
}

/** Lints each text with this project's configuration, as if it stood in the file of that path. */
export async function lintSnippets(snippets: Snippet[]): Promise<Finding[][]> {
	return (await run({ snippets })) as Finding[][];
}

/** Lints each folder with the ESLint configuration that stands in it. */
export async function lintFolders(
	folders: string[],
): Promise<Array<{ files: string[]; findings: Finding[] }>> {
	return (await run({ folders })) as Array<{ files: string[]; findings: Finding[] }>;
}

export interface Verdict {
	passed: boolean;
	/** What was found, as text. */
	details?: string;
}

/**
 * The two legs of n8n's package scanner, by its own functions.
 *
 * @param checkout as GitHub would give it
 * @param published the folder of each unpacked tarball, by the package's name
 */
export async function scanPackages(
	checkout: string,
	published: Record<string, string>,
): Promise<Record<string, { source: Verdict | null; tarball: Verdict }>> {
	return (await run({ checkout, published })) as Record<string, { source: Verdict | null; tarball: Verdict }>;
}

async function run(input: object): Promise<unknown> {
	const child = spawn(process.execPath, [path.join(__dirname, 'lintProcess.mjs')], {
		cwd: path.join(__dirname, '../..'),
		// Under NODE_ENV=test, eslint-plugin-n8n-nodes-base takes every file for its own test case.
		env: { ...process.env, NODE_ENV: 'production' },
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	child.stdin.end(JSON.stringify(input));
	const [output, errors, [exitCode]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, 'close'),
	]);
	if (exitCode !== 0) throw new Error(`ESLint ended with ${exitCode}: ${errors}`);
	return JSON.parse(output);
}
