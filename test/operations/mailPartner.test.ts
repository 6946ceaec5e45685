import type { IDataObject } from 'n8n-workflow';
import { credentialsFor, nodeTypes } from '../scenes';
import { subaccount, type Subaccount } from '../simulator';
import { going, itemsOf, lines, openBenches, pairs } from '../harness';

const { bench, it: test } = openBenches();
const apiKey = '5f0c7be2a94d1836cc27e8b1904fa63d7be5120c';
const paired = [{ item: 0 }, { item: 1 }];

const by = (mode: string, value = `={{ $json.${mode} }}`) => ({
	subaccount: { __rl: true, mode, value },
});
const credit = (operation: string, more = {}) => ({ resource: 'credit', operation, ...more });
const accounts = (operation: string, more = {}) => ({ resource: 'subaccount', operation, ...more });

/** Puts sub-accounts into the books. */
function opened(...given: Array<Partial<Subaccount>>): Subaccount[] {
	const { books } = bench.simulator.mailPartner;
	const made = given.map((one) => subaccount(books, one));
	books.subaccounts.push(...made);
	return made;
}

/** 45 sub-accounts: three pages of the list. */
function fortyFive(): Subaccount[] {
	return opened(
		...Array.from({ length: 45 }, (_, place) => ({ email: `user${place}@wood.fr`, balance: place / 10 })),
	);
}

const shown = ({ id, email, type, token, balance, createdAt }: Subaccount) => ({
	id: String(id),
	email,
	type,
	token,
	balance,
	currency: 'EUR',
	createdAt,
});

describe('every request', () => {
	test('that reads has its key in the query, and asks for JSON', async () => {
		await bench.run('mailPartner', credit('getBalance'), [{}]);
		const [request] = bench.simulator.requests;
		expect(request).toMatchObject({ method: 'GET', path: '/me', query: [['apiKey', apiKey]], rawBody: '' });
		expect(request!.headers).toMatchObject({ accept: 'application/json' });
	});

	test('that acts has its key in the JSON body, and nothing in the query', async () => {
		const [owl] = opened({ token: 'owl' });
		await bench.run('mailPartner', credit('add', { ...by('token', owl!.token), amount: 10 }), [{}]);
		const [request] = bench.simulator.requests;
		expect(request!.contentType).toBe('application/json');
		expect(request!.query).toEqual([]);
		expect(JSON.parse(request!.rawBody)).toEqual({ apiKey, credit: '10', tokenSubaccount: 'owl' });
	});
});

describe('subaccount.create', () => {
	const create = (more = {}) => accounts('create', more);

	test('simple and advanced, each with its own fields', async () => {
		const { books } = bench.simulator.mailPartner;
		const parameters = create({
			type: '={{ $json.type }}',
			email: '={{ $json.email }}',
			isBuyer: '={{ $json.buyer }}',
			additionalFields: {
				creditToAttribute: '={{ $json.credit }}',
				title: '={{ $json.title }}',
				firstName: '={{ $json.first }}',
				lastName: '={{ $json.last }}',
			},
		});
		const result = await bench.run('mailPartner', parameters, [
			{
				type: 'advanced',
				email: 'owl@wood.fr',
				buyer: false,
				credit: 10.5,
				title: 'Owl',
				first: 'prenom',
				last: 'nom',
			},
			{ type: 'advanced', email: 'roo@wood.fr', buyer: true, credit: 0, title: '', first: '', last: '' },
			{ type: 'simple', email: 'kanga@wood.fr', buyer: true, credit: 5, title: 'Kanga', first: '', last: '' },
		]);

		const [owl, roo, kanga] = books.subaccounts;
		const parentEmail = 'parent@example.com';
		expect(itemsOf(result)).toEqual([
			{
				token: owl!.token,
				email: 'owl@wood.fr',
				type: 'advanced',
				confirmationSentTo: 'owl@wood.fr',
				parentEmail,
			},
			{
				token: roo!.token,
				email: 'roo@wood.fr',
				type: 'advanced',
				confirmationSentTo: 'roo@wood.fr',
				parentEmail,
			},
			{ token: kanga!.token, email: 'kanga@wood.fr', type: 'simple', confirmationSentTo: null, parentEmail },
		]);
		expect(pairs(result)).toEqual([...paired, { item: 2 }]);
		expect(bench.simulator.requests.map(({ path, json }) => [path, json])).toEqual(
			[
				{
					type: 'advanced',
					parameters: {
						email: 'owl@wood.fr',
						creditToAttribute: 10.5,
						isBuyer: 0,
						title: 'Owl',
						firstname: 'prenom',
						lastname: 'nom',
					},
				},
				{ type: 'advanced', parameters: { email: 'roo@wood.fr', isBuyer: 1 } },
				{ type: 'simple', parameters: { email: 'kanga@wood.fr', creditToAttribute: 5, title: 'Kanga' } },
			].map((body) => ['/subaccount/create', { apiKey, ...body }]),
		);
		expect(books.balance).toBe(2915.5);
	});

	test('whose email is left alone gets one of the provider', async () => {
		const result = await bench.run('mailPartner', create({ type: 'simple' }), [{}, {}]);
		const { subaccounts } = bench.simulator.mailPartner.books;
		expect(itemsOf(result)).toEqual(
			subaccounts.map(({ token }, place) => ({
				token,
				email: `000000000${place + 1}@mailpartner.fr`,
				type: 'simple',
				confirmationSentTo: null,
				parentEmail: 'parent@example.com',
			})),
		);
		expect(bench.simulator.requests.map(({ json }) => json)).toEqual(
			Array(2).fill({ apiKey, type: 'simple', parameters: {} }),
		);
	});

	test.each(['', null, undefined, ' \u200B'])(
		'whose email is mapped, but empty, is refused: %j',
		async (email) => {
			const items = [{ email: 'owl@wood.fr' }, { email }] as IDataObject[];
			const result = await bench.run(
				'mailPartner',
				create({ type: 'simple', email: '={{ $json.email }}' }),
				items,
			);
			expect(result.error?.message).toContain(
				'“Email” is filled in by an expression, but is empty for this item [item 1]. Nothing was sent.',
			);
			expect(result.error?.description).toBe(
				'Look at the expression, or remove it if nothing is meant to stand here.',
			);
			expect(bench.simulator.requests).toEqual([]);
		},
	);

	test('keeps to the spending limit with its starting credits', async () => {
		const parameters = create({ additionalFields: { creditToAttribute: '={{ $json.credit }}' } });
		const items = [{ credit: 60 }, { credit: 40.001 }];
		const over = await bench.run('mailPartner', parameters, items);
		expect(over.error?.message).toContain('come to 100.001 EUR, and the spending limit is 100 EUR');
		expect(bench.simulator.requests).toEqual([]);
		// What the advice says can be done.
		const [, advised] = /to ([\d.]+) or more/.exec(over.error!.description!)!;
		const within = await bench.run('mailPartner', { ...parameters, spendingLimit: advised }, items);
		expect(itemsOf(within)).toHaveLength(2);
	});
});

describe('subaccount.get', () => {
	test.each(['list', 'token', 'email'] as const)('by %s, reading each page once', async (mode) => {
		const made = fortyFive();
		const value = `={{ $json.${mode === 'list' ? 'token' : mode} }}`;
		const items = [made[44]!, made[0]!].map(({ token, email }) => ({ token, email: email.toUpperCase() }));
		const result = await bench.run('mailPartner', accounts('get', by(mode, value)), items);
		expect(itemsOf(result)).toEqual([shown(made[44]!), shown(made[0]!)]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual(
			[1, 2, 3].map((page) => `GET /subaccount/list?page=${page}`),
		);
	});

	test('beyond a page on which nothing can be used', async () => {
		const page = (data: IDataObject[]) => JSON.stringify({ success: true, code: 200, total: 21, data });
		const broken = Array.from({ length: 20 }, (_, place) => ({ id: place, credits: { balance: '1.000' } }));
		bench.simulator.order({ fault: 'body', operation: 'list', body: page(broken) });
		bench.simulator.order({ fault: 'body', operation: 'list', body: page([{ ...broken[0], token: 'owl' }]) });
		const result = await bench.run('mailPartner', accounts('get', by('token', 'owl')), [{}]);
		expect(itemsOf(result)).toMatchObject([{ token: 'owl', balance: 1 }]);
	});

	test.each([
		['token', 'nobody', 'no sub-account has the token nobody'],
		['email', 'nobody@wood.fr', 'no sub-account has the email nobody@wood.fr'],
	])('by a %s that nobody has', async (mode, value, text) => {
		fortyFive();
		const stopped = await bench.run('mailPartner', accounts('get', by(mode, value)), [{}]);
		expect(stopped.error?.message).toContain(`“Subaccount” was not found: ${text}`);
		expect(stopped.error?.description).toContain('Look it up with “Get Many”');
		const went = await bench.run('mailPartner', accounts('get', by(mode, value)), [{}], going);
		expect(itemsOf(went)).toEqual([
			{
				error: expect.stringContaining(text) as string,
				details: {
					outcome: 'invalid',
					provider: 'MailPartner',
					operation: 'subaccount.get',
					affects: 'item',
				},
			},
		]);
	});

	test.each([
		['list', '={{ $json.nothing }}', '“Subaccount” is empty'],
		['email', 'owl', '“Subaccount” is not an e-mail address: "owl"'],
	])('by %s with %j asks nobody', async (mode, value, text) => {
		const result = await bench.run('mailPartner', accounts('get', by(mode, value)), [{}]);
		expect(result.error?.message).toContain(text);
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('subaccount.getAll', () => {
	const getAll = (more = {}) => accounts('getAll', more);

	test('all 45, page after page, without their keys', async () => {
		const made = fortyFive();
		const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}]);
		expect(itemsOf(result)).toEqual(made.map(shown));
		expect(pairs(result)).toEqual(made.map(() => ({ item: 0 })));
		expect(lines(bench.simulator.requests)).toEqual(
			[1, 2, 3].map((page) => `GET /subaccount/list?page=${page}`),
		);
		expect(result.stored).not.toContain(made[0]!.apiKey);
	});

	test.each([
		[1, 1],
		[20, 1],
		[21, 2],
		[45, 3],
		[100, 3],
	])('up to a limit of %i, asking for %i pages', async (limit, pages) => {
		const made = fortyFive();
		const result = await bench.run('mailPartner', getAll({ limit }), [{}]);
		expect(itemsOf(result)).toEqual(made.slice(0, limit).map(shown));
		expect(bench.simulator.requests).toHaveLength(pages);
	});

	test('the last page may be full: nothing is asked for after it', async () => {
		opened(...Array.from({ length: 40 }, () => ({})));
		const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}]);
		expect(itemsOf(result)).toHaveLength(40);
		expect(bench.simulator.requests).toHaveLength(2);
	});

	test('up to 50 unless told; all of them also when a text says so', async () => {
		fortyFive();
		opened(...Array.from({ length: 30 }, () => ({})));
		expect(itemsOf(await bench.run('mailPartner', getAll(), [{}]))).toHaveLength(50);
		const returnAll = '={{ $json.all }}';
		const all = await bench.run('mailPartner', getAll({ returnAll, limit: 50 }), [{ all: 'true' }]);
		expect(itemsOf(all)).toHaveLength(75);
	});

	describe('that is shorter than its own total fails', () => {
		const listed = Array.from({ length: 20 }, (_, place) => ({
			token: `t${place}`,
			email: `t${place}@example.com`,
			credits: { balance: '5.000', currency: 'EUR' },
		}));
		const body = (data: unknown[], total = 45) =>
			JSON.stringify({ success: true, code: 200, total, nb_per_page: 20, data });
		/** The first page, and what comes whenever another is asked for. */
		function pages(first: unknown[], further: unknown[], total?: number) {
			for (const [data, times] of [
				[first, 1],
				[further, Infinity],
			] as const) {
				bench.simulator.order({ fault: 'body', operation: 'list', body: body([...data], total), times });
			}
		}

		test.each<[string, unknown[], unknown[], number]>([
			['page two empty', listed, [], 20],
			['page one again', listed, listed, 20],
			['an empty list', [], [], 0],
			['some missing at the end', listed, [{ ...listed[0], token: 'u' }], 21],
		])('%s', async (_name, first, further, count) => {
			pages(first, further);
			const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}, {}], going);
			const failed = {
				error: expect.stringContaining(`ends after ${count}, and says itself that it has 45`) as unknown,
				details: { outcome: 'unknown' },
			};
			expect(itemsOf(result)).toMatchObject([failed, failed]);
		});

		test('and nobody is said not to exist', async () => {
			pages(listed, []);
			const parameters = {
				resource: 'credit',
				operation: 'add',
				subaccount: { __rl: true, mode: 'email', value: '={{ $json.email }}' },
				amount: 5,
			};
			const items = [{ email: 't3@example.com' }, { email: 'u@example.com' }];
			const result = await bench.run('mailPartner', parameters, items, going);
			expect(itemsOf(result)[1]).toMatchObject({
				error: expect.stringContaining('ends after 20') as unknown,
				details: { outcome: 'notSent' },
			});
			expect(itemsOf(result)[1]!.error).not.toContain('not found');
		});

		test('one from which somebody is taken out while it is read', async () => {
			const others = Array.from({ length: 24 }, (_, place) => ({ ...listed[0], token: `u${place}` }));
			// The first of these has moved to the first page meanwhile.
			bench.simulator.order({ fault: 'body', operation: 'list', body: body(listed, 45) });
			bench.simulator.order({ fault: 'body', operation: 'list', body: body(others.slice(1, 21), 44) });
			const rest = body(others.slice(21), 44);
			bench.simulator.order({ fault: 'body', operation: 'list', body: rest });
			bench.simulator.order({ fault: 'body', operation: 'list', body: body([], 44), times: Infinity });
			const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}], going);
			expect(itemsOf(result)).toMatchObject([
				{ error: expect.stringContaining('ends after 43, and says itself that it has 45') as unknown },
			]);
		});

		test('also where the editor searches in it', async () => {
			pages(listed, listed);
			const searching = async (filter?: string) =>
				await bench.engine.listSearch(nodeTypes.mailPartner, 'searchSubaccounts', {
					credentials: credentialsFor(bench.simulator),
					filter,
				});
			await expect(searching('u@example.com')).rejects.toThrow(
				/^The sub-accounts could not be listed: .*ends after 20, and says itself that it has 45/,
			);
		});

		test('one that is longer than its total is read to its end', async () => {
			for (const total of [5, '21', -1]) {
				bench.simulator.reset();
				const page = (data: unknown[]) =>
					JSON.stringify({ success: 'true', code: '200', total, nb_per_page: 20, data });
				const further = Array.from({ length: 20 }, (_, place) => ({ ...listed[0], token: `u${place}` }));
				for (const data of [listed, further, [{ ...listed[0], token: 'v' }]])
					bench.simulator.order({ fault: 'body', operation: 'list', body: page(data) });
				const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}]);
				expect(itemsOf(result)).toHaveLength(41);
			}
		});

		test('one whose pages have fewer than they say is read to its end', async () => {
			opened(...Array.from({ length: 5 }, (_, place) => ({ token: `v${place}` })));
			for (let page = 0; page < 5; page++) {
				const some = listed.slice(page * 4, page * 4 + 4);
				bench.simulator.order({ fault: 'body', operation: 'list', body: body(some, 20) });
			}
			const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}]);
			expect(itemsOf(result).map(({ token }) => token)).toEqual(listed.map(({ token }) => token));
		});
	});

	test('an id beyond 2^53 keeps its digits', async () => {
		const body =
			'{"success":true,"code":200,"total":1,"data":[{"id":9007199254740993,"token":"owl","credits":{"balance":"1.000"}}]}';
		bench.simulator.order({ fault: 'body', operation: 'list', body });
		const parameters = getAll({ returnAll: true, options: { includeRawReply: true } });
		const result = await bench.run('mailPartner', parameters, [{}]);
		expect(itemsOf(result)).toMatchObject([{ id: '9007199254740993', raw: { id: '9007199254740993' } }]);
	});

	test('for each item', async () => {
		opened({ token: 'owl' }, { token: 'roo' });
		const result = await bench.run('mailPartner', getAll({ limit: '={{ $json.limit }}' }), [
			{ limit: 1 },
			{ limit: 2 },
		]);
		expect(itemsOf(result).map(({ token }) => token)).toEqual(['owl', 'owl', 'roo']);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 1 }]);
	});

	describe('of which some can’t be used', () => {
		const credits = { balance: '1.500', currency: 'EUR' };
		const data = [
			{ id: 1, email: 'owl@wood.fr', token: 'owl', apiKey: 'secret-owl', credits },
			{ id: 2, email: 'roo@wood.fr', apiKey: 'secret-roo', credits },
			{ id: 3, email: 'tigger@wood.fr', token: 'tigger', credits: { balance: '1 234,56' } },
			{ id: 4, email: 'kanga@wood.fr', token: 'kanga', credits },
		];
		const body = JSON.stringify({ success: true, code: 200, total: 4, data });
		const listed = (times = 1) => bench.simulator.order({ fault: 'body', operation: 'list', body, times });

		test('the others come out, and a hint names them', async () => {
			listed();
			const result = await bench.run('mailPartner', accounts('getAll', { returnAll: true }), [{}, {}]);
			expect(itemsOf(result).map(({ token }) => token)).toEqual(['owl', 'kanga', 'owl', 'kanga']);
			expect(result.hints).toEqual([
				{
					message:
						'Left out of the list of sub-accounts, which doesn’t give all that is needed of them: id 2, roo@wood.fr (no usable token); id 3, tigger@wood.fr, token tigger (no usable balance)',
					type: 'warning',
					location: 'outputPane',
				},
			]);
			expect(JSON.stringify(result.hints)).not.toContain('secret');
		});

		test('no hint where all can be used', async () => {
			fortyFive();
			const result = await bench.run('mailPartner', accounts('getAll', { returnAll: true }), [{}]);
			expect(result.hints).toEqual([]);
		});

		test('of many, ten are named', async () => {
			const many = Array.from({ length: 12 }, (_, id) => ({ id, credits }));
			const page = JSON.stringify({ success: true, code: 200, total: 13, data: [...many, {}] });
			bench.simulator.order({ fault: 'body', operation: 'list', body: page });
			const result = await bench.run('mailPartner', accounts('getAll', { returnAll: true }), [{}]);
			expect(itemsOf(result)).toEqual([]);
			expect(result.hints[0]!.message).toMatch(/id 9 \(no usable token\); and 3 more$/);
		});

		test('the others can be found, and topped up', async () => {
			opened({ token: 'owl' }, { token: 'kanga' });
			listed();
			const items = ['owl@wood.fr', 'roo@wood.fr', 'tigger@wood.fr', 'KANGA@wood.fr'].map((email) => ({
				email,
			}));
			const found = await bench.run('mailPartner', accounts('get', by('email')), items, going);
			expect(itemsOf(found)).toMatchObject([
				{ token: 'owl' },
				{ error: expect.stringContaining('gives no usable token for it') as string },
				{ error: expect.stringContaining('gives no usable balance for it') as string },
				{ token: 'kanga' },
			]);
			listed();
			const parameters = credit('topUp', { ...by('email'), minimumBalance: 5, amount: 10 });
			const moved = await bench.run('mailPartner', parameters, items, going);
			expect(itemsOf(moved)).toMatchObject([
				{ token: 'owl', toppedUp: true, balanceBefore: 1.5 },
				{ details: { outcome: 'invalid' } },
				{ details: { outcome: 'invalid' } },
				{ token: 'kanga', toppedUp: true, balanceBefore: 1.5 },
			]);
			expect(bench.simulator.mailPartner.books.transfers).toEqual(
				['owl', 'kanga'].map((token) => ({ kind: 'add', token, amount: 10 })),
			);
		});

		test('credit can be added to one with a token and no balance', async () => {
			opened({ token: 'tigger' });
			listed();
			const parameters = credit('add', { ...by('email', 'tigger@wood.fr'), amount: 10 });
			expect(itemsOf(await bench.run('mailPartner', parameters, [{}]))).toMatchObject([{ token: 'tigger' }]);
		});

		test('the list of the resource locator shows the others', async () => {
			listed();
			const { results } = await bench.engine.listSearch(nodeTypes.mailPartner, 'searchSubaccounts', {
				credentials: credentialsFor(bench.simulator),
			});
			expect(results.map(({ value }) => value)).toEqual(['owl', 'kanga']);
		});
	});

	test('with their keys where the person asks for them', async () => {
		const made = opened({ token: 'owl' }, { token: 'roo' });
		const result = await bench.run('mailPartner', getAll({ options: { includeApiKeys: true } }), [{}]);
		expect(itemsOf(result)).toEqual(made.map((one) => ({ ...shown(one), apiKey: one.apiKey })));
	});

	test('of an account that has none', async () => {
		const result = await bench.run('mailPartner', getAll(), [{}]);
		expect(itemsOf(result)).toEqual([]);
		expect(result.status).toBe('success');
	});

	test.each(['{}', 'null', '""'])('of an account that has none, written as %s', async (data) => {
		const written = (total: number) => {
			const body = `{"success":true,"code":200,"total":${total},"data":${data}}`;
			bench.simulator.reset();
			bench.simulator.order({ fault: 'body', operation: 'list', body, times: Infinity });
		};
		written(0);
		const none = await bench.run('mailPartner', getAll(), [{}, {}]);
		expect(itemsOf(none)).toEqual([]);
		written(1);
		const one = await bench.run('mailPartner', getAll(), [{}]);
		expect(one.error?.message).toContain('no list of sub-accounts');
	});

	test('a limit that is none', async () => {
		const result = await bench.run('mailPartner', getAll({ limit: -1 }), [{}]);
		expect(result.error?.message).toContain('“Limit” must be at least 1');
		expect(bench.simulator.requests).toEqual([]);
	});

	test('a list without a total ends with a page that is not full', async () => {
		const entry = (token: string) => ({ token, credits: { balance: '0.100' } });
		const page = (entries: IDataObject[]) => JSON.stringify({ success: true, code: 200, data: entries });
		const full = Array.from({ length: 20 }, (_, place) => entry(`a${place}`));
		bench.simulator.order({ fault: 'body', body: page(full) });
		bench.simulator.order({ fault: 'body', body: page([entry('b')]) });
		const result = await bench.run('mailPartner', getAll({ returnAll: true }), [{}]);
		expect(itemsOf(result)).toHaveLength(21);
		expect(itemsOf(result)[20]).toEqual({
			id: null,
			email: null,
			type: null,
			token: 'b',
			balance: 0.1,
			currency: 'EUR',
			createdAt: null,
		});
	});
});

describe('credit.getBalance', () => {
	test('reads once for every item', async () => {
		const result = await bench.run('mailPartner', credit('getBalance'), [{}, {}]);
		const item = {
			username: 'parent@example.com',
			balance: 2931,
			emailCredits: 269082,
			currency: 'EUR',
		};
		expect(itemsOf(result)).toEqual([item, item]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual(['GET /me', 'GET /me']);
	});
});

describe.each(['add', 'remove'] as const)('credit.%s', (operation) => {
	const move = (mode: string, value?: string) =>
		credit(operation, { ...by(mode, value), amount: '={{ $json.amount }}' });
	const sign = operation === 'add' ? 1 : -1;

	test('moves credit, at the address of its own', async () => {
		const { books } = bench.simulator.mailPartner;
		opened({ token: 'owl', balance: 50 }, { token: 'roo', balance: 20 });
		const result = await bench.run('mailPartner', move('token'), [
			{ token: 'owl', amount: 10 },
			{ token: 'roo', amount: 0.5 },
		]);
		expect(itemsOf(result)).toEqual([
			{
				token: 'owl',
				amount: 10,
				accountBalance: 2931 - sign * 10,
				subaccountBalance: 50 + sign * 10,
				currency: 'EUR',
			},
			{
				token: 'roo',
				amount: 0.5,
				accountBalance: 2931 - sign * 10.5,
				subaccountBalance: 20 + sign * 0.5,
				currency: 'EUR',
			},
		]);
		expect(pairs(result)).toEqual(paired);
		expect(bench.simulator.requests.map(({ method, path, json }) => [method, path, json])).toEqual([
			['POST', `/subaccount/credit/${operation}`, { apiKey, credit: '10', tokenSubaccount: 'owl' }],
			['POST', `/subaccount/credit/${operation}`, { apiKey, credit: '0.5', tokenSubaccount: 'roo' }],
		]);
		expect(books.transfers).toEqual([
			{ kind: operation, token: 'owl', amount: 10 },
			{ kind: operation, token: 'roo', amount: 0.5 },
		]);
	});

	test('finds sub-accounts picked from the list or named by email, reading each page once', async () => {
		const made = fortyFive();
		Object.assign(made[30]!, { balance: 100 });
		Object.assign(made[3]!, { balance: 100 });
		const items = [
			{ amount: 1, email: 'User30@wood.fr' },
			{ amount: 2, email: 'user3@wood.fr' },
		];
		const result = await bench.run('mailPartner', move('email'), items);
		expect(itemsOf(result)).toMatchObject([
			{ token: made[30]!.token, amount: 1 },
			{ token: made[3]!.token, amount: 2 },
		]);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /subaccount/list?page=1',
			'GET /subaccount/list?page=2',
			`POST /subaccount/credit/${operation}`,
			`POST /subaccount/credit/${operation}`,
		]);

		const picked = await bench.run('mailPartner', move('list', made[3]!.token), [{ amount: 3 }]);
		expect(itemsOf(picked)).toMatchObject([{ token: made[3]!.token, amount: 3 }]);
	});

	test('an email that nobody has stops the node before any credit moves', async () => {
		opened({ email: 'owl@wood.fr', balance: 50 });
		const items = [
			{ amount: 1, email: 'owl@wood.fr' },
			{ amount: 2, email: 'nobody@wood.fr' },
		];
		const stopped = await bench.run('mailPartner', move('email'), items);
		expect(stopped.error?.message).toBe(
			'“Subaccount” was not found: no sub-account has the email nobody@wood.fr [item 1]. Nothing was sent.',
		);
		expect(bench.simulator.mailPartner.books.transfers).toEqual([]);

		const went = await bench.run('mailPartner', move('email'), items, going);
		expect(itemsOf(went)).toMatchObject([
			{ amount: 1 },
			{
				error: expect.stringContaining('was not found') as string,
				details: {
					outcome: 'invalid',
					provider: 'MailPartner',
					operation: `credit.${operation}`,
					affects: 'item',
				},
			},
		]);
		expect(bench.simulator.mailPartner.books.transfers).toHaveLength(1);
	});

	test('an amount that was computed has no traces of it', async () => {
		opened({ token: 'owl', balance: 50 });
		const result = await bench.run('mailPartner', move('token', 'owl'), [{ amount: 0.1 + 0.2 }]);
		expect(itemsOf(result)).toMatchObject([{ amount: 0.3 }]);
		expect(bench.simulator.requests[0]!.json).toMatchObject({ credit: '0.3' });
	});

	test('is made again after a 429 that speaks of no success', async () => {
		opened({ token: 'owl', balance: 50 });
		bench.simulator.order({ fault: 'status429', operation, retryAfter: 0 });
		const result = await bench.run('mailPartner', move('token'), [{ token: 'owl', amount: 1 }]);
		expect(itemsOf(result)).toMatchObject([{ token: 'owl', amount: 1 }]);
		expect(bench.sent(operation)).toHaveLength(2);
	});

	test('goes down to a thousandth of a euro', async () => {
		opened({ token: 'owl', balance: 50 });
		const items = [0.008, 0.001].map((amount) => ({ token: 'owl', amount }));
		const result = await bench.run('mailPartner', move('token'), items);
		expect(itemsOf(result)).toMatchObject(items);
		expect(bench.sent(operation).map(({ json }) => (json as { credit: string }).credit)).toEqual([
			'0.008',
			'0.001',
		]);
	});
});

test('a reply is worked with as it came, also where a part of it reads like a secret', async () => {
	const [owl, roo] = opened(
		{ token: `${apiKey}owl`, email: 'owl@wood.fr', balance: 0 },
		{ token: 'roo', email: 'roo@wood.fr', balance: 0 },
	);
	const byEmail = credit('add', { ...by('email'), amount: 5 });
	const items = [{ email: owl!.email }, { email: roo!.email }];
	const moved = await bench.run('mailPartner', byEmail, items);
	expect(moved.error).toBeUndefined();
	expect(bench.simulator.mailPartner.books.transfers.map(({ token }) => token)).toEqual([owl!.token, 'roo']);
	// What is only shown is masked.
	const list = await bench.run('mailPartner', accounts('getAll', { returnAll: true }), [{}]);
	expect(itemsOf(list).map(({ token }) => token)).toEqual(['***owl', 'roo']);
});

describe('credit.topUp', () => {
	const topUp = (more = {}) => credit('topUp', { ...by('token'), minimumBalance: 30, amount: 10, ...more });

	test('compares in thousandths of a euro', async () => {
		const body = JSON.stringify({
			success: true,
			code: 200,
			total: 2,
			data: [
				{ token: 'owl', credits: { balance: '29.9999999' } },
				{ token: 'roo', credits: { balance: '29.999' } },
			],
		});
		bench.simulator.order({ fault: 'body', operation: 'list', body });
		const result = await bench.run('mailPartner', topUp({ dryRun: true }), [
			{ token: 'owl' },
			{ token: 'roo' },
		]);
		expect(itemsOf(result)).toMatchObject([{ cost: 0, request: null }, { cost: 10 }]);
	});

	test('moves credit once where the balance is below the minimum', async () => {
		opened({ token: 'owl', balance: 29.99 }, { token: 'roo', balance: 30 });
		const items = [{ token: 'owl' }, { token: 'roo' }, { token: 'owl' }];
		const result = await bench.run('mailPartner', topUp(), items);
		expect(itemsOf(result)).toEqual([
			{
				token: 'owl',
				toppedUp: true,
				balanceBefore: 29.99,
				balanceAfter: 39.99,
				amount: 10,
				accountBalance: 2921,
				currency: 'EUR',
			},
			{
				token: 'roo',
				toppedUp: false,
				balanceBefore: 30,
				balanceAfter: 30,
				amount: 0,
				accountBalance: null,
				currency: 'EUR',
			},
			{
				token: 'owl',
				toppedUp: false,
				balanceBefore: 39.99,
				balanceAfter: 39.99,
				amount: 0,
				accountBalance: null,
				currency: 'EUR',
			},
		]);
		expect(pairs(result)).toEqual([...paired, { item: 2 }]);
		expect(bench.simulator.mailPartner.books.transfers).toEqual([{ kind: 'add', token: 'owl', amount: 10 }]);
	});

	test.each([
		['email', 'owl@wood.fr'],
		['list', 'owl'],
	])('by %s', async (mode, value) => {
		opened({ token: 'owl', email: 'owl@wood.fr', balance: 5 });
		const result = await bench.run('mailPartner', topUp(by(mode, value)), [{}]);
		expect(itemsOf(result)).toMatchObject([{ token: 'owl', toppedUp: true, balanceAfter: 15 }]);
	});

	test('shows what was read, though another item has read it', async () => {
		opened({ token: 'owl', balance: 50 }, { token: 'roo', balance: 60 });
		const result = await bench.run('mailPartner', topUp({ options: { includeRawReply: true } }), [
			{ token: 'owl' },
			{ token: 'roo' },
		]);
		expect(bench.sent('list')).toHaveLength(1);
		expect(itemsOf(result)).toMatchObject(
			[0, 1].map(() => ({
				toppedUp: false,
				raw: { success: true, data: [{ token: 'owl' }, { token: 'roo' }] },
			})),
		);
	});

	test('of a token that nobody has', async () => {
		const result = await bench.run('mailPartner', topUp(), [{ token: 'nobody' }]);
		expect(result.error?.message).toContain('no sub-account has the token nobody');
	});
});

describe('the list of the resource locator', () => {
	const search = async (filter?: string, paginationToken?: string) =>
		await bench.engine.listSearch(nodeTypes.mailPartner, 'searchSubaccounts', {
			credentials: credentialsFor(bench.simulator),
			filter,
			paginationToken,
		});

	test('shows a page at a time', async () => {
		const made = fortyFive();
		const first = await search();
		expect(first.results).toHaveLength(20);
		expect(first.results[1]).toEqual({ name: 'user1@wood.fr (0.1 EUR)', value: made[1]!.token });
		const second = await search(undefined, first.paginationToken);
		const third = await search(undefined, second.paginationToken);
		expect([second, third].map(({ results }) => results.length)).toEqual([20, 5]);
		expect(third.paginationToken).toBeUndefined();
		expect([first, second, third].flatMap(({ results }) => results.map(({ value }) => value))).toEqual(
			made.map(({ token }) => token),
		);
	});

	test('finds what the person types, on whatever page it is', async () => {
		const made = fortyFive();
		expect(await search('USER42@')).toEqual({
			results: [{ name: 'user42@wood.fr (4.2 EUR)', value: made[42]!.token }],
		});
		expect((await search(made[30]!.token)).results).toMatchObject([{ value: made[30]!.token }]);
		const many = await search('user1');
		expect(many.results.map(({ name }) => name.split('@')[0])).toEqual([
			'user1',
			...Array.from({ length: 10 }, (_, place) => `user1${place}`),
		]);
		expect(many.paginationToken).toBeUndefined();
		expect(await search('nobody')).toEqual({ results: [] });
	});

	test('ends where the page stays the first one, which is full', async () => {
		const credits = { balance: '1.500', currency: 'EUR' };
		const data = Array.from({ length: 20 }, (_, place) => ({ token: `t${place}`, credits }));
		const body = JSON.stringify({ success: true, code: 200, data });
		bench.simulator.order({ fault: 'body', operation: 'list', body, times: 5 });
		expect(await search('nobody')).toEqual({ results: [] });
		expect(bench.simulator.requests).toHaveLength(2);
	});

	test('calls a sub-account without an email by its id or token', async () => {
		const credits = { balance: '1.500', currency: 'EUR' };
		const data = [
			{ id: 7, token: 'owl', credits },
			{ token: 'roo', credits },
		];
		bench.simulator.order({ fault: 'body', body: JSON.stringify({ success: true, code: 200, data }) });
		expect(await search()).toEqual({
			results: [
				{ name: '7 (1.5 EUR)', value: 'owl' },
				{ name: 'roo (1.5 EUR)', value: 'roo' },
			],
		});
	});

	test('says why it can’t be shown, without the key', async () => {
		bench.simulator.order({ fault: 'refusalIn200', text: `La clé ${apiKey} est bloquée`, code: 30 });
		await expect(search()).rejects.toThrow(/^The sub-accounts could not be listed: (?!.*5f0c7be2).*\*\*\*/);
		bench.simulator.order({ fault: 'htmlPage', operation: 'list' });
		await expect(search()).rejects.toThrow(/web page/);
		bench.simulator.order({ fault: 'resetBefore', operation: 'list' });
		await expect(search()).rejects.toThrow(/connection broke/);
	});

	test('goes nowhere with a wrong address', async () => {
		const credentials = credentialsFor(bench.simulator);
		credentials.mailPartnerApi!.baseUrl = 'http://mailpartner.example.com/v1';
		await expect(
			bench.engine.listSearch(nodeTypes.mailPartner, 'searchSubaccounts', { credentials }),
		).rejects.toThrow(/is not https/);
	});
});
