import { createRequire } from 'node:module';
import path from 'node:path';
import type { INodeProperties, INodePropertyOptions, INodeType, INodeTypeDescription } from 'n8n-workflow';
import manifest from '../../package.json';

/**
 * What n8n's nodes panel finds and shows of this package. The search is n8n's own; what stands before it, the merging of a
 * trigger into its action node and the names of a trigger's actions, is done as in the editor of n8n 2.41.1.
 */
const root = path.join(__dirname, '../..');
const load = createRequire(__filename);

/** Its types are an ES module's, what runs is not. */
const { sublimeSearch } = load('@n8n/utils/search/sublime-search') as {
	sublimeSearch<T extends object>(filter: string, data: T[]): Array<{ score: number; item: T }>;
};

interface Entry {
	key: string;
	properties: { displayName: string; description: string; codex: { alias: string[] } };
}

interface Loaded extends Pick<Entry, 'properties'> {
	description: INodeTypeDescription;
}

const nodes: Loaded[] = manifest.n8n.nodes.map((file) => {
	const source = path.join(root, file.replace(/^dist\//, ''));
	const classes = load(source.replace(/\.js$/, '.ts')) as Record<string, new () => INodeType>;
	const { description } = new classes[path.basename(file).split('.')[0]!]!();
	const codex = load(source.replace(/\.js$/, '.json')) as { alias: string[] };
	return {
		description,
		properties: { displayName: description.displayName, description: description.description, codex },
	};
});

const isTrigger = ({ description }: Loaded) => description.group.includes('trigger');
const mergedInto = ({ description: { name } }: Loaded) =>
	nodes.find((other) => !isTrigger(other) && other.description.name === name.replace('Trigger', ''));

/** A trigger whose name is that of an action node with “Trigger” behind it gives it nothing but its description. */
const panel: Entry[] = nodes
	.filter((node) => !isTrigger(node) || !mergedInto(node))
	.map((node) => {
		const trigger = nodes.find((other) => isTrigger(other) && mergedInto(other) === node);
		const description = (trigger ?? node).properties.description;
		return { key: node.description.name, properties: { ...node.properties, description } };
	});

/** What is found by a word as a whole, not by letters that stand somewhere in their order. */
function foundBy(search: string): string[] {
	const words = search.toLowerCase();
	return sublimeSearch(words, panel)
		.filter(({ score }) => score > 60 * words.length)
		.map(({ item }) => item.key);
}

const CLUB = ['clubTexting'];
const EZ = ['ezTexting'];
const TEXTS = [...CLUB, ...EZ];
const CREDIT = [...TEXTS, 'click2MailCredit', 'mailPartnerSubaccount'];
const LOW_TEXTS = ['clubTextingCreditTrigger', 'ezTextingCreditTrigger'];
const LOW = [...CREDIT, ...LOW_TEXTS];
const INCOMING = [...TEXTS, 'clubTextingPollingTrigger'];
const MAIL = ['click2Mail', 'click2MailCredit'];
const PRINT = ['click2Mail'];
const SUBACCOUNT = ['mailPartnerSubaccount'];

/** Everyday words, and all nodes that somebody who types them may mean. */
const WORDS: Record<string, string[]> = {
	'low balance': LOW,
	'low credit': LOW,
	balance: LOW,
	credit: LOW,
	credits: LOW,
	prepaid: LOW,
	'buy credits': CREDIT,
	'top up': CREDIT,
	recharge: CREDIT,
	refill: CREDIT,
	reload: CREDIT,
	payment: CREDIT,
	sms: [...LOW_TEXTS, ...INCOMING, ...SUBACCOUNT],
	'send sms': TEXTS,
	'bulk sms': TEXTS,
	'mass text': TEXTS,
	'text message': INCOMING,
	'send text': TEXTS,
	texting: INCOMING,
	messaging: [...TEXTS, ...LOW_TEXTS],
	'incoming sms': INCOMING,
	incoming: INCOMING,
	inbound: INCOMING,
	'receive sms': INCOMING,
	reply: INCOMING,
	inbox: INCOMING,
	'opt out': INCOMING,
	unsubscribe: INCOMING,
	stop: INCOMING,
	'opt in': TEXTS,
	subscriber: TEXTS,
	contacts: TEXTS,
	group: TEXTS,
	keyword: TEXTS,
	'short code': TEXTS,
	campaign: TEXTS,
	'sms marketing': TEXTS,
	reminder: TEXTS,
	notification: TEXTS,
	broadcast: TEXTS,
	schedule: TEXTS,
	'delivery report': TEXTS,
	'delivery status': TEXTS,
	carrier: CLUB,
	'phone number': TEXTS,
	mobile: TEXTS,
	'ez texting': TEXTS,
	tellmycell: CLUB,
	mms: EZ,
	'new contact': EZ,
	webhook: EZ,
	postage: MAIL,
	letter: MAIL,
	postcard: MAIL,
	postal: MAIL,
	mail: [...MAIL, ...SUBACCOUNT],
	stamp: MAIL,
	'certified mail': PRINT,
	'direct mail': PRINT,
	'snail mail': PRINT,
	envelope: PRINT,
	usps: PRINT,
	'click 2 mail': MAIL,
	click2mail: MAIL,
	subaccount: SUBACCOUNT,
	'new subaccount': SUBACCOUNT,
	'new sub-account': SUBACCOUNT,
	'sub account': SUBACCOUNT,
	reseller: SUBACCOUNT,
	'mail partner': SUBACCOUNT,
	'sms partner': SUBACCOUNT,
	mailpartner: SUBACCOUNT,
	// Plurals, hyphens and what else people say.
	'top-up': CREDIT,
	'add credit': CREDIT,
	purchase: CREDIT.filter((name) => !SUBACCOUNT.includes(name)),
	card: CREDIT.filter((name) => !SUBACCOUNT.includes(name)),
	'account balance': LOW,
	'out of credit': LOW,
	'opt-out': TEXTS,
	'opted out': TEXTS,
	'opt-in': TEXTS,
	unsubscribed: INCOMING,
	'do not contact': TEXTS,
	blacklist: TEXTS,
	'incoming message': INCOMING,
	'new message': INCOMING,
	'send message': TEXTS,
	message: INCOMING,
	texts: INCOMING,
	'two-way sms': TEXTS,
	'auto reply': TEXTS,
	'sms blast': TEXTS,
	'text blast': TEXTS,
	campaigns: TEXTS,
	groups: TEXTS,
	keywords: TEXTS,
	reminders: TEXTS,
	notifications: TEXTS,
	alerts: TEXTS,
	subscribers: TEXTS,
	'contact list': TEXTS,
	'scheduled message': TEXTS,
	'quiet hours': TEXTS,
	appointment: TEXTS,
	delivered: TEXTS,
	undelivered: TEXTS,
	bounce: TEXTS,
	coupon: TEXTS,
	'cell phone': TEXTS,
	lookup: CLUB,
	'carrier lookup': CLUB,
	'tell my cell': CLUB,
	'picture message': EZ,
	letters: MAIL,
	postcards: MAIL,
	stamps: MAIL,
	'registered letter': PRINT,
	'physical mail': PRINT,
	'post office': PRINT,
	pdf: PRINT,
	document: PRINT,
	invoice: PRINT,
	'child account': SUBACCOUNT,
	'white label': SUBACCOUNT,
	'sous-compte': SUBACCOUNT,
};

test('a hundred everyday words and more are tried', () => {
	expect(Object.keys(WORDS).length).toBeGreaterThanOrEqual(100);
});

test.each(Object.entries(WORDS))('“%s” finds %j', (word, expected) => {
	expect(foundBy(word)).toEqual(expect.arrayContaining(expected));
});

test('half a word finds what the whole finds, from four letters on', () => {
	const typed = Object.entries(WORDS).filter(([word]) => word.length > 6);
	for (const [word, expected] of typed) {
		expect([word, foundBy(word.slice(0, -2))]).toEqual([word, expect.arrayContaining(expected)]);
	}
});

test.each([
	['postage', [...TEXTS, ...SUBACCOUNT]],
	['opt out', [...MAIL, ...SUBACCOUNT]],
	['subaccount', [...MAIL, ...INCOMING]],
])('“%s” does not find %j', (word, others) => {
	expect(foundBy(word).filter((name) => others.includes(name))).toEqual([]);
});

describe.each(nodes.filter((node) => isTrigger(node) && mergedInto(node)))('$description.name', (trigger) => {
	test('loses its search words to the action node that it is shown with, which has all of them', () => {
		const action = mergedInto(trigger)!;
		expect(
			trigger.properties.codex.alias.filter((word) => !action.properties.codex.alias.includes(word)),
		).toEqual([]);
	});
});

const LABELS_OF_EVENTS = ['event', 'events', 'trigger on'];
const optionsOf = ({ options = [] }: INodeProperties) =>
	options.filter((option): option is INodePropertyOptions => 'value' in option);

describe.each(nodes.filter(isTrigger))('$description.name', ({ description: { properties } }) => {
	test('has actions that say what starts the workflow', () => {
		const field = properties.find(({ displayName }) => LABELS_OF_EVENTS.includes(displayName.toLowerCase()));
		// Without such a field n8n writes “On new … event”.
		expect(field).toBeDefined();
		const actions = optionsOf(field!).map(({ action }) => action);
		expect(actions.length).toBeGreaterThan(0);
		for (const action of actions) expect(action).toMatch(/^On [a-z][a-z -]+$/);
	});
});
