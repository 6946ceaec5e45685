import { createHmac } from 'node:crypto';
import { callbackOf, ezTextingContact, startSimulator, type Simulator } from './index';

/** What the simulated EZ Texting takes and what it says: reference, rules for a strict simulator. */
let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const books = () => simulator.ezTexting.books;

interface Reply {
	status: number;
	headers: Headers;
	text: string;
	json: { [key: string]: unknown };
}

async function call(
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<Reply> {
	const { username, password, baseUrl } = simulator.ezTexting.credentials;
	const response = await fetch(`${baseUrl}${path}`, {
		method,
		headers: {
			Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
			...(body !== undefined && { 'Content-Type': 'application/json' }),
			...headers,
		},
		...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
	});
	const text = await response.text();
	const json = (/^[[{]/.test(text) ? JSON.parse(text) : {}) as Reply['json'];
	return { status: response.status, headers: response.headers, text, json };
}

const NUMBER = '12125550101';

test('every call needs its log-in, and a body of JSON', async () => {
	const none = await fetch(`${simulator.ezTexting.baseUrl}/credits`);
	expect(none.status).toBe(401);
	expect(await none.json()).toMatchObject({ status: 401, title: 'Missing authorization header' });
	const wrong = await call('GET', '/credits', undefined, { Authorization: 'Basic d3Jvbmc6d3Jvbmc=' });
	expect(wrong.json).toMatchObject({ status: 401, title: 'Invalid username or password' });
	books().accessTokens.add('abc');
	const bearer = await call('GET', '/credits', undefined, { Authorization: 'Bearer abc' });
	expect(bearer.json).toEqual({ planCredits: 500, anytimeCredits: 200_000, totalCredits: 200_500 });
	const form = await call('POST', '/blocks', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' });
	expect(form.status).toBe(415);
});

test('a message goes out for numbers or groups, with a text, and its reply is an ID and nothing else', async () => {
	const sent = await call('POST', '/messages', { toNumbers: [NUMBER, '2125550102'], message: 'Honey' });
	expect([200, 201]).toContain(sent.status);
	expect(sent.json).toEqual({ id: '271100000003' });
	expect(books().delivered.map(({ number }) => number)).toEqual([NUMBER, '12125550102']);
	for (const body of [{ message: 'Honey' }, { toNumbers: [NUMBER] }, { to: NUMBER, body: 'Honey' }]) {
		expect((await call('POST', '/messages', body)).status).toBe(400);
	}
	expect((await call('POST', '/messages', { phoneNumbers: [NUMBER], message: 'Honey' })).status).toBe(400);
	expect(books().delivered).toHaveLength(2);
	expect(simulator.mistakes()).not.toEqual([]);
});

test('an invalid number stops everything under strict validation, and is dropped without it', async () => {
	const numbers = { toNumbers: [NUMBER, '999'], message: 'Honey' };
	const strict = await call('POST', '/messages', { ...numbers, strictValidation: true });
	expect(strict.status).toBe(400);
	expect(books().delivered).toEqual([]);
	await call('POST', '/messages', numbers);
	expect(books().delivered.map(({ number }) => number)).toEqual([NUMBER]);
});

test.each([
	['GET', '/contacts?size=30', 400],
	['GET', '/contacts?sort=createdAt', 400],
	['GET', '/contacts?filters[source][eq]=ZZZ', 400],
	['GET', '/contacts?filters[createdAt][gte]=2026-01-01', 200],
	['GET', '/contacts/12125559999', 404],
	['GET', '/sms', 404],
	['POST', '/groups', 404],
])('%s %s is answered by %i', async (method, path, status) => {
	expect((await call(method, path)).status).toBe(status);
});

test('a contact is its number: written twice it is one, and nobody can write its opt-out', async () => {
	for (const phoneNumber of ['2125550101', NUMBER]) {
		const { json } = await call('POST', '/contacts', {
			phoneNumber,
			optOut: true,
			groupIdsAdd: ['46300000001'],
		});
		expect(json).toEqual({ id: NUMBER });
	}
	const { json } = await call('GET', `/contacts/${NUMBER}`);
	expect(json).toMatchObject({ phoneNumber: NUMBER, optOut: false, groups: [{ name: 'honey lovers' }] });
	expect(books().contacts.size).toBe(1);
});

test('members of a group stand in the query; a body with them has no effect', async () => {
	const path = '/contact-groups/46300000001/contacts';
	expect((await call('POST', path, { contact_ids: [NUMBER] })).status).toBe(400);
	const added = await call('POST', `${path}?phoneNumbers=${NUMBER}&phoneNumbers=2125550102`);
	expect(added.json).toEqual([NUMBER, '12125550102']);
	await call('DELETE', `${path}?phoneNumbers=2125550102`);
	expect(books().groups[0]?.members).toEqual([NUMBER]);
});

test('pages begin at 0 and say how many there are', async () => {
	for (let i = 0; i < 25; i++) ezTextingContact(books(), `21255501${10 + i}`);
	const { json } = await call('GET', '/contacts?size=20&page=1');
	expect(json).toMatchObject({
		totalElements: 25,
		totalPages: 2,
		numberOfElements: 5,
		last: true,
		number: 1,
	});
});

test('a deletion carries its IDs in a body; what is not known varies', async () => {
	await call('POST', '/messages', { toNumbers: [NUMBER], message: 'A', sendAt: '2031-12-03T10:15:30+00:00' });
	expect((await call('DELETE', '/messages', { ids: ['271100000003'] })).status).toBe(400);
	expect((await call('DELETE', '/messages', { ids: [271100000003] })).text).toBe('');
	expect(books().rows).toEqual([]);
	const purchases = [];
	for (let i = 0; i < 6; i++) {
		const { status, text } = await call('POST', '/credits/purchase', {
			credits: 5,
			creditCardLastFour: '1111',
		});
		purchases.push(`${status} ${text}`);
	}
	expect(new Set(purchases).size).toBeGreaterThan(3);
});

test('more than 200 requests a minute are answered by 429, with and without its header', async () => {
	const all = await Promise.all(Array.from({ length: 230 }, async () => await call('GET', '/credits')));
	const late = all.filter(({ status }) => status === 429);
	expect(late).toHaveLength(30);
	const named = late.map(({ headers }) => headers.get('X-Rate-Limit-Retry-After-Milliseconds'));
	expect(named).toContain(null);
	expect(named.some((ms) => Number(ms) > 50_000)).toBe(true);
	expect(new Set(late.map(({ text }) => text === ''))).toEqual(new Set([true, false]));
});

test('a subscription is of one of three types, and a callback is signed in one of three ways', async () => {
	const callbackUrl = 'https://n8n.example.com/webhook/1';
	expect((await call('POST', '/webhooks/subscriptions', { type: 'other', callbackUrl })).status).toBe(400);
	const made = await call('POST', '/webhooks/subscriptions', {
		type: 'inbound_text.received',
		callbackUrl,
		secret: 'mysecrets',
	});
	const { json } = await call('GET', '/webhooks/subscriptions');
	expect(json.content).toEqual([
		{ id: made.json.id, type: 'inbound_text.received', callbackUrl, insecureSsl: false },
	]);
	const [subscription] = books().subscriptions;
	const { body, headers } = callbackOf(books(), subscription!, { message: 'hi' }, 'X-Signature');
	expect(headers['X-Signature']).toBe(createHmac('sha1', 'mysecrets').update(body).digest('base64'));
	const { json: sent } = await call('POST', '/messages', { toNumbers: [NUMBER], message: 'Honey?' });
	const answers = ['Yes', 'No'].map((message) =>
		callbackOf(books(), subscription!, { fromNumber: NUMBER, message }),
	);
	for (const answer of answers) expect(JSON.parse(answer.body)).toMatchObject({ id: sent.id });
	expect((await call('DELETE', `/webhooks/subscriptions/${String(made.json.id)}`)).text).toBe('');
	expect(books().subscriptions).toEqual([]);
});
