import type { ICheckProcessedContextData, INode } from 'n8n-workflow';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { openBench, outcomesOf } from '../harness';
import { openEngine, play, sceneOf } from '../scenes';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');
const once = { ...purchase, items: purchase.items.slice(0, 1) };

let cases = 0;

it.each([1, 2, 5])(
	'eight executions of each of four nodes on two workers: never more than %p act',
	async (maximum) => {
		// What a process remembers of a node's list outlives the list: the nodes of each case have names of their own.
		const of = ++cases;
		const engine = openEngine({ deduplication: twoWorkers() });
		const buy = async (id: string, at: number) =>
			await play(engine, bench.simulator, once, {
				onError: 'continueRegularOutput',
				parameters: { options: { maximumPerDay: maximum } },
				id: `${id} ${of}`,
				workflowId: `worker ${at % 2}`,
				executionId: `${id} ${of} ${at}`,
			});
		const nodes = ['one', 'two', 'three', 'four'];
		await Promise.all(
			nodes.map(async (id) => {
				const results = await Promise.all(Array.from({ length: 8 }, async (_, at) => await buy(id, at)));
				const bought = results.filter((result) => outcomesOf(result)[0] === 'success');
				expect(bought).toHaveLength(maximum);
				expect(outcomesOf(await buy(id, 9))).toEqual(['notSent']);
			}),
		);
		expect(bench.sent('purchase')).toHaveLength(nodes.length * maximum);
	},
);

const placeOfToday = (place: number) =>
	`cap:${new Date().toISOString().slice(0, 10)}:credit.purchase:${place}`;

/** Lets a table begin with all places of a day's maximum used but some. */
async function fullBut(
	store: DeduplicationStore,
	maximum: number,
	free: number[],
	node: string,
): Promise<void> {
	const places = Array.from({ length: maximum }, (_, place) => place).filter(
		(place) => !free.includes(place),
	);
	const used = places.map(placeOfToday);
	const data = { node: { id: node } as INode, workflow: { id: 'the workflow', active: true } };
	await store.checkProcessedAndRecord(used, 'node', data, { mode: 'entries' });
}

/** Buys once in one of so many workers. @returns what became of it */
function buyerOn(deduplication: DeduplicationStore, id: string, maximumPerDay: number, workers = 2) {
	const engine = openEngine({ deduplication });
	return async (at: number) => {
		const result = await play(engine, bench.simulator, once, {
			onError: 'continueRegularOutput',
			settings: { timezone: 'UTC' },
			parameters: { options: { maximumPerDay } },
			id,
			workflowId: `worker ${at % workers}`,
			executionId: `${id} ${at}`,
		});
		return outcomesOf(result)[0];
	};
}

it('what a worker finds beside its place is free for the other', async () => {
	const deduplication = twoWorkers(0);
	await fullBut(deduplication, 20, [0, 1, 3, 4], 'beside');
	const buyNow = buyerOn(deduplication, 'beside', 20);
	const buy = async (at: number) => {
		await new Promise((resolve) => setTimeout(resolve, 300 * at));
		return await buyNow(at);
	};
	expect(await Promise.all([buy(0), buy(1)])).toEqual(['success', 'success']);
	expect([await buy(2), await buy(3), await buy(4)]).toEqual(['success', 'success', 'notSent']);
});

it('a place that is put back, and that a slow write restores, is free again', async () => {
	const store = twoWorkers(0);
	await fullBut(store, 40, [0, 1, 3, 4], 'restored');
	let restored = 0;
	const restoring: DeduplicationStore = {
		...store,
		async removeProcessed(items, ...rest) {
			await store.removeProcessed(items, ...rest);
			if (![0, 1, 3, 4].some((place) => items.includes(placeOfToday(place)))) return;
			if (restored++ === 0) await store.checkProcessedAndRecord(items, ...rest);
		},
	};
	const buy = buyerOn(restoring, 'restored', 40);
	const bought = [await buy(0), await buy(1), await buy(2), await buy(3), await buy(4)];
	expect(restored).toBeGreaterThan(0);
	expect(bought).toEqual(['success', 'success', 'success', 'success', 'notSent']);
});

it('a place that others have found beside theirs is waited for until they put it back', async () => {
	const store = twoWorkers(0);
	await fullBut(store, 40, [], 'waited for');
	const data = { node: { id: 'waited for' } as INode, workflow: { id: 'the workflow', active: true } };
	setTimeout(() => {
		void store.removeProcessed([placeOfToday(30)], 'node', data, { mode: 'entries' });
	}, 3500);
	expect(await buyerOn(store, 'waited for', 40)(0)).toBe('success');
});

it('what a worker only asks for, of the day before or after, is not counted by the others', async () => {
	const store = twoWorkers(0);
	const near = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
	const asked = { counted: 0, cap: 0 };
	const kindOf = (items: unknown[]) =>
		(['counted', 'cap'] as const).find((kind) =>
			near.some((day) => items.some((item) => String(item).startsWith(`${kind}:${day}:`))),
		);
	const asking: DeduplicationStore = {
		...store,
		async checkProcessedAndRecord(items, ...rest) {
			const result = await store.checkProcessedAndRecord(items, ...rest);
			// All have read before any has written.
			if (String(items[0]).startsWith('zone:')) return { new: items, processed: [] };
			const kind = kindOf(items);
			if (kind) asked[kind]++;
			return result;
		},
		// A question stands until the workers behind have asked.
		async removeProcessed(items, ...rest) {
			const kind = kindOf(items);
			while (kind && asked[kind] < (kind === 'counted' ? 3 : 2))
				await new Promise((resolve) => setTimeout(resolve, 5));
			await store.removeProcessed(items, ...rest);
		},
	};
	const buy = buyerOn(asking, 'neighbours', 4, 3);
	expect(await Promise.all([buy(0), buy(1), buy(2)])).toEqual(['success', 'success', 'success']);
});

/**
 * One table for the workflows `worker 0`, `worker 1` and so on: the package takes them for several, so that each asks without regard
 * to the others' turns, as several processes do. Reading and writing a row takes up to so many ms each.
 */
function twoWorkers(ms = 30): DeduplicationStore {
	const store = createDeduplicationStore();
	const whenever = async () =>
		await new Promise((resolve) => setTimeout(resolve, Math.floor(Math.random() * ms)));
	const oneOf = ({ workflow, ...data }: ICheckProcessedContextData): ICheckProcessedContextData => ({
		...data,
		workflow: { ...workflow, id: 'the workflow' },
	});
	return {
		...store,
		async checkProcessedAndRecord(items, scope, data, options) {
			await whenever();
			return await store.checkProcessedAndRecord(items, scope, oneOf(data), options);
		},
		async removeProcessed(items, scope, data, options) {
			await whenever();
			await store.removeProcessed(items, scope, oneOf(data), options);
		},
		async getProcessedDataCount(scope, data, options) {
			await whenever();
			return await store.getProcessedDataCount(scope, oneOf(data), options);
		},
	};
}
