import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import {
	exampleFor,
	type ExampleWorkflow,
	packageExamples,
	workflowsIn,
} from '../../scripts/packageExamples';

const root = path.join(__dirname, '../..');
const combined = 'n8n-nodes-messaging-credits';
const packageNames = readdirSync(path.join(root, 'packages'));
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
const source = (file: string) => JSON.parse(textOf(`examples/${file}`)) as ExampleWorkflow;

const examplesOf = (name: string) => workflowsIn(`packages/${name}`);

test('the examples of the packages with one service are what `npm run examples` makes', () => {
	const made = packageExamples();
	for (const { file, workflow } of made)
		expect({ file, workflow: JSON.parse(textOf(file)) as unknown }).toEqual({ file, workflow });
	expect(packageNames.flatMap(examplesOf).sort()).toEqual(made.map(({ file }) => file).sort());
});

test.each(packageNames)('%s has examples with its own node types, each under an id of its own', (name) => {
	const { n8n } = JSON.parse(textOf(`packages/${name}/package.json`)) as { n8n: { nodes: string[] } };
	const types = n8n.nodes.map((file) => path.basename(file, '.node.js').toLowerCase());
	const files = examplesOf(name);
	expect(files.length).toBeGreaterThan(0);
	for (const file of files) {
		const { id, nodes } = JSON.parse(textOf(file)) as ExampleWorkflow;
		expect(textOf(file)).not.toContain(combined);
		expect(id).toMatch(/^[A-Za-z0-9]{1,36}$/);
		expect(id).not.toBe(source(file.replace(/^.*?\/examples\//, '')).id);
		const own = nodes.map(({ type }) => type).filter((type) => !type.startsWith('n8n-nodes-base.'));
		expect(own.length).toBeGreaterThan(0);
		for (const type of own) {
			expect(type.startsWith(`${name}.`)).toBe(true);
			expect(types).toContain(type.replace(`${name}.`, '').toLowerCase());
		}
	}
});

test('each workflow of the gallery is there for the package of its service, the same but for its types and its id', () => {
	const gallery = readdirSync(path.join(root, 'examples/workflows')).filter((file) => file.endsWith('.json'));
	const made = packageExamples().filter(({ file }) => file.includes('/workflows/'));
	expect(made.map(({ file }) => path.basename(file)).sort()).toEqual(gallery.sort());
	for (const { file, workflow } of made) {
		const [, name] = file.split('/') as [string, string];
		const { id, ...of } = JSON.parse(
			JSON.stringify(workflow).replaceAll(`${name}.`, `${combined}.`),
		) as ExampleWorkflow;
		const { id: other, ...all } = source(`workflows/${path.basename(file)}`);
		expect(of).toEqual(all);
		expect(id).not.toBe(other);
	}
});

test('every workflow and every id in it stands once, whatever packages are installed', () => {
	const files = [...packageNames.flatMap(examplesOf), ...workflowsIn('.')];
	const ids = files.map((file) => (JSON.parse(textOf(file)) as ExampleWorkflow).id);
	expect(new Set(ids).size).toBe(ids.length);
});

describe('a service that a package does not have', () => {
	const target = { name: 'n8n-nodes-mailpartner', types: ['mailPartnerSubaccount'] };

	test('goes with its nodes, what leads to them, and what notes say of it', () => {
		const made = exampleFor(target, source('keep-balances.json'));
		expect(made?.nodes.map(({ name }) => name)).toEqual([
			'Try by Hand',
			'Every Morning at 7',
			'Top Up MailPartner',
			'Balances Kept',
			'Needs a Look',
			'About',
			'When',
			'Top-ups',
			'Results',
		]);
		expect(Object.keys(made?.connections ?? {})).toEqual([
			'Try by Hand',
			'Every Morning at 7',
			'Top Up MailPartner',
		]);
		expect(made?.connections['Try by Hand']?.main).toEqual([
			[expect.objectContaining({ node: 'Top Up MailPartner' })],
		]);
		const notes = JSON.stringify(made?.nodes.map(({ parameters }) => parameters.content));
		expect(notes).toContain('MailPartner: name the sub-account');
		expect(notes).not.toMatch(/Click2Mail|Club Texting|Payment Card/);
	});

	test('keeps a card in the notes where the package charges one too', () => {
		const made = exampleFor(
			{ name: 'n8n-nodes-click2mail', types: ['click2MailCredit'] },
			source('keep-balances.json'),
		);
		expect(JSON.stringify(made)).toContain('**Payment Card**');
	});

	test.each(['low-balance-top-up.json', 'sms-campaign.json'])('has no example without it: %s', (file) => {
		const types = ['click2MailCredit', 'click2MailCreditTrigger'];
		expect(exampleFor({ name: 'n8n-nodes-click2mail', types }, source(file))).toBeUndefined();
	});
});
