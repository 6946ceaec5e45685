import { createRequire } from 'node:module';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { itemsOf } from './engine';
import { freeMarks, openTable } from './marks';
import { inTurns, ratios, spread, type Spread } from './measure';
import { openAll } from './nodes';
import { stretched, type Stretch } from './stretch';
import type { Tools } from './tasks';
import {
	CLUB_TEXTING,
	HTTP_REQUEST,
	IN_BATCHES,
	SUBACCOUNT,
	UNPACED,
	customers,
	httpRequest,
	ours,
	type Addresses,
	type Wiring,
} from './work';

const require = createRequire(__filename);

/** One pace of replies. In seconds. */
export interface Paced {
	replies: number;
	/** What the provider's pace allows. */
	allowed: number;
	ours: Spread;
	theirs: Spread;
}

/** Two starts in a second and two under way, each at once when it may: when the reply to the last of them comes. In s. */
function allowed(messages: number, replies: number): number {
	return Math.floor((messages - 1) / 2) * Math.max(1, replies) + replies;
}

/** A campaign of personal texts at the provider's pace, beside the HTTP Request node with one item every 500 ms. */
export async function paced(tools: Tools): Promise<{ messages: number; at: Paced[] }> {
	const { to, count, scale, turns, report } = tools;
	const { bench } = await openAll();
	const messages = Math.max(8, Math.round(30 * scale));
	const items = customers(messages);
	const batching = { batching: { batch: { batchSize: 1, batchInterval: 500 } } };
	const goesOn = { onError: 'continueRegularOutput' as const };
	const sides = {
		ours: { ...ours('messages', to, { options: {} }), ...goesOn },
		theirs: { ...httpRequest('messages', to, batching), ...goesOn },
	};
	const at: Paced[] = [];
	for (const replies of [0, 0.3, 1, 2]) {
		const send = async (wiring: Wiring): Promise<number> => {
			await count();
			if (replies > 0) {
				const slow = { provider: 'clubTexting', fault: 'slowReply', delayMs: replies * 1000, times: 1000 };
				await tell(to, '/faults', slow);
			}
			const { wall, result } = await bench.run(wiring, items, freeMarks());
			const { different } = await count();
			if (itemsOf(result).length !== messages || different !== messages)
				throw new Error(`${wiring.type} sent ${different} of ${messages}`);
			return wall / 1e6;
		};
		const runs = { ours: [] as number[], theirs: [] as number[] };
		for (let turn = 0; turn < turns; turn++)
			for (const side of ['ours', 'theirs'] as const) runs[side].push(await send(sides[side]));
		report(`replies after ${replies} s`);
		at.push({
			replies,
			allowed: allowed(messages, replies),
			ours: spread(runs.ours),
			theirs: spread(runs.theirs),
		});
	}
	return { messages, at };
}

export interface Lists {
	subaccounts: number;
	low: number;
	requests: number;
	/** The HTTP Request node's: the list, page by page, and one transfer for each that is low. */
	theirs: number;
}

/** Requests of a top-up of many sub-accounts, a quarter of which are low. */
export async function lists({ to, count, scale }: Tools): Promise<Lists> {
	const { bench } = await openAll();
	const subaccounts = Math.max(80, 1000 * scale);
	const low = subaccounts / 4;
	await count();
	const books = await tell<{ mailPartner: { subaccounts: IDataObject[] } }>(to, '/books');
	const some = books.mailPartner.subaccounts
		.slice(0, subaccounts)
		.map((one, place): IDataObject => ({ ...one, balance: place < low ? 1 : 50 }));
	await tell(to, '/books', { mailPartner: { balance: 1e6, subaccounts: some } });
	const wiring = ours('topUps', to);
	const items = some.map(({ token }) => ({ token }));
	const { requests, result } = await bench.run(wiring, items, freeMarks());
	const bought = itemsOf(result).filter(({ json }) => json.toppedUp === true).length;
	if (bought !== low) throw new Error(`${bought} of ${low} sub-accounts were topped up`);
	await count();
	return { subaccounts, low, requests, theirs: subaccounts / 20 + low };
}

/** What one item costs of many, beside what it costs of few. Processor time in µs. */
export interface Linear {
	what: string;
	few: { items: number; time: Spread };
	many: { items: number; time: Spread };
	/** The longest that the event loop had no turn. */
	longestStretch: Stretch;
}

export interface Lines {
	ours: Linear[];
	/** The HTTP Request node's messages. It has no other way: a retry of its own sends all of them again. */
	theirs: Linear;
}

/** The time per item at 1,000 and at 20,000, in every way that an item, a number or a request can be one of many. */
export async function linear(tools: Tools): Promise<Lines> {
	const { to, count, scale, turns, report } = tools;
	const { nodes } = await openAll();
	const watched = stretched({
		'bench.watched': nodes[CLUB_TEXTING],
		'bench.transfers': nodes[SUBACCOUNT],
		[HTTP_REQUEST]: nodes[HTTP_REQUEST],
	});
	const { bench } = await openAll(watched.types);
	const wired = (parameters: INodeParameters = {}, onError?: Wiring['onError']): Wiring => ({
		...ours('messages', to, parameters),
		type: 'bench.watched',
		onError,
	});
	const numbers = (size: number): IDataObject[] => [
		{ phone: customers(size).map(({ phone }) => String(phone)), text: 'One text' },
	];
	const found: Linear[] = [];
	const kind = async (what: string, work: (size: number) => Promise<number>, { dry = false } = {}) => {
		const [few, many] = [1000 * scale, 20_000 * scale] as const;
		const run = async (size: number): Promise<number> => {
			await count();
			const time = await work(size);
			const { different } = await count();
			if (different !== (dry ? 0 : size)) throw new Error(`${what}: ${different} messages of ${size}`);
			return time;
		};
		// What is compiled for the first time is no matter of size.
		await run(few);
		watched.forget();
		const measured = await inTurns({ few: () => run(few), many: () => run(many) }, turns, () => {});
		report(what);
		found.push({
			what,
			few: { items: few, time: spread(measured.few.map((time) => time / few)) },
			many: { items: many, time: spread(measured.many.map((time) => time / many)) },
			longestStretch: watched.longest(),
		});
	};
	const once = async (wiring: Wiring, items: IDataObject[]): Promise<number> =>
		(await bench.run(wiring, items, freeMarks())).processor;

	await kind('messages', async (size) => once(wired(), customers(size)));
	await kind('messages, continuing', async (size) =>
		once(wired({}, 'continueRegularOutput'), customers(size)),
	);
	await kind('a dry run', async (size) => once(wired({ dryRun: true }), customers(size)), { dry: true });
	const { credentials } = ours('topUps', to);
	const transfer = {
		type: 'bench.transfers',
		parameters: {
			resource: 'credit',
			operation: 'add',
			subaccount: { __rl: true, mode: 'token', value: '={{ $json.id }}' },
			amount: 1,
			spendingLimit: 100_000,
			dryRun: true,
		},
		credentials,
	};
	await kind('a dry run of transfers', async (size) => once(transfer, customers(size)), { dry: true });
	await kind('one item with many numbers', async (size) =>
		once(wired({ message: 'One text' }), numbers(size)),
	);
	await kind(
		'a dry run of it',
		async (size) => once(wired({ message: 'One text', dryRun: true }), numbers(size)),
		{ dry: true },
	);
	await kind('one item with many requests', async (size) =>
		once(
			wired({ message: 'One text', options: { requestsPerSecond: UNPACED, recipientsPerRequest: 1 } }),
			numbers(size),
		),
	);
	await kind('a retry by hand, half of them done', async (size) => {
		await tell(to, '/faults', { provider: 'clubTexting', fault: 'status401', after: size / 2, times: 1 });
		const marks = freeMarks();
		const failed = await bench.run(wired(), customers(size), marks, { fails: true });
		const retried = await bench.run(wired(), [], marks, { retryOf: failed.result });
		if (itemsOf(retried.result).length !== size) throw new Error('The retry is incomplete');
		return retried.processor;
	});
	await kind('rounds of a loop', async (size) => {
		const { processor } = await bench.run(wired(), customers(size), freeMarks(), { rounds: true });
		return processor;
	});
	await kind('the HTTP Request node', async (size) =>
		once(httpRequest('messages', to, IN_BATCHES), customers(size)),
	);
	const theirs = found.pop()!;
	return { ours: found, theirs };
}

/** Wall time of a run, in ms: of a node that has run often, and of one that never has, in turns. */
export interface Beside {
	run: Spread;
	first: Spread;
	ratio: Spread;
}

export interface Repeated {
	texts: number;
	ours: Hundred;
	theirs: Hundred;
}

export interface Hundred {
	twelfth: Beside;
	hundredth: Beside;
}

/** A hundred runs of one node, marked in n8n's own table in SQLite, and first runs of others beside them. */
export async function repeated(tools: Tools): Promise<Repeated> {
	const texts = Math.max(20, 500 * tools.scale);
	return {
		texts,
		ours: await hundred(tools, ours('messages', tools.to), texts),
		theirs: await hundred(tools, httpRequest('messages', tools.to), texts),
	};
}

async function hundred({ count, turns, report }: Tools, wiring: Wiring, texts: number): Promise<Hundred> {
	const { bench } = await openAll();
	const table = await openTable(require);
	const send = async (workflowId: string): Promise<number> => {
		await count();
		const how = { workflowId };
		const { wall, result } = await bench.run(wiring, customers(texts), table.marks, how);
		const { different } = await count();
		if (itemsOf(result).length !== texts || different !== texts) throw new Error('A run is incomplete');
		return wall / 1000;
	};
	let runs = 0;
	const runUntil = async (last: number): Promise<void> => {
		for (; runs < last; runs++) await send('often');
		report(`${wiring.type}: ${runs} of 100 runs`);
	};
	const beside = async (last: number): Promise<Beside> => {
		const [run, first]: [number[], number[]] = [[], []];
		await runUntil(last - turns);
		for (; runs < last; runs++) {
			first.push(await send(`first beside run ${runs}`));
			run.push(await send('often'));
		}
		return { run: spread(run), first: spread(first), ratio: ratios(run, first) };
	};
	// It warms up what the first ones would.
	await send('another');
	const found = { twelfth: await beside(12), hundredth: await beside(100) };
	await table.close();
	return found;
}

/** Asks the simulator's control, or tells it something. */
async function tell<T>({ url }: Addresses, path: string, body?: object): Promise<T> {
	const sent = body && {
		method: 'POST',
		body: JSON.stringify(body),
		headers: { 'Content-Type': 'text/plain' },
	};
	const reply = await fetch(`${url}${path}`, sent);
	if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
	return (await reply.json()) as T;
}
