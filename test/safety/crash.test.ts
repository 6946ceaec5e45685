import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { subaccount } from '../simulator';
import { isPromised, playAll, ways, type Act, type History, type Variant, type Way } from './crash';

/** Every cut of every act; otherwise a sample of them. */
const ALL = process.env.CRASH === 'all';
const SAMPLE = Number(process.env.CRASH_SAMPLE ?? 60);

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
		parameters: (isVolatile) => ({
			resource: 'message',
			operation: 'send',
			phoneNumbers: '={{ $json.to }}',
			message: isVolatile ? texts.volatile : texts.constant,
			options: { requestsPerSecond: 1000, ...options },
		}),
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

const acts: Act[] = [
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
	charge('purchase'),
	charge('topUp'),
	{
		name: 'Club Texting buy',
		provider: 'clubTexting',
		parameters: (isVolatile) => ({
			resource: 'credit',
			operation: 'buy',
			numberOfCredits: isVolatile
				? '={{ $json.amount * 100 + Math.floor(Math.random() * 400) }}'
				: '={{ $json.amount * 100 }}',
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
];

const variants: Variant[] = (['none', 'each', 'one used before'] as const).flatMap((keys) =>
	[false, true].flatMap((refused) => [false, true].map((isVolatile) => ({ keys, refused, isVolatile }))),
);

it.each(acts)(
	'$name',
	async (act) => {
		const moments = new Map<Variant, string[]>();
		await playAll(
			variants.map((variant) => ({ act, variant, way: 'the same execution', cuts: [Infinity] })),
			({ variant }, story) => {
				expect(story.faults).toEqual([]);
				moments.set(variant, story.moments);
			},
		);
		const histories = variants.flatMap((variant) =>
			ways
				.filter((way) => isPromised(way, variant))
				.flatMap((way) =>
					moments.get(variant)!.map((_, cut): History => ({ act, variant, way, cuts: [cut] })),
				),
		);
		const played = ALL ? histories : sample(histories, SAMPLE);
		const t = performance.now();
		const cpu = process.cpuUsage();
		const failed: string[] = [];
		const sums = new Map<Way, number[]>();
		await playAll(played, ({ variant, way, cuts }, story) => {
			const s = sums.get(way) ?? [0, 0, 0, 0];
			sums.set(way, [
				s[0]! + 1,
				s[1]! + story.items,
				s[2]! + story.needlesslyUnknown,
				s[3]! + story.needlesslySkipped,
			]);
			if (story.faults.length > 0) {
				const set = `${variant.keys}${variant.refused ? ', refused' : ''}${variant.isVolatile ? ', volatile' : ''}`;
				failed.push(
					`[${set}] cut at ${cuts[0]} (${story.moments.at(-1)}), ${way}: ${story.faults.join('; ')}`,
				);
			}
		});
		const used = process.cpuUsage(cpu);
		process.stdout.write(
			`\n${act.name}: ${histories.length} histories, ${played.length} played, ${Math.round(performance.now() - t)} ms, cpu ${(used.user + used.system) / 1000 / played.length} each; ${failed.length} failed\n${[...sums].map(([w, s]) => `   ${w}: ${s.join(' ')}`).join('\n')}\n`,
		);
		expect(failed).toEqual([]);
	},
	3_600_000,
);

function sample<T>(all: T[], count: number): T[] {
	let state = 20261122;
	const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
	const left = [...all];
	return Array.from(
		{ length: Math.min(count, all.length) },
		() => left.splice(Math.floor(random() * left.length), 1)[0]!,
	);
}
