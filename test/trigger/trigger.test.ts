import { ClubTextingTrigger } from '../../nodes/ClubTexting/ClubTextingTrigger.node';
import { createEngine } from '../engine';
import { form, get, trigger, TYPE } from './calls';

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

	it('keeps the digits of a number that is none of North America', async () => {
		const reply = await trigger()(get({ from: '+44 20 7946 0018', message: 'hi' }));
		expect(reply.items[0]![0]!.json.phoneNumber).toBe('442079460018');
	});

	it('starts nothing for a call that is no text message', async () => {
		const reply = await trigger()(get({ hello: 'world' }));
		expect(reply).toMatchObject({ status: 200, body: '', started: false });
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

describe('the token', () => {
	const token = 'a-long-random-text-0123456789';

	it('lets in who has it', async () => {
		const call = trigger({ options: { token } });
		expect(await call({ ...form(REPLY), query: { token } })).toMatchObject({ status: 200, started: true });
		expect(await call(get({ ...KEYWORD, token }))).toMatchObject({ status: 200, started: true });
	});

	it.each([
		['missing', {}],
		['wrong', { token: 'a-long-random-text-0123456788' }],
		['shorter', { token: 'a' }],
		['empty', { token: '' }],
	])('keeps out a call whose token is %s', async (_name, query) => {
		const reply = await trigger({ options: { token, replyText: 'Thank you!' } })({ ...form(REPLY), query });
		expect(reply).toMatchObject({ status: 403, body: '', started: false });
	});

	it('does not stand in the item', async () => {
		const reply = await trigger({ options: { token } })(get({ ...KEYWORD, token }));
		expect(JSON.stringify(reply.items)).not.toContain(token);
	});
});

describe('activation', () => {
	it.each(['checkExists', 'create', 'delete'] as const)('%s changes nothing anywhere', async (method) => {
		const engine = createEngine({ nodes: { [TYPE]: new ClubTextingTrigger() } });
		expect(await engine.webhookMethod(TYPE, method, {})).toBe(true);
	});
});
