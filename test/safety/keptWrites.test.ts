import type { INodeParameters } from 'n8n-workflow';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { going, openBench, outcomesOf } from '../harness';
import { openEngine, play, sceneOf, type Scene } from '../scenes';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');
const create = sceneOf('mailPartner.subaccount.create');
const personal = sceneOf('clubTexting.message.send (personal)');
const ezPersonal = sceneOf('ezTexting.message.send (personal)');

/** A database that keeps what is written, and then loses the connection: from the `nth` write on, so many times. */
function losing(nth: number, times: number, store = createDeduplicationStore()): DeduplicationStore {
	let writes = 0;
	const answered = async <T>(write: () => Promise<T>): Promise<T> => {
		const isLost = ++writes >= nth && writes < nth + times;
		const result = await write();
		if (isLost) throw new Error('Connection terminated unexpectedly');
		return result;
	};
	return {
		...store,
		checkProcessedAndRecord: async (...call) =>
			await answered(async () => await store.checkProcessedAndRecord(...call)),
		removeProcessed: async (...call) => await answered(async () => await store.removeProcessed(...call)),
	};
}

const writes = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((nth) => [1, 2, 3].map((times) => ({ nth, times })));
type Losses = (typeof writes)[number];

/** Those of the losses of which something wrong comes. */
async function wrongOf<T>(outcomesOf: (losses: Losses) => Promise<T>, isRight: (outcomes: T) => boolean) {
	const all = writes.map(async (losses) => ({ ...losses, outcomes: await outcomesOf(losses) }));
	return (await Promise.all(all)).filter(({ outcomes }) => !isRight(outcomes));
}

/** Plays a scene three times on one such database. @returns what came of its items each time */
async function threeTimes(scene: Scene, { nth, times }: Losses, options: INodeParameters) {
	const engine = openEngine({ deduplication: losing(nth, times) });
	const outcomes: unknown[][] = [];
	for (let run = 0; run < 3; run++) {
		const parameters = { spendingLimit: 10_000, options };
		const result = await play(engine, bench.simulator, scene, { ...going, parameters });
		outcomes.push(
			result.output().map(({ json }, item) => (json.skipped === true ? 'skipped' : outcomesOf(result)[item])),
		);
	}
	return outcomes;
}

describe('a write that n8n’s database keeps and then reports as failed', () => {
	const keyed = { idempotencyKey: '={{ "order-" + $itemIndex }}' };
	const allowed: unknown[] = ['success', 'skipped', 'notSent'];
	const successes = (outcomes: unknown[]) => outcomes.filter((outcome) => outcome === 'success').length;

	it.each([purchase, create, personal])(
		'$name with a key: it is sent, or not sent and its key free',
		async (scene) => {
			const wrong = await wrongOf(
				async (losses) => await threeTimes(scene, losses, keyed),
				(runs) =>
					scene.items.every((_, item) => successes(runs.map((run) => run[item])) === 1) &&
					runs.flat().every((outcome) => allowed.includes(outcome)),
			);
			expect(wrong).toEqual([]);
			expect(bench.sent(scene.request)).toHaveLength(writes.length * scene.items.length);
		},
	);

	it('counted acts: as many go through as are free', async () => {
		const wrong = await wrongOf(
			async (losses) => await threeTimes(purchase, losses, { maximumPerDay: 3 }),
			(runs) => successes(runs.flat()) === 3 && runs.flat().every((outcome) => allowed.includes(outcome)),
		);
		expect(wrong).toEqual([]);
		expect(bench.sent('purchase')).toHaveLength(3 * writes.length);
	});

	it.each([purchase, personal, ezPersonal])(
		'$name without a key: all are sent, in a retry at the latest',
		async (scene) => {
			const wrong = await wrongOf(
				async ({ nth, times }) => {
					const engine = openEngine({ deduplication: losing(nth, times) });
					const first = await play(engine, bench.simulator, scene, {});
					const last = first.error ? await engine.retry(first) : first;
					return last.error ? [last.error.message] : outcomesOf(last);
				},
				(outcomes) => outcomes.length === 2 && successes(outcomes) === 2,
			);
			expect(wrong).toEqual([]);
			expect(bench.sent(scene.request)).toHaveLength(2 * writes.length);
		},
	);

	it('while another execution writes: the one item is unknown, and those behind it go out', async () => {
		const store = createDeduplicationStore();
		let isLost = false;
		const engine = openEngine({
			deduplication: {
				...store,
				async checkProcessedAndRecord(entries, ...call) {
					const result = await store.checkProcessedAndRecord(entries, ...call);
					if (isLost || !entries.includes('key:order-1')) return result;
					isLost = true;
					// Counting can't tell any more what was kept.
					await store.checkProcessedAndRecord(['of another execution'], ...call);
					throw new Error('Connection terminated unexpectedly');
				},
			},
		});
		const items = [...purchase.items, purchase.items[0]!];
		const parameters = { spendingLimit: 10_000, options: keyed };
		const scene = { ...purchase, items };
		const result = await play(engine, bench.simulator, scene, { ...going, parameters });
		expect(isLost).toBe(true);
		expect(outcomesOf(result)).toEqual(['success', 'unknown', 'success']);
	});

	it('of a look at what another one has won meanwhile: it is the other one’s', async () => {
		const store = createDeduplicationStore();
		let looks = 0;
		const engine = openEngine({
			deduplication: {
				...store,
				async checkProcessedAndRecord(entries, ...call) {
					const result = await store.checkProcessedAndRecord(entries, ...call);
					const mark = entries.find((entry) => String(entry).startsWith('slot:'));
					if (mark === undefined) return result;
					looks++;
					// Of two processes that write at once, the other one's list stays, in which its own mark stands.
					if (looks === 1) await store.removeProcessed([mark], ...call);
					if (looks !== 2) return result;
					const slot = entries.find((entry) => String(entry).startsWith('cap:'));
					setTimeout(() => void store.checkProcessedAndRecord([`won:${String(slot)}`], ...call), 300);
					throw new Error('Connection terminated unexpectedly');
				},
			},
		});
		const parameters = { options: { maximumPerDay: 1 } };
		const scene = { ...purchase, items: purchase.items.slice(0, 1) };
		const result = await play(engine, bench.simulator, scene, { ...going, parameters });
		expect(looks).toBeGreaterThan(2);
		expect(outcomesOf(result)).toEqual(['notSent']);
		expect(bench.sent('purchase')).toEqual([]);
	});

	it('a key that was used stays used', async () => {
		const buy = async (deduplication: DeduplicationStore) =>
			await play(openEngine({ deduplication }), bench.simulator, purchase, {
				...going,
				parameters: { spendingLimit: 10_000, options: keyed },
			});
		await Promise.all(
			writes.map(async ({ nth, times }) => {
				const store = createDeduplicationStore();
				expect(outcomesOf(await buy(store))).toEqual(['success', 'success']);
				await buy(losing(nth, times, store));
				await buy(store);
			}),
		);
		expect(bench.sent('purchase')).toHaveLength(2 * writes.length);
	});
});
