import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import type { Fault, Simulator } from './index';
import { cards, mostRequestsWithin, startSimulator, subaccount } from './index';
import { remoteSimulator } from './remote';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});

beforeEach(() => {
	simulator.reset();
});

afterAll(async () => {
	await simulator.close();
});

interface Reply {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	body: string;
}

/** One request on a connection of its own; nothing follows redirects, repeats or interprets. */
async function call(
	method: string,
	url: string,
	options: { body?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const sent = httpRequest(url, { method, agent: false, headers: options.headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					body: Buffer.concat(chunks).toString('utf8'),
				}),
			);
		});
		sent.on('error', reject);
		sent.end(options.body);
	});
}

type Fields = Array<[string, string]>;

function fixture(name: string): string {
	return readFileSync(join(__dirname, '../fixtures', name), 'utf8');
}

function clubTextingLogin(): Fields {
	const { username, password } = simulator.clubTexting.credentials;
	return [
		['User', username],
		['Password', password],
	];
}

async function clubTextingPost(path: string, fields: Fields, format = 'json'): Promise<Reply> {
	return call('POST', `${simulator.clubTexting.baseUrl}${path}?format=${format}`, {
		body: new URLSearchParams([...clubTextingLogin(), ...fields]).toString(),
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
	});
}

async function clubTextingQuery(
	method: 'GET' | 'DELETE',
	path: string,
	fields: Fields = [],
	format = 'json',
): Promise<Reply> {
	const query = new URLSearchParams([...fields, ...clubTextingLogin(), ['format', format]]);
	return call(method, `${simulator.clubTexting.baseUrl}${path}?${query.toString()}`);
}

async function click2MailCall(method: string, path: string, fields?: Fields): Promise<Reply> {
	const { username, password } = simulator.click2mail.credentials;
	const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
	return call(method, `${simulator.click2mail.baseUrl}${path}`, {
		...(fields === undefined ? {} : { body: new URLSearchParams(fields).toString() }),
		headers: {
			Authorization: authorization,
			...(fields === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
		},
	});
}

async function mailPartnerPost(path: string, body: object): Promise<Reply> {
	const apiKey = simulator.mailPartner.credentials.apiKey;
	return call('POST', `${simulator.mailPartner.baseUrl}${path}`, {
		body: JSON.stringify({ apiKey, ...body }),
		headers: { 'Content-Type': 'application/json' },
	});
}

async function mailPartnerGet(path: string, query: Record<string, string> = {}): Promise<Reply> {
	const apiKey = simulator.mailPartner.credentials.apiKey;
	const parameters = new URLSearchParams({ apiKey, ...query });
	return call('GET', `${simulator.mailPartner.baseUrl}${path}?${parameters.toString()}`);
}

const winniesMessage: Fields = [
	['PhoneNumbers[]', '2123456785'],
	['PhoneNumbers[]', '2123456786'],
	['PhoneNumbers[]', '2123456787'],
	['PhoneNumbers[]', '2123456788'],
	['Subject', 'From Winnie'],
	['Message', 'I am a Bear of Very Little Brain, and long words bother me'],
	['StampToSend', '1305582245'],
];
const winniesCard: Fields = [
	['FirstName', 'Winnie'],
	['LastName', 'The Pooh'],
	['Street', 'Hollow tree, under the name of Mr. Sanders'],
	['City', 'Hundred Acre Woods'],
	['State', 'East Sussex'],
	['Zip', '12345'],
	['Country', 'UK'],
	['CreditCardTypeID', 'Visa'],
	['Number', '4111111111111111'],
	['SecurityCode', '123'],
	['ExpirationMonth', '10'],
	['ExpirationYear', '2037'],
];
const storedCard: Fields = [['StoredCreditCard', '1111']];
const honeySettings: Fields = [
	['EnableDoubleOptIn', '1'],
	['ConfirmMessage', 'Reply Y to join our sweetest list'],
	[
		'JoinMessage',
		'The only reason for being a bee that I know of, is to make honey. And the only reason for making honey, is so as I can eat it.',
	],
	['ForwardEmail', 'honey@bear-alliance.co.uk '],
	['ForwardUrl', 'http://bear-alliance.co.uk/honey-donations/'],
	['ContactGroupIDs[]', 'honey lovers'],
];
const purchaseFields: Fields = [
	['billingName', 'Awesome User'],
	['billingAddress1', '221B Baker St'],
	['billingCity', 'Springfield'],
	['billingState', 'MO'],
	['billingZip', '34567'],
	['billingAmount', '10'],
	['billingNumber', '4111111111111111'],
	['billingMonth', '12'],
	['billingYear', '2030'],
	['billingCvv', '123'],
	['billingCcType', 'VI'],
];
const advancedSubaccount = {
	type: 'advanced',
	parameters: {
		email: 'child@example.com',
		creditToAttribute: 10,
		isBuyer: 0,
		firstname: 'prenom',
		lastname: 'nom',
	},
};

function changed(fields: Fields, name: string, value: string | null): Fields {
	const rest = fields.filter(([known]) => known !== name);
	return value === null ? rest : [...rest, [name, value]];
}

async function rentHoney(): Promise<void> {
	expect((await clubTextingPost('/keywords', [['Keyword', 'honey'], ...storedCard])).status).toBe(201);
}

describe('replies equal the sample replies of the documents', () => {
	test('Click2Mail, purchase and balance', async () => {
		const purchased = await click2MailCall('POST', '/credit/purchase', purchaseFields);
		expect(purchased.status).toBe(200);
		expect(purchased.headers['content-type']).toBe('application/xml');
		expect(
			purchased.body.replace(simulator.click2mail.baseUrl, 'http://stage-rest.click2mail.com/molpro'),
		).toBe(fixture('click2mail/purchase.success.xml'));

		simulator.click2mail.books.balance = 0;
		const balance = await click2MailCall('GET', '/credit');
		expect(balance.body).toBe(fixture('click2mail/getBalance.success.xml').replace(/^ +/gm, ''));
	});

	test('Click2Mail, refusals', async () => {
		const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
		const missing = await click2MailCall(
			'POST',
			'/credit/purchase',
			changed(purchaseFields, 'billingCvv', null),
		);
		expect(missing.status).toBe(400);
		expect(missing.body.replaceAll('\n', '')).toBe(
			declaration + fixture('click2mail/purchase.missingParameter.xml').trim(),
		);
		const expired = await click2MailCall(
			'POST',
			'/credit/purchase',
			changed(purchaseFields, 'billingYear', '19'),
		);
		expect(expired.status).toBe(200);
		expect(expired.body.replaceAll('\n', '')).toBe(
			declaration + fixture('click2mail/purchase.notAuthorized.xml').trim(),
		);
		expect(simulator.click2mail.books.charges).toEqual([]);
	});

	describe.each(['xml', 'json'])('Club Texting in %s', (format) => {
		function expectSample(reply: Reply, sample: string): void {
			const expected = fixture(`clubtexting/${sample}.${format}`);
			if (format === 'xml') expect(reply.body).toBe(expected);
			else expect(JSON.parse(reply.body)).toEqual(JSON.parse(expected));
			expect(reply.headers['content-type']).toBe(`application/${format}`);
		}

		test('send', async () => {
			const { books } = simulator.clubTexting;
			books.nextId = format === 'xml' ? 6419 : 6417853;
			books.localOptOuts.add('2123456786');
			books.globalOptOuts.add('2123456785');
			// The JSON sample ends in a full stop that its request does not have.
			const message =
				'I am a Bear of Very Little Brain, and long words bother me' + (format === 'json' ? '.' : '');
			const sent = await clubTextingPost(
				'/sending/messages',
				changed(winniesMessage, 'Message', message),
				format,
			);
			expect(sent.status).toBe(201);
			expectSample(sent, 'send.success');
		});

		test('keywords', async () => {
			simulator.clubTexting.books.nextId = 147258369;
			const free = await clubTextingQuery('GET', '/keywords/new', [['Keyword', 'honey']], format);
			expect(free.status).toBe(200);
			expectSample(free, 'checkAvailability.success');

			const rented = await clubTextingPost('/keywords', [['Keyword', 'honey'], ...winniesCard], format);
			expect(rented.status).toBe(201);
			expectSample(rented, 'rent.success');

			const configured = await clubTextingPost('/keywords/honey', honeySettings, format);
			expect(configured.status).toBe(200);
			expectSample(configured, 'setUp.success');

			const cancelled = await clubTextingQuery('DELETE', '/keywords/honey', [], format);
			expect(cancelled.status).toBe(204);
			expect(cancelled.body).toBe('');
			const headers = fixture(`clubtexting/cancel.success.${format}.http`);
			expect(headers).toContain(`Content-Type: ${cancelled.headers['content-type'] as string}\n`);
		});

		test('credits', async () => {
			const { books } = simulator.clubTexting;
			Object.assign(books, { planCredits: 15, anytimeCredits: 138 });
			expectSample(await clubTextingQuery('GET', '/billing/credits/get', [], format), 'getBalance.success');
			Object.assign(books, { planCredits: 10, anytimeCredits: 200 });
			const bought = await clubTextingPost(
				'/billing/credits',
				[['NumberOfCredits', '1000'], ['CouponCode', 'HONEY'], ...storedCard],
				format,
			);
			expect(bought.status).toBe(201);
			expectSample(bought, 'buy.success');
		});
	});

	test('Club Texting, carrier look-up', async () => {
		const json = await clubTextingQuery('GET', '/sending/phone-numbers/2345678910');
		expect(JSON.parse(json.body)).toEqual(JSON.parse(fixture('clubtexting/lookUpCarrier.success.json')));
		const xml = await clubTextingQuery('GET', '/sending/phone-numbers/2345678910', [], 'xml');
		expect(xml.body.replaceAll('\n', '')).toBe(
			`<?xml version="1.0" encoding="UTF-8"?>${fixture('clubtexting/lookUpCarrier.success.xml').trim()}`,
		);
	});

	test.each<[string, () => Promise<Reply>]>([
		[
			'send',
			() =>
				clubTextingPost(
					'/sending/messages',
					[
						['PhoneNumbers[]', '(123)45-67'],
						['Subject', 'More than thirteen'],
						['Message', 'curly “quotes”'],
					],
					'xml',
				),
		],
		['checkAvailability', () => clubTextingQuery('GET', '/keywords/new', [['Keyword', 'ho ney']], 'xml')],
		[
			'rent',
			() =>
				clubTextingPost(
					'/keywords',
					[
						['Keyword', 'honey!'],
						...changed(changed(changed(winniesCard, 'FirstName', ''), 'LastName', null), 'Number', '123456'),
					],
					'xml',
				),
		],
		[
			'buy',
			() =>
				clubTextingPost(
					'/billing/credits',
					[
						['NumberOfCredits', '10,000'],
						...changed(changed(changed(winniesCard, 'FirstName', ''), 'LastName', null), 'Number', '123456'),
					],
					'xml',
				),
		],
		['cancel', () => clubTextingQuery('DELETE', '/keywords/honey', [], 'xml')],
		[
			'setUp',
			async () => {
				await rentHoney();
				return clubTextingPost(
					'/keywords/honey',
					[
						['ForwardEmail', 'honey@bear-alliance'],
						['ForwardUrl', 'bear-alliance.co.uk/honey-donations'],
					],
					'xml',
				);
			},
		],
	])('Club Texting, %s refused', async (operation, refusedCall) => {
		const refused = await refusedCall();
		expect(refused.status).toBe(403);
		// The page prints its samples with the characters of XML as they are.
		const printed = refused.body.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
		expect(printed).toBe(fixture(`clubtexting/${operation}.refused.xml`));
	});

	test.each(['send', 'checkAvailability', 'rent', 'setUp', 'cancel', 'getBalance', 'buy'])(
		'Club Texting, %s without a right log-in',
		async (operation) => {
			simulator.clubTexting.books.password = 'changed since';
			const calls: Record<string, () => Promise<Reply>> = {
				send: () => clubTextingPost('/sending/messages', winniesMessage, 'xml'),
				checkAvailability: () => clubTextingQuery('GET', '/keywords/new', [['Keyword', 'honey']], 'xml'),
				rent: () => clubTextingPost('/keywords', [['Keyword', 'honey'], ...storedCard], 'xml'),
				setUp: () => clubTextingPost('/keywords/honey', honeySettings, 'xml'),
				cancel: () => clubTextingQuery('DELETE', '/keywords/honey', [], 'xml'),
				getBalance: () => clubTextingQuery('GET', '/billing/credits/get', [], 'xml'),
				buy: () => clubTextingPost('/billing/credits', [['NumberOfCredits', '10'], ...storedCard], 'xml'),
			};
			const refused = await calls[operation]?.();
			expect(refused?.status).toBe(401);
			expect(refused?.body).toBe(fixture(`clubtexting/${operation}.unauthorized.xml`));
			expect(simulator.clubTexting.books).toMatchObject({ messages: [], delivered: [], charges: [] });
		},
	);

	test('MailPartner, create', async () => {
		const { books } = simulator.mailPartner;
		const masked = (text: string): string =>
			text
				.replaceAll('child@example.com', '[email protected]')
				.replaceAll(books.username, '[email protected]')
				.replaceAll(books.subaccounts.at(-1)?.token ?? '', 'token');
		const created = await mailPartnerPost('/subaccount/create', advancedSubaccount);
		expect(created.status).toBe(200);
		expect(JSON.parse(masked(created.body))).toEqual(JSON.parse(fixture('mailpartner/create.success.json')));

		books.subaccounts.length = 0;
		const inXml = await mailPartnerPost('/subaccount/create?_format=xml', advancedSubaccount);
		expect(masked(inXml.body)).toBe(fixture('mailpartner/create.success.xml'));
	});

	test('MailPartner, credit and account', async () => {
		const { books } = simulator.mailPartner;
		const target = subaccount(books);
		books.subaccounts.push(target);
		const added = await mailPartnerPost('/subaccount/credit/add', {
			credit: '61.8',
			tokenSubaccount: target.token,
		});
		expect(JSON.parse(added.body)).toEqual(JSON.parse(fixture('mailpartner/add.success.json')));

		Object.assign(books, { balance: 2807.4 });
		target.balance = 123.6;
		const removed = await mailPartnerPost('/subaccount/credit/remove', {
			credit: 61.8,
			tokenSubaccount: target.token,
		});
		expect(JSON.parse(removed.body)).toEqual(JSON.parse(fixture('mailpartner/remove.success.json')));
		expect(books.transfers).toEqual([
			{ kind: 'add', token: target.token, amount: 61.8 },
			{ kind: 'remove', token: target.token, amount: 61.8 },
		]);

		Object.assign(books, { balance: 10225.119, username: 'exemple@email.com' });
		const me = await mailPartnerGet('/me');
		expect(JSON.parse(me.body)).toEqual(JSON.parse(fixture('mailpartner/me.success.json')));
	});

	test('every sub-account has a token and an API key of its own', () => {
		const many = Array.from({ length: 500 }, () => subaccount(simulator.mailPartner.books));
		expect(new Set(many.map(({ token }) => token)).size).toBe(500);
		expect(new Set(many.map(({ apiKey }) => apiKey)).size).toBe(500);
		expect(many.every(({ token, apiKey }) => token.length === 40 && apiKey.length === 40)).toBe(true);
	});

	test('MailPartner, list, twenty to a page', async () => {
		const { books } = simulator.mailPartner;
		const first = { id: 1, email: 'email1', token: 'token1', apiKey: 'ApiKey sous compte', balance: 0.8 };
		books.subaccounts.push(subaccount(books, { ...first, createdAt: '2016-03-04 11:23:14' }));
		for (let id = 2; id <= 29; id++) books.subaccounts.push(subaccount(books, { id }));
		const sample = JSON.parse(fixture('mailpartner/list.success.json')) as { data: object[] };
		const page = JSON.parse((await mailPartnerGet('/subaccount/list')).body) as { data: object[] };
		expect(page.data).toHaveLength(20);
		expect({ ...page, data: page.data.slice(0, 1) }).toEqual(sample);
		const second = await mailPartnerGet('/subaccount/list', { page: '2' });
		expect(JSON.parse(second.body)).toMatchObject({ page: 2, total: 29, data: { length: 9 } });
		const third = await mailPartnerGet('/subaccount/list', { page: '3' });
		expect(JSON.parse(third.body)).toMatchObject({ page: 3, data: [] });
	});

	test.each([
		['create', '/subaccount/create', advancedSubaccount],
		['add', '/subaccount/credit/add', { credit: '1', tokenSubaccount: 'x' }],
		['remove', '/subaccount/credit/remove', { credit: '1', tokenSubaccount: 'x' }],
	])('MailPartner, %s with a wrong key', async (operation, path, body) => {
		const refused = await mailPartnerPost(path, { ...body, apiKey: 'wrong' });
		expect(refused.status).toBe(401);
		expect(JSON.parse(refused.body)).toEqual(JSON.parse(fixture(`mailpartner/${operation}.wrongKey.json`)));
	});

	test('MailPartner, a wrong key in XML', async () => {
		const refused = await mailPartnerPost('/subaccount/create?_format=xml', {
			...advancedSubaccount,
			apiKey: 'wrong',
		});
		const sample = fixture('mailpartner/create.wrongKey.xml').replace(/\n(<!|<\/entry>\n<\/result>)/g, '$1');
		expect(refused.body).toBe(sample);
	});
});

describe('what the books say', () => {
	test('every cent of a balance', async () => {
		simulator.click2mail.books.balance = 0.1;
		await click2MailCall('POST', '/credit/purchase', changed(purchaseFields, 'billingAmount', '10.2'));
		expect(simulator.click2mail.books.balance).toBe(10.3);
		expect(simulator.click2mail.books.charges).toEqual([
			{ amount: 10.2, cardEnding: '1111', at: expect.stringMatching(/Z$/) as string },
		]);
	});

	test('who was texted, what was asked, what it cost', async () => {
		const { books } = simulator.clubTexting;
		Object.assign(books, { planCredits: 5, anytimeCredits: 100 });
		books.localOptOuts.add('2123456786');
		books.globalOptOuts.add('2123456785');
		await clubTextingPost('/sending/messages', winniesMessage);
		expect(books.delivered.map(({ number }) => number)).toEqual(['2123456787', '2123456788']);
		expect(books.messages).toMatchObject([
			{ subject: 'From Winnie', stampToSend: 1305582245, messageTypeId: 1, credits: 6, groups: [] },
		]);
		expect(books).toMatchObject({ planCredits: 0, anytimeCredits: 99 });
	});

	test('a number that comes twice is texted twice', async () => {
		await clubTextingPost('/sending/messages', [
			['PhoneNumbers[]', '2123456785'],
			['PhoneNumbers[]', '2123456785'],
			['Message', 'hello'],
		]);
		expect(simulator.clubTexting.books.delivered).toHaveLength(2);
	});

	test.each<[string, Partial<Simulator['clubTexting']['books']>, Fields, boolean]>([
		['160 characters by express', {}, [['Message', 'x'.repeat(160)]], true],
		['161 characters by express', {}, [['Message', 'x'.repeat(161)]], false],
		['136 characters in Canada', { country: 'ca' }, [['Message', 'x'.repeat(136)]], true],
		['137 characters in Canada', { country: 'ca' }, [['Message', 'x'.repeat(137)]], false],
		[
			'130 with its subject by standard',
			{},
			[
				['Subject', 'From Winnie'],
				['Message', 'x'.repeat(119)],
				['MessageTypeID', '2'],
			],
			true,
		],
		[
			'131 with its subject by standard',
			{},
			[
				['Subject', 'From Winnie'],
				['Message', 'x'.repeat(120)],
				['MessageTypeID', '2'],
			],
			false,
		],
		['line breaks that count two, fitting', {}, [['Message', `${'x'.repeat(156)}\r\n`]], true],
		['line breaks that count two, too long', {}, [['Message', `${'x'.repeat(157)}\r\n`]], false],
		['all the characters there are', {}, [['Message', `aZ09.,:;!?()~=+-_\\/@$#&%'" \n`]], true],
		['brackets', {}, [['Message', '[x]']], false],
	])('a text of %s', async (_name, books, fields, fits) => {
		Object.assign(simulator.clubTexting.books, books);
		const reply = await clubTextingPost('/sending/messages', [['PhoneNumbers[]', '2123456785'], ...fields]);
		expect(reply.status).toBe(fits ? 201 : 403);
		expect(simulator.clubTexting.books.delivered).toHaveLength(fits ? 1 : 0);
	});

	test.each(['all', 'first', 'none'] as const)('refused numbers, named: %s', async (refusalNames) => {
		const { books } = simulator.clubTexting;
		books.refusalNames = refusalNames;
		books.refusedNumbers.add('2123456786').add('2123456788');
		const refused = await clubTextingPost('/sending/messages', winniesMessage);
		expect(refused.status).toBe(403);
		expect(refused.body.includes('2123456786')).toBe(refusalNames !== 'none');
		expect(refused.body.includes('2123456788')).toBe(refusalNames === 'all');
		expect(books.delivered).toEqual([]);
	});

	test('an unavailable keyword, said either way', async () => {
		await rentHoney();
		const asked: Fields = [['Keyword', 'Honey']];
		const said = await clubTextingQuery('GET', '/keywords/new', asked);
		expect(JSON.parse(said.body)).toMatchObject({ Response: { Entry: { Available: false } } });
		const inXml = await clubTextingQuery('GET', '/keywords/new', asked, 'xml');
		expect(inXml.body).toContain('<Available>0</Available>');
		simulator.clubTexting.books.unavailableAsError = true;
		const refused = await clubTextingQuery('GET', '/keywords/new', [['Keyword', 'honey']]);
		expect(refused.status).toBe(403);
		expect(JSON.parse(refused.body)).toEqual(
			JSON.parse(fixture('clubtexting/checkAvailability.unavailable.json')),
		);
	});

	test('a keyword of somebody else can be neither rented, set up nor cancelled', async () => {
		await rentHoney();
		const honey = simulator.clubTexting.books.keywords.get('honey');
		if (honey) honey.owner = 'other';
		const replies = [
			await clubTextingPost('/keywords', [['Keyword', 'honey'], ...storedCard]),
			await clubTextingPost('/keywords/honey', honeySettings),
			await clubTextingQuery('DELETE', '/keywords/honey'),
		];
		expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
		expect(simulator.clubTexting.books.charges).toHaveLength(1);
	});

	test('messages of a keyword as objects', async () => {
		await rentHoney();
		simulator.clubTexting.books.messagesAsObjects = true;
		const configured = await clubTextingPost('/keywords/honey', [['JoinMessage', 'Welcome']]);
		expect(JSON.parse(configured.body)).toMatchObject({
			Response: { Entry: { JoinMessage: { Message: 'Welcome' }, ConfirmMessage: { MessageTypeID: 1 } } },
		});
	});

	test('cards that are declined', async () => {
		simulator.click2mail.books.declinedCards.add('4111111111111111');
		simulator.clubTexting.books.declinedCards.add('1111');
		const purchased = await click2MailCall('POST', '/credit/purchase', purchaseFields);
		expect(purchased.body).toContain('<status>2</status>');
		const byCard = await clubTextingPost('/billing/credits', [['NumberOfCredits', '10'], ...winniesCard]);
		const byStored = await clubTextingPost('/billing/credits', [['NumberOfCredits', '10'], ...storedCard]);
		expect([byCard.status, byStored.status]).toEqual([403, 403]);
		expect(simulator.click2mail.books.charges).toEqual([]);
		expect(simulator.clubTexting.books.charges).toEqual([]);
	});

	test.each(Object.values(cards))('the sample card of type $cardType', async (card) => {
		const code = { visa: 'VI', masterCard: 'MC', amex: 'AE', discover: 'DI' }[card.cardType];
		let fields = changed(purchaseFields, 'billingNumber', card.number);
		fields = changed(changed(fields, 'billingCvv', card.securityCode), 'billingCcType', code);
		await click2MailCall('POST', '/credit/purchase', fields);
		const type = { visa: 'Visa', masterCard: 'MasterCard', amex: 'Amex', discover: 'Discover' }[
			card.cardType
		];
		let clubFields = changed(winniesCard, 'Number', card.number);
		clubFields = changed(changed(clubFields, 'SecurityCode', card.securityCode), 'CreditCardTypeID', type);
		await clubTextingPost('/billing/credits', [['NumberOfCredits', '10'], ...clubFields]);
		expect(simulator.click2mail.books.charges).toMatchObject([
			{ amount: 10, cardEnding: card.number.slice(-4) },
		]);
		expect(simulator.clubTexting.books.charges).toMatchObject([
			{ amount: 0.1, cardEnding: card.number.slice(-4), for: 'credits' },
		]);
	});

	test.each<[number, object]>([
		[3, { ...advancedSubaccount, parameters: { email: 'child@example.com' } }],
		[4, { parameters: {} }],
		[5, { type: 'other', parameters: {} }],
		[6, { type: 'advanced', parameters: { isBuyer: 0 } }],
		[7, { type: 'simple', parameters: { email: 'parent@example.com' } }],
		[8, { type: 'simple', parameters: { creditToAttribute: 0 } }],
		[9, { type: 'simple', parameters: { creditToAttribute: 2931.01 } }],
	])('code %i of create', async (code, body) => {
		const refused = await mailPartnerPost('/subaccount/create', body);
		expect(refused.status).toBe(400);
		expect(JSON.parse(refused.body)).toMatchObject({ success: false, code });
		expect(simulator.mailPartner.books).toMatchObject({ subaccounts: [], transfers: [], balance: 2931 });
	});

	test.each<[number, object]>([
		[1, { apiKey: '', credit: '1', tokenSubaccount: 'known' }],
		[2, { tokenSubaccount: 'known' }],
		[3, { credit: '1' }],
		[5, { credit: '0', tokenSubaccount: 'known' }],
		[7, { credit: '1', tokenSubaccount: 'nobody' }],
		[8, { credit: '2931.01', tokenSubaccount: 'known' }],
	])('code %i of add, in an HTTP 200 where asked', async (code, body) => {
		const { books } = simulator.mailPartner;
		books.errorStatus = 200;
		books.subaccounts.push(subaccount(books, { token: 'known' }));
		const refused = await mailPartnerPost('/subaccount/credit/add', body);
		expect(refused.status).toBe(200);
		expect(JSON.parse(refused.body)).toMatchObject({ success: false, code });
		expect(books).toMatchObject({ transfers: [], balance: 2931 });
	});

	test('a simple sub-account without an address', async () => {
		const created = await mailPartnerPost('/subaccount/create', { type: 'simple', parameters: {} });
		expect(JSON.parse(created.body)).toEqual({
			success: true,
			code: 200,
			subaccount: {
				email: '0000000001@mailpartner.fr',
				token: simulator.mailPartner.books.subaccounts[0]?.token,
			},
			parent_email: 'parent@example.com',
		});
	});
});

describe('what no document describes is refused and noted', () => {
	const json = { 'Content-Type': 'application/json' };

	test.each<[string, number, () => Promise<Reply>]>([
		['an unknown path', 404, () => click2MailCall('GET', '/credits')],
		['a path that ends in a slash', 404, () => click2MailCall('GET', '/credit/')],
		['a wrong method', 405, () => click2MailCall('GET', '/credit/purchase')],
		[
			'a query where the form belongs',
			422,
			() => click2MailCall('POST', '/credit/purchase?billingCvv=123', purchaseFields),
		],
		[
			'an unknown field',
			422,
			() => click2MailCall('POST', '/credit/purchase', [...purchaseFields, ['cvv', '123']]),
		],
		[
			'JSON in place of a form',
			415,
			() => {
				const { username, password } = simulator.click2mail.credentials;
				const login = Buffer.from(`${username}:${password}`).toString('base64');
				return call('POST', `${simulator.click2mail.baseUrl}/credit/purchase`, {
					body: JSON.stringify(Object.fromEntries(purchaseFields)),
					headers: { ...json, Authorization: `Basic ${login}` },
				});
			},
		],
		[
			'an empty group, which would text everybody in no group',
			422,
			() => clubTextingPost('/sending/messages', [...winniesMessage, ['Groups[]', '']]),
		],
		[
			'a number without brackets',
			422,
			() => clubTextingPost('/sending/messages', [['PhoneNumbers', '2123456785']]),
		],
		['no format', 422, () => clubTextingPost('/sending/messages', winniesMessage, '')],
		[
			'a password in the query of a POST',
			422,
			() => clubTextingPost('/sending/messages', winniesMessage, 'json&Password=x'),
		],
		[
			'a stored card and a card',
			422,
			() => clubTextingPost('/billing/credits', [['NumberOfCredits', '9'], ...storedCard, ...winniesCard]),
		],
		[
			'double opt-in as a word',
			422,
			() => clubTextingPost('/keywords/honey', changed(honeySettings, 'EnableDoubleOptIn', 'true')),
		],
		[
			'parameters as text',
			422,
			() => mailPartnerPost('/subaccount/create', { type: 'simple', parameters: '{}' }),
		],
		[
			'an unknown key',
			422,
			() => mailPartnerPost('/subaccount/create', { type: 'simple', parameters: { firstName: 'x' } }),
		],
		[
			'isBuyer of a simple sub-account',
			422,
			() => mailPartnerPost('/subaccount/create', { type: 'simple', parameters: { isBuyer: 0 } }),
		],
		['a page that is none', 422, () => mailPartnerGet('/subaccount/list', { page: '0' })],
	])('%s', async (_name, status, wrongCall) => {
		const refused = await wrongCall();
		expect(refused.status).toBe(status);
		expect(refused.body).toMatch(/^Simulator: /);
		expect(simulator.mistakes()).toHaveLength(1);
		expect(simulator.requests).toMatchObject([{ answeredWith: status, processed: false }]);
		expect(simulator.click2mail.books.charges).toEqual([]);
		expect(simulator.clubTexting.books).toMatchObject({ messages: [], delivered: [], charges: [] });
		expect(simulator.mailPartner.books).toMatchObject({ subaccounts: [], transfers: [] });
	});

	test('field names are case-sensitive', async () => {
		const reply = await call('POST', `${simulator.clubTexting.baseUrl}/sending/messages?format=json`, {
			body: 'user=winnie&password=x&PhoneNumbers[]=2123456785&Message=hello',
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		});
		expect(reply.status).toBe(401);
	});
});

describe('what is recorded', () => {
	test('a request as it arrived', async () => {
		await clubTextingPost('/sending/messages', winniesMessage);
		expect(simulator.requests).toMatchObject([
			{
				provider: 'clubTexting',
				operation: 'send',
				method: 'POST',
				path: '/sending/messages',
				query: [['format', 'json']],
				contentType: 'application/x-www-form-urlencoded',
				form: [...clubTextingLogin(), ...winniesMessage],
				answeredWith: 201,
				fault: null,
				processed: true,
				mistake: null,
			},
		]);
		expect(simulator.mistakes()).toEqual([]);
	});

	test('a JSON body, and a percent-encoded path', async () => {
		await mailPartnerPost('/subaccount/create', advancedSubaccount);
		await clubTextingQuery('DELETE', '/keywords/caf%C3%A9');
		expect(simulator.requests).toMatchObject([
			{ operation: 'create', json: { type: 'advanced', parameters: { isBuyer: 0 } }, form: null },
			{ operation: 'cancel', path: '/keywords/caf%C3%A9', answeredWith: 403 },
		]);
	});

	test('requests within a second, and the limit on them', async () => {
		simulator.clubTexting.books.rateLimit = 2;
		const replies = await Promise.all([1, 2, 3].map(() => clubTextingQuery('GET', '/billing/credits/get')));
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
		expect(mostRequestsWithin(1000, simulator.requests, 'clubTexting')).toBe(3);
		expect(mostRequestsWithin(1000, simulator.requests, 'mailPartner')).toBe(0);
	});

	test('nothing, where it is not wanted', async () => {
		const forgetful = await startSimulator({ record: false });
		await call('GET', `${forgetful.click2mail.baseUrl}/credit`);
		expect(forgetful.requests).toEqual([]);
		await forgetful.close();
	});
});

describe('faults', () => {
	/** The effect of one purchase, message and sub-account, one provider each. */
	const acts = {
		click2mail: {
			operation: 'purchase',
			call: () => click2MailCall('POST', '/credit/purchase', purchaseFields),
			effects: () => simulator.click2mail.books.charges.length,
		},
		clubTexting: {
			operation: 'send',
			call: () => clubTextingPost('/sending/messages', winniesMessage),
			effects: () => simulator.clubTexting.books.messages.length,
		},
		mailPartner: {
			operation: 'create',
			call: () => mailPartnerPost('/subaccount/create', advancedSubaccount),
			effects: () => simulator.mailPartner.books.subaccounts.length,
		},
	} as const;
	const providers = Object.keys(acts) as Array<keyof typeof acts>;

	async function untilFaulty(): Promise<void> {
		while (!simulator.requests.some(({ answeredWith }) => answeredWith !== null))
			await new Promise((resolve) => setImmediate(resolve));
	}

	describe.each(providers)('%s', (provider) => {
		const act = acts[provider];

		test.each<[Fault, number]>([
			[{ fault: 'timeoutBefore' }, 0],
			[{ fault: 'timeoutAfter' }, 1],
		])('%j is never answered', async (fault, effects) => {
			simulator.order({ ...fault, provider });
			let answered = false;
			const ended = act.call().then(
				() => (answered = true),
				(error: unknown) => error,
			);
			await untilFaulty();
			expect(act.effects()).toBe(effects);
			expect(simulator.requests).toMatchObject([
				{ answeredWith: fault.fault, fault: fault.fault, processed: effects === 1 },
			]);
			simulator.reset();
			expect(await ended).toMatchObject({ code: 'ECONNRESET' });
			expect(answered).toBe(false);
		});

		test.each<[Fault, number]>([
			[{ fault: 'resetBefore' }, 0],
			[{ fault: 'resetAfter' }, 1],
			[{ fault: 'truncatedBody', hangUp: true }, 1],
		])('%j ends the connection', async (fault, effects) => {
			simulator.order(fault);
			await expect(act.call()).rejects.toMatchObject({ code: 'ECONNRESET' });
			expect(act.effects()).toBe(effects);
		});

		test.each<[Fault, number, number]>([
			[{ fault: 'status401' }, 401, 0],
			[{ fault: 'status403' }, 403, 0],
			[{ fault: 'status429' }, 429, 0],
			[{ fault: 'status500' }, 500, 1],
			[{ fault: 'status500', processed: false }, 500, 0],
			[{ fault: 'status502Html' }, 502, 1],
			[{ fault: 'status502Html', processed: false }, 502, 0],
			[{ fault: 'status503' }, 503, 0],
			[{ fault: 'refusalIn200' }, 200, 0],
			[{ fault: 'htmlPage' }, 200, 0],
			[{ fault: 'redirect' }, 302, 0],
			[{ fault: 'echoSecrets' }, 400, 0],
			[{ fault: 'body', body: 'anything' }, 200, 0],
			[{ fault: 'body', body: '{}', status: 418, processed: true }, 418, 1],
		])('%j', async (fault, status, effects) => {
			simulator.order(fault);
			expect((await act.call()).status).toBe(status);
			expect(act.effects()).toBe(effects);
			expect(simulator.requests).toMatchObject([
				{ answeredWith: status, fault: fault.fault, processed: effects === 1, mistake: null },
			]);
		});

		test('an empty, a truncated and an oversized body are those of a success', async () => {
			const whole = await act.call();
			for (const fault of ['emptyBody', 'truncatedBody', 'oversizedReply', 'slowReply'] as const) {
				simulator.reset();
				simulator.order({ fault });
				const reply = await act.call();
				expect(reply.status).toBe(whole.status);
				expect(act.effects()).toBe(1);
				if (fault === 'emptyBody') expect(reply.body).toBe('');
				if (fault === 'truncatedBody')
					expect(reply.body).toBe(whole.body.slice(0, Math.floor(whole.body.length / 2)));
				if (fault === 'oversizedReply') expect(reply.body.length).toBeGreaterThan(5_000_000);
				if (fault === 'slowReply') expect(reply.body.length).toBe(whole.body.length);
			}
		});

		test('a reply in the other format', async () => {
			simulator.order({ fault: 'otherFormat' });
			const reply = await act.call();
			expect(reply.body).toMatch(provider === 'click2mail' ? /^\{/ : /^<\?xml/);
			expect(reply.headers['content-type']).toBe(
				provider === 'click2mail' ? 'application/json' : 'application/xml',
			);
			expect(act.effects()).toBe(1);
		});

		test('a success without what makes it one', async () => {
			simulator.order({ fault: 'withoutId' });
			const reply = await act.call();
			expect(reply.body).not.toMatch(/"ID"|<status>|"token"/);
			expect(reply.body).toMatch(/Success|"success":true/);
			expect(act.effects()).toBe(1);
		});

		test('every secret comes back in a refusal', async () => {
			simulator.order({ fault: 'echoSecrets' });
			const { body } = await act.call();
			const secrets = {
				click2mail: ['gReAt/PaSsWoRd:123', '4111111111111111', "billingCvv: '123'"],
				clubTexting: [simulator.clubTexting.credentials.password, 'User=winnie'],
				mailPartner: [simulator.mailPartner.credentials.apiKey],
			};
			for (const secret of secrets[provider]) expect(body).toContain(secret);
		});

		test('a redirect that is followed is recorded', async () => {
			simulator.order({ fault: 'redirect', status: 307 });
			const { headers } = await act.call();
			await call('POST', headers.location as string);
			expect(simulator.requests.map(({ operation }) => operation)).toEqual([act.operation, 'redirected']);
			expect(act.effects()).toBe(0);
		});
	});

	test.each<[string, string[], () => Promise<Reply>]>([
		['getBalance', ['balance'], () => click2MailCall('GET', '/credit')],
		['purchase', ['status'], () => click2MailCall('POST', '/credit/purchase', purchaseFields)],
		['send', ['ID'], () => clubTextingPost('/sending/messages', winniesMessage)],
		[
			'checkAvailability',
			['Available'],
			() => clubTextingQuery('GET', '/keywords/new', [['Keyword', 'jar']]),
		],
		['rent', ['ID'], () => clubTextingPost('/keywords', [['Keyword', 'jar'], ...storedCard])],
		['setUp', ['ID'], () => clubTextingPost('/keywords/honey', honeySettings)],
		['getBalance', ['TotalCredits'], () => clubTextingQuery('GET', '/billing/credits/get')],
		[
			'buy',
			['BoughtCredits', 'TotalCredits'],
			() => clubTextingPost('/billing/credits', [['NumberOfCredits', '9'], ...storedCard]),
		],
		['lookUpCarrier', ['CarrierName'], () => clubTextingQuery('GET', '/sending/phone-numbers/2345678910')],
		['create', ['token'], () => mailPartnerPost('/subaccount/create', advancedSubaccount)],
		['list', ['token'], () => mailPartnerGet('/subaccount/list')],
		[
			'add',
			['credit', 'subaccountCredit'],
			() => mailPartnerPost('/subaccount/credit/add', { credit: '1', tokenSubaccount: 'known' }),
		],
		[
			'remove',
			['credit', 'subaccountCredit'],
			() => mailPartnerPost('/subaccount/credit/remove', { credit: '1', tokenSubaccount: 'known' }),
		],
		['me', ['balance'], () => mailPartnerGet('/me')],
	])('%s without %j', async (operation, keys, act) => {
		await rentHoney();
		const { books } = simulator.mailPartner;
		books.subaccounts.push(subaccount(books, { token: 'known', balance: 5 }));
		const names = keys.map((key) => new RegExp(`["<]${key}[">]`));
		simulator.order({ fault: 'withoutId', operation });
		const lacking = await act();
		for (const name of names) expect(lacking.body).not.toMatch(name);
		// What it did once may be refused a second time: the sub-account and the keyword are there now.
		books.subaccounts = [subaccount(books, { token: 'known', balance: 5 })];
		simulator.clubTexting.books.keywords.delete('jar');
		const whole = await act();
		expect(whole.status).toBe(lacking.status);
		for (const name of names) expect(whole.body).toMatch(name);
	});

	test('Retry-After in seconds or as a date', async () => {
		simulator.order({ fault: 'status429', retryAfter: 2 });
		simulator.order({ fault: 'status503', retryAfter: 'Wed, 21 Oct 2037 07:28:00 GMT' });
		expect((await acts.mailPartner.call()).headers['retry-after']).toBe('2');
		expect((await acts.clubTexting.call()).headers['retry-after']).toBe('Wed, 21 Oct 2037 07:28:00 GMT');
	});

	test('times, after, provider and operation', async () => {
		simulator.order({ fault: 'status403', provider: 'clubTexting', operation: 'send', after: 1, times: 2 });
		const statuses: number[] = [];
		for (let turn = 0; turn < 4; turn++) statuses.push((await acts.clubTexting.call()).status);
		expect(statuses).toEqual([201, 403, 403, 201]);

		simulator.order({ fault: 'status401', operation: 'getBalance', times: Infinity });
		expect((await acts.mailPartner.call()).status).toBe(200);
		expect((await click2MailCall('GET', '/credit')).status).toBe(401);
		expect((await clubTextingQuery('GET', '/billing/credits/get')).status).toBe(401);
		simulator.reset();
		expect((await click2MailCall('GET', '/credit')).status).toBe(200);
	});

	test('the oldest order that matches comes first', async () => {
		simulator.order({ fault: 'status403', after: 1 });
		simulator.order({ fault: 'status401' });
		expect((await click2MailCall('GET', '/credit')).status).toBe(401);
		expect((await click2MailCall('GET', '/credit')).status).toBe(403);
	});
});

describe('from another process', () => {
	test('reads and changes the books, reads requests, orders faults, resets', async () => {
		const remote = remoteSimulator(simulator.url);
		const books = await remote.change({
			click2mail: { balance: 5 },
			clubTexting: { localOptOuts: ['2123456786'], coupons: { HALF: 50 } },
		});
		expect(books.click2mail.balance).toBe(5);
		expect(simulator.clubTexting.books.localOptOuts).toEqual(new Set(['2123456786']));
		expect(simulator.clubTexting.books.coupons.get('HALF')).toBe(50);
		await remote.order({ fault: 'status403', times: Infinity });
		expect((await click2MailCall('GET', '/credit')).status).toBe(403);
		expect(await remote.requests()).toMatchObject([{ operation: 'getBalance', answeredWith: 403 }]);
		await remote.reset();
		expect((await click2MailCall('GET', '/credit')).status).toBe(200);
		expect((await remote.books()).click2mail.balance).toBe(25.5);
	});

	test('refuses what it does not know', async () => {
		for (const [path, body] of [
			['/faults', { fault: 'flood' }],
			['/faults', { fault: 'body' }],
			['/books', { click2mail: { money: 1 } }],
			['/books', { clubTexting: { localOptOuts: 'x' } }],
			['/books', { paypal: {} }],
		] as const)
			expect((await call('POST', `${simulator.url}${path}`, { body: JSON.stringify(body) })).status).toBe(
				422,
			);
	});
});

test('a reset leaves the idle connections of a client open', async () => {
	const agent = new Agent({ keepAlive: true });
	const balance = async (): Promise<Socket> => {
		const sent = httpRequest(`${simulator.click2mail.baseUrl}/credit`, { agent }).end();
		const [response] = (await once(sent, 'response')) as [IncomingMessage];
		const { socket } = response;
		await once(response.resume(), 'end');
		return socket;
	};
	const first = await balance();
	simulator.reset();
	expect(await balance()).toBe(first);
	agent.destroy();
});

test('ends although connections hang', async () => {
	const shortLived = await startSimulator();
	shortLived.order({ fault: 'timeoutBefore' });
	shortLived.order({ fault: 'slowReply', delayMs: 3_600_000 });
	const hanging = [1, 2].map(() => call('GET', `${shortLived.mailPartner.baseUrl}/me`));
	const ended = Promise.allSettled(hanging);
	while (shortLived.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
	await shortLived.close();
	expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	await expect(call('GET', shortLived.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
