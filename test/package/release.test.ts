import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');

describe('checkRelease', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(os.tmpdir(), 'release-test-'));
		mkdirSync(path.join(folder, 'scripts'));
		cpSync(path.join(root, 'scripts/checkRelease.mjs'), path.join(folder, 'scripts/checkRelease.mjs'));
		for (const name of ['.', 'packages/a', 'packages/b']) {
			mkdirSync(path.join(folder, name), { recursive: true });
			writeFileSync(path.join(folder, name, 'package.json'), JSON.stringify({ name, version: '1.2.3' }));
		}
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	function check(tag: string, ...changelog: string[]) {
		const text = ['# Changelog', '', ...changelog, '', '[1.2.3]: https://example.com/1.2.3', ''].join('\n');
		writeFileSync(path.join(folder, 'CHANGELOG.md'), text);
		const script = path.join(folder, 'scripts/checkRelease.mjs');
		const { status, stdout, stderr } = spawnSync(process.execPath, [script, tag], { encoding: 'utf8' });
		return { status, stdout, stderr };
	}
	const section = ['## [1.2.3] - 2026-03-02', '', '### Added', '', '- A node.'];
	const earlier = ['', '## [1.2.2] - 2026-01-01', '', '- An older one.'];

	test.each([
		['no section Unreleased', section],
		['an empty one', ['## [Unreleased]', '', ...section]],
		['one with headings alone', ['## [Unreleased]', '', '### Added', '', ...section]],
	])('prints the notes of the version: %s', (_case, changelog) => {
		const { status, stdout, stderr } = check('v1.2.3', ...changelog, ...earlier);
		expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '### Added\n\n- A node.\n', stderr: '' });
	});

	test.each([
		[
			'what is left under Unreleased',
			['## [Unreleased]', '', '- Another node.', '', ...section],
			'Unreleased',
		],
		['text there that is no list', ['## [unreleased]', '', 'Soon.', '', ...section], 'Unreleased'],
		['such a section without brackets', ['## Unreleased', '', '- More.', '', ...section], 'Unreleased'],
		['one with a date to come', ['## [Unreleased] - soon', '', '- More.', '', ...section], 'Unreleased'],
		['a section without a date', ['## [1.2.3]', '', '- A node.'], 'no dated section'],
		['an empty section', ['## [1.2.3] - 2026-03-02', '', '### Added', ...earlier], 'is empty'],
		['no section', earlier, 'no dated section'],
	])('refuses %s', (_case, changelog, reason) => {
		const { status, stdout, stderr } = check('v1.2.3', ...changelog);
		expect([status, stdout]).toEqual([1, '']);
		expect(stderr).toContain(reason);
	});

	test('refuses a tag that is not the version of every package', () => {
		const { status, stderr } = check('v1.2.4', ...section);
		expect(status).toBe(1);
		for (const name of ['.', 'packages/a', 'packages/b'])
			expect(stderr).toContain(`${name} has version 1.2.3`);
	});
});

describe('the workflows', () => {
	const folder = path.join(root, '.github/workflows');
	const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
	const jobs = texts.flatMap((text) =>
		text
			.slice(text.indexOf('\njobs:\n'))
			.split(/^ {2}(?=[\w-]+:$)/m)
			.slice(1),
	);

	test('pin every action by commit, and give every job a time limit', () => {
		for (const text of texts)
			for (const [, action] of text.matchAll(/uses: (.*)/g))
				expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/);
		expect(jobs.length).toBeGreaterThanOrEqual(6);
		for (const job of jobs) expect(job).toMatch(/timeout-minutes: \d+/);
	});

	test('give npm’s trust to one job, which runs nothing of the repository', () => {
		const trusted = jobs.filter((job) => job.includes('id-token: write'));
		expect(trusted).toHaveLength(1);
		expect(trusted[0]).toContain('environment: npm');
		expect(trusted[0]).not.toMatch(/checkout|npm (ci|install|run|test)|\.ci\/|node /);
	});

	test('name scripts that are there', () => {
		const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
			scripts: Record<string, string>;
		};
		for (const text of texts) {
			for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g))
				expect(scripts).toHaveProperty([name ?? '']);
			for (const [, file] of text.matchAll(/(?:bash|node) ([\w./-]*\/[\w.-]+)/g))
				expect(() => readFileSync(path.join(root, file ?? ''))).not.toThrow();
		}
	});
});
