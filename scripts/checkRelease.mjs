/**
 * `node scripts/checkRelease.mjs v1.2.3` prints what the changelog says of that version. It fails unless every package has
 * the tag's version, and the changelog has a dated section of it with something in it and nothing left under Unreleased.
 */
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (file) => readFileSync(new URL(file, root), 'utf8');
const [, , tag = ''] = process.argv;

const folders = ['.', ...readdirSync(new URL('packages', root)).map((name) => `packages/${name}`)];
const faults = folders
	.map((folder) => JSON.parse(read(`${folder}/package.json`)))
	.filter(({ version }) => `v${version}` !== tag)
	.map(({ name, version }) => `${name} has version ${version}`);

/** Sections by heading, such as `[1.2.3] - 2026-03-02`, without the addresses of the links at the end. */
const sections = new Map(
	read('CHANGELOG.md')
		.replace(/^\[[^\]]+\]: .*$/gm, '')
		.split(/^## /m)
		.slice(1)
		.map((section) => [section.split('\n', 1)[0].trim(), section.slice(section.indexOf('\n')).trim()]),
);
const holds = (text) => text.split('\n').some((line) => line.trim() !== '' && !line.startsWith('#'));

const heading = [...sections.keys()].find((each) => each.startsWith(`[${tag.slice(1)}] `)) ?? '';
const notes = sections.get(heading) ?? '';
if (!/^\[.+\] - \d{4}-\d{2}-\d{2}$/.test(heading)) faults.push('CHANGELOG.md has no dated section for it');
else if (!holds(notes)) faults.push('its section in CHANGELOG.md is empty');
for (const [title, text] of sections)
	if (/^\W*unreleased\b/i.test(title) && holds(text))
		faults.push('CHANGELOG.md still has something under Unreleased');

if (faults.length > 0) {
	console.error(`The tag is ${tag}, but ${faults.join(', and ')}.`);
	process.exitCode = 1;
} else console.log(notes);
