import { noteOf, readNote, sentOf } from '../../nodes/shared/sms/output';
import { RequestPlan, type Campaign } from '../../nodes/shared/sms/plan';
import { readReceipt, writtenReceipt } from '../../nodes/shared/sms/receipt';
import type { IDataObject } from 'n8n-workflow';
import { credentialsFor } from '../scenes';
import type { Pair } from '../simulator';
import { fixture, formsOf, going, itemsOf, lines, openBench, pairs } from '../harness';

const bench = openBench();

/** Parameters of a message to each item's `to`; the pace is lifted, so that a test need not wait. */
function send(options: IDataObject = {}, more: IDataObject = {}) {
	return {
		resource: 'message',
		operation: 'send',
		phoneNumbers: '={{ $json.to }}',
		message: 'Honey is ready',
		options: { requestsPerSecond: 1000, ...options },
		...more,
	} as never;
}
const run = async (...[parameters, items, options]: [never, IDataObject[], object?]) =>
	await bench.run('clubTexting', parameters, items, options);

const login: Pair[] = [
	['User', 'winnie'],
	['Password', 'the-pooh&2+2=4%'],
];
const form = (numbers: string[], ...fields: Pair[]): Pair[] => [
	...login,
	...numbers.map((number): Pair => ['PhoneNumbers[]', number]),
	...fields,
];
const honey: Pair[] = [
	['Message', 'Honey is ready'],
	['MessageTypeID', '1'],
];

/** The next of these days that is neither today nor long past, as YYYY-MM-DD; two of a season are never a year away. */
function next(...days: string[]): string {
	const now = Date.now();
	const years = [0, 1].map((more) => new Date(now).getUTCFullYear() + more);
	const upcoming = years.flatMap((year) => days.map((day) => `${year}-${day}`));
	return upcoming.sort().find((day) => Date.parse(day) > now + 86_400_000)!;
}
const winter = next('01-10', '02-10');
const summer = next('07-10', '08-10');

/** An item as it comes out; `to` are its recipients, the rest what differs. */
const item = (to: string[], more: IDataObject = {}) => ({
	messageId: '6419',
	recipients: to,
	localOptOuts: [],
	globalOptOuts: [],
	unlisted: [],
	subject: null,
	message: 'Honey is ready',
	delivery: 'express',
	scheduledFor: null,
	sendTime: expect.stringMatching(/^\d\d-\d\d-\d{4} \d{1,2}:\d\d [AP]M$/) as string,
	credits: 2 * to.length,
	recipientsCount: to.length,
	itemsInRequest: 1,
	messageIds: ['6419'],
	...more,
});

describe('items that share a request', () => {
	test('go out with one, and each has its own numbers', async () => {
		const result = await run(send(), [
			{ to: '(212) 555-0101' },
			{ to: '+1 212 555 0102; 212.555.0103' },
			{ to: ['2125550104', 2125550105] },
		]);
		const shared = { credits: 10, recipientsCount: 5, itemsInRequest: 3 };
		expect(itemsOf(result)).toEqual([
			item(['2125550101'], shared),
			item(['2125550102', '2125550103'], shared),
			item(['2125550104', '2125550105'], shared),
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(lines(bench.simulator.requests)).toEqual(['POST /sending/messages?format=json']);
		expect(formsOf(bench.simulator.requests)).toEqual([
			form(['2125550101', '2125550102', '2125550103', '2125550104', '2125550105'], ...honey),
		]);
	});

	test('have their own opt-outs', async () => {
		const { books } = bench.simulator.clubTexting;
		books.localOptOuts.add('2125550102');
		books.globalOptOuts.add('2125550103').add('2125550104');
		const result = await run(send(), [
			{ to: '2125550101, 2125550102' },
			{ to: '2125550103' },
			{ to: '2125550104, 2125550105' },
			{ to: '2125550102, 2125550105' },
		]);
		const shared = { credits: 8, recipientsCount: 4, itemsInRequest: 4 };
		expect(itemsOf(result)).toEqual([
			item(['2125550101'], { ...shared, localOptOuts: ['2125550102'] }),
			item([], { ...shared, globalOptOuts: ['2125550103'] }),
			item(['2125550105'], { ...shared, globalOptOuts: ['2125550104'] }),
			item(['2125550105'], { ...shared, localOptOuts: ['2125550102'] }),
		]);
	});

	test('that name the same number text it once, and each tells of it', async () => {
		const result = await run(send(), [
			{ to: '2125550101, 2125550102' },
			{ to: '+1 (212) 555-0102' },
			{ to: '2125550101, 2125550101' },
		]);
		const shared = { credits: 4, recipientsCount: 2, itemsInRequest: 3 };
		expect(itemsOf(result)).toEqual([
			item(['2125550101', '2125550102'], shared),
			item(['2125550102'], shared),
			item(['2125550101'], shared),
		]);
		expect(bench.simulator.clubTexting.books.delivered.map(({ number }) => number)).toEqual([
			'2125550101',
			'2125550102',
		]);
	});

	test('are those of the same message, subject, time and delivery', async () => {
		const options = {
			subject: '={{ $json.subject }}',
			delivery: '={{ $json.delivery }}',
			scheduledFor: '={{ $json.time }}',
		};
		const same = { text: 'Hi', subject: 'S', delivery: 'express', time: `${winter}T18:00:00Z` };
		const stamp = Date.parse(same.time) / 1000;
		const items: IDataObject[] = [
			{ ...same, to: '2125550101' },
			{ ...same, to: '2125550102', text: 'Ho' },
			{ ...same, to: '2125550103', subject: '' },
			{ ...same, to: '2125550104', delivery: 'standard' },
			{ ...same, to: '2125550105', time: `${winter}T18:00:01Z` },
			{ ...same, to: '2125550106', time: `${winter}T13:00:00-05:00` },
		];
		const result = await run(send(options, { message: '={{ $json.text }}' }), items);
		expect(itemsOf(result).map(({ messageId, itemsInRequest }) => [messageId, itemsInRequest])).toEqual([
			['6419', 2],
			['6420', 1],
			['6421', 1],
			['6422', 1],
			['6423', 1],
			['6419', 2],
		]);
		const fields = (...[subject, message, type, later = 0]: [string, string, string, number?]): Pair[] => [
			...(subject ? [['Subject', subject] as Pair] : []),
			['Message', message],
			['StampToSend', String(stamp + later)],
			['MessageTypeID', type],
		];
		expect(formsOf(bench.simulator.requests)).toEqual([
			form(['2125550101', '2125550106'], ...fields('S', 'Hi', '1')),
			form(['2125550102'], ...fields('S', 'Ho', '1')),
			form(['2125550103'], ...fields('', 'Hi', '1')),
			form(['2125550104'], ...fields('S', 'Hi', '2')),
			form(['2125550105'], ...fields('S', 'Hi', '1', 1)),
		]);
	});

	test('do not where they shall not be combined', async () => {
		const result = await run(send({ combineItems: false }), [{ to: '2125550101' }, { to: '2125550101' }]);
		expect(itemsOf(result)).toEqual([
			item(['2125550101']),
			item(['2125550101'], { messageId: '6420', messageIds: ['6420'] }),
		]);
		expect(bench.simulator.clubTexting.books.delivered).toHaveLength(2);
	});
});

describe('recipientsPerRequest', () => {
	const numbers = (count: number, from = 1) =>
		Array.from({ length: count }, (_, place) => `21255501${String(from + place).padStart(2, '0')}`);

	test('is 40 unless told: 41 people are two requests', async () => {
		const result = await run(
			send(),
			numbers(41).map((to) => ({ to })),
		);
		expect(itemsOf(result).map(({ messageId }) => messageId)).toEqual([
			...Array<string>(40).fill('6419'),
			'6420',
		]);
		expect(bench.simulator.requests).toHaveLength(2);
		expect(bench.simulator.clubTexting.books.messages.map((message) => message.numbers.length)).toEqual([
			40, 1,
		]);
	});

	test('an item with more numbers than fit takes several requests, and adds them up', async () => {
		const { books } = bench.simulator.clubTexting;
		books.localOptOuts.add('2125550104');
		const result = await run(send({ recipientsPerRequest: 3 }), [
			{ to: numbers(7) },
			{ to: numbers(1, 8) },
			{ to: numbers(1, 9) },
		]);
		expect(itemsOf(result)).toEqual([
			item(
				numbers(7).filter((number) => number !== '2125550104'),
				{
					localOptOuts: ['2125550104'],
					// The third request carries two more people, of the other items.
					credits: 6 + 4 + 6,
					recipientsCount: 3 + 2 + 3,
					itemsInRequest: 3,
					messageIds: ['6419', '6420', '6421'],
				},
			),
			item(numbers(1, 8), {
				messageId: '6421',
				messageIds: ['6421'],
				credits: 6,
				recipientsCount: 3,
				itemsInRequest: 3,
			}),
			item(numbers(1, 9), {
				messageId: '6421',
				messageIds: ['6421'],
				credits: 6,
				recipientsCount: 3,
				itemsInRequest: 3,
			}),
		]);
		expect(books.messages.map((message) => message.numbers)).toEqual([
			numbers(3),
			numbers(3, 4),
			numbers(3, 7),
		]);
	});

	test('keeps the numbers of an item together where they fit', async () => {
		const { books } = bench.simulator.clubTexting;
		const [a, b, c, d, e] = numbers(5) as [string, string, string, string, string];
		const result = await run(send({ recipientsPerRequest: 3 }), [{ to: [a, b] }, { to: [c, d] }, { to: e }]);
		expect(books.messages.map((message) => message.numbers)).toEqual([
			[a, b],
			[c, d, e],
		]);
		expect(itemsOf(result).map(({ messageIds }) => messageIds)).toEqual([['6419'], ['6420'], ['6420']]);
	});

	test('a number of several items goes out once, and each tells by which request', async () => {
		const [a, b, c] = numbers(3) as [string, string, string];
		const result = await run(send({ recipientsPerRequest: 2 }), [{ to: [a, b] }, { to: c }, { to: [a, c] }]);
		expect(bench.simulator.clubTexting.books.messages.map((message) => message.numbers)).toEqual([
			[a, b],
			[c],
		]);
		expect(itemsOf(result).map(({ recipients, messageIds }) => [recipients, messageIds])).toEqual([
			[[a, b], ['6419']],
			[[c], ['6420']],
			[
				[a, c],
				['6419', '6420'],
			],
		]);
	});

	test('1 sends one request for each number', async () => {
		const result = await run(send({ recipientsPerRequest: 1 }), [
			{ to: '2125550101, 2125550102' },
			{ to: '2125550103' },
		]);
		expect(itemsOf(result)).toEqual([
			item(['2125550101', '2125550102'], { messageIds: ['6419', '6420'] }),
			item(['2125550103'], { messageId: '6421', messageIds: ['6421'] }),
		]);
	});
});

describe('groups', () => {
	/** The simulator’s first number is that of the group, which is looked up before. */
	const after = { messageId: '6420', messageIds: ['6420'] };

	test('alone need no phone number', async () => {
		const result = await run(send({ groups: 'honey lovers' }, { phoneNumbers: '' }), [{}]);
		expect(itemsOf(result)).toEqual([item(['2125550150', '2125550151'], after)]);
		expect(formsOf(bench.sent('send'))).toEqual([[...login, ['Groups[]', 'honey lovers'], ...honey]]);
		expect(bench.simulator.clubTexting.books.delivered).toHaveLength(2);
	});

	test('of several items are texted once, beside their numbers', async () => {
		const result = await run(send({ groups: '={{ $json.groups }}' }), [
			{ to: '2125550101', groups: ['honey lovers'] },
			{ to: '2125550102', groups: 'honey lovers,' },
		]);
		const shared = { ...after, credits: 8, recipientsCount: 4, itemsInRequest: 2 };
		expect(itemsOf(result)).toEqual(
			['2125550101', '2125550102'].map((own) => item([own, '2125550150', '2125550151'], shared)),
		);
		expect(formsOf(bench.sent('send'))).toEqual([
			[...form(['2125550101', '2125550102']), ['Groups[]', 'honey lovers'], ...honey],
		]);
	});

	test('come out with who of them has opted out, in a retry as well', async () => {
		const { books } = bench.simulator.clubTexting;
		books.groups.set('honey lovers', ['2125550150', '2125550151', '2125550152', '2125550101']);
		books.localOptOuts.add('2125550151');
		books.globalOptOuts.add('2125550152').add('2125550102');
		const result = await run(send({ groups: '={{ $json.groups }}', combineItems: false }), [
			{ to: '2125550101, 2125550102', groups: 'honey lovers' },
			{ to: '2125550101', groups: '' },
			{ to: '', groups: 'honey lovers' },
		]);
		expect(itemsOf(result)).toMatchObject([
			{
				recipients: ['2125550101', '2125550150'],
				localOptOuts: ['2125550151'],
				globalOptOuts: ['2125550102', '2125550152'],
				unlisted: [],
			},
			{ recipients: ['2125550101'], localOptOuts: [], globalOptOuts: [], unlisted: [] },
			{
				recipients: ['2125550150', '2125550101'],
				localOptOuts: ['2125550151'],
				globalOptOuts: ['2125550152'],
				unlisted: [],
			},
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	test('do not get the message where they are named among the opt-outs, too', async () => {
		const { Response } = JSON.parse(fixture('clubtexting/send.success.json', 201).text) as {
			Response: { Entry: Record<string, string[]> };
		};
		const { LocalOptOuts, GlobalOptOuts, PhoneNumbers } = Response.Entry;
		Response.Entry.PhoneNumbers = [...LocalOptOuts!, ...PhoneNumbers!, ...GlobalOptOuts!];
		bench.simulator.order({
			fault: 'body',
			operation: 'send',
			status: 201,
			body: JSON.stringify({ Response }),
		});
		const result = await run(send({ groups: 'honey lovers' }), [{ to: '' }]);
		expect(itemsOf(result)[0]).toMatchObject({
			recipients: PhoneNumbers,
			localOptOuts: LocalOptOuts,
			globalOptOuts: GlobalOptOuts,
		});
	});

	test('of an item that takes several requests are texted once', async () => {
		const to = '2125550101, 2125550102, 2125550103';
		const result = await run(send({ groups: 'honey lovers', recipientsPerRequest: 2 }), [{ to }]);
		expect(itemsOf(result)[0]!.recipients).toEqual([
			...['2125550101', '2125550102', '2125550103'],
			...['2125550150', '2125550151'],
		]);
		expect(formsOf(bench.sent('send'))).toEqual([
			[...form(['2125550101', '2125550102']), ['Groups[]', 'honey lovers'], ...honey],
			form(['2125550103'], ...honey),
		]);
	});

	test('that are empty are left out, for an empty one would text everybody who is in none', async () => {
		for (const groups of ['', ' , ', []]) {
			await run(send({ groups }), [{ to: '2125550101' }]);
		}
		for (const request of bench.simulator.requests) {
			expect(request.form).toEqual(form(['2125550101'], ...honey));
		}
		const nothing = await run(send({ groups: ' ,' }, { phoneNumbers: '' }), [{}]);
		expect(nothing.error?.message).toContain('“Phone Numbers” is empty');
		expect(bench.simulator.requests).toHaveLength(3);
	});

	const two = [
		{ to: '2125550101', groups: 'Honey LOVERS' },
		{ to: '2125550102', groups: 'honey lovers' },
	];

	test('are named as the account names them, whatever their case', async () => {
		bench.simulator.clubTexting.books.groups.set('Owls', []);
		const result = await run(send({ groups: '={{ $json.groups }}' }), [
			{ to: '2125550101', groups: 'Honey LOVERS, owls' },
			{ to: '2125550102', groups: 'OWLS, honey lovers' },
		]);
		expect(itemsOf(result)).toHaveLength(2);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(formsOf(bench.sent('send'))).toEqual([
			[...form(['2125550101', '2125550102']), ['Groups[]', 'Owls'], ['Groups[]', 'honey lovers'], ...honey],
		]);
	});

	test.each([false, true])(
		'that the account does not have are found before anything leaves, dry run: %s',
		async (dryRun) => {
			const items = [two[0]!, { to: '2125550102', groups: 'Bees' }];
			const result = await run(send({ groups: '={{ $json.groups }}' }, { dryRun }), items);
			expect(result.error?.message).toContain(
				'“Groups” names a group that the account does not have: "Bees"',
			);
			expect(bench.sent('send')).toEqual([]);
		},
	);

	test.each([
		[
			'can’t be listed',
			() => bench.simulator.order({ operation: 'getGroups', fault: 'status500', times: 9 }),
		],
		['are none by the list', () => bench.simulator.clubTexting.books.groups.clear()],
	])('that %s go out as they were given, and Club Texting judges them', async (_what, prepare) => {
		prepare();
		const result = await run(send({ groups: '={{ $json.groups }}', combineItems: false }), two, going);
		expect(result.output()).toHaveLength(2);
		expect(formsOf(bench.sent('send')).map((each) => each?.find(([name]) => name === 'Groups[]'))).toEqual(
			expect.arrayContaining([
				['Groups[]', 'Honey LOVERS'],
				['Groups[]', 'honey lovers'],
			]),
		);
	});
});

describe('what the provider says that it sent comes out', () => {
	const reply = (fields: object) =>
		JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: { ID: 6419, ...fields } } });
	const order = (fields: object) =>
		bench.simulator.order({
			provider: 'clubTexting',
			operation: 'send',
			fault: 'body',
			status: 201,
			body: reply(fields),
			processed: true,
		});
	const people = [{ to: '2125550101' }, { to: '2125550102' }];

	test('and a hint says where it is not what was asked for', async () => {
		order({ Subject: 'OTHER', Message: 'CHANGED', MessageTypeID: 2, PhoneNumbers: ['2125550101'] });
		order({ Subject: '', Message: 'Honey is ready', MessageTypeID: '1' });
		const result = await run(send({ subject: 'ORIG', combineItems: false }), people);
		expect(itemsOf(result)).toMatchObject([
			{ subject: 'OTHER', message: 'CHANGED', delivery: 'standard' },
			{ subject: null, message: 'Honey is ready', delivery: 'express' },
		]);
		expect(result.hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('with another message and subject and delivery than was asked for'),
			expect.stringContaining('with another subject than was asked for'),
		]);
	});

	test('without a hint where it is the same, or where it says nothing', async () => {
		order({ Message: 'Honey is\r\nready ', MessageTypeID: 7 });
		order({ Subject: 'ORIG', Message: 'Honey is\nready', MessageTypeID: '1' });
		const given = { message: 'Honey is\nready' };
		const result = await run(send({ subject: 'ORIG', combineItems: false }, given), people);
		expect(itemsOf(result)).toMatchObject(
			people.map(() => ({ subject: 'ORIG', message: 'Honey is\nready', delivery: 'express' })),
		);
		expect(result.hints).toEqual([]);
	});
});

describe('scheduledFor', () => {
	const settings = { timezone: 'America/New_York' };

	const stampOf = (iso: string) => String(Date.parse(iso) / 1000);

	test.each([
		['in the zone of the workflow, in winter', `${winter}T18:00:00`, `${winter}T23:00:00.000Z`],
		['in the zone of the workflow, in summer', `${summer}T12:00`, `${summer}T16:00:00.000Z`],
		['with a blank, as the editor writes it', `${summer} 12:00:00`, `${summer}T16:00:00.000Z`],
		['with a no-break space and marks', `\u200E${summer}\u00A012:00\u200B`, `${summer}T16:00:00.000Z`],
		['in UTC', `${winter}T18:00:00Z`, `${winter}T18:00:00.000Z`],
		['in small letters', `${winter}t18:00:00z`, `${winter}T18:00:00.000Z`],
		['in another zone', `${winter}T18:00:00+01:00`, `${winter}T17:00:00.000Z`],
		['in another zone after a blank', `${winter} 18:00:00 +0100`, `${winter}T17:00:00.000Z`],
		['with parts of a second', `${winter}T18:00:00.900Z`, `${winter}T18:00:00.000Z`],
		['as a calendar file has it', `${winter.replace(/-/g, '')}T180000Z`, `${winter}T18:00:00.000Z`],
		['of an expression', `={{ DateTime.fromISO("${winter}T18:00:00") }}`, `${winter}T23:00:00.000Z`],
		['as a Date', `={{ new Date("${winter}T18:00:00Z") }}`, `${winter}T18:00:00.000Z`],
		['in seconds', `={{ ${stampOf(`${winter}T18:00:00Z`)} }}`, `${winter}T18:00:00.000Z`],
		['in seconds, as text', stampOf(`${winter}T18:00:00Z`), `${winter}T18:00:00.000Z`],
		['in parts of a second', `={{ ${stampOf(`${winter}T18:00:00Z`)}.9 }}`, `${winter}T18:00:00.000Z`],
		['in milliseconds', `={{ ${stampOf(`${winter}T18:00:00Z`)}000 }}`, `${winter}T18:00:00.000Z`],
		['in milliseconds, as text', `${stampOf(`${winter}T18:00:00Z`)}000`, `${winter}T18:00:00.000Z`],
	])('a time %s', async (_case, scheduledFor, iso) => {
		const result = await run(send({ scheduledFor }), [{ to: '2125550101' }], { settings });
		expect(itemsOf(result)).toMatchObject([{ scheduledFor: iso }]);
		expect(formsOf(bench.simulator.requests)).toEqual([
			form(
				['2125550101'],
				['Message', 'Honey is ready'],
				['StampToSend', stampOf(iso)],
				['MessageTypeID', '1'],
			),
		]);
	});

	test('that the clocks leave out in spring is refused; with its distance from UTC it is a time', async () => {
		const now = new Date();
		const spring = (year: number) =>
			new Date(Date.UTC(year, 2, 14 - new Date(Date.UTC(year, 2, 0)).getUTCDay(), 7));
		const year = now.getUTCFullYear() + (now < spring(now.getUTCFullYear()) ? 0 : 1);
		const day = spring(year).toISOString().slice(0, 10);
		const items = ['T02:30', 'T03:30', 'T02:30-05:00', 'T01:59'].map((time, place) => ({
			to: `212555010${place}`,
			time: day + time,
		}));
		const result = await run(send({ scheduledFor: '={{ $json.time }}' }), items, {
			settings: { timezone: 'America/New_York' },
			onError: 'continueRegularOutput',
		});
		expect(itemsOf(result)).toMatchObject([
			{
				error: expect.stringContaining(
					`“Scheduled For” does not exist in the time zone America/New_York, where clocks are put forward then: ${day}T02:30 [item 0]. Give another time, or one with its distance from UTC, such as -05:00, after it.`,
				) as string,
			},
			{ scheduledFor: `${day}T07:30:00.000Z` },
			{ scheduledFor: `${day}T07:30:00.000Z` },
			{ scheduledFor: `${day}T06:59:00.000Z` },
		]);
	});

	test.each([
		'23',
		'18:00',
		'2099',
		'2099-12',
		'2099-W10',
		'2099-W10-1T12:00',
		'2099-360T12:00',
		summer,
		`${summer}T18`,
		`${summer} 18`,
		`${summer}T18:00+99:00`,
		`${summer}T25:00`,
		`${summer}T18:00[Europe/Paris]`,
		`${summer}\u200BT18:00`,
		'07/10/2027 6 pm',
		'tomorrow',
		'+1h',
		'6:00 PM',
		'24 Dec 2027 18:00',
		'Fri, 24 Dec 2027 18:00:00 GMT',
		`${summer} 6:00 PM`,
		`${summer}T18:00 EST`,
		`${summer}T18:00+5`,
		`${summer}T18:60`,
		'２０２７-07-10T18:00',
		'1.8e9',
		'20271224180000',
		stampOf(`${summer}T18:00:00Z`) + '000000',
		46380.75,
		-1,
		0,
		23,
		1e300,
		true,
		[],
		[2027],
		{},
	])('%j is not guessed at', async (time) => {
		const result = await run(send({ scheduledFor: '={{ $json.time }}' }), [{ to: '2125550101', time }]);
		expect(result.error?.message).toContain('“Scheduled For” is not a date with a time: "');
		expect(result.error?.description).toContain('2026-12-24T18:00');
		expect(bench.simulator.requests).toEqual([]);
	});

	test.each(['2099-01-01T00:00:00Z', '4070908800', '4070908800000', 9_999_999_999, '2026122418'])(
		'%j is too far ahead',
		async (time) => {
			const result = await run(send({ scheduledFor: '={{ $json.time }}' }), [{ to: '2125550101', time }]);
			expect(result.error?.message).toContain('“Scheduled For” is more than a year ahead: 2');
			expect(bench.simulator.requests).toEqual([]);
		},
	);

	test('that is left empty does not send at once, nor does an expression that gives nothing', async () => {
		const items = [{ to: '2125550101' }, { to: '2125550102' }];
		const result = await run(send({ scheduledFor: '' }), items);
		expect(result.error?.message).toContain('“Scheduled For” is empty [item 0]. Nothing was sent.');

		for (const time of ['', null]) {
			const mapped = await run(send({ scheduledFor: '={{ $json.time }}' }), [{ to: '2125550101', time }]);
			expect(mapped.error?.message).toContain('“Scheduled For” is filled in by an expression, but is empty');
		}
		expect(bench.simulator.requests).toEqual([]);
	});

	test.each([
		['has passed', '2020-01-01T00:00:00Z', '“Scheduled For” is in the past: 2020-01-01T00:00:00.000Z'],
		['is none', 'tomorrow', '“Scheduled For” is not a date with a time: "tomorrow"'],
		['is not in the calendar', '2027-02-30T00:00:00', '“Scheduled For” is not a date with a time'],
	])('that %s is refused before anything is sent', async (_case, time, message) => {
		const items = [
			{ to: '2125550101', time: `${winter}T18:00:00Z` },
			{ to: '2125550102', time },
		];
		const stopped = await run(send({ scheduledFor: '={{ $json.time }}' }), items);
		expect(stopped.error?.message).toContain(message);
		expect(stopped.error?.message).toContain('[item 1]. Nothing was sent.');
		expect(stopped.error?.description).toMatch(/Give a time to come|Pick one/);
		expect(bench.simulator.requests).toEqual([]);

		const went = await run(send({ scheduledFor: '={{ $json.time }}' }), items, going);
		expect(itemsOf(went)).toMatchObject([
			{ recipients: ['2125550101'] },
			{ error: expect.stringContaining(message) as string, details: { outcome: 'invalid' } },
		]);
	});
});

describe('what a message may hold', () => {
	const text = '“Crème” — only 5 €… 🐝';

	test('unsupported characters are rejected, and shown', async () => {
		const result = await run(send({}, { message: text }), [{ to: '2125550101' }]);
		expect(result.error?.message).toContain(
			'“Message” contains characters that Club Texting does not send: “ (U+201C), è (U+00E8), ” (U+201D), — (U+2014), € (U+20AC), … (U+2026), 🐝 (U+1F41D). Nothing was sent.',
		);
		expect(result.error?.description).toContain('“Unsupported Characters”');
		expect(bench.simulator.requests).toEqual([]);
	});

	test('or replaced by the nearest', async () => {
		const result = await run(send({ unsupportedCharacters: 'replace', subject: 'Zoë' }, { message: text }), [
			{ to: '2125550101' },
		]);
		expect(itemsOf(result)).toMatchObject([{ message: '"Creme" - only 5 EUR... ', subject: 'Zoe' }]);
		expect(bench.simulator.clubTexting.books.messages).toMatchObject([
			{ message: '"Creme" - only 5 EUR... ', subject: 'Zoe' },
		]);
	});

	test('or removed', async () => {
		const result = await run(send({ unsupportedCharacters: 'remove' }, { message: text }), [
			{ to: '2125550101' },
		]);
		expect(itemsOf(result)).toMatchObject([{ message: 'Crme - only 5  ' }]);
		expect(bench.simulator.clubTexting.books.messages).toMatchObject([{ message: 'Crme - only 5  ' }]);
	});

	test('everything that is allowed arrives as it was written', async () => {
		const message = 'a-z A-Z 0-9 .,:;!?()~=+-_\\/@$#&%\'"\nA new line\nand another';
		const result = await run(send({}, { message }), [{ to: '2125550101' }]);
		expect(itemsOf(result)).toMatchObject([{ message }]);
		expect(bench.simulator.clubTexting.books.messages).toMatchObject([{ message }]);
	});

	test.each([
		['us', 'express', 160, 'in the United States'],
		['ca', 'express', 136, 'in Canada'],
		['us', 'standard', 130, ''],
	] as const)('its length: %s, %s, %i', async (country, delivery, limit, where) => {
		const credentials = credentialsFor(bench.simulator);
		credentials.clubTextingApi!.country = country;
		bench.simulator.clubTexting.books.country = country;
		const items = [
			{ to: '2125550101', text: `\n${'x'.repeat(limit - 12)}` },
			{ to: '2125550102', text: `\n${'x'.repeat(limit - 11)}` },
		];
		const result = await run(
			send({ delivery, subject: 'From Kanga' }, { message: '={{ $json.text }}' }),
			items,
			{ credentials, onError: 'continueRegularOutput' },
		);
		expect(itemsOf(result)).toMatchObject([
			{ recipients: ['2125550101'], subject: 'From Kanga', delivery },
			{
				error: expect.stringContaining(
					`has ${limit + 1} characters together with its subject; ${delivery} delivery takes ${limit}${where && ` ${where}`} [item 1]`,
				) as string,
				details: { outcome: 'invalid' },
			},
		]);
		expect(bench.simulator.clubTexting.books.delivered).toHaveLength(1);
	});
});

describe('replies', () => {
	test('in XML and in JSON give the same item', async () => {
		const items = [{ to: '2123456785, 2123456786' }, { to: '2123456787' }, { to: '2123456788' }];
		const options = { subject: 'From Winnie', scheduledFor: `${winter}T18:00:00Z` };
		const parameters = send(options, {
			message: 'I am a Bear of Very Little Brain, and long words bother me',
		});
		const results = [];
		for (const format of ['json', 'xml']) {
			const { text } = fixture(`clubtexting/send.success.${format}`, 201);
			bench.simulator.order({
				fault: 'body',
				// The two samples differ in the ID and in a full stop.
				body: text.replace('6417853', '6419').replace('bother me.', 'bother me'),
				status: 201,
				contentType: `application/${format}`,
			});
			results.push(itemsOf(await run(parameters, items)));
		}
		expect(results[1]).toEqual(results[0]);
		const shared = {
			messageId: '6419',
			messageIds: ['6419'],
			credits: 6,
			recipientsCount: 3,
			sendTime: '05-16-2011 5:44 PM',
			itemsInRequest: 3,
		};
		expect(results[0]).toMatchObject([
			{ ...shared, recipients: [], localOptOuts: ['2123456786'], globalOptOuts: ['2123456785'] },
			{ ...shared, recipients: ['2123456787'], localOptOuts: [], globalOptOuts: [] },
			{ ...shared, recipients: ['2123456788'] },
		]);
	});

	test('that count nothing leave the figures open', async () => {
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: { ID: 7 } } });
		bench.simulator.order({ fault: 'body', body, status: 201 });
		expect(itemsOf(await run(send(), [{ to: '2125550101' }]))).toEqual([
			item(['2125550101'], {
				messageId: '7',
				messageIds: ['7'],
				sendTime: null,
				credits: null,
				recipientsCount: null,
			}),
		]);
	});

	test('that name a number neither way leave it unlisted', async () => {
		const entry = { ID: 7, PhoneNumbers: ['2125550101'], LocalOptOuts: ['2125550102'], GlobalOptOuts: '' };
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: entry } });
		bench.simulator.order({ fault: 'body', body, status: 201 });
		const items = [{ to: '2125550101, 2125550102' }, { to: '2125550103' }];
		expect(itemsOf(await run(send(), items))).toMatchObject([
			{ recipients: ['2125550101'], localOptOuts: ['2125550102'], unlisted: [] },
			{ recipients: [], localOptOuts: [], globalOptOuts: [], unlisted: ['2125550103'] },
		]);
	});

	test('opt-outs are told from recipients also where a number of the account is the password', async () => {
		const { books } = bench.simulator.clubTexting;
		books.password = '2125550102';
		books.localOptOuts.add('2125550102');
		const credentials = credentialsFor(bench.simulator);
		credentials.clubTextingApi!.password = books.password;
		const result = await run(send(), [{ to: '2125550101, 2125550102' }], { credentials });
		expect(itemsOf(result)).toMatchObject([{ recipients: ['2125550101'] }]);
		expect(itemsOf(result)[0]!.localOptOuts).toHaveLength(1);
	});
});

test('what was not processed, by a 503, is sent once more', async () => {
	bench.simulator.order({ fault: 'status503', retryAfter: 0 });
	expect(itemsOf(await run(send(), [{ to: '2125550101' }]))).toMatchObject([{ recipients: ['2125550101'] }]);
	expect(bench.sent('send')).toHaveLength(2);
});

describe('a dry run', () => {
	const url = () => `${bench.simulator.clubTexting.baseUrl}/sending/messages?format=json`;

	test('shows which items would share which requests', async () => {
		const result = await run(
			send({ recipientsPerRequest: 2, subject: 'S' }, { dryRun: true, message: '={{ $json.text }}' }),
			[
				{ to: '2125550101', text: 'Hi' },
				{ to: '2125550102', text: 'Ho' },
				{ to: '2125550103', text: 'Hi' },
				{ to: '2125550104, 2125550105, 2125550106', text: 'Hi' },
			],
		);
		const request = (PhoneNumbers: string[], Message: string) => ({
			method: 'POST',
			url: url(),
			body: { PhoneNumbers, Subject: 'S', Message, MessageTypeID: '1' },
		});
		const known = { dryRun: true, cost: null, subject: 'S', delivery: 'express', scheduledFor: null };
		const planned = (message: string, itemsInRequest: number, ...parts: string[][]) => ({
			...known,
			recipients: parts.flat(),
			message,
			itemsInRequest,
			request: request(parts[0]!, message),
			...(parts.length > 1 && { furtherRequests: parts.slice(1).map((part) => request(part, message)) }),
		});
		expect(itemsOf(result)).toEqual([
			planned('Hi', 2, ['2125550101']),
			planned('Ho', 1, ['2125550102']),
			planned('Hi', 2, ['2125550103']),
			planned('Hi', 1, ['2125550104', '2125550105'], ['2125550106']),
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }, { item: 3 }]);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('still refuses what is invalid', async () => {
		const result = await run(
			send({ scheduledFor: '={{ $json.time }}' }, { dryRun: true }),
			[
				{ to: '2125550101', time: `${winter}T18:00` },
				{ to: '123', time: `${winter}T18:00` },
				{ to: '2125550103', time: '2001-01-01T00:00' },
			],
			going,
		);
		expect(itemsOf(result)).toMatchObject([
			{ dryRun: true, request: { body: { PhoneNumbers: ['2125550101'] } } },
			{ error: expect.stringContaining('“Phone Numbers”') as string },
			{ error: expect.stringContaining('“Scheduled For”') as string },
		]);
	});
});

describe('what is kept of a text', () => {
	const campaign = {
		numbers: [],
		groups: [],
		message: 'Hi',
		extras: { s: 'Ann' },
		wanted: undefined,
		stampToSend: undefined,
		window: undefined,
		combineItems: true,
		recipientsPerRequest: 3,
	} as Campaign;
	const text = { m: 'Hi', s: 'Ann' };

	test.each([
		['at once', {}, text],
		['when it was wanted', { wanted: 50, stampToSend: 50 }, { ...text, t: 50 }],
		['moved by the window', { wanted: 50, stampToSend: 90 }, { ...text, t: 90, w: 50 }],
		['moved from now', { stampToSend: 90 }, { ...text, t: 90, w: 0 }],
		['late, and so at once', { wanted: 50 }, { ...text, w: 50 }],
		['to groups', { groups: ['Owls'] }, { ...text, f: expect.stringMatching(/./) as string }],
	])('of one that goes out %s', (_when, more, kept) => {
		expect(sentOf({ ...campaign, ...more })).toEqual(kept);
	});

	test('groups are told apart', () => {
		const [one, other] = [['Owls'], ['Bears']].map((groups) => sentOf({ ...campaign, groups }).f);
		expect(one).not.toBe(other);
	});

	test.each([true, false])('the numbers of an item, in their order; its groups went along: %s', (groups) => {
		for (const numbers of [[], ['9899999999', '2012000000']])
			expect(readNote(noteOf(numbers, groups))).toEqual({ numbers, groups });
	});

	test('a receipt, in little room', () => {
		const plain = { id: '7', c: 1, n: null, t: null };
		expect(writtenReceipt(plain)).toEqual(['7', 1, null, null]);
		const more = { l: [0], g: [1], m: [2], o: { message: 'Ho' } };
		expect(writtenReceipt({ ...plain, ...more })).toEqual(['7', 1, null, null, more]);
		for (const receipt of [plain, { ...plain, ...more }])
			expect(readReceipt(writtenReceipt(receipt))).toEqual(receipt);
	});

	/** Which numbers each request of a plan carries, and its groups. */
	const planned = (...items: Array<[string[], Partial<Campaign>?, boolean?]>) => {
		const plan = new RequestPlan(() => new Map());
		for (const [item, [numbers, more, groups = false]] of items.entries())
			plan.add({ item, campaign: { ...campaign, ...more }, numbers, groups });
		return plan.batches.map(({ numbers, groups, members }) => [numbers, groups, [...members.keys()]]);
	};

	test('the numbers of an item stay together where they fit into one request', () => {
		expect(planned([['1', '2']], [['3', '4']], [['1']], [['5']])).toEqual([
			[['1', '2'], [], [0, 2]],
			[['3', '4', '5'], [], [1, 3]],
		]);
		expect(planned([['1', '2', '3', '4']], [['5', '6']], [['7']])).toEqual([
			[['1', '2', '3'], [], [0]],
			[['4', '5', '6'], [], [0, 1]],
			[['7'], [], [2]],
		]);
	});

	test('requests are shared by what is the same, groups in whatever order', () => {
		const [groups, others] = [{ groups: ['a', 'b'] }, { groups: ['b', 'a'] }];
		expect(planned([['1'], groups, true], [['2'], others, true], [[], groups, true])).toEqual(
			[
				[
					['1', '2'],
					['a', 'b'],
					[0, 1, 2],
				],
			].map(([numbers, , members]) => [numbers, expect.arrayContaining(['a', 'b']), members]),
		);
		expect(planned([[], groups, true], [['1'], { message: 'Ho' }], [['1'], { stampToSend: 9 }])).toEqual([
			[[], ['a', 'b'], [0]],
			[['1'], [], [1]],
			[['1'], [], [2]],
		]);
		const alone = { combineItems: false };
		expect(planned([['1'], alone], [['1'], alone], [['1'], { extras: {} }])).toHaveLength(3);
	});
});
