import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { INode } from 'n8n-workflow';

const root = path.resolve(__dirname, '..');
const combined = 'n8n-nodes-messaging-credits';
const builtIn = 'n8n-nodes-base.';

/** A workflow as n8n exports it. */
export interface ExampleWorkflow {
	id: string;
	name: string;
	nodes: INode[];
	connections: Record<string, { main: Array<Array<{ node: string }> | null> }>;
	pinData: Record<string, unknown[]>;
	[field: string]: unknown;
}

export interface PackageExample {
	/** Below the project, such as `packages/n8n-nodes-click2mail/examples/keep-balances.json`. */
	file: string;
	workflow: ExampleWorkflow;
}

interface Package {
	name: string;
	/** Its node types, without the package's name. */
	types: string[];
}

/** The examples of every package of one service, made of those in `examples/` and of the gallery below it. */
export function packageExamples(): PackageExample[] {
	const sources = workflowsIn('.').map((file) => path.relative('examples', file));
	return packages().flatMap((target) =>
		sources.flatMap((file) => {
			const text = readFileSync(path.join(root, 'examples', file), 'utf8');
			const workflow = exampleFor(target, JSON.parse(text) as ExampleWorkflow);
			return workflow ? [{ file: `packages/${target.name}/examples/${file}`, workflow }] : [];
		}),
	);
}

/** The workflows in the `examples/` of a folder, with those of the gallery below it; all below the project. */
export function workflowsIn(folder: string): string[] {
	return ['', 'workflows'].flatMap((below) => {
		const at = path.join(folder, 'examples', below);
		const files = existsSync(path.join(root, at)) ? readdirSync(path.join(root, at)) : [];
		return files.filter((file) => file.endsWith('.json')).map((file) => path.join(at, file));
	});
}

function packages(): Package[] {
	const folder = path.join(root, 'packages');
	return readdirSync(folder)
		.filter((name) => existsSync(path.join(folder, name, 'package.json')))
		.map((name) => {
			const text = readFileSync(path.join(folder, name, 'package.json'), 'utf8');
			const { n8n } = JSON.parse(text) as { n8n: { nodes: string[] } };
			return { name, types: n8n.nodes.map(typeOf) };
		});
}

/** `dist/nodes/ClubTexting/ClubTexting.node.js` holds the type `clubTexting`. */
function typeOf(file: string): string {
	const className = path.basename(file, '.node.js');
	return className.charAt(0).toLowerCase() + className.slice(1);
}

/**
 * The example with the package's own node types. Nodes of other services are left out where each of them stands beside
 * the package's own, not before or behind one; what the notes say of them is left out too, line by line.
 *
 * @returns undefined where the example is none without the other services
 */
export function exampleFor(target: Package, source: ExampleWorkflow): ExampleWorkflow | undefined {
	const isOwn = ({ type }: INode) => target.types.includes(type.replace(`${combined}.`, ''));
	const strangers = source.nodes.filter((node) => !node.type.startsWith(builtIn) && !isOwn(node));
	const own = source.nodes.filter((node) => !node.type.startsWith(builtIn) && isOwn(node));
	const neighbours = strangers.flatMap(({ name }) => neighboursOf(source, name));
	if (own.length === 0 || own.some(({ name }) => neighbours.includes(name))) return undefined;

	const services = servicesOf(strangers, own);
	const left = strangers.map(({ name }) => name);
	const nodes = source.nodes
		.filter(({ name }) => !left.includes(name))
		.map((node) => withoutLinesOn(services, node))
		.map((node) => ({ ...node, type: node.type.replace(`${combined}.`, `${target.name}.`) }));
	return { ...source, id: idFor(target, source), nodes, connections: without(left, source.connections) };
}

function neighboursOf({ connections }: ExampleWorkflow, name: string): string[] {
	const behind = (from: string) => (connections[from]?.main ?? []).flatMap((branch) => branch ?? []);
	const before = Object.keys(connections).filter((from) => behind(from).some(({ node }) => node === name));
	return [...before, ...behind(name).map(({ node }) => node)];
}

/** What notes call the services that are left out: `Club Texting`, of the credential `Club Texting account`. */
function servicesOf(strangers: INode[], own: INode[]): string[] {
	const names = (nodes: INode[]) =>
		nodes.flatMap(({ credentials = {} }) =>
			Object.values(credentials).map(({ name }) => name.replace(/ account$/, '')),
		);
	return names(strangers).filter((name) => !names(own).includes(name));
}

function withoutLinesOn(services: string[], node: INode): INode {
	const { content } = node.parameters;
	if (typeof content !== 'string') return node;
	const lines = content.split('\n').filter((line) => !services.some((service) => line.includes(service)));
	return { ...node, parameters: { ...node.parameters, content: lines.join('\n') } };
}

function without(names: string[], connections: ExampleWorkflow['connections']) {
	const kept = Object.entries(connections).filter(([from]) => !names.includes(from));
	return Object.fromEntries(
		kept.map(([from, { main }]) => [
			from,
			{ main: main.map((branch) => (branch ?? []).filter(({ node }) => !names.includes(node))) },
		]),
	);
}

/** Its own, so that importing it replaces no workflow of another package. */
function idFor(target: Package, { id }: ExampleWorkflow): string {
	return createHash('sha256').update(`${target.name} ${id}`).digest('hex').slice(0, 16);
}

/** As Prettier writes it, which is an ES module and loaded only here. */
async function formatted(file: string, workflow: ExampleWorkflow): Promise<string> {
	const { format, resolveConfig } = await import('prettier');
	const filepath = path.join(root, file);
	return await format(JSON.stringify(workflow, null, '\t'), {
		...(await resolveConfig(filepath)),
		filepath,
	});
}

/** `npm run examples` */
async function main(): Promise<void> {
	for (const { name } of packages())
		await rm(path.join(root, 'packages', name, 'examples'), { recursive: true, force: true });
	for (const { file, workflow } of packageExamples()) {
		await mkdir(path.dirname(path.join(root, file)), { recursive: true });
		await writeFile(path.join(root, file), await formatted(file, workflow));
		console.log(file);
	}
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
}
