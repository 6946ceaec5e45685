import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { RunNodeOptions, RunResult } from '../engine';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';
import { startSimulator, subaccount, type ProviderName, type Simulator } from '../simulator';
import { pairs } from '../harness';

/** Three items, the second of which the provider refuses, in the three ways that a node can go on. */
interface Case {
	provider: ProviderName;
	/** Resource and operation. */
	operation: string;
	parameters: INodeParameters;
	items: IDataObject[];
	/** The simulator's name of the request that is refused. */
	request: string;
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
		parameters: {},
		items: [{}, {}, {}],
		request: 'getBalance',
		success: () => ({ balance: 25.5 }),
	},
	{
		provider: 'click2mail',
		operation: 'credit.purchase',
		parameters: { amount: '={{ $json.amount }}' },
		items: amounts,
		request: 'purchase',
		success: ({ amount }) => ({ purchased: true, amount }),
	},
	{
		provider: 'click2mail',
		operation: 'credit.topUp',
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
		parameters: { numberOfCredits: '={{ $json.credits }}', ...storedCard },
		items: credits,
		request: 'buy',
		success: (item) => ({ boughtCredits: item.credits }),
	},
	{
		provider: 'clubTexting',
		operation: 'credit.topUp',
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

/** Routed by n8n, which asks for all items at once: the order of the requests says nothing. */
const routed: Case[] = [
	{
		provider: 'mailPartner',
		operation: 'subaccount.get',
		parameters: { subaccount: byToken },
		items: [{ token: 'owl' }, { token: 'nobody' }, { token: 'kanga' }],
		request: 'list',
		success: (item) => item,
		prepare: openAll,
	},
];

const providers = {
	click2mail: { name: 'Click2Mail', code: '2', text: 'payment not authorized' },
	clubTexting: { name: 'Club Texting', code: '403', text: 'Access Forbidden' },
	mailPartner: { name: 'MailPartner', code: '4', text: "Vous n'avez pas l'autorisation" },
};

interface Played {
	result: RunResult;
	simulator: Simulator;
}

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const played = new Map<string, Promise<Played>>();
const simulators: Simulator[] = [];

async function run(one: Case, onError: RunNodeOptions['onError'], refused: boolean): Promise<Played> {
	const simulator = await startSimulator();
	simulators.push(simulator);
	one.prepare?.(simulator);
	if (refused) simulator.order({ fault: 'refusalIn200', operation: one.request, after: 1 });
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
	for (const one of [...cases, ...routed]) {
		for (const mode of modes) {
			const run_ = run(one, mode, cases.includes(one));
			run_.catch(() => {});
			played.set(`${one.provider} ${one.operation} ${mode}`, run_);
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
	const details = {
		outcome: 'refused',
		provider: name,
		providerCode: code,
		httpStatus: 200,
		operation: one.operation,
	};
	const failed = {
		error: expect.stringMatching(
			new RegExp(`^${name} refused: ${text} \\[item 1\\]\\. [A-Z].+\\.$`),
		) as string,
		details,
	};
	const [first, , third] = one.items as [IDataObject, IDataObject, IDataObject];

	test('“Stop workflow” says what happened, how far it had come and what to do next', async () => {
		const both = await playedIn(one, 'stopWorkflow');
		const { result } = both;
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe(
			`${name} refused: ${text} [item 1]. 1 of 3 items had gone through before it.`,
		);
		expect(result.error?.description).toMatch(/^[A-Z].+\.$/);
		expect(result.error?.context?.details).toEqual(details);
		expect(result.error?.context?.itemIndex).toBe(1);
		expect(result.output()).toEqual([]);
		expect(asked(both, one)).toBe(2);
	});

	test('“Continue” gives a failed item in its place', async () => {
		const both = await playedIn(one, 'continueRegularOutput');
		const { result } = both;
		expect(result.status).toBe('success');
		expect(result.output().map(({ json }) => json)).toEqual([
			expect.objectContaining(one.success(first)),
			failed,
			expect.objectContaining(one.success(third)),
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(asked(both, one)).toBe(3);
	});

	test('“Continue (using error output)” gives it on the error branch', async () => {
		const both = await playedIn(one, 'continueErrorOutput');
		const { result } = both;
		expect(result.status).toBe('success');
		expect(result.output().map(({ json }) => json)).toEqual([
			expect.objectContaining(one.success(first)),
			expect.objectContaining(one.success(third)),
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 2 }]);
		// n8n adds the fields of the input item.
		expect(result.output(undefined, 1).map(({ json }) => json)).toEqual([{ ...one.items[1], ...failed }]);
		expect(pairs(result, 1)).toEqual([{ item: 1 }]);
		expect(result.output('Failed')).toHaveLength(1);
		expect(result.output('Success')).toHaveLength(2);
		expect(asked(both, one)).toBe(3);
	});
});

describe.each(routed)('$provider $operation', (one) => {
	const message = '“Subaccount” was not found: no sub-account has the token nobody [item 1].';
	const failed = {
		error: `${message} Look it up with “Get Many”, or pick it from the list.`,
		details: { outcome: 'invalid', provider: 'MailPartner', operation: one.operation },
	};
	const [first, , third] = one.items as [IDataObject, IDataObject, IDataObject];

	test('“Stop workflow” says what happened and what to do next', async () => {
		const { result } = await playedIn(one, 'stopWorkflow');
		expect(result.error?.message).toBe(`${message} This was a request to read; nothing was changed.`);
		expect(result.error?.description).toBe('Look it up with “Get Many”, or pick it from the list.');
		expect(result.error?.context?.details).toEqual(failed.details);
		expect(result.error?.context?.itemIndex).toBe(1);
	});

	test('“Continue” gives a failed item in its place', async () => {
		const { result } = await playedIn(one, 'continueRegularOutput');
		expect(result.output().map(({ json }) => json)).toEqual([
			expect.objectContaining(one.success(first)),
			failed,
			expect.objectContaining(one.success(third)),
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	test('“Continue (using error output)” gives it on the error branch', async () => {
		const { result } = await playedIn(one, 'continueErrorOutput');
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(result.output(undefined, 1).map(({ json }) => json)).toEqual([{ ...one.items[1], ...failed }]);
		expect(pairs(result, 1)).toEqual([{ item: 1 }]);
	});
});
