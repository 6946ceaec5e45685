import { sleep } from 'n8n-workflow';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { going, itemsOf, openBenches, outcomeOf, outcomesOf } from '../harness';
import { openEngine, play, sceneOf } from '../scenes';

/** n8n's database keeps what it is given, and then says that it failed: the connection drops before the answer. */
const { bench, it } = openBenches();
const purchase = sceneOf('click2mail.credit.purchase');
const personal = sceneOf('clubTexting.message.send (personal)');

/** A store whose `nth` add is kept and then reported as failed, so many times, and whose first one takes so long, in ms. */
function dropping(nth: number, { times = 1, slow = 0 } = {}): DeduplicationStore {
	const store = createDeduplicationStore();
	let adds = 0;
	return {
		...store,
		checkProcessedAndRecord: async (...given) => {
			const kept = await store.checkProcessedAndRecord(...given);
			if (++adds === 1) await sleep(slow);
			if (adds >= nth && adds < nth + times) throw new Error('Connection terminated unexpectedly');
			return kept;
		},
	};
}

const idle = (outcomes: unknown[]) => outcomes.filter((outcome) => outcome !== 'success');
const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('the add number %i is kept and reported as failed', (nth) => {
	// After a slow add, whether another process has won is asked too.
	it.each(
		[purchase, personal].flatMap((scene) => [0, 600].map((slow) => ({ name: scene.name, scene, slow }))),
	)('$name with a key, the first add takes $slow ms: sent, or not sent and the key free', async (given) => {
		const { scene, slow } = given;
		const engine = openEngine({ deduplication: dropping(nth, { slow }) });
		const options = { idempotencyKey: '={{ "order-" + JSON.stringify($json) }}' };
		const run = async () => await play(engine, bench.simulator, scene, { ...going, parameters: { options } });
		const first = outcomesOf(await run());
		for (const outcome of idle(first)) expect(outcome).toBe('notSent');
		expect(sum(scene.effects!(bench.simulator))).toBe(first.length - idle(first).length);

		const next = await run();
		expect(itemsOf(next).map(({ skipped }) => skipped === true)).toEqual(
			first.map((outcome) => outcome === 'success'),
		);
		expect(scene.effects!(bench.simulator)).toEqual(scene.items.map(() => 1));
	});

	it.each([purchase, personal])('$name without one: sent, or not sent and retried', async (scene) => {
		const engine = openEngine({ deduplication: dropping(nth) });
		const result = await play(engine, bench.simulator, scene, { retryOnFail: false });
		if (result.error) {
			expect(outcomeOf(result)).toBe('notSent');
			expect(outcomesOf(await engine.retry(result))).toEqual(scene.items.map(() => 'success'));
		}
		expect(scene.effects!(bench.simulator)).toEqual(scene.items.map(() => 1));
	});
});

describe('an add that is kept and reported as failed each time', () => {
	it('is not sent, and sent by the next execution', async () => {
		const engine = openEngine({ deduplication: dropping(1, { times: 3 }) });
		const options = { idempotencyKey: '={{ "order-" + $json.amount }}' };
		const run = async () =>
			await play(engine, bench.simulator, purchase, { ...going, parameters: { options } });
		const first = outcomesOf(await run());
		expect(first[0]).toBe('notSent');
		const next = outcomesOf(await run());
		expect(next).toEqual(['success', 'success']);
		expect(purchase.effects!(bench.simulator)).toEqual([1, 1]);
	});
});
