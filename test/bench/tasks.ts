import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { IDataDeduplicator, IDataObject, INodeType } from 'n8n-workflow';
import { itemsOf, timed, type Bench, type Cost, type Evaluator } from './engine';
import { bareClient, least } from './floor';
import { freeMarks, openTable } from './marks';
import { inTurns, metered, ratios, spread, type Spread } from './measure';
import { openAll } from './nodes';
import { profiled, type Share } from './profile';
import {
	CLUB_TEXTING,
	IN_BATCHES,
	customers,
	httpRequest,
	ours,
	pages,
	PERSONAL_TEXT,
	type Addresses,
	type Counted,
	type Wiring,
	type Rivalled,
} from './work';

/** What a task works with. */
export interface Tools {
	to: Addresses;
	/** Says what the simulator counted since the last call, and sets its books back. */
	count(): Promise<Counted>;
	report(line: string): void;
	/** Part of the full sizes, for a try. */
	scale: number;
	turns: number;
}

const require = createRequire(__filename);

interface Expected {
	requests: number;
	/** What comes out. */
	items: number;
	/** Messages in the provider's books, each to somebody else. */
	different?: number;
}

/** Runs a node and holds what came out against what should have. */
async function checked(
	bench: Bench,
	{ count }: Tools,
	wiring: Wiring,
	items: IDataObject[],
	expected: Expected,
	marks: IDataDeduplicator = freeMarks(),
): Promise<Cost & { journal: number }> {
	await count();
	const { result, ...cost } = await bench.run(wiring, items, marks);
	const given = itemsOf(result).length;
	const { different } = await count();
	const journal = JSON.stringify(result.contextData['node:Node'] ?? {}).length;
	const found = { requests: cost.requests, items: given, ...(expected.different && { different }) };
	if (JSON.stringify(found) !== JSON.stringify(expected)) {
		throw new Error(`${wiring.type}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
	}
	return { ...cost, journal };
}

export interface Campaign {
	recipients: number;
	ours: number;
	theirs: number;
}

/** Requests for one text to many people, one item each. */
export async function campaign(tools: Tools): Promise<Campaign> {
	const { to, scale } = tools;
	const { bench } = await openAll();
	const recipients = 10_000 * scale;
	const items = customers(recipients);
	const sent = async (wiring: Wiring, requests: number) =>
		(await checked(bench, tools, wiring, items, { requests, items: recipients, different: recipients }))
			.requests;
	return {
		recipients,
		ours: await sent(ours('campaign', to), Math.ceil(recipients / 40)),
		theirs: await sent(httpRequest('campaign', to), recipients),
	};
}

/** Both sides of one row of the table; processor time of one message or one reading, in µs. */
export interface Compared {
	ours: Spread;
	theirs: Spread;
	ratio: Spread;
}

/**
 * Who sends the same messages beside this package with its requests overlapping: n8n's HTTP Request node as it is, and
 * one after another; a node that does the least; a bare client with a connection for each request, and with one that is
 * kept. `stopping` is this package one after another, beside the HTTP Request node.
 */
export type Rival = 'theirs' | 'single' | 'least' | 'connecting' | 'kept' | 'stopping';

/** The HTTP Request node's nearest to one after another. */
const ONE_BY_ONE = { batching: { batch: { batchSize: 1, batchInterval: 1 } } };

const compared = (a: Cost[], b: Cost[], per: number): Compared => {
	const processor = (costs: Cost[]) => costs.map((cost) => cost.processor / per);
	return {
		ours: spread(processor(a)),
		theirs: spread(processor(b)),
		ratio: ratios(processor(a), processor(b)),
	};
};

/** Processor time of personalised messages, beside each rival; all in this one process. */
export async function messages(
	tools: Tools,
	{ evaluator, rivals }: { evaluator: Evaluator; rivals: Rival[] },
): Promise<Partial<Record<Rival, Compared>>> {
	const { to, scale, turns, report } = tools;
	const { bench } = await openAll({}, evaluator);
	const count = 5000 * scale;
	const items = customers(count);
	const expected = { requests: count, items: count, different: count };
	const node = (wiring: Wiring) => async () => checked(bench, tools, wiring, items, expected);
	const bare = (keepAlive: boolean) => async () => {
		await tools.count();
		const cost = await bareClient(to, items.map(personal), keepAlive);
		const { different } = await tools.count();
		if (different !== count) throw new Error(`The bare client sent ${different} of ${count} messages`);
		return cost;
	};
	const own = ours('messages', to);
	const all: Record<Rival, () => Promise<Cost>> = {
		theirs: node(httpRequest('messages', to)),
		single: node(httpRequest('messages', to, ONE_BY_ONE)),
		least: node(least(to)),
		connecting: bare(false),
		kept: bare(true),
		stopping: node(own),
	};
	const contenders = Object.fromEntries(rivals.map((rival) => [rival, all[rival]]));
	const overlapping = node({ ...own, onError: 'continueRegularOutput' });
	const runs = await inTurns<string, Cost>({ ours: overlapping, ...contenders }, turns, report);
	const beside = (rival: Rival): Compared =>
		rival === 'stopping'
			? compared(runs.stopping!, runs.theirs!, count)
			: compared(runs.ours!, runs[rival]!, count);
	return Object.fromEntries(rivals.map((rival) => [rival, beside(rival)]));
}

/** The text that the expression gives for an item. */
function personal({ phone, firstName, parcel, until }: IDataObject): { phone: string; text: string } {
	const text = PERSONAL_TEXT.slice(1)
		.replace('{{ $json.firstName }}', String(firstName))
		.replace('{{ $json.parcel }}', String(parcel))
		.replace('{{ $json.until }}', String(until));
	return { phone: String(phone), text };
}

/**
 * Balances where a failure stops nothing, and where the first one stops the run; all pages of a list for one item, and a
 * page, the same, for each of many.
 */
export type Reading = 'balances' | 'balancesStopping' | 'allPages' | 'pages';

/** Processor time of one reading, beside n8n's HTTP Request node; all in this one process. */
export async function readings(tools: Tools): Promise<Record<Reading, Compared>> {
	const { to, scale, turns, report } = tools;
	const { bench } = await openAll();
	/** @param expected of this package, then of the HTTP Request node; its requests are the readings */
	const read = async (
		work: Rivalled,
		items: number,
		expected: [Expected, Expected],
		mode: Pick<Wiring, 'onError'> = {},
	) => {
		report(work);
		const side = (wiring: Wiring, found: Expected) => async () =>
			checked(bench, tools, { ...wiring, ...mode }, pages(items), found);
		const runs = await inTurns<'ours' | 'theirs', Cost>(
			{ ours: side(ours(work, to), expected[0]), theirs: side(httpRequest(work, to), expected[1]) },
			turns,
			report,
		);
		return compared(runs.ours, runs.theirs, expected[1].requests);
	};
	const count = 2000 * scale;
	const each = { requests: count, items: count };
	return {
		balances: await read('balances', count, [each, each], { onError: 'continueRegularOutput' }),
		balancesStopping: await read('balances', count, [each, each]),
		allPages: await read('allPages', 1, [
			{ requests: 2000, items: 40_000 },
			{ requests: 2000, items: 2000 },
		]),
		// The same page, which this package reads once in a run.
		pages: await read('pages', count, [{ requests: 1, items: count * 20 }, each]),
	};
}

export interface Planning {
	items: number;
	/** What n8n's reading of the parameters takes, in µs for each item. */
	reading: Spread;
	/** What our own code takes. */
	own: Spread;
}

/** A dry run of personalised messages: n8n reads the parameters, and the rest of the node's time is our own code's. */
export async function planning({ to, scale, turns, report }: Tools): Promise<Planning> {
	const { nodes } = await openAll();
	const { type, spent } = timed(nodes[CLUB_TEXTING] as INodeType);
	const { bench } = await openAll({ 'bench.plan': type });

	const count = 50_000 * scale;
	const items = customers(count);
	const wiring = { ...ours('messages', to, { dryRun: true }), type: 'bench.plan' };
	const run = async () => {
		const { result, requests } = await bench.run(wiring, items, freeMarks());
		const planned = itemsOf(result).filter(({ json }) => json.dryRun === true).length;
		if (requests !== 0 || planned !== count) throw new Error('This was no dry run');
		return spent();
	};
	const { runs } = await inTurns({ runs: run }, turns, report);
	return {
		items: count,
		reading: spread(runs.map(({ reading }) => reading / count)),
		own: spread(runs.map(({ own }) => own / count)),
	};
}

export interface Growth {
	sizes: Array<{
		items: number;
		/** In µs of processor time for each item. */
		time: Spread;
		/** Bytes of the journal, as JSON, for each item. */
		journal: number;
	}>;
}

/** What one more item costs when there are many already; each text goes out by itself, or all share one text. */
export async function growth(tools: Tools, work: 'messages' | 'campaign'): Promise<Growth> {
	const { to, scale, turns, report } = tools;
	const { bench } = await openAll();
	const sizes = [1000, 10_000, 50_000].map((size) => size * scale);
	const run = async (size: number) =>
		checked(bench, tools, ours(work, to), customers(size), {
			requests: work === 'messages' ? size : Math.ceil(size / 40),
			items: size,
			different: size,
		});
	const contenders = Object.fromEntries(sizes.map((size) => [String(size), async () => run(size)]));
	const runs = await inTurns<string, Cost & { journal: number }>(contenders, turns, report);
	return {
		sizes: sizes.map((items) => ({
			items,
			time: spread(runs[String(items)]!.map(({ processor }) => processor / items)),
			journal: runs[String(items)]![0]!.journal / items,
		})),
	};
}

export interface Memory {
	/** In bytes. */
	peak: number;
	/** Before the items were made. */
	before: number;
}

/** The most memory a process held that ran one node over 50,000 items. */
export async function memory(tools: Tools, side: 'ours' | 'theirs'): Promise<Memory> {
	const { to, scale } = tools;
	const { bench } = await openAll();
	const before = process.resourceUsage().maxRSS * 1024;
	const count = 50_000 * scale;
	// All at once would be more connections than a machine has ports.
	const wiring = side === 'ours' ? ours('messages', to) : httpRequest('messages', to, IN_BATCHES);
	await checked(bench, tools, wiring, customers(count), { requests: count, items: count });
	return { peak: process.resourceUsage().maxRSS * 1024, before };
}

/** Where the time of the personalised messages goes. */
export async function profile(tools: Tools): Promise<{ shares: Share[]; perItem: number }> {
	const { to, scale } = tools;
	const { bench } = await openAll();
	const count = 5000 * scale;
	const run = async () =>
		checked(bench, tools, ours('messages', to), customers(count), { requests: count, items: count });
	await run();
	let cost: Cost | undefined;
	const shares = await profiled(async () => {
		cost = await run();
	}, ownerOf);
	return { shares, perItem: cost!.processor / count };
}

const owners: Array<[RegExp, string]> = [
	[/\/package\/dist\//, 'this package'],
	[
		/\/(n8n-workflow|@n8n\/tournament|@n8n\/expression-runtime|luxon|jmespath|esprima-next|recast)\//,
		'n8n: expressions',
	],
	[/\/(axios|form-data|qs|follow-redirects|proxy-from-env)\//, 'axios'],
	[/\/(n8n-core|@n8n\/[^/]+|lodash|p-cancelable|flatted)\//, 'n8n: engine and request helper'],
	[/\/bench[^/]*\/client\.js/, 'the bench: engine set-up, credentials, marks'],
];

function ownerOf(url: string): string {
	return owners.find(([pattern]) => pattern.test(url))?.[1] ?? 'other packages';
}

export interface Marked {
	kept: Array<{
		entries: number;
		/** Processor and wall-clock time of one mark, in µs. */
		processor: Spread;
		wall: Spread;
		/** Size of the row that is written each time, in bytes. */
		row: number;
		/** What the process hands to the file system for one mark, in bytes. */
		written: number;
	}>;
}

/** What it costs to write an act down in n8n's own table, which keeps a node's entries in one row. */
export async function marks({ report, turns, scale }: Tools): Promise<Marked> {
	await openAll();
	const table = await openTable(require);
	const data = { workflow: { id: 'workflow', active: false }, node: { id: 'node' } };
	const writes = 200 * scale;
	const kept: Marked['kept'] = [];
	for (const entries of [0, 1000, 5000, 20_000]) {
		const processor: number[] = [];
		const wall: number[] = [];
		const bytes: number[] = [];
		for (let turn = 0; turn <= turns; turn++) {
			await table.fill('workflow', 'node', entries);
			const before = writtenSoFar();
			const taken = await metered(async () => {
				for (let write = 0; write < writes; write++) {
					const act = `act:${turn}:${write}`;
					const { new: fresh } = await table.marks.checkProcessedAndRecord([act], 'node', data as never, {
						mode: 'entries',
						maxEntries: 20_000,
					});
					if (fresh.length !== 1) throw new Error('The table knew a new act');
				}
			});
			if (turn === 0) continue;
			bytes.push((writtenSoFar() - before) / writes);
			processor.push(taken.processor / writes);
			wall.push(taken.wall / writes);
		}
		report(`${entries} entries`);
		kept.push({
			entries,
			processor: spread(processor),
			wall: spread(wall),
			row: entries * 27,
			written: spread(bytes).median,
		});
	}
	await table.close();
	return { kept };
}

/** Bytes that this process has written, as Linux counts them; 0 elsewhere. */
function writtenSoFar(): number {
	const counters = existsSync('/proc/self/io') ? readFileSync('/proc/self/io', 'utf8') : '';
	return Number(/^wchar: (\d+)/m.exec(counters)?.[1] ?? 0);
}
