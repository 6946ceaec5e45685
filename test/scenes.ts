import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { Click2MailApi } from '../credentials/Click2MailApi.credentials';
import { ClubTextingApi } from '../credentials/ClubTextingApi.credentials';
import { MailPartnerApi } from '../credentials/MailPartnerApi.credentials';
import { PaymentCardApi } from '../credentials/PaymentCardApi.credentials';
import { Click2MailCredit } from '../nodes/Click2MailCredit/Click2MailCredit.node';
import { ClubTexting } from '../nodes/ClubTexting/ClubTexting.node';
import { MailPartnerSubaccount } from '../nodes/MailPartnerSubaccount/MailPartnerSubaccount.node';
import {
	createEngine,
	type CredentialData,
	type Engine,
	type EngineOptions,
	type RunHandle,
	type RunNodeOptions,
	type RunResult,
} from './engine';
import { cards, subaccount, type ProviderName, type RecordedRequest, type Simulator } from './simulator';

/** Full type names of the action nodes. */
export const nodeTypes = {
	click2mail: 'n8n-nodes-messaging-credits.click2MailCredit',
	clubTexting: 'n8n-nodes-messaging-credits.clubTexting',
	mailPartner: 'n8n-nodes-messaging-credits.mailPartnerSubaccount',
} as const satisfies Record<ProviderName, string>;

/** n8n's engine with this package's action nodes and credential types. */
export function openEngine(options: Omit<EngineOptions, 'nodes' | 'credentialTypes'> = {}): Engine {
	return createEngine({
		...options,
		nodes: {
			[nodeTypes.click2mail]: new Click2MailCredit(),
			[nodeTypes.clubTexting]: new ClubTexting(),
			[nodeTypes.mailPartner]: new MailPartnerSubaccount(),
		},
		credentialTypes: [new Click2MailApi(), new ClubTextingApi(), new MailPartnerApi(), new PaymentCardApi()],
	});
}

/** Credentials for all three simulated providers, and a Visa card. */
export function credentialsFor(simulator: Simulator): CredentialData {
	return {
		click2MailApi: { ...simulator.click2mail.credentials },
		clubTextingApi: { ...simulator.clubTexting.credentials },
		mailPartnerApi: { ...simulator.mailPartner.credentials },
		paymentCardApi: { ...cards.visa },
	};
}

/** One operation in use: what it is given, and what the provider's books have to say then. */
export interface Scene {
	/** Provider, resource and operation, such as `clubTexting.message.send`. */
	name: string;
	provider: ProviderName;
	parameters: INodeParameters;
	/** Two items or more, told apart by what they do. */
	items: IDataObject[];
	/** The simulator's name of the request that has the effect, or that reads where there is none. */
	request: string;
	/** The simulator's name of a request that has to be answered before it. */
	before?: string;
	/** The simulator's name of a request after it that may fail. */
	after?: string;
	/** All items go out with one request. */
	shared?: true;
	/** All items charge the same card. */
	charges?: true;
	/** Puts into the books what the operation needs. */
	prepare?(simulator: Simulator): void;
	/** How often the effect of each item stands in the books; absent where there is no effect. */
	effects?(simulator: Simulator): number[];
	/** By input item, its success items: at least these fields, with these values, are theirs. */
	successes(simulator: Simulator): IDataObject[][];
}

const card = { paymentMethod: 'card' };
const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };

/** How many of a list's entries each item finds. */
function countEach<T>(items: IDataObject[], list: T[], belongs: (entry: T, item: IDataObject) => boolean) {
	return items.map((item) => list.filter((entry) => belongs(entry, item)).length);
}

/** Requests of one operation that the provider acted on; for effects that leave no count in its books. */
function acted({ requests }: Simulator, operation: string): RecordedRequest[] {
	return requests.filter((request) => request.operation === operation && request.processed);
}

function rentedKeywords({ clubTexting: { books } }: Simulator, items: IDataObject[]): void {
	for (const { keyword } of items) {
		books.keywords.set(String(keyword), {
			id: books.nextId++,
			keyword: String(keyword),
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

/** Sub-accounts with the tokens that the items name. */
function subaccountsOf({ mailPartner: { books } }: Simulator, items: IDataObject[], balance: number): void {
	for (const { token } of items) books.subaccounts.push(subaccount(books, { token: String(token), balance }));
}

const keywords = [{ keyword: 'honey' }, { keyword: 'acorns' }];
const tokens = [{ token: 'token-of-owl' }, { token: 'token-of-roo' }];
const byToken = { __rl: true, mode: 'token', value: '={{ $json.token }}' };

const click2mail: Array<Omit<Scene, 'provider'>> = [
	{
		name: 'click2mail.credit.getBalance',
		parameters: { resource: 'credit', operation: 'getBalance' },
		items: [{}, {}],
		request: 'getBalance',
		successes: ({ click2mail: { books } }) =>
			[0, 1].map(() => [{ balance: books.balance, currency: 'USD', allowNegative: false }]),
	},
	purchase([{ amount: 20 }, { amount: 21.5 }]),
	click2mailTopUp([{ amount: 20 }, { amount: 21.5 }]),
];

function purchase(items: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		name: 'click2mail.credit.purchase',
		parameters: { resource: 'credit', operation: 'purchase', amount: '={{ $json.amount }}' },
		items,
		request: 'purchase',
		after: 'getBalance',
		charges: true,
		effects: ({ click2mail: { books } }) =>
			countEach(items, books.charges, (charge, { amount }) => charge.amount === amount),
		successes: () => items.map(({ amount }) => [{ purchased: true, amount, currency: 'USD', status: 0 }]),
	};
}

function click2mailTopUp(items: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		...purchase(items),
		name: 'click2mail.credit.topUp',
		parameters: {
			resource: 'credit',
			operation: 'topUp',
			minimumBalance: 1000,
			amount: '={{ $json.amount }}',
		},
		before: 'getBalance',
		after: undefined,
		successes: () => items.map(({ amount }) => [{ toppedUp: true, amount, currency: 'USD' }]),
	};
}

const clubTexting: Array<Omit<Scene, 'provider'>> = [
	send('clubTexting.message.send', 'Honey is ready', [
		{ to: '2125550101' },
		{ to: '2125550102, 2125550103' },
		{ to: '2125550104' },
	]),
	{
		...send('clubTexting.message.send (personal)', '={{ $json.text }}', [
			{ to: '2125550101', text: 'Winnie, honey is ready' },
			{ to: '2125550102', text: 'Piglet, acorns are ready' },
		]),
		shared: undefined,
	},
	{
		name: 'clubTexting.keyword.checkAvailability',
		parameters: { resource: 'keyword', operation: 'checkAvailability', keyword: '={{ $json.keyword }}' },
		items: keywords,
		request: 'checkAvailability',
		successes: () => keywords.map(({ keyword }) => [{ keyword, available: true }]),
	},
	{
		name: 'clubTexting.keyword.rent',
		parameters: { resource: 'keyword', operation: 'rent', keyword: '={{ $json.keyword }}', ...card },
		items: keywords,
		request: 'rent',
		charges: true,
		effects: (simulator) =>
			countEach(keywords, acted(simulator, 'rent'), ({ form }, { keyword }) =>
				Boolean(form?.some(([name, value]) => name === 'Keyword' && value === keyword)),
			),
		successes: ({ clubTexting: { books } }) =>
			keywords.map(({ keyword }) => [
				{ keyword, keywordId: String(books.keywords.get(keyword)?.id), contactGroups: [] },
			]),
	},
	{
		name: 'clubTexting.keyword.setUp',
		parameters: {
			resource: 'keyword',
			operation: 'setUp',
			keyword: '={{ $json.keyword }}',
			joinMessage: 'Good day',
		},
		items: keywords,
		request: 'setUp',
		prepare: (simulator) => rentedKeywords(simulator, keywords),
		effects: (simulator) =>
			countEach(
				keywords,
				acted(simulator, 'setUp'),
				({ path }, { keyword }) => path === `/keywords/${keyword}`,
			),
		successes: ({ clubTexting: { books } }) =>
			keywords.map(({ keyword }) => [
				{ keyword, keywordId: String(books.keywords.get(keyword)?.id), joinMessage: 'Good day' },
			]),
	},
	{
		name: 'clubTexting.keyword.cancel',
		parameters: { resource: 'keyword', operation: 'cancel', keyword: '={{ $json.keyword }}' },
		items: keywords,
		request: 'cancel',
		prepare: (simulator) => rentedKeywords(simulator, keywords),
		effects: (simulator) =>
			countEach(
				keywords,
				acted(simulator, 'cancel'),
				({ path }, { keyword }) => path === `/keywords/${keyword}`,
			),
		successes: () => keywords.map(({ keyword }) => [{ keyword, deleted: true }]),
	},
	{
		name: 'clubTexting.credit.getBalance',
		parameters: { resource: 'credit', operation: 'getBalance' },
		items: [{}, {}],
		request: 'getBalance',
		successes: ({ clubTexting: { books } }) =>
			[0, 1].map(() => [
				{
					planCredits: books.planCredits,
					anytimeCredits: books.anytimeCredits,
					totalCredits: books.planCredits + books.anytimeCredits,
				},
			]),
	},
	buy([{ credits: 1000 }, { credits: 1100 }]),
	clubTextingTopUp([{ credits: 1000 }, { credits: 1100 }]),
	{
		name: 'clubTexting.phoneNumber.lookUpCarrier',
		parameters: { resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: '={{ $json.number }}' },
		items: [{ number: '2125550101' }, { number: '2125550102' }],
		request: 'lookUpCarrier',
		successes: () => [
			[{ phoneNumber: '2125550101', carrier: 'ATTUS' }],
			[{ phoneNumber: '2125550102', carrier: 'ATTUS' }],
		],
	},
];

function send(name: string, message: string, items: IDataObject[]): Omit<Scene, 'provider'> {
	const numbersOf = ({ to }: IDataObject) => String(to).split(', ');
	return {
		name,
		parameters: { resource: 'message', operation: 'send', phoneNumbers: '={{ $json.to }}', message },
		items,
		request: 'send',
		shared: true,
		effects: ({ clubTexting: { books } }) =>
			items.map((item) =>
				Math.max(
					...numbersOf(item).map((number) => books.delivered.filter((text) => text.number === number).length),
				),
			),
		successes: ({ clubTexting: { books } }) =>
			items.map((item) => {
				const numbers = numbersOf(item);
				const sent = books.messages.find((sending) => sending.numbers.includes(numbers[0] ?? ''));
				return [
					{
						messageId: String(sent?.id),
						recipients: numbers,
						message: sent?.message,
						credits: sent?.credits,
					},
				];
			}),
	};
}

function buy(items: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		name: 'clubTexting.credit.buy',
		parameters: {
			resource: 'credit',
			operation: 'buy',
			numberOfCredits: '={{ $json.credits }}',
			...storedCard,
		},
		items,
		request: 'buy',
		charges: true,
		effects: ({ clubTexting: { books } }) =>
			countEach(
				items,
				books.charges,
				(charge, { credits }) => charge.amount === Number(credits) * books.pricePerCredit,
			),
		successes: () =>
			items.map(({ credits }) => [{ boughtCredits: credits, amount: Number(credits) / 100, discount: 0 }]),
	};
}

function clubTextingTopUp(items: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		...buy(items),
		name: 'clubTexting.credit.topUp',
		parameters: {
			resource: 'credit',
			operation: 'topUp',
			minimumCredits: 1_000_000,
			numberOfCredits: '={{ $json.credits }}',
			...card,
		},
		before: 'getBalance',
		successes: () => items.map(({ credits }) => [{ toppedUp: true, boughtCredits: credits }]),
	};
}

const mailPartner: Array<Omit<Scene, 'provider'>> = [
	create([
		{ title: 'Owl', credit: 5 },
		{ title: 'Roo', credit: 6 },
	]),
	{
		name: 'mailPartner.subaccount.get',
		parameters: { resource: 'subaccount', operation: 'get', subaccount: byToken },
		items: tokens,
		request: 'list',
		prepare: (simulator) => subaccountsOf(simulator, tokens, 7.5),
		successes: () => tokens.map(({ token }) => [{ token, balance: 7.5, currency: 'EUR' }]),
	},
	{
		name: 'mailPartner.subaccount.getAll',
		parameters: { resource: 'subaccount', operation: 'getAll', returnAll: true },
		items: [{}, {}],
		request: 'list',
		prepare: (simulator) => subaccountsOf(simulator, tokens, 7.5),
		successes: () => [0, 1].map(() => tokens.map(({ token }) => ({ token, balance: 7.5 }))),
	},
	{
		name: 'mailPartner.credit.getBalance',
		parameters: { resource: 'credit', operation: 'getBalance' },
		items: [{}, {}],
		request: 'me',
		successes: ({ mailPartner: { books } }) =>
			[0, 1].map(() => [
				{
					username: books.username,
					balance: books.balance,
					emailCredits: books.emailCredits,
					currency: 'EUR',
				},
			]),
	},
	transfer('add'),
	transfer('remove'),
	{
		...transfer('add'),
		name: 'mailPartner.credit.topUp',
		parameters: {
			resource: 'credit',
			operation: 'topUp',
			subaccount: byToken,
			minimumBalance: 1000,
			amount: 10,
		},
		before: 'list',
		successes: () =>
			tokens.map(({ token }) => [
				{ token, toppedUp: true, balanceBefore: 20, balanceAfter: 30, amount: 10, currency: 'EUR' },
			]),
	},
];

function create(items: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		name: 'mailPartner.subaccount.create',
		parameters: {
			resource: 'subaccount',
			operation: 'create',
			additionalFields: { title: '={{ $json.title }}', creditToAttribute: '={{ $json.credit }}' },
		},
		items,
		request: 'create',
		effects: ({ mailPartner: { books } }) =>
			countEach(items, books.subaccounts, (made, { title }) => made.title === title),
		successes: ({ mailPartner: { books } }) =>
			items.map((item) => {
				const made = books.subaccounts.find(({ title }) => title === item.title);
				return [{ token: made?.token, email: made?.email, type: 'simple', parentEmail: books.username }];
			}),
	};
}

function transfer(operation: 'add' | 'remove'): Omit<Scene, 'provider'> {
	return {
		name: `mailPartner.credit.${operation}`,
		parameters: { resource: 'credit', operation, subaccount: byToken, amount: 10 },
		items: tokens,
		request: operation,
		prepare: (simulator) => subaccountsOf(simulator, tokens, 20),
		effects: ({ mailPartner: { books } }) =>
			countEach(tokens, books.transfers, (moved, { token }) => moved.token === token),
		successes: () =>
			tokens.map(({ token }) => [
				{ token, amount: 10, subaccountBalance: operation === 'add' ? 30 : 10, currency: 'EUR' },
			]),
	};
}

const by = (provider: ProviderName, scenes: Array<Omit<Scene, 'provider'>>): Scene[] =>
	scenes.map((scene) => ({ ...scene, provider }));

/** Every operation of the action nodes; `send` twice, with a shared request and with one for each item. */
export const scenes: Scene[] = [
	...by('click2mail', click2mail),
	...by('clubTexting', clubTexting),
	...by('mailPartner', mailPartner),
];

export function sceneOf(name: string): Scene {
	const found = scenes.find((scene) => scene.name === name);
	if (found === undefined) throw new Error(`There is no scene ${name}`);
	return found;
}

export interface PlayOptions extends RunNodeOptions {
	/** Further parameters, or others. */
	parameters?: INodeParameters;
}

/** Runs a scene's node over its items. The books have to be prepared: `scene.prepare?.(simulator)`. */
export async function play(
	engine: Engine,
	simulator: Simulator,
	scene: Scene,
	options: PlayOptions = {},
): Promise<RunResult> {
	return await startPlay(engine, simulator, scene, options).done;
}

export function startPlay(
	engine: Engine,
	simulator: Simulator,
	scene: Scene,
	{ parameters = {}, ...options }: PlayOptions = {},
): RunHandle {
	return engine.startNode(
		nodeTypes[scene.provider],
		{ ...scene.parameters, ...parameters },
		{ credentials: credentialsFor(simulator), items: scene.items, ...options },
	);
}
