import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { nodeTypes, openEngine, credentialsFor } from '../scenes';
import { contactOf, type ClubTextingBooks } from '../simulator';
import { formsOf, going, itemsOf, lines, openBenches, pairs } from '../harness';

const { bench, it: test } = openBenches();
const books = (): ClubTextingBooks => bench.simulator.clubTexting.books;
const contact = (operation: string, more: INodeParameters = {}) => ({
	resource: 'contact',
	operation,
	...(operation !== 'getAll' && { phoneNumber: '={{ $json.number }}' }),
	...more,
});
const login = [
	['User', 'winnie'],
	['Password', 'the-pooh&2+2=4%'],
];
const written = (operations = ['createContact', 'updateContact', 'deleteContact']) =>
	bench.simulator.requests.filter(({ operation }) => operations.includes(operation));

const upsert = async (items: IDataObject[], fields: INodeParameters = {}, options = {}) =>
	await bench.run(
		'clubTexting',
		contact('upsert', {
			additionalFields: {
				firstName: '={{ $json.first }}',
				lastName: '={{ $json.last }}',
				email: '={{ $json.email }}',
				...fields,
			},
		}),
		items,
		options,
	);

describe('contact.upsert', () => {
	test('creates who is not there and updates who is, each with exactly its fields', async () => {
		const known = contactOf(books(), '2125550102', {
			firstName: 'Piglet',
			lastName: 'Notail',
			email: 'piglet@example.com',
			note: 'Small',
			groups: ['Neighbors'],
		});
		const result = await upsert(
			[
				{ number: '(212) 555-0101', first: 'Winnie', last: 'The Pooh', email: 'winnie@example.com' },
				{ number: '2125550102', first: 'Piglet', last: 'Smalltail', email: '' },
			],
			{ groups: 'honey lovers' },
		);
		expect(itemsOf(result)).toEqual([
			{
				contactId: books().contacts[1]!.id,
				phoneNumber: '2125550101',
				firstName: 'Winnie',
				lastName: 'The Pooh',
				email: 'winnie@example.com',
				note: null,
				groups: ['honey lovers'],
				source: 'API',
				optedOut: false,
				createdAt: '01-17-2012',
				created: true,
			},
			{
				contactId: known.id,
				phoneNumber: '2125550102',
				firstName: 'Piglet',
				lastName: 'Smalltail',
				email: 'piglet@example.com',
				note: 'Small',
				groups: ['honey lovers', 'Neighbors'],
				source: 'API',
				optedOut: false,
				createdAt: '01-17-2012',
				created: false,
			},
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /groups?format=json&itemsPerPage=100&page=1',
			'GET /contacts?format=json&query=2125550101&itemsPerPage=100&page=1',
			'POST /contacts?format=json',
			'GET /contacts?format=json&query=2125550102&itemsPerPage=100&page=1',
			`POST /contacts/${known.id}?format=json`,
		]);
		expect(formsOf(written())).toEqual([
			[
				...login,
				['PhoneNumber', '2125550101'],
				['FirstName', 'Winnie'],
				['LastName', 'The Pooh'],
				['Email', 'winnie@example.com'],
				['Groups[]', 'honey lovers'],
			],
			[
				...login,
				['PhoneNumber', '2125550102'],
				['FirstName', 'Piglet'],
				['LastName', 'Smalltail'],
				['Email', 'piglet@example.com'],
				['Note', 'Small'],
				['Groups[]', 'Neighbors'],
				['Groups[]', 'honey lovers'],
			],
		]);
	});

	test.each([
		['replace', 'keep'],
		['replace', 'clear'],
		['add', 'keep'],
		['add', 'clear'],
	] as const)(
		'leaves no group and no field, whether an update %ss groups and %ss what it leaves out',
		async (groupsOnUpdate, omittedOnUpdate) => {
			Object.assign(books(), { groupsOnUpdate, omittedOnUpdate });
			for (const number of ['2125550101', '2125550102'])
				contactOf(books(), number, { lastName: 'Old', note: 'Keep', groups: ['Neighbors'] });
			const result = await upsert(
				[
					{ number: '2125550101', first: 'Owl' },
					{ number: '2125550102', first: 'Roo' },
				],
				{ groups: '={{ $itemIndex === 0 ? ["Honey Lovers"] : [] }}' },
			);
			expect(itemsOf(result)).toMatchObject([
				{ firstName: 'Owl', lastName: 'Old', note: 'Keep', groups: ['honey lovers', 'Neighbors'] },
				{ firstName: 'Roo', lastName: 'Old', note: 'Keep', groups: ['Neighbors'] },
			]);
			expect(books().groups.get('Neighbors')).toEqual(['2125550101', '2125550102']);
		},
	);

	test.each([undefined, 'continueRegularOutput' as const])(
		'makes one contact of items with one number (%s)',
		async (onError) => {
			const items = [
				{ number: '2125550102' },
				{ number: '2125550101', first: 'Winnie' },
				{ number: '+1 212 555 0101', last: 'The Pooh' },
			];
			const result = await upsert(items, {}, { onError });
			expect(itemsOf(result)).toMatchObject([
				{ created: true },
				{ created: true, firstName: 'Winnie', lastName: null },
				{ created: false, firstName: 'Winnie', lastName: 'The Pooh' },
			]);
			expect(books().contacts).toHaveLength(2);
		},
	);

	test('does not take a contact whose name holds the number for the one who has it', async () => {
		contactOf(books(), '2125550199', { lastName: '2125550101' });
		const result = await upsert([{ number: '2125550101' }, { number: '2125550102' }]);
		expect(itemsOf(result)).toMatchObject([{ created: true }, { created: true }]);
		expect(books().contacts).toHaveLength(3);
	});

	test('a contact who has opted out is not written and comes out as invalid; the others are written', async () => {
		for (const number of ['2125550101', '2125550102', '2125550103']) contactOf(books(), number);
		books().localOptOuts.add('2125550102');
		const items = ['2125550101', '2125550102', '2125550103'].map((number) => ({ number, first: 'Owl' }));
		const went = await upsert(items, {}, going);
		expect(itemsOf(went)).toMatchObject([
			{ firstName: 'Owl' },
			{
				error: expect.stringMatching(
					/^“Phone Number” is that of a contact who has opted out: 2125550102/,
				) as string,
				details: { outcome: 'invalid', provider: 'Club Texting', operation: 'contact.upsert' },
			},
			{ firstName: 'Owl' },
		]);
		expect(pairs(went)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(written()).toHaveLength(2);

		const stopped = await upsert(items);
		expect(stopped.error?.message).toContain('has opted out: 2125550102 [item 1]');
		expect(written()).toHaveLength(3);
	});

	test('a refusal in the middle holds up nobody else', async () => {
		bench.simulator.order({ fault: 'refusalIn200', operation: 'createContact', after: 1, text: 'Email: no' });
		const items = ['2125550101', '2125550102', '2125550103'].map((number) => ({ number }));
		const result = await upsert(items, {}, going);
		expect(itemsOf(result)).toMatchObject([
			{ created: true },
			{ details: { outcome: 'refused', operation: 'contact.upsert' } },
			{ created: true },
		]);
	});

	test('a group that the account does not have is invalid, before anything is written', async () => {
		const items = [{ number: '2125550101' }, { number: '2125550102' }];
		const groups = '={{ $itemIndex === 0 ? "honey lovers" : ["Owls"] }}';
		const result = await upsert(items, { groups });
		expect(result.error?.message).toContain('“Groups” names a group that the account does not have: "Owls"');
		expect(written()).toEqual([]);
	});

	test('a reply that does not name the groups asked for is no success', async () => {
		const reply = {
			Response: { Status: 'Success', Code: 201, Entry: { ID: '4f', PhoneNumber: 2125550101 } },
		};
		bench.simulator.order({
			fault: 'body',
			status: 201,
			operation: 'createContact',
			body: JSON.stringify(reply),
			processed: true,
		});
		const items = [{ number: '2125550101' }, { number: '2125550102' }];
		const result = await upsert(items, { groups: 'honey lovers' }, going);
		expect(itemsOf(result)).toMatchObject([
			{
				error: expect.stringContaining('does not name “honey lovers” among the groups') as string,
				details: { outcome: 'unknown' },
			},
			{ created: true },
		]);
	});

	test('several contacts with one number are told, and none is written', async () => {
		contactOf(books(), '2125550101');
		contactOf(books(), '2125550101');
		const result = await upsert([{ number: '2125550101' }, { number: '2125550102' }], {}, going);
		expect(itemsOf(result)).toMatchObject([
			{ error: expect.stringContaining('is that of 2 contacts') as string, details: { outcome: 'invalid' } },
			{ created: true },
		]);
	});

	test('what was masked in a reply is never written back', async () => {
		contactOf(books(), '2125550101', { note: 'the-pooh&2+2=4% is the password' });
		const result = await upsert(
			[{ number: '2125550101', first: 'Owl' }, { number: '2125550102' }],
			{},
			going,
		);
		expect(itemsOf(result)).toMatchObject([
			{ error: expect.stringContaining('the password of the account stands') as string },
			{ created: true },
		]);
		expect(books().contacts[0]).toMatchObject({ note: 'the-pooh&2+2=4% is the password', firstName: '' });
	});

	test('a dry run shows what would be written and writes nothing', async () => {
		const known = contactOf(books(), '2125550102', { note: 'Small' });
		const result = await bench.run(
			'clubTexting',
			contact('upsert', { dryRun: true, additionalFields: { firstName: 'Owl' } }),
			[{ number: '2125550101' }, { number: '2125550102' }],
		);
		const { baseUrl } = bench.simulator.clubTexting;
		const owl = { firstName: 'Owl', lastName: null, email: null, groups: [], optedOut: false };
		expect(itemsOf(result)).toEqual([
			{
				...owl,
				phoneNumber: '2125550101',
				note: null,
				created: true,
				dryRun: true,
				cost: 0,
				request: {
					method: 'POST',
					url: `${baseUrl}/contacts?format=json`,
					body: { PhoneNumber: '2125550101', FirstName: 'Owl' },
				},
			},
			{
				...owl,
				contactId: known.id,
				phoneNumber: '2125550102',
				note: 'Small',
				source: 'API',
				createdAt: '01-17-2012',
				created: false,
				dryRun: true,
				cost: 0,
				request: {
					method: 'POST',
					url: `${baseUrl}/contacts/${known.id}?format=json`,
					body: { PhoneNumber: '2125550102', FirstName: 'Owl', Note: 'Small' },
				},
			},
		]);
		expect(written()).toEqual([]);
	});
});

describe('contact.get', () => {
	test('finds each by its number, as the list shows it, and shows the reply where it is asked for', async () => {
		contactOf(books(), '2125550101', { firstName: 'Winnie', groups: ['honey lovers'] });
		contactOf(books(), '2125550102', { lastName: '2125550101' });
		books().localOptOuts.add('2125550102');
		const items = [
			{ number: '+1 (212) 555-0101' },
			{ number: '2125550102' },
			{ number: '2125550109' },
			{ number: '12' },
		];
		const options = { includeRawReply: true };
		const result = await bench.run('clubTexting', contact('get', { options }), items, going);
		expect(itemsOf(result)).toMatchObject([
			{ phoneNumber: '2125550101', firstName: 'Winnie', groups: ['honey lovers'], optedOut: false },
			{ phoneNumber: '2125550102', optedOut: true, raw: { OptOut: true } },
			{
				error: expect.stringMatching(
					/no contact has the number 2125550109 \[item 2\]\. Look it up with “Get Many”, or create it first with “Create or Update”\.$/,
				) as string,
				details: { outcome: 'invalid', operation: 'contact.get' },
			},
			{ details: { outcome: 'invalid' } },
		]);
		expect(pairs(result)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
		expect(bench.simulator.requests.every(({ method }) => method === 'GET')).toBe(true);
	});
});

describe('contact.getAll', () => {
	const all = { returnAll: true };
	const numbers = (result: { json: IDataObject }[]) => result.map(({ json }) => json.phoneNumber);

	test.each([[null], [10], [37]])(
		'reads all pages, of at most %p entries, and each contact once',
		async (most) => {
			books().mostPerPage = most;
			for (let place = 100; place < 230; place++) contactOf(books(), `2125550${place}`);
			const result = await bench.run('clubTexting', contact('getAll', all), [{}, {}]);
			expect(numbers(result.output())).toHaveLength(260);
			expect(new Set(numbers(result.output())).size).toBe(130);
			expect(pairs(result).slice(129, 131)).toEqual([{ item: 0 }, { item: 1 }]);
			// The second item asks for nothing again.
			expect(bench.simulator.requests).toHaveLength({ null: 2, 10: 14, 37: 4 }[String(most)]!);
		},
	);

	test('asks for no more than the limit', async () => {
		for (let place = 100; place < 130; place++) contactOf(books(), `2125550${place}`);
		const result = await bench.run('clubTexting', contact('getAll', { limit: '={{ $json.limit }}' }), [
			{ limit: 3 },
			{ limit: 12 },
		]);
		expect(result.output()).toHaveLength(15);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /contacts?format=json&itemsPerPage=3&page=1',
			'GET /contacts?format=json&itemsPerPage=12&page=1',
		]);
	});

	test('filters run at the provider', async () => {
		contactOf(books(), '2125550101', { firstName: 'Winnie', source: 'Keyword', groups: ['Bears'] });
		contactOf(books(), '2125550102', { firstName: 'Piglet' });
		contactOf(books(), '2125550103', { lastName: 'Winnie', source: 'Keyword' });
		books().localOptOuts.add('2125550103');
		const filters = { optedOut: '={{ $json.out }}', query: 'Winnie', source: 'Keyword' };
		const result = await bench.run('clubTexting', contact('getAll', { filters }), [
			{ out: 'yes' },
			{ out: 'no' },
		]);
		expect(itemsOf(result)).toMatchObject([
			{ phoneNumber: '2125550103', optedOut: true },
			{ phoneNumber: '2125550101', optedOut: false },
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		const inGroup = await bench.run('clubTexting', contact('getAll', { filters: { group: 'Bears' } }), [{}]);
		expect(itemsOf(inGroup)).toMatchObject([{ phoneNumber: '2125550101', groups: ['Bears'] }]);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /contacts?format=json&query=Winnie&source=Keyword&optout=true&itemsPerPage=50&page=1',
			'GET /contacts?format=json&query=Winnie&source=Keyword&optout=false&itemsPerPage=50&page=1',
			'GET /contacts?format=json&group=Bears&itemsPerPage=50&page=1',
		]);
	});

	test.each([
		['Opted Out', 'optout', { optedOut: 'yes' }],
		['Group', 'group', { group: 'honey lovers' }],
		['Source', 'source', { source: 'Keyword' }],
	])('a filter that the provider does not obey is an error, not a list: %s', async (label, name, filters) => {
		books().ignoredFilters.add(name);
		contactOf(books(), '2125550101');
		const result = await bench.run('clubTexting', contact('getAll', { filters }), [{}, {}]);
		expect(result.error?.message).toContain(`the filter “${label}” should have left out`);
	});

	test('pages that repeat are an error, not a list', async () => {
		books().ignoresPage = true;
		for (let place = 100; place < 120; place++) contactOf(books(), `2125550${place}`);
		const result = await bench.run('clubTexting', contact('getAll', all), [{}, {}]);
		expect(result.error?.message).toContain('page 2 of the list repeats what came before it');
	});

	test.each(['list', 'null', 'absent', 'notFound'] as const)('an empty list, written as: %s', async (way) => {
		books().emptyLists = way;
		const result = await bench.run('clubTexting', contact('getAll', all), [{}, {}]);
		expect(itemsOf(result)).toEqual([]);
		const made = await upsert([{ number: '2125550101' }, { number: '2125550102' }]);
		expect(itemsOf(made)).toMatchObject([{ created: true }, { created: true }]);
	});

	test.each(['list', 'null', 'absent'] as const)('a contact in no group, written as: %s', async (way) => {
		books().noGroups = way;
		contactOf(books(), '2125550101');
		contactOf(books(), '2125550102', { groups: ['Bears'] });
		const result = await bench.run('clubTexting', contact('getAll', all), [{}]);
		expect(itemsOf(result).map(({ groups }) => groups)).toEqual([['Bears'], []]);
	});

	test('XML gives the same items', async () => {
		contactOf(books(), '2125550101', { firstName: 'Winnie', groups: ['Bears', 'Owls'] });
		const given = [];
		for (const count of [1, 2]) {
			if (count === 2) contactOf(books(), '2125550102');
			const json = await bench.run('clubTexting', contact('getAll', all), [{}]);
			bench.simulator.order({ fault: 'otherFormat', operation: 'getContacts' });
			const xml = await bench.run('clubTexting', contact('getAll', all), [{}]);
			expect(itemsOf(xml)).toEqual(itemsOf(json));
			given.push(itemsOf(xml).length);
		}
		expect(given).toEqual([1, 2]);
	});
});

describe('contact.optOut', () => {
	test('opts out once, keeps what stands there, and says whether it changed anything', async () => {
		const first = contactOf(books(), '2125550101', { firstName: 'Owl', groups: ['Bears'] });
		const second = contactOf(books(), '2125550102');
		books().localOptOuts.add('2125550102');
		books().omittedOnUpdate = 'clear';
		const items = [{ number: '2125550101' }, { number: '2125550102' }, { number: '2125550101' }];
		const result = await bench.run('clubTexting', contact('optOut'), items);
		expect(itemsOf(result)).toEqual([
			{ contactId: first.id, phoneNumber: '2125550101', optedOut: true, changed: true },
			{ contactId: second.id, phoneNumber: '2125550102', optedOut: true, changed: false },
			{ contactId: first.id, phoneNumber: '2125550101', optedOut: true, changed: false },
		]);
		expect(formsOf(written())).toEqual([
			[...login, ['PhoneNumber', '2125550101'], ['FirstName', 'Owl'], ['Groups[]', 'Bears'], ['OptOut', '1']],
		]);
		expect(books().contacts[0]).toMatchObject({ firstName: 'Owl' });
	});

	test.each([true, false])(
		'tells an opt-out that was ignored; reply names it: %p',
		async (optOutInReplies) => {
			Object.assign(books(), { ignoresOptOut: true, optOutInReplies });
			contactOf(books(), '2125550101');
			contactOf(books(), '2125550102');
			const items = [{ number: '2125550101' }, { number: '2125550102' }];
			const result = await bench.run('clubTexting', contact('optOut'), items, going);
			expect(itemsOf(result)).toMatchObject(
				items.map(() =>
					optOutInReplies ? { details: { outcome: 'unknown' } } : { optedOut: false, changed: false },
				),
			);
		},
	);

	test('its form says that it can’t be taken back', () => {
		const notice = new ClubTexting().description.properties.find(
			({ type, displayOptions }) =>
				type === 'notice' && displayOptions?.show?.operation?.includes('optOut') === true,
		);
		expect(notice?.displayName).toMatch(/opts the contact out and can’t be taken back/);
	});

	test('who is no contact is invalid; a reply that says the opposite is unknown', async () => {
		contactOf(books(), '2125550102');
		const entry = { ID: '4f', OptOut: false };
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry: entry } });
		bench.simulator.order({ fault: 'body', status: 200, operation: 'updateContact', body });
		const items = [{ number: '2125550101' }, { number: '2125550102' }];
		const result = await bench.run('clubTexting', contact('optOut'), items, going);
		expect(itemsOf(result)).toMatchObject([
			{ error: expect.stringContaining('no contact has the number 2125550101') as string },
			{ details: { outcome: 'unknown' } },
		]);
	});
});

describe('contact.delete', () => {
	test('deletes by number; an unknown number and one who has opted out are invalid', async () => {
		const first = contactOf(books(), '2125550101');
		contactOf(books(), '2125550102');
		books().localOptOuts.add('2125550102');
		const items = ['2125550101', '2125550102', '2125550103'].map((number) => ({ number }));
		const result = await bench.run('clubTexting', contact('delete'), items, going);
		expect(itemsOf(result)).toMatchObject([
			{ phoneNumber: '2125550101', deleted: true },
			{ error: expect.stringContaining('has opted out') as string, details: { outcome: 'invalid' } },
			{ error: expect.stringContaining('was not found') as string, details: { outcome: 'invalid' } },
		]);
		expect(lines(written())).toEqual([`DELETE /contacts/${first.id}?format=json`]);
	});
});

describe('the list of groups in the editor', () => {
	const listed = async (engine = openEngine()) =>
		await engine.loadOptions(nodeTypes.clubTexting, 'getGroups', {
			credentials: credentialsFor(bench.simulator),
		});

	test('has the names that the parameters store', async () => {
		books().groups.set('Bears', ['2125550101']);
		expect(await listed()).toEqual([
			{ name: 'Bears', value: 'Bears', description: '1 contact' },
			{ name: 'honey lovers', value: 'honey lovers', description: '2 contacts' },
		]);
		const form = { phoneNumbers: '', message: 'Honey', options: { groups: ['Bears', 'honey lovers'] } };
		const result = await bench.run('clubTexting', { resource: 'message', operation: 'send', ...form }, [
			{},
			{},
		]);
		expect(itemsOf(result)).toHaveLength(2);
		expect(books().messages).toMatchObject([{ groups: ['Bears', 'honey lovers'] }]);
	});

	test('is offered wherever groups are named', () => {
		const fields = new ClubTexting().description.properties;
		const naming = fields.flatMap(({ displayOptions, options = [] }) =>
			options
				.filter((entry) => 'type' in entry && /^(groups|contactGroups)$/.test(entry.name))
				.map((entry) => [displayOptions!.show!.operation, (entry as INodeProperties).typeOptions]),
		);
		const offering = { loadOptionsMethod: 'getGroups' };
		expect(naming).toEqual([
			[['upsert'], offering],
			[['setUp'], offering],
			[['send'], offering],
		]);
	});

	test('says in its place why it could not be filled, and keeps what was chosen', async () => {
		bench.simulator.order({ fault: 'status401', operation: 'getGroups', times: 2 });
		const reason = {
			name: 'The groups could not be listed: Club Texting refused: Authorization Required',
			value: '',
			description: expect.stringMatching(/./),
		};
		expect(await listed()).toEqual([reason]);
		const chosen = await openEngine().loadOptions(nodeTypes.clubTexting, 'getGroups', {
			credentials: credentialsFor(bench.simulator),
			parameters: {
				resource: 'contact',
				operation: 'upsert',
				additionalFields: { groups: ['Bears', '', 'Foxes', 'Bears'], firstName: ['Owls'] },
			},
		});
		expect(chosen).toEqual([reason, { name: 'Bears', value: 'Bears' }, { name: 'Foxes', value: 'Foxes' }]);
	});

	test('a reason that was picked from it is no group', async () => {
		const form = { phoneNumbers: '={{ $json.to }}', message: 'Honey', options: { groups: [''] } };
		const to = [{ to: '2125550101' }, { to: '2125550102' }];
		await bench.run('clubTexting', { resource: 'message', operation: 'send', ...form }, to);
		expect(books().messages.map(({ groups }) => groups)).toEqual([[]]);
	});
});

describe('a list that ends with a full page', () => {
	const list = async () =>
		await bench.run('clubTexting', contact('getAll', { returnAll: true }), [{}, {}], going);
	const page = (after: number, body = '<!DOCTYPE html><html><body>Contacts</body></html>') =>
		bench.simulator.order({
			operation: 'getContacts',
			fault: 'body',
			body,
			status: 200,
			contentType: 'text/html',
			after,
			times: 6,
		});
	const fill = (count: number) => {
		for (let n = 0; n < count; n++) contactOf(books(), String(2125550000 + n));
	};

	test.each([
		undefined,
		'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html><body>Contacts</body></html>',
		'<!-- app4 -->\n<html><body>Contacts</body></html>',
		'No contacts',
		'',
	])('may be followed by a page for people: those are all (%j)', async (body) => {
		fill(100);
		page(1, body);
		expect(itemsOf(await list())).toHaveLength(200);
	});

	test('and no other page may be one', async () => {
		fill(100);
		page(0);
		expect(itemsOf(await list())).toMatchObject(
			[0, 1].map(() => ({ error: expect.stringContaining('a web page came back (HTTP 200)') as string })),
		);
	});

	test('may have places for keys', async () => {
		const entries = { 0: { ID: 7, PhoneNumber: '2125550101' }, 2: { ID: 9, PhoneNumber: '2125550102' } };
		for (const Entries of [entries, { Entry: entries }]) {
			const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entries } });
			bench.simulator.order({ operation: 'getContacts', fault: 'body', body, status: 200 });
			const result = await bench.run('clubTexting', contact('getAll', { limit: 2 }), [{}, {}], going);
			expect(itemsOf(result).map(({ contactId }) => contactId)).toEqual(['7', '9', '7', '9']);
		}
	});

	test.each<[string, unknown, string[]]>([
		['none, written as an object without any', {}, []],
		['none, written as an element without any', { Entry: {} }, []],
		['a single one without a list around it', { ID: 7, PhoneNumber: '2125550101' }, ['7']],
	])('may have %s', async (_what, Entries, ids) => {
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entries } });
		bench.simulator.order({ operation: 'getContacts', fault: 'body', body, status: 200, times: 6 });
		expect(itemsOf(await list()).map(({ contactId }) => contactId)).toEqual([...ids, ...ids]);
	});

	test.each([false, 0, 'none', { 0: null }, { error: 'no list' }])(
		'is none where it is %j',
		async (Entries) => {
			const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entries } });
			bench.simulator.order({ operation: 'getContacts', fault: 'body', body, status: 200, times: 6 });
			expect(itemsOf(await list())).toMatchObject([0, 1].map(() => ({ details: { outcome: 'unknown' } })));
		},
	);
});
