import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { fallenBelow, keptOfMissing, type LowBalances } from '../../nodes/shared/polling/lowBalance';
import type { Poll } from '../../nodes/shared/polling/poll';
import type { PublishedPoller } from '../engine';
import { credentialsFor, pollingTypes } from '../scenes';
import { subaccount, type ProviderName } from '../simulator';
import { from, openBench } from '../harness';

const bench = openBench();

async function publish(
	provider: ProviderName,
	parameters: INodeParameters,
	activation: 'activate' | 'init' = 'activate',
): Promise<PublishedPoller> {
	const credentials = credentialsFor(bench.simulator);
	return await bench.engine.publish(pollingTypes[provider], parameters, { credentials, activation });
}

type Polled = PublishedPoller['first'];
const items = ({ emitted, error }: Polled): IDataObject[] => {
	expect(error?.message).toBeUndefined();
	return (emitted ?? []).flat().map(({ json }) => json);
};
const reasons = (polled: Polled) => items(polled).map(({ reason }) => reason);

/** A login that is refused, at once. */
const failing = (provider: ProviderName) =>
	bench.simulator.order({ provider, fault: 'refusalIn200', times: 1, text: 'Access denied', code: 9 });

interface Watched {
	provider: ProviderName;
	threshold: number;
	set(balance: number): void;
	/** The item but for threshold and reason. */
	item(balance: number): IDataObject;
	unit: string;
}

const watched: Watched[] = [
	{
		provider: 'click2mail',
		threshold: 10,
		set: (balance) => void (bench.simulator.click2mail.books.balance = balance),
		item: (balance) => ({ balance, currency: 'USD', allowNegative: false }),
		unit: 'USD',
	},
	{
		provider: 'clubTexting',
		threshold: 100,
		set(balance) {
			Object.assign(bench.simulator.clubTexting.books, { planCredits: 4, anytimeCredits: balance - 4 });
		},
		item: (balance) => ({ totalCredits: balance, planCredits: 4, anytimeCredits: balance - 4 }),
		unit: 'credits',
	},
	{
		provider: 'mailPartner',
		threshold: 10,
		set: (balance) => void (bench.simulator.mailPartner.books.balance = balance),
		item: (balance) => ({
			username: 'parent@example.com',
			balance,
			emailCredits: 269082,
			currency: 'EUR',
		}),
		unit: 'EUR',
	},
];

describe.each(watched)('a low balance at $provider', ({ provider, threshold, set, item, unit }) => {
	const hours = (count: number) => new Date(Date.UTC(2026, 11, 24) + count * 3_600_000).toISOString();
	/** Polls at one balance after another. */
	async function reasonsAt(poller: PublishedPoller, balances: number[]): Promise<unknown[]> {
		const all: unknown[] = [];
		for (const balance of balances) {
			set(balance);
			all.push(reasons(await poller.poll())[0] ?? null);
		}
		return all;
	}

	it('found below at the first poll, it starts the workflow with the balance, once', async () => {
		set(threshold - 1);
		const poller = await publish(provider, {});
		expect(items(poller.first)).toEqual([{ ...item(threshold - 1), threshold, reason: 'crossed' }]);
		expect(poller.first.run?.output('Success').map(({ json }) => json)).toEqual(items(poller.first));
		expect(await reasonsAt(poller, [threshold - 1, threshold - 2, threshold - 1])).toEqual([
			null,
			null,
			null,
		]);
		expect(bench.simulator.requests.map(({ method }) => method)).toEqual(Array(4).fill('GET'));
	});

	it('that is below by less than what is sold is low, and by what adding up misses is not', async () => {
		set(threshold);
		const poller = await publish(provider, {});
		expect(await reasonsAt(poller, [threshold - 1e-12, threshold - 0.0006])).toEqual([null, 'crossed']);
	});

	it('at the threshold it is not low, and armed anew; a balance that swings starts it at each fall only', async () => {
		set(threshold);
		const poller = await publish(provider, {});
		expect(items(poller.first)).toEqual([]);
		expect(poller.first.run).toBeUndefined();
		const [low, high] = [threshold - 1, threshold + 1];
		expect(await reasonsAt(poller, [low, low, threshold, low, high, high, low, low])).toEqual([
			'crossed',
			null,
			null,
			'crossed',
			null,
			null,
			'crossed',
			null,
		]);
	});

	it.each([
		['as it comes, after a day', {}, [23, 24.1, 25, 48, 48.2], [null, 'reminder', null, null, 'reminder']],
		[
			'with 2 hours',
			{ options: { remindAfterHours: 2 } },
			[1, 2.1, 3, 4.2],
			[null, 'reminder', null, 'reminder'],
		],
		['with 0, never', { options: { remindAfterHours: 0 } }, [24, 240, 24000], [null, null, null]],
	])('while it stays low it reminds: %s', async (_, parameters, after, expected) => {
		set(threshold - 1);
		const poller = await from(hours(0), async () => await publish(provider, parameters));
		const all: unknown[] = [];
		for (const hour of after)
			all.push(...(await from(hours(hour), async () => await reasonsAt(poller, [threshold - 1]))));
		expect(all).toEqual(expected);
	});

	it('it reminds where the clock was days ahead when it told, and was put right', async () => {
		set(threshold - 1);
		const poller = await from(hours(240), async () => await publish(provider, {}));
		const all: unknown[] = [];
		for (const hour of [0, 1, 24.1])
			all.push(...(await from(hours(hour), async () => await reasonsAt(poller, [threshold - 1]))));
		expect(all).toEqual(['reminder', null, 'reminder']);
	});

	it('a poll that fails says why, and forgets nothing', async () => {
		set(threshold - 1);
		const poller = await publish(provider, {});
		failing(provider);
		const failed = await poller.poll();
		expect(failed.emitted).toBeUndefined();
		expect(failed.error).toMatchObject({
			name: 'NodeApiError',
			message: expect.stringMatching(/ refused: .*Access denied/) as unknown,
			description: expect.stringMatching(/\w/) as unknown,
		});
		expect(failed.error?.message).not.toContain('[item');
		expect(await reasonsAt(poller, [threshold - 1, threshold, threshold - 1])).toEqual([
			null,
			null,
			'crossed',
		]);

		// One that was armed stays so.
		set(threshold);
		await poller.poll();
		failing(provider);
		await poller.poll();
		expect(await reasonsAt(poller, [threshold - 1])).toEqual(['crossed']);
	});

	it('no clear answer is asked for again, and is an error in the end', async () => {
		set(threshold - 1);
		bench.simulator.order({ provider, fault: 'emptyBody', times: 2 });
		const poller = await publish(provider, {});
		expect(reasons(poller.first)).toEqual(['crossed']);
		bench.simulator.order({ provider, fault: 'emptyBody', times: 3 });
		const failed = await poller.poll();
		expect(failed.error?.message).toMatch(/gave no clear answer/);
		expect(await reasonsAt(poller, [threshold - 1])).toEqual([null]);
	});

	it('an address where nobody answers is said to be one', async () => {
		const credentials = credentialsFor(bench.simulator);
		for (const data of Object.values(credentials))
			if (typeof data.baseUrl === 'string') data.baseUrl = data.baseUrl.replace(/:\d+/, ':1');
		const { first } = await bench.engine.publish(pollingTypes[provider], {}, { credentials });
		expect(first.error).toMatchObject({
			message: expect.stringMatching(/^Not sent to .+: the connection was refused$/) as unknown,
			description: expect.stringContaining('Check how it is written') as unknown,
		});
	});

	it('a reply that shows the log-in again shows none of it in the error', async () => {
		const poller = await publish(provider, {});
		bench.simulator.order({ provider, fault: 'echoSecrets', times: 3 });
		const { error, logs } = await poller.poll();
		expect(error).toBeDefined();
		const { password, apiKey } = bench.simulator[provider].credentials as Record<string, unknown>;
		const shown = JSON.stringify([error?.message, { ...error }, logs]);
		expect(shown).not.toContain(String(password ?? apiKey));
	});

	it('what is remembered survives a restart', async () => {
		set(threshold - 1);
		await publish(provider, {});
		const second = await publish(provider, {}, 'init');
		expect(items(second.first)).toEqual([]);
		set(threshold);
		const third = await publish(provider, {}, 'init');
		expect(items(third.first)).toEqual([]);
		set(threshold - 2);
		expect(reasons((await publish(provider, {}, 'init')).first)).toEqual(['crossed']);
		expect(items((await publish(provider, {}, 'init')).first)).toEqual([]);
	});

	it('n8n does not save that it was armed anew: one that was paid in before a restart counts as fallen again', async () => {
		set(threshold - 3);
		const poller = await publish(provider, {});
		expect(await reasonsAt(poller, [threshold + 50])).toEqual([null]);
		set(threshold - 1);
		expect(reasons((await publish(provider, {}, 'init')).first)).toEqual(['crossed']);
		expect(items((await publish(provider, {}, 'init')).first)).toEqual([]);
	});

	it('a test run shows the balance as it is, and changes nothing', async () => {
		const credentials = credentialsFor(bench.simulator);
		const shown = async () =>
			((await bench.engine.testPoll(pollingTypes[provider], {}, { credentials })) ?? [])
				.flat()
				.map(({ json }) => json);
		set(threshold + 5);
		expect(await shown()).toEqual([{ ...item(threshold + 5), threshold, reason: null }]);
		set(threshold - 1);
		const poller = await publish(provider, {});
		expect(reasons(poller.first)).toEqual(['crossed']);
		set(threshold);
		await poller.poll();
		set(threshold - 1);
		expect(await shown()).toMatchObject([item(threshold - 1)]);
		expect(await reasonsAt(poller, [threshold - 1])).toEqual(['crossed']);
	});

	it.each([
		['', 'is empty'],
		['lots', 'must be a number'],
		[-1, 'must be at least 0'],
	])('a threshold of %p is refused when it is published', async (value, trouble) => {
		const poller = await publish(provider, { threshold: value });
		expect(poller.first.error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(`“Threshold” ${trouble}`) as unknown,
		});
		const negative = await publish(provider, { options: { remindAfterHours: -1 } });
		expect(negative.first.error?.message).toContain('“Remind After” must be at least 0 hours');
	});

	it('its own threshold counts', async () => {
		set(threshold - 1);
		expect(items((await publish(provider, { threshold: threshold - 1 })).first)).toEqual([]);
		const poller = await publish(provider, { threshold: `=${threshold - 0}` });
		expect(items(poller.first)).toMatchObject([{ threshold, reason: 'crossed' }]);
		expect(unit).not.toBe('');
	});
});

describe('what is made of a balance below 10, and of what is remembered', () => {
	const HOUR = 3_600_000;
	/** @param hours since 1970, when the poll begins */
	function judged(hours: number, isFirst: boolean, balances: Record<string, number>, memory?: LowBalances) {
		const number = (name: string) => (name === 'threshold' ? 10 : 2);
		const poll = { parameters: { number }, isTest: false, isFirst, now: hours * HOUR } as unknown as Poll;
		const watched = Object.entries(balances).map(([key, balance]) => ({ key, balance, json: { key } }));
		return fallenBelow(poll, watched, { decimals: 2, unit: 'USD' }, memory);
	}

	it.each<[string, number, boolean, number, 'crossed' | 'reminder' | null]>([
		['lower, at the first poll', 1, true, 3, null],
		['the same, at the first poll', 1, true, 5, null],
		['higher, at the first poll', 1, true, 6, 'crossed'],
		['higher, at a later poll', 1, false, 6, null],
		['told of almost so long ago', 1.99, false, 5, null],
		['told of exactly so long ago', 2, false, 5, 'reminder'],
	])('%s', (_, hours, isFirst, balance, reason) => {
		const item = { key: 'a', threshold: 10, reason };
		const low: LowBalances['low'] = [['a', 0, 5]];
		expect(judged(hours, isFirst, { a: balance }, { low, most: 1 })).toEqual({
			items: reason ? [item] : [],
			memory: { most: 1, low: reason ? [['a', hours * HOUR, balance]] : low },
		});
	});

	it('only what is low is remembered, and what is missing; and how many there have been', () => {
		expect(judged(1, true, { a: 5, b: 10 }).memory).toEqual({ most: 2, low: [['a', HOUR, 5]] });
		const low: LowBalances['low'] = [
			['a', 0, 5],
			['b', 0, 5],
			['c', 0, 5],
		];
		expect(judged(1, false, { a: 10, b: 5 }, { low, most: 3 }).memory).toEqual({
			most: 3,
			low: [
				['c', 0, 5],
				['b', 0, 5],
			],
		});
	});

	it.each([
		[1200, 0, 1000],
		[1200, 1100, 1100],
		[900, 5, 900],
	])('of %i that are missing where a list has had %i, the last %i', (count, most, kept) => {
		const missing = Array.from({ length: count }, (_, place) => place);
		expect(keptOfMissing(missing, most)).toEqual(missing.slice(-kept));
	});
});

describe('polls that overlap', () => {
	const slow = () => bench.simulator.order({ fault: 'slowReply', delayMs: 300, times: Infinity });

	it.each(watched)('tell of a balance at $provider once', async ({ provider, threshold, set }) => {
		set(threshold);
		const poller = await publish(provider, {});
		set(threshold - 1);
		slow();
		const polls = await Promise.all([poller.poll(), poller.poll(), poller.poll()]);
		expect(polls.flatMap(reasons)).toEqual(['crossed']);
		bench.simulator.lift();
		expect(reasons(await poller.poll())).toEqual([]);
		set(threshold);
		await poller.poll();
		set(threshold - 1);
		expect(reasons(await poller.poll())).toEqual(['crossed']);
	});

	it.each(['subaccountCreated', 'lowSubaccountBalance'])('tell of a sub-account once: %s', async (event) => {
		const { books } = bench.simulator.mailPartner;
		books.subaccounts.push(subaccount(books, { balance: 50 }));
		const poller = await publish('mailPartner', { event });
		books.subaccounts.push(subaccount(books, { balance: 5 }));
		slow();
		const polls = await Promise.all([poller.poll(), poller.poll()]);
		expect(polls.flatMap(items).map(({ id }) => id)).toEqual(['2']);
	});

	it('one that fails lets the next one poll', async () => {
		const { provider, threshold, set } = watched[0]!;
		set(threshold);
		const poller = await publish(provider, {});
		set(threshold - 1);
		failing(provider);
		const [failed] = await Promise.all([poller.poll(), poller.poll()]);
		expect(failed.error).toBeDefined();
		expect(reasons(await poller.poll())).toEqual(['crossed']);
	});
});

describe('each poll with a context of its own, as n8n may make one', () => {
	it.each(watched)('is not taken for the first: $provider', async ({ provider, threshold, set }) => {
		const all: unknown[] = [];
		for (const below of [3, 2, 1]) {
			set(threshold - below);
			all.push(...reasons((await publish(provider, {}, 'init')).first));
		}
		expect(all).toEqual(['crossed']);
	});

	it.each([
		['subaccountCreated', ['owl', 'piglet']],
		['lowSubaccountBalance', ['rabbit', 'owl', 'piglet']],
	])('is not taken for the first: %s', async (event, expected) => {
		const { books } = bench.simulator.mailPartner;
		const told: unknown[] = [];
		for (const token of ['rabbit', 'owl', 'piglet']) {
			books.subaccounts.push(subaccount(books, { token, balance: 5 }));
			const { first } = await publish('mailPartner', { event, threshold: 10 }, 'init');
			told.push(...items(first).map((item) => item.token));
		}
		expect(told).toEqual(expected);
	});
});

describe('sub-accounts of MailPartner', () => {
	const books = () => bench.simulator.mailPartner.books;
	/** Sub-accounts numbered from 1, of a balance. */
	function add(count: number, balance = 50) {
		for (let left = count; left > 0; left--) books().subaccounts.push(subaccount(books(), { balance }));
	}
	const low = { event: 'lowSubaccountBalance' };
	const created = { event: 'subaccountCreated' };
	const ids = (polled: Polled) => items(polled).map(({ id }) => Number(id));
	const setBalance = (id: number, balance: number) =>
		void (books().subaccounts.find((entry) => entry.id === id)!.balance = balance);

	it('each low one starts the workflow, once, whatever page of the list it is on', async () => {
		add(45);
		setBalance(3, 9.999);
		setBalance(44, 0);
		const poller = await publish('mailPartner', low);
		const third = books().subaccounts[2]!;
		expect(items(poller.first)).toEqual([
			{
				id: '3',
				email: third.email,
				type: 'simple',
				token: third.token,
				balance: 9.999,
				currency: 'EUR',
				createdAt: third.createdAt,
				threshold: 10,
				reason: 'crossed',
			},
			expect.objectContaining({ id: '44', reason: 'crossed' }),
		]);
		expect(bench.sent('list')).toHaveLength(3);

		setBalance(3, 10);
		setBalance(20, 1);
		expect(ids(await poller.poll())).toEqual([20]);
		setBalance(3, 1);
		expect(ids(await poller.poll())).toEqual([3]);
		expect(ids(await poller.poll())).toEqual([]);
		expect(ids((await publish('mailPartner', low, 'init')).first)).toEqual([]);
	});

	it('one that is missing from the list for a while is not told of anew', async () => {
		add(3, 5);
		const poller = await publish('mailPartner', low);
		const [first] = books().subaccounts.splice(0, 1);
		expect(ids(await poller.poll())).toEqual([]);
		books().subaccounts.unshift(first!);
		expect(ids(await poller.poll())).toEqual([]);
	});

	it('new ones: none at the first poll, then each once, and no API key ever', async () => {
		add(25);
		const poller = await publish('mailPartner', created);
		expect(poller.first.emitted).toBeUndefined();
		expect(ids(await poller.poll())).toEqual([]);
		add(20);
		const second = await poller.poll();
		expect(ids(second)).toEqual(Array.from({ length: 20 }, (_, at) => 26 + at));
		expect(Object.keys(items(second)[0]!)).toEqual([
			'id',
			'email',
			'type',
			'token',
			'balance',
			'currency',
			'createdAt',
		]);
		expect(JSON.stringify(second.run?.executionData)).not.toContain(books().subaccounts[30]!.apiKey);
		expect(ids(await poller.poll())).toEqual([]);

		const restarted = await publish('mailPartner', created, 'init');
		expect(ids(restarted.first)).toEqual([]);
		add(1);
		expect(ids((await publish('mailPartner', created, 'init')).first)).toEqual([46]);
	});

	it('new ones in an account that has none yet', async () => {
		const poller = await publish('mailPartner', created);
		expect(ids(poller.first)).toEqual([]);
		add(2);
		expect(ids(await poller.poll())).toEqual([1, 2]);
	});

	it('a poll that fails on a later page forgets none and tells of none twice', async () => {
		add(25);
		const poller = await publish('mailPartner', created);
		add(2);
		bench.simulator.order({
			provider: 'mailPartner',
			operation: 'list',
			fault: 'refusalIn200',
			after: 1,
			text: 'Compte fermé',
			code: 20,
		});
		const failed = await poller.poll();
		expect(failed.error?.message).toContain('Compte fermé');
		expect(ids(await poller.poll())).toEqual([26, 27]);
		expect(ids(await poller.poll())).toEqual([]);
	});

	it('one that is deleted, or missing from the list for a while, does not come twice', async () => {
		add(3);
		const poller = await publish('mailPartner', created);
		const [first] = books().subaccounts.splice(0, 1);
		expect(ids(await poller.poll())).toEqual([]);
		books().subaccounts.push(first!);
		add(1);
		expect(ids(await poller.poll())).toEqual([4]);
	});

	const listOf = (total: number, data: unknown[] = []) =>
		JSON.stringify({ success: true, code: 200, total, nb_per_page: 20, data });

	it('a list that is shorter than its total is a failed poll, and tells of none twice', async () => {
		add(45, 5);
		for (const parameters of [created, low]) {
			const poller = await publish('mailPartner', parameters);
			bench.simulator.order({
				operation: 'list',
				fault: 'body',
				body: listOf(45),
				times: Infinity,
				after: 1,
			});
			expect((await poller.poll()).error?.message).toContain('ends after 20, and says itself that it has 45');
			bench.simulator.lift();
			expect(ids(await poller.poll())).toEqual([]);
		}
	});

	it('an empty list in between makes none of a large account new', async () => {
		add(1500, 5);
		for (const parameters of [created, low]) {
			const poller = await publish('mailPartner', parameters);
			for (let time = 0; time < 2; time++) {
				bench.simulator.order({ operation: 'list', fault: 'body', body: listOf(0) });
				expect(ids(await poller.poll())).toEqual([]);
			}
			expect(ids(await poller.poll())).toEqual([]);
		}
	});

	it('one whose token comes a poll later comes once', async () => {
		add(1);
		const poller = await publish('mailPartner', created);
		const credits = { balance: '5.000', currency: 'EUR' };
		const entries = [
			{ id: 1, email: books().subaccounts[0]!.email, token: books().subaccounts[0]!.token, credits },
			{ id: 2, email: 'two@example.com', credits },
			{ email: 'three@example.com', credits },
		];
		const later = entries.map((entry, place) => ({ ...entry, id: place + 1, token: `t${place + 1}` }));
		later[0]!.token = entries[0]!.token!;
		const seen: unknown[] = [];
		for (const data of [entries, later, entries, later]) {
			bench.simulator.order({ operation: 'list', fault: 'body', body: listOf(3, data) });
			seen.push(items(await poller.poll()).map(({ email }) => email));
		}
		expect(seen).toEqual([['two@example.com', 'three@example.com'], [], [], []]);
	});

	it('a test run shows the list, with no API key, and counts none as seen', async () => {
		const credentials = credentialsFor(bench.simulator);
		add(2);
		const poller = await publish('mailPartner', created);
		add(1);
		for (const parameters of [low, created]) {
			const shown = await bench.engine.testPoll(pollingTypes.mailPartner, parameters, { credentials });
			expect(shown!.flat().map(({ json }) => json.id)).toEqual(['1', '2', '3']);
			expect(JSON.stringify(shown)).not.toContain(books().subaccounts[0]!.apiKey);
		}
		expect(ids(await poller.poll())).toEqual([3]);
	});

	it('another event, and another account, begin without memory', async () => {
		add(2);
		await publish('mailPartner', created);
		books().balance = 5;
		expect(reasons((await publish('mailPartner', {})).first)).toEqual(['crossed']);
		add(1);
		// What was created while another event was watched is not told of.
		expect(ids((await publish('mailPartner', created)).first)).toEqual([]);
		const elsewhere = { ...bench.simulator.mailPartner.credentials };
		elsewhere.baseUrl = `${String(elsewhere.baseUrl)}/`.replace('127.0.0.1', 'localhost');
		add(1);
		const moved = await bench.engine.publish(pollingTypes.mailPartner, created, {
			credentials: { mailPartnerApi: elsewhere },
		});
		expect(ids(moved.first)).toEqual([]);
	});
});
