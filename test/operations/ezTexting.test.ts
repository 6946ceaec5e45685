import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ezTexting } from '../../nodes/EzTexting/provider';
import { going, itemsOf, lines, openBench, outcomesOf, pairs } from '../harness';
import { scenes } from '../scenes';
import { ezTextingContact, type EzTextingBooks } from '../simulator';

/** EZ Texting's API v1: what goes over the wire, and what comes out. */
const bench = openBench();
const books = (): EzTextingBooks => bench.simulator.ezTexting.books;
const run = async (parameters: INodeParameters, items: IDataObject[] = [{}, {}]) =>
	await bench.run('ezTexting', parameters, items, going);
const bodies = (operation: string) => bench.sent(operation).map(({ json }) => json);
const two = [{ number: '(212) 555-0111' }, { number: '12125550112' }];
const ours = scenes.filter(({ provider }) => provider === 'ezTexting');

test.each(ours)('$name: each item gets what is its own', async (scene) => {
	scene.prepare?.(bench.simulator);
	const result = await bench.play(scene);
	const expected = scene.successes(bench.simulator);
	expect(itemsOf(result)).toMatchObject(expected.flat());
	expect(pairs(result)).toEqual(expected.flatMap((list, item) => list.map(() => ({ item }))));
});

test.each(ours.filter(({ effects }) => effects))('$name: a dry run sends nothing', async (scene) => {
	scene.prepare?.(bench.simulator);
	const before = scene.effects!(bench.simulator);
	const result = await bench.play(scene, { parameters: { dryRun: true } });
	expect(itemsOf(result).map((item) => item.dryRun)).toEqual(scene.items.map(() => true));
	expect(scene.effects!(bench.simulator)).toEqual(before);
	expect(bench.sent(scene.request)).toEqual([]);
});

describe('contact', () => {
	const upsert = (additionalFields: INodeParameters): INodeParameters => ({
		resource: 'contact',
		operation: 'upsert',
		phoneNumber: '={{ $json.number }}',
		additionalFields,
	});

	test('is written with what is given and nothing else, its number in eleven digits', async () => {
		ezTextingContact(books(), '2125550112', { note: 'old', optOut: true });
		books().groups.push({ id: '46300000009', name: 'Owls', members: ['12125550112'] });
		const result = await run(
			upsert({
				firstName: 'Winnie',
				groups: 'HONEY LOVERS',
				groupsToLeave: ['46300000009'],
				customFields: { field: [{ name: 'Mood', value: 'good' }] },
			}),
			two,
		);
		expect(bodies('upsertContact')).toEqual(
			['12125550111', '12125550112'].map((phoneNumber) => ({
				phoneNumber,
				firstName: 'Winnie',
				values: { Mood: 'good' },
				groupIdsAdd: ['46300000001'],
				groupIdsRemove: ['46300000009'],
			})),
		);
		expect(itemsOf(result)).toMatchObject([
			{ phoneNumber: '2125550111', created: true, optedOut: false, customFields: { Mood: 'good' } },
			{ phoneNumber: '2125550112', created: false, optedOut: true, note: 'old', groups: ['honey lovers'] },
		]);
	});

	const customFields = (fields: Record<string, string>) => ({
		customFields: { field: Object.entries(fields).map(([name, value]) => ({ name, value })) },
	});

	test('has the five fixed fields on their own, and those of the account by name', async () => {
		ezTextingContact(books(), '2125550112', { custom1: 'old', custom3: 'stays', custom: { Mood: 'bad' } });
		const story = 'x'.repeat(500);
		const given = { custom1: 'gold', custom5: 'y'.repeat(20), Story: story, custom6: 'none of them' };
		const result = await run(upsert(customFields(given)), two);
		expect(bodies('upsertContact')).toEqual(
			['12125550111', '12125550112'].map((phoneNumber) => ({
				phoneNumber,
				custom1: 'gold',
				custom5: 'y'.repeat(20),
				values: { Story: story, custom6: 'none of them' },
			})),
		);
		expect(itemsOf(result).map((item) => item.customFields)).toEqual([
			given,
			{ ...given, custom3: 'stays', Mood: 'bad' },
		]);
		await run(upsert(customFields({ custom2: '={{ 1 < 2 }}' })), two);
		expect(bodies('upsertContact').at(-1)).toEqual({ phoneNumber: '12125550112', custom2: 'true' });
	});

	test.each([
		['a group that is not there', { groups: 'bees' }, /“Groups” names a group/],
		['a name that is too long', { firstName: 'x'.repeat(21) }, /“.*First Name” has 21 characters; 20/],
		['a custom1 that is too long', customFields({ custom1: 'x'.repeat(21) }), /custom1.* 21 .*; 20/],
		['a field that is far too long', customFields({ Story: 'x'.repeat(501) }), /Story.* 501 .*; 500/],
		[
			'half of a character in a field',
			customFields({ Mood: 'good \ud83d' }),
			/“.*Custom Fields: Mood” has half of/,
		],
		['half of a character in a name', customFields({ 'Mood \ud83d': 'good' }), /Custom Fields” has half of/],
		[
			'a name without end',
			customFields({ ['x'.repeat(5000)]: 'good' }),
			/Custom Fields” has 5000 characters/,
		],
		['a field without a name', { customFields: { field: [{ name: '', value: 'x' }] } }, /without a name/],
		['a group to join and to leave', { groups: 'honey lovers', groupsToLeave: 'honey lovers' }, /is to join/],
	])('with %s is invalid, and nothing leaves', async (_what, fields, text) => {
		const result = await run(upsert(fields), two);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		expect(result.output()[0]?.json.error).toMatch(text);
		expect(bench.sent('upsertContact')).toEqual([]);
	});

	describe('with groups that are missing', () => {
		const creating = (options: INodeParameters, more: INodeParameters = {}) => ({
			...upsert({ groups: '={{ $json.groups }}' }),
			options,
			...more,
		});
		const three = [
			{ number: '2125550111', groups: 'Owls, honey lovers' },
			{ number: '2125550112', groups: ['owls ', 'Bears'] },
			{ number: '2125550113', groups: 'HONEY LOVERS' },
		];
		const created = () => bodies('createGroup').map((body) => (body as IDataObject).name);

		test('creates each once for all items, and joins it by the ID that came', async () => {
			const result = await run(creating({ createMissingGroups: true }), three);
			expect(itemsOf(result)).toMatchObject([
				{ groups: ['honey lovers', 'Owls'] },
				{ groups: ['Owls', 'Bears'] },
				{ groups: ['honey lovers'] },
			]);
			expect(created()).toEqual(['Owls', 'Bears']);
			const [owls, bears] = ['Owls', 'Bears'].map(
				(name) => books().groups.find((each) => each.name === name)!.id,
			);
			// The third waits for no new group.
			const joined = bodies('upsertContact').map((body) => {
				const { phoneNumber, groupIdsAdd } = body as IDataObject;
				return [phoneNumber, groupIdsAdd];
			});
			expect(Object.fromEntries(joined)).toEqual({
				'12125550111': ['46300000001', owls],
				'12125550112': [owls, bears],
				'12125550113': ['46300000001'],
			});
		});

		test.each([{}, { createMissingGroups: false }])(
			'is invalid with %j, and nothing is written',
			async (options) => {
				const result = await run(creating(options), three);
				expect(outcomesOf(result)).toEqual(['invalid', 'invalid', 'success']);
				expect(itemsOf(result)[0]?.error).toContain('switch on “Create Missing Groups”');
				expect(created()).toEqual([]);
			},
		);

		test('creates none in a dry run, and shows them', async () => {
			const result = await run(creating({ createMissingGroups: true }, { dryRun: true }), three);
			expect(itemsOf(result)).toMatchObject([
				{ furtherRequests: [{ method: 'POST', body: { name: 'Owls' } }] },
				{ furtherRequests: [{ body: { name: 'owls' } }, { body: { name: 'Bears' } }] },
				{ dryRun: true },
			]);
			expect(bench.simulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
		});

		test('makes none of digits alone, which are the ID of a group that is not there', async () => {
			const unknown = [{ number: '2125550111', groups: [46300000777] }, three[2]!];
			const result = await run(creating({ createMissingGroups: true }), unknown);
			expect(outcomesOf(result)).toEqual(['invalid', 'success']);
			expect(result.output()[0]?.json.error).toMatch(/does not have: "46300000777".*taken for an ID/);
			expect(created()).toEqual([]);
		});

		test('makes none of a name that is too long', async () => {
			const long = [{ number: '2125550111', groups: 'x'.repeat(26) }, three[2]!];
			const result = await run(creating({ createMissingGroups: true }), long);
			expect(outcomesOf(result)).toEqual(['invalid', 'success']);
			expect(created()).toEqual([]);
		});

		test.each(['resetAfter', 'emptyBody'] as const)(
			'finds one whose creation was answered by %s, and creates it no second time',
			async (fault) => {
				bench.simulator.order({ provider: 'ezTexting', fault, operation: 'createGroup' });
				const result = await run(creating({ createMissingGroups: true }), three);
				expect(outcomesOf(result)).toEqual(['success', 'success', 'success']);
				expect(created()).toEqual(['Owls', 'Bears']);
			},
		);

		test('saves no contact whose group may not be there', async () => {
			bench.simulator.order({ provider: 'ezTexting', fault: 'resetBefore', operation: 'createGroup' });
			const result = await run(creating({ createMissingGroups: true }), three);
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent', 'success']);
			expect(itemsOf(result)[0]?.error).toContain('The contact was not saved: the group "Owls"');
			expect(bench.sent('upsertContact')).toHaveLength(1);
			expect(created()).toEqual(['Owls']);
		});
	});

	test('comes with the reply as it came, where that is asked for', async () => {
		ezTextingContact(books(), '2125550111', { firstName: 'Winnie', note: 'two jars' });
		ezTextingContact(books(), '2125550112', { firstName: 'Roo' });
		const asItCame = { options: { includeRawReply: true } };
		const get = { resource: 'contact', operation: 'get', phoneNumber: '={{ $json.number }}', ...asItCame };
		expect(itemsOf(await run(get, two)).map(({ raw }) => raw)).toMatchObject([
			{ phoneNumber: '12125550111', firstName: 'Winnie', note: 'two jars', optOut: false, groups: [] },
			{ phoneNumber: '12125550112', firstName: 'Roo' },
		]);
		const all = { resource: 'contact', operation: 'getAll', returnAll: true, ...asItCame };
		expect(itemsOf(await run(all, [{}])).map(({ raw }) => raw)).toMatchObject([
			{ phoneNumber: '12125550112' },
			{ phoneNumber: '12125550111' },
		]);
		const written = await run({ ...upsert({ firstName: 'Kanga' }), ...asItCame }, two);
		expect(itemsOf(written).map(({ raw }) => raw)).toEqual([{ id: '12125550111' }, { id: '12125550112' }]);
	});

	test('that is not known, or has opted out, is not deleted', async () => {
		ezTextingContact(books(), '2125550112', { optOut: true });
		const parameters = { resource: 'contact', operation: 'delete', phoneNumber: '={{ $json.number }}' };
		const result = await run(parameters, two);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		expect(result.output().map(({ json }) => json.error)).toEqual([
			expect.stringContaining('was not found'),
			expect.stringContaining('has opted out'),
		]);
		expect(bench.sent('deleteContact')).toEqual([]);
	});

	test('lists are looked at again where a filter is ignored, over all pages', async () => {
		for (let i = 0; i < 230; i++)
			ezTextingContact(books(), String(2125550100 + i), { source: i % 2 ? 'API' : 'Upload' });
		books().ignoredFilters.add('source.eq');
		const found = await run(
			{ resource: 'contact', operation: 'getAll', returnAll: true, filters: { source: 'Upload' } },
			[{}],
		);
		expect(itemsOf(found)).toHaveLength(115);
		expect(lines(bench.simulator.requests).map(decodeURIComponent)).toEqual(
			[0, 1].map(
				(page) => `GET /contacts?sort=createdAt,desc&filters[source][eq]=Upload&page=${page}&size=200`,
			),
		);
	});

	test('a list that grows while it is read is one: what was there comes out once', async () => {
		for (let i = 0; i < 430; i++) ezTextingContact(books(), String(2125550100 + i));
		const grows = () => void ezTextingContact(books(), String(2135550100 + books().contacts.size));
		const found = await bench.run(
			'ezTexting',
			{ resource: 'contact', operation: 'getAll', returnAll: true },
			[{}, {}],
			{ onRequest: () => bench.sent('getContacts').length > 0 && grows() },
		);
		expect(bench.sent('getContacts')).toHaveLength(3);
		const numbers = Array.from({ length: 430 }, (_, i) => String(2125550100 + 429 - i));
		expect(itemsOf(found).map(({ phoneNumber }) => phoneNumber)).toEqual([...numbers, ...numbers]);
	});

	test('a list that is shorter than it says is no list', async () => {
		const body = JSON.stringify({ content: [], last: true, totalElements: 3 });
		bench.simulator.order({ fault: 'body', body, operation: 'getContacts', times: Infinity });
		const found = await run({ resource: 'contact', operation: 'getAll', returnAll: true });
		expect(outcomesOf(found)).toEqual(['unknown', 'unknown']);
		expect(found.output()[0]?.json.error).toContain('says that it has 3');
	});
});

test.each([
	['Name', { name: '={{ "x".repeat(26 - $itemIndex) }}' }, /“Name” has 26 characters; 25/],
	[
		'Note',
		{ name: 'Owls', options: { note: '={{ "x".repeat(501 - $itemIndex) }}' } },
		/“Note” has 501 .* 500/,
	],
])('a group with a %s that is too long is invalid', async (_field, parameters, text) => {
	const result = await run({ resource: 'group', operation: 'create', ...parameters });
	expect(outcomesOf(result)).toEqual(['invalid', 'success']);
	expect(itemsOf(result)[0]!.error).toMatch(text);
	expect(bench.sent('createGroup')).toHaveLength(1);
});

describe('credit', () => {
	const buy = { resource: 'credit', operation: 'buy', numberOfCredits: 500, storedCardLastFour: '1111' };

	test('whatever a purchase answers, the balance tells what came of it', async () => {
		const items = itemsOf(await run({ ...buy, options: { couponCode: 'HONEY' } }));
		expect(items).toMatchObject(
			[200_500, 201_000].map((before) => ({
				boughtCredits: 500,
				creditsBefore: before,
				creditsAfter: before + 500,
				confirmed: true,
			})),
		);
		expect(bodies('buy')).toEqual(
			[0, 1].map(() => ({ credits: 500, creditCardLastFour: '1111', couponCode: 'HONEY' })),
		);
	});

	test('a top-up is not confirmed by an earlier one that shows late', async () => {
		books().balanceLags = true;
		const topUp = { ...buy, operation: 'topUp', minimumCredits: 1_000_000 };
		const anytimeCredits = books().anytimeCredits + 500;
		const result = await bench.run('ezTexting', topUp, [{}, {}], {
			onRequest: () => void (bench.sent('buy').length === 2 && Object.assign(books(), { anytimeCredits })),
		});
		expect(itemsOf(result).map(({ creditsAfter, confirmed }) => [creditsAfter, confirmed])).toEqual([
			[200_500, false],
			[201_000, false],
		]);
	});

	test('a balance that lags does not confirm', async () => {
		books().balanceLags = true;
		expect(itemsOf(await run(buy))[0]).toMatchObject({ confirmed: false, boughtCredits: 500 });
	});

	test('a success that repeats its HTTP status is one; what says no in it is none', async () => {
		const answer = (body: IDataObject, status: number) =>
			bench.simulator.order({
				...{ fault: 'body', operation: 'buy', body: JSON.stringify(body), status },
				processed: true,
			});
		answer({ status: 200, message: 'Purchased' }, 200);
		answer({ status: 201, errors: [] }, 201);
		answer({ status: 402, title: 'Declined' }, 200);
		const result = await run(buy, [{}, {}, {}]);
		expect(outcomesOf(result)).toEqual(['success', 'success', 'unknown']);
		expect(itemsOf(result)).toMatchObject([
			{ boughtCredits: 500, confirmed: true, reply: { status: 200 } },
			{ boughtCredits: 500, confirmed: true, reply: { status: 201 } },
			{ error: expect.stringContaining('Declined') as string },
		]);
		expect(bench.sent('buy')).toHaveLength(3);
	});

	test('a success that is no object comes out as it is', async () => {
		const said = ['null', 'true', '"paid"', 'Thank you!', '[]'];
		for (const body of said)
			bench.simulator.order({ fault: 'body', body, operation: 'buy', processed: true });
		const items = itemsOf(
			await run(
				buy,
				said.map(() => ({})),
			),
		);
		expect(items.map(({ reply }) => reply)).toEqual([null, true, 'paid', 'Thank you!', []]);
	});

	test('a 429 is never answered by a second purchase', async () => {
		bench.simulator.order({ fault: 'status429', operation: 'buy' });
		expect(outcomesOf(await run(buy))).toEqual(['refused', 'success']);
		expect(bench.sent('buy')).toHaveLength(2);
		expect(books().charges).toHaveLength(1);
	});

	test('a top-up buys up to its level, and what it buys counts against the limit', async () => {
		Object.assign(books(), { planCredits: 0, anytimeCredits: 120 });
		const topUp = {
			...{ resource: 'credit', operation: 'topUp', storedCardLastFour: '1111', minimumCredits: 200 },
			options: { topUpTo: 1000 },
		};
		expect(outcomesOf(await run({ ...topUp, spendingLimit: 800 }))).toEqual(['notSent', 'notSent']);
		expect(itemsOf(await run({ ...topUp, spendingLimit: 900 }))).toMatchObject([
			{ toppedUp: true, boughtCredits: 880, creditsBefore: 120, creditsAfter: 1000, confirmed: true },
			{ toppedUp: false, boughtCredits: 0, creditsBefore: 1000, creditsAfter: 1000 },
		]);
		expect(outcomesOf(await run({ ...topUp, options: { topUpTo: 100 } }))).toEqual(['invalid', 'invalid']);
	});
});

describe('message.send', () => {
	const send = (more: INodeParameters = {}, options: INodeParameters = {}): INodeParameters => ({
		...{ resource: 'message', operation: 'send', phoneNumbers: '={{ $json.number }}', message: 'Honey' },
		...more,
		options,
	});

	test('goes out with what was asked for, its numbers in eleven digits, its groups by ID', async () => {
		const options = {
			groups: 'HONEY LOVERS, 46300000009',
			scheduledFor: '2027-03-01T10:15:30Z',
			mediaUrl: 'https://example.com/honey.jpg',
			companyName: 'Winnie',
			fromNumber: '(313) 555-0199',
		};
		books().groups.push({ id: '46300000009', name: 'Owls', members: [] });
		const items = itemsOf(await run(send({}, options), two));
		expect(bodies('send')).toEqual([
			{
				toNumbers: ['12125550111', '12125550112'],
				groupIds: ['46300000001', '46300000009'],
				message: 'Honey',
				sendAt: '2027-03-01T10:15:30+00:00',
				messageType: 'MMS',
				mediaUrl: 'https://example.com/honey.jpg',
				companyName: 'Winnie',
				fromNumber: '13135550199',
				strictValidation: true,
			},
		]);
		expect(items).toEqual(
			['2125550111', '2125550112'].map((number) => ({
				messageId: '271100000003',
				recipients: [number],
				groups: ['honey lovers', 'Owls'],
				message: 'Honey',
				scheduledFor: '2027-03-01T10:15:30.000Z',
				itemsInRequest: 2,
				messageIds: ['271100000003'],
			})),
		);
	});

	test('goes out from a short code of the account', async () => {
		await run(send({}, { fromNumber: '={{ $itemIndex === 0 ? "313131" : " 25827 " }}' }), two);
		const senders = bodies('send').map((body) => (body as IDataObject).fromNumber);
		expect(senders).toEqual(['313131', '25827']);
	});

	test('within a window goes out on its days, by the clocks of each recipient', async () => {
		// In New York half past midnight on a Saturday, in Los Angeles still Friday.
		const [started, now] = [performance.now(), Date.parse('2026-07-04T00:30:00-04:00')];
		jest.spyOn(Date, 'now').mockImplementation(() => now + performance.now() - started);
		const people = ['2125550101', '3105550102'].map((number) => ({ number }));
		const sendingWindow = { from: '08:00', to: '23:00', days: ['friday'] };
		const result = await run(send({}, { sendingWindow }), people);
		const closed = await run(send({}, { sendingWindow: { days: ['monday'], outside: 'fail' } }), people);
		jest.restoreAllMocks();
		expect(itemsOf(result)).toMatchObject([
			{ scheduledFor: '2026-07-10T12:00:00.000Z' },
			{ scheduledFor: null },
		]);
		const sendAt = bodies('send').map((body) => {
			const { toNumbers, ...asked } = body as IDataObject;
			return [toNumbers, asked.sendAt];
		});
		expect(sendAt).toEqual(
			expect.arrayContaining([
				[['12125550101'], '2026-07-10T12:00:00+00:00'],
				[['13105550102'], undefined],
			]),
		);
		expect(sendAt).toHaveLength(2);
		expect(outcomesOf(closed)).toEqual(['invalid', 'invalid']);
		expect(closed.output()[0]?.json.error).toContain('is open from 08:00 to 20:00 on Monday');
	});

	test.each([
		['goes at once', '2026-07-03T23:59:58-04:00', '2026-07-03T23:59:58-04:00', undefined],
		['goes at once inside', '2026-07-03T12:00:00-04:00', '2026-07-03T12:00:00-04:00', {}],
		['waits for the opening outside', '2026-07-03T19:59:58-04:00', '2026-07-04T08:00:00-04:00', {}],
	])('a time that passes while it waits for its turn %s', async (_what, scheduledFor, due, sendingWindow) => {
		const at = Date.parse(scheduledFor);
		const realNow = Date.now;
		const started = realNow();
		// From the second request on, which the provider asks to come again later, it is past.
		const past = () => (bench.sent('send').length >= 2 ? 5000 : -60_000);
		jest.spyOn(Date, 'now').mockImplementation(() => at + past() + realNow() - started);
		bench.simulator.order({ fault: 'status429', operation: 'send', retryAfter: 1, after: 1 });
		const options = { combineItems: false, scheduledFor, ...(sendingWindow && { sendingWindow }) };
		const result = await bench.run('ezTexting', send({}, options), two);
		jest.restoreAllMocks();
		const isPutOff = due !== scheduledFor;
		// Either may leave first.
		const times = [new Date(at).toISOString(), isPutOff ? new Date(due).toISOString() : null];
		expect(itemsOf(result).map((item) => item.scheduledFor)).toEqual(expect.arrayContaining(times));
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(bodies('send').map((body) => (body as IDataObject).sendAt !== undefined)).toEqual([
			true,
			true,
			isPutOff,
		]);
	});

	test('a number that is none fails its own item alone, whether or not it is named', async () => {
		books().invalidNumbers.add('12125550112');
		const three = [...two, { number: '2125550113' }];
		const result = await run(send(), three);
		expect(outcomesOf(result)).toEqual(['success', 'refused', 'success']);
		expect(books().delivered.map(({ number }) => number)).toEqual(['12125550111', '12125550113']);
		// They are those asked for: nobody says who was dropped.
		expect(itemsOf(await run(send({}, { invalidNumbers: 'drop' }), two))).toMatchObject([
			{ recipients: ['2125550111'] },
			{ recipients: ['2125550112'] },
		]);
		expect(bodies('send').at(-1)).toMatchObject({ strictValidation: false });
	});

	test('an ID that does not come makes it unknown, and nothing is sent again', async () => {
		bench.simulator.order({ fault: 'emptyBody', operation: 'send' });
		expect(outcomesOf(await run(send(), two))).toEqual(['unknown', 'unknown']);
		expect(books().delivered).toHaveLength(2);
	});

	test('what was not processed is made once more, and only once', async () => {
		bench.simulator.order({ fault: 'status429', operation: 'send' });
		expect(outcomesOf(await run(send(), two))).toEqual(['success', 'success']);
		expect(bench.sent('send')).toHaveLength(2);
		bench.simulator.order({ fault: 'status429', operation: 'send', times: 2 });
		expect(outcomesOf(await run(send(), two))).toEqual(['refused', 'refused']);
		expect(bench.sent('send')).toHaveLength(4);
		expect(books().delivered).toHaveLength(2);
	});

	test.each([
		['a group that is not there', { groups: 'bees' }, /“Groups” names a group/],
		['a time that has passed', { scheduledFor: '2020-01-01T10:00:00Z' }, /is in the past/],
		['a file without an address', { mediaUrl: 'honey.jpg' }, /“Media URL” is not a complete web address/],
		['a file without a host', { mediaUrl: 'http:honey.jpg' }, /“Media URL” is not a complete web address/],
		['a sender that is no number', { fromNumber: '123' }, /“From Number” contains "123"/],
	])('with %s is invalid, and nothing leaves', async (_what, options, text) => {
		const result = await run(send({}, options), two);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid']);
		expect(result.output()[0]?.json.error).toMatch(text);
		expect(bench.sent('send')).toEqual([]);
	});
});

describe('two groups with one name', () => {
	beforeEach(() => {
		books().groups.push(
			{ id: '46300000011', name: 'Owls', members: [] },
			{ id: '46300000012', name: 'Owls', members: [] },
			{ id: '46300000013', name: 'owls', members: [] },
		);
	});
	const send = { resource: 'message', operation: 'send', message: 'Honey' };
	const upsert = { resource: 'contact', operation: 'upsert', phoneNumber: '2125550111' };

	test.each([
		['a text', 'send', { ...send, options: { groups: '={{ $json.group }}' } }, 'groupIds'],
		[
			'a contact',
			'upsertContact',
			{ ...upsert, additionalFields: { groups: '={{ $json.group }}' } },
			'groupIdsAdd',
		],
	])('are not guessed for %s: the ID tells', async (_what, operation, parameters, field) => {
		const groups = ['Owls', 'OWLS', '46300000012', 'owls'].map((group) => ({ group }));
		const result = await run(parameters, groups);
		expect(outcomesOf(result)).toEqual(['invalid', 'invalid', 'success', 'success']);
		const errors = result.output().map(({ json }) => json.error);
		expect(errors[0]).toMatch(/^“Groups” names several groups .*"Owls".* IDs: 46300000011, 46300000012\.$/);
		expect(errors[1]).toMatch(/ 46300000011, 46300000012, 46300000013\.$/);
		expect(bodies(operation).map((body) => (body as IDataObject)[field])).toEqual([
			['46300000012'],
			['46300000013'],
		]);
	});

	test('are told apart in the editor’s list, which gives their IDs', async () => {
		const listed = await bench.engine.loadOptions('n8n-nodes-messaging-credits.ezTexting', 'getGroups', {
			credentials: { ezTextingApi: { ...bench.simulator.ezTexting.credentials } },
		});
		expect(listed.map(({ name, value }) => [name, value])).toEqual([
			['honey lovers', 'honey lovers'],
			['Owls (46300000011)', '46300000011'],
			['Owls (46300000012)', '46300000012'],
			['owls', 'owls'],
		]);
	});
});

test.each(['block', 'delete', 'cancel'])(
	'%s is done by its HTTP status, also where the reply is a word',
	async (operation) => {
		const scene = ours.find(({ name }) => name.endsWith(`.${operation}`))!;
		scene.prepare!(bench.simulator);
		for (const body of ['OK', 'true'])
			bench.simulator.order({ fault: 'body', body, operation: scene.request, processed: true });
		expect(outcomesOf(await bench.play(scene, going))).toEqual(['success', 'success']);
	},
);

describe('where to look after an unknown outcome', () => {
	const places: Record<string, RegExp> = {
		'message.send': /“Message: Get Many” with “Phone Number”.*newest text first/,
		'message.cancel': /“Message: Get Many” with “Phone Number” and “Scheduled”/,
		'contact.upsert': /“Contact: Get” with its number/,
		'contact.delete': /“Contact: Get” with its number/,
		'contact.block': /the contact in your EZ Texting account/,
		'group.create': /“Group: Get Many”/,
		'credit.buy': /“Credit: Get Balance”.*statement of the card/,
		'credit.topUp': /“Credit: Get Balance”.*statement of the card/,
	};
	const acts = ours.filter(({ effects }) => effects);

	test.each(acts)('$name', async (scene) => {
		scene.prepare?.(bench.simulator);
		bench.simulator.order({ provider: 'ezTexting', fault: 'resetAfter', operation: scene.request });
		const { error } = await bench.play(scene, { onError: 'stopWorkflow' });
		const { resource, operation } = scene.parameters;
		expect(error?.context?.details).toMatchObject({ outcome: 'unknown' });
		expect(error?.description).toMatch(places[`${String(resource)}.${String(operation)}`]!);
		expect(error?.description).toContain('Look before you run it anew');
	});
});

describe('the pace', () => {
	test('of an account is that of all its runs together', async () => {
		const one = { resource: 'credit', operation: 'getBalance' };
		const texts = { resource: 'message', operation: 'send', phoneNumbers: '2125550111', message: 'Honey' };
		await Promise.all([run(one), run(one)]);
		const started = performance.now();
		const handle = bench.engine.startNode(
			'n8n-nodes-messaging-credits.ezTexting',
			{ ...texts, options: { requestsPerMinute: 4 } },
			{ credentials: { ezTextingApi: { ...bench.simulator.ezTexting.credentials } }, items: [{}] },
		);
		await new Promise((resolve) => setTimeout(resolve, 700));
		expect(bench.sent('send')).toEqual([]);
		handle.cancel();
		await handle.done.catch(() => {});
		expect(performance.now() - started).toBeLessThan(30_000);
		// A higher pace of one's own lifts it.
		expect(outcomesOf(await run({ ...texts, options: { requestsPerMinute: 1000 } }, [{}]))).toEqual([
			'success',
		]);
	});
});

describe('message', () => {
	test('cancel deletes by number, and looks whether it is still scheduled', async () => {
		const scene = ours.find(({ name }) => name.endsWith('message.cancel'))!;
		scene.prepare!(bench.simulator);
		expect(itemsOf(await bench.play(scene)).map((item) => item.stillScheduled)).toEqual([false, false]);
		expect(bodies('deleteMessages')).toEqual([{ ids: [271100000010] }, { ids: [271100000011] }]);
		scene.prepare!(bench.simulator);
		books().deletionStopsNothing = true;
		expect(itemsOf(await bench.play(scene)).map((item) => item.stillScheduled)).toEqual([true, true]);
	});

	test('a list asks with its filters, and leaves out what does not fit', async () => {
		const [number, other] = ['12125550111', '12125550112'];
		const row = { id: '1', contactNumber: number, inbound: true, sentAt: '2026-11-02T10:00:00+00:00' };
		const rows = [
			...[row, { ...row, contactNumber: other }, { ...row, inbound: false }],
			...[
				{ ...row, sentAt: '2026-11-01T09:59:59Z' },
				{ ...row, sentAt: '2026-11-03T10:00:01Z' },
			],
		];
		const body = JSON.stringify({ content: rows, last: true });
		bench.simulator.order({ fault: 'body', body, operation: 'getMessages', times: Infinity });
		const filters = {
			...{ direction: 'received', phoneNumber: '(212) 555-0111', unread: true, scheduled: true },
			...{ after: '2026-11-01T10:00:00Z', before: '2026-11-03T10:00:00Z' },
		};
		const found = await run({ resource: 'message', operation: 'getAll', returnAll: true, filters });
		expect(itemsOf(found)).toMatchObject(
			[0, 1].map(() => ({
				...{ messageId: '1', direction: 'received', phoneNumber: '2125550111' },
				sentAt: '2026-11-02T10:00:00.000Z',
			})),
		);
		const asked = [
			...['sort=sentAt,desc', 'filters[incoming][eq]=true', `filters[contactNumber][eq]=${number}`],
			...['filters[sentAt][gte]=2026-11-01T10:00:00.000Z', 'filters[sentAt][lte]=2026-11-03T10:00:00.000Z'],
			...['filters[unread][eq]=true', 'filters[pending][eq]=true', 'page=0', 'size=200'],
		];
		expect(lines(bench.simulator.requests).map(decodeURIComponent)).toEqual([
			`GET /messages?${asked.join('&')}`,
		]);
	});

	test('a report that is not there yet is refused and says so; one of zeros comes out', async () => {
		const scene = ours.find(({ name }) => name.endsWith('message.getReport'))!;
		scene.prepare!(bench.simulator);
		books().reportsAreYoung = 'missing';
		const result = await bench.play(scene, going);
		expect(outcomesOf(result)).toEqual(['refused', 'refused']);
		books().reportsAreYoung = true;
		expect(itemsOf(await bench.play(scene))).toMatchObject([{ delivered: 0, notSent: 0 }, { delivered: 0 }]);
	});

	describe('getReport of several messages', () => {
		const [first, second, unknown] = ['271100000010', '271100000011', '99'] as const;
		const getReport = { resource: 'message', operation: 'getReport', messageId: '={{ $json.ids }}' };
		const items = [{ ids: `${first}, ${unknown}` }, { ids: [unknown, second] }];
		beforeEach(() => ours.find(({ name }) => name.endsWith('getReport'))!.prepare!(bench.simulator));

		test('of which one fails: an item for each, the failed one naming its ID', async () => {
			const result = await run(getReport, items);
			const failed = { details: { outcome: 'refused', operation: 'message.getReport' } };
			expect(itemsOf(result)).toMatchObject([
				{ messageId: first, delivered: 1, credits: 1 },
				failed,
				failed,
				{ messageId: second, delivered: 1, credits: 1 },
			]);
			for (const place of [1, 2]) expect(itemsOf(result)[place]!.error).toContain('Message 99: ');
			expect(pairs(result)).toEqual([0, 0, 1, 1].map((item) => ({ item })));
			const paths = (id: string) => [`GET /message-reports/${id}`, `GET /message-details/${id}`];
			const missing = `GET /message-reports/${unknown}`;
			expect(lines(bench.simulator.requests)).toEqual([...paths(first), missing, missing, ...paths(second)]);
		});

		test('goes by the branch for errors, or stops the run, naming the ID too', async () => {
			const branches = await bench.run('ezTexting', getReport, items, { onError: 'continueErrorOutput' });
			expect(itemsOf(branches).map(({ messageId }) => messageId)).toEqual([first, second]);
			expect(pairs(branches, 1)).toEqual([{ item: 0 }, { item: 1 }]);
			const stopped = await bench.run('ezTexting', getReport, items);
			expect(stopped.error?.message).toContain('Message 99: ');
		});

		test('asks for no more of them once the log-in is refused', async () => {
			bench.simulator.order({ fault: 'status401', after: 2, times: Infinity });
			const result = await run(getReport, [{ ids: `${first},${second},${unknown}` }, { ids: first }]);
			const refused = { details: { outcome: 'refused', affects: 'run' } };
			expect(itemsOf(result)).toMatchObject([
				{ messageId: first },
				refused,
				refused,
				{ details: { outcome: 'notSent' } },
			]);
			expect(bench.simulator.requests).toHaveLength(3);
			for (const [place, id] of [second, unknown].entries())
				expect(itemsOf(result)[place + 1]!.error).toContain(`Message ${id}: `);
		});
	});
});

describe('what a reply comes to', () => {
	const verdict = (status: number, text: string, headers = {}) =>
		ezTexting.classify({ status, text, headers });

	test.each([
		[200, '', 'done'],
		[201, '{"id":"1"}', 'done'],
		[204, '', 'done'],
		[202, '{"id":"1"}', 'unclear'],
		[200, '<html></html>', 'unclear'],
		[200, '<!-- We are back soon --><html><body>Maintenance</body></html>', 'unclear'],
		[200, '<?xml version="1.0"?><fault>Busy</fault>', 'unclear'],
		[200, '{"id":"1', 'unclear'],
		[200, '{"status":400,"title":"No","errors":[{"message":"No"}]}', 'unclear'],
		[200, '{"status":500,"id":"1"}', 'unclear'],
		[201, '{"id":"1","errors":[{}]}', 'unclear'],
		[200, '{"status":400}', 'unclear'],
		[200, '{"errors":{"phoneNumber":"is wrong"}}', 'unclear'],
		[200, '{"status":200,"title":"OK"}', 'done'],
		[201, '{"id":"1","status":201,"errors":[]}', 'done'],
		[200, '{"id":"1","status":399,"errors":null}', 'done'],
		[200, '{"id":"1","status":"queued"}', 'done'],
		[503, '{"status":503,"title":"Busy"}', 'unclear'],
		[409, '{"status":409,"title":"Conflict"}', 'unclear'],
		[400, '{"status":400,"title":"No"}', 'refused'],
		[404, '<html></html>', 'refused'],
	])('%i %s is %s', (status, text, kind) => expect(verdict(status, text).kind).toBe(kind));

	test('a 404 in XML is not its own', () => {
		expect(verdict(404, '<fault>No route</fault>')).toEqual({
			kind: 'refused',
			message: 'there is nothing at this address (HTTP 404)',
			affects: 'item',
		});
	});

	test.each([
		[{ 'x-rate-limit-retry-after-milliseconds': '1500', 'retry-after': '9' }, 1500],
		[{ 'retry-after': '9' }, 9000],
		[{ 'x-rate-limit-retry-after-milliseconds': '3600000' }, 60_000],
		[{ 'x-rate-limit-retry-after-milliseconds': 'soon' }, 60_000],
		[{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 60_000],
		[{ 'retry-after': 'Wed, 21 Oct 2037 07:28:00 GMT' }, 60_000],
		[{}, 60_000],
	])('429 with %j is waited for %i ms', (headers, wait) => {
		expect(verdict(429, '', headers)).toMatchObject({ kind: 'notProcessed', wait });
	});

	test.each([
		['{"status":400,"title":"T","detail":"D","errors":[{"title":"t","message":"m"},{"title":"u"}]}', 'm; u'],
		['{"status":400,"title":"T","detail":"D"}', 'D'],
		['{"status":400,"title":"T"}', 'T'],
		['{"title":"T"}', 'T'],
		['{"title":"T","errors":["Bad number",{"code":"7"}]}', 'Bad number'],
		['{"status":400,"error":"Bad Request","message":"No such thing"}', 'No such thing'],
		['{"status":200,"title":"T"}', 'T'],
	])('of %s the words are %s', (text, words) => {
		expect(verdict(400, text)).toMatchObject({ kind: 'refused', message: words });
	});
});
