/** `node scripts/checkRelease.mjs v1.2.3` fails unless every package has the tag's version and the changelog names it. */
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (file) => readFileSync(new URL(file, root), 'utf8');
const [, , tag = ''] = process.argv;

const folders = ['.', ...readdirSync(new URL('packages', root)).map((name) => `packages/${name}`)];
const faults = folders
	.map((folder) => JSON.parse(read(`${folder}/package.json`)))
	.filter(({ version }) => `v${version}` !== tag)
	.map(({ name, version }) => `${name} has version ${version}`);
const headings = read('CHANGELOG.md')
	.split('\n')
	.filter((line) => /^## \[.+\] - \d{4}-\d{2}-\d{2}$/.test(line));
if (!headings.some((line) => line.startsWith(`## [${tag.slice(1)}] `)))
	faults.push('CHANGELOG.md has no dated section for it');

if (faults.length > 0) {
	console.error(`The tag is ${tag}, but ${faults.join(', and ')}.`);
	process.exitCode = 1;
}
