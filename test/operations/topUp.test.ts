import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { going, itemsOf, openBenches, outcomesOf, pairs } from '../harness';
import type { RunResult } from '../engine';
import { credentialsFor, nodeTypes } from '../scenes';
import { subaccount, type ProviderName } from '../simulator';

const { bench, it: test } = openBenches();

interface Service {
	provider: ProviderName;
	parameters: INodeParameters;
	/** The name of the amount. */
	amount: string;
	/** The request that buys. */
	request: string;
	bought(): number[];
	/** Lets every look show this balance, whatever is bought. */
	lag(balance: number): void;
	unit: string;
	/** The least that is sold. */
	least: number;
	before: string;
}

/** What both providers of texts have in common. */
const texting = {
	parameters: {
		resource: 'credit',
		operation: 'topUp',
		minimumCredits: 20,
		numberOfCredits: 25,
		storedCardLastFour: '1111',
	},
	amount: 'numberOfCredits',
	request: 'buy',
	unit: 'credits',
	least: 1,
	before: 'creditsBefore',
};

const services: Service[] = [
	{
		provider: 'click2mail',
		parameters: { resource: 'credit', operation: 'topUp', minimumBalance: 20, amount: 25 },
		amount: 'amount',
		request: 'purchase',
		bought: () =>
			bench.sent('purchase').map(({ form }) => Number(form!.find(([name]) => name === 'billingAmount')![1])),
		lag(balance) {
			const body = `<credit><balance>${balance}</balance><allowNegative>false</allowNegative></credit>`;
			const contentType = 'application/xml';
			bench.simulator.order({ fault: 'body', operation: 'getBalance', body, contentType, times: Infinity });
		},
		unit: 'USD',
		least: 10,
		before: 'balanceBefore',
	},
	{
		provider: 'clubTexting',
		...texting,
		bought: () =>
			bench.sent('buy').map(({ form }) => Number(form!.find(([name]) => name === 'NumberOfCredits')![1])),
		lag(balance) {
			const Entry = { PlanCredits: 0, AnytimeCredits: balance, TotalCredits: balance };
			const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry } });
			bench.simulator.order({ fault: 'body', operation: 'getBalance', body, times: Infinity });
		},
	},
	{
		provider: 'ezTexting',
		...texting,
		bought: () => bench.sent('buy').map(({ json }) => Number((json as { credits: number }).credits)),
		lag(balance) {
			const body = JSON.stringify({ planCredits: 0, anytimeCredits: balance, totalCredits: balance });
			bench.simulator.order({ fault: 'body', operation: 'getBalance', body, times: Infinity });
		},
	},
	{
		provider: 'mailPartner',
		parameters: {
			resource: 'credit',
			operation: 'topUp',
			subaccount: { __rl: true, mode: 'token', value: 'rabbit' },
			minimumBalance: 20,
			amount: 25,
		},
		amount: 'amount',
		request: 'add',
		bought: () => bench.sent('add').map(({ json }) => Number((json as { credit: string }).credit)),
		lag(balance) {
			const { books } = bench.simulator.mailPartner;
			books.balance = 10_000;
			books.subaccounts.push(subaccount(books, { token: 'rabbit', balance }));
			const data = [{ id: 1, token: 'rabbit', credits: { balance: String(balance), currency: 'EUR' } }];
			const body = JSON.stringify({ success: true, code: 200, total: 1, nb_per_page: 20, data });
			bench.simulator.order({ fault: 'body', operation: 'list', body, times: Infinity });
		},
		unit: 'EUR',
		least: 0.001,
		before: 'balanceBefore',
	},
];

describe.each(services)(
	'a top-up at $provider',
	({ provider, parameters, amount, request, bought, lag, unit, least, before }) => {
		const run = async (more: IDataObject, items: IDataObject[] = [{}, {}, {}]) =>
			await bench.run(provider, { ...parameters, ...more } as INodeParameters, items, going);
		const upTo = (level: unknown, more: IDataObject = {}) => ({
			[amount]: 0,
			options: { topUpTo: level, ...more },
		});

		test('what was bought counts as there, over items, though the balance lags', async () => {
			lag(5);
			const result = await run({});
			expect(bought()).toEqual([25]);
			expect(itemsOf(result).map(({ toppedUp }) => toppedUp)).toEqual([true, false, false]);
			expect(itemsOf(result)[0]![before]).toBe(5);
			expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		});

		test.each([false, true])('and over the rounds of a loop, an unknown one too: %s', async (isUnknown) => {
			lag(5);
			if (isUnknown) bench.simulator.order({ fault: 'resetAfter', operation: request });
			const to = (node: string) => [{ node, type: 'main' as const, index: 0 }];
			const result = await bench.engine.run({
				credentials: credentialsFor(bench.simulator),
				nodes: [
					{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
					{ name: 'Loop', type: 'test.loop', parameters: { times: 3 } },
					{ name: 'Top Up', type: nodeTypes[provider], parameters, ...going },
					{ name: 'Done', type: 'n8n-nodes-base.noOp' },
				],
				connections: {
					Start: { main: [to('Loop')] },
					Loop: { main: [to('Top Up'), to('Done')] },
					'Top Up': { main: [to('Loop')] },
				},
			});
			expect(result.status).toBe('success');
			expect(bought()).toEqual([25]);
		});

		test('what is bought and is not enough is bought again', async () => {
			lag(5);
			await run({ [amount]: 10 });
			expect(bought()).toEqual([10, 10]);
		});

		test('a refused one counts for nothing', async () => {
			lag(5);
			bench.simulator.order({ fault: 'status403', operation: request });
			const result = await run({});
			expect(outcomesOf(result)[0]).toBe('refused');
			expect(bought()).toEqual([25, 25]);
		});

		test('up to a level: what is missing, at least what is sold, once', async () => {
			lag(5);
			const result = await run(upTo(50));
			expect(bought()).toEqual([45]);
			expect(itemsOf(result).map(({ toppedUp }) => toppedUp)).toEqual([true, false, false]);
		});

		test('a balance below 0 is filled up as well, and what was bought is added to it', async () => {
			lag(-5);
			await run({ ...upTo(50) });
			expect(bought()).toEqual([55]);
			const minimum = Object.keys(parameters).find((name) => name.startsWith('minimum'))!;
			await run({ [minimum]: 0, [amount]: 10 }, [{}]);
			expect(bought()).toEqual([55, 10]);
		});

		test('up to a level just above: at least what is sold', async () => {
			lag(20 - least / 2);
			await run({ ...upTo(20) });
			expect(bought()).toEqual([least]);
		});

		test('a balance that is finer than what is sold is below all the same, and is filled up to the level', async () => {
			lag(19.99964);
			const result = await run(upTo(50));
			expect(itemsOf(result)[0]![before]).toBe(19.99964);
			expect(bought()).toEqual([{ USD: 30.01, credits: 31, EUR: 30.001 }[unit]]);
		});

		test('the spending limit holds what is missing', async () => {
			lag(5);
			const result = await run({ ...upTo(50), spendingLimit: 44 });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent', 'notSent']);
			expect(itemsOf(result)[0]!.error).toContain(`45 ${unit} for this item`);
			expect(bought()).toEqual([]);
		});

		test('a dry run shows it, and remembers nothing', async () => {
			lag(5);
			const dry = await run({ ...upTo(50), dryRun: true });
			expect(itemsOf(dry).map(({ cost }) => cost)).toEqual([45, 0, 0]);
			expect(bought()).toEqual([]);
		});

		test.each<[string | number, string]>([
			[19, `is 19 ${unit}, which is below “Minimum`],
			[1, `is ${unit === 'credits' ? '1 credit' : `1 ${unit}`}, which is below “Minimum`],
			['', '“Top Up To” is empty'],
			[0, 'is not filled in'],
			[-1, 'must be at least 0'],
		])('a level of %p is invalid for its item, and nothing leaves', async (level, trouble) => {
			lag(5);
			const result = await run(upTo('={{ $json.level }}'), [{ level }, { level }]);
			expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
			expect(itemsOf(result)[0]!.error).toContain(trouble);
			expect(bought()).toEqual([]);
		});

		const limits = (result: RunResult) => itemsOf(result).map((json) => json.limitReached);

		test('beyond a maximum per day it comes out, and buys nothing', async () => {
			lag(5);
			const result = await run({ [amount]: 10, options: { maximumPerDay: 1 } });
			expect([limits(result), bought()]).toEqual([[false, true, true], [10]]);
			expect(itemsOf(result).map(({ toppedUp }) => toppedUp)).toEqual([true, false, false]);
		});

		test('a dry run shows it, and that one with enough would not be beyond', async () => {
			lag(5);
			const plan = { [amount]: 15, dryRun: true, options: { maximumPerDay: 1 } };
			const dry = await run(plan);
			expect(itemsOf(dry)).toMatchObject([
				{ toppedUp: true, limitReached: false, cost: 15 },
				{ toppedUp: false, limitReached: false, request: null, cost: 0 },
				{ toppedUp: false, limitReached: false, request: null, cost: 0 },
			]);
			const beyond = itemsOf(await run({ ...plan, [amount]: 10 }));
			expect(beyond[1]).toMatchObject({ toppedUp: false, limitReached: true, request: null, cost: 0 });
			expect(bought()).toEqual([]);
		});
	},
);

test('a coupon code goes with a top-up of Club Texting', async () => {
	Object.assign(bench.simulator.clubTexting.books, { planCredits: 0, anytimeCredits: 0 });
	const parameters = {
		resource: 'credit',
		operation: 'topUp',
		minimumCredits: 500,
		numberOfCredits: 100,
		storedCardLastFour: '1111',
		options: { couponCode: '={{ $json.coupon }}' },
	};
	const items = [{ coupon: 'SPRING10' }, { coupon: '' }];
	const result = await bench.run('clubTexting', parameters, items, going);
	expect(outcomesOf(result)[1]).toBe('invalid');
	expect(bench.sent('buy').map(({ form }) => form!.find(([name]) => name === 'CouponCode'))).toEqual([
		['CouponCode', 'SPRING10'],
	]);
});

test.each([
	['maximumPerDay', 'Maximum per Day', '"Europe/Paris"'],
	['maximumPerMonth', 'Maximum per Month', 'Middle/Earth'],
])('%s in a time zone that is none: invalid, with what to set', async (name, label, timezone) => {
	const parameters = { ...services[0]!.parameters, options: { [name]: 2 } };
	const result = await bench.run('click2mail', parameters, [{}, {}], { ...going, settings: { timezone } });
	expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
	expect(itemsOf(result)[0]!.error).toBe(
		`“${label}” counts in the workflow’s time zone, and “${timezone}” is none [item 0]. Pick a time zone, such as Europe/Paris, in the workflow’s settings; n8n’s own is set with GENERIC_TIMEZONE.`,
	);
	expect(bench.simulator.requests).toEqual([]);
});
