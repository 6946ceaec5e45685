import { brokenTrigger, form, get, json, textedBy, trigger } from './calls';

const KEYWORD = { PhoneNumber: '2123456785', Message: 'honey' };
const REPLY = { from: '2123456785', message: 'honey two jars' };

describe('what comes in', () => {
	it.each([
		['keyword by GET', get(KEYWORD), 'keyword', 'honey'],
		['keyword by form POST', form(KEYWORD), 'keyword', 'honey'],
		['reply by GET', get(REPLY), 'reply', 'honey two jars'],
		['reply by form POST', form(REPLY), 'reply', 'honey two jars'],
	])('%s starts the workflow with one item', async (_name, call, kind, message) => {
		const before = Date.now();
		const reply = await trigger()(call);
		expect(reply.started).toBe(true);
		expect(reply.items).toHaveLength(1);
		expect(reply.items[0]).toHaveLength(1);
		const { receivedAt, ...rest } = reply.items[0]![0]!.json;
		expect(rest).toEqual({ phoneNumber: '2123456785', message, kind });
		expect(receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		expect(Date.parse(String(receivedAt))).toBeGreaterThanOrEqual(before);
	});

	it.each(['12123456785', '+1 (212) 345-6785', '212-345-6785'])(
		'cleans the number %s to ten digits',
		async (from) => {
			const reply = await trigger()(get({ from, message: 'hi' }));
			expect(reply.items[0]![0]!.json.phoneNumber).toBe('2123456785');
		},
	);

	it.each(['+44 20 7946 0018', 'HONEYSHOP', 'jo@example.com', '32665', '12125550101 x5'])(
		'passes on the sender %s, which is not a phone number of North America, as it came',
		async (from) => {
			const reply = await trigger()(form({ from, message: 'hi' }));
			expect(reply.items[0]![0]!.json.phoneNumber).toBe(from);
		},
	);

	it.each([
		['numbers', { PhoneNumber: 12123456785, Message: 42 }, ['2123456785', '42', 'keyword']],
		['numbers of a reply', { from: 2123456785, message: 0 }, ['2123456785', '0', 'reply']],
		['lists', { from: ['', '2123456785', '2'], message: ['hi', 'ho'] }, ['2123456785', 'hi', 'reply']],
		[
			'an empty keyword number',
			{ PhoneNumber: '', from: '2123456785', message: 'hi' },
			['2123456785', 'hi', 'reply'],
		],
		['no text', { from: '2123456785' }, ['2123456785', '', 'reply']],
		['an odd text', { from: '2123456785', message: { a: 1 } }, ['2123456785', '', 'reply']],
	])('reads %s in a JSON body', async (_name, body, [phoneNumber, message, kind]) => {
		const reply = await trigger()(json(body));
		expect(textedBy(reply)).toEqual({ phoneNumber, message, kind });
	});

	it('reads a name that is given twice', async () => {
		const reply = await trigger()({ method: 'GET', query: 'from=2123456785&from=2&message=a&message=b' });
		expect(textedBy(reply)).toEqual({ phoneNumber: '2123456785', message: 'a', kind: 'reply' });
	});

	it('takes the body before the query, and what only the query has from there', async () => {
		const call = {
			...form({ from: '2123456785', message: 'hi' }),
			query: { PhoneNumber: '1', Message: 'no' },
		};
		expect(textedBy(await trigger()(call))).toEqual({
			phoneNumber: '2123456785',
			message: 'hi',
			kind: 'reply',
		});
		const split = { ...form({ message: 'hi' }), query: { PhoneNumber: '2123456785' } };
		expect(textedBy(await trigger()(split))).toEqual({
			phoneNumber: '2123456785',
			message: 'hi',
			kind: 'keyword',
		});
	});

	it.each([
		['a call that is not a text message', get({ hello: 'world' })],
		['a text without a sender', get({ Message: 'honey' })],
		['an empty sender', get({ PhoneNumber: '', from: ' ', Message: 'honey', message: 'honey' })],
		['a sender that nobody sees', get({ from: '\u200B\u00A0\uFEFF', message: 'honey' })],
		['a sender of null', json({ PhoneNumber: null, from: null, Message: 'honey' })],
		['a sender that is an object', { method: 'GET', query: 'from[a]=1&message=honey' }],
		['an empty list of senders', json({ from: [], message: 'honey' })],
		['a body of plain text', { method: 'POST', body: 'from', headers: { 'content-type': 'text/plain' } }],
		['a body of null', { method: 'POST', body: 'null', headers: { 'content-type': 'application/json' } }],
	])('starts nothing for %s', async (_name, call) => {
		const reply = await trigger({ options: { replyText: 'Thank you!' } })(call);
		expect(reply).toMatchObject({ status: 200, body: '', started: false });
		expect(reply.error).toBeUndefined();
	});

	it.each([undefined, null, ''])('takes both events where the parameter is %j', async (events) => {
		const call = trigger({ events: events as string });
		expect((await call(get(KEYWORD))).started).toBe(true);
		expect((await call(get(REPLY))).started).toBe(true);
	});

	it('takes an event that is written without a list', async () => {
		const call = trigger({ events: 'reply' });
		expect((await call(get(KEYWORD))).started).toBe(false);
		expect((await call(get(REPLY))).started).toBe(true);
	});
});

describe('what goes back, which Club Texting texts to the person', () => {
	it('is an empty 200', async () => {
		expect(await trigger()(get(KEYWORD))).toMatchObject({ status: 200, body: '' });
	});

	it('is the reply text alone', async () => {
		const reply = await trigger({ options: { replyText: 'Thank you!' } })(form(REPLY));
		expect(reply).toMatchObject({ status: 200, body: 'Thank you!', started: true });
		expect(reply.headers['content-type']).toMatch(/^text\/plain/);
	});

	it('is an empty 200 for an event that is not selected, which starts nothing', async () => {
		const call = trigger({ events: ['keyword'], options: { replyText: 'Thank you!' } });
		expect(await call(get(REPLY))).toMatchObject({ status: 200, body: '', started: false });
		expect(await call(get(KEYWORD))).toMatchObject({ status: 200, body: 'Thank you!', started: true });
	});
});

describe('whatever goes wrong', () => {
	const BROKEN = '={{ $("Nowhere").item.json.text }}';

	it.each([
		['the events', { events: BROKEN }],
		['the reply text', { options: { replyText: BROKEN } }],
	])('in %s, no error is texted back, and it is in the log', async (_name, parameters) => {
		const reply = await trigger(parameters)(get(KEYWORD));
		expect(reply.error).toBeUndefined();
		expect(reply).toMatchObject({ status: 200, body: '', started: true });
		expect(reply.logs.join('\n')).toMatch(/^error: Node "Trigger" of workflow ".*": .+/m);
	});

	it('in what n8n keeps, the text message is heard all the same', async () => {
		const broken = brokenTrigger({
			getWorkflowStaticData: () => {
				throw new Error('database is locked');
			},
		});
		const reply = await broken(get(KEYWORD));
		expect(reply).toMatchObject({ status: 200, body: '', started: true });
		expect(reply.logs.join()).toContain('database is locked');
	});

	it.each(['getBodyData', 'getQueryData', 'getRequestObject'])(
		'in n8n (%s), the answer is empty',
		async (method) => {
			const fail = () => {
				throw new Error('<h1>secret trouble</h1>');
			};
			const broken = brokenTrigger({ [method]: fail }, { options: { token: 'honey' } });
			const reply = await broken(get({ ...KEYWORD, token: 'honey' }));
			expect(reply.error).toBeUndefined();
			expect(reply).toMatchObject({ status: 200, body: '', started: false });
			expect(reply.logs.join()).toContain('secret trouble');
		},
	);
});
