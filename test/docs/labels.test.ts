import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType, INodePropertyOptions } from 'n8n-workflow';
import manifest from '../../package.json';
import { nodePages, type NodePage } from '../../scripts/nodeDocs';

/** What the documents call by its label in the form has that label there today. */
const root = path.join(__dirname, '../..');
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** The table of wire facts names pages of the providers in this way. */
const documents = [
	...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md'],
	...['docs', 'docs/nodes'].flatMap((folder) =>
		readdirSync(path.join(root, folder))
			.filter((file) => file.endsWith('.md') && file !== 'wire-facts.md')
			.map((file) => `${folder}/${file}`),
	),
	...readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}/README.md`),
];

/** n8n's own words, its nodes', and those of the providers' pages. */
const ELSEWHERE = new Set([
	...['Active', 'Community nodes', 'Import', 'From file', 'Install', 'Install a community node', 'Settings'],
	...['On Error', 'Continue', 'Continue (using error output)', 'Stop Workflow', 'Retry On Fail', 'Retry'],
	...['Credentials', 'the credential', 'Executions', 'Execute step', 'Execution Order', 'Poll Times'],
	...['Resource', 'Operation', 'Trigger', 'Execute Sub-workflow', 'HTTP Request', 'Split Out'],
	...['Read/Write Files from Disk', 'On Hold', 'Wait for Response From My Server', 'Unreleased', 'Docker'],
	'API access is not switched on',
]);

/** Labels of credentials, and how n8n names a new one. */
function labelsOfCredentials(): string[] {
	return manifest.n8n.credentials.flatMap((file) => {
		const source = path.join(root, file.replace(/^dist\/(.*)\.js$/, '$1'));
		const classes = jest.requireActual<Record<string, new () => ICredentialType>>(source);
		const { displayName, properties } = new classes[path.basename(file).split('.')[0]!]!();
		const choices = properties.flatMap(({ options = [] }) => options as INodePropertyOptions[]);
		return [
			...[displayName, displayName.replace(/API$/, 'account')],
			...[...properties.map((field) => field.displayName), ...choices.map(({ name }) => name)],
		];
	});
}

/** Labels of fields, with and without their unit, of choices, of resources and operations. */
function labelsOn({ title, operations, text }: NodePage): string[] {
	const fields = [...text.matchAll(/^\| (?:\*\*|_)(.+?)(?:\*\*|_) \| `/gm)].flatMap(([, label]) =>
		label!.split(' → '),
	);
	return [
		...[title, ...fields, ...operations, ...operations.flatMap((name) => name.split(': '))],
		...fields.map((label) => label.replace(/ \([^)]*\)$/, '')),
		...[...text.matchAll(/_([^_\n]+)_ \(`/g)].map(([, choice]) => choice!),
	];
}

/** A path such as "Options → Timeout", or operations such as "Credit: Buy, Top Up", part by part. */
function partsOf(label: string): string[] {
	let resource = '';
	return label.split(/ → |, /).map((part) => {
		if (!part.includes(': ') && resource !== '') return `${resource}: ${part}`;
		[resource] = part.includes(': ') ? (part.split(': ') as [string]) : [''];
		return part;
	});
}

test('a label that a document names is one of a form, or of n8n itself', async () => {
	const known = new Set([...(await nodePages()).flatMap(labelsOn), ...labelsOfCredentials(), ...ELSEWHERE]);
	const resources = new Set(
		[...known].filter((label) => label.includes(': ')).map((label) => label.split(': ')[0]!),
	);
	// Beside operations, a choice of a field is named so.
	const isChoice = ([field, choice]: string[]) =>
		choice !== undefined && !resources.has(field!) && known.has(field!) && known.has(choice);
	const isKnown = (part: string) => known.has(part) || isChoice(part.split(': '));
	const told = documents.flatMap((file) => {
		const text = textOf(file).replace(/^```.*?^```/gms, '');
		const named = text.matchAll(
			/(?<![\w`/])_([A-Z][^_\n`]{0,60}?)_(?!\w)|(?<=[\w,(] )\*\*([A-Z][^*\n`]{0,60}?)\*\*/g,
		);
		return [...named].map(([, inItalics, bold]) => ({ file, label: (inItalics ?? bold)! }));
	});
	expect(told.length).toBeGreaterThan(500);
	expect(told.filter(({ label }) => !partsOf(label).every(isKnown))).toEqual([]);
});
