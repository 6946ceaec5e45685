import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { Click2MailApi } from '../credentials/Click2MailApi.credentials';
import { ClubTextingApi } from '../credentials/ClubTextingApi.credentials';
import { EzTextingApi } from '../credentials/EzTextingApi.credentials';
import { MailPartnerApi } from '../credentials/MailPartnerApi.credentials';
import { PaymentCardApi } from '../credentials/PaymentCardApi.credentials';
import { Click2Mail } from '../nodes/Click2Mail/Click2Mail.node';
import { Click2MailCredit } from '../nodes/Click2MailCredit/Click2MailCredit.node';
import { Click2MailCreditTrigger } from '../nodes/Click2MailCredit/Click2MailCreditTrigger.node';
import { ClubTexting } from '../nodes/ClubTexting/ClubTexting.node';
import { ClubTextingCreditTrigger } from '../nodes/ClubTexting/ClubTextingCreditTrigger.node';
import { ClubTextingPollingTrigger } from '../nodes/ClubTexting/ClubTextingPollingTrigger.node';
import { EzTexting } from '../nodes/EzTexting/EzTexting.node';
import { EzTextingCreditTrigger } from '../nodes/EzTexting/EzTextingCreditTrigger.node';
import { EzTextingTrigger } from '../nodes/EzTexting/EzTextingTrigger.node';
import { MailPartnerSubaccount } from '../nodes/MailPartnerSubaccount/MailPartnerSubaccount.node';
import { MailPartnerSubaccountTrigger } from '../nodes/MailPartnerSubaccount/MailPartnerSubaccountTrigger.node';
import {
	createEngine,
	type CredentialData,
	type Engine,
	type EngineOptions,
	type RunHandle,
	type RunNodeOptions,
	type RunResult,
} from './engine';
import { breadthOf } from './scenes.breadth';
import { castOf, type Cast } from './scenes.cast';
import { mailOf, MAIL_TYPE } from './scenes.mail';
import { ezTextingOf } from './scenes.ezTexting';
import { acted, countEach, isAbout } from './scenes.effects';
import {
	anyLimit,
	dryRun,
	spendingLimit,
	VOLATILE_ACT,
	VOLATILE_CHARGE,
	VOLATILE_MESSAGE,
	VOLATILE_READ,
	VOLATILE_SENDING,
	VOLATILE_SPEND,
} from './scenes.volatile';
import {
	cards,
	subaccount,
	type Fault,
	type ProviderName,
	type RecordedRequest,
	type Simulator,
} from './simulator';

/** Full type names of the action nodes. */
export const nodeTypes = {
	click2mail: 'n8n-nodes-messaging-credits.click2MailCredit',
	clubTexting: 'n8n-nodes-messaging-credits.clubTexting',
	ezTexting: 'n8n-nodes-messaging-credits.ezTexting',
	mailPartner: 'n8n-nodes-messaging-credits.mailPartnerSubaccount',
} as const satisfies Record<ProviderName, string>;

/** Full type names of the polling triggers. */
export const pollingTypes = {
	click2mail: 'n8n-nodes-messaging-credits.click2MailCreditTrigger',
	clubTexting: 'n8n-nodes-messaging-credits.clubTextingCreditTrigger',
	ezTexting: 'n8n-nodes-messaging-credits.ezTextingCreditTrigger',
	mailPartner: 'n8n-nodes-messaging-credits.mailPartnerSubaccountTrigger',
} as const satisfies Record<ProviderName, string>;

/** The polling trigger that watches no balance. */
export const inboxPollingType = 'n8n-nodes-messaging-credits.clubTextingPollingTrigger';

/** One of each, as in a process of n8n. */
const nodes: EngineOptions['nodes'] = {
	[nodeTypes.click2mail]: new Click2MailCredit(),
	[MAIL_TYPE]: new Click2Mail(),
	[nodeTypes.clubTexting]: new ClubTexting(),
	[nodeTypes.ezTexting]: new EzTexting(),
	[nodeTypes.mailPartner]: new MailPartnerSubaccount(),
	[pollingTypes.click2mail]: new Click2MailCreditTrigger(),
	[pollingTypes.clubTexting]: new ClubTextingCreditTrigger(),
	[inboxPollingType]: new ClubTextingPollingTrigger(),
	[pollingTypes.ezTexting]: new EzTextingCreditTrigger(),
	'n8n-nodes-messaging-credits.ezTextingTrigger': new EzTextingTrigger(),
	[pollingTypes.mailPartner]: new MailPartnerSubaccountTrigger(),
};

/** n8n's engine with this package's action nodes, polling triggers and credential types. */
export function openEngine(options: Omit<EngineOptions, 'nodes' | 'credentialTypes'> = {}): Engine {
	const credentialTypes = [
		new Click2MailApi(),
		new ClubTextingApi(),
		new EzTextingApi(),
		new MailPartnerApi(),
		new PaymentCardApi(),
	];
	return createEngine({ ...options, nodes, credentialTypes });
}

/** Credentials for all simulated providers, and a Visa card. */
export function credentialsFor(simulator: Simulator): CredentialData {
	return {
		click2MailApi: { ...simulator.click2mail.credentials },
		clubTextingApi: { ...simulator.clubTexting.credentials },
		ezTextingApi: { ...simulator.ezTexting.credentials },
		mailPartnerApi: { ...simulator.mailPartner.credentials },
		paymentCardApi: { ...cards.visa },
	};
}

/** Full type name of a scene's node. */
export const typeOf = ({ type, provider }: Pick<Scene, 'type' | 'provider'>) => type ?? nodeTypes[provider];

/** One operation in use: what it is given, and what the provider's books have to say then. */
export interface Scene {
	/** Provider, resource and operation, such as `clubTexting.message.send`. */
	name: string;
	provider: ProviderName;
	/** Full type name of the node, where it is not the provider's first one. */
	type?: string;
	parameters: INodeParameters;
	/** Two items or more, told apart by what they do. */
	items: IDataObject[];
	/** The simulator's name of the request that has the effect, or that reads where there is none. */
	request: string;
	/** The simulator's name of a request that has to be answered before it. */
	before?: string;
	/** How many requests of each item are no readings and are answered before it: they prepare it. */
	prepares?: number;
	/** The simulator's name of a request after it that may fail. */
	after?: string;
	/**
	 * What becomes of an item whose effect stands, in a run that knows nothing of it: what has to be answered before tells
	 * that there is nothing left to do. Under a key that was used, one that would be invalid is skipped.
	 */
	seen?: 'success' | 'invalid';
	/** What an item does depends on those before it. */
	isOrdered?: true;
	/** Whether the effect stands is looked up where its answer is unclear. */
	isLookedUp?: true;
	/** The same for what `before` makes. */
	findsBefore?: boolean;
	/** All items go out with one request. */
	shared?: true;
	/** All items charge the same card. */
	charges?: true;
	/** A refusal of the request with the effect that concerns one item: what the provider says, and its code. */
	refusal?: { text: string; code?: number };
	/** Parameters as somebody edits them before a retry: the items stay told apart. */
	edited?: INodeParameters;
	/**
	 * All parameters of the operation, each as an expression that resolves to something else at each look, while the
	 * items stay told apart.
	 */
	volatile?: INodeParameters;
	/** Puts into the books what the operation needs. */
	prepare?(simulator: Simulator): void;
	/** How often the effect of each item stands in the books; absent where there is no effect. */
	effects?(simulator: Simulator): number[];
	/** By input item, its success items: at least these fields, with these values, are theirs. */
	successes(simulator: Simulator): IDataObject[][];
}

const card = { paymentMethod: 'card' };
const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };

/** Refusals of the providers that concern what one item asks for. */
const NOT_FOUND = { text: 'Sorry, nothing was found' };
const NOT_FOR_SALE = { text: 'NumberOfCredits: This number of credits is not for sale' };
const UNAVAILABLE = { text: "Keyword: The keyword 'honey' is unavailable" };
const NO_SUBACCOUNT = { text: "Le sous-compte n'existe pas", code: 7 };

/** Up to 49 cents. */
const CENTS = 'Math.floor(Math.random() * 50) / 100';

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

/** Whether a request is about a keyword, in letters of any case. */
function isAboutKeyword({ path }: RecordedRequest, { keyword }: IDataObject): boolean {
	return path.toLowerCase() === `/keywords/${String(keyword)}`;
}

/** Sub-accounts with the tokens that the items name. */
function subaccountsOf({ mailPartner: { books } }: Simulator, items: IDataObject[], balance: number): void {
	for (const { token } of items) books.subaccounts.push(subaccount(books, { token: String(token), balance }));
}

const byToken = { __rl: true, mode: 'token', value: '={{ $json.token }}' };

/** The same keyword in letters of another case now and then. */
const keywordInAnyCase = '={{ Math.random() < 0.5 ? $json.keyword : $json.keyword.toUpperCase() }}';
/** The same token with a space behind it now and then. */
const tokenOrSpaced = { ...byToken, value: '={{ $json.token + (Math.random() < 0.5 ? "" : " ") }}' };
const volatileStoredCard = {
	paymentMethod: '={{ $now.toMillis() > 0 ? "storedCard" : "card" }}',
	storedCardLastFour: '={{ "1111" + (Math.random() < 0.5 ? "" : " ") }}',
};
const volatileCard = {
	...volatileStoredCard,
	paymentMethod: '={{ $now.toMillis() > 0 ? "card" : "storedCard" }}',
};

const click2mailOf = ({ nothings, amounts }: Cast): Array<Omit<Scene, 'provider'>> => [
	{
		name: 'click2mail.credit.getBalance',
		parameters: { resource: 'credit', operation: 'getBalance' },
		items: nothings,
		request: 'getBalance',
		volatile: { options: VOLATILE_READ },
		successes: ({ click2mail: { books } }) =>
			nothings.map(() => [{ balance: books.balance, currency: 'USD', allowNegative: false }]),
	},
	purchase(amounts),
	click2mailTopUp(amounts),
];

function chargedFor({ click2mail: { books } }: Simulator, { amount }: IDataObject): IDataObject {
	const charge = books.charges.find((charged) => isAbout(charged.amount, amount, 1));
	return { amount: charge?.amount ?? null, currency: 'USD' };
}

function purchase(items: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		name: 'click2mail.credit.purchase',
		parameters: { resource: 'credit', operation: 'purchase', amount: '={{ $json.amount }}' },
		items,
		request: 'purchase',
		after: 'getBalance',
		charges: true,
		edited: { amount: '={{ $json.amount + 0.5 }}' },
		volatile: {
			amount: `={{ $json.amount + ${CENTS} }}`,
			spendingLimit,
			dryRun,
			options: { ...VOLATILE_CHARGE, readBalance: '={{ $now.toMillis() > 0 }}' },
		},
		effects: ({ click2mail: { books } }) =>
			countEach(items, books.charges, (charge, { amount }) => isAbout(charge.amount, amount, 1)),
		successes: (simulator) =>
			items.map((item) => [{ purchased: true, ...chargedFor(simulator, item), status: 0 }]),
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
		volatile: {
			minimumBalance: '={{ 1000 + $now.millisecond / 100 }}',
			amount: `={{ $json.amount + ${CENTS} }}`,
			spendingLimit,
			dryRun,
			options: VOLATILE_CHARGE,
		},
		successes: (simulator) => items.map((item) => [{ toppedUp: true, ...chargedFor(simulator, item) }]),
	};
}

const clubTextingOf = ({ keywords, credits, ...cast }: Cast): Array<Omit<Scene, 'provider'>> => [
	send('clubTexting.message.send', 'Honey is ready', [
		{ to: '2125550101' },
		{ to: '2125550102, 2125550103' },
		{ to: '2125550104' },
	]),
	personal(cast.texts),
	{
		name: 'clubTexting.keyword.checkAvailability',
		parameters: { resource: 'keyword', operation: 'checkAvailability', keyword: '={{ $json.keyword }}' },
		items: keywords,
		request: 'checkAvailability',
		volatile: { keyword: '={{ $json.keyword + $now.toMillis() }}', options: VOLATILE_READ },
		successes: (simulator) =>
			keywords.map(({ keyword }) => {
				const asked = acted(simulator, 'checkAvailability')
					.flatMap(({ query }) => query)
					.reverse()
					.find(([name, value]) => name === 'Keyword' && value.startsWith(keyword));
				return [{ keyword: asked?.[1] ?? null, available: true }];
			}),
	},
	{
		name: 'clubTexting.keyword.rent',
		parameters: { resource: 'keyword', operation: 'rent', keyword: '={{ $json.keyword }}', ...card },
		items: keywords,
		request: 'rent',
		charges: true,
		refusal: UNAVAILABLE,
		edited: { keyword: '={{ $json.keyword + "s" }}' },
		volatile: {
			keyword: '={{ $json.keyword + $now.toMillis() }}',
			...volatileCard,
			dryRun,
			options: VOLATILE_CHARGE,
		},
		effects: (simulator) =>
			countEach(keywords, acted(simulator, 'rent'), ({ form }, { keyword }) =>
				Boolean(form?.some(([name, value]) => name === 'Keyword' && value.startsWith(String(keyword)))),
			),
		successes: ({ clubTexting: { books } }) =>
			keywords.map(({ keyword }) => {
				const rented = [...books.keywords.values()].find((one) => one.keyword.startsWith(keyword));
				return [{ keyword: rented?.keyword, keywordId: String(rented?.id), contactGroups: [] }];
			}),
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
		refusal: NOT_FOUND,
		edited: { joinMessage: 'Good evening' },
		volatile: {
			keyword: keywordInAnyCase,
			joinMessage: '=Good day {{ $now.toISO() }}',
			dryRun,
			options: {
				...VOLATILE_ACT,
				confirmMessage: '=Reply Y {{ Math.random() }}',
				contactGroups: '={{ Math.random() < 0.5 ? "honey lovers" : "Honey Lovers" }}',
				enableDoubleOptIn: '={{ Math.random() < 0.5 }}',
				forwardEmail: '={{ "pooh" + $now.toMillis() + "@example.com" }}',
				forwardUrl: '={{ "https://example.com/" + $execution.id }}',
			},
		},
		effects: (simulator) => countEach(keywords, acted(simulator, 'setUp'), isAboutKeyword),
		successes: ({ clubTexting: { books } }) =>
			keywords.map(({ keyword }) => {
				const { id, joinMessage, contactGroups } = books.keywords.get(keyword)!;
				return [{ keyword, keywordId: String(id), joinMessage, contactGroups }];
			}),
	},
	{
		name: 'clubTexting.keyword.cancel',
		parameters: { resource: 'keyword', operation: 'cancel', keyword: '={{ $json.keyword }}' },
		items: keywords,
		request: 'cancel',
		prepare: (simulator) => rentedKeywords(simulator, keywords),
		refusal: NOT_FOUND,
		edited: { keyword: '={{ $json.keyword.toUpperCase() }}' },
		volatile: { keyword: keywordInAnyCase, dryRun, options: VOLATILE_ACT },
		effects: (simulator) => countEach(keywords, acted(simulator, 'cancel'), isAboutKeyword),
		successes: (simulator) =>
			keywords.map((item) => {
				const request = acted(simulator, 'cancel').find((one) => isAboutKeyword(one, item));
				return [{ keyword: request?.path.slice('/keywords/'.length) ?? null, deleted: true }];
			}),
	},
	{
		name: 'clubTexting.credit.getBalance',
		parameters: { resource: 'credit', operation: 'getBalance' },
		items: cast.nothings,
		request: 'getBalance',
		volatile: { options: VOLATILE_READ },
		successes: ({ clubTexting: { books } }) =>
			cast.nothings.map(() => [
				{
					planCredits: books.planCredits,
					anytimeCredits: books.anytimeCredits,
					totalCredits: books.planCredits + books.anytimeCredits,
				},
			]),
	},
	buy(credits),
	clubTextingTopUp(credits),
	{
		name: 'clubTexting.phoneNumber.lookUpCarrier',
		parameters: { resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: '={{ $json.number }}' },
		items: cast.numbers,
		request: 'lookUpCarrier',
		volatile: {
			phoneNumber: '={{ Math.random() < 0.5 ? $json.number : "1" + $json.number }}',
			options: VOLATILE_READ,
		},
		successes: () => cast.numbers.map(({ number }) => [{ phoneNumber: number, carrier: 'ATTUS' }]),
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
		refusal: NOT_FOUND,
		edited: { message: 'Acorns are ready' },
		volatile: {
			...VOLATILE_MESSAGE,
			options: {
				...VOLATILE_SENDING,
				delivery: '={{ $now.toMillis() > 0 ? "express" : "standard" }}',
				requestsPerSecond: '={{ 2 + $now.millisecond / 1000 }}',
				subject: '=No {{ $execution.id }}',
				unsupportedCharacters: '={{ Math.random() < 0.5 ? "reject" : "replace" }}',
			},
		},
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
						subject: sent?.subject ? sent.subject : null,
						credits: sent?.credits,
					},
				];
			}),
	};
}

/** A message with a text of its own for each item. */
function personal(items: IDataObject[]): Omit<Scene, 'provider'> {
	const scene = send('clubTexting.message.send (personal)', '={{ $json.text }}', items);
	return {
		...scene,
		shared: undefined,
		edited: { message: '={{ $json.text + "!" }}' },
		volatile: {
			...scene.volatile,
			message: '={{ $json.text }} {{ $now.toMillis() }} {{ Math.random() }}',
			options: {
				...(scene.volatile!.options as IDataObject),
				scheduledFor: '={{ $now.plus({ hours: 1 }) }}',
				subject: '={{ $now.toFormat("HH:mm:ss.SSS") }}',
			} as INodeParameters,
		},
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
		// A coupon for nothing.
		prepare: ({ clubTexting: { books } }) => void books.coupons.set('ROO', 0),
		charges: true,
		refusal: NOT_FOR_SALE,
		edited: { numberOfCredits: '={{ $json.credits + 50 }}' },
		volatile: {
			numberOfCredits: '={{ $json.credits + Math.floor(Math.random() * 50) }}',
			...volatileStoredCard,
			spendingLimit,
			dryRun,
			options: { ...VOLATILE_CHARGE, couponCode: '={{ $now.toMillis() > 0 ? "ROO" : "HONEY" }}' },
		},
		effects: ({ clubTexting: { books } }) =>
			countEach(items, books.charges, (charge, { credits }) => isAbout(charge.amount * 100, credits, 100)),
		successes: (simulator) => items.map((item) => [{ ...boughtFor(simulator, item), discount: 0 }]),
	};
}

function boughtFor({ clubTexting: { books } }: Simulator, { credits }: IDataObject): IDataObject {
	const charge = books.charges.find(({ amount }) => isAbout(amount * 100, credits, 100));
	return charge
		? { amount: charge.amount, boughtCredits: Math.round(charge.amount * 100) }
		: { amount: null, boughtCredits: null };
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
		volatile: {
			minimumCredits: '={{ 1000000 + $now.millisecond }}',
			numberOfCredits: '={{ $json.credits + Math.floor(Math.random() * 50) }}',
			...volatileCard,
			spendingLimit,
			dryRun,
			options: VOLATILE_CHARGE,
		},
		successes: (simulator) => items.map((item) => [{ toppedUp: true, ...boughtFor(simulator, item) }]),
	};
}

const mailPartnerOf = ({ nothings, titles, tokens }: Cast): Array<Omit<Scene, 'provider'>> => [
	create(titles),
	{
		name: 'mailPartner.subaccount.get',
		parameters: { resource: 'subaccount', operation: 'get', subaccount: byToken },
		items: tokens,
		request: 'list',
		prepare: (simulator) => subaccountsOf(simulator, tokens, 7.5),
		volatile: { subaccount: tokenOrSpaced, options: VOLATILE_READ },
		successes: () => tokens.map(({ token }) => [{ token, balance: 7.5, currency: 'EUR' }]),
	},
	{
		name: 'mailPartner.subaccount.getAll',
		parameters: { resource: 'subaccount', operation: 'getAll', returnAll: true },
		items: nothings,
		request: 'list',
		prepare: (simulator) => subaccountsOf(simulator, tokens, 7.5),
		volatile: {
			...anyLimit,
			options: { ...VOLATILE_READ, includeApiKeys: '={{ $now.toMillis() < 0 }}' },
		},
		successes: () => nothings.map(() => tokens.map(({ token }) => ({ token, balance: 7.5 }))),
	},
	{
		name: 'mailPartner.credit.getBalance',
		parameters: { resource: 'credit', operation: 'getBalance' },
		items: nothings,
		request: 'me',
		volatile: { options: VOLATILE_READ },
		successes: ({ mailPartner: { books } }) =>
			nothings.map(() => [
				{
					username: books.username,
					balance: books.balance,
					emailCredits: books.emailCredits,
					currency: 'EUR',
				},
			]),
	},
	transfer('add', tokens),
	transfer('remove', tokens),
	{
		...transfer('add', tokens),
		name: 'mailPartner.credit.topUp',
		parameters: {
			resource: 'credit',
			operation: 'topUp',
			subaccount: byToken,
			minimumBalance: 1000,
			amount: 10,
		},
		before: 'list',
		volatile: {
			subaccount: tokenOrSpaced,
			minimumBalance: '={{ 1000 + $now.millisecond / 1000 }}',
			amount: `={{ 10 + ${CENTS} }}`,
			spendingLimit,
			dryRun,
			options: VOLATILE_SPEND,
		},
		successes: (simulator) =>
			tokens.map((item) => {
				const { subaccountBalance, ...moved } = movedFor(simulator, item);
				return [
					{ ...moved, toppedUp: true, balanceBefore: 20, balanceAfter: subaccountBalance, currency: 'EUR' },
				];
			}),
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
		refusal: { text: 'Un compte existe déjà avec cet email', code: 7 },
		edited: { additionalFields: { title: '={{ $json.title + " and family" }}', creditToAttribute: 1 } },
		volatile: {
			type: '={{ $now.toMillis() > 0 ? "simple" : "advanced" }}',
			email: '={{ $json.title.toLowerCase() + $now.toMillis() + "@example.com" }}',
			spendingLimit,
			dryRun,
			additionalFields: {
				title: '={{ $json.title }} {{ $now.toISO() }}',
				creditToAttribute: `={{ $json.credit + ${CENTS} }}`,
				firstName: '=A. {{ $execution.id }}',
				lastName: '={{ "Milne" + Math.random() }}',
			},
			options: VOLATILE_SPEND,
		},
		effects: ({ mailPartner: { books } }) =>
			countEach(items, books.subaccounts, (made, { title }) => made.title.startsWith(String(title))),
		successes: ({ mailPartner: { books } }) =>
			items.map((item) => {
				const made = books.subaccounts.find(({ title }) => title.startsWith(String(item.title)));
				return [{ token: made?.token, email: made?.email, type: 'simple', parentEmail: books.username }];
			}),
	};
}

function transfer(operation: 'add' | 'remove', tokens: IDataObject[]): Omit<Scene, 'provider'> {
	return {
		name: `mailPartner.credit.${operation}`,
		parameters: { resource: 'credit', operation, subaccount: byToken, amount: 10 },
		items: tokens,
		request: operation,
		prepare: (simulator) => subaccountsOf(simulator, tokens, 20),
		refusal: NO_SUBACCOUNT,
		edited: { amount: 11 },
		volatile: {
			subaccount: tokenOrSpaced,
			amount: `={{ 10 + ${CENTS} }}`,
			...(operation === 'add' && { spendingLimit }),
			dryRun,
			options: operation === 'add' ? VOLATILE_SPEND : VOLATILE_ACT,
		},
		effects: ({ mailPartner: { books } }) =>
			countEach(tokens, books.transfers, (moved, { token }) => moved.token === token),
		successes: (simulator) => tokens.map((item) => [{ ...movedFor(simulator, item), currency: 'EUR' }]),
	};
}

function movedFor({ mailPartner: { books } }: Simulator, { token }: IDataObject): IDataObject {
	return {
		token,
		amount: books.transfers.find((moved) => moved.token === token)?.amount ?? null,
		subaccountBalance: books.subaccounts.find((one) => one.token === token)?.balance ?? null,
	};
}

const by = (provider: ProviderName, scenes: Array<Omit<Scene, 'provider'>>): Scene[] =>
	scenes.map((scene) => ({ ...scene, provider }));

/** Every operation of the action nodes; `send` twice, with a shared request and with one for each item. */
const scenesOf = (cast: Cast): Scene[] => [
	...by('click2mail', click2mailOf(cast)),
	...by('click2mail', mailOf(cast)),
	...by('clubTexting', clubTextingOf(cast)),
	...by('clubTexting', breadthOf(cast)),
	...by('ezTexting', ezTextingOf(cast)),
	...by('mailPartner', mailPartnerOf(cast)),
];
export const scenes = scenesOf(castOf(2));
/** The same with three items, one of which stands in the middle. */
export const scenesOfThree = scenesOf(castOf(3));

/** The scene with every parameter as an expression that resolves to something else at each look. */
export function volatileOf(scene: Scene): Scene {
	return {
		...scene,
		name: `${scene.name}, volatile`,
		parameters: { ...scene.parameters, ...scene.volatile },
	};
}

/** A refusal of the request with the effect, in the provider's own words; it concerns one item where there is such a one. */
export function refusalOf({ provider, request, refusal }: Scene): Fault {
	return { provider, operation: request, fault: 'refusalIn200', ...refusal };
}

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
		typeOf(scene),
		{ ...scene.parameters, ...parameters },
		{ credentials: credentialsFor(simulator), items: scene.items, ...options },
	);
}
