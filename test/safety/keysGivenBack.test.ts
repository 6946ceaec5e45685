import { atOnce, edited, going, openBench, outcomeOf, outcomesOf } from '../harness';
import { refusalOf, type PlayOptions } from '../scenes';
import { cards } from '../simulator';
import { acting, create, keyed, purchase, single, skipped } from './keyed';

const bench = openBench();

describe('a key is given back when nothing happened', () => {
	it('every operation: after a refusal', async () => {
		await atOnce(single, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.simulator.order({ ...refusalOf(scene), times: Infinity });
			const refused = await bench.play(scene, { ...keyed(), ...going });
			// Click2Mail's refusals hold back the other charges on the card.
			const second = scene.provider === 'click2mail' && scene.charges ? 'notSent' : 'refused';
			expect(outcomesOf(refused)).toEqual(['refused', second]);
			bench.simulator.lift();

			const later = await bench.play(scene, keyed());
			expect(later.output().map(({ json }) => json)).toMatchObject(scene.successes(bench.simulator).flat());
			expect(scene.effects!(bench.simulator)).toEqual([1, 1]);
		});
	});

	it('every operation: also when another worker writes what it had read before', async () => {
		await atOnce(single, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const one = { ...scene, items: scene.items.slice(0, 1) };
			bench.engine.deduplication.overwriteNext(2);
			bench.simulator.order(refusalOf(scene));
			expect(outcomesOf(await bench.play(one, { ...keyed(), ...going }))).toEqual(['refused']);

			const later = await bench.play(one, keyed());
			expect(later.output()[0]!.json).not.toEqual(skipped('order-0'));
			expect(bench.sent(scene.request)).toHaveLength(2);
		});
	});

	it('every operation: when the provider could not be reached', async () => {
		await atOnce(acting, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const { simulator } = bench;
			const nowhere = { environment: 'custom', baseUrl: 'http://127.0.0.1:1' };
			const unreached = await bench.play(scene, {
				...keyed(),
				...going,
				credentials: {
					click2MailApi: { ...simulator.click2mail.credentials, ...nowhere },
					clubTextingApi: { ...simulator.clubTexting.credentials, ...nowhere },
					ezTextingApi: { ...simulator.ezTexting.credentials, ...nowhere },
					mailPartnerApi: { ...simulator.mailPartner.credentials, ...nowhere },
					paymentCardApi: { ...cards.visa },
				},
			});
			expect(new Set(outcomesOf(unreached))).toEqual(new Set(['notSent']));

			await bench.play(scene, keyed());
			expect(scene.effects!(bench.simulator)).toEqual(scene.items.map(() => 1));
		});
	});

	it('an invalid item, a dry run and a run beyond the spending limit use none', async () => {
		await bench.play({ ...purchase, items: [{ amount: 5 }, { amount: 6 }] }, { ...keyed(), ...going });
		await bench.play(purchase, { parameters: { dryRun: true, options: { idempotencyKey: 'x' } } });
		expect(bench.engine.deduplication.writes).toBe(0);
		await bench.play(purchase, {
			...going,
			parameters: { spendingLimit: 30, options: { idempotencyKey: '={{ "order-" + $itemIndex }}' } },
		});
		// Whether an earlier run of the execution has bought is asked, and nothing of it stays.
		expect(bench.engine.deduplication.rows().flatMap(({ hashes }) => hashes)).toEqual([]);

		await bench.play(purchase, keyed());
		expect(purchase.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('items with one key in one run: when the first is refused, the second acts', async () => {
		bench.simulator.order(refusalOf(create));
		const result = await bench.play(create, { ...keyed('one'), ...going });
		expect(outcomesOf(result)).toEqual(['refused', 'success']);
		expect(create.effects!(bench.simulator)).toEqual([0, 1]);
	});
});

describe('a key that n8n does not give back', () => {
	const locked = new Error('database is locked');
	/** Lets n8n fail to take back what it has written down for the first request, so many times. */
	const failing = (calls: number): PlayOptions => {
		let requests = 0;
		return {
			onRequest: () => void (++requests === 1 && bench.engine.deduplication.failNext(locked, calls)),
		};
	};

	it('at once is asked for again, and can be used by another execution', async () => {
		bench.simulator.order(refusalOf(create));
		const refused = await bench.play(create, { ...keyed(), ...going, ...failing(2) });
		expect(outcomesOf(refused)).toEqual(['refused', 'success']);
		expect(refused.output()[0]!.json.error).not.toMatch(/given back/);
		const later = await bench.play(create, keyed());
		expect(later.output()[1]!.json).toEqual(skipped('order-1'));
		expect(create.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('at all: the item says so, its retry acts, and no other execution does', async () => {
		bench.simulator.order(refusalOf(create));
		const refused = await bench.play(create, { ...keyed(), ...failing(3) });
		expect(outcomeOf(refused)).toBe('refused');
		expect(refused.error?.description).toMatch(
			/could not be given back in n8n’s database and counts as used in other executions: retry this execution/,
		);

		const another = await bench.play({ ...create, items: create.items.slice(0, 1) }, keyed());
		expect(outcomeOf(another)).toBe('unknown');
		expect(another.error?.message).toMatch(/was taken before, and whether its act happened is not known/);
		expect(create.effects!(bench.simulator)).toEqual([0, 0]);

		const retried = await bench.engine.retry(refused);
		expect(retried.error).toBeUndefined();
		expect(create.effects!(bench.simulator)).toEqual([1, 1]);
		const again = await bench.play(create, keyed());
		expect(again.output().map(({ json }) => json)).toEqual([skipped('order-0'), skipped('order-1')]);
	});

	it('because other workers write over it again and again: the item says so, and its retry acts', async () => {
		bench.engine.deduplication.overwriteNext(Infinity);
		bench.simulator.order(refusalOf(create));
		const refused = await bench.play(create, keyed());
		expect(refused.error?.description).toMatch(/could not be given back in n8n’s database/);
		const retried = await bench.engine.retry(refused);
		expect(retried.error).toBeUndefined();
		expect(create.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('at all: a further item of the run with this key acts', async () => {
		bench.simulator.order(refusalOf(create));
		const result = await bench.play(create, { ...keyed('one'), ...going, ...failing(3) });
		expect(outcomesOf(result)).toEqual(['refused', 'success']);
		expect(result.output()[0]!.json).toEqual({
			error:
				'MailPartner refused: an account with this “Email” exists already (Un compte existe déjà avec cet email) [item 0]. Nothing was created. Use another email, or look the sub-account up with “Get Many”. Its idempotency key (“Act Once Per”) could not be given back in n8n’s database and counts as used in other executions: retry this execution, or use another key.',
			details: {
				outcome: 'refused',
				provider: 'MailPartner',
				operation: 'subaccount.create',
				providerCode: '7',
				httpStatus: 200,
				affects: 'item',
			},
		});
		expect(create.effects!(bench.simulator)).toEqual([0, 1]);
	});
});

it('an item that was skipped is skipped in a retry, whatever its parameters are then', async () => {
	await bench.play({ ...create, items: create.items.slice(0, 1) }, keyed());
	bench.simulator.order(refusalOf(create));
	const failed = await bench.play(create, keyed());
	expect(outcomeOf(failed)).toBe('refused');
	const changed = { options: { idempotencyKey: '={{ $itemIndex === 0 ? "" : "other" }}' } };
	const retried = await bench.engine.retry(failed, { loadWorkflow: edited(failed, changed) });
	expect(retried.output()[0]!.json).toEqual(skipped('order-0'));
	expect(create.effects!(bench.simulator)).toEqual([1, 1]);
});
