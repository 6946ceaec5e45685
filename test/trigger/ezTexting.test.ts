import { createHmac } from 'node:crypto';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { EzTextingApi } from '../../credentials/EzTextingApi.credentials';
import { EzTextingTrigger } from '../../nodes/EzTexting/EzTextingTrigger.node';
import { createEngine, type Engine } from '../engine';
import { lines } from '../harness';
import { callbackOf, startSimulator, type Signature, type Simulator } from '../simulator';
import { newWorkflowId } from './calls';

/** EZ Texting's trigger: what it registers and takes out, and what it makes of a callback. */
const TYPE = 'n8n-nodes-messaging-credits.ezTextingTrigger';
const SENDER = '12125550111';

let simulator: Simulator;
let engine: Engine;
let workflowId: string;

beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	engine = createEngine({
		nodes: { [TYPE]: new EzTextingTrigger() },
		credentialTypes: [new EzTextingApi()],
	});
	workflowId = newWorkflowId();
});
afterEach(() => expect(simulator.mistakes()).toEqual([]));
afterAll(async () => await simulator.close());

const books = () => simulator.ezTexting.books;
const given = () => {
	const { password } = books();
	return { workflowId, credentials: { ezTextingApi: { ...simulator.ezTexting.credentials, password } } };
};
const method = async (name: 'checkExists' | 'create' | 'delete', parameters: INodeParameters = {}) =>
	await engine.webhookMethod(TYPE, name, parameters, given());

/** Publishes the workflow as n8n does. */
async function publish(parameters: INodeParameters = {}): Promise<void> {
	if (!(await method('checkExists', parameters))) await method('create', parameters);
}

interface Callback {
	parameters?: INodeParameters;
	type?: string;
	signature?: Signature;
	/** In place of the address that is registered. */
	token?: string;
	headers?: Record<string, string>;
	/** In place of the bytes that were signed. */
	bytes?: string;
}

/** Delivers what EZ Texting posts to the address that is registered. */
async function deliver(fields: IDataObject, callback: Callback = {}) {
	const { parameters = {}, type = 'inbound_text.received', signature = 'none' } = callback;
	const subscription = books().subscriptions.find((one) => one.type === type)!;
	const { body, headers } = callbackOf(books(), subscription, fields, signature);
	const query = callback.token ?? new URL(subscription.callbackUrl).search;
	return await engine.callWebhook(TYPE, parameters, {
		...given(),
		query,
		headers: { ...headers, ...callback.headers },
		body: callback.bytes ?? body,
	});
}

const text = (more: IDataObject = {}): IDataObject => ({
	id: '309100000003',
	fromNumber: SENDER,
	toNumber: '13135550199',
	message: 'honey',
	received: '2026-09-14T17:06:31.042+00:00',
	optIn: false,
	optOut: false,
	...more,
});

describe('registers itself', () => {
	test('with a subscription for each type, at an address with a token of its own and a secret', async () => {
		await publish({ events: ['messageReceived', 'optedOut', 'keywordOptIn', 'contactCreated'] });
		const { subscriptions } = books();
		expect(subscriptions.map(({ type }) => type).sort()).toEqual([
			'contact.created',
			'inbound_text.received',
			'keyword.opt_in',
		]);
		const tokens = subscriptions.map(
			({ type, callbackUrl }) => callbackUrl.split(`/webhook?type=${type}&token=`)[1],
		);
		expect([...new Set(tokens)]).toEqual([expect.stringMatching(/^[\w-]{32}$/)]);
		expect(new Set(subscriptions.map(({ secret }) => secret)).size).toBe(1);
		expect(subscriptions[0]?.secret).toMatch(/^[\w-]{32}$/);
	});

	test('once, and anew when other events are picked', async () => {
		await publish();
		const [first] = books().subscriptions;
		await publish();
		expect(books().subscriptions).toEqual([first]);
		await publish({ events: ['keywordOptIn'] });
		expect(books().subscriptions.map(({ type }) => type)).toEqual(['keyword.opt_in']);
	});

	test('takes out its own alone, also those that a crash has left behind', async () => {
		await publish();
		const own = books().subscriptions[0]!.callbackUrl.split('?')[0]!;
		const others = [
			own.replace('/webhook/', '/webhook-test/'),
			`${own}/more?token=x`,
			'https://zapier.example.com/1?token=',
			// More than a page of the list holds.
			...Array.from({ length: 210 }, (_, place) => `https://crm.example.com/${place}`),
		];
		for (const [place, callbackUrl] of [...others, `${own}?token=lost`].entries())
			books().subscriptions.push({
				id: `9${place}`,
				type: 'inbound_text.received',
				callbackUrl,
				insecureSsl: false,
			});
		await publish();
		expect(books().subscriptions.map(({ callbackUrl }) => callbackUrl)).toEqual([
			...others,
			expect.stringContaining(own),
		]);
		await method('delete');
		expect(books().subscriptions.map(({ callbackUrl }) => callbackUrl)).toEqual(others);
	});

	test('leaves alone what only has the ID of its own, as another account’s may, and finds its own at an earlier address', async () => {
		await publish();
		const [own] = books().subscriptions;
		const other = { ...own!, callbackUrl: 'https://zapier.example.com/1?token=theirs' };
		const moved = {
			...own!,
			id: '77',
			callbackUrl: own!.callbackUrl.replace(/^https?:..[^/]+/, 'https://old.example.com'),
		};
		books().subscriptions = [other, moved];
		await publish();
		expect(books().subscriptions).toEqual([other, expect.objectContaining({ type: own!.type })]);
		await method('delete');
		expect(books().subscriptions).toEqual([other]);
	});

	test('once, also where the address holds a word that is the password', async () => {
		books().password = 'webhook';
		await publish();
		const [first] = books().subscriptions;
		await publish();
		expect(books().subscriptions).toEqual([first]);
		books().subscriptions.push({ ...first!, id: '9', callbackUrl: `${first!.callbackUrl}lost` });
		await method('delete');
		expect(books().subscriptions).toEqual([]);
	});

	test('and tells nobody its token and its secret where EZ Texting repeats them', async () => {
		await publish();
		const before = books().subscriptions[0]!;
		simulator.order({ fault: 'echoSecrets', operation: 'subscribe' });
		const error = (await publish({ events: ['keywordOptIn'] }).catch((thrown: unknown) => thrown)) as Error;
		expect(error.message).toContain('EZ Texting refused');
		const [request] = simulator.requests.filter(({ operation }) => operation === 'subscribe').slice(-1);
		const { secret, callbackUrl } = request!.json as { secret: string; callbackUrl: string };
		for (const hidden of [secret, new URL(callbackUrl).searchParams.get('token')!])
			expect(JSON.stringify([error, error.message])).not.toContain(hidden);
		expect(secret).not.toBe(before.secret);
	});

	test('wholly or not at all', async () => {
		simulator.order({ fault: 'status500', operation: 'subscribe', after: 1 });
		await expect(publish({ events: ['messageReceived', 'keywordOptIn'] })).rejects.toThrow(/EZ Texting/);
		expect(books().subscriptions).toEqual([]);
		expect(lines(simulator.requests).filter((line) => line.startsWith('POST'))).toHaveLength(2);
	});

	test('once more after a 429, and says what to do where no clear answer came', async () => {
		simulator.order({ fault: 'status429', operation: 'subscribe' });
		await publish();
		expect(books().subscriptions).toHaveLength(1);
		simulator.order({ fault: 'status500', operation: 'subscribe' });
		await expect(publish({ events: ['keywordOptIn'] })).rejects.toMatchObject({
			message: expect.stringContaining('unknown whether EZ Texting registered the webhook') as string,
			description: expect.stringMatching(/^Try once more .* taken out first\.$/) as string,
		});
		expect(books().subscriptions).toEqual([]);
	});

	test.each([
		['where the answer to a removal is lost', 'resetAfter', 1, 0],
		['and leaves one alone that can’t be removed', 'resetBefore', 3, 1],
	] as const)('takes out all of its own, %s', async (_what, fault, times, left) => {
		await publish({ events: ['messageReceived', 'keywordOptIn', 'contactCreated'] });
		simulator.order({ fault, operation: 'unsubscribe', times });
		const removing = method('delete');
		await (left === 0 ? removing : expect(removing).rejects.toThrow(/EZ Texting/));
		expect(books().subscriptions).toHaveLength(left);
		await method('delete');
		expect(books().subscriptions).toEqual([]);
	});

	test('not without events, and says what is wrong with a log-in', async () => {
		await expect(publish({ events: [] })).rejects.toThrow('“Trigger On” is empty');
		simulator.order({ fault: 'status401', times: Infinity });
		await expect(publish()).rejects.toThrow(/EZ Texting refused: Invalid username or password/);
	});
});

describe('a callback', () => {
	beforeEach(async () => await publish());

	test('starts the workflow with one item, and is answered by an empty 200', async () => {
		const reply = await deliver(text());
		expect([reply.status, reply.body]).toEqual([200, '']);
		expect(reply.items).toEqual([
			[
				{
					json: {
						phoneNumber: '2125550111',
						ownNumber: '3135550199',
						message: 'honey',
						kind: 'messageReceived',
						receivedAt: '2026-09-14T17:06:31.042Z',
						keyword: null,
						optedIn: false,
						optedOut: false,
						answersMessageId: '309100000003',
					},
				},
			],
		]);
	});

	test('with an ID that no number holds gives all of its digits', async () => {
		const bytes = JSON.stringify({ type: 'inbound_text.received', ...text() }).replace(
			'"309100000003"',
			'309100000000000000003',
		);
		const reply = await deliver({}, { bytes });
		expect(reply.items[0]?.[0]?.json.answersMessageId).toBe('309100000000000000003');
	});

	test('is one run, however often it comes; two answers to one message are two', async () => {
		const started = [];
		for (const more of [
			{},
			{},
			{ received: '2026-09-14T17:06:31.042Z' },
			// Not in the zone of this machine.
			{ received: '2026-09-14T17:06:31.042' },
			{ received: '2026-09-14T17:06:31.043Z' },
			{ fromNumber: '12125550112' },
			{ fromNumber: '+1 (212) 555-0112' },
			{ fromNumber: '212.555.0112' },
		])
			started.push((await deliver(text(more))).started);
		expect(started).toEqual([true, false, false, false, true, true, false, false]);
	});

	test.each([
		['X-Signature', 'sha1'],
		['X-Signature-256', 'sha256'],
	] as const)('with %s is checked over the bytes that came', async (signature, algorithm) => {
		expect((await deliver(text(), { signature })).started).toBe(true);
		const { secret } = books().subscriptions[0]!;
		const bytes = '{ "type":"inbound_text.received", "fromNumber":"12125550119",\n"message":"h\\u00e4" }';
		const sign = (key: string) => ({
			[signature]: createHmac(algorithm, key).update(bytes).digest('base64'),
		});
		expect((await deliver({}, { bytes, headers: sign(secret!) })).started).toBe(true);
		for (const headers of [sign('mysecrets'), { [signature]: 'x' }, { [signature]: '' }]) {
			const wrong = await deliver({}, { bytes: `${bytes} `, headers });
			expect([wrong.status, wrong.started, wrong.body]).toEqual([403, false, '']);
		}
	});

	test.each(['', '?token=', '?token=wrong', '?token=a&token=b'])(
		'with the token %j is turned away',
		async (token) => {
			const reply = await deliver(text(), { token });
			expect([reply.status, reply.started, reply.body]).toEqual([403, false, '']);
		},
	);

	test('without a signature is turned away where one is required', async () => {
		const parameters = { options: { requireSignature: true } };
		expect((await deliver(text(), { parameters })).status).toBe(403);
		expect((await deliver(text(), { parameters, signature: 'X-Signature-256' })).started).toBe(true);
	});

	test.each([
		['both', ['messageReceived', 'optedOut'], ['messageReceived', 'optedOut']],
		['messages', ['messageReceived'], ['messageReceived', 'messageReceived']],
		['opt-outs', ['optedOut'], [undefined, 'optedOut']],
	])('that opts out is told as such: %s', async (_which, events, kinds) => {
		const parameters = { events };
		const said = await deliver(text(), { parameters });
		const left = await deliver(text({ message: 'STOP', optOut: true, fromNumber: '12125550112' }), {
			parameters,
		});
		expect([said, left].map(({ items }) => items[0]?.[0]?.json.kind)).toEqual(kinds);
		expect(left.items[0]?.[0]?.json.optedOut).toBe(true);
	});

	test.each([
		['no sender', '{"type":"inbound_text.received","message":"hi"}'],
		['another type', '{"type":"something.else","fromNumber":"12125550111"}'],
		['no object', '[1]'],
	])('with %s starts nothing', async (_what, bytes) => {
		const reply = await deliver({}, { bytes });
		expect([reply.status, reply.started, reply.body]).toEqual([200, false, '']);
	});
});

test('keywords and contacts come out as they are', async () => {
	const parameters = { events: ['keywordOptIn', 'contactCreated'] };
	await publish(parameters);
	const joined = await deliver(
		{ id: '1', fromNumber: SENDER, toNumber: '313131', keyword: 'HONEY' },
		{ parameters, type: 'keyword.opt_in' },
	);
	expect(joined.items[0]?.[0]?.json).toMatchObject({
		...{ phoneNumber: '2125550111', ownNumber: '313131', kind: 'keywordOptIn', keyword: 'HONEY' },
		...{ message: null, answersMessageId: '1' },
	});
	const fields = {
		phone_number: SENDER,
		GroupIds: [{ group_id: 1 }],
		ID: 7,
		'callback-URL': 'x',
		URLList: [],
		IDNumber: 1,
	};
	const contact = {
		kind: 'contactCreated',
		phoneNumber: SENDER,
		groupIds: [{ groupId: 1 }],
		id: 7,
		callbackURL: 'x',
		urlList: [],
		idNumber: 1,
	};
	const type = 'contact.created';
	const made = await deliver(fields, { parameters, type });
	expect(made.items[0]?.[0]?.json).toMatchObject({ ...contact, type });
	// How one looks is not known: what comes at its address is one, but for what tells nothing.
	const untyped = await deliver({}, { parameters, type, bytes: JSON.stringify(fields) });
	expect(untyped.items).toEqual([[{ json: contact }]]);
	for (const bytes of ['{}', '[1]', 'null', '', JSON.stringify({ ...fields, type: 'something.else' })])
		expect(await deliver({}, { parameters, type, bytes })).toMatchObject({ status: 200, started: false });
});
