import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { CredentialData, Engine, RunResult, WorkflowFile } from '../../test/engine';
import { cards, type RecordedRequest, type Simulator } from '../../test/simulator';
import type { Column } from './table';

/** How one example is run, and how its items, requests and books are written down. */
export interface Example {
	/** The workflow, in the folder above. */
	file: string;
	/** The trigger that starts it. */
	startNode: string;
	/** The trigger is a polling one of this package, and asks the provider what to start with. */
	polls?: true;
	itemsIn: Column[];
	itemIn(item: IDataObject): string[];
	itemsOut: Column[];
	itemOut(item: Item): string[];
	/** What names a failed item; its outcome and its text follow. */
	failed: Column;
	itemFailed(item: Item): string;
	/** What a request is about, in a few words. */
	content(request: RecordedRequest): string;
	/** What the providers know, entry by entry. */
	books(simulator: Simulator): Record<string, string>;
}

/** An item that came out of one of this package's nodes, and the item that it came from. */
export interface Item {
	node: string;
	from: IDataObject;
	json: IDataObject;
}

/** Cells, as they are printed. */
export interface Part {
	columns: Column[];
	rows: string[][];
}

/** What one run shows. */
export interface Account {
	itemsIn: Part;
	itemsOut: Part;
	failed: Part;
	requests: Part;
	books: Part;
}

/** The rows that a run should show. The text of a failure is left out. */
export type Expected = Record<Exclude<keyof Account, 'itemsIn'>, string[][]>;

const packagePrefix = 'n8n-nodes-messaging-credits.';
const providerNames = {
	click2mail: 'Click2Mail',
	clubTexting: 'Club Texting',
	ezTexting: 'EZ Texting',
	mailPartner: 'MailPartner',
};

/** The workflow of an example, as n8n exports it. */
export function readWorkflow(file: string): WorkflowFile {
	return JSON.parse(readFileSync(path.join(__dirname, '..', file), 'utf8')) as WorkflowFile;
}

/** Log-ins for the simulated providers and a sample card, by credential type. */
export function credentialsFor(simulator: Simulator): CredentialData {
	return {
		click2MailApi: simulator.click2mail.credentials,
		clubTextingApi: simulator.clubTexting.credentials,
		ezTextingApi: simulator.ezTexting.credentials,
		mailPartnerApi: simulator.mailPartner.credentials,
		paymentCardApi: cards.visa,
	};
}

/**
 * Runs an example as its file has it.
 *
 * @throws Error when the run stopped
 */
export async function run(example: Example, engine: Engine, simulator: Simulator): Promise<Account> {
	const arrived = simulator.requests.length;
	const before = example.books(simulator);
	const workflow = readWorkflow(example.file);
	const credentials = credentialsFor(simulator);
	const { startNode } = example;
	const items = example.polls && (await polled(engine, workflow, startNode, credentials));
	const result = await engine.run({ ...workflow, startNode, credentials, items });
	if (result.status !== 'success')
		throw new Error(result.error?.message ?? `The run ended: ${result.status}`);
	const after = example.books(simulator);

	return {
		itemsIn: {
			columns: example.itemsIn,
			rows: result.output(example.startNode).map(({ json }) => example.itemIn(json)),
		},
		itemsOut: {
			columns: example.itemsOut,
			rows: itemsOf(result, example, 0).map((item) => example.itemOut(item)),
		},
		failed: {
			columns: [example.failed, { title: 'outcome' }, { title: 'why' }],
			rows: itemsOf(result, example, 1).map((item) => [
				example.itemFailed(item),
				(item.json.details as { outcome: string }).outcome,
				String(item.json.error),
			]),
		},
		requests: {
			columns: [{ title: 'to' }, { title: 'request' }, { title: 'answer' }, { title: 'content' }],
			rows: simulator.requests
				.slice(arrived)
				.map((request) => [
					providerNames[request.provider],
					`${request.method} ${request.path}`,
					`HTTP ${request.answeredWith}`,
					example.content(request),
				]),
		},
		books: {
			columns: [{ title: 'entry' }, { title: 'before', right: true }, { title: 'after', right: true }],
			rows: Object.entries(after).map(([entry, value]) => [entry, before[entry] ?? '–', value]),
		},
	};
}

/** What a polling trigger finds. @throws Error when it would not start the workflow */
async function polled(
	engine: Engine,
	{ nodes }: WorkflowFile,
	name: string,
	credentials: CredentialData,
): Promise<INodeExecutionData[]> {
	const { type, parameters = {} } = nodes.find((node) => node.name === name)!;
	const found = await engine.testPoll(type, parameters, { credentials });
	if (!found) throw new Error(`${name} has found nothing to start with`);
	return found.flat();
}

/** The items of one branch of all nodes of this package but the trigger: 0 is success, 1 is failure. */
function itemsOf(result: RunResult, { startNode }: Example, branch: 0 | 1): Item[] {
	const start = result.output(startNode);
	return result.workflow.nodes
		.filter(({ type, name }) => type.startsWith(packagePrefix) && name !== startNode)
		.flatMap(({ name }) =>
			result.output(name, branch).map(({ json, pairedItem }) => ({
				node: name,
				from: start[(pairedItem as { item: number }).item]?.json ?? {},
				json,
			})),
		);
}

/** A part whose rows are not as they should be. */
export interface Difference {
	part: keyof Expected;
	should: string[];
	is: string[];
}

export function differences(account: Account, expected: Expected): Difference[] {
	const shown: Expected = {
		itemsOut: account.itemsOut.rows,
		failed: account.failed.rows.map((row) => row.slice(0, -1)),
		requests: account.requests.rows,
		books: account.books.rows,
	};
	const lines = (rows: string[][]): string[] => rows.map((row) => row.join(' | '));
	return (Object.keys(expected) as Array<keyof Expected>)
		.map((part) => ({ part, should: lines(expected[part]), is: lines(shown[part]) }))
		.filter(({ should, is }) => should.join('\n') !== is.join('\n'));
}
