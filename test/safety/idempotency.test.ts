import { createHash } from 'node:crypto';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { atOnce, going, openBench, outcomeOf, outcomesOf } from '../harness';
import { openEngine, play, refusalOf } from '../scenes';
import { acting, asking, keyed, purchase, single, skipped } from './keyed';

const bench = openBench();

describe('a key that was used before', () => {
	it('every operation: a second execution does nothing, and its items say so', async () => {
		await atOnce(asking, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const first = await bench.play(scene, keyed());
			expect(first.output().map(({ json }) => json)).toMatchObject(scene.successes(bench.simulator).flat());
			const requests = bench.sent(scene.request).length;

			const second = await bench.play(scene, keyed());
			expect(second.output()).toEqual(
				scene.items.map((_, item) => ({ json: skipped(`order-${item}`), pairedItem: { item } })),
			);
			expect(scene.effects!(bench.simulator)).toEqual(scene.items.map(() => 1));
			expect(bench.sent(scene.request)).toHaveLength(requests);
		});
	});

	it.each(acting.filter((scene) => scene.seen === 'success'))(
		'$name: a second execution finds that nothing is left to do',
		async (scene) => {
			scene.prepare?.(bench.simulator);
			await bench.play(scene, keyed());
			const second = await bench.play(scene, { ...keyed(), ...going });
			expect(outcomesOf(second)).toEqual(['success', 'success']);
			expect(scene.effects!(bench.simulator)).toEqual([1, 1]);
			expect(bench.sent(scene.request)).toHaveLength(2);
		},
	);

	it('every operation: two items with it in one run act once', async () => {
		await atOnce(acting, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const result = await bench.play(scene, keyed('the one order'));
			expect(result.output().map(({ json }) => 'skipped' in json)).toEqual(
				scene.items.map((_, item) => item > 0),
			);
			expect(scene.effects!(bench.simulator)).toEqual(scene.items.map((_, item) => (item === 0 ? 1 : 0)));
		});
	});

	it('every operation: Retry On Fail and a retry know their own act from another’s', async () => {
		await atOnce(acting, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.simulator.order({ ...refusalOf(scene), after: scene.shared ? 0 : 1 });
			const failed = await bench.play(scene, { ...keyed(), retryOnFail: true, maxTries: 3 });
			expect(outcomeOf(failed)).toBe('refused');
			const retried = await bench.engine.retry(failed);
			expect(retried.output().map(({ json }) => json)).toMatchObject(scene.successes(bench.simulator).flat());
		});
	});

	it('every operation: skipped items come out as skipped in every try', async () => {
		await atOnce(asking, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			await bench.play(
				{ ...scene, items: scene.items.slice(1) },
				keyed('={{ "order-" + ($itemIndex + 1) }}'),
			);
			// The refused item comes last: a refusal of some concerns the items behind it, too.
			const last = scene.items.length - 1;
			const order = [...scene.items.slice(1), scene.items[0]!];
			bench.simulator.order(refusalOf(scene));
			const result = await bench.play(
				{ ...scene, items: order },
				{
					...keyed(`={{ "order-" + (($itemIndex + 1) % ${order.length}) }}`),
					...going,
					retryOnFail: true,
					maxTries: 3,
				},
			);
			expect(result.output().map(({ json }) => json)).toMatchObject([
				...order.slice(0, last).map((_, item) => skipped(`order-${item + 1}`)),
				{ details: { outcome: 'refused' } },
			]);
		});
	});
});

describe('a key is kept when it may have happened', () => {
	it('every operation: after a reset', async () => {
		await atOnce(
			// A letter whose reply is lost is looked up.
			asking.filter((scene) => !scene.shared && !scene.isLookedUp),
			async (scene, bench) => {
				for (const fault of ['resetAfter', 'resetBefore'] as const) {
					bench.simulator.reset();
					scene.prepare?.(bench.simulator);
					bench.simulator.order({ provider: scene.provider, operation: scene.request, fault });
					const one = { ...scene, items: scene.items.slice(0, 1) };
					const unknown = await bench.play(one, keyed(fault));
					expect(outcomeOf(unknown)).toBe('unknown');

					const second = await bench.play(one, keyed(fault));
					expect(outcomeOf(second)).toBe('unknown');
					expect(second.error?.message).toMatch(
						/was taken before, and whether its act happened is not known/,
					);
					expect(bench.sent(scene.request)).toHaveLength(1);
				}
			},
		);
	});
});

describe('how keys are kept', () => {
	it('every operation: written down before the request leaves', async () => {
		// What prepares a letter leaves before its key is needed.
		const unprepared = single.filter(({ prepares }) => prepares === undefined);
		await atOnce(unprepared, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const written: number[] = [];
			const md5 = createHash('md5').update('key:order-0').digest('base64');
			await bench.play(scene, {
				...keyed(),
				onRequest: ({ method }) => {
					if (method === 'GET') return;
					const hashes = bench.engine.deduplication.rows().flatMap((row) => row.hashes);
					written.push(hashes.filter((hash) => hash === md5).length);
				},
			});
			expect(new Set(written)).toEqual(new Set([1]));
		});
	});

	it('they outlive the process, belong to one node of one workflow, and are hashes', async () => {
		await bench.play(purchase, keyed());
		const kept = bench.engine.deduplication.serialize();
		expect(kept).not.toContain('order-0');

		const later = openEngine({ deduplication: createDeduplicationStore(kept) });
		const same = await play(later, bench.simulator, purchase, { ...keyed(), executionId: '100' });
		expect(same.output()[0]!.json).toEqual(skipped('order-0'));
		const other = await play(later, bench.simulator, purchase, { ...keyed(), id: 'another node' });
		expect(other.output()[0]!.json).toMatchObject({ purchased: true });
		const elsewhere = await play(later, bench.simulator, purchase, { ...keyed(), workflowId: 'other' });
		expect(elsewhere.output()[0]!.json).toMatchObject({ purchased: true });
	});

	it('the process in which the act was done asks n8n’s list no more', async () => {
		const store = createDeduplicationStore();
		let claims = 0;
		const engine = openEngine({
			deduplication: {
				...store,
				async checkProcessedAndRecord(items, ...call) {
					claims += items.filter((item) => String(item).startsWith('own:')).length;
					return await store.checkProcessedAndRecord(items, ...call);
				},
			},
		});
		const buy = async (executionId: string) =>
			(await play(engine, bench.simulator, purchase, { ...keyed(), executionId })).output();
		await buy('1');
		claims = 0;
		expect((await buy('2')).map(({ json }) => json)).toEqual([skipped('order-0'), skipped('order-1')]);
		expect(claims).toBe(0);
	});

	it('every operation: an unsaved workflow can keep none, so that nothing leaves', async () => {
		await atOnce(single, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const result = await bench.play(scene, { ...keyed(), ...going, workflowId: '' });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
			expect(result.output()[0]!.json.error).toMatch(/only be kept for a saved workflow.*Save the workflow/);
			expect(bench.sent(scene.request)).toEqual([]);
		});
	});

	it('every operation: the same webhook delivered twice at the same moment acts once', async () => {
		await atOnce(single, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const one = { ...scene, items: scene.items.slice(0, 1) };
			const results = await Promise.all([1, 2, 3].map(async () => await bench.play(one, keyed('order'))));
			const skips = results.filter((result) => result.output()[0]?.json.skipped === true);
			expect(results.flatMap(outcomesOf)).toEqual(['success', 'success', 'success']);
			// Where a reading tells that nothing is left to do, one that comes late says that in the place of the key.
			if (asking.includes(scene)) expect(skips).toHaveLength(2);
			expect(bench.sent(scene.request)).toHaveLength(1);
		});
	});

	it('the wait before a key counts begins when its write has ended, however long that took', async () => {
		const store = createDeduplicationStore();
		let ended = 0;
		const slowOnce: DeduplicationStore = {
			...store,
			async checkProcessedAndRecord(items, ...rest) {
				const output = await store.checkProcessedAndRecord(items, ...rest);
				if (ended === 0 && items.includes('key:order-0')) {
					await new Promise((resolve) => setTimeout(resolve, 400));
					ended = performance.now();
				}
				return output;
			},
		};
		const engine = openEngine({ deduplication: slowOnce });
		await play(engine, bench.simulator, { ...purchase, items: purchase.items.slice(0, 1) }, keyed());
		expect(bench.sent('purchase')[0]!.arrivedAt - ended).toBeGreaterThanOrEqual(1000);
	});

	it('what this process has won lately counts, although a stalled write of another one has emptied the list', async () => {
		const capped = (key: string) => ({
			...going,
			parameters: { options: { idempotencyKey: key, maximumPerDay: 2 } },
		});
		const orders = '={{ "order-" + $itemIndex }}';
		await bench.play(purchase, capped(orders));
		bench.engine.deduplication.overwriteAll();
		const again = await bench.play(purchase, capped(orders));
		expect(again.output().map(({ json }) => json)).toEqual([skipped('order-0'), skipped('order-1')]);
		bench.engine.deduplication.overwriteAll();
		const others = await bench.play(purchase, capped('={{ "other-" + $itemIndex }}'));
		expect(outcomesOf(others)).toEqual(['notSent', 'notSent']);
		expect(bench.sent('purchase')).toHaveLength(2);
	});

	it('blanks around a key do not make another one', async () => {
		await bench.play(purchase, keyed('={{ $itemIndex === 0 ? " a " : "b" }}'));
		const second = await bench.play(purchase, keyed('={{ $itemIndex === 0 ? "a" : " c" }}'));
		expect(second.output().map(({ json }) => json)).toMatchObject([skipped('a'), { purchased: true }]);
	});

	it.each([['""'], ['"  "'], ['null'], ['undefined']])(
		'a key of %s protects nothing: its item is invalid',
		async (key) => {
			const result = await bench.play(purchase, {
				...keyed(`={{ $itemIndex === 0 ? ${key} : "b" }}`),
				...going,
			});
			expect(outcomesOf(result)).toEqual(['invalid', 'success']);
			expect(purchase.effects!(bench.simulator)).toEqual([0, 1]);
		},
	);

	it('an item that was skipped does not hold up the next', async () => {
		await bench.play({ ...purchase, items: [{ amount: 30 }] }, keyed('order-0'));
		const result = await bench.play(purchase, keyed());
		expect(result.output().map(({ json }) => json)).toMatchObject([skipped('order-0'), { purchased: true }]);
		expect(purchase.effects!(bench.simulator)).toEqual([0, 1]);
	});
});
