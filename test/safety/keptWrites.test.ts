import type { INodeParameters } from 'n8n-workflow';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { openEngine, play, sceneOf, type Scene } from '../scenes';
import { going, openBench, outcomesOf } from './bench';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');
const create = sceneOf('mailPartner.subaccount.create');
const personal = sceneOf('clubTexting.message.send (personal)');
const ezPersonal = sceneOf('ezTexting.message.send (personal)');

/** A database that keeps what is written, and then loses the connection: from the `nth` write on, so many times. */
function losing(nth: number, times: number): DeduplicationStore {
	const store = createDeduplicationStore();
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

/** Plays a scene three times on one such database. @returns what came of its items each time */
async function threeTimes(scene: Scene, losses: (typeof writes)[number], options: INodeParameters, from = 0) {
	const engine = openEngine({ deduplication: losing(losses.nth + from, losses.times) });
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
	const allowed = ['success', 'skipped', 'notSent'];

	it.each([purchase, create, personal])(
		'$name with a key: it is sent, or not sent and its key free',
		async (scene) => {
			const wrong = await Promise.all(
				writes.map(async (losses) => {
					const outcomes = await threeTimes(scene, losses, keyed);
					const isRight = scene.items.every((_, item) => {
						const its = outcomes.map((run) => run[item]);
						return (
							its.filter((outcome) => outcome === 'success').length === 1 &&
							its.every((outcome) => allowed.includes(String(outcome)))
						);
					});
					return isRight ? [] : [{ ...losses, outcomes }];
				}),
			);
			expect(wrong.flat()).toEqual([]);
			expect(bench.sent(scene.request)).toHaveLength(writes.length * scene.items.length);
		},
	);

	it('counted acts: as many go through as are free', async () => {
		const wrong = await Promise.all(
			writes.map(async (losses) => {
				const outcomes = await threeTimes(purchase, losses, { maximumPerDay: 3 });
				const done = outcomes.flat().filter((outcome) => outcome === 'success').length;
				const isRight = done === 3 && outcomes.flat().every((outcome) => allowed.includes(String(outcome)));
				return isRight ? [] : [{ ...losses, outcomes }];
			}),
		);
		expect(wrong.flat()).toEqual([]);
		expect(bench.sent('purchase')).toHaveLength(3 * writes.length);
	});

	it.each([purchase, personal, ezPersonal])(
		'$name without a key: all are sent, in a retry at the latest',
		async (scene) => {
			const wrong = await Promise.all(
				writes.map(async (losses) => {
					const engine = openEngine({ deduplication: losing(losses.nth, losses.times) });
					const first = await play(engine, bench.simulator, scene, {});
					const last = first.error ? await engine.retry(first) : first;
					const outcomes = last.error ?? outcomesOf(last);
					return JSON.stringify(outcomes) === '["success","success"]' ? [] : [{ ...losses, outcomes }];
				}),
			);
			expect(wrong.flat()).toEqual([]);
			expect(bench.sent(scene.request)).toHaveLength(2 * writes.length);
		},
	);

	it('a key that was used stays used', async () => {
		const engines = writes.map(({ nth, times }) => {
			const store = losing(Infinity, 0);
			return { store, nth, times };
		});
		const buy = async (deduplication: DeduplicationStore) =>
			await play(openEngine({ deduplication }), bench.simulator, purchase, {
				...going,
				parameters: { spendingLimit: 10_000, options: keyed },
			});
		await Promise.all(
			engines.map(async ({ store, nth, times }) => {
				expect(outcomesOf(await buy(store))).toEqual(['success', 'success']);
				let writes = 0;
				const lost = async <T>(write: () => Promise<T>): Promise<T> => {
					const isLost = ++writes >= nth && writes < nth + times;
					const result = await write();
					if (isLost) throw new Error('Connection terminated unexpectedly');
					return result;
				};
				await buy({
					...store,
					checkProcessedAndRecord: async (...call) =>
						await lost(async () => await store.checkProcessedAndRecord(...call)),
				});
				await buy(store);
			}),
		);
		expect(bench.sent('purchase')).toHaveLength(2 * writes.length);
	});
});
