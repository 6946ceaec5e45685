import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { worst } from '../bench/patterns';
import { longest, sourcePatterns } from '../bench/sourcePatterns';
import { oneOf } from '../everything';
import { going, itemsOf, openBench, outcomesOf } from '../harness';

const bench = openBench();

// With a pattern that takes as the square of its text, each of these takes minutes.
test.each(worst)('100,000 signs: %s', (_name, work) => work(100_000), 10_000);

const patterns = sourcePatterns();

test('the patterns are found in the sources, those that are built of texts among them', () => {
	const where = patterns.map((found) => found.where);
	expect(patterns.length).toBeGreaterThan(100);
	for (const file of ['values/text', 'redact']) expect(where).toContain(`nodes/shared/${file}.ts`);
	expect(where).toContain('nodes/shared/sms/phoneNumber.ts');
});

const played = patterns.filter((_, place) => place % oneOf(4) === 0);
test.each(played.map((found) => [`${found.where} ${String(found.pattern).slice(0, 60)}`, found] as const))(
	'100,000 signs: %s',
	(_name, found) => void longest(found, 100_000),
	10_000,
);

test('a careless pattern is slow with one of the texts', () => {
	const careless = { where: '', pattern: /\s+$/ };
	// Ten times the text takes a hundred times as long.
	expect(longest(careless, 10_000)).toBeGreaterThan(10 * longest(careless, 1000));
});

describe('more than anybody writes is invalid, in short words, and nothing leaves', () => {
	const long = 'x'.repeat(100_000);
	test.each([
		[
			'a message',
			{ resource: 'message', operation: 'send', phoneNumbers: '2125550101', message: '={{ $json.text }}' },
		],
		[
			'a phone number',
			{ resource: 'message', operation: 'send', phoneNumbers: '={{ $json.text }}', message: 'Hi' },
		],
		[
			'a keyword',
			{ resource: 'keyword', operation: 'rent', keyword: '={{ $json.text }}', storedCardLastFour: '1111' },
		],
		['a message ID', { resource: 'message', operation: 'getReport', messageId: '={{ $json.text }}' }],
	])('%s', async (_name, parameters) => {
		const items = [{ text: long }, { text: '7'.repeat(100_000) }, { text: 'e\u0301'.repeat(60_000) }];
		const result = await bench.run('clubTexting', parameters, items, going);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid', 'invalid']);
		for (const { error } of itemsOf(result)) expect(String(error).length).toBeLessThan(500);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('an amount, and a sub-account', async () => {
		const parameters = {
			resource: 'credit',
			operation: 'add',
			subaccount: { __rl: true, mode: '={{ $json.mode }}', value: '={{ $json.text }}' },
			amount: '={{ $json.amount }}',
		};
		const items = [
			{ mode: 'token', text: 'rabbit', amount: `1${'0'.repeat(100_000)}x` },
			{ mode: 'email', text: long, amount: 5 },
		];
		const result = await bench.run('mailPartner', parameters, items, going);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		for (const { error } of itemsOf(result)) expect(String(error).length).toBeLessThan(500);
	});
});

describe('half of a character, as it stays where an emoji is cut in two, is invalid, and nothing leaves', () => {
	const storedCardLastFour = '1111';
	test.each([
		[
			'ezTexting',
			{ resource: 'message', operation: 'send', phoneNumbers: '2125550101', message: '={{ $json.text }}' },
		],
		['ezTexting', { resource: 'keyword', operation: 'get', keyword: '={{ $json.text }}' }],
		['ezTexting', { resource: 'group', operation: 'create', name: '={{ $json.text }}' }],
		[
			'clubTexting',
			{ resource: 'keyword', operation: 'rent', keyword: '={{ $json.text }}', storedCardLastFour },
		],
		['clubTexting', { resource: 'keyword', operation: 'cancel', keyword: '={{ $json.text }}' }],
	] as const)('%s %j', async (provider, parameters) => {
		const items = ['Honey 🐝'.slice(0, -1), '\udc1d honey'].map((text) => ({ text }));
		const result = await bench.run(provider, parameters, items, going);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		for (const { error } of itemsOf(result)) expect(error).toContain('half of a character');
		expect(bench.simulator.requests).toEqual([]);
	});

	test('where “Unsupported Characters” is Remove, it is removed', async () => {
		const message = '={{ $json.text }}';
		const options = { unsupportedCharacters: 'remove' };
		const parameters = {
			resource: 'message',
			operation: 'send',
			phoneNumbers: '2125550101',
			message,
			options,
		};
		const items = [{ text: 'Honey 🐝'.slice(0, -1) }, { text: 'Milk' }];
		expect(outcomesOf(await bench.run('clubTexting', parameters, items, going))).toEqual([
			'success',
			'success',
		]);
		expect(bench.simulator.clubTexting.books.delivered[0]).toMatchObject({ message: 'Honey ' });
	});
});

test.each([
	['clubTexting', { resource: 'credit', operation: 'buy', numberOfCredits: '={{ $json.n }}' }],
	['click2mail', { resource: 'credit', operation: 'purchase', amount: '={{ $json.n }}' }],
] as const)(
	'a number larger than anything counts is invalid, and the others go on: %s',
	async (provider, set) => {
		const parameters = { ...set, spendingLimit: 5000, storedCardLastFour: '1111' };
		const items = [{ n: 1e308 }, { n: 1000 }, { n: '1e21' }];
		const result = await bench.run(provider, parameters, items, going);
		expect(outcomesOf(result)).toEqual(['invalid', 'success', 'invalid']);
		expect(itemsOf(result)[0]!.error).toContain('must be a number of a usual size, but is "1e+308"');
	},
);

test('an error field that is named like something every object has keeps its name', async () => {
	for (const field of ['constructor', 'toString', '__proto__']) {
		const body = `{"success":false,"code":9,"errors":[{"elementId":"${field}","message":"n'est pas valide"}]}`;
		bench.simulator.order({ fault: 'body', operation: 'create', body, times: 2 });
		const parameters = { resource: 'subaccount', operation: 'create', type: 'simple' };
		const result = await bench.run('mailPartner', parameters, [{}, {}], going);
		expect(outcomesOf(result)).toEqual(['refused', 'refused']);
		expect(itemsOf(result)[0]!.error).toContain(`“${field}”`);
		expect(itemsOf(result)[0]!.error).not.toContain('native code');
	}
});

test('a success that is a text is one at MailPartner', async () => {
	const body = '{"success":"true","code":200,"credit":90,"subaccountCredit":15,"currency":"EUR"}';
	bench.simulator.order({ fault: 'body', operation: 'add', body, times: 2 });
	const parameters = {
		resource: 'credit',
		operation: 'add',
		subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
		amount: 5,
	};
	const items = [{ token: 'rabbit' }, { token: 'owl' }];
	expect(itemsOf(await bench.run('mailPartner', parameters, items, going))).toMatchObject([
		{ token: 'rabbit', subaccountBalance: 15 },
		{ token: 'owl', subaccountBalance: 15 },
	]);
});

test('a receipt of Click2Mail with a prefix of a namespace is one', () => {
	const text =
		'<?xml version="1.0"?><ns2:credit xmlns:ns2="urn:c2m"><ns2:status>0</ns2:status><ns2:description>Success</ns2:description></ns2:credit>';
	expect(click2Mail.classify({ status: 200, headers: {}, text })).toMatchObject({
		kind: 'done',
		value: { status: '0', description: 'Success' },
	});
});
