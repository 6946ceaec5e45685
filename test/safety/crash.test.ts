import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { oneOf } from '../everything';
import { subaccount, type Simulator } from '../simulator';
import {
	isPromised,
	playAll,
	Pool,
	ways,
	World,
	type Act,
	type History,
	type Variant,
	type Way,
} from './crash';
import { mailActs } from './crash.mail';

/** How many histories of each act are played: `CRASH=all` for every one, which takes hours, or a number. */
const SAMPLE = process.env.CRASH === 'all' ? Infinity : Number(process.env.CRASH ?? 30 / oneOf(10));
/** Of how many variants of an act one is played, another one of each act, and of how many cuts where all would be. */
const ONE_OF = process.env.CRASH === undefined ? oneOf(5) : 1;
/** Of each act, for every so many of one cut, one in which the second run is cut off as well. */
const ONE_OF_TWO_CUTS = 5;

const [A, B, C, D, E, F, G, H, I] = Array.from({ length: 9 }, (_, place) => `212555010${place + 1}`) as [
	string,
	string,
	string,
	string,
	string,
	string,
	string,
	string,
	string,
];
const keyed = (items: IDataObject[]) => items.map((item, place) => ({ ...item, key: `order-${place + 1}` }));
const numbersOf = ({ to }: IDataObject) => String(to).split(', ');

function message(
	name: string,
	to: string[],
	texts: { constant: string; volatile: string },
	options: INodeParameters = {},
): Act {
	return {
		name,
		provider: 'clubTexting',
		shares: true,
		parameters: sending(texts, { requestsPerSecond: 1000, ...options }),
		items: keyed(to.map((numbers, place) => ({ to: numbers, name: ['Owl', 'Roo', 'Tigger'][place] }))),
		earlier: { to: I, name: 'Eeyore' },
		parts: numbersOf,
		books: ({ clubTexting: { books } }) => books.delivered.map(({ number }) => number),
		refuse({ clubTexting: { books } }) {
			books.refusedNumbers.add(numbersOf({ to: to[1]! })[0]!);
			books.refusalNames = 'none';
		},
	};
}

function sending(texts: { constant: string; volatile: string }, options: INodeParameters) {
	return (isVolatile: boolean): INodeParameters => ({
		resource: 'message',
		operation: 'send',
		phoneNumbers: '={{ $json.to }}',
		message: isVolatile ? texts.volatile : texts.constant,
		options,
	});
}

/** The same at EZ Texting, where a number that is none is refused with the whole request. */
function ezMessage(...[name, to, texts, options = {}]: Parameters<typeof message>): Act {
	return {
		...message(`${name}, at EZ Texting`, to, texts),
		provider: 'ezTexting',
		parameters: sending(texts, { requestsPerMinute: 100_000, ...options }),
		books: ({ ezTexting: { books } }) => books.delivered.map(({ number }) => number.slice(1)),
		refuse: ({ ezTexting: { books } }) => void books.invalidNumbers.add(`1${numbersOf({ to: to[1]! })[0]!}`),
	};
}

// The same for all items of a run, so that they share requests, and another in each run.
const shared = { constant: 'Honey is ready', volatile: '={{ "Honey is ready " + $workflow.id }}' };
const personal = {
	constant: '={{ "Honey is ready, " + $json.name }}',
	volatile: '={{ $json.name + " " + $execution.id + " " + $now.toMillis() + " " + Math.random() }}',
};

/** An amount of money of which every look makes another, within a range of its own. */
const amount = (isVolatile: boolean) =>
	isVolatile
		? '={{ Number(($json.amount + Math.floor(Math.random() * 400) / 100).toFixed(2)) }}'
		: '={{ $json.amount }}';
const amounts = keyed([{ amount: 20 }, { amount: 30 }, { amount: 40 }]);
const tens = (sum: number) => `${Math.floor(sum / 10)}0`;

function charge(operation: 'purchase' | 'topUp'): Act {
	return {
		name: `Click2Mail ${operation}`,
		provider: 'click2mail',
		parameters: (isVolatile) => ({
			resource: 'credit',
			operation,
			amount: amount(isVolatile),
			spendingLimit: 1000,
			...(operation === 'topUp' && { minimumBalance: 100_000 }),
		}),
		items: amounts,
		earlier: { amount: 50 },
		parts: (item) => [tens(Number(item.amount))],
		books: ({ click2mail: { books } }) => books.charges.map((charged) => tens(charged.amount)),
		refuse: (simulator) => simulator.order({ operation: 'purchase', fault: 'refusalIn200', after: 1 }),
	};
}

const numberOfCredits = (isVolatile: boolean) =>
	isVolatile ? '={{ $json.amount * 100 + Math.floor(Math.random() * 400) }}' : '={{ $json.amount * 100 }}';

function ezCharge(operation: 'buy' | 'topUp'): Act {
	return {
		name: `EZ Texting ${operation}`,
		provider: 'ezTexting',
		parameters: (isVolatile) => ({
			resource: 'credit',
			operation,
			numberOfCredits: numberOfCredits(isVolatile),
			storedCardLastFour: '1111',
			spendingLimit: 100_000,
			...(operation === 'topUp' && { minimumCredits: 10_000_000 }),
		}),
		items: amounts,
		earlier: { amount: 50 },
		parts: (item) => [tens(Number(item.amount))],
		books: ({ ezTexting: { books } }) => books.charges.map(({ credits }) => tens(credits / 100)),
		refuse: (simulator) => simulator.order({ operation: 'buy', fault: 'refusalIn200', after: 1 }),
	};
}

function transfer(operation: 'add' | 'topUp'): Act {
	const items = keyed(
		['owl', 'roo', 'tigger'].map((name) => ({ name, email: `${name}@example.com`, amount: 10 })),
	);
	return {
		name: `MailPartner ${operation}, by e-mail`,
		provider: 'mailPartner',
		parameters: (isVolatile) => ({
			resource: 'credit',
			operation,
			subaccount: { __rl: true, mode: 'email', value: '={{ $json.email }}' },
			amount: amount(isVolatile),
			spendingLimit: 1000,
			...(operation === 'topUp' && { minimumBalance: 1000 }),
		}),
		items,
		earlier: { name: 'eeyore', email: 'eeyore@example.com', amount: 10 },
		parts: ({ name }) => [String(name)],
		books: ({ mailPartner: { books } }) => books.transfers.map(({ token }) => token.replace('token-of-', '')),
		prepare({ mailPartner: { books } }) {
			for (const name of ['owl', 'roo', 'tigger', 'eeyore']) {
				books.subaccounts.push(
					subaccount(books, { token: `token-of-${name}`, email: `${name}@example.com`, balance: 20 }),
				);
			}
		},
		refuse: (simulator) => simulator.order({ operation: 'add', fault: 'refusalIn200', after: 1 }),
	};
}

/** What the provider has done of these requests: what they say under the name. */
function written({ requests }: Simulator, operations: string[], name: string): string[] {
	const done = requests.filter(({ operation, processed }) => processed && operations.includes(operation));
	return done.flatMap(({ form, json }) =>
		form
			? form.filter(([key]) => key === name).map(([, value]) => value)
			: [String((json as IDataObject)[name])],
	);
}

const contacts: Act = {
	name: 'contacts in groups that are missing',
	provider: 'clubTexting',
	parameters: (isVolatile) => ({
		resource: 'contact',
		operation: 'upsert',
		phoneNumber: '={{ $json.to }}',
		additionalFields: {
			firstName: isVolatile ? personal.volatile : '={{ $json.name }}',
			groups: '={{ $json.groups }}',
		},
		options: { createMissingGroups: true },
	}),
	items: keyed([
		{ to: A, name: 'Owl', groups: 'Owls' },
		{ to: B, name: 'Roo', groups: 'owls, Bears' },
		{ to: C, name: 'Tigger', groups: 'BEARS' },
	]),
	earlier: { to: I, name: 'Eeyore', groups: 'Owls' },
	parts: ({ to }) => [String(to)],
	books: (simulator) => written(simulator, ['createContact', 'updateContact'], 'PhoneNumber'),
	made: (simulator) => written(simulator, ['createGroup'], 'Name').map((name) => name.toLowerCase()),
	refuse: (simulator) => simulator.order({ operation: 'createGroup', fault: 'refusalIn200' }),
};

const ezContacts: Act = {
	...contacts,
	name: `${contacts.name}, at EZ Texting`,
	provider: 'ezTexting',
	books: (simulator) => written(simulator, ['upsertContact'], 'phoneNumber').map((number) => number.slice(1)),
	made: (simulator) => written(simulator, ['createGroup'], 'name').map((name) => name.toLowerCase()),
};

const acts: Act[] = [
	contacts,
	ezContacts,
	message('a shared message', [A, `${B}, ${C}`, D], shared),
	message('a shared message with a number in several items', [A, `${B}, ${A}`, `${C}, ${B}`], shared, {
		recipientsPerRequest: 2,
	}),
	message('personal messages', [A, B, C], personal),
	message('a message in several requests', [`${A}, ${B}, ${C}, ${D}, ${E}`, F, `${G}, ${H}`], shared, {
		recipientsPerRequest: 2,
	}),
	{
		...message('three equal messages', [A, A, A], shared, { combineItems: false }),
		shares: undefined,
		refuse: (simulator) => simulator.order({ operation: 'send', fault: 'refusalIn200', after: 1 }),
	},
	ezMessage('a shared message', [A, `${B}, ${C}`, D], shared),
	ezMessage('personal messages', [A, B, C], personal),
	ezMessage('a message in several requests', [`${A}, ${B}, ${C}, ${D}, ${E}`, F, `${G}, ${H}`], shared, {
		recipientsPerRequest: 2,
	}),
	charge('purchase'),
	charge('topUp'),
	ezCharge('buy'),
	ezCharge('topUp'),
	{
		name: 'Club Texting buy',
		provider: 'clubTexting',
		parameters: (isVolatile) => ({
			resource: 'credit',
			operation: 'buy',
			numberOfCredits: numberOfCredits(isVolatile),
			paymentMethod: 'storedCard',
			storedCardLastFour: '1111',
			spendingLimit: 100_000,
		}),
		items: amounts,
		earlier: { amount: 50 },
		parts: (item) => [tens(Number(item.amount))],
		books: ({ clubTexting: { books } }) => books.charges.map((charged) => tens(charged.amount)),
		refuse: (simulator) => simulator.order({ operation: 'buy', fault: 'refusalIn200', after: 1 }),
	},
	transfer('add'),
	transfer('topUp'),
	{
		name: 'MailPartner create',
		provider: 'mailPartner',
		parameters: (isVolatile) => ({
			resource: 'subaccount',
			operation: 'create',
			additionalFields: {
				title: isVolatile ? '={{ $json.name + " " + $now.toISO() + Math.random() }}' : '={{ $json.name }}',
				creditToAttribute: 5,
			},
		}),
		items: keyed([{ name: 'Owl' }, { name: 'Roo' }, { name: 'Tigger' }]),
		earlier: { name: 'Eeyore' },
		parts: ({ name }) => [String(name)],
		books: ({ mailPartner: { books } }) => books.subaccounts.map(({ title }) => title.split(' ')[0]!),
		refuse: (simulator) => simulator.order({ operation: 'create', fault: 'refusalIn200', after: 1 }),
	},
	...mailActs,
];

const kinds = [
	'the context is written',
	'the list is asked',
	'the list is read',
	'the list is written',
	'a request leaves',
	'the provider acted',
	'the reply comes',
];

const variants: Variant[] = (['none', 'each', 'one used before'] as const).flatMap((keys) =>
	[false, true].flatMap((refused) => [false, true].map((isVolatile) => ({ keys, refused, isVolatile }))),
);

/** Seeded: the same at each run, whatever is played beside it. */
function seeded(seed: number) {
	let state = seed;
	const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
	const sample = <T>(all: T[], count: number): T[] => {
		if (count >= all.length) return all;
		const left = [...all];
		return Array.from({ length: Math.min(count, all.length) }, () => left.splice(random(left.length), 1)[0]!);
	};
	return { random, sample };
}

let worlds: World[];
/** By act, once all of its histories were played. All acts are played at once: most of their time they wait. */
let played: Map<Act, Promise<void>>;
beforeAll(async () => {
	worlds = await Promise.all(Array.from({ length: 50 }, async (_, number) => await World.open(number)));
	const pool = new Pool([...worlds]);
	played = new Map(
		acts.map((act, place) => {
			const own = variants.filter((_, nth) => (place + nth) % ONE_OF === 0);
			return [act, playAct(pool, act, own, seeded(20261122 + place))];
		}),
	);
	// What one of them finds is told by its own test.
	await Promise.allSettled([...played.values()]);
}, 7_200_000);
afterAll(async () => {
	await Promise.all(worlds.map(async (world) => await world.close()));
	process.stdout.write(`\n${report()}\n`);
});

/** By way: histories, items that came out of them, and those called unknown or skipped though they never left. */
const sums = new Map<Way, { histories: number; items: number; unknown: number; skipped: number }>();
let cuts = 0;

function report(): string {
	const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
	const lines = [...sums].map(
		([way, { histories, items, unknown, skipped }]) =>
			`${way}: ${histories} histories; called unknown though it never left: ${percent(unknown, items)} of items, skipped: ${percent(skipped, items)}`,
	);
	return [`${cuts} histories of one cut`, ...lines].join('\n');
}

/** Plays the histories of one act. @throws where one of them is not as it has to be */
async function playAct(
	pool: Pool,
	act: Act,
	own: Variant[],
	{ random, sample }: ReturnType<typeof seeded>,
): Promise<void> {
	const moments = new Map<Variant, string[]>();
	const uncut = own.map((variant): History => ({
		act,
		variant,
		way: 'the same execution',
		cuts: [Infinity],
	}));
	await playAll(pool, uncut, ({ variant }, story) => {
		expect(story.faults).toEqual([]);
		moments.set(variant, story.moments);
	});
	// A harness that missed the context, the list or the requests would find nothing.
	expect(new Set([...moments.values()].flat())).toEqual(
		new Set([...kinds, ...(act.filesOf ? ['a part leaves'] : [])]),
	);

	const histories = own.flatMap((variant) =>
		ways
			.filter((way) => isPromised(way, variant))
			.flatMap((way) => moments.get(variant)!.map((_, cut): History => ({ act, variant, way, cuts: [cut] }))),
	);
	cuts += histories.length;
	const once = sample(histories, SAMPLE);
	const twice = sample(histories, Math.ceil(once.length / ONE_OF_TWO_CUTS)).map((history): History => ({
		...history,
		cuts: [history.cuts[0], random(40)],
	}));
	const failed: string[] = [];
	await playAll(pool, [...once, ...twice], (history, story) => {
		const { variant, way, cuts: at } = history;
		const sum = sums.get(way) ?? { histories: 0, items: 0, unknown: 0, skipped: 0 };
		sum.histories++;
		sum.items += story.items;
		sum.unknown += story.needlesslyUnknown;
		sum.skipped += story.needlesslySkipped;
		sums.set(way, sum);
		if (story.faults.length > 0)
			failed.push(
				`${JSON.stringify(variant)} cut at ${at.join(', ')} (${story.moments.at(-1)}), ${way}: ${story.faults.join('; ')}`,
			);
	});
	expect(failed).toEqual([]);
}

it.each(acts)('$name', async (act) => await played.get(act));

// The request of the second run is another one: the contact is there by then.
test.each([contacts, ezContacts])(
	'$name: one that was created is not written once more, wherever the run broke off and whatever the order is',
	async (act) => {
		const variant = { keys: 'none', refused: false, isVolatile: false } as const;
		const cuts = Array.from({ length: 45 }, (_, cut) => cut).filter((cut) => cut % ONE_OF === 0);
		const histories = cuts.map((cut): History => ({
			act,
			variant,
			way: 'the same execution, other order',
			cuts: [cut],
		}));
		await playAll(new Pool([...worlds]), histories, (_, { faults }) => expect(faults).toEqual([]));
	},
);
