import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeParameters,
} from 'n8n-workflow';
import { Click2MailApi } from '../../credentials/Click2MailApi.credentials';
import { ClubTextingApi } from '../../credentials/ClubTextingApi.credentials';
import { EzTextingApi } from '../../credentials/EzTextingApi.credentials';
import { MailPartnerApi } from '../../credentials/MailPartnerApi.credentials';
import { baseUrlOf, basicSecrets, pastedLogin } from '../../nodes/shared/http/baseUrl';
import { credentialsFor, nodeTypes } from '../scenes';
import { cards, type ProviderName } from '../simulator';
import { itemsOf, lines, openBench } from '../harness';

const bench = openBench();

interface Login {
	type: ICredentialType;
	provider: ProviderName;
	/** What a wrong secret is told. */
	wrong: RegExp;
	/** What the test button asks for. */
	asks: string;
	production: string;
}

const logins: Login[] = [
	{
		type: new Click2MailApi(),
		provider: 'click2mail',
		wrong: /does not accept this user name and password/,
		asks: 'GET /credit',
		production: 'https://rest.click2mail.com/molpro',
	},
	{
		type: new ClubTextingApi(),
		provider: 'clubTexting',
		wrong: /does not accept this user name and password/,
		asks: 'GET /billing/credits/get?format=json',
		production: 'https://app.clubtexting.com',
	},
	{
		type: new EzTextingApi(),
		provider: 'ezTexting',
		wrong: /does not accept this user name and password/,
		asks: 'GET /credits',
		production: 'https://a.eztexting.com/v1',
	},
	{
		type: new MailPartnerApi(),
		provider: 'mailPartner',
		wrong: /does not accept this API key/,
		asks: 'GET /me',
		production: 'https://api.mailpartner.fr/v1',
	},
];

/** Acts are not repeated when their connection breaks, as readings are. */
const acting: Record<ProviderName, INodeParameters> = {
	click2mail: { operation: 'purchase', amount: 20 },
	clubTexting: { operation: 'buy', numberOfCredits: 100, storedCardLastFour: '1111' },
	ezTexting: { operation: 'topUp', minimumCredits: 1, numberOfCredits: 100, storedCardLastFour: '1111' },
	mailPartner: {
		operation: 'remove',
		amount: 10,
		subaccount: { __rl: true, mode: 'token', value: 'owl' },
	},
};

const balance: Record<ProviderName, INodeParameters> = {
	click2mail: { resource: 'credit', operation: 'getBalance' },
	clubTexting: { resource: 'credit', operation: 'getBalance' },
	ezTexting: { resource: 'credit', operation: 'getBalance' },
	mailPartner: { resource: 'credit', operation: 'getBalance' },
};

const right = ({ type }: Login): ICredentialDataDecryptedObject => ({
	...credentialsFor(bench.simulator)[type.name],
});
const wrongSecret = { password: 'wrong', apiKey: 'wrong' };

test('what an emoji in a password is made of is not taken for pasted', () => {
	const words = [
		'p\u2764\uFE0Fw',
		'sun \u2600\uFE0F',
		'\u{1F469}\u200D\u{1F4BB} at work',
		'no 1\uFE0F\u20E3',
	];
	expect(words.map((word) => pastedLogin(`\uFEFF${word}\u200B\r\n`))).toEqual(words);
});

describe.each(logins)('the test of $type.name', (login) => {
	const { type, provider, wrong, asks } = login;
	const test_ = async (data: ICredentialDataDecryptedObject) =>
		await bench.engine.testCredential(type.name, data);

	test('reads something that costs nothing', async () => {
		expect(await test_(right(login))).toMatchObject({ status: 'OK' });
		expect(lines(bench.simulator.requests)).toEqual([asks]);
	});

	test('takes an address with a slash at its end, and one in capitals', async () => {
		const data = right(login);
		for (const baseUrl of [`${String(data.baseUrl)}/`, ` ${String(data.baseUrl).replace('http', 'HTTP')} `]) {
			expect(await test_({ ...data, baseUrl })).toMatchObject({ status: 'OK' });
		}
		expect(lines(bench.simulator.requests)).toEqual([asks, asks]);
	});

	test.each([
		['a line end', '', '\r\n'],
		['blanks', ' \t', '\u00A0'],
		['a byte order mark', '\uFEFF', ''],
		['what nobody sees', '\u200B\u2060', '\u200E\u00AD\uFE0F\u0000'],
	])('takes %s around whatever was pasted, and so does a node', async (_, before, after) => {
		const data = right(login);
		const wrapped = Object.fromEntries(
			Object.entries(data).map(([name, value]) => [
				name,
				['environment', 'country'].includes(name) ? value : `${before}${String(value)}${after}`,
			]),
		);
		expect(await test_(wrapped)).toMatchObject({ status: 'OK' });
		const run = await bench.run(provider, balance[provider], [{}, {}], {
			credentials: { [type.name]: wrapped },
		});
		expect(itemsOf(run)).toHaveLength(2);
		expect(run.error).toBeUndefined();
		expect(bench.simulator.requests.map(({ answeredWith }) => answeredWith)).toEqual(
			bench.simulator.requests.map(() => 200),
		);
	});

	test('takes what nobody sees inside of what was pasted, and so does a node', async () => {
		const data = right(login);
		const torn = Object.fromEntries(
			Object.entries(data).map(([name, value]) => [
				name,
				['environment', 'country'].includes(name)
					? value
					: `${String(value).slice(0, -2)}\u200B\uFEFF${String(value).slice(-2)}`,
			]),
		);
		expect(await test_(torn)).toMatchObject({ status: 'OK' });
		const run = await bench.run(provider, balance[provider], [{}, {}], {
			credentials: { [type.name]: torn },
		});
		expect(itemsOf(run)).toHaveLength(2);
	});

	test('says that a secret is wrong', async () => {
		const data = { ...right(login), ...wrongSecret };
		const result = await test_(data);
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(wrong) as string });
		// n8n itself asks once more after a 401.
		expect(bench.simulator.requests.length).toBeLessThanOrEqual(2);
	});

	test.each([
		['a page for people', { fault: 'htmlPage' }],
		['a refusal inside HTTP 200', { fault: 'refusalIn200' }],
		['access denied', { fault: 'status403' }],
		['a redirect', { fault: 'redirect' }],
		['a provider that is down', { fault: 'status500' }],
		['a connection that breaks', { fault: 'resetBefore' }],
	] as const)('does not pass with %s', async (_, fault) => {
		bench.simulator.order(fault);
		const result = await test_(right(login));
		expect(result.status).toBe('Error');
		expect(lines(bench.simulator.requests)).toEqual([asks]);
	});
});

test.each([
	['a page', '<!DOCTYPE html><html><body>Log in</body></html>'],
	['a page without a document type', '<HTML><body>Log in</body></HTML>'],
	['a page behind a blank line', '\r\n<html><body>Log in</body></html>'],
	['a page that begins with a remark', '\n<!-- gateway -->\n<html><body>Log in</body></html>'],
	['a text', 'Access denied by policy'],
	['nothing', ''],
])('what answers with HTTP 200 and is not Click2Mail is told: %s', async (_, body) => {
	bench.simulator.order({ fault: 'body', body, contentType: 'text/html' });
	expect(await bench.engine.testCredential('click2MailApi', right(logins[0]!))).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('What answers at this address is not Click2Mail') as string,
	});
});

const declarations = [
	'',
	'<?xml version="1.0"?>',
	'<?xml version="1.0" encoding="UTF-8"?>',
	'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
];
const separators = ['', '\n', '\r\n', '\n    '];
/** XML as it may be written: with each declaration, on one line or several. */
const written = (root: string, elements: string[]) =>
	declarations.flatMap((declaration) =>
		separators.map(
			(separator) =>
				`${declaration}${separator.trimEnd() || separator.replaceAll(' ', '')}<${root}>${elements.map((element) => separator + element).join('')}</${root}>`,
		),
	);
/** The failures that the documents name, 2xx or not. */
const refused = [
	['1', 'Job ID not found'],
	['2', 'payment not authorized'],
	['9', 'One of the required parameters is missing.'],
] as const;

test('Click2Mail is asked for JSON, since n8n’s test can’t see a refusal in XML; a balance in XML passes all the same', async () => {
	const test_ = async () => await bench.engine.testCredential('click2MailApi', right(logins[0]!));
	expect(await test_()).toMatchObject({ status: 'OK' });
	expect(bench.simulator.requests[0]!.headers.accept).toMatch(/^application\/json, application\/xml;/);
	for (const code of [1, 2, 9]) {
		bench.simulator.order({ fault: 'refusalIn200', text: 'No', code });
		expect(await test_()).toMatchObject({ status: 'Error', message: expect.stringContaining('Get Balance') });
	}
	bench.simulator.order({ fault: 'otherFormat' });
	expect(await test_()).toMatchObject({ status: 'OK' });
	bench.simulator.order({ fault: 'body', body: '<credit><status>2</status></credit>' });
	expect(await test_()).toMatchObject({ status: 'OK' });
});

test('Click2Mail may refuse inside HTTP 200 in JSON', async () => {
	const bodies = refused.flatMap(([status, description]) =>
		[status, Number(status)].flatMap((value) =>
			[{ status: value, description }, { credit: { status: value, description } }].map((reply) =>
				JSON.stringify({ ...reply, balance: null }),
			),
		),
	);
	const told = [];
	for (const body of bodies) {
		bench.simulator.order({ fault: 'body', body });
		const { status, message } = await bench.engine.testCredential('click2MailApi', right(logins[0]!));
		if (status !== 'Error' || !message.includes('Get Balance')) told.push([body, status, message]);
	}
	expect(told).toEqual([]);
});

/** Each with what a success has beside it, where that is possible. */
const refusals: Array<[place: number, bodies: string[]]> = [
	[
		1,
		[
			'<?xml version="1.0"?>\n<Response><Status>Failure</Status><Code>401</Code><Errors><Error>Authorization Required</Error></Errors></Response>',
			'{"Response":{"Status":"Failure","Code":401,"Errors":["Authorization Required"]}}',
			'{"Response":{"Status":"Failure","Code":"403","Errors":["No API access"],"Entry":{"TotalCredits":5}}}',
		],
	],
	[
		2,
		['{"status":"UNAUTHORIZED","message":"Unauthorized"}', '<error>Unauthorized</error>', '[]', 'null', '7'],
	],
	[
		3,
		[
			'{"success":false,"code":10,"message":"Clé API incorrecte","credits":{"balance":"5"}}',
			'<?xml version="1.0" encoding="UTF-8"?><result><entry>false</entry><entry>10</entry></result>',
		],
	],
];

test.each(
	refusals.flatMap(([place, bodies]) =>
		bodies.map((body): [string, string, Login] => [logins[place]!.type.name, body, logins[place]!]),
	),
)('%s does not pass with a refusal, whatever its status: %s', async (_name, body, login) => {
	for (const reply of [body, '<html><body>Denied</body></html>']) {
		for (const status of [200, 400, 401, 403]) {
			bench.simulator.order({ fault: 'body', body: reply, status, times: 2 });
			expect((await bench.engine.testCredential(login.type.name, right(login))).status).toBe('Error');
		}
	}
});

test('a balance of Click2Mail passes however it is written', async () => {
	const bodies = ['0.0', '-5', '12.50', '12345.67'].flatMap((balance) =>
		written('credit', [`<balance>${balance}</balance>`, '<allowNegative>false</allowNegative>']),
	);
	const mayOwe = written('credit', ['<allowNegative>true</allowNegative>', '<balance>1</balance>']);
	for (const body of [...bodies, ...mayOwe]) {
		bench.simulator.order({ fault: 'body', body, contentType: 'application/xml' });
		expect([body, await bench.engine.testCredential('click2MailApi', right(logins[0]!))]).toMatchObject([
			body,
			{ status: 'OK' },
		]);
	}
});

test.each([
	['without a declaration', '<credit><balance>1</balance></credit>'],
	['with a prefix', '<ns2:credit xmlns:ns2="x"><balance>1</balance></ns2:credit>'],
	['behind a blank line', '\r\n<?xml version="1.0"?><credit><balance>1</balance></credit>'],
	['in JSON', '{"balance":1,"allowNegative":false}'],
	['in JSON with a name', '{"credit":{"balance":1}}'],
])('a balance of Click2Mail passes %s', async (_, body) => {
	bench.simulator.order({ fault: 'body', body });
	expect(await bench.engine.testCredential('click2MailApi', right(logins[0]!))).toMatchObject({
		status: 'OK',
	});
});

test.each([
	{},
	{ totalCredits: null },
	...['', 'n/a', [], {}, [5], false].map((totalCredits) => ({ totalCredits })),
])('EZ Texting’s log-in is right only with a number of credits, not with %j', async (body) => {
	bench.simulator.order({ fault: 'body', body: JSON.stringify(body) });
	expect(await bench.engine.testCredential('ezTextingApi', right(logins[2]!))).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('is not EZ Texting’s API v1') as string,
	});
	bench.simulator.order({ fault: 'body', body: '{"totalCredits":0}' });
	expect(await bench.engine.testCredential('ezTextingApi', right(logins[2]!))).toMatchObject({
		status: 'OK',
	});
});

test.each([undefined, null, ''])('a log-in is right only with a balance, not with %j', async (none) => {
	const replies = {
		clubTextingApi: { Response: { Status: 'Success', Code: 200, Entry: { TotalCredits: none } } },
		mailPartnerApi: { success: true, code: 200, credits: { balance: none } },
	};
	for (const [place, [type, body]] of Object.entries(replies).entries()) {
		bench.simulator.order({ fault: 'body', body: JSON.stringify(body) });
		expect(await bench.engine.testCredential(type, right(logins[place === 0 ? 1 : 3]!))).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('What answers at this address is not') as string,
		});
	}
});

test.each([200, 400, 401, 403] as const)(
	'MailPartner may say with HTTP %i that a key is wrong',
	async (status) => {
		bench.simulator.mailPartner.books.wrongKeyStatus = status;
		const data = { ...right(logins[3]!), ...wrongSecret };
		expect(await bench.engine.testCredential('mailPartnerApi', data)).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(
				/^MailPartner \(or SMS Partner\) does not accept this API key/,
			) as string,
		});
	},
);

test.each([
	[{ success: false, code: 10 }, /does not accept this API key/],
	[{ success: 'false', code: '10' }, /does not accept this API key/],
	[{ success: 0, code: '40' }, /switch API access on/],
	[{ success: 'false', code: '777' }, /does not document/],
	[{ success: false }, /does not document/],
])('MailPartner may say no with %j', async (body, says) => {
	bench.simulator.order({ fault: 'body', body: JSON.stringify(body) });
	expect(await bench.engine.testCredential('mailPartnerApi', right(logins[3]!))).toMatchObject({
		status: 'Error',
		message: expect.stringMatching(says) as string,
	});
});

test('Club Texting may deny access to an account that has none by API', async () => {
	bench.simulator.order({ fault: 'status403' });
	expect(await bench.engine.testCredential('clubTextingApi', right(logins[1]!))).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('API access is switched on') as string,
	});
});

describe('the test of paymentCardApi', () => {
	const testCard = async (change = {}) =>
		await bench.engine.testCredential('paymentCardApi', { ...cards.visa, ...change });

	test.each(Object.values(cards))('a $cardType card passes', async (card) => {
		expect(await testCard(card)).toMatchObject({ status: 'OK', requests: [] });
	});

	test.each([
		['a check digit', { number: '4111111111111112' }, 'check digit'],
		['a length', { number: '41111111111111' }, '14 digits'],
		['a type', { cardType: 'discover' }, 'not a Discover number'],
		['a code', { securityCode: '12' }, 'must have 3 digits'],
		['a month', { expirationMonth: '00' }, 'from 01 to 12'],
		['a date', { expirationYear: '2019' }, 'has expired'],
		['a name', { lastName: '' }, '“Last Name”'],
	])('%s that is wrong is told, without the card', async (_case, change, text) => {
		const result = await testCard(change);
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringContaining(text) as string,
			requests: [],
		});
		expect(result.message).not.toMatch(/\d{5}/);
	});

	test('nothing is sent anywhere', () => {
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe.each(logins)('the address of $type.name', (login) => {
	const { type, provider, production } = login;
	const reading = { resource: 'credit', operation: 'getBalance' };
	const runWith = async (data: ICredentialDataDecryptedObject, more = {}) =>
		await bench.engine.runNode(
			nodeTypes[provider],
			{ ...reading, ...more },
			{ credentials: { ...credentialsFor(bench.simulator), [type.name]: data }, items: [{}, {}] },
		);

	test.each([
		['plain http to another machine', 'http://gateway.example.com/v1', 'is not https'],
		['plain http to another machine in the same network', 'http://192.168.1.10:8080', 'is not https'],
		['a name that looks like this machine', 'http://localhost.example.com', 'is not https'],
		['an address that looks like this machine', 'http://127.0.0.1.example.com', 'is not https'],
		['all addresses of this machine', 'http://0.0.0.0:5680', 'is not https'],
		['another protocol', 'ftp://gateway.example.com', 'is not https'],
		['another protocol to this machine', 'ftp://127.0.0.1:5680', 'is not https'],
		['a script', 'javascript:alert(1)', 'is not https'],
		['a log-in inside', 'https://winnie:honey@gateway.example.com', 'holds more than an address and a path'],
		['a user inside', 'https://winnie@gateway.example.com', 'holds more than an address and a path'],
		['a query', 'https://gateway.example.com/?to=elsewhere', 'holds more than an address and a path'],
		['a fragment', 'https://gateway.example.com/#v1', 'holds more than an address and a path'],
		['no protocol', 'gateway.example.com/v1', 'is not a complete URL'],
		['half an address', 'https://', 'is not a complete URL'],
	])('is refused with %s', async (_case, baseUrl, trouble) => {
		const data = { ...right(login), baseUrl };
		const run = await runWith(data);
		expect(run.error?.message).toMatch(/^“Base URL” of the credential /);
		expect(run.error?.message).toContain(trouble);
		expect(run.error?.description).toContain('https://gateway.example.com/v1');
		expect(run.requests).toEqual([]);
		expect(run.error?.message).not.toMatch(/winnie|honey/);

		const tested = await bench.engine.testCredential(type.name, data);
		expect(tested.status).toBe('Error');
		expect(tested.requests).toEqual([]);
	});

	test('is refused where there is none', async () => {
		const run = await runWith({ ...right(login), baseUrl: ' ' });
		expect(run.error?.message).toMatch(/^“Base URL” of the credential is not a complete URL/);
		expect(run.requests).toEqual([]);
	});

	test('may end with a slash, be in capitals and stand between blanks', async () => {
		const data = right(login);
		const baseUrl = ` ${String(data.baseUrl).replace('http', 'HTTP')}// `;
		expect(itemsOf(await runWith({ ...data, baseUrl }))).toHaveLength(2);
	});

	test('is the provider’s own in production', async () => {
		const data = { ...right(login), environment: 'production' };
		await expect(runWith(data, acting[provider])).rejects.toThrow(new URL(production).host);
		expect(await bench.engine.testCredential(type.name, data)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining(new URL(production).host) as string,
		});
	});

	test('of an environment that does not exist is refused', async () => {
		const run = await runWith({ ...right(login), environment: 'sandbox' });
		expect(run.error?.message).toContain('“Environment” has the unknown value "sandbox"');
		expect(run.requests).toEqual([]);
	});
});

test.each([
	['http://localhost:5680', 'http://localhost:5680'],
	['http://[::1]:5680/v1', 'http://[::1]:5680/v1'],
	['http://127.0.0.1', 'http://127.0.0.1'],
	['http://127.100.20.255:5680', 'http://127.100.20.255:5680'],
	['https://gateway.example.com//v1//', 'https://gateway.example.com//v1'],
])('of an own address, %s, this is used', (baseUrl, used) => {
	expect(baseUrlOf({ environment: 'custom', baseUrl }, {})).toBe(used);
});

test('without an environment, the address is that of production', () => {
	expect(baseUrlOf({}, { production: 'https://api.example.com' })).toBe('https://api.example.com');
});

test('the staging site of Click2Mail', async () => {
	const data = { ...right(logins[0]!), environment: 'staging' };
	const credentials = { ...credentialsFor(bench.simulator), click2MailApi: data };
	const parameters = { resource: 'credit', ...acting.click2mail };
	await expect(
		bench.engine.runNode(nodeTypes.click2mail, parameters, { credentials, items: [{}] }),
	).rejects.toThrow('stage-rest.click2mail.com');
	expect(await bench.engine.testCredential('click2MailApi', data)).toMatchObject({
		message: expect.stringContaining('stage-rest.click2mail.com') as string,
	});
});

test('of a log-in that is not filled in, only its header is a secret', () => {
	expect(basicSecrets({})).toEqual(['', 'Og==']);
});

const NOT_ADDED =
	'“Base URL” of the credential is not where this request goes; the log-in was not added to it';

describe.each(logins)('the log-in of $type.name', ({ type, production }) => {
	const data = { environment: 'production', username: 'winnie', password: 'honey', apiKey: 'honey' };
	const gateway = { ...data, environment: 'custom', baseUrl: 'https://gateway.example.com/v1/' };
	const authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		if (typeof type.authenticate !== 'function') throw new Error('No function authenticates');
		return await type.authenticate(credentials, options);
	};
	const { host, origin, pathname } = new URL(production);

	test.each([
		`${production}/some/path`,
		`${production}?a=b`,
		production,
		`${production}/path?next=https://evil.example.com`,
		production.replace(host, host.toUpperCase()),
		production.replace(host, `${host}:443`),
	])('goes to %s', async (url) => {
		expect(JSON.stringify(await authenticate(data, { url }))).toContain('honey');
	});

	test('goes to a path below the base URL of a request', async () => {
		for (const baseURL of [production, `${production}/`]) {
			for (const url of ['/path', '/path?next=https://evil.example.com']) {
				expect(JSON.stringify(await authenticate(data, { baseURL, url }))).toContain('honey');
			}
		}
		const elsewhere = { baseURL: 'https://evil.example.com', url: `${production}/path` };
		expect(JSON.stringify(await authenticate(data, elsewhere))).toContain('honey');
	});

	test.each([
		'https://evil.example.com/',
		`https://evil.example.com/${host}`,
		`https://${host}.example.com/`,
		`https://${host}@evil.example.com/`,
		`https://user:pass@${host}${pathname}/`,
		`https://user@${host}${pathname}/`,
		`https://:pass@${host}${pathname}/`,
		`https://evil.example.com\\@${host}/`,
		`https://${host}:8443${pathname}/`,
		`${production.replace('https:', 'http:')}/path`,
		`${production}.example.com/`,
		`${production}evil`,
		'//evil.example.com/',
	])('never goes to %s', async (url) => {
		await expect(authenticate(data, { url })).rejects.toThrow(NOT_ADDED);
		await expect(authenticate(data, { baseURL: 'https://evil.example.com', url })).rejects.toThrow(NOT_ADDED);
		await expect(authenticate(data, { baseURL: production, url })).rejects.toThrow(NOT_ADDED);
	});

	test.each(['/path', ''])('never goes to an address that is incomplete: “%s”', async (url) => {
		for (const baseURL of [undefined, 'https://evil.example.com']) {
			await expect(authenticate(data, { baseURL, url })).rejects.toThrow(NOT_ADDED);
		}
	});

	test('stays below the path of a gateway', async () => {
		const good = ['https://gateway.example.com/v1/path', 'https://gateway.example.com/v1?a=b'];
		for (const url of good) expect(JSON.stringify(await authenticate(gateway, { url }))).toContain('honey');
		const bad = [
			'https://gateway.example.com/v2/path',
			'https://gateway.example.com/v10',
			'https://gateway.example.com/',
			'https://gateway.example.com/v1/../v2',
			'https://gateway.example.com/v1/%2e%2e/v2',
			`${origin}${pathname}/path`,
		];
		for (const url of bad) {
			await expect(authenticate(gateway, { url })).rejects.toThrow(NOT_ADDED);
		}
	});

	test('is not added where the address of the credential is refused', async () => {
		const insecure = { ...gateway, baseUrl: 'http://gateway.example.com' };
		await expect(authenticate(insecure, { url: 'http://gateway.example.com/' })).rejects.toThrow(
			'is not https',
		);
	});

	test('leaves the request itself as it was', async () => {
		const request: IHttpRequestOptions = {
			method: 'POST',
			url: `${production}/path`,
			qs: { a: 1 },
			body: { b: 2 },
			headers: { c: 'd' },
		};
		const copy = structuredClone(request);
		const sent = await authenticate(data, request);
		expect(request).toEqual(copy);
		expect(sent).toMatchObject(copy);
	});
});

test.each(logins)('n8n offers no “Custom API Call” in nodes of $type.name', ({ type }) => {
	// What it finds among a credential's own properties, it can call.
	expect(typeof type.authenticate).toBe('function');
	expect(Object.keys(type)).not.toContain('authenticate');
});

describe('where the log-in stands', () => {
	const data = { environment: 'production', username: 'winnie', password: 'honey', apiKey: 'honey' };
	const sent = async ({ type, production }: Login, options: Partial<IHttpRequestOptions>) => {
		if (typeof type.authenticate !== 'function') throw new Error('No function authenticates');
		return await type.authenticate(data, { url: `${production}/path`, ...options });
	};

	test('Click2Mail: in HTTP Basic authentication', async () => {
		const auth = { username: 'winnie', password: 'honey', sendImmediately: true };
		expect(await sent(logins[0]!, { method: 'GET' })).toMatchObject({ auth });
		const post = await sent(logins[0]!, { method: 'POST', body: { a: '1' } });
		expect(post).toMatchObject({ auth, body: { a: '1' } });
		expect(post.qs).toBeUndefined();
	});

	test('Club Texting: in the form of a POST, else in the query', async () => {
		const login = { User: 'winnie', Password: 'honey' };
		const post = await sent(logins[1]!, { method: 'POST', qs: { format: 'json' }, body: { Message: 'Hi' } });
		expect(post).toMatchObject({ qs: { format: 'json' }, body: { ...login, Message: 'Hi' } });
		expect(post.qs).toEqual({ format: 'json' });
		for (const method of ['GET', 'DELETE'] as const) {
			const get = await sent(logins[1]!, { method, qs: { format: 'json' } });
			expect(get.qs).toEqual({ format: 'json', ...login });
			expect(get.body).toBeUndefined();
		}
	});

	test('MailPartner: in the JSON body of a POST, else in the query', async () => {
		const post = await sent(logins[3]!, { method: 'POST', body: { credit: '10' } });
		expect(post.body).toEqual({ apiKey: 'honey', credit: '10' });
		expect(post.qs).toBeUndefined();
		expect((await sent(logins[3]!, { method: 'POST' })).body).toEqual({ apiKey: 'honey' });
		expect((await sent(logins[3]!, { method: 'GET', qs: { page: '2' } })).qs).toEqual({
			page: '2',
			apiKey: 'honey',
		});
	});
});

test('a key of MailPartner that was broken over two lines, or at a no-break space, is put together', async () => {
	const login = logins[3]!;
	const { apiKey, ...data } = right(login);
	for (const torn of ['\r\n', '\u00A0', ' ']) {
		const given = { ...data, apiKey: `${String(apiKey).slice(0, 9)}${torn}${String(apiKey).slice(9)}` };
		expect(await bench.engine.testCredential(login.type.name, given)).toMatchObject({ status: 'OK' });
		const credentials = { [login.type.name]: given };
		const run = await bench.run('mailPartner', balance.mailPartner, [{}, {}], { credentials });
		expect(itemsOf(run)).toHaveLength(2);
	}
});

describe('n8n’s HTTP Request node may log in with the credentials, too', () => {
	// Its requests go by older names: `uri` for `url`, and `form` for the fields of a form.
	const data = { environment: 'production', username: 'winnie', password: 'honey', apiKey: 'honey' };
	const sent = async ({ type }: Login, options: Record<string, unknown>) => {
		if (typeof type.authenticate !== 'function') throw new Error('No function authenticates');
		return await type.authenticate(data, options as never);
	};

	test.each(logins)('$type.name, and only at home', async (login) => {
		const uri = `${login.production}/path`;
		expect(JSON.stringify(await sent(login, { method: 'GET', uri }))).toContain('honey');
		for (const elsewhere of [
			{ uri: 'https://evil.example.com/path' },
			{ uri: 'https://evil.example.com/path', url: uri },
			{ uri, url: 'https://evil.example.com/path' },
			{},
		]) {
			await expect(sent(login, { method: 'GET', ...elsewhere })).rejects.toThrow(
				'the log-in was not added to it',
			);
		}
	});

	test('Club Texting: among the fields of its form', async () => {
		const uri = `${logins[1]!.production}/sending/messages`;
		const post = await sent(logins[1]!, { method: 'POST', uri, form: { Message: 'Hi' } });
		expect(post).toEqual({
			method: 'POST',
			uri,
			form: { User: 'winnie', Password: 'honey', Message: 'Hi' },
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		});
	});

	test.each(logins)('$type.name: no redirect carries the log-in away', async (login) => {
		const uri = `${login.production}/path`;
		for (const method of ['GET', 'POST']) {
			const asked = { method, uri, followRedirect: true, followAllRedirects: true };
			expect(await sent(login, asked)).toMatchObject({
				disableFollowRedirect: true,
				followRedirect: false,
				followAllRedirects: false,
			});
		}
	});
});
