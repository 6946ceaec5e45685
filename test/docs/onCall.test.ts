import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nodePages } from '../../scripts/nodeDocs';
import { resources as click2Mail } from '../../nodes/Click2Mail/resources';
import { click2Mail as click2MailProvider } from '../../nodes/Click2MailCredit/provider';
import { resources as click2MailCredit } from '../../nodes/Click2MailCredit/resources';
import { clubTexting as clubTextingProvider } from '../../nodes/ClubTexting/provider';
import { resources as clubTexting } from '../../nodes/ClubTexting/resources';
import { ezTexting as ezTextingProvider } from '../../nodes/EzTexting/provider';
import { resources as ezTexting } from '../../nodes/EzTexting/resources';
import { mailPartner as mailPartnerProvider } from '../../nodes/MailPartnerSubaccount/provider';
import { resources as mailPartner } from '../../nodes/MailPartnerSubaccount/resources';
import type { Provider } from '../../nodes/shared/provider';

/** The page for whoever is woken, and what other pages say of the same. */
const textOf = (file: string) => readFileSync(path.join(__dirname, '../..', file), 'utf8');
const text = textOf('docs/on-call.md');

function section(heading: string): string {
	const [, found] = text.split(`\n## ${heading}\n`);
	return found!.split('\n## ')[0]!;
}

const nodes = [
	{ name: 'Click2Mail', resources: click2Mail, provider: click2MailProvider },
	{ name: 'Click2Mail Credit', resources: click2MailCredit, provider: click2MailProvider },
	{ name: 'Club Texting', resources: clubTexting, provider: clubTextingProvider },
	{ name: 'EZ Texting', resources: ezTexting, provider: ezTextingProvider },
	{ name: 'MailPartner Subaccount', resources: mailPartner, provider: mailPartnerProvider },
];
const all = nodes.flatMap(({ name: node, resources, provider }) =>
	resources.flatMap(({ option: resource, operations }) =>
		operations.map(({ option, effect }) => ({
			node,
			name: `${resource.name}: ${option.name}`,
			acts: effect !== 'reads',
			where: provider.whereToLook?.(`${resource.value}.${option.value}`),
		})),
	),
);

/** Rows of the table of acts: one node, its operations, where to look. */
const rows = [...section('An item is `unknown`').matchAll(/^\| ([\w ]+?) +\| (_.*?) +\| (.*?) +\|$/gm)].map(
	([, node, operations, places]) => ({
		node: node!,
		operations: operations!.split(', ').map((name) => name.replaceAll('_', '')),
		places: places!,
	}),
);

test('every act stands in a row of its node, and every row names acts that there are', () => {
	const told = rows.flatMap(({ node, operations }) => operations.map((name) => `${node}: ${name}`));
	const acts = all.filter((operation) => operation.acts).map(({ node, name }) => `${node}: ${name}`);
	expect(acts.length).toBeGreaterThan(25);
	expect(told.sort()).toEqual(acts.sort());
});

test('a row sends people where the error sends them', () => {
	const led = all.filter(({ where }) => where !== undefined);
	expect(led.length).toBeGreaterThan(5);
	for (const { node, name, where } of led) {
		const { places } = rows.find((row) => row.node === node && row.operations.includes(name))!;
		for (const [, named] of where!.matchAll(/“(\w+: [\w ]+)”/g)) {
			expect([name, places]).toEqual([name, expect.stringContaining(`_${named}_`)]);
		}
	}
});

test('the operations in which it says to look are there', () => {
	for (const { node, places } of rows) {
		for (const [, named] of places.matchAll(/_([A-Z][A-Za-z ]+: [A-Za-z ]+)_/g)) {
			const found = all.some((operation) => operation.name === named && operation.node === node);
			expect([node, named, found]).toEqual([node, named, true]);
		}
	}
});

test('every node is named there, and every trigger where it is said why one does not fire', async () => {
	const names = (await nodePages()).map(({ title }) => title);
	const triggers = names.filter((name) => name.endsWith('Trigger'));
	expect(triggers.length).toBeGreaterThan(5);
	for (const name of names) expect(text).toContain(name);
	for (const name of triggers) expect(section('A trigger does not fire')).toContain(name);
});

/** Statuses by which a provider says that it did not process a request. */
const notProcessed = (provider: Provider) =>
	Array.from({ length: 200 }, (_, place) => 400 + place).filter(
		(status) => provider.classify({ status, headers: {}, text: '' }).kind === 'notProcessed',
	);

test.each(['docs/on-call.md', 'docs/safety.md', 'docs/decisions.md'])(
	'%s names each status that says “not processed”, with its provider',
	(file) => {
		const providers = new Set(nodes.map(({ provider }) => provider));
		const named = [...providers].flatMap((provider) =>
			notProcessed(provider).map((status) => [provider.name, status] as const),
		);
		expect(named).toHaveLength(3);
		for (const [name, status] of named) {
			expect(textOf(file)).toMatch(new RegExp(`${name}'s ${status}\\b|\\b${status} of ${name}\\b`));
		}
	},
);

test('docs/safety.md tells success and refusal of every provider', () => {
	const [, table] = textOf('docs/safety.md').split('refusal and success look like:');
	for (const { provider } of nodes) expect(table).toMatch(new RegExp(`^\\| ${provider.name}\\b`, 'm'));
});
