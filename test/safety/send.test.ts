import { edited, going, openBench, outcomeOf, outcomesOf } from '../harness';
import type { RunResult } from '../engine';
import { refusalOf, sceneOf, type Scene } from '../scenes';

const bench = openBench();
const quick = { requestsPerSecond: 1000 };
const scene = sceneOf('clubTexting.message.send');
const send: Scene = { ...scene, parameters: { ...scene.parameters, options: quick } };
const texts = (...to: string[]): Scene => ({ ...send, items: to.map((numbers) => ({ to: numbers })) });
const [A, B, C, D, E] = ['2125550101', '2125550102', '2125550103', '2125550104', '2125550105'] as const;

const delivered = () => bench.simulator.clubTexting.books.delivered.map(({ number }) => number).sort();
const requestedNumbers = () =>
	bench
		.sent('send')
		.map(({ form }) => form!.filter(([name]) => name === 'PhoneNumbers[]').map(([, number]) => number));

describe('a shared request is refused because of a number', () => {
	it.each([
		['that is named', 'all', 2],
		['that is named first of two', 'first', 3],
		['that is not named', 'none', 9],
	] as const)(
		'%s: the others go out, and only the items with such a number fail',
		async (_name, names, most) => {
			const { books } = bench.simulator.clubTexting;
			books.refusalNames = names;
			books.refusedNumbers = new Set([B, D]);
			const result = await bench.play(texts(A, B, C, D, E), going);
			expect(outcomesOf(result)).toEqual(['success', 'refused', 'success', 'refused', 'success']);
			expect(delivered()).toEqual([A, C, E]);
			expect(bench.sent('send').length).toBeLessThanOrEqual(most);
			expect(result.output()[1]!.json.error).toMatch(/PhoneNumbers/);
			expect(result.output().map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3, 4].map((item) => ({ item })),
			);
		},
	);

	it('an item with a bad number among good ones fails as a whole: it goes out as asked or not at all', async () => {
		bench.simulator.clubTexting.books.refusedNumbers = new Set([B]);
		const result = await bench.play(texts(A, `${B}, ${C}`, D), going);
		expect(outcomesOf(result)).toEqual(['success', 'refused', 'success']);
		expect(delivered()).toEqual([A, D]);
	});

	it('a number that stands in a good and a bad item goes out for the good one', async () => {
		bench.simulator.clubTexting.books.refusedNumbers = new Set([B]);
		const result = await bench.play(texts(`${A}, ${B}`, A), going);
		expect(outcomesOf(result)).toEqual(['refused', 'success']);
		expect(delivered()).toEqual([A]);
	});

	it.each(['all', 'none'] as const)(
		'(named: %s) Retry On Fail asks nothing again and changes nothing',
		async (names) => {
			const { books } = bench.simulator.clubTexting;
			books.refusalNames = names;
			books.refusedNumbers = new Set([A]);
			const result = await bench.play(texts(A, B, C), { ...going, retryOnFail: true, maxTries: 3 });
			expect(outcomesOf(result)).toEqual(['refused', 'success', 'success']);
			expect(delivered()).toEqual([B, C]);
			// Each combination of numbers was asked for once.
			const asked = requestedNumbers().map(String);
			expect(new Set(asked).size).toBe(asked.length);
		},
	);

	it('with "stop", nothing of it goes out, and the retry sends it all once the number is accepted', async () => {
		const { books } = bench.simulator.clubTexting;
		books.refusedNumbers = new Set([B]);
		const failed = await bench.play(texts(A, B, C), { retryOnFail: true });
		expect(outcomeOf(failed)).toBe('refused');
		expect(bench.sent('send')).toHaveLength(1);
		expect(delivered()).toEqual([]);

		books.refusedNumbers.clear();
		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(delivered()).toEqual([A, B, C]);
	});

	it.each([
		['twice', [A, B, A]],
		['three times, with another bad one', [A, B, A, D, A]],
		['twice, the bad one first', [B, A, A]],
	])(
		'a number that stands there %s goes out once while the bad one is searched for',
		async (_name, numbers) => {
			const { books } = bench.simulator.clubTexting;
			books.refusalNames = 'none';
			books.refusedNumbers = new Set([B, D]);
			const result = await bench.play(texts(...numbers), going);
			expect(outcomesOf(result)).toEqual(numbers.map((number) => (number === A ? 'success' : 'refused')));
			expect(delivered()).toEqual([A]);
		},
	);

	describe('of sixty with twelve bad ones', () => {
		const sixty = Array.from({ length: 60 }, (_, i) => `2125551${String(100 + i)}`);
		const bad = sixty.filter((_, i) => i % 5 === 2);
		const parameters = { options: { ...quick, recipientsPerRequest: 60 } };
		beforeEach(() => {
			bench.simulator.clubTexting.books.refusedNumbers = new Set(bad);
		});

		it('each failed item shows its own number and nobody else’s', async () => {
			const result = await bench.play(texts(...sixty), { ...going, parameters });
			for (const [item, { json }] of result.output().entries()) {
				const number = sixty[item]!;
				if (!bad.includes(number)) expect(json.recipients).toEqual([number]);
				else expect(String(json.error).match(/\d{10}/g)).toEqual([number]);
			}
			expect(delivered()).toEqual(sixty.filter((number) => !bad.includes(number)));
		});

		it('the error of a run that stops shows the first three and how many more', async () => {
			const failed = await bench.play(texts(...sixty), { parameters });
			expect(failed.error?.message.match(/\d{10}/g)).toEqual(bad.slice(0, 3));
			expect(failed.error?.message).toContain('and 9 more like this');
		});
	});

	it('with groups, no request is torn in two, so that no group is texted twice', async () => {
		const { books } = bench.simulator.clubTexting;
		books.refusalNames = 'none';
		books.refusedNumbers = new Set([B]);
		const result = await bench.play(texts(A, B), {
			...going,
			parameters: { options: { ...quick, groups: 'honey lovers' } },
		});
		expect(outcomesOf(result)).toEqual(['refused', 'refused']);
		expect(delivered()).toEqual([]);
	});

	it('with groups, the named number’s item fails and the group is texted once', async () => {
		bench.simulator.clubTexting.books.refusedNumbers = new Set([B]);
		const result = await bench.play(texts(A, B, C), {
			...going,
			parameters: { options: { ...quick, groups: 'honey lovers' } },
		});
		expect(outcomesOf(result)).toEqual(['success', 'refused', 'success']);
		expect(delivered()).toEqual(['2125550150', '2125550151', A, C].sort());
	});

	it('a refusal for another reason fails all its items after one request', async () => {
		Object.assign(bench.simulator.clubTexting.books, { planCredits: 0, anytimeCredits: 0 });
		const result = await bench.play(texts(A, B, C), going);
		expect(outcomesOf(result)).toEqual(['refused', 'refused', 'refused']);
		expect(bench.sent('send')).toHaveLength(1);
	});
});

describe('a shared request without a clear answer', () => {
	it.each([
		['timeoutAfter', 1],
		['resetAfter', 1],
		['status500', 1],
		['emptyBody', 1],
		['resetBefore', 0],
	] as const)('%s: all its items are unknown, and none is sent again', async (fault, times) => {
		bench.simulator.order({ operation: 'send', fault });
		const result = await bench.play(texts(A, B, C), {
			...going,
			retryOnFail: true,
			maxTries: 3,
			parameters: { options: { ...quick, timeout: 1000 } },
		});
		expect(outcomesOf(result)).toEqual(['unknown', 'unknown', 'unknown']);
		expect(bench.sent('send')).toHaveLength(1);
		expect(delivered()).toHaveLength(3 * times);
	});

	it('leaves other requests of the run alone', async () => {
		bench.simulator.order({ operation: 'send', fault: 'resetAfter' });
		const result = await bench.play(texts(A, B, C, D), {
			...going,
			parameters: { options: { ...quick, recipientsPerRequest: 2 } },
		});
		expect(outcomesOf(result)).toEqual(['unknown', 'unknown', 'success', 'success']);
	});
});

describe('an item that takes several requests', () => {
	const long = texts(`${A}, ${B}, ${C}, ${D}, ${E}`);
	const parameters = { options: { ...quick, recipientsPerRequest: 2 } };

	it.each([
		['as it was', '={{ "Honey is ready" }}'],
		['with another text at each look', '=Honey is ready {{ $now.toMillis() }}'],
	])(
		'%s, its first request lost: the error says who is unknown, and a retry goes on with the others',
		async (_name, message) => {
			const scene: Scene = { ...long, items: [...long.items, { to: '2125550106' }] };
			bench.simulator.order({ operation: 'send', fault: 'resetAfter' });
			const failed = await bench.play(scene, { parameters: { ...parameters, message }, retryOnFail: true });
			expect(outcomeOf(failed)).toBe('unknown');
			expect(failed.error?.message).toContain(`unknown: ${A}, ${B}; not tried: ${C}, ${D}, ${E}.`);
			expect(bench.sent('send')).toHaveLength(1);

			const retried = await bench.engine.retry(failed);
			expect(outcomeOf(retried)).toBe('unknown');
			expect(retried.error?.message).toMatch(
				new RegExp(`3 of 5 numbers were accepted .*: ${C}, ${D}, ${E}; unknown: ${A}, ${B}\\.`),
			);
			// With "Continue", the node gets past it.
			const on = edited(failed);
			for (const node of on.nodes) if (node.name === 'Node') node.onError = 'continueRegularOutput';
			const past = await bench.engine.retry(retried, { loadWorkflow: on });
			expect(outcomesOf(past)).toEqual(['unknown', 'success']);
			expect(past.output()[0]!.json.error).toContain(`unknown: ${A}, ${B}`);
			expect(delivered()).toEqual([A, B, C, D, E, '2125550106']);
		},
	);

	it('its first request lost, with "Continue": the item says who is unknown and who was not tried', async () => {
		bench.simulator.order({ operation: 'send', fault: 'resetAfter' });
		const result = await bench.play(texts(`${A}, ${B}, ${C}`, D), { ...going, parameters });
		expect(outcomesOf(result)[0]).toBe('unknown');
		expect(result.output()[0]!.json.error).toContain(`unknown: ${A}, ${B}; not tried: ${C}.`);
	});

	it.each(['resetAfter', 'resetBefore'] as const)(
		'%s on the second: the error says what is certain, and a retry sends only the rest',
		async (fault) => {
			bench.simulator.order({ operation: 'send', fault, after: 1 });
			const failed = await bench.play(long, { parameters, retryOnFail: true, maxTries: 3 });
			const [first] = bench.simulator.clubTexting.books.messages;
			expect(outcomeOf(failed)).toBe('unknown');
			expect(failed.error?.message).toContain(
				`Only a part of this item is certain: 2 of 5 numbers were accepted (message ID ${first!.id}): ${A}, ${B}; unknown: ${C}, ${D}; not tried: ${E}.`,
			);
			expect(failed.error?.message).toContain(
				'Executions → Retry sends the message to those that were not tried',
			);
			expect(bench.sent('send')).toHaveLength(2);

			const retried = await bench.engine.retry(failed);
			expect(outcomeOf(retried)).toBe('unknown');
			expect(requestedNumbers().flat().sort()).toEqual([A, B, C, D, E]);
			expect(retried.error?.message).toMatch(
				new RegExp(`3 of 5 numbers were accepted .*: ${A}, ${B}, ${E}; unknown: ${C}, ${D}\\.`),
			);
		},
	);

	it('refused on the second: a retry sends the rest and the item comes out whole', async () => {
		bench.simulator.order({ ...refusalOf(send), after: 1 });
		const failed = await bench.play(long, { parameters, retryOnFail: true, maxTries: 3 });
		expect(failed.error?.message).toContain('2 of 5 numbers were accepted');
		expect(bench.sent('send')).toHaveLength(2);

		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(retried.output()[0]!.json).toMatchObject({ recipients: [A, B, C, D, E], recipientsCount: 5 });
		expect(delivered()).toEqual([A, B, C, D, E]);
	});

	it.each([false, true])(
		'refused on the second, then asked for less and in another order: sends nothing (dry run: %s)',
		async (dryRun) => {
			bench.simulator.order({ ...refusalOf(send), after: 1 });
			const failed = await bench.play(long, { parameters });
			const loadWorkflow = edited(failed, { phoneNumbers: `${B}, ${A}`, dryRun });
			const retried = await bench.engine.retry(failed, { loadWorkflow });
			expect(retried.output().map(({ json }) => json)).toMatchObject([
				{ recipients: [B, A], recipientsCount: 2, messageIds: [expect.any(String)] },
			]);
			expect(delivered()).toEqual([A, B]);
			expect(bench.sent('send')).toHaveLength(2);
		},
	);

	it('a database that fails after the first: the rest goes out at the next try', async () => {
		let requests = 0;
		const result = await bench.play(long, {
			parameters,
			retryOnFail: true,
			onRequest: () => {
				if (++requests === 1) bench.engine.deduplication.failNext(undefined, 3);
			},
		});
		expect(result.error).toBeUndefined();
		expect(delivered()).toEqual([A, B, C, D, E]);
		expect(bench.sent('send')).toHaveLength(3);
	});
});

describe('a retry in which another item is to go to a number that was texted before', () => {
	const refused = { ...refusalOf(send), after: 1 };
	const lost = { fault: 'resetAfter' } as const;
	const options = { ...quick, recipientsPerRequest: 1 };
	const toOne = async (failed: RunResult) => {
		const { nodes, ...workflow } = edited(failed, { phoneNumbers: A });
		const loadWorkflow = { ...workflow, nodes: nodes.map((node) => ({ ...node, ...going })) };
		return (await bench.engine.retry(failed, { loadWorkflow })).output()[1]!.json;
	};

	it.each([
		['shares that text', refused, 0, { recipients: [A], itemsInRequest: 2 }],
		[
			'is not sent where that can’t be written down',
			refused,
			99,
			{
				error: expect.stringMatching(
					/^n8n could not write down in its database what .* \[item 1\]\. Nothing/,
				),
				details: expect.objectContaining({ outcome: 'notSent', operation: 'message.send' }) as object,
			},
		],
		[
			'is as unknown as that is',
			lost,
			0,
			{
				error: expect.stringMatching(
					/^It is unknown .*: an earlier try sent it, and no answer .* \[item 1\]\./,
				),
				details: expect.objectContaining({ outcome: 'unknown', operation: 'message.send' }) as object,
			},
		],
	])('%s', async (_what, order, failures, json) => {
		bench.simulator.order({ operation: 'send', ...order });
		const failed = await bench.play(texts(`${A}, ${B}`, C), { parameters: { options } });
		bench.engine.deduplication.failNext(undefined, failures);
		expect(await toOne(failed)).toMatchObject(json);
		expect(delivered()).toEqual([A]);
	});

	it('is skipped where its key was used by another execution meanwhile', async () => {
		bench.simulator.order({ operation: 'send', ...refused });
		const keyed = { ...options, idempotencyKey: '={{ $itemIndex ? "second" : "first" }}' };
		const failed = await bench.play(texts(`${A}, ${B}`, C), { parameters: { options: keyed } });
		await bench.play(texts(D), { parameters: { options: { idempotencyKey: 'second' } } });
		expect(await toOne(failed)).toEqual({ skipped: true, idempotencyKey: 'second' });
		expect(delivered()).toEqual([A, D]);
	});
});

describe('a run that stops after some were sent', () => {
	const personal = sceneOf('clubTexting.message.send (personal)');
	const three: Scene = {
		...personal,
		items: [A, B, C].map((to) => ({ to, text: `For ${to}` })),
	};

	it('at a refusal: the error says how many, and that a retry goes on with the rest', async () => {
		bench.simulator.order({ ...refusalOf(send), after: 1 });
		const failed = await bench.play(three);
		expect(failed.error?.message).toContain('1 of 3 items had gone through before it');
		expect(failed.error?.description).toMatch(
			/Executions → Retry: it goes on with the rest and repeats nothing/,
		);
		expect(failed.error?.description).toMatch(/Running the workflow anew would repeat what has gone through/);
		expect(failed.error?.description).not.toMatch(/run this item again/i);
		await bench.engine.retry(failed);
		expect(delivered()).toEqual([A, B, C]);
	});

	it('at an unknown outcome: the error says how to get past it, and that works', async () => {
		bench.simulator.order({ operation: 'send', fault: 'resetAfter', after: 1 });
		const failed = await bench.play(three);
		expect(failed.error?.message).toContain('1 of 3 items had gone through before it');
		expect(failed.error?.description).toMatch(
			/set “On Error” of this node to “Continue” and use Executions → Retry with the currently saved workflow/,
		);
		const again = await bench.engine.retry(failed);
		expect(outcomeOf(again)).toBe('unknown');
		expect(delivered()).toEqual([A, B]);

		const on = edited(failed);
		for (const node of on.nodes) if (node.name === 'Node') node.onError = 'continueRegularOutput';
		const past = await bench.engine.retry(again, { loadWorkflow: on });
		expect(outcomesOf(past)).toEqual(['success', 'unknown', 'success']);
		expect(delivered()).toEqual([A, B, C]);
	});
});

describe('opt-outs', () => {
	it('are the same when a later try shows them', async () => {
		const { books } = bench.simulator.clubTexting;
		books.localOptOuts = new Set([B]);
		const parameters = { options: { ...quick, recipientsPerRequest: 2 } };
		bench.simulator.order({ ...refusalOf(send), after: 1 });
		const failed = await bench.play(texts(A, B, C), { parameters });
		const retried = await bench.engine.retry(failed);
		expect(retried.output().map(({ json }) => json)).toMatchObject([
			{ recipients: [A], localOptOuts: [], itemsInRequest: 2 },
			{ recipients: [], localOptOuts: [B], itemsInRequest: 2 },
			{ recipients: [C], localOptOuts: [], itemsInRequest: 1 },
		]);
	});
});
