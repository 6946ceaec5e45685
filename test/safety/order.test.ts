import type { INodeParameters } from 'n8n-workflow';
import { refusalOf, sceneOf, scenes, type Scene } from '../scenes';
import {
	type Bench,
	eachAtOnce,
	itemsOf,
	openBench,
	outcomeOf,
	outcomesOf,
	pairs,
	providerNames,
} from '../harness';

const bench = openBench();
const acting = scenes.filter((scene) => scene.effects);
const purchase = sceneOf('click2mail.credit.purchase');
const buy = sceneOf('clubTexting.credit.buy');

/** What the two items of each buy, in the unit of the account. */
const topUps: Array<[string, number[]]> = [
	['click2mail.credit.topUp', [20, 21.5]],
	['clubTexting.credit.topUp', [1000, 1100]],
	['ezTexting.credit.topUp', [1000, 1100]],
	['mailPartner.credit.topUp', [10, 10]],
];

/** The same scene with one more item, which can't be used. */
function withInvalid(scene: Scene): Scene {
	return { ...scene, items: [...scene.items, { credit: -1 }] };
}

/** A time-out that is none, of the second item. */
const timeoutSoon = ({ name }: Scene): INodeParameters => ({
	options: {
		timeout: '={{ $itemIndex === 1 ? "soon" : 60000 }}',
		...(name.includes('send') && { requestsPerSecond: 1000 }),
	},
});

/** What an invalid item says where the node stops, and where it goes on. */
type Says = Record<'message' | 'description' | 'error', RegExp>;

describe('one item of a run is invalid', () => {
	/** @param bad the item that can't be used */
	async function expectInvalid(scene: Scene, { play, simulator }: Bench, bad: number, says: Says) {
		scene.prepare?.(simulator);
		const stopped = await play(scene, { retryOnFail: true });
		expect(outcomeOf(stopped)).toBe('invalid');
		expect(stopped.error?.context?.itemIndex).toBe(bad);
		expect(stopped.error?.message).toMatch(says.message);
		expect(stopped.error?.description).toMatch(says.description);
		expect(simulator.requests).toEqual([]);

		const went = await play(scene, { onError: 'continueErrorOutput' });
		const others = scene.successes(simulator).map((own, item) => (item === bad ? [] : own));
		expect(itemsOf(went)).toMatchObject(others.flat());
		expect(pairs(went)).toEqual(others.flatMap((own, item) => own.map(() => ({ item }))));
		const effects = scene.effects?.(simulator);
		if (effects) expect(effects).toEqual(effects.map((_, item) => (item === bad ? 0 : 1)));
		const { resource, operation } = scene.parameters;
		const details = {
			outcome: 'invalid',
			provider: providerNames[scene.provider],
			operation: `${String(resource)}.${String(operation)}`,
			affects: 'item',
		};
		expect(went.output(undefined, 1)).toMatchObject([
			{ json: { error: expect.stringMatching(says.error) as string, details }, pairedItem: { item: bad } },
		]);
	}

	eachAtOnce(acting.map(withInvalid), '$name: nothing leaves, or nothing of it', async (scene, bench) => {
		const message = /“.+” .*\[item \d\]\. Nothing was sent\./;
		const says = { message, description: /./, error: /“.+” .*\[item \d\]\./ };
		await expectInvalid(scene, bench, scene.items.length - 1, says);
	});

	eachAtOnce(
		scenes.map((scene) => ({ ...scene, parameters: { ...scene.parameters, ...timeoutSoon(scene) } })),
		'$name: the same by an option that every operation has',
		async (scene, bench) => {
			const trouble = '“Timeout” must be a number, but is "soon" \\[item 1\\]\\.';
			await expectInvalid(scene, bench, 1, {
				message: new RegExp(`^${trouble} Nothing was sent\\.$`),
				description: /^Write it with digits only, like 1000\.$/,
				error: new RegExp(`^${trouble} Write it with digits only, like 1000\\.$`),
			});
		},
	);

	it('says how many items are invalid', async () => {
		const result = await bench.play({
			...purchase,
			items: [{ amount: 20 }, { amount: 9 }, { amount: 'a lot' }],
		});
		expect(result.error?.message).toBe(
			'“Amount” must be at least 10 USD, but is 9 [item 1]. Nothing was sent. 2 of 3 items are invalid.',
		);
	});

	it('an invalid card stops all of it before the first request', async () => {
		const result = await bench.play(purchase, {
			onError: 'continueRegularOutput',
			credentials: {
				click2MailApi: { ...bench.simulator.click2mail.credentials },
				paymentCardApi: {
					cardType: 'visa',
					number: '4111111111111112',
					expirationMonth: '12',
					expirationYear: '2039',
					securityCode: '123',
				},
			},
		});
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('the spending limit', () => {
	/** Name, planned total, unit. */
	const cases: Array<[string, number, string]> = [
		['click2mail.credit.purchase', 41.5, 'USD'],
		['clubTexting.credit.buy', 2100, 'credits'],
		['ezTexting.credit.buy', 2100, 'credits'],
		['mailPartner.subaccount.create', 11, 'EUR'],
		['mailPartner.credit.add', 20, 'EUR'],
	];

	it.each(cases)(
		'%s: a plan beyond it buys nothing, and the error says how to go on; one of exactly the limit is carried out',
		async (name, total, unit) => {
			const scene = sceneOf(name);
			scene.prepare?.(bench.simulator);
			const limit = total - 0.01;
			const result = await bench.play(scene, { parameters: { spendingLimit: limit } });
			expect(outcomeOf(result)).toBe('notSent');
			expect(result.error?.message).toContain(
				`Nothing was spent: the items of this run come to ${total} ${unit}, and the spending limit is ${limit} ${unit}`,
			);
			expect(result.error?.description).toBe(
				`To allow it, raise “Spending Limit” of this node to ${total} or more.`,
			);
			expect(bench.simulator.requests).toEqual([]);

			const going = await bench.play(scene, {
				parameters: { spendingLimit: limit },
				onError: 'continueRegularOutput',
			});
			expect(outcomesOf(going)).toEqual(['notSent', 'notSent']);
			expect(itemsOf(going)).toMatchObject([
				{ details: { affects: 'run' } },
				{ details: { affects: 'run' } },
			]);
			expect(bench.simulator.requests).toEqual([]);

			const within = await bench.play(scene, { parameters: { spendingLimit: total } });
			expect(within.error).toBeUndefined();
			expect(scene.effects!(bench.simulator)).toEqual([1, 1]);
		},
	);

	it('is the smallest where the items differ', async () => {
		const result = await bench.play(purchase, {
			parameters: { spendingLimit: '={{ $itemIndex === 1 ? 30 : 1000 }}' },
		});
		expect(outcomeOf(result)).toBe('notSent');
		expect(bench.simulator.requests).toEqual([]);
	});

	it('holds to the smallest amount that can be moved', async () => {
		const scene = sceneOf('mailPartner.credit.add');
		scene.prepare?.(bench.simulator);
		const limited = { spendingLimit: 100, amount: '={{ $itemIndex === 0 ? 90 : 10.004 }}' };
		const over = await bench.play(scene, { parameters: limited });
		expect(outcomeOf(over)).toBe('notSent');
		expect(over.error?.message).toContain('come to 100.004 EUR');
		expect(bench.simulator.requests).toEqual([]);
		const within = await bench.play(scene, {
			parameters: { ...limited, amount: '={{ $itemIndex === 0 ? 90 : 9.999 }}' },
		});
		expect(within.error).toBeUndefined();
		expect(scene.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('counts the invalid items of a run that continues not', async () => {
		const result = await bench.play(
			{ ...purchase, items: [{ amount: 20 }, { amount: 5 }] },
			{ onError: 'continueRegularOutput', parameters: { spendingLimit: 20 } },
		);
		expect(outcomesOf(result)).toEqual(['success', 'invalid']);
	});

	it.each(topUps)(
		'%s: the purchase that would pass it is not made, in no further try either',
		async (name, [first, second]) => {
			const scene = sceneOf(name);
			scene.prepare?.(bench.simulator);
			const limit = first! + second! - 0.5;
			const parameters = { spendingLimit: limit };
			const failed = await bench.play(scene, { parameters, retryOnFail: true, maxTries: 3 });
			expect(outcomeOf(failed)).toBe('notSent');
			expect(failed.error?.message).toContain(`after ${first} `);
			expect(failed.error?.message).toContain(`would pass the spending limit of ${limit} `);
			expect(failed.error?.description).toContain(`to ${first! + second!} or more`);

			const retried = await bench.engine.retry(failed);
			expect(outcomeOf(retried)).toBe('notSent');
			expect(scene.effects!(bench.simulator)).toEqual([1, 0]);

			bench.simulator.reset();
			scene.prepare?.(bench.simulator);
			const went = await bench.play(scene, { parameters, onError: 'continueRegularOutput' });
			expect(outcomesOf(went)).toEqual(['success', 'notSent']);
			expect(scene.effects!(bench.simulator)).toEqual([1, 0]);
		},
	);

	it.each(topUps)('%s: what may have been spent counts as spent', async (name, [first, second]) => {
		const scene = sceneOf(name);
		scene.prepare?.(bench.simulator);
		bench.simulator.order({ provider: scene.provider, operation: scene.request, fault: 'resetBefore' });
		const result = await bench.play(scene, {
			onError: 'continueRegularOutput',
			parameters: { spendingLimit: first! + second! - 0.5 },
		});
		expect(outcomesOf(result)).toEqual(['unknown', 'notSent']);
		expect(bench.sent(scene.request)).toHaveLength(1);
	});
});

describe('top-ups of one account in one run', () => {
	it.each(topUps.map(([name]) => name))(
		'%s: buys once however far below the minimum, and nothing when the balance can’t be read',
		async (name) => {
			const scene = sceneOf(name);
			const one = { ...scene, items: scene.items.slice(0, 1) };
			one.prepare?.(bench.simulator);
			await bench.play(one);
			expect(bench.sent(scene.request)).toHaveLength(1);

			bench.simulator.order({
				provider: scene.provider,
				operation: scene.before,
				fault: 'status500',
				times: Infinity,
			});
			const blind = await bench.play(one);
			expect(outcomeOf(blind)).toBe('notSent');
			expect(bench.sent(scene.request)).toHaveLength(1);
		},
	);

	const two = { ...sceneOf('click2mail.credit.topUp'), items: [{ amount: 20 }, { amount: 20 }] };

	it('a dry run counts towards the spending limit what it would have bought', async () => {
		const result = await bench.play(two, {
			onError: 'continueRegularOutput',
			parameters: { minimumBalance: 60, spendingLimit: 30, dryRun: true },
		});
		expect(result.output().map(({ json }) => json)).toMatchObject([
			{ dryRun: true, cost: 20 },
			{ error: expect.stringContaining('after 20 USD in this run') as string },
		]);
		expect(bench.simulator.click2mail.books.charges).toHaveLength(0);
	});

	it('a later try knows the balance that the first one saw', async () => {
		const scene = sceneOf('click2mail.credit.topUp');
		bench.simulator.order({ ...refusalOf(scene), after: 1 });
		const failed = await bench.play(scene);
		const retried = await bench.engine.retry(failed);
		expect(retried.output().map(({ json }) => json)).toMatchObject([
			{ balanceBefore: 25.5, balanceAfter: 45.5 },
			{ balanceBefore: 45.5, balanceAfter: 67 },
		]);
	});
});

describe('a charge of unknown outcome', () => {
	it('holds back further charges on that card in that run, and no others', async () => {
		bench.simulator.clubTexting.books.storedCards.add('2222');
		bench.simulator.order({ operation: 'buy', fault: 'status500' });
		const items = [
			{ credits: 1000, last: '1111' },
			{ credits: 1100, last: '2222' },
			{ credits: 1200, last: '1111' },
			{ credits: 1300, last: '2222' },
		];
		const result = await bench.play(
			{ ...buy, items },
			{ onError: 'continueRegularOutput', parameters: { storedCardLastFour: '={{ $json.last }}' } },
		);
		expect(outcomesOf(result)).toEqual(['unknown', 'success', 'notSent', 'success']);
		expect(result.output()[2]!.json.error).toMatch(/earlier charge on the same card/);
		expect(bench.simulator.clubTexting.books.charges.map(({ amount }) => amount)).toEqual([10, 11, 13]);
	});

	it('tells a stored card from that of the credential', async () => {
		bench.simulator.order({ operation: 'buy', fault: 'status500' });
		const result = await bench.play(
			{
				...buy,
				items: [
					{ credits: 1000, method: 'card' },
					{ credits: 1100, method: 'storedCard' },
				],
			},
			{
				onError: 'continueRegularOutput',
				parameters: { paymentMethod: '={{ $json.method }}', storedCardLastFour: '1111' },
			},
		);
		expect(outcomesOf(result)).toEqual(['unknown', 'success']);
	});
});

describe('a run that stops', () => {
	it.each(acting.filter((scene) => !scene.shared))(
		'$name: sends nothing more after a refusal or an unknown outcome',
		async (scene) => {
			for (const fault of ['status403', 'resetBefore'] as const) {
				bench.simulator.reset();
				scene.prepare?.(bench.simulator);
				bench.simulator.order({ provider: scene.provider, operation: scene.request, fault });
				const result = await bench.play(scene);
				// Beside an unknown outcome it would read as if nothing had left.
				const isUnknown = outcomeOf(result) === 'unknown';
				expect(result.error?.message.includes('0 of 2 items had gone through before it')).toBe(!isUnknown);
				expect(bench.sent(scene.request)).toHaveLength(1);
			}
		},
	);
});
