import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { RunNodeOptions, RunResult } from '../engine';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';
import { startSimulator, subaccount, type ProviderName, type Simulator } from '../simulator';
import { pairs } from '../harness';

/** Three items, one of which the provider refuses, in the three ways that a node can go on. */
interface Case {
	provider: ProviderName;
	/** Resource and operation. */
	operation: string;
	parameters: INodeParameters;
	items: IDataObject[];
	/** The simulator's name of the request that is refused. */
	request: string;
	/** The first is refused and not the second; of readings, the others are asked for together. */
	reads?: true;
	/** It charges a card, which is not charged again after a refusal. */
	charges?: true;
	/** How many requests a run makes that goes on; one for each item unless told. */
	requests?: number;
	/** What tells the success item of an input item. */
	success(item: IDataObject): IDataObject;
	prepare?(simulator: Simulator): void;
}

const keywords = ['honey', 'acorns', 'thistles'].map((keyword) => ({ keyword }));
const tokens = ['owl', 'roo', 'kanga'].map((token) => ({ token }));
const amounts = [{ amount: 11 }, { amount: 12 }, { amount: 13 }];
const credits = [{ credits: 100 }, { credits: 200 }, { credits: 300 }];
const numbers = [{ to: '2125550101' }, { to: '2125550102' }, { to: '2125550103' }];

const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };
const byToken = { __rl: true, mode: 'token', value: '={{ $json.token }}' };
const keyword = '={{ $json.keyword }}';

function rentAll({ clubTexting: { books } }: Simulator): void {
	for (const given of keywords) {
		books.keywords.set(given.keyword, {
			id: books.nextId++,
			keyword: given.keyword,
			owner: 'me',
			enableDoubleOptIn: false,
			confirmMessage: '',
			joinMessage: 'Welcome',
			forwardEmail: '',
			forwardUrl: '',
			contactGroups: [],
		});
	}
}

function openAll({ mailPartner: { books } }: Simulator): void {
	for (const { token } of tokens) books.subaccounts.push(subaccount(books, { token, balance: 50 }));
}

const cases: Case[] = [
	{
		provider: 'click2mail',
		operation: 'credit.getBalance',
		reads: true,
		parameters: {},
		items: [{}, {}, {}],
		request: 'getBalance',
		success: () => ({ balance: 25.5 }),
	},
	{
		provider: 'click2mail',
		operation: 'credit.purchase',
		charges: true,
		parameters: { amount: '={{ $json.amount }}' },
		items: amounts,
		request: 'purchase',
		success: ({ amount }) => ({ purchased: true, amount }),
	},
	{
		provider: 'click2mail',
		operation: 'credit.topUp',
		charges: true,
		parameters: { minimumBalance: 1000, amount: '={{ $json.amount }}' },
		items: amounts,
		request: 'purchase',
		success: ({ amount }) => ({ toppedUp: true, amount }),
	},
	{
		provider: 'clubTexting',
		operation: 'message.send',
		parameters: {
			phoneNumbers: '={{ $json.to }}',
			message: '=Hello {{ $json.to }}',
			options: { requestsPerSecond: 1000 },
		},
		items: numbers,
		request: 'send',
		success: ({ to }) => ({ recipients: [to] }),
	},
	{
		provider: 'clubTexting',
		operation: 'keyword.checkAvailability',
		parameters: { keyword },
		items: keywords,
		request: 'checkAvailability',
		success: (item) => ({ ...item, available: true }),
	},
	{
		provider: 'clubTexting',
		operation: 'keyword.rent',
		charges: true,
		parameters: { keyword, ...storedCard },
		items: keywords,
		request: 'rent',
		success: (item) => item,
	},
	{
		provider: 'clubTexting',
		operation: 'keyword.setUp',
		parameters: { keyword, joinMessage: 'Hello' },
		items: keywords,
		request: 'setUp',
		success: (item) => ({ ...item, joinMessage: 'Hello' }),
		prepare: rentAll,
	},
	{
		provider: 'clubTexting',
		operation: 'keyword.cancel',
		parameters: { keyword },
		items: keywords,
		request: 'cancel',
		success: (item) => ({ ...item, deleted: true }),
		prepare: rentAll,
	},
	{
		provider: 'clubTexting',
		operation: 'credit.getBalance',
		parameters: {},
		items: [{}, {}, {}],
		request: 'getBalance',
		success: () => ({ totalCredits: 200_500 }),
	},
	{
		provider: 'clubTexting',
		operation: 'credit.buy',
		charges: true,
		parameters: { numberOfCredits: '={{ $json.credits }}', ...storedCard },
		items: credits,
		request: 'buy',
		success: (item) => ({ boughtCredits: item.credits }),
	},
	{
		provider: 'clubTexting',
		operation: 'credit.topUp',
		charges: true,
		parameters: { minimumCredits: 1_000_000, numberOfCredits: '={{ $json.credits }}', ...storedCard },
		items: credits,
		request: 'buy',
		success: (item) => ({ toppedUp: true, boughtCredits: item.credits }),
	},
	{
		provider: 'clubTexting',
		operation: 'phoneNumber.lookUpCarrier',
		parameters: { phoneNumber: '={{ $json.to }}' },
		items: numbers,
		request: 'lookUpCarrier',
		success: ({ to }) => ({ phoneNumber: to }),
	},
	{
		provider: 'mailPartner',
		operation: 'subaccount.create',
		parameters: { email: '={{ $json.email }}' },
		items: ['owl@wood.fr', 'roo@wood.fr', 'kanga@wood.fr'].map((email) => ({ email })),
		request: 'create',
		success: (item) => item,
	},
	{
		provider: 'mailPartner',
		operation: 'subaccount.get',
		reads: true,
		parameters: { subaccount: byToken },
		items: tokens,
		request: 'list',
		// The list is read once for all items.
		requests: 2,
		success: (item) => item,
		prepare: openAll,
	},
	{
		provider: 'mailPartner',
		operation: 'subaccount.getAll',
		reads: true,
		parameters: { limit: 1 },
		items: [{}, {}, {}],
		request: 'list',
		requests: 2,
		success: () => ({ token: 'owl' }),
		prepare: openAll,
	},
	{
		provider: 'mailPartner',
		operation: 'credit.getBalance',
		reads: true,
		parameters: {},
		items: [{}, {}, {}],
		request: 'me',
		success: () => ({ balance: 2931 }),
	},
	...(['add', 'remove'] as const).map((operation): Case => ({
		provider: 'mailPartner',
		operation: `credit.${operation}`,
		parameters: { subaccount: byToken, amount: 10 },
		items: tokens,
		request: operation,
		success: (item) => ({ ...item, amount: 10 }),
		prepare: openAll,
	})),
	{
		provider: 'mailPartner',
		operation: 'credit.topUp',
		parameters: { subaccount: byToken, minimumBalance: 100, amount: 10 },
		items: tokens,
		request: 'add',
		success: (item) => ({ ...item, toppedUp: true }),
		prepare: openAll,
	},
];

const providers = {
	click2mail: { name: 'Click2Mail', code: '2', text: 'payment not authorized' },
	clubTexting: { name: 'Club Texting', code: '403', text: 'Sorry, nothing was found' },
	mailPartner: { name: 'MailPartner', code: '4', text: "Vous n'avez pas l'autorisation" },
};

interface Played {
	result: RunResult;
	simulator: Simulator;
}

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const played = new Map<string, Promise<Played>>();
const simulators: Simulator[] = [];

const failing = ({ reads }: Case) => (reads ? 0 : 1);

async function run(one: Case, onError: RunNodeOptions['onError']): Promise<Played> {
	const simulator = await startSimulator();
	simulators.push(simulator);
	one.prepare?.(simulator);
	const { text, code } = providers[one.provider];
	simulator.order({
		fault: 'refusalIn200',
		operation: one.request,
		after: failing(one),
		text,
		code: Number(code),
	});
	const [resource, operation] = one.operation.split('.');
	const result = await openEngine().runNode(
		nodeTypes[one.provider],
		{ resource, operation, ...one.parameters },
		{ credentials: credentialsFor(simulator), items: one.items, onError },
	);
	return { result, simulator };
}

// All at once, each with providers of its own: most of the time goes by with waiting for the pace.
beforeAll(() => {
	for (const one of cases) {
		for (const mode of modes) {
			const result = run(one, mode);
			result.catch(() => {});
			played.set(`${one.provider} ${one.operation} ${mode}`, result);
		}
	}
});
afterAll(async () => {
	await Promise.allSettled(played.values());
	await Promise.all(simulators.map(async (simulator) => await simulator.close()));
});

async function playedIn(one: Case, mode: (typeof modes)[number]): Promise<Played> {
	const both = await played.get(`${one.provider} ${one.operation} ${mode}`)!;
	expect(both.simulator.mistakes()).toEqual([]);
	return both;
}

const asked = ({ simulator }: Played, { request }: Case) =>
	simulator.requests.filter(({ operation }) => operation === request).length;

describe.each(cases)('$provider $operation', (one) => {
	const { name, code, text } = providers[one.provider];
	const bad = failing(one);
	const details = {
		outcome: 'refused',
		provider: name,
		providerCode: code,
		httpStatus: 200,
		operation: one.operation,
		affects: one.charges ? 'account' : 'item',
	};
	/** The provider's words, behind what they mean where they say too little. */
	const refused = `${name} refused: ([^(]+ \\(${text}\\)|${text}) \\[item ${bad}\\]\\.`;
	/** What comes of each item where the node goes on, and of which branch it is. */
	const expected = one.items.map((item, place) => {
		const error = (words: string) => expect.stringMatching(new RegExp(`^${words} [A-Z].+\\.$`)) as string;
		if (place === bad) {
			return {
				branch: 1,
				json: { error: error(refused), details },
			};
		}
		if (place < bad || !one.charges) {
			return { branch: 0, json: expect.objectContaining(one.success(item)) as IDataObject };
		}
		const words = `Not sent to ${name}: an earlier charge on the same card in this run was refused .*`;
		const held = { outcome: 'notSent', provider: name, operation: one.operation, affects: 'account' };
		return { branch: 1, json: { error: error(words), details: held } };
	});
	const requests = one.charges ? bad + 1 : (one.requests ?? 3);

	test('“Stop workflow” says what happened, how far it had come and what to do next', async () => {
		const both = await playedIn(one, 'stopWorkflow');
		const { result } = both;
		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(
			new RegExp(`^${refused} ${bad} of 3 items had gone through before it\\.$`),
		);
		expect(result.error?.description).toMatch(/^[A-Z].+\.$/);
		expect(result.error?.context?.details).toEqual(details);
		expect(result.error?.context?.itemIndex).toBe(bad);
		expect(result.output()).toEqual([]);
		expect(asked(both, one)).toBe(bad + 1);
	});

	test('“Continue” gives a failed item in its place', async () => {
		const both = await playedIn(one, 'continueRegularOutput');
		const { result } = both;
		expect(result.status).toBe('success');
		expect(result.output().map(({ json }) => json)).toEqual(expected.map(({ json }) => json));
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(asked(both, one)).toBe(requests);
	});

	test('“Continue (using error output)” gives it on the error branch', async () => {
		const both = await playedIn(one, 'continueErrorOutput');
		const { result } = both;
		expect(result.status).toBe('success');
		for (const branch of [0, 1]) {
			const own = expected.flatMap((wanted, item) => (wanted.branch === branch ? [{ ...wanted, item }] : []));
			expect(result.output(undefined, branch).map(({ json }) => json)).toEqual(
				// n8n adds the fields of the input item.
				own.map(({ json, item }) => (branch === 0 ? json : { ...one.items[item], ...json })),
			);
			expect(pairs(result, branch)).toEqual(own.map(({ item }) => ({ item })));
			expect(result.output(branch === 0 ? 'Success' : 'Failed')).toHaveLength(own.length);
		}
		expect(asked(both, one)).toBe(requests);
	});
});
