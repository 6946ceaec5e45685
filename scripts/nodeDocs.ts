import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import type {
	ICredentialType,
	IDisplayOptions,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { ARCHITECTURE, architecturePage } from './architecture';

const root = path.resolve(__dirname, '..');
/** Reads a source file, whoever runs this one. */
const load = createRequire(__filename);

export interface NodePage {
	/** The node's name. */
	title: string;
	/** Such as “Credit: Buy”. */
	operations: string[];
	/** Below the repository's folder. */
	file: string;
	text: string;
	/** Fields that the notes name behind "Output:", by resource and operation; under '' for a node without operations. */
	outputs: Map<string, string[]>;
}

interface Notes {
	/** What stands before the first heading. */
	intro: string;
	/** Text by heading. */
	sections: Map<string, string>;
}

/** An operation as the editor shows it. */
interface Operation {
	/** By their names in workflows, e.g. `credit.purchase`. */
	path: string;
	title: string;
	resource: string;
	name: string;
	description: string;
	properties: INodeProperties[];
}

/**
 * The pages of all nodes that package.json lists, each made from the node's description and from what is written by hand
 * in `docs/nodes/notes/<node>.md`: its outputs and what else there is to say. A heading of the notes that names an
 * operation ("Message: Send") stands under that operation, any other one at the end.
 */
export async function nodePages(): Promise<NodePage[]> {
	const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
		name: string;
		n8n: { nodes: string[]; credentials: string[] };
	};
	const credentials = manifest.n8n.credentials.map((file) => instanceOf<ICredentialType>(file));
	const labels = new Map(credentials.map(({ name, displayName }) => [name, displayName]));
	return await Promise.all(
		manifest.n8n.nodes.map(async (file) => {
			const { description } = instanceOf<INodeType>(file);
			const written = path.join(root, `docs/nodes/notes/${description.name}.md`);
			const notes = notesIn(existsSync(written) ? await readFile(written, 'utf8') : '');
			return pageOf(manifest.name, description, labels, notes);
		}),
	);
}

/** @param file as package.json names it */
function instanceOf<T>(file: string): T {
	const source = path.join(root, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const className = path.basename(file).split('.')[0]!;
	const classes = load(source) as Record<string, new () => T>;
	return new classes[className]!();
}

function notesIn(text: string): Notes {
	const [intro, ...parts] = text.split(/^## /m);
	const sections = parts.map((part): [string, string] => {
		const [heading, ...lines] = part.split('\n');
		return [heading!.trim(), lines.join('\n').trim()];
	});
	return { intro: intro!.trim(), sections: new Map(sections) };
}

function pageOf(
	packageName: string,
	description: INodeTypeDescription,
	credentialLabels: Map<string, string>,
	notes: Notes,
): NodePage {
	const operations = operationsOf(description.properties);
	const hasOperations = operations.length > 0;
	const own = operations.map(({ title }) => title);
	const parts = [
		`<!-- Made by \`npm run docs\` from the node's description and from notes/${description.name}.md. Not edited by hand. -->`,
		`# ${description.displayName} node`,
		// A trigger's description is that of the node it belongs to, whose entry in the nodes panel it shares.
		...(description.group.includes('trigger') ? [] : [sentence(description.description)]),
		notes.intro,
		`In workflow files: \`${packageName}.${description.name}\`.${credentialsLine(description, credentialLabels)}`,
	];
	if (hasOperations) {
		const rows = operations.map(({ title, resource, name, description: text }) => [
			resource,
			`[${name}](#${anchorOf(title)})`,
			text,
		]);
		parts.push(table(['resource', 'operation', 'what it does'], rows));
	} else parts.push('## Parameters', fieldsOf(description.properties));
	const common = commonRows(operations);
	for (const { title, description: text, properties } of operations) {
		parts.push(`## ${title}`, sentence(text), fieldsOf(properties, common));
		const note = notes.sections.get(title);
		if (note) parts.push(note);
	}
	if (common.size > 0) parts.push(`## ${COMMON}`, commonTable(operations, common));
	for (const [heading, text] of notes.sections) if (!own.includes(heading)) parts.push(`## ${heading}`, text);

	const outputs = new Map(
		operations.map(({ path, title }) => [path, outputsIn(notes.sections.get(title) ?? '')]),
	);
	if (!hasOperations) outputs.set('', outputsIn([notes.intro, ...notes.sections.values()].join('\n')));
	const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
	const file = `docs/nodes/${description.name}.md`;
	return { title: description.displayName, operations: own, file, text, outputs };
}

function outputsIn(notes: string): string[] {
	const [line = ''] = /^Output\b.*:.*$/m.exec(notes) ?? [];
	return [...line.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
}

/** The operations of a node by its dropdowns "Resource" and "Operation"; none for a node without them. */
function operationsOf(properties: INodeProperties[]): Operation[] {
	const resources = choicesOf(properties.find(({ name }) => name === 'resource'));
	return resources.flatMap((resource) => {
		const shownFor = (property: INodeProperties, operation?: string) =>
			isShown(property, 'resource', resource.value) &&
			(operation === undefined || isShown(property, 'operation', operation));
		const dropdown = properties.find((property) => property.name === 'operation' && shownFor(property));
		return choicesOf(dropdown).map((option) => ({
			path: `${resource.value}.${option.value}`,
			title: `${resource.name}: ${option.name}`,
			resource: resource.name,
			name: option.name,
			description: option.description ?? '',
			properties: properties.filter(
				(property) =>
					!['resource', 'operation'].includes(property.name) && shownFor(property, String(option.value)),
			),
		}));
	});
}

function isShown({ displayOptions }: INodeProperties, name: string, value: unknown): boolean {
	const shown = displayOptions?.show?.[name] as unknown[] | undefined;
	const hidden = displayOptions?.hide?.[name] as unknown[] | undefined;
	return (shown?.includes(value) ?? true) && !hidden?.includes(value);
}

function choicesOf(property: INodeProperties | undefined): INodePropertyOptions[] {
	return ((property?.options ?? []) as INodePropertyOptions[]).filter((option) => 'value' in option);
}

function credentialsLine(
	{ credentials = [], properties }: INodeTypeDescription,
	labels: Map<string, string>,
): string {
	if (credentials.length === 0) return '';
	const links = credentials.map(({ name, displayOptions }) => {
		const label = labels.get(name) ?? name;
		const needed = conditionsOf(displayOptions, properties);
		const when = needed.length === 0 ? '' : ` (${needed.join('; ')})`;
		return `[${label}](../credentials.md#${anchorOf(label)})${when}`;
	});
	return ` Credentials: ${links.join(', ')}.`;
}

/** Notices, then a table of fields; those of a collection under its name. What many operations have is only named. */
function fieldsOf(properties: INodeProperties[], common: Set<string> = new Set()): string {
	const notices = properties
		// What a tool's form alone shows is on the page about tools.
		.filter(({ type, displayOptions }) => type === 'notice' && !displayOptions?.show?.['@tool'])
		.map(({ displayName }) => `> ${markdown(displayName)}`);
	const rows = allRowsOf(properties);
	const fields = rows.filter((row) => !common.has(row.join()));
	const others = rows
		.filter((row) => common.has(row.join()))
		.map(([label]) => label!.replace('Options → ', ''));
	return [
		...notices,
		fields.length === 0 ? '' : table(COLUMNS, fields),
		others.length === 0 ? '' : `Also, [explained once](#${anchorOf(COMMON)}): ${others.join(', ')}.`,
	]
		.filter((part) => part !== '')
		.join('\n\n');
}

const COLUMNS = ['field', 'name', 'type', 'default', 'what it is'];
const COMMON = 'Options of several operations';
/** From how many operations on an option is explained once for all of them. */
const MANY = 3;

const allRowsOf = (properties: INodeProperties[]) =>
	oncePerName(properties).flatMap((property) => rowsOf(property, properties));

/** Rows of options that stand word for word under many operations. */
function commonRows(operations: Operation[]): Set<string> {
	const options = operations.flatMap(({ properties }) =>
		allRowsOf(properties)
			.filter(([label]) => label!.startsWith('_Options → '))
			.map((row) => row.join()),
	);
	return new Set(options.filter((row) => options.filter((other) => other === row).length >= MANY));
}

/** One row for each option; where what acts and what only reads differ in it, it says both. */
function commonTable(operations: Operation[], common: Set<string>): string {
	const byName = new Map<string, { row: string[]; texts: Map<string, Set<boolean>> }>();
	for (const { properties } of operations) {
		const acts = properties.some(({ name }) => name === 'dryRun');
		for (const row of allRowsOf(properties).filter((one) => common.has(one.join()))) {
			const known = byName.get(row[1]!) ?? { row, texts: new Map<string, Set<boolean>>() };
			byName.set(row[1]!, known);
			const text = row.at(-1)!;
			known.texts.set(text, (known.texts.get(text) ?? new Set()).add(acts));
		}
	}
	const rows = [...byName.values()].map(({ row, texts }) => {
		const said = [...texts].map(([text, who]) =>
			texts.size === 1 ? text : `${[...who].map(whose).join(' and ')}: ${text}`,
		);
		return [...row.slice(0, -1), said.join('<br>')];
	});
	return table(
		COLUMNS,
		rows.sort(([one], [other]) => (one! < other! ? -1 : 1)),
	);
}

const whose = (acts: boolean) => (acts ? 'What acts' : 'What only reads');

/** A field that is required in some cases only stands in the description twice. */
function oncePerName(properties: INodeProperties[]): INodeProperties[] {
	const names = [...new Set(properties.map(({ name }) => name))];
	return names.map((name) => {
		const [first, ...others] = properties.filter((property) => property.name === name);
		return others.length === 0 ? first! : { ...first!, required: false, displayOptions: {} };
	});
}

function rowsOf(
	property: INodeProperties,
	siblings: INodeProperties[],
	labels: string[] = [],
	names: string[] = [],
): string[][] {
	const { displayName, name, type, options = [] } = property;
	if (['credentials', 'hidden', 'notice'].includes(type)) return [];
	const [allLabels, allNames] = [
		[...labels, displayName],
		[...names, name],
	];
	if (type === 'collection') {
		const entries = options as INodeProperties[];
		const rows = entries.flatMap((entry) => rowsOf(entry, entries, allLabels, allNames));
		return labels.length === 0 ? rows : [rowOf(property, siblings, allLabels, allNames), ...rows];
	}
	if (type === 'fixedCollection') {
		return (options as INodePropertyCollection[]).flatMap(({ name: group, values }) =>
			values.flatMap((entry) => rowsOf(entry, values, allLabels, [...allNames, group])),
		);
	}
	return [rowOf(property, siblings, allLabels, allNames)];
}

function rowOf(
	property: INodeProperties,
	siblings: INodeProperties[],
	labels: string[],
	names: string[],
): string[] {
	const label = labels.length === 1 ? `**${labels[0]}**` : `_${labels.join(' → ')}_`;
	return [label, `\`${names.join('.')}\``, typeOf(property), defaultOf(property), helpOf(property, siblings)];
}

const TYPES: Partial<Record<INodeProperties['type'], string>> = {
	string: 'text',
	boolean: 'switch',
	options: 'choice',
	multiOptions: 'choices',
	dateTime: 'date and time',
	resourceLocator: 'one of a list',
	collection: 'fields',
};

function typeOf({ type, typeOptions }: INodeProperties): string {
	if (type === 'string' && typeOptions?.password) return 'secret text';
	const { minValue: least, maxValue: most } = typeOptions ?? {};
	const range =
		least !== undefined && most !== undefined
			? ` from ${grouped(least)} to ${grouped(most)}`
			: least !== undefined
				? ` from ${grouped(least)}`
				: '';
	return `${TYPES[type] ?? type}${range}`;
}

function defaultOf(property: INodeProperties): string {
	const { type, default: value, required, modes = [] } = property;
	const nameOf = (chosen: unknown) =>
		choicesOf(property).find((option) => option.value === chosen)?.name ?? String(chosen);
	if (type === 'boolean') return value ? 'on' : 'off';
	if (type === 'multiOptions' && Array.isArray(value)) return value.map(nameOf).join(', ') || 'empty';
	if (type === 'options' && value !== '') return nameOf(value);
	if (type === 'resourceLocator') {
		const { mode } = value as { mode: string };
		return modes.find(({ name }) => name === mode)?.displayName ?? mode;
	}
	if (typeof value === 'number') return grouped(value);
	if (type === 'collection') return 'empty';
	if (value === '') return required ? 'none; required' : 'empty';
	return markdown(String(value));
}

/** The help, the choices, and what has to be set for the field to be there. */
function helpOf(property: INodeProperties, siblings: INodeProperties[]): string {
	const { description = '', modes = [], type, displayOptions } = property;
	const choices = ['options', 'multiOptions'].includes(type) ? choicesOf(property) : [];
	const values = choices.map(
		({ name, value, description: text }) =>
			`_${name}_ (\`${String(value)}\`)${text ? `: ${markdown(text)}` : ''}`,
	);
	const ways = modes.map(
		({ displayName, name, hint }) => `_${displayName}_ (\`${name}\`)${hint ? `: ${markdown(hint)}` : ''}`,
	);
	const conditions = conditionsOf(displayOptions, siblings, ['resource', 'operation']).map(
		(condition) => `Only with ${condition}`,
	);
	return [markdown(description), ...values, ...ways, ...conditions]
		.filter((line) => line !== '')
		.join('<br>');
}

/**
 * What has to be set for a field to be shown, such as "Payment Method: Stored Card".
 *
 * @param understood names of parameters that need not be said
 */
function conditionsOf(
	options: IDisplayOptions | undefined,
	properties: INodeProperties[],
	understood: string[] = [],
): string[] {
	return Object.entries(options?.show ?? {})
		.filter(([name]) => name !== '@version' && !understood.includes(name))
		.map(([written, wanted = []]) => {
			const fields = properties.filter(({ name }) => name === written.replace(/^\//, ''));
			const shown = wanted.map((value) => {
				if (typeof value === 'boolean') return value ? 'on' : 'off';
				const choice = fields.flatMap(choicesOf).find((option) => option.value === value);
				return choice?.name ?? JSON.stringify(value);
			});
			return `${fields[0]?.displayName ?? written}: ${shown.join(' or ')}`;
		});
}

function table(head: string[], rows: string[][]): string {
	const line = (cells: string[]) =>
		`| ${cells.map((cell) => cell.replaceAll('|', '\\|') || '–').join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text of n8n's editor, which may hold links and bold words in HTML. */
function markdown(text: string): string {
	return text
		.replace(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs, '[$2]($1)')
		.replace(/<\/?(?:b|strong)>/g, '**')
		.replaceAll('<', '&lt;')
		.replace(/\s*\n\s*/g, ' ');
}

const sentence = (text: string) => markdown(text).replace(/([^.!?])$/, '$1.');

const grouped = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 10 });

/** As GitHub makes it of a heading. */
export function anchorOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N} _-]/gu, '')
		.replaceAll(' ', '-');
}

/** `npm run docs` */
async function main(): Promise<void> {
	await mkdir(path.join(root, 'docs/nodes'), { recursive: true });
	for (const { file, text, outputs } of await nodePages()) {
		await writeFile(path.join(root, file), text);
		console.log(file);
		for (const [operation, fields] of outputs) {
			if (fields.length > 0) continue;
			console.error(
				`${file.replace('nodes/', 'nodes/notes/')} has no "Output: …" of ${operation || 'the node'}`,
			);
			process.exitCode = 1;
		}
	}
	await writeFile(path.join(root, ARCHITECTURE), architecturePage());
	console.log(ARCHITECTURE);
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
}
