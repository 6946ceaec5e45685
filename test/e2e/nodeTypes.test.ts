import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';

import { type Bed, openBed, packageName } from './bed';
import { getFile } from './rest';

/** What n8n lists of the package: in the nodes panel, for the credential dialog, for AI agents. */
let bed: Bed;
let nodeTypes: INodeTypeDescription[];
let credentialTypes: Array<ICredentialType & { supportedNodes?: string[] }>;

beforeAll(async () => {
	bed = await openBed('node-types');
	const ours = <T extends { name: string }>(all: T[], prefix: string) =>
		all.filter(({ name }) => name.startsWith(prefix));
	nodeTypes = ours(
		(await (await getFile(bed.rest, '/types/nodes.json')).json()) as INodeTypeDescription[],
		`${packageName}.`,
	);
	const credentials = (await (
		await getFile(bed.rest, '/types/credentials.json')
	).json()) as typeof credentialTypes;
	credentialTypes = credentials.filter(({ name }) => name in bed.credentials);
});
afterAll(async () => {
	await bed.close();
});

const actions = ['click2Mail', 'click2MailCredit', 'clubTexting', 'ezTexting', 'mailPartnerSubaccount'];
const triggers = [
	'click2MailCreditTrigger',
	'clubTextingCreditTrigger',
	'clubTextingPollingTrigger',
	'clubTextingTrigger',
	'ezTextingCreditTrigger',
	'ezTextingTrigger',
	'mailPartnerSubaccountTrigger',
];

test('every node type, and each action node as a tool for AI agents too', () => {
	const expected = [...actions, ...actions.map((name) => `${name}Tool`), ...triggers];
	expect(nodeTypes.map(({ name }) => name).sort()).toEqual(
		expected.map((name) => `${packageName}.${name}`).sort(),
	);
});

test('every credential type, with the nodes that take it', () => {
	const takers = Object.fromEntries(
		credentialTypes.map(({ name, supportedNodes = [] }) => [
			name,
			supportedNodes
				.map((node) => node.replace(`${packageName}.`, ''))
				.filter((node) => !node.endsWith('Tool'))
				.sort(),
		]),
	);
	expect(takers).toEqual({
		click2MailApi: ['click2Mail', 'click2MailCredit', 'click2MailCreditTrigger'],
		clubTextingApi: ['clubTexting', 'clubTextingCreditTrigger', 'clubTextingPollingTrigger'],
		ezTextingApi: ['ezTexting', 'ezTextingCreditTrigger', 'ezTextingTrigger'],
		mailPartnerApi: ['mailPartnerSubaccount', 'mailPartnerSubaccountTrigger'],
		paymentCardApi: ['click2MailCredit', 'clubTexting'],
	});
});

test('two icons for every node and credential, different and drawn', async () => {
	for (const { name, iconUrl } of [...nodeTypes, ...credentialTypes]) {
		if (typeof iconUrl !== 'object') throw new Error(`${name} has no pair of icons`);
		const pictures = await Promise.all(
			[iconUrl.light, iconUrl.dark].map(async (url) => {
				const answer = await getFile(bed.rest, `/${url}`);
				expect(answer.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
				return await answer.text();
			}),
		);
		expect(pictures[0]).toContain('<svg');
		expect(pictures[0]).not.toBe(pictures[1]);
	}
});

test('every node is found in a category, with a link to its documentation', () => {
	for (const { name, codex } of nodeTypes.filter(({ name }) => !name.endsWith('Tool'))) {
		const { categories = [], resources = {} } = codex ?? {};
		expect([name, categories.length > 0]).toEqual([name, true]);
		expect([name, Object.keys(resources)]).toEqual([name, expect.arrayContaining(['primaryDocumentation'])]);
	}
});

test("n8n's command line lists the same types without a server", async () => {
	const file = path.join(bed.n8n.folder, 'nodes.json');
	await bed.n8n.command(['export:nodes', `--output=${file}`]);
	const exported = JSON.parse(await readFile(file, 'utf8')) as Array<{ name: string }>;
	const ours = exported.map(({ name }) => name).filter((name) => name.startsWith(`${packageName}.`));
	expect(ours.sort()).toEqual(nodeTypes.map(({ name }) => name).sort());
});
