import { createRequire } from 'node:module';
import type { IDataObject } from 'n8n-workflow';
import { Contents } from '../../nodes/shared/idempotency/contents';
import { Journal } from '../../nodes/shared/idempotency/journal';
import { readPart, type Pages } from '../../nodes/shared/idempotency/journalFormat';
import { createDeduplicationStore, type RunResult } from '../engine';
import { eachAtOnce, edited, going, openBench, outcomeOf, outcomesOf, type Bench } from '../harness';
import {
	credentialsFor,
	nodeTypes,
	openEngine,
	play,
	refusalOf,
	sceneOf,
	scenes,
	type Scene,
} from '../scenes';
import { breadth } from '../scenes.breadth';
import { cards, subaccount, type Simulator } from '../simulator';

const bench = openBench();
const { stringify } = createRequire(__filename)('flatted') as { stringify(value: unknown): string };

const acting = scenes.filter((scene) => scene.effects && !scene.shared);
/** Whose unclear outcomes can't be looked up. */
const blind = acting.filter((scene) => !scene.isLookedUp);
const personal = sceneOf('clubTexting.message.send (personal)');

/** Books in which the effect of the first item stands once and that of the others not at all. */
const onlyTheFirst = ({ items }: Scene) => items.map((_, item) => (item === 0 ? 1 : 0));
const allOnce = ({ items }: Scene) => items.map(() => 1);

function order({ simulator }: Bench, scene: Scene, fault: Parameters<typeof simulator.order>[0]): void {
	simulator.order({ provider: scene.provider, operation: scene.request, ...fault });
}

describe('Retry On Fail', () => {
	eachAtOnce(acting, '$name: does what is left and repeats nothing', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		bench.simulator.order({ ...refusalOf(scene), after: 1 });

		const result = await bench.play(scene, { retryOnFail: true, maxTries: 3 });
		expect(outcomeOf(result)).toBe('refused');
		expect(result.error?.message).toMatch(/1 of 2 items had gone through before it/);
		expect(scene.effects!(bench.simulator)).toEqual(onlyTheFirst(scene));
		// The first item's and the one refusal: three tries, two requests.
		expect(bench.sent(scene.request)).toHaveLength(2);
	});

	eachAtOnce(blind, '$name: an item that left and was not answered ends as unknown', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		order(bench, scene, { fault: 'resetAfter', after: 1 });

		const result = await bench.play(scene, { retryOnFail: true, maxTries: 3 });
		expect(outcomeOf(result)).toBe('unknown');
		expect(scene.effects!(bench.simulator)).toEqual(allOnce(scene));
		expect(bench.sent(scene.request)).toHaveLength(2);
	});

	it('with "Continue", a failed first item makes n8n run all items again, and they come out as before', async () => {
		bench.simulator.order(refusalOf(personal));

		const once = await bench.play(personal, going);
		bench.simulator.reset();
		bench.simulator.order(refusalOf(personal));
		const thrice = await bench.play(personal, {
			onError: 'continueRegularOutput',
			retryOnFail: true,
			maxTries: 3,
		});
		expect(thrice.output().map(({ json }) => json)).toEqual(once.output().map(({ json }) => json));
		expect(bench.sent('send')).toHaveLength(2);
	});
});

describe('a retry of the failed execution', () => {
	eachAtOnce(blind, '$name: leaves alone what left and was not answered', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		order(bench, scene, { fault: 'resetAfter' });
		const failed = await bench.play(scene);
		const requests = bench.sent(scene.request).length;

		const retried = await bench.engine.retry(failed);
		const again = await bench.engine.retry(retried);
		expect([failed, retried, again].map(outcomeOf)).toEqual(['unknown', 'unknown', 'unknown']);
		expect(retried.error?.message).toMatch(/It is unknown whether .* an earlier try sent it/);
		expect(retried.error?.description).toMatch(/does not repeat it\. (Look it up at|See )/);
		expect(scene.effects!(bench.simulator)).toEqual(onlyTheFirst(scene));
		expect(bench.sent(scene.request)).toHaveLength(requests);
	});

	it('does what was not done with the parameters as they are now, and gives what was done as it was', async () => {
		bench.simulator.clubTexting.books.refusedNumbers.add('2125550102');
		const failed = await bench.play(personal);
		expect(outcomeOf(failed)).toBe('refused');

		const loadWorkflow = edited(failed, {
			phoneNumbers: '={{ $itemIndex === 1 ? "2125550105" : $json.to }}',
			message: '={{ $json.text + "!" }}',
		});
		const retried = await bench.engine.retry(failed, { loadWorkflow });
		expect(retried.output().map(({ json: { recipients, message } }) => [recipients, message])).toEqual([
			[['2125550101'], 'Winnie, honey is ready'],
			[['2125550105'], 'Piglet, acorns are ready!'],
		]);
		const sent = ['Winnie, honey is ready', 'Piglet, acorns are ready!'];
		expect(bench.simulator.clubTexting.books.delivered.map(({ message }) => message)).toEqual(sent);

		// Its data are from before the first retry; the database knows better.
		const second = await bench.engine.retry(failed, {
			loadWorkflow: edited(failed, { message: '={{ $json.text + "?" }}' }),
		});
		expect(outcomeOf(second)).toBe('unknown');
		expect(bench.simulator.clubTexting.books.delivered.map(({ message }) => message)).toEqual(sent);
	});

	eachAtOnce(
		acting,
		'$name: does what was refused and the rest; a second one, with the data as of then, repeats nothing',
		async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.simulator.order({ ...refusalOf(scene), after: 1 });
			const failed = await bench.play(scene);
			const retried = await bench.engine.retry(failed);
			expect(retried.error).toBeUndefined();
			// The first item comes out as before.
			expect(retried.output().map(({ json }) => json)).toMatchObject(scene.successes(bench.simulator).flat());
			expect(scene.effects!(bench.simulator)).toEqual(allOnce(scene));
			const requests = bench.sent(scene.request).length;

			const second = await bench.engine.retry(failed);
			// A job that was prepared before, and is submitted now, says so itself.
			const seen = scene.isLookedUp ? 'success' : scene.seen;
			expect(second.error ? outcomeOf(second) : 'success').toBe(seen ?? 'unknown');
			if (!seen) expect(second.error?.message).toMatch(/an earlier run of this execution sent it/);
			expect(scene.effects!(bench.simulator)).toEqual(allOnce(scene));
			expect(bench.sent(scene.request)).toHaveLength(requests);
		},
	);
});

describe('an execution that n8n runs again from its start, with nothing of its data', () => {
	eachAtOnce(
		scenes.filter((scene) => scene.effects),
		'$name: repeats nothing',
		async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const crashed = await bench.play(scene, { executionId: '4711' });
			expect(crashed.status).toBe('success');
			const requests = bench.sent(scene.request).length;

			// The database outlives the process; the engine with all its memory does not.
			const deduplication = createDeduplicationStore(bench.engine.deduplication.serialize());
			const again = await play(openEngine({ deduplication }), bench.simulator, scene, {
				executionId: '4711',
				onError: 'continueRegularOutput',
			});
			expect(new Set(outcomesOf(again))).toEqual(new Set([scene.seen ?? 'unknown']));
			expect(scene.effects!(bench.simulator)).toEqual(allOnce(scene));
			expect(bench.sent(scene.request)).toHaveLength(requests);
		},
	);

	it('another execution does the same again', async () => {
		await bench.play(personal);
		await bench.play(personal);
		expect(personal.effects!(bench.simulator)).toEqual([2, 2]);
	});
});

describe('a record that this version did not write', () => {
	const foreign: Array<[string, unknown]> = [
		['of the first version', { id: '4711', entries: { '0.0.send.abc': { ok: { messageId: '1' } } } }],
		['of the version before', { id: '4711', runs: {} }],
		['of a later version', { version: 99, id: '4711', acts: [] }],
		['with a run of another shape', { version: 3, id: '4711', runs: { '0.message.send': { items: 7 } } }],
		['with an item of another shape', withItem({ p: 7 })],
		['with a part of another shape', withItem({ p: [{}] })],
		['with a failure of another shape', withItem({ no: 'no' })],
		['that is a text', 'gone'],
		['that is a list', []],
	];

	function withItem(entry: unknown) {
		const page = { items: { 0: entry }, requests: {}, n: 1 };
		return { version: 3, id: '4711', runs: { '0.message.send': page } };
	}

	it.each(foreign)('%s says nothing, and the marks are asked', async (_name, messagingCredits) => {
		const context = () => ({ 'node:Node': structuredClone({ messagingCredits }) as IDataObject });
		const first = await bench.play(personal, { executionId: '4711', context: context() });
		expect(first.status).toBe('success');
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);

		const again = await bench.play(personal, {
			executionId: '4711',
			context: context(),
			onError: 'continueRegularOutput',
		});
		expect(outcomesOf(again)).toEqual(['unknown', 'unknown']);
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('of the first version: a retry under another id finds the marks of the execution that it names', async () => {
		await bench.play(personal, { executionId: '4711' });
		const messagingCredits = { id: '4711', entries: {} };
		const retried = await bench.play(personal, {
			executionId: '4712',
			context: { 'node:Node': { messagingCredits } },
			onError: 'continueRegularOutput',
		});
		expect(outcomesOf(retried)).toEqual(['unknown', 'unknown']);
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	});
});

describe('a record', () => {
	/** As a later try has it, in another process. */
	const journalOf = (context: IDataObject, run = 0) =>
		new Journal(structuredClone(context), '7', undefined, run, 'op');

	it('is named by the execution, and by what its retries have in common where n8n has that', () => {
		expect(journalOf({}).ids).toEqual(['7']);
		const [id, chain, ...others] = new Journal({}, '7', 'token', 0, 'op').ids;
		expect([id, others]).toEqual(['7', []]);
		expect(chain).toMatch(/^[\w-]{10}$/);
	});

	it('counts its rounds, also one that n8n counts as another', () => {
		const context: IDataObject = {};
		const journal = new Journal(context, '7', undefined, 4, 'op');
		expect([journal.name, journal.isRetry]).toEqual(['0.op', false]);
		journal.openRound();
		expect(journal.name).toBe('1.op');
		expect(journal.record.rounds).toEqual([4, 4]);
		expect([journalOf(context, 4).name, journalOf(context, 5).name]).toEqual(['0.op', '2.op']);
		expect(journalOf(context, 4).isRetry).toBe(true);
	});

	it('gives what became of an item, and its parts, as they were', () => {
		const context: IDataObject = {};
		const journal = new Journal(context, '7', undefined, 0, 'op');
		journal.begin(
			[
				{ item: 0, content: 'a.0' },
				{ item: 1, content: 'b.0', note: 'n' },
			],
			{},
			0,
		);
		journal.complete(1);
		journal.skip(2, 'k');
		const later = journalOf(context);
		expect([0, 1, 2, 3].map((item) => later.recall(item))).toEqual([
			undefined,
			{ kind: 'complete' },
			{ kind: 'skipped', key: 'k' },
			undefined,
		]);
		expect(later.parts(0)).toEqual([{ request: 0, content: 'a.0', note: '' }]);
		expect(later.parts(1)).toEqual([{ request: 0, content: 'b.0', note: 'n' }]);
		expect(later.begunItems()).toEqual([0, 1]);
		expect(readPart('3 c.1')).toEqual({ request: 3, content: 'c.1', note: '' });
	});

	it.each([
		{ rounds: 7 },
		{ stuck: 7 },
		{ runs: 7 },
		{ runs: { '0.op': { n: 0, items: { 0: 7 }, requests: {} } } },
	])('of another shape is none, but names the execution: %p', (shape) => {
		const messagingCredits = { version: 3, id: '6', runs: {}, ...shape };
		const { ids, isRetry, record } = journalOf({ messagingCredits });
		expect([ids, isRetry, Object.keys(record.runs)]).toEqual([['6'], false, ['0.op']]);
		expect(record.stuck).toBeUndefined();
	});

	it('holds which acts and keys could not be given back, for each operation', () => {
		const { record } = journalOf({});
		const contents = new Contents(record, 'op');
		contents.markStuck('c.0');
		contents.markStuck('c.0', 'k');
		expect(record.stuck).toEqual({ 'op c.0': 2, 'key k': 1 });
		const later = structuredClone(record);
		expect(new Contents(later, 'op').number('c')).toBe('c.1');
		expect(new Contents(later, 'po').number('c')).toBe('c.0');
		expect([contents.isStuck('k'), contents.isStuck('c')]).toEqual([true, false]);
		contents.reuse('k');
		expect(contents.isStuck('k')).toBe(false);
	});
});

describe('a loop', () => {
	const loop = (node: IDataObject) => ({
		credentials: credentialsFor(bench.simulator),
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{ name: 'Loop', type: 'test.loop', parameters: { times: 3 } },
			{
				name: 'Send',
				type: nodeTypes.clubTexting,
				waitBetweenTries: 1,
				parameters: {
					resource: 'message',
					operation: 'send',
					phoneNumbers: '2125550101',
					message: 'Honey is ready',
				},
				...node,
			},
			{ name: 'Done', type: 'n8n-nodes-base.noOp' },
		],
		connections: {
			Start: { main: [[{ node: 'Loop', type: 'main' as const, index: 0 }]] },
			Loop: {
				main: [
					[{ node: 'Send', type: 'main' as const, index: 0 }],
					[{ node: 'Done', type: 'main' as const, index: 0 }],
				],
			},
			Send: { main: [[{ node: 'Loop', type: 'main' as const, index: 0 }]] },
		},
	});

	it('sends anew each time round', async () => {
		const result = await bench.engine.run(loop({}));
		expect(result.status).toBe('success');
		expect(bench.sent('send')).toHaveLength(3);
	});

	it('that fails in its second round goes on from there when it is retried', async () => {
		bench.simulator.order({ fault: 'status401', operation: 'send', after: 1 });
		const failed = await bench.engine.run(loop({ retryOnFail: true }));
		expect(outcomeOf(failed)).toBe('refused');

		const retried = await bench.engine.retry(failed);
		expect(retried.status).toBe('success');
		expect(bench.simulator.clubTexting.books.delivered).toHaveLength(3);
	});
});

describe('what n8n can’t write down', () => {
	it('is tried again, since two executions can get in each other’s way', async () => {
		bench.engine.deduplication.failNext(undefined, 2);
		const result = await bench.play(personal);
		expect(result.status).toBe('success');
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('does not leave', async () => {
		bench.engine.deduplication.failNext(undefined, 3);
		const result = await bench.play(personal, going);
		expect(outcomesOf(result)).toEqual(['notSent', 'success']);
		expect(result.output()[0]!.json.error).toMatch(/could not write down in its database/);
		expect(personal.effects!(bench.simulator)).toEqual([0, 1]);
	});

	it('and can’t take back is tried again, remembered and logged: a retry does it all the same', async () => {
		bench.simulator.order(refusalOf(personal));
		const locked = new Error('database is locked');
		const failed = await bench.play(personal, {
			onRequest: () => bench.engine.deduplication.failNext(locked, 3),
		});
		expect(outcomeOf(failed)).toBe('refused');
		expect(failed.logs.join('\n')).toMatch(/warn: A mark .* could not be taken back .*database is locked/);

		const retried = await bench.engine.retry(failed);
		expect(retried.error).toBeUndefined();
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('an unsaved workflow has no durable marks, and sends all the same', async () => {
		const result = await bench.play(personal, { workflowId: '' });
		expect(result.status).toBe('success');
		expect(bench.engine.deduplication.writes).toBe(0);
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	});
});

describe('its size and what it holds', () => {
	const numberOf = (i: number) => `21255${String(50_000 + i)}`;
	const itemsOf: Record<string, (i: number) => IDataObject> = {
		'clubTexting.message.send': (i) => ({ to: numberOf(i) }),
		'clubTexting.message.send (personal)': (i) => ({ to: numberOf(i), text: `Hello ${i}`.padEnd(160, '.') }),
		'clubTexting.keyword.rent': (i) => ({ keyword: `honey${i}` }),
		'clubTexting.keyword.setUp': (i) => ({ keyword: `honey${i}` }),
		'clubTexting.keyword.cancel': (i) => ({ keyword: `honey${i}` }),
		'clubTexting.credit.buy': (i) => ({ credits: 100 + i }),
		'clubTexting.credit.topUp': (i) => ({ credits: 100 + i }),
		'click2mail.credit.purchase': (i) => ({ amount: 10 + i / 100 }),
		'click2mail.credit.topUp': (i) => ({ amount: 10 + i / 100 }),
		'ezTexting.message.send': (i) => ({ to: numberOf(i) }),
		'ezTexting.message.send (personal)': (i) => ({ to: numberOf(i), text: `Hello ${i}`.padEnd(160, '.') }),
		'mailPartner.subaccount.create': (i) => ({ title: `Owl ${i}`, credit: 1 }),
		'mailPartner.credit.add': (i) => ({ token: `token-of-owl-${i}` }),
		'mailPartner.credit.remove': (i) => ({ token: `token-of-owl-${i}` }),
		'mailPartner.credit.topUp': (i) => ({ token: `token-of-owl-${i}` }),
	};
	/** What is read before each of their acts takes its time, so their own two items have to do. */
	const ofLists = [
		'click2mail.credit.coverJob',
		...breadth.filter(({ effects }) => effects).map(({ name }) => name),
		...scenes
			.filter(({ provider, shared, effects }) => provider === 'ezTexting' && !shared && effects)
			.map(({ name }) => name)
			.filter((name) => !(name in itemsOf)),
	];
	const sized = [...Object.keys(itemsOf), ...ofLists].map(sceneOf);
	/** Two items bear what is there once alone, and a contact has several texts. */
	const limitOf = (name: string) => (ofLists.includes(name) ? 450 : 300);
	const figures: string[] = [];
	afterAll(
		() => void process.stdout.write(`\njournal bytes per item, as n8n stores it: ${figures.join('; ')}\n`),
	);

	/** A scene with many items; few where the provider's pace would make it long. */
	function crowded(scene: Scene, simulator: Simulator): Scene {
		const { name } = scene;
		if (ofLists.includes(name)) {
			scene.prepare?.(simulator);
			return scene;
		}
		const isPaced = name.startsWith('clubTexting') && !name.includes('send');
		const items = Array.from({ length: isPaced ? 6 : 40 }, (_, i) => itemsOf[name]!(i));
		const { mailPartner, clubTexting } = simulator;
		mailPartner.books.subaccounts = items
			.filter(({ token }) => token !== undefined)
			.map(({ token }) => subaccount(mailPartner.books, { token: String(token), balance: 50 }));
		if (/setUp|cancel/.test(name)) {
			scene.prepare!(simulator);
			const [given] = clubTexting.books.keywords.values();
			for (const { keyword } of items) {
				clubTexting.books.keywords.set(String(keyword), { ...given!, keyword: String(keyword) });
			}
		}
		return { ...scene, items };
	}

	/** As n8n writes it into its database; of messages as it is with 20,000 of them. */
	function bytesPerItem({ contextData }: RunResult, { name, items }: Scene): number {
		const context = contextData['node:Node'] as { messagingCredits: Pages };
		const isMany = name.includes('send') && items[0]!.text !== undefined;
		const journal = isMany ? { messagingCredits: copied(context.messagingCredits, 500) } : context;
		const count = isMany ? items.length * 500 : items.length;
		return Math.round(Buffer.byteLength(stringify(journal)) / count);
	}

	/** The journal with each item many times over, under numbers, texts and message IDs of their own. */
	function copied({ runs, ...rest }: Pages, copies: number): Pages {
		const [[name, { items, requests, n }]] = Object.entries(runs) as [[string, Pages['runs'][string]]];
		const count = Object.keys(items).length;
		const all: Pages['runs'][string] = { items: {}, requests: {}, n: n * copies };
		for (let copy = 0; copy < copies; copy++) {
			const own = <T>(value: T): T =>
				JSON.parse(
					JSON.stringify(value)
						.replaceAll('"Hello ', `"H${String(copy).padStart(5)}`)
						.replace(/"(64\d\d)"/g, (_, id: string) => `"${Number(id) + copy * n}"`)
						.replace(/"\d+(?= [\w-]{10})/g, (step) => `"${Number(step.slice(1)) + copy * n}`),
				) as T;
			for (const [item, entry] of Object.entries(items)) all.items[Number(item) + copy * count] = own(entry);
			for (const [request, written] of Object.entries(requests))
				all.requests[Number(request) + copy * n] = own(written);
		}
		return { ...rest, runs: { [name]: all } };
	}

	const generous = (name: string) => ({
		...(/purchase|topUp|buy|subaccount\.create|add/.test(name) && { spendingLimit: 1_000_000 }),
		options: name.includes('send')
			? { [name.startsWith('ezTexting') ? 'requestsPerMinute' : 'requestsPerSecond']: 1000 }
			: {},
	});

	it('knows the items of every operation that acts', () => {
		const acts = scenes.filter((scene) => scene.effects && !scene.isLookedUp).map(({ name }) => name);
		expect(sized.map(({ name }) => name).sort()).toEqual(acts.sort());
	});

	eachAtOnce(sized, '$name: few bytes an item', async (given, bench) => {
		const scene = crowded(given, bench.simulator);
		const { name } = scene;
		const result = await bench.play(scene, { parameters: generous(name) });
		expect(result.error).toBeUndefined();
		const bytes = bytesPerItem(result, scene);
		figures.push(`${name} ${bytes}`);
		expect(bytes).toBeLessThan(limitOf(name));
	});

	eachAtOnce(sized, '$name, refused at length: few bytes an item', async (given, bench) => {
		const scene = crowded(given, bench.simulator);
		const { name } = scene;
		const why = 'The request was not accepted because of what the account may not do. '.repeat(4);
		const text = `${scene.refusal?.text ?? ''} ${why}`;
		bench.simulator.order({
			...refusalOf({ ...scene, refusal: { ...scene.refusal, text } }),
			times: Infinity,
		});
		const result = await bench.play(scene, {
			parameters: generous(name),
			onError: 'continueRegularOutput',
		});
		// Click2Mail's refusals hold back the other charges on the card.
		const outcomes = name.startsWith('click2mail') ? ['refused', 'notSent'] : ['refused'];
		expect(new Set(outcomesOf(result))).toEqual(new Set(outcomes));
		expect(bytesPerItem(result, scene)).toBeLessThan(limitOf(name));
	});

	eachAtOnce(sized, '$name, unanswered: few bytes an item', async (given, bench) => {
		const scene = crowded(given, bench.simulator);
		const { name } = scene;
		order(bench, scene, { fault: 'resetAfter', times: Infinity });
		// A failure stands beside the text: that of a whole message and its failure come to 340 bytes.
		const message = name.includes('personal') ? { message: '={{ $json.text.slice(0, 80) }}' } : {};
		const result = await bench.play(scene, {
			parameters: { ...generous(name), ...message },
			onError: 'continueRegularOutput',
		});
		// After an unclear charge, none of the same card is made.
		expect(new Set(outcomesOf(result))).toEqual(
			new Set(scene.charges ? ['unknown', 'notSent'] : ['unknown']),
		);
		expect(bytesPerItem(result, scene)).toBeLessThan(limitOf(name));
	});

	eachAtOnce(
		scenes.filter((scene) => scene.effects),
		'$name: no secret of any credential',
		async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			// The provider repeats in its refusal of the last item all that it was sent.
			order(bench, scene, { fault: 'echoSecrets', after: scene.shared ? 0 : 1 });
			const result = await bench.play(scene, going);
			expect(outcomesOf(result)).toContain('refused');
			const kept = JSON.stringify(result.contextData);
			expect(kept).toContain('"messagingCredits"');
			const { click2mail, clubTexting, mailPartner } = bench.simulator;
			for (const secret of [
				click2mail.credentials.password,
				clubTexting.credentials.password,
				mailPartner.credentials.apiKey,
				cards.visa.number,
				encodeURIComponent(click2mail.credentials.password),
				encodeURIComponent(clubTexting.credentials.password),
				Buffer.from(`${click2mail.credentials.username}:${click2mail.credentials.password}`).toString(
					'base64',
				),
			]) {
				expect(kept).not.toContain(secret);
			}
			expect(kept).not.toMatch(new RegExp(`(?<![A-Za-z0-9.])${cards.visa.securityCode}(?![A-Za-z0-9])`));
		},
	);
});
