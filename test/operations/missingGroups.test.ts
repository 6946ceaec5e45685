import type { IDataObject } from 'n8n-workflow';
import { groupOption } from '../../nodes/shared/sms/groupFields';
import { namedGroups, type GroupBook } from '../../nodes/shared/sms/groups';
import { formsOf, going, itemsOf, openBenches, pairs } from '../harness';
import { contactOf, type ClubTextingBooks, type Fault } from '../simulator';

const { bench, it: test } = openBenches();
const books = (): ClubTextingBooks => bench.simulator.clubTexting.books;

const upsert = (more: IDataObject = {}, options: IDataObject = { createMissingGroups: true }) => ({
	resource: 'contact',
	operation: 'upsert',
	phoneNumber: '={{ $json.number }}',
	additionalFields: { groups: '={{ $json.groups }}' },
	options,
	...more,
});
const run = async (items: IDataObject[], parameters: IDataObject = upsert(), options: object = going) =>
	await bench.run('clubTexting', parameters as never, items, options);
const written = () => bench.simulator.requests.filter(({ method }) => method === 'POST');
const order = (fault: Partial<Fault> & { fault: string }) =>
	bench.simulator.order({ provider: 'clubTexting', operation: 'createGroup', ...fault } as Fault);

const three = [
	{ number: '2125550101', groups: 'Owls, honey lovers' },
	{ number: '2125550102', groups: ['owls ', 'Bears'] },
	{ number: '2125550103', groups: 'HONEY LOVERS' },
];

test('groups that are missing are created once for all items, right before the contacts that need them', async () => {
	const result = await run(three);
	expect(itemsOf(result)).toMatchObject([
		{ phoneNumber: '2125550101', groups: ['honey lovers', 'Owls'], created: true },
		{ phoneNumber: '2125550102', created: true },
		{ phoneNumber: '2125550103', groups: ['honey lovers'] },
	]);
	expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	expect(formsOf(bench.sent('createGroup')).map((form) => form!.slice(2))).toEqual([
		[['Name', 'Owls']],
		[['Name', 'Bears']],
	]);
	expect(books().groups.get('Owls')).toEqual(['2125550101', '2125550102']);
	expect(books().groups.get('Bears')).toEqual(['2125550102']);
	expect(bench.sent('getGroups')).toHaveLength(1);
});

test('a name that looks the same is that of the group, however its letters and blanks came about', async () => {
	books().groups.set('Café du Soir', []);
	const items = ['Cafe\u0301 du Soir', 'cafe\u0301 \u00A0du\u00A0\u00A0soir', 'Caf\u00E9\tdu Soir'].map(
		(groups, place) => ({
			number: `212555010${place}`,
			groups: [groups, `Abende\u0301${place === 0 ? '  A' : ' a'}`],
		}),
	);
	expect(itemsOf(await run(items))).toMatchObject(items.map(() => ({ created: true })));
	expect(bench.sent('createGroup')).toHaveLength(1);
	expect(books().groups.get('Café du Soir')).toHaveLength(3);
});

test('a list that has become text makes no groups of its brackets; a name in brackets is one', async () => {
	const items = [
		{ number: '2125550101', groups: '["Owls","Bears"]' },
		{ number: '2125550102', groups: '[VIP]' },
	];
	expect(itemsOf(await run(items))).toMatchObject([
		{
			details: { outcome: 'invalid' },
			error: expect.stringContaining('“Groups” is a list as text') as string,
		},
		{ groups: ['[VIP]'] },
	]);
	expect(formsOf(bench.sent('createGroup')).map((form) => form!.slice(2))).toEqual([[['Name', '[VIP]']]]);
});

test('without the option, and where it is off, a missing group is invalid', async () => {
	for (const options of [{}, { createMissingGroups: false }]) {
		const result = await run(three, upsert({}, options));
		expect(itemsOf(result)).toMatchObject([
			{
				details: { outcome: 'invalid' },
				error: expect.stringContaining('switch on “Create Missing Groups”') as string,
			},
			{ details: { outcome: 'invalid' } },
			{ phoneNumber: '2125550103' },
		]);
		expect(bench.sent('createGroup')).toEqual([]);
	}
	const nothing = await run(three, upsert({}, { createMissingGroups: '={{ $json.nothing }}' }));
	expect(itemsOf(nothing)[0]!.error).toContain('“Create Missing Groups” must be true or false, but is empty');
});

test('a dry run creates none and shows each under furtherRequests', async () => {
	const result = await run(three, upsert({ dryRun: true }));
	const { baseUrl } = bench.simulator.clubTexting;
	const creating = (Name: string) => ({
		method: 'POST',
		url: `${baseUrl}/groups?format=json`,
		body: { Name },
	});
	expect(itemsOf(result)).toMatchObject([
		{ dryRun: true, furtherRequests: [creating('Owls')] },
		{ dryRun: true, furtherRequests: [creating('owls'), creating('Bears')] },
		{ dryRun: true },
	]);
	expect(itemsOf(result)[2]).not.toHaveProperty('furtherRequests');
	expect(written()).toEqual([]);
});

test('a contact who has opted out, and one whose number is no number, make no group', async () => {
	contactOf(books(), '2125550101');
	books().localOptOuts.add('2125550101');
	const result = await run([
		{ number: '2125550101', groups: 'Owls' },
		{ number: '12', groups: 'Bears' },
	]);
	expect(itemsOf(result)).toMatchObject([
		{ details: { outcome: 'invalid' } },
		{ details: { outcome: 'invalid' } },
	]);
	expect(written()).toEqual([]);
});

test.each<[string, Partial<Fault> & { fault: string }]>([
	['was created though the answer is lost', { fault: 'resetAfter' }],
	['was created though the answer says nothing', { fault: 'emptyBody' }],
])('a group that %s is found, and not created again', async (_case, fault) => {
	order(fault);
	const result = await run(three.slice(0, 2));
	expect(itemsOf(result)).toMatchObject([{ created: true }, { created: true }]);
	expect(formsOf(bench.sent('createGroup')).map((form) => form!.at(-1))).toEqual([
		['Name', 'Owls'],
		['Name', 'Bears'],
	]);
});

test('a group that somebody else creates meanwhile is taken', async () => {
	let count = 0;
	const result = await run(three.slice(0, 2), upsert(), {
		...going,
		onRequest: ({ url, method }: { url: string; method: string }) => {
			if (method === 'POST' && /groups/.test(url) && count++ === 0) books().groups.set('OWLS', []);
		},
	});
	expect(itemsOf(result)).toMatchObject([{ created: true }, { created: true }]);
	expect(books().groups.size).toBeGreaterThan(0);
});

test.each<[string, Partial<Fault> & { fault: string }, string, RegExp]>([
	['is refused', { fault: 'refusalIn200', text: 'Name: not this one' }, 'refused', /Name: not this one/],
	[
		'is not clear',
		{ fault: 'resetBefore' },
		'notSent',
		/^The contact was not saved: the group "Owls" was to be created for it\. .* Look whether the group is in the account, create it there if not, and run the item again\.$/,
	],
])(
	'where creating one %s, no contact that needs it is saved, and it is not tried again',
	async (_case, fault, outcome, message) => {
		order(fault);
		const result = await run([...three, { number: '2125550104', groups: 'Owls' }]);
		expect(itemsOf(result)).toMatchObject([
			{ details: { outcome, operation: 'contact.upsert' }, error: expect.stringMatching(message) as string },
			{ details: { outcome } },
			{ created: true },
			{ details: { outcome } },
		]);
		expect(bench.sent('createGroup')).toHaveLength(1);
		expect(bench.sent('createContact')).toHaveLength(1);
		// Run again by hand, with the group looked up first.
		const again = await run(three.slice(0, 2));
		expect(itemsOf(again)).toMatchObject([{ created: true }, { created: true }]);
	},
);

test('a run that stops says so at the first item, and its retry goes on', async () => {
	order({ fault: 'refusalIn200', text: 'Name: not this one', after: 1 });
	const first = await run(three, upsert(), {});
	expect(first.error?.message).toContain('Name: not this one');
	expect(bench.sent('createContact')).toHaveLength(1);
	const again = await bench.engine.retry(first);
	expect(itemsOf(again)).toHaveLength(3);
	expect(bench.sent('createContact')).toHaveLength(3);
	expect(formsOf(bench.sent('createGroup')).map((form) => form!.at(-1)![1])).toEqual([
		'Owls',
		'Bears',
		'Bears',
	]);
});

describe.each(['clubTexting', 'ezTexting'] as const)('at %s, where a key was used before', (provider) => {
	const keyed = (key = '={{ $json.number }}') =>
		upsert({}, { createMissingGroups: true, idempotencyKey: key });
	const keyedRun = async (items: IDataObject[], parameters = keyed()) =>
		await bench.run(provider, parameters as never, items, going);
	const skipped = ({ number }: IDataObject) => ({ skipped: true, idempotencyKey: number });
	const created = () => bench.sent('createGroup').map(({ form, json }) => new Map(form).get('Name') ?? json);
	const groupNames = () =>
		provider === 'clubTexting'
			? [...books().groups.keys()]
			: bench.simulator.ezTexting.books.groups.map(({ name }) => name);
	function deleteAllGroups(): void {
		books().groups.clear();
		bench.simulator.ezTexting.books.groups = [];
	}

	test('and the groups were deleted since, none is created, and the items are skipped', async () => {
		const [first, second] = three;
		expect(itemsOf(await keyedRun([first!, second!]))).toMatchObject([{ created: true }, { created: true }]);
		expect(created()).toHaveLength(2);
		deleteAllGroups();
		const again = await keyedRun([first!, second!]);
		expect(itemsOf(again)).toMatchObject([skipped(first!), skipped(second!)]);
		expect(pairs(again)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(groupNames()).toEqual([]);
		expect(created()).toHaveLength(2);
	});

	test('a new key between used ones gets its group, and the others make none', async () => {
		const [first, second] = three;
		await keyedRun([first!, second!]);
		deleteAllGroups();
		const fresh = { number: '2125550104', groups: 'Foxes' };
		const again = await keyedRun([first!, fresh, second!]);
		expect(itemsOf(again)).toMatchObject([
			skipped(first!),
			{ created: true, groups: ['Foxes'] },
			skipped(second!),
		]);
		expect(groupNames()).toEqual(['Foxes']);
	});

	test('within the same run, the second item with the key makes no group of its own', async () => {
		const [one, other] = ['Owls', 'Bears'].map((groups) => ({ number: '2125550101', groups }));
		const result = await keyedRun([one!, other!], keyed('one for all'));
		expect(itemsOf(result)).toMatchObject([{ created: true }, skipped({ number: 'one for all' })]);
		expect(groupNames()).not.toContain('Bears');
		expect(created()).toHaveLength(1);
	});
});

describe('which groups are meant', () => {
	const account = ['Owls', 'owls', 'honey  lovers', '12', 'Café'].map((name, place) => ({
		groupId: String(20 + place),
		name,
		note: null,
		contactCount: null,
	}));
	const meant = async (given: string[], { creates, ...book }: { creates?: boolean; takesIds?: true }) => {
		const asked: string[] = [];
		const asking = {
			read: async () => await Promise.reject(new Error('no question of its own')),
			async readOnce<T>(name: string, find: () => Promise<T>) {
				asked.push(name);
				return await find();
			},
		};
		const listed = async () => await Promise.resolve(account.map((value) => ({ value, entry: value })));
		const whole = { listed, ...book } as unknown as GroupBook;
		return { ...(await namedGroups(given, whole, asking, 'Groups', creates)), asked };
	};
	const takesIds = true as const;

	test.each([
		['nothing', [], {}, [], []],
		['a name in its own letters', ['owls'], { takesIds }, ['21'], []],
		['a name that two have, where IDs are not taken', ['OWLS'], {}, ['20'], []],
		['a name with other blanks and letters', [' HONEY\tLovers '], {}, ['22'], []],
		['a name with the accent apart', ['cafe\u0301'], {}, ['24'], []],
		['one group twice', ['Café', 'CAFÉ'], {}, ['24'], []],
		['a name of digits', ['12'], { takesIds }, ['23'], []],
		['an ID', ['22'], { takesIds }, ['22'], []],
		['new ones', ['Bears', 'bears ', 'Bea rs', '22'], { creates: true }, [], ['Bears', 'Bea rs', '22']],
		['new ones with digits', ['1a', 'a1'], { creates: true, takesIds }, [], ['1a', 'a1']],
	] as const)('%s', async (_what, given, book, ids, missing) => {
		const found = await meant([...given], book);
		expect(found.known.map(({ groupId }) => groupId)).toEqual(ids);
		expect(found.missing).toEqual(missing);
		expect(found.asked).toEqual(given.length === 0 ? [] : ['all groups']);
	});

	const lacking = 'names a group that the account does not have:';
	const create = 'create it first with “Group” and “Create”';
	test.each([
		['Bears', {}, `${lacking} "Bears"`, `Pick one from the list, or ${create}.`],
		['22', {}, `${lacking} "22"`, `Pick one from the list, or ${create}.`],
		['honeylovers', {}, `${lacking} "honeylovers"`, `Pick one from the list, or ${create}.`],
		[
			'Bears',
			{ creates: false },
			`${lacking} "Bears"`,
			`Pick one from the list, ${create}, or switch on “Create Missing Groups”.`,
		],
		[
			'99',
			{ creates: true, takesIds },
			`${lacking} "99"`,
			`Digits alone are taken for an ID. Pick one from the list, or ${create}.`,
		],
		[
			'OWLS',
			{ takesIds },
			'names several groups of the account: "OWLS"',
			'Give the ID of the one that is meant, or rename one of them. Their IDs: 20, 21.',
		],
	] as const)('not %s with %j', async (name, book, message, advice) => {
		await expect(meant([name], book)).rejects.toMatchObject({
			outcome: 'invalid',
			message: `“Groups” ${message}`,
			facts: { advice },
		});
	});

	test('the editor shows how many are in one where that is known', () => {
		const [value] = account as [(typeof account)[0]];
		expect(groupOption({ value, entry: {} })).toEqual({ name: 'Owls', value: 'Owls' });
		expect(groupOption({ value: { ...value, contactCount: 1 }, entry: {} })).toEqual({
			name: 'Owls',
			value: 'Owls',
			description: '1 contact',
		});
	});
});
