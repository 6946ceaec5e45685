import { cards } from '../simulator';
import { credentialsFor } from '../scenes';
import { formsOf, itemsOf, lines, openBench, pairs } from '../harness';

const bench = openBench();
const credit = (operation: string, more = {}) => ({ resource: 'credit', operation, ...more });
const basic = (username: string, password: string) =>
	`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

describe('getBalance', () => {
	test('reads once for every item', async () => {
		bench.simulator.click2mail.books.allowNegative = true;
		const result = await bench.run('click2mail', credit('getBalance'), [{}, {}]);

		const item = { balance: 25.5, currency: 'USD', allowNegative: true };
		expect(itemsOf(result)).toEqual([item, item]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(lines(bench.simulator.requests)).toEqual(['GET /credit', 'GET /credit']);
	});

	test('where a failure stops nothing, asks for 20 items together, after the first one alone', async () => {
		const delayMs = 100;
		bench.simulator.order({ operation: 'getBalance', fault: 'slowReply', delayMs, times: 30 });
		const items = Array.from({ length: 30 }, () => ({}));
		const onError = 'continueRegularOutput';
		const result = await bench.run('click2mail', credit('getBalance'), items, { onError });

		expect(pairs(result)).toEqual(items.map((_, item) => ({ item })));
		const at = bench.simulator.requests.map(({ arrivedAt }) => arrivedAt);
		expect(at).toHaveLength(30);
		expect(at[1]! - at[0]!).toBeGreaterThan(0.9 * delayMs);
		expect(at[20]! - at[1]!).toBeLessThan(19 * delayMs);
		expect(at[21]! - at[1]!).toBeGreaterThan(0.9 * delayMs);
	});

	test.each([
		[
			'refused',
			{ fault: 'refusalIn200' },
			/^Nothing was changed\. If it stays, ask support@click2mail\.com\.$/,
		],
		[
			'unclear',
			{ fault: 'emptyBody', times: 3 },
			/^This was a request to read; nothing was changed\. It can be run again\.$/,
		],
	] as const)(
		'where one is %s and the run stops, says what to do about a reading',
		async (_what, fault, advice) => {
			bench.simulator.order({ ...fault, operation: 'getBalance', after: 1 });
			const result = await bench.run('click2mail', credit('getBalance'), [{}, {}, {}]);
			expect(result.error?.message).toMatch(/\[item 1\]\. 1 of 3 items had gone through before it\.$/);
			// Not of a card, and not how to go on without doing anything twice.
			expect(result.error?.description).toMatch(advice);
		},
	);

	test('logs in by HTTP Basic authentication, asks for XML and sends no body', async () => {
		await bench.run('click2mail', credit('getBalance'), [{}]);
		const [request] = bench.simulator.requests;
		expect(request!.headers).toMatchObject({
			authorization: basic('awesomeuser', 'gReAt/PaSsWoRd:123&4'),
			accept: 'application/xml',
		});
		expect(request!.rawBody).toBe('');
	});

	test('a log-in beyond ASCII arrives as UTF-8', async () => {
		const { books } = bench.simulator.click2mail;
		books.password = 'Pässwörd:“ü”%41';
		const credentials = credentialsFor(bench.simulator);
		credentials.click2MailApi!.password = books.password;
		const result = await bench.run('click2mail', credit('getBalance'), [{}], { credentials });
		expect(itemsOf(result)).toHaveLength(1);
		expect(bench.simulator.requests[0]!.headers.authorization).toBe(basic(books.username, books.password));
	});

	test('needs no card', async () => {
		const credentials = credentialsFor(bench.simulator);
		delete credentials.paymentCardApi;
		expect(itemsOf(await bench.run('click2mail', credit('getBalance'), [{}], { credentials }))).toHaveLength(
			1,
		);
	});
});

describe('purchase', () => {
	const purchase = (more = {}) => credit('purchase', { amount: '={{ $json.amount }}', ...more });

	test('charges the card for each item and reads the new balance', async () => {
		const result = await bench.run('click2mail', purchase(), [{ amount: 10 }, { amount: '12.5' }]);

		const receipt = {
			purchased: true,
			currency: 'USD',
			status: 0,
			description: 'Success',
			allowNegative: false,
			statusUrl: `${bench.simulator.click2mail.baseUrl}/credit`,
		};
		expect(itemsOf(result)).toEqual([
			{ ...receipt, amount: 10, balance: 35.5 },
			{ ...receipt, amount: 12.5, balance: 48 },
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(bench.simulator.click2mail.books.charges).toMatchObject([
			{ amount: 10, cardEnding: '1111' },
			{ amount: 12.5, cardEnding: '1111' },
		]);
		expect(lines(bench.simulator.requests)).toEqual([
			'POST /credit/purchase',
			'GET /credit',
			'POST /credit/purchase',
			'GET /credit',
		]);
	});

	test('sends the documented form, the card in its body alone', async () => {
		await bench.run('click2mail', purchase({ options: { readBalance: false } }), [
			{ amount: 10 },
			{ amount: 12.5 },
		]);
		const form = (amount: string) => [
			['billingName', 'Winnie The Pooh'],
			['billingAddress1', '221B Baker St'],
			['billingCity', 'Springfield'],
			['billingState', 'MO'],
			['billingZip', '34567'],
			['billingAmount', amount],
			['billingNumber', '4111111111111111'],
			['billingMonth', '12'],
			['billingYear', '2039'],
			['billingCvv', '739'],
			['billingCcType', 'VI'],
		];
		expect(formsOf(bench.simulator.requests)).toEqual([form('10'), form('12.50')]);
		for (const request of bench.simulator.requests) {
			expect(request.contentType).toBe('application/x-www-form-urlencoded');
			expect(request.query).toEqual([]);
			expect(request.headers.authorization).toBe(basic('awesomeuser', 'gReAt/PaSsWoRd:123&4'));
		}
	});

	test('writes an amount with two decimals, or none', async () => {
		const items = [10, '12.5', 10.01, 10.2 + 0.1, 1000].map((amount) => ({ amount }));
		await bench.run('click2mail', purchase({ spendingLimit: 5000 }), items);
		const amounts = bench.sent('purchase').map(({ form }) => new Map(form).get('billingAmount'));
		expect(amounts).toEqual(['10', '12.50', '10.01', '10.30', '1000']);
	});

	test('writes a card as the form wants it, however it is stored', async () => {
		const stored = {
			number: '4111 1111-1111 1111',
			expirationMonth: '2',
			expirationYear: '39',
			zip: '04567',
		};
		const credentials = credentialsFor(bench.simulator);
		Object.assign(credentials.paymentCardApi!, stored);
		await bench.run('click2mail', purchase(), [{ amount: 10 }], { credentials });
		expect(Object.fromEntries(bench.sent('purchase')[0]!.form!)).toMatchObject({
			billingNumber: '4111111111111111',
			billingMonth: '02',
			billingYear: '2039',
			billingZip: '04567',
		});
	});

	test('does not read the balance where it shall not', async () => {
		const result = await bench.run('click2mail', purchase({ options: { readBalance: false } }), [
			{ amount: 10 },
		]);
		expect(itemsOf(result)).toMatchObject([{ purchased: true, balance: null }]);
		expect(lines(bench.simulator.requests)).toEqual(['POST /credit/purchase']);
	});

	test('is a success also when the balance can’t be read afterwards', async () => {
		bench.simulator.order({ fault: 'status403', operation: 'getBalance' });
		const result = await bench.run('click2mail', purchase(), [{ amount: 10 }]);
		expect(itemsOf(result)).toMatchObject([{ purchased: true, amount: 10, balance: null }]);
	});

	test.each(Object.values(cards))('takes a $cardType card', async (card) => {
		const credentials = { ...credentialsFor(bench.simulator), paymentCardApi: { ...card } };
		const result = await bench.run('click2mail', purchase(), [{ amount: 10 }], { credentials });
		expect(itemsOf(result)).toMatchObject([{ purchased: true }]);
		expect(bench.simulator.click2mail.books.charges).toMatchObject([{ cardEnding: card.number.slice(-4) }]);
		const code = { visa: 'VI', masterCard: 'MC', amex: 'AE', discover: 'DI' }[card.cardType];
		expect(bench.sent('purchase')[0]!.form).toContainEqual(['billingCcType', code]);
	});

	test.each([
		['a number that is mistyped', { number: '4111111111111112' }, /“Card Number” is mistyped/],
		['a code that is too short', { securityCode: '12' }, /“Security Code” must have 3 digits/],
		['a date that has passed', { expirationYear: '2020' }, /“Expiration Month” and year have passed/],
	])('refuses a card with %s before any request', async (_case, wrong, message) => {
		const credentials = credentialsFor(bench.simulator);
		Object.assign(credentials.paymentCardApi!, wrong);
		const stopped = await bench.run('click2mail', purchase(), [{ amount: 10 }, { amount: 11 }], {
			credentials,
		});
		expect(stopped.error?.message).toMatch(message);
		expect(stopped.error?.description).toBe('Correct it in the Payment Card credential.');

		const went = await bench.run('click2mail', purchase(), [{ amount: 10 }, { amount: 11 }], {
			credentials,
			onError: 'continueRegularOutput',
		});
		expect(itemsOf(went)).toEqual(
			[0, 1].map(() => ({
				error: expect.stringMatching(message) as string,
				details: {
					outcome: 'invalid',
					provider: 'Click2Mail',
					operation: 'credit.purchase',
					affects: 'item',
				},
			})),
		);
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('topUp', () => {
	const topUp = (more = {}) =>
		credit('topUp', { minimumBalance: '={{ $json.minimum }}', amount: 20, ...more });

	test('buys once when the balance is below the minimum, and sees what an earlier item bought', async () => {
		const result = await bench.run('click2mail', topUp(), [
			{ minimum: 25.5 },
			{ minimum: 25.51 },
			{ minimum: 60 },
			{ minimum: 60 },
		]);
		expect(itemsOf(result)).toEqual([
			{ toppedUp: false, balanceBefore: 25.5, balanceAfter: 25.5, amount: 0, currency: 'USD' },
			{ toppedUp: true, balanceBefore: 25.5, balanceAfter: 45.5, amount: 20, currency: 'USD' },
			{ toppedUp: true, balanceBefore: 45.5, balanceAfter: 65.5, amount: 20, currency: 'USD' },
			{ toppedUp: false, balanceBefore: 65.5, balanceAfter: 65.5, amount: 0, currency: 'USD' },
		]);
		expect(pairs(result)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /credit',
			'GET /credit',
			'POST /credit/purchase',
			'GET /credit',
			'GET /credit',
			'POST /credit/purchase',
			'GET /credit',
			'GET /credit',
		]);
		expect(bench.simulator.click2mail.books.charges).toHaveLength(2);
	});

	test('buys also where the balance happens to be the password', async () => {
		const { books } = bench.simulator.click2mail;
		Object.assign(books, { password: '25000', balance: 25_000 });
		const credentials = credentialsFor(bench.simulator);
		credentials.click2MailApi!.password = books.password;
		const result = await bench.run('click2mail', topUp(), [{ minimum: 25_001 }], { credentials });
		expect(itemsOf(result)).toMatchObject([
			{ toppedUp: true, balanceBefore: 25_000, balanceAfter: 25_020, amount: 20 },
		]);
	});

	test('a dry run counts what earlier items would have bought', async () => {
		const items = [{ minimum: 30 }, { minimum: 40 }, { minimum: 50 }];
		const result = await bench.run('click2mail', topUp({ dryRun: true }), items);
		expect(itemsOf(result)).toMatchObject([
			{ dryRun: true, cost: 20, request: { method: 'POST' } },
			{ dryRun: true, cost: 0, request: null },
			{ dryRun: true, cost: 20, request: { method: 'POST' } },
		]);
		// Read for each: what would have been bought counts as there beside it.
		expect(lines(bench.simulator.requests)).toEqual(['GET /credit', 'GET /credit', 'GET /credit']);
		expect(bench.simulator.click2mail.books.charges).toEqual([]);
	});

	test('is a success also when the balance can’t be read afterwards', async () => {
		bench.simulator.order({ fault: 'status403', operation: 'getBalance', after: 1 });
		const result = await bench.run('click2mail', topUp(), [{ minimum: 100 }]);
		expect(itemsOf(result)).toMatchObject([{ toppedUp: true, balanceBefore: 25.5, balanceAfter: null }]);
	});

	test('compares in cents: what a provider has added up is not below by a hair', async () => {
		bench.simulator.click2mail.books.balance = 9.999999999999998;
		const result = await bench.run('click2mail', topUp(), [{ minimum: 10 }, { minimum: 10.01 }]);
		expect(itemsOf(result)).toMatchObject([
			{ toppedUp: false, balanceBefore: 10, balanceAfter: 10 },
			{ toppedUp: true, balanceBefore: 10 },
		]);
	});
});

describe('the staging site, which takes any amount with the test card', () => {
	const staging = () => ({
		...credentialsFor(bench.simulator),
		click2MailApi: { environment: 'staging', username: 'awesomeuser', password: 'secret' },
	});

	test.each(['purchase', 'production'] as const)('and no other: %s', async (which) => {
		const items = [{ amount: 0.01 }, { amount: 5 }, { amount: 0 }];
		const result = await bench.run(
			'click2mail',
			credit('purchase', { amount: '={{ $json.amount }}', dryRun: true }),
			items,
			{
				onError: 'continueRegularOutput',
				credentials: which === 'purchase' ? staging() : credentialsFor(bench.simulator),
			},
		);
		const least = which === 'purchase' ? 0.01 : 10;
		expect(itemsOf(result)).toMatchObject(
			items.map(({ amount }) =>
				amount >= least
					? { dryRun: true, cost: amount }
					: { error: expect.stringContaining(String(least)) as string, details: { outcome: 'invalid' } },
			),
		);
	});
});
