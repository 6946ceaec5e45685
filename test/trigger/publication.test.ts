import { NodeOperationError, type IHookFunctions, type INodeParameters } from 'n8n-workflow';
import { ClubTextingTrigger } from '../../nodes/ClubTexting/ClubTextingTrigger.node';
import { createEngine } from '../engine';
import { get, trigger, TYPE, withOther } from './calls';

const KEYWORD = { PhoneNumber: '2123456785', Message: 'honey' };

async function publish(parameters: INodeParameters, node = new ClubTextingTrigger()) {
	const engine = createEngine({ nodes: { [TYPE]: node } });
	return await Promise.allSettled(
		(['checkExists', 'create'] as const).map(
			async (method) => await engine.webhookMethod(TYPE, method, parameters),
		),
	);
}

/** The error of both methods, since n8n calls `create` only where `checkExists` says no. */
async function refusal(parameters: INodeParameters): Promise<NodeOperationError> {
	const [first, second] = await publish(parameters);
	expect(second).toEqual(first);
	expect(first).toMatchObject({ status: 'rejected', reason: expect.any(NodeOperationError) as unknown });
	return (first as PromiseRejectedResult).reason as NodeOperationError;
}

const accepted = [
	{ status: 'fulfilled', value: true },
	{ status: 'fulfilled', value: true },
];

describe('publishing', () => {
	it.each(['checkExists', 'create', 'delete'] as const)('%s changes nothing anywhere', async (method) => {
		const engine = createEngine({ nodes: { [TYPE]: new ClubTextingTrigger() } });
		expect(await engine.webhookMethod(TYPE, method, {})).toBe(true);
	});

	it.each([
		'a-long-random-text',
		'a+b',
		'a b',
		'100%',
		'crème',
		'Ω🍯',
		' honey\n',
		'a&b#c',
		'a\nb',
		'={{ "a" + 1 }}',
		'={{ 123 }}',
	])('goes through with the token %j', async (token) => {
		expect(await publish({ options: { token } })).toEqual(accepted);
	});

	it.each([
		['empty', '', /“Token” is empty/],
		['blank', ' \u200b', /“Token” is empty/],
		['from a call', '={{ $json.nothing }}', /“Token” (is empty|cannot be resolved)/],
		['undefined', '={{ undefined }}', /“Token” is empty/],
		['an expression that fails', '={{ $("Nowhere").first().json.token }}', /“Token” cannot be resolved/],
		['half a character', 'a\ud83c', /“Token” contains U\+D83C/],
		['too long', 'a'.repeat(2001), /“Token” is too long/],
	])('is refused with a token: %s', async (_name, token, message) => {
		const error = await refusal({ options: { token } });
		expect(error.message).toMatch(message);
		expect(error.description).toMatch(/\?token=/);
		expect(`${error.message} ${error.description}`).not.toContain('a'.repeat(20));
	});

	it.each([
		'Thank you!',
		'',
		' ',
		'x'.repeat(160),
		'={{ "Thanks" }}',
		'={{ $json.body.from }}',
		'={{ null }}',
	])('goes through with the reply text %j', async (replyText) => {
		expect(await publish({ options: { replyText } })).toEqual(accepted);
	});

	it.each([
		['too long', 'x'.repeat(161), /^“Reply Text” .*161/],
		['too long with a line break', `${'x'.repeat(158)}\n.`, /^“Reply Text” .*161/],
		['an emoji', 'Thank you 🍯', /^“Reply Text” .*U\+1F36F/],
		['a list', '={{ ["a"] }}', /^“Reply Text” .*a list/],
		['no text', '={{ 1 === 2 && "Hi" }}', /^“Reply Text” .*a boolean/],
	])('is refused with a reply text: %s', async (_name, replyText, message) => {
		const error = await refusal({ options: { replyText } });
		expect(error.message).toMatch(message);
		expect(error.description).toContain('160');
		expect(error.description).not.toContain('Unsupported Characters');
	});

	it.each(['init', 'leadershipChange'] as const)(
		'is not refused where n8n starts (%s), which would take the URL away',
		async (mode) => {
			const { checkExists } = new ClubTextingTrigger().webhookMethods.default;
			const started = Object.assign(new ClubTextingTrigger(), {
				webhookMethods: {
					default: {
						async checkExists(this: IHookFunctions) {
							return await checkExists.call(withOther(this, { getActivationMode: () => mode }));
						},
						create: async () => true,
						delete: async () => true,
					},
				},
			});
			expect(await publish({ options: { token: '' } }, started)).toEqual(accepted);
		},
	);
});

describe('a reply text that depends on the message', () => {
	it('is texted back where it fits', async () => {
		const reply = await trigger({ options: { replyText: '={{ "You wrote " + $json.query.Message }}' } })(
			get(KEYWORD),
		);
		expect(reply).toMatchObject({ status: 200, body: 'You wrote honey', started: true });
	});

	it.each(['honey 🍯', 'x'.repeat(161)])('is left out where it does not: %j', async (Message) => {
		const call = trigger({ options: { replyText: '={{ $json.query.Message }}' } });
		const reply = await call(get({ ...KEYWORD, Message }));
		expect(reply).toMatchObject({ status: 200, body: '', started: true });
		expect(reply.logs.join('\n')).toMatch(/^error: .*“Reply Text” /m);
	});

	it('is left out where a condition leaves false in its place', async () => {
		const replyText = '={{ $json.query.Message === "owl" && "Hoot" }}';
		const reply = await trigger({ options: { replyText } })(get(KEYWORD));
		expect(reply).toMatchObject({ status: 200, body: '', started: true });
		expect(reply.logs.join('\n')).toMatch(/^error: .*“Reply Text” .*a boolean/m);
	});

	it('may be a number', async () => {
		expect((await trigger({ options: { replyText: '={{ 7 }}' } })(get(KEYWORD))).body).toBe('7');
	});
});
