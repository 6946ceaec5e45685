import type { IDataObject } from 'n8n-workflow';
import { credentialsFor } from '../scenes';
import { cards, type Keyword, type Pair } from '../simulator';
import { formsOf, going, itemsOf, outcomesOf, lines, openBenches, pairs } from '../harness';

const { bench, it: test } = openBenches();
const keyword = (operation: string, more = {}) => ({
	resource: 'keyword',
	operation,
	keyword: '={{ $json.keyword }}',
	...more,
});
const credit = (operation: string, more = {}) => ({ resource: 'credit', operation, ...more });

const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };
const ownCard = { paymentMethod: 'card' };

const login: Pair[] = [
	['User', 'winnie'],
	['Password', 'the-pooh&2+2=4%'],
];
const cardFields: Pair[] = [
	['FirstName', 'Winnie'],
	['LastName', 'The Pooh'],
	['Street', '221B Baker St'],
	['City', 'Springfield'],
	['State', 'MO'],
	['Zip', '34567'],
	['Country', 'US'],
	['CreditCardTypeID', 'Visa'],
	['Number', '4111111111111111'],
	['SecurityCode', '739'],
	['ExpirationMonth', '12'],
	['ExpirationYear', '2039'],
];

const paired = [{ item: 0 }, { item: 1 }];

function rented(name: string, more: Partial<Keyword> = {}): void {
	const { books } = bench.simulator.clubTexting;
	books.keywords.set(name, {
		id: books.nextId++,
		keyword: name,
		owner: 'me',
		enableDoubleOptIn: false,
		confirmMessage: 'Reply Y to join',
		joinMessage: 'Welcome',
		forwardEmail: '',
		forwardUrl: '',
		contactGroups: [],
		...more,
	});
}

describe('every request', () => {
	test('asks for JSON in the query; a POST has its log-in in the form alone', async () => {
		await bench.run('clubTexting', keyword('rent', storedCard), [{ keyword: 'honey' }]);
		const [request] = bench.simulator.requests;
		expect(request!.query).toEqual([['format', 'json']]);
		expect(request!.contentType).toBe('application/x-www-form-urlencoded');
		expect(request!.headers).toMatchObject({ accept: 'application/json' });
		expect(request!.headers.authorization).toBeUndefined();
	});

	test('that reads or deletes has its log-in in the query, and no body', async () => {
		rented('honey');
		await bench.run('clubTexting', keyword('cancel'), [{ keyword: 'honey' }]);
		await bench.run('clubTexting', credit('getBalance'), [{}]);
		for (const request of bench.simulator.requests) {
			expect(request.query).toEqual([['format', 'json'], ...login]);
			expect(request.rawBody).toBe('');
		}
	});
});

describe('keyword.checkAvailability', () => {
	test('tells what is free and what is not', async () => {
		rented('acorns', { owner: 'other' });
		const result = await bench.run('clubTexting', keyword('checkAvailability'), [
			{ keyword: 'honey' },
			{ keyword: 'Acorns' },
		]);
		expect(itemsOf(result)).toEqual([
			{ keyword: 'honey', available: true },
			{ keyword: 'Acorns', available: false },
		]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /keywords/new?format=json&Keyword=honey',
			'GET /keywords/new?format=json&Keyword=Acorns',
		]);
	});
});

describe('keyword.rent', () => {
	const fresh = {
		doubleOptIn: false,
		confirmMessage: 'Reply Y to join',
		joinMessage: 'Thank you for joining our list',
		forwardEmail: null,
		forwardUrl: null,
		contactGroups: [],
	};

	test('with a stored card', async () => {
		const items = [{ keyword: 'honey' }, { keyword: 'acorns' }];
		const result = await bench.run('clubTexting', keyword('rent', storedCard), items);
		expect(itemsOf(result)).toEqual([
			{ keywordId: '6419', keyword: 'honey', ...fresh },
			{ keywordId: '6420', keyword: 'acorns', ...fresh },
		]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual([
			'POST /keywords?format=json',
			'POST /keywords?format=json',
		]);
		expect(formsOf(bench.simulator.requests)).toEqual([
			[...login, ['Keyword', 'honey'], ['StoredCreditCard', '1111']],
			[...login, ['Keyword', 'acorns'], ['StoredCreditCard', '1111']],
		]);
	});

	test('with the card of the credential', async () => {
		const result = await bench.run('clubTexting', keyword('rent', ownCard), [{ keyword: 'honey' }]);
		expect(itemsOf(result)).toEqual([{ keywordId: '6419', keyword: 'honey', ...fresh }]);
		expect(formsOf(bench.simulator.requests)).toEqual([[...login, ['Keyword', 'honey'], ...cardFields]]);
	});

	test('a stored card needs no card credential, and the card of the credential does', async () => {
		const credentials = credentialsFor(bench.simulator);
		delete credentials.paymentCardApi;
		const items = [{ keyword: 'honey' }];
		expect(
			itemsOf(await bench.run('clubTexting', keyword('rent', storedCard), items, { credentials })),
		).toHaveLength(1);

		const before = bench.simulator.requests.length;
		const without = await bench.run('clubTexting', keyword('rent', ownCard), items, { credentials });
		expect(without.error?.message).toMatch(/credential/i);
		expect(bench.simulator.requests).toHaveLength(before);
	});
});

describe('keywords with every sign that the page does not forbid', () => {
	const names = ['honey_2', 'honey,milk', 'say"honey', 'café', 'cafe\u0301s', 'мёд', '蜂蜜', 'bear’s', '🐝'];

	test('are looked up, rented and given up', async () => {
		const items = names.map((name) => ({ keyword: name }));
		const composed = names.map((name) => name.normalize('NFC'));
		const rent = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };
		for (const [operation, expected] of [
			['checkAvailability', { available: true }],
			['rent', { keywordId: expect.any(String) as string }],
			['cancel', { deleted: true }],
		] as const) {
			const result = await bench.run(
				'clubTexting',
				keyword(operation, operation === 'rent' ? rent : {}),
				items,
			);
			expect(itemsOf(result)).toMatchObject(composed.map((name) => ({ keyword: name, ...expected })));
		}
		expect([...bench.simulator.clubTexting.books.keywords.keys()]).toEqual([]);
	});
});

describe('keyword.setUp clears', () => {
	const setUp = (options: IDataObject) =>
		keyword('setUp', { joinMessage: 'Hi', options: { ...options } as never });
	const everything = ['confirmMessage', 'contactGroups', 'forwardEmail', 'forwardUrl'];
	const items = [{ keyword: 'honey' }, { keyword: 'milk' }];
	const rentBoth = () => {
		const { books } = bench.simulator.clubTexting;
		for (const { keyword: name } of items) {
			books.keywords.set(name, {
				id: books.nextId++,
				keyword: name,
				owner: 'me',
				enableDoubleOptIn: true,
				confirmMessage: 'Reply Y',
				joinMessage: 'Welcome',
				forwardEmail: 'honey@example.com',
				forwardUrl: 'https://example.com/honey',
				contactGroups: ['honey lovers'],
			});
		}
		return books.keywords;
	};

	test('what is named, and nothing else', async () => {
		const keywords = rentBoth();
		const result = await bench.run('clubTexting', setUp({ clear: ['forwardUrl'], forwardUrl: '' }), items);
		expect(itemsOf(result)).toMatchObject(
			items.map(() => ({ forwardUrl: null, forwardEmail: 'honey@example.com', confirmMessage: 'Reply Y' })),
		);
		expect(formsOf(bench.sent('setUp'))[0]).toEqual([
			['User', 'winnie'],
			['Password', 'the-pooh&2+2=4%'],
			['JoinMessage', 'Hi'],
			['ForwardUrl', ''],
		]);
		expect(keywords.get('milk')).toMatchObject({ forwardUrl: '', contactGroups: ['honey lovers'] });
	});

	test('all of it, beside a value for something else', async () => {
		rentBoth();
		const result = await bench.run(
			'clubTexting',
			setUp({ clear: everything, enableDoubleOptIn: false }),
			items,
		);
		const cleared = { confirmMessage: null, forwardEmail: null, forwardUrl: null, contactGroups: [] };
		expect(itemsOf(result)).toMatchObject(items.map(() => ({ ...cleared, doubleOptIn: false })));
		expect(formsOf(bench.sent('setUp'))[1]!.slice(2)).toEqual([
			['EnableDoubleOptIn', '0'],
			['JoinMessage', 'Hi'],
			['ConfirmMessage', ''],
			['ContactGroupIDs[]', ''],
			['ForwardEmail', ''],
			['ForwardUrl', ''],
		]);
	});

	test('or says that it is unclear where the reply still has a value', async () => {
		rentBoth();
		const entry = { ID: 7, Keyword: 'honey', ForwardUrl: 'https://example.com/honey', ForwardEmail: '' };
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry: entry } });
		bench.simulator.order({ fault: 'body', body, status: 200, operation: 'setUp', processed: true });
		const result = await bench.run(
			'clubTexting',
			setUp({ clear: ['forwardUrl', 'forwardEmail'] }),
			items,
			going,
		);
		expect(itemsOf(result)).toMatchObject([
			{
				error: expect.stringContaining('the reply still has a value for forwardUrl') as string,
				details: { outcome: 'unknown' },
			},
			{ forwardUrl: null },
		]);
	});

	test.each([
		[{ clear: ['forwardUrl'], forwardUrl: 'https://example.com/' }, '“Clear” is to empty Forward URL'],
		[{ clear: ['contactGroups'], contactGroups: ['a'] }, '“Clear” is to empty Contact Groups'],
		[{ clear: ['joinMessage'] }, '“Clear” can’t empty "joinMessage"'],
		[{ clear: ['toString'] }, '“Clear” can’t empty "toString"'],
		[{ clear: '={{ $json.nothing }}' }, '“Clear” is filled in by an expression, but is empty'],
		[{ clear: [] }, '“Clear” is empty'],
		// Left out of the request, it would stay as it was, and the item would say success.
		[{ forwardUrl: '' }, '“Forward URL” is empty, which would leave the setting as it is'],
		[{ forwardEmail: ' ' }, '“Forward Email” is empty'],
		[{ confirmMessage: '\u200B' }, '“Confirm Message” is empty'],
		[{ contactGroups: [] }, '“Contact Groups” is empty'],
		[{ contactGroups: '={{ [] }}', clear: ['forwardUrl'] }, '“Contact Groups” is empty'],
	])('nothing for %j', async (options, message) => {
		rentBoth();
		const result = await bench.run('clubTexting', setUp(options), items, going);
		expect(itemsOf(result)).toMatchObject(
			items.map(() => ({
				error: expect.stringContaining(message) as string,
				details: { outcome: 'invalid' },
			})),
		);
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('keyword.setUp', () => {
	const setUp = (more = {}) => keyword('setUp', { joinMessage: '={{ $json.join }}', ...more });

	test('says so where the answer does not show what was asked for', async () => {
		const words = ['honey', 'acorns'].map((word) => ({ keyword: word, join: `Hi, ${word}` }));
		for (const { keyword: word } of words) rented(word);
		const Entry = {
			ID: 1,
			Keyword: 'HONEY',
			JoinMessage: 'Hi,  honey ',
			ForwardUrl: 'http://old',
			ForwardEmail: '',
		};
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry } });
		bench.simulator.order({ fault: 'body', body, status: 200, operation: 'setUp', processed: true });
		const options = { forwardUrl: 'http://new', forwardEmail: 'owl@wood.fr' };
		const result = await bench.run('clubTexting', setUp({ options }), words);
		expect(itemsOf(result)).toMatchObject([
			{ keyword: 'HONEY', forwardUrl: 'http://old', forwardEmail: null },
			{ keyword: 'acorns', ...options },
		]);
		expect(result.hints.map(({ message }) => message)).toEqual([
			expect.stringContaining(
				'not show these settings of a keyword as they were asked for: forwardEmail, forwardUrl.',
			),
		]);
	});

	test('sends what is given, and shows the settings', async () => {
		rented('honey');
		rented('acorns');
		const items = [
			{ keyword: 'honey', join: 'To make honey & eat it.' },
			{ keyword: 'acorns', join: 'For Piglet' },
		];
		const options = {
			enableDoubleOptIn: '={{ $json.keyword === "honey" }}',
			confirmMessage: 'Reply Y',
			forwardEmail: '={{ $json.keyword }}@bear-alliance.co.uk',
			forwardUrl: 'http://bear-alliance.co.uk/honey-donations/',
			contactGroups: 'Honey Lovers, Neighbors',
		};
		bench.simulator.clubTexting.books.groups.set('Neighbors', []);
		const result = await bench.run('clubTexting', setUp({ options }), items);

		const common = {
			confirmMessage: 'Reply Y',
			forwardUrl: 'http://bear-alliance.co.uk/honey-donations/',
			contactGroups: ['honey lovers', 'Neighbors'],
		};
		expect(itemsOf(result)).toEqual([
			{
				keywordId: '6419',
				keyword: 'honey',
				doubleOptIn: true,
				joinMessage: 'To make honey & eat it.',
				forwardEmail: 'honey@bear-alliance.co.uk',
				...common,
			},
			{
				keywordId: '6420',
				keyword: 'acorns',
				doubleOptIn: false,
				joinMessage: 'For Piglet',
				forwardEmail: 'acorns@bear-alliance.co.uk',
				...common,
			},
		]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.sent('setUp'))).toEqual([
			'POST /keywords/honey?format=json',
			'POST /keywords/acorns?format=json',
		]);
		expect(bench.sent('getGroups')).toHaveLength(1);
		const tail = [
			['ForwardUrl', 'http://bear-alliance.co.uk/honey-donations/'],
			['ContactGroupIDs[]', 'honey lovers'],
			['ContactGroupIDs[]', 'Neighbors'],
		];
		expect(formsOf(bench.sent('setUp'))).toEqual([
			[
				...login,
				['EnableDoubleOptIn', '1'],
				['ConfirmMessage', 'Reply Y'],
				['JoinMessage', 'To make honey & eat it.'],
				['ForwardEmail', 'honey@bear-alliance.co.uk'],
				...tail,
			],
			[
				...login,
				['EnableDoubleOptIn', '0'],
				['ConfirmMessage', 'Reply Y'],
				['JoinMessage', 'For Piglet'],
				['ForwardEmail', 'acorns@bear-alliance.co.uk'],
				...tail,
			],
		]);
	});

	test('leaves out what is not given: the settings stay as they are', async () => {
		rented('honey', { enableDoubleOptIn: true, contactGroups: ['Friends'] });
		const result = await bench.run('clubTexting', setUp(), [{ keyword: 'honey', join: 'Hi' }]);
		expect(formsOf(bench.simulator.requests)).toEqual([[...login, ['JoinMessage', 'Hi']]]);
		expect(itemsOf(result)).toEqual([
			{
				keywordId: '6419',
				keyword: 'honey',
				doubleOptIn: true,
				confirmMessage: 'Reply Y to join',
				joinMessage: 'Hi',
				forwardEmail: null,
				forwardUrl: null,
				contactGroups: ['Friends'],
			},
		]);
	});

	test('takes groups as a list from an expression', async () => {
		rented('honey');
		for (const group of ['Friends, old', 'Family']) bench.simulator.clubTexting.books.groups.set(group, []);
		const options = { contactGroups: '={{ $json.groups }}' };
		await bench.run('clubTexting', setUp({ options }), [
			{ keyword: 'honey', join: 'Hi', groups: ['Friends, old', 'Family'] },
		]);
		expect(formsOf(bench.sent('setUp'))).toEqual([
			[
				...login,
				['JoinMessage', 'Hi'],
				['ContactGroupIDs[]', 'Friends, old'],
				['ContactGroupIDs[]', 'Family'],
			],
		]);
	});

	test('with a group that the account does not have is invalid, and nothing is changed', async () => {
		for (const keyword of ['honey', 'acorns']) rented(keyword);
		const options = { contactGroups: '={{ $json.groups }}' };
		const result = await bench.run('clubTexting', setUp({ options }), [
			{ keyword: 'honey', join: 'Hi', groups: 'honey lovers' },
			{ keyword: 'acorns', join: 'Hi', groups: ['Bees'] },
		]);
		expect(result.error?.message).toContain(
			'“Contact Groups” names a group that the account does not have: "Bees"',
		);
		expect(bench.sent('setUp')).toEqual([]);
	});
});

describe('keyword.cancel', () => {
	test('gives keywords up', async () => {
		rented('honey');
		rented('acorns');
		const result = await bench.run('clubTexting', keyword('cancel'), [
			{ keyword: 'honey' },
			{ keyword: 'acorns' },
		]);
		expect(itemsOf(result)).toEqual([
			{ keyword: 'honey', deleted: true },
			{ keyword: 'acorns', deleted: true },
		]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual([
			'DELETE /keywords/honey?format=json',
			'DELETE /keywords/acorns?format=json',
		]);
		expect(bench.simulator.clubTexting.books.keywords.size).toBe(0);
	});
});

describe('credit.getBalance', () => {
	test('reads once for every item', async () => {
		const result = await bench.run('clubTexting', credit('getBalance'), [{}, {}]);
		const item = { planCredits: 500, anytimeCredits: 200_000, totalCredits: 200_500 };
		expect(itemsOf(result)).toEqual([item, item]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /billing/credits/get?format=json',
			'GET /billing/credits/get?format=json',
		]);
	});
});

describe('credit.buy', () => {
	const buy = (more = {}) => credit('buy', { numberOfCredits: '={{ $json.credits }}', ...more });

	test('charges for each item', async () => {
		const result = await bench.run('clubTexting', buy(storedCard), [{ credits: 1000 }, { credits: 200 }]);
		expect(itemsOf(result)).toEqual([
			{
				boughtCredits: 1000,
				amount: 10,
				discount: 0,
				planCredits: 500,
				anytimeCredits: 201_000,
				totalCredits: 201_500,
			},
			{
				boughtCredits: 200,
				amount: 2,
				discount: 0,
				planCredits: 500,
				anytimeCredits: 201_200,
				totalCredits: 201_700,
			},
		]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual([
			'POST /billing/credits?format=json',
			'POST /billing/credits?format=json',
		]);
		expect(formsOf(bench.simulator.requests)).toEqual([
			[...login, ['NumberOfCredits', '1000'], ['StoredCreditCard', '1111']],
			[...login, ['NumberOfCredits', '200'], ['StoredCreditCard', '1111']],
		]);
	});

	test('takes a coupon', async () => {
		const parameters = buy({ ...storedCard, options: { couponCode: ' HONEY ' } });
		const result = await bench.run('clubTexting', parameters, [{ credits: 1000 }]);
		expect(itemsOf(result)).toMatchObject([{ boughtCredits: 1000, amount: 9.45, discount: 0.55 }]);
		expect(formsOf(bench.simulator.requests)).toEqual([
			[...login, ['NumberOfCredits', '1000'], ['CouponCode', 'HONEY'], ['StoredCreditCard', '1111']],
		]);
	});

	test.each(Object.values(cards))('takes a $cardType card', async (card) => {
		const credentials = { ...credentialsFor(bench.simulator), paymentCardApi: { ...card } };
		const result = await bench.run('clubTexting', buy(ownCard), [{ credits: 100 }], { credentials });
		expect(itemsOf(result)).toMatchObject([{ boughtCredits: 100, amount: 1 }]);
		expect(bench.simulator.clubTexting.books.charges).toMatchObject([
			{ cardEnding: card.number.slice(-4), for: 'credits' },
		]);
		const name = { visa: 'Visa', masterCard: 'MasterCard', amex: 'Amex', discover: 'Discover' }[
			card.cardType
		];
		expect(bench.sent('buy')[0]!.form).toContainEqual(['CreditCardTypeID', name]);
	});

	test.each(['expired', 'missing'])(
		'a card that is %s fails those that pay by it, and no other',
		async (how) => {
			const credentials = credentialsFor(bench.simulator);
			if (how === 'missing') delete credentials.paymentCardApi;
			else credentials.paymentCardApi!.expirationYear = '2020';
			const parameters = buy({ ...storedCard, paymentMethod: '={{ $json.by }}' });
			const items = ['card', 'storedCard', 'card', 'storedCard'].map((by) => ({ by, credits: 100 }));
			const onError = 'continueRegularOutput';
			const result = await bench.run('clubTexting', parameters, items, { credentials, onError });
			expect(outcomesOf(result)).toEqual(['invalid', 'success', 'invalid', 'success']);
			expect(bench.simulator.clubTexting.books.charges).toHaveLength(2);
		},
	);

	test('a limit of one credit is told as one credit', async () => {
		const ones = [{ credits: 1 }, { credits: 1 }];
		const over = await bench.run('clubTexting', buy({ ...storedCard, spendingLimit: 1 }), ones);
		expect(over.error?.message).toMatch(/come to 2 credits, and the spending limit is 1 credit \[/);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('keeps to the spending limit, which counts credits', async () => {
		const items = [{ credits: 3000 }, { credits: 2001 }];
		const over = await bench.run('clubTexting', buy(storedCard), items);
		expect(over.error?.message).toContain(
			'the items of this run come to 5001 credits, and the spending limit is 5000 credits',
		);
		expect(bench.simulator.requests).toEqual([]);
		const within = await bench.run('clubTexting', buy({ ...storedCard, spendingLimit: 5001 }), items);
		expect(itemsOf(within)).toHaveLength(2);
	});

	test('a card that is declined is a refusal', async () => {
		bench.simulator.clubTexting.books.declinedCards.add('1111');
		const result = await bench.run('clubTexting', buy(storedCard), [{ credits: 100 }]);
		expect(result.error?.message).toContain('Club Texting refused: Your credit card was declined');
		expect(result.error?.description).toMatch(/Nothing was charged\. Ask the bank.*again and again/);
	});

	test('a refusal of what is bought says nothing of the card', async () => {
		bench.simulator.order({ fault: 'refusalIn200', text: 'CouponCode: There is no such coupon', code: 403 });
		const result = await bench.run(
			'clubTexting',
			buy(storedCard),
			[{ credits: 100 }, { credits: 200 }],
			going,
		);
		expect(itemsOf(result)).toMatchObject([
			{ details: { outcome: 'refused', affects: 'item' } },
			{ boughtCredits: 200 },
		]);
	});
});

describe('credit.topUp', () => {
	const topUp = (more = {}) =>
		credit('topUp', { minimumCredits: '={{ $json.minimum }}', numberOfCredits: 1000, ...more });

	test('buys only below the minimum, and sees what an earlier item bought', async () => {
		const { books } = bench.simulator.clubTexting;
		Object.assign(books, { planCredits: 15, anytimeCredits: 138 });
		const result = await bench.run('clubTexting', topUp(storedCard), [
			{ minimum: 153 },
			{ minimum: 154 },
			{ minimum: 2000 },
			{ minimum: 2000 },
		]);
		expect(itemsOf(result)).toEqual([
			{ toppedUp: false, creditsBefore: 153, creditsAfter: 153, boughtCredits: 0, amount: 0 },
			{ toppedUp: true, creditsBefore: 153, creditsAfter: 1153, boughtCredits: 1000, amount: 10 },
			{ toppedUp: true, creditsBefore: 1153, creditsAfter: 2153, boughtCredits: 1000, amount: 10 },
			{ toppedUp: false, creditsBefore: 2153, creditsAfter: 2153, boughtCredits: 0, amount: 0 },
		]);
		expect(pairs(result)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /billing/credits/get?format=json',
			'GET /billing/credits/get?format=json',
			'POST /billing/credits?format=json',
			'GET /billing/credits/get?format=json',
			'POST /billing/credits?format=json',
			'GET /billing/credits/get?format=json',
		]);
		expect(bench.simulator.requests[2]!.form).toEqual([
			...login,
			['NumberOfCredits', '1000'],
			['StoredCreditCard', '1111'],
		]);
		expect(books.charges).toHaveLength(2);
	});
});

describe('phoneNumber.lookUpCarrier', () => {
	test('cleans the number and shows the carrier', async () => {
		bench.simulator.clubTexting.books.carriers.set('2125550102', 'ROGERSCA');
		const result = await bench.run(
			'clubTexting',
			{ resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: '={{ $json.number }}' },
			[{ number: '+1 (212) 555-0101' }, { number: 2125550102 }],
		);
		expect(itemsOf(result)).toEqual([
			{ phoneNumber: '2125550101', carrier: 'ATTUS' },
			{ phoneNumber: '2125550102', carrier: 'ROGERSCA' },
		]);
		expect(pairs(result)).toEqual(paired);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /sending/phone-numbers/2125550101?format=json',
			'GET /sending/phone-numbers/2125550102?format=json',
		]);
	});

	test('shows an empty carrier as none, and takes a reply without one for no answer', async () => {
		const carriers = ['', null, {}, []];
		for (const CarrierName of [...carriers, undefined]) {
			const Entry = { PhoneNumber: '2125550101', CarrierName };
			const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry } });
			bench.simulator.order({ fault: 'body', body, status: 200, times: CarrierName === undefined ? 3 : 1 });
		}
		const result = await bench.run(
			'clubTexting',
			{ resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: '2125550101' },
			[...carriers, undefined].map(() => ({})),
		);
		expect(result.error?.message).toContain('the reply has no carrier');
		expect(result.error?.message).toContain('4 of 5 items had gone through before it');
	});
});
