import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { createDeduplicationStore } from '../engine';
import { atOnce, from, going, openBench, outcomeOf, outcomesOf, type Bench } from '../harness';
import {
	credentialsFor,
	openEngine,
	play,
	refusalOf,
	sceneOf,
	scenes,
	type PlayOptions,
	type Scene,
} from '../scenes';
import type { Fault } from '../simulator';

const bench = openBench();
const capped = [
	'click2mail.credit.purchase',
	'click2mail.credit.topUp',
	'clubTexting.credit.buy',
	'clubTexting.credit.topUp',
	'clubTexting.keyword.rent',
	'ezTexting.credit.buy',
	'ezTexting.credit.topUp',
	'mailPartner.credit.add',
	'mailPartner.credit.topUp',
	'mailPartner.subaccount.create',
].map(sceneOf);
/** Counted by the same code; their plays are those of their own tests. */
const ofMail = ['credit.coverJob', 'job.submit', 'letter.send', 'postcard.send'].map(
	(name) => `click2mail.${name}`,
);
const purchase = sceneOf('click2mail.credit.purchase');
const topUp = sceneOf('click2mail.credit.topUp');

const hashOf = (entry: string) => createHash('md5').update(entry).digest('base64');
const isTopUp = ({ name }: Scene) => name.endsWith('topUp');
/** A cap, and the node goes on behind a failure. */
const upTo = (maximumPerDay: unknown, more: IDataObject = {}): PlayOptions => ({
	...going,
	parameters: { options: { maximumPerDay: maximumPerDay as number, ...more } },
});
/** What becomes of an act beyond the cap. */
const beyond = (scene: Scene): IDataObject =>
	isTopUp(scene)
		? {
				toppedUp: false,
				limitReached: true,
				[scene.provider.endsWith('Texting') ? 'boughtCredits' : 'amount']: 0,
			}
		: { details: { outcome: 'notSent', affects: 'run' } };
const jsons = (result: Awaited<ReturnType<Bench['play']>>) => result.output().map(({ json }) => json);
const acts = (scene: Scene, { simulator }: Bench) =>
	scene.effects!(simulator).reduce((sum, count) => sum + count);
const only = (scene: Scene, item: number): Scene => ({ ...scene, items: scene.items.slice(item, item + 1) });

describe('beyond the maximum per day', () => {
	it('every operation that spends has it, and no other', () => {
		const spending = scenes.filter(
			({ volatile }) => 'maximumPerDay' in ((volatile?.options ?? {}) as object),
		);
		expect(spending.map(({ name }) => name).sort()).toEqual(
			[...capped.map(({ name }) => name), ...ofMail].sort(),
		);
	});

	it('every operation: within a run, and in the next execution', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const first = await bench.play(scene, upTo(1));
			const [success] = scene.successes(bench.simulator);
			expect(jsons(first)).toMatchObject([
				{ ...success![0], ...(isTopUp(scene) && { limitReached: false }) },
				beyond(scene),
			]);
			expect(jsons(await bench.play(scene, upTo(1)))).toMatchObject([beyond(scene), beyond(scene)]);
			expect(bench.sent(scene.request)).toHaveLength(1);

			// One more is allowed from now on.
			expect(outcomesOf(await bench.play(only(scene, 1), upTo(2)))).toEqual(['success']);
			expect(jsons(await bench.play(only(scene, 1), upTo(2)))).toMatchObject([beyond(scene)]);
			expect(bench.sent(scene.request)).toHaveLength(2);
		});
	});

	it('0 is no limit, and a top-up that is not counted says nothing of one', async () => {
		const result = await bench.play(topUp, upTo(0));
		expect(jsons(result)).toEqual([
			expect.not.objectContaining({ limitReached: expect.anything() }),
			expect.not.objectContaining({ limitReached: expect.anything() }),
		]);
		expect(acts(topUp, bench)).toBe(2);
	});

	it('an item that fails says why and what to do; a run that stops does, too', async () => {
		const settings = { timezone: 'America/New_York' };
		const failed = jsons(await bench.play(purchase, { ...upTo(1), settings }))[1]!;
		expect(failed.error).toMatch(
			/“Maximum per Day” allows this node to do it once a day.*reached \(time zone America\/New_York\) \[item 1\]\. Nothing was spent.*raise “Maximum per Day”/,
		);
		const stopped = await bench.play(purchase, { ...upTo(1), settings, onError: undefined });
		expect(stopped.error).toMatchObject({
			message: expect.stringContaining('allows this node to do it once'),
		});
		expect(acts(purchase, bench)).toBe(1);
	});

	it('a balance that is not low takes none', async () => {
		const { books } = bench.simulator.click2mail;
		books.balance = 5000;
		expect(jsons(await bench.play(topUp, upTo(1)))).toMatchObject([
			{ toppedUp: false, limitReached: false },
			{ toppedUp: false, limitReached: false },
		]);
		books.balance = 0;
		expect(jsons(await bench.play(only(topUp, 0), upTo(1)))).toMatchObject([{ toppedUp: true }]);
	});

	it('the lowest maximum of a run’s items holds', async () => {
		await bench.play(purchase, upTo('={{ $itemIndex === 0 ? 0 : 1 }}'));
		expect(acts(purchase, bench)).toBe(1);
	});

	it.each([
		['=', 'is empty'],
		['={{ null }}', 'is empty'],
		[-1, 'must be at least 0 times, but is -1'],
		[1.5, 'must be a whole number'],
		['many', 'must be a number'],
	])('a maximum of %p is invalid, and nothing is sent', async (maximum, trouble) => {
		const result = await bench.play(purchase, upTo(maximum));
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		expect(jsons(result)[0]!.error).toContain(`“Maximum per Day” ${trouble}`);
		expect(bench.simulator.requests).toEqual([]);
	});

	it('a dry run counts nothing, and shows no more acts than a day allows', async () => {
		const dry = await bench.play(purchase, {
			...going,
			parameters: { dryRun: true, options: { maximumPerDay: 1 } },
		});
		expect(jsons(dry)).toMatchObject([{ dryRun: true, cost: 20 }, { details: { outcome: 'notSent' } }]);
		const low = await bench.play(topUp, {
			...going,
			parameters: { dryRun: true, options: { maximumPerDay: 1 } },
		});
		expect(jsons(low)).toEqual([
			{
				dryRun: true,
				toppedUp: true,
				balanceBefore: 25.5,
				amount: 20,
				currency: 'USD',
				limitReached: false,
				request: expect.objectContaining({ method: 'POST' }) as unknown,
				cost: 20,
			},
			{
				dryRun: true,
				toppedUp: false,
				balanceBefore: 25.5,
				balanceAfter: 25.5,
				amount: 0,
				currency: 'USD',
				limitReached: true,
				request: null,
				cost: 0,
			},
		]);
		expect(bench.engine.deduplication.writes).toBe(0);
	});

	it('a key whose act was beyond the maximum is not used up', async () => {
		const keyed = (maximum: number) => upTo(maximum, { idempotencyKey: '={{ "order-" + $itemIndex }}' });
		expect(outcomesOf(await bench.play(purchase, keyed(1)))).toEqual(['success', 'notSent']);
		expect(jsons(await bench.play(purchase, keyed(2)))).toMatchObject([
			{ skipped: true },
			{ purchased: true, amount: 21.5 },
		]);
		// What was skipped took no place of the day's.
		expect(outcomesOf(await bench.play(purchase, keyed(3)))).toEqual(['success', 'success']);
		expect(jsons(await bench.play(only(purchase, 0), upTo(3)))).toMatchObject([{ purchased: true }]);
	});
});

describe('what counts', () => {
	it('every operation: a refused act gives its place back', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.simulator.order(refusalOf(scene));
			const refused = await bench.play(only(scene, 0), upTo(1));
			expect(outcomesOf(refused)).toEqual(['refused']);
			expect(outcomesOf(await bench.play(only(scene, 1), upTo(1)))).toEqual(['success']);
			expect(jsons(await bench.play(only(scene, 0), upTo(1)))).toMatchObject([beyond(scene)]);
			expect(acts(scene, bench)).toBe(1);
		});
	});

	it('every operation: so does one that could not leave', async () => {
		const asksNothing = capped.filter(({ before }) => before === undefined);
		expect(asksNothing.length).toBeGreaterThan(4);
		await atOnce(asksNothing, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const nowhere = { environment: 'custom', baseUrl: 'http://127.0.0.1:1' };
			const credentials = Object.fromEntries(
				Object.entries(credentialsFor(bench.simulator)).map(([type, data]) => [
					type,
					type === 'paymentCardApi' ? data : { ...data, ...nowhere },
				]),
			);
			expect(outcomesOf(await bench.play(only(scene, 0), { ...upTo(1), credentials }))).toEqual(['notSent']);
			expect(outcomesOf(await bench.play(only(scene, 1), upTo(1)))).toEqual(['success']);
		});
	});

	it('every operation: an unknown outcome keeps it', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.simulator.order({ provider: scene.provider, operation: scene.request, fault: 'timeoutAfter' });
			const unknown = await bench.play(only(scene, 0), upTo(1, { timeout: 3000 }));
			expect(outcomesOf(unknown)).toEqual(['unknown']);
			expect(jsons(await bench.play(only(scene, 1), upTo(1)))).toMatchObject([beyond(scene)]);
			expect(bench.sent(scene.request)).toHaveLength(1);
		});
	});

	it('every operation: a retry repeats no act, and counts none twice', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.simulator.order({ ...refusalOf(scene), after: 1 });
			const stopping = { ...upTo(2), onError: undefined };
			const failed = await bench.play(scene, stopping);
			expect(outcomeOf(failed)).toBe('refused');
			const retried = await bench.engine.retry(failed);
			expect(jsons(retried)).toMatchObject(scene.successes(bench.simulator).flat());
			expect(acts(scene, bench)).toBe(2);
			expect(jsons(await bench.play(only(scene, 0), upTo(2)))).toMatchObject([beyond(scene)]);
		});
	});

	it('every operation: a crash while the request leaves keeps its place, and a run of the same execution takes no other', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			let kept = '';
			await bench.play(only(scene, 0), {
				...upTo(2),
				executionId: '7',
				onRequest: ({ method }) => {
					if (method !== 'GET') kept = bench.engine.deduplication.serialize();
				},
			});

			// What the database held at that moment is all that is left of the execution.
			bench.engine = openEngine({ deduplication: createDeduplicationStore(kept) });
			const again = await bench.play(only(scene, 0), { ...upTo(2), executionId: '7' });
			expect(outcomesOf(again)).toEqual(['unknown']);
			const options = { ...upTo(2), executionId: '8' };
			expect(outcomesOf(await bench.play(only(scene, 1), options))).toEqual(['success']);
			const full = await bench.play(only(scene, 1), { ...upTo(2), executionId: '9' });
			expect(jsons(full)).toMatchObject([beyond(scene)]);
			expect(bench.sent(scene.request)).toHaveLength(2);
		});
	});

	it('every operation: a refused act gives its place back, also when another worker writes what it had read before', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			bench.engine.deduplication.overwriteNext(2);
			bench.simulator.order(refusalOf(scene));
			expect(outcomesOf(await bench.play(only(scene, 0), upTo(1)))).toEqual(['refused']);
			expect(outcomesOf(await bench.play(only(scene, 1), upTo(1)))).toEqual(['success']);
			expect(jsons(await bench.play(only(scene, 0), upTo(1)))).toMatchObject([beyond(scene)]);
		});
	});

	it.each([
		['when a place is taken', 1],
		['when it is looked at again', 2],
	])('n8n can’t write %s: nothing leaves, and no place is taken', async (_, failing) => {
		const store = createDeduplicationStore();
		let looks = 0;
		const engine = openEngine({
			deduplication: {
				...store,
				async checkProcessedAndRecord(items, ...call) {
					if (
						items.some((item) => String(item).startsWith('cap:')) &&
						++looks >= failing &&
						looks < failing + 3
					)
						throw new Error('database is locked');
					return await store.checkProcessedAndRecord(items, ...call);
				},
			},
		});
		const buy = async () =>
			await play(engine, bench.simulator, only(purchase, 0), upTo(1, { idempotencyKey: 'order-1' }));
		const failed = await buy();
		expect(outcomesOf(failed)).toEqual(['notSent']);
		expect(jsons(failed)[0]!.error).toContain('database is locked');
		expect(bench.sent('purchase')).toEqual([]);
		expect(outcomesOf(await buy())).toEqual(['success']);
		expect(bench.sent('purchase')).toHaveLength(1);
	});

	it('every operation: it needs a saved workflow, and says so', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const result = await bench.play(scene, { ...upTo(1), workflowId: '' });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
			expect(jsons(result)[0]!.error).toMatch(/only be counted for a saved workflow.*Save the workflow/);
			expect(bench.sent(scene.request)).toEqual([]);
		});
	});

	it('two nodes, two workflows and two operations do not share it', async () => {
		const one = only(purchase, 0);
		const others = [{ id: 'another node' }, { workflowId: 'another workflow' }];
		for (const other of [{}, ...others])
			expect(outcomesOf(await bench.play(one, { ...upTo(1), ...other }))).toEqual(['success']);
		expect(jsons(await bench.play(only(topUp, 0), upTo(1)))).toMatchObject([{ toppedUp: true }]);
		for (const other of [{}, ...others])
			expect(outcomesOf(await bench.play(one, { ...upTo(1), ...other }))).toEqual(['notSent']);
	});

	it('the day is that of the workflow’s time zone', async () => {
		const settings = { timezone: 'America/New_York' };
		const buy = async () => outcomesOf(await bench.play(only(purchase, 0), { ...upTo(1), settings }));
		expect(await from('2026-12-24T22:00:00-05:00', buy)).toEqual(['success']);
		// Midnight in London has passed, in New York it has not.
		expect(await from('2026-12-24T23:59:00-05:00', buy)).toEqual(['notSent']);
		expect(await from('2026-12-25T00:00:01-05:00', buy)).toEqual(['success']);
		expect(await from('2026-12-25T23:59:00-05:00', buy)).toEqual(['notSent']);
	});

	it.each([
		['begins', '2026-03-08T00:30:00-05:00', '2026-03-08T23:30:00-04:00', '2026-03-09T00:30:00-04:00'],
		['ends', '2026-11-01T00:30:00-04:00', '2026-11-01T23:30:00-05:00', '2026-11-02T00:30:00-05:00'],
	])('the day on which daylight saving %s is one day', async (_, early, late, next) => {
		const settings = { timezone: 'America/New_York' };
		const buy = async () => outcomesOf(await bench.play(only(purchase, 0), { ...upTo(1), settings }));
		expect(await from(early, buy)).toEqual(['success']);
		expect(await from(late, buy)).toEqual(['notSent']);
		expect(await from(next, buy)).toEqual(['success']);
	});

	it('a run over midnight counts each act on its day', async () => {
		const settings = { timezone: 'Europe/Paris' };
		await from('2026-12-24T23:59:59.500+01:00', async () => {
			bench.simulator.order({ operation: 'purchase', fault: 'slowReply', delayMs: 600 });
			expect(outcomesOf(await bench.play(purchase, { ...upTo(1), settings }))).toEqual([
				'success',
				'success',
			]);
		});
	});

	it('what was counted is kept for two days', async () => {
		const settings = { timezone: 'UTC' };
		const days = ['01', '02', '03', '04', '05'];
		// For some time it also stands there who has won a slot.
		const won = new Set(
			days.flatMap((day) => [0, 1].map((place) => hashOf(`won:cap:2026-12-${day}:credit.purchase:${place}`))),
		);
		const length = () =>
			bench.engine.deduplication
				.rows()
				.flatMap(({ hashes }) => hashes)
				.filter((hash) => !won.has(hash)).length;
		await bench.play(purchase);
		const ofOneRun = length();
		const grown: number[] = [];
		for (const day of days) {
			const before = length();
			await from(`2026-12-${day}T12:00:00Z`, async () => {
				const result = await bench.play(purchase, { ...upTo(2), settings });
				expect(outcomesOf(result)).toEqual(['success', 'success']);
				const beyond = await bench.play(purchase, { ...upTo(2), settings });
				expect(outcomesOf(beyond)).toEqual(['notSent', 'notSent']);
			});
			grown.push(length() - before);
		}
		// Two slots, and that the day is counted in this time zone; of two days, and the zone of the next.
		expect(grown).toEqual([ofOneRun + 5, ofOneRun + 4, ofOneRun, ofOneRun, ofOneRun]);
	});
});

describe('items of one run', () => {
	it.each([
		['mailPartner.subaccount.create', 5, 3, { spendingLimit: 1000 }],
		['mailPartner.credit.add', 20, 10, { spendingLimit: 1000 }],
	])('%s: of %i items side by side with a maximum, %i go through', async (name, count, maximum, more) => {
		const scene = sceneOf(name);
		const items = Array.from({ length: count }, (_, at) => ({
			...scene.items[0],
			title: `Owl ${at}`,
			token: `owl${at}`,
		}));
		const { books } = bench.simulator.mailPartner;
		scene.prepare?.(bench.simulator);
		const [owl] = books.subaccounts;
		if (owl && name.endsWith('add')) books.subaccounts.push(...items.map(({ token }) => ({ ...owl, token })));
		books.balance = 10_000;
		const { parameters, ...settings } = upTo(maximum);
		const result = await bench.play(
			{ ...scene, items },
			{ ...settings, parameters: { ...parameters, ...more } },
		);
		expect(outcomesOf(result).sort()).toEqual([
			...Array.from({ length: count - maximum }, () => 'notSent'),
			...Array.from({ length: maximum }, () => 'success'),
		]);
		expect(bench.sent(scene.request)).toHaveLength(maximum);
		expect(result.output().map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	});

	it('a place among a thousand is found with a dozen writes, holes are used, and nothing of a search stays', async () => {
		const store = createDeduplicationStore();
		const written: string[] = [];
		let used: string[] = [];
		bench.engine = openEngine({
			deduplication: {
				...store,
				async checkProcessedAndRecord(entries, ...call) {
					const day = entries.map(String).find((entry) => /^cap:.*:\d+$/.test(entry));
					if (day !== undefined && used.length === 0) {
						const places = Array.from({ length: 1000 }, (_, place) => place).filter(
							(place) => place % 100 !== 7,
						);
						used = places.map((place) => day.replace(/\d+$/, String(place)));
						await store.checkProcessedAndRecord(used, ...call);
					}
					written.push(...entries.map(String));
					return await store.checkProcessedAndRecord(entries, ...call);
				},
			},
		});
		const length = () => store.rows().flatMap(({ hashes }) => hashes).length;
		const first = await bench.play(only(purchase, 0), upTo(1000));
		expect(outcomesOf(first)).toEqual(['success']);
		const before = length();
		written.splice(0);
		bench.simulator.click2mail.books.declinedCards.add('1111');
		const refused = await bench.play(only(purchase, 0), { ...upTo(1000), onError: undefined });
		expect(outcomeOf(refused)).toBe('refused');
		// The refusal itself is counted.
		expect(length()).toBe(before + 1);
		expect(written.filter((entry) => entry.startsWith('slot:')).length).toBeLessThan(17);
	});
});

describe('clocks and time zones', () => {
	const buyIn = async (timezone: string, time: string, maximum = 2) =>
		await from(time, async () =>
			outcomesOf(await bench.play(purchase, { ...upTo(maximum), settings: { timezone } })),
		);

	it('a clock that goes back over midnight finds what was counted', async () => {
		expect(await buyIn('UTC', '2026-12-24T23:59:00Z')).toEqual(['success', 'success']);
		expect(await buyIn('UTC', '2026-12-25T00:01:00Z')).toEqual(['success', 'success']);
		expect(await buyIn('UTC', '2026-12-24T23:58:00Z')).toEqual(['notSent', 'notSent']);
		expect(await buyIn('UTC', '2026-12-25T00:02:00Z')).toEqual(['notSent', 'notSent']);
	});

	it.each([
		['Asia/Tokyo', 'America/New_York'],
		['America/New_York', 'Asia/Tokyo'],
	])('from %s to %s no more than the maximum is done', async (one, other) => {
		expect(await buyIn(one, '2026-12-24T20:00:00Z', 3)).toEqual(['success', 'success']);
		expect(await buyIn(other, '2026-12-24T20:05:00Z', 3)).toEqual(['success', 'notSent']);
		expect(await buyIn(other, '2026-12-24T20:10:00Z', 3)).toEqual(['notSent', 'notSent']);
		expect(await buyIn(other, '2026-12-28T20:00:00Z', 3)).toEqual(['success', 'success']);
	});
});

describe('the maximum per month', () => {
	const monthly = (maximumPerMonth: number, more: IDataObject = {}): PlayOptions => ({
		...going,
		parameters: { options: { maximumPerMonth, ...more } },
	});

	it('every operation: a calendar month, over executions', async () => {
		await atOnce(capped, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			expect(jsons(await bench.play(scene, monthly(1)))[1]).toMatchObject(beyond(scene));
			expect(jsons(await bench.play(scene, monthly(1)))).toMatchObject([beyond(scene), beyond(scene)]);
			expect(bench.sent(scene.request)).toHaveLength(1);
		});
	});

	it('the next one begins anew, and a day that is full takes none of the month’s', async () => {
		const buy = async (time: string) =>
			await from(time, async () => outcomesOf(await bench.play(purchase, monthly(2, { maximumPerDay: 1 }))));
		expect(await buy('2026-11-28T12:00:00Z')).toEqual(['success', 'notSent']);
		expect(await buy('2026-11-29T12:00:00Z')).toEqual(['success', 'notSent']);
		expect(await buy('2026-11-30T12:00:00Z')).toEqual(['notSent', 'notSent']);
		expect(await buy('2026-12-01T12:00:00Z')).toEqual(['success', 'notSent']);
	});
});

describe('the maximum of refusals per day', () => {
	const charging = capped.filter(({ charges }) => charges);
	const refusing = (maximumRefusalsPerDay?: number): PlayOptions => ({
		...going,
		parameters: { options: maximumRefusalsPerDay === undefined ? {} : { maximumRefusalsPerDay } },
	});

	it('every operation that charges: a card is refused three times, then nothing is asked of it until tomorrow', async () => {
		expect(charging).toHaveLength(7);
		await atOnce(charging, async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const { click2mail, clubTexting, ezTexting } = bench.simulator;
			for (const { books } of [click2mail, clubTexting, ezTexting]) books.declinedCards.add('1111');
			for (let run = 0; run < 3; run++)
				expect(outcomesOf(await bench.play(scene, refusing()))).toEqual(['refused', 'notSent']);
			const held = await bench.play(scene, refusing());
			expect(jsons(held)).toMatchObject([
				{ details: { outcome: 'notSent', affects: 'account' } },
				{ details: { outcome: 'notSent', affects: 'account' } },
			]);
			expect(jsons(held)[0]!.error).toContain('refused 3 times today');
			expect(bench.sent(scene.request)).toHaveLength(3);
		});
	});

	it('another card, another day, a higher maximum and none begin anew', async () => {
		const { declinedCards } = bench.simulator.click2mail.books;
		declinedCards.add('1111').add('4242');
		const buy = async (options = refusing(1)) => outcomesOf(await bench.play(purchase, options))[0];
		const day = '2026-12-24T12:00:00Z';
		const credentials = credentialsFor(bench.simulator);
		const other = { ...credentials.paymentCardApi, number: '4242424242424242' };
		await from(day, async () => {
			expect([await buy(), await buy()]).toEqual(['refused', 'notSent']);
			const another = { ...refusing(1), credentials: { ...credentials, paymentCardApi: other } };
			expect([await buy(another), await buy(another)]).toEqual(['refused', 'notSent']);
			expect([await buy(refusing(0)), await buy(refusing(2))]).toEqual(['refused', 'refused']);
			expect(await buy(refusing(2))).toBe('notSent');
			expect(await buy({ ...refusing(1), workflowId: '' })).toBe('refused');
		});
		await from('2026-12-25T12:00:00Z', async () => expect(await buy()).toBe('refused'));
	});

	it('a card that was never refused is not held back, also when another worker writes what it had read before', async () => {
		const buy = async () => outcomesOf(await bench.play(only(purchase, 0), refusing()))[0];
		bench.engine.deduplication.overwriteNext(12);
		for (let run = 0; run < 4; run++) expect(await buy()).toBe('success');
		bench.engine.deduplication.overwriteNext(0);

		const { declinedCards } = bench.simulator.click2mail.books;
		declinedCards.add('1111');
		const outcomes = [];
		for (let run = 0; run < 5; run++) outcomes.push(await buy());
		expect(outcomes).toEqual(['refused', 'refused', 'refused', 'notSent', 'notSent']);
	});

	it('a refusal of what was bought does not count', async () => {
		const rent = sceneOf('clubTexting.keyword.rent');
		for (let run = 0; run < 2; run++) {
			bench.simulator.order(refusalOf(rent));
			expect(outcomesOf(await bench.play(only(rent, 0), refusing(1)))).toEqual(['refused']);
		}
		expect(outcomesOf(await bench.play(only(rent, 1), refusing(1)))).toEqual(['success']);
	});

	it.each<[string, Fault, string]>([
		['too many requests', { fault: 'status429' }, 'clubTexting'],
		['a page of a gateway', { fault: 'body', status: 405, body: '<html>No</html>' }, 'clubTexting'],
		['a page of a gateway', { fault: 'body', status: 405, body: '<html>No</html>' }, 'ezTexting'],
	])('%s, nor does it hold back other charges of the card', async (_what, fault, provider) => {
		bench.simulator.order({ ...fault, operation: 'buy' });
		const buy = sceneOf(`${provider}.credit.buy`);
		expect(outcomesOf(await bench.play(buy, refusing(1)))).toEqual(['refused', 'success']);
		expect(outcomesOf(await bench.play(only(buy, 1), refusing(1)))).toEqual(['success']);
	});
});

describe('at the same moment', () => {
	it.each([1, 2, 5])('eight executions of one process: %p of them act', async (maximum) => {
		const results = await Promise.all(
			Array.from({ length: 8 }, async () => await bench.play(only(purchase, 0), upTo(maximum))),
		);
		expect(results.filter((result) => outcomesOf(result)[0] === 'success')).toHaveLength(maximum);
		expect(bench.sent('purchase')).toHaveLength(maximum);
	});
});
