import type { IDataObject } from 'n8n-workflow';
import {
	contactOf,
	ezTextingContact,
	subaccount,
	type RecordedRequest,
	type Simulator,
} from '../../test/simulator';
import type { Example, Expected } from './run';

/** One run of an example, and what should come of it. */
export interface Play {
	title: string;
	/** What there is to see. */
	remark: string;
	/** What has happened at the providers since the play before. */
	meanwhile?(simulator: Simulator): void;
	example: Example;
	expected: Expected;
}

/** What the providers know before the first play. */
export function prepareBooks({ click2mail, clubTexting, ezTexting, mailPartner }: Simulator): void {
	click2mail.books.balance = 12.4;
	clubTexting.books.planCredits = 500;
	clubTexting.books.anytimeCredits = 240;
	clubTexting.books.localOptOuts.add('9175550118');
	clubTexting.books.refusedNumbers.add('7185550160');
	mailPartner.books.balance = 300;
	mailPartner.books.subaccounts.push(
		subaccount(mailPartner.books, { email: 'newsletter@lamps.example', type: 'advanced', balance: 2.5 }),
		subaccount(mailPartner.books, { email: 'noe@librairie-petit.example', type: 'advanced', balance: 8 }),
	);
	ezTextingContact(ezTexting.books, '6465550172', { firstName: 'Jon', source: 'Upload' });
	const { nextId } = clubTexting.books;
	clubTexting.books.groups.set('customers', []);
	contactOf(clubTexting.books, '6465550172', { firstName: 'Jon', source: 'Upload' });
	contactOf(clubTexting.books, '9175550118', { firstName: 'Priya', lastName: 'Nair', source: 'Keyword' });
	// The first message has the number that it would have without them.
	clubTexting.books.nextId = nextId;
}

const decimals = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 });

const text = (value: unknown): string => (value === null || value === undefined ? '–' : String(value));
const money = (value: unknown, currency: unknown): string =>
	`${decimals.format(Number(value))} ${text(currency)}`;

function formField(request: RecordedRequest, name: string): string[] {
	return (request.form ?? []).flatMap(([key, value]) => (key === name ? [value] : []));
}

export const smsCampaign: Example = {
	file: 'sms-campaign.json',
	startNode: 'Sample CRM Events',
	itemsIn: [{ title: 'event' }, { title: 'name' }, { title: 'phone' }, { title: 'text' }],
	itemIn: ({ eventId, name, phone, text: message }) => [eventId, name, phone, message].map(text),
	itemsOut: [
		{ title: 'event' },
		{ title: 'result' },
		{ title: 'message ID' },
		{ title: 'shared by', right: true },
		{ title: 'text as it went out' },
	],
	itemOut: ({ from, json }) =>
		[from.eventId, resultOf(json), json.messageId, json.itemsInRequest, json.message].map(text),
	failed: { title: 'event' },
	itemFailed: ({ from }) => text(from.eventId),
	content: (request) => `phone numbers: ${formField(request, 'PhoneNumbers[]').length}`,
	books({ clubTexting: { books } }) {
		const reached = books.delivered.map(({ number }) => number);
		const timesReached = reached.map((person) => reached.filter((number) => number === person).length);
		return {
			'Texts delivered': text(reached.length),
			'Most texts to one person': text(Math.max(0, ...timesReached)),
			'Credits left': text(books.planCredits + books.anytimeCredits),
		};
	},
};

function resultOf({ skipped, recipients }: IDataObject): string {
	if (skipped === true) return 'skipped';
	return (recipients as string[]).length > 0 ? 'sent' : 'opted out';
}

export const keepBalances: Example = {
	file: 'keep-balances.json',
	startNode: 'Every Morning at 7',
	itemsIn: [{ title: 'the schedule says' }],
	itemIn: (item) => [text(item['Readable date'])],
	itemsOut: [
		{ title: 'node' },
		{ title: 'result' },
		{ title: 'before', right: true },
		{ title: 'bought', right: true },
		{ title: 'after', right: true },
	],
	itemOut: ({ node, json }) => [
		node,
		json.toppedUp === true ? 'topped up' : 'has enough',
		...('currency' in json
			? [json.balanceBefore, json.amount, json.balanceAfter].map((value) => money(value, json.currency))
			: [json.creditsBefore, json.boughtCredits, json.creditsAfter].map((value) => `${text(value)} credits`)),
	],
	failed: { title: 'node' },
	itemFailed: ({ node }) => node,
	content(request) {
		const [dollars] = formField(request, 'billingAmount');
		if (dollars !== undefined)
			return `${dollars} USD, card ending in ${formField(request, 'billingNumber')[0]?.slice(-4)}`;
		const { credit } = (request.json ?? {}) as { credit?: string };
		return credit === undefined ? '' : `${credit} EUR`;
	},
	books: ({ click2mail, clubTexting, mailPartner }) => ({
		'Click2Mail: balance': money(click2mail.books.balance, 'USD'),
		'Click2Mail: charges to the card': text(click2mail.books.charges.length),
		'Club Texting: credits': text(clubTexting.books.planCredits + clubTexting.books.anytimeCredits),
		'Club Texting: charges to the card': text(clubTexting.books.charges.length),
		'MailPartner: main account': money(mailPartner.books.balance, 'EUR'),
		'MailPartner: newsletter@lamps.example': money(mailPartner.books.subaccounts[0]?.balance, 'EUR'),
	}),
};

export const newCustomers: Example = {
	file: 'new-customers.json',
	startNode: 'Sample New Customers',
	itemsIn: [
		{ title: 'customer' },
		{ title: 'company' },
		{ title: 'email' },
		{ title: 'starting credit', right: true },
	],
	itemIn: ({ customerId, company, email, startingCredit }) => [
		text(customerId),
		text(company),
		text(email),
		money(startingCredit, 'EUR'),
	],
	itemsOut: [
		{ title: 'customer' },
		{ title: 'result' },
		{ title: 'mail to confirm went to' },
		{ title: 'token of the sub-account' },
	],
	itemOut: ({ from, json }) => [
		text(from.customerId),
		json.skipped === true ? 'skipped' : 'created',
		text(json.confirmationSentTo),
		text(json.token),
	],
	failed: { title: 'customer' },
	itemFailed: ({ from }) => text(from.customerId),
	content(request) {
		const { email, creditToAttribute } = (request.json as { parameters: IDataObject }).parameters;
		return creditToAttribute === undefined
			? `${text(email)}, no credit`
			: `${text(email)}, ${money(creditToAttribute, 'EUR')}`;
	},
	books: ({ mailPartner: { books } }) => ({
		'Main account': money(books.balance, 'EUR'),
		...Object.fromEntries(books.subaccounts.map(({ email, balance }) => [email, money(balance, 'EUR')])),
	}),
};

export const lowBalance: Example = {
	file: 'low-balance-top-up.json',
	startNode: 'Balance Is Low',
	polls: true,
	itemsIn: [{ title: 'balance', right: true }, { title: 'threshold', right: true }, { title: 'reason' }],
	itemIn: ({ balance, currency, threshold, reason }) => [
		money(balance, currency),
		money(threshold, currency),
		text(reason),
	],
	itemsOut: [{ title: 'node' }, { title: 'result' }, { title: 'what it says' }],
	itemOut: ({ node, json }) =>
		'toppedUp' in json
			? [
					node,
					json.toppedUp === true ? 'topped up' : 'not topped up',
					`before ${money(json.balanceBefore, json.currency)}, after ${money(json.balanceAfter, json.currency)}`,
				]
			: [node, resultOf(json), text(json.message)],
	failed: { title: 'node' },
	itemFailed: ({ node }) => node,
	content: (request) => keepBalances.content(request) || formField(request, 'PhoneNumbers[]').join(', '),
	books: ({ click2mail, clubTexting }) => ({
		'Click2Mail: balance': money(click2mail.books.balance, 'USD'),
		'Click2Mail: charges to the card': text(click2mail.books.charges.length),
		'Texts delivered': text(clubTexting.books.delivered.length),
	}),
};

export const welcomeContacts: Example = {
	file: 'welcome-contacts.json',
	startNode: 'Sample New Contacts',
	itemsIn: [{ title: 'contact' }, { title: 'name' }, { title: 'phone' }],
	itemIn: ({ crmId, firstName, lastName, phone }) => [
		text(crmId),
		`${text(firstName)} ${text(lastName)}`,
		text(phone),
	],
	itemsOut: [{ title: 'node' }, { title: 'result' }, { title: 'what it says' }],
	itemOut: ({ node, json }) =>
		'created' in json
			? [
					node,
					json.created === true ? 'created' : 'updated',
					`${text(json.firstName)} ${text(json.lastName)}, in ${(json.groups as string[]).join(', ')}`,
				]
			: [node, resultOf(json), goesOutByDay(json) ? 'between 8 and 20 where it arrives' : 'at night'],
	failed: { title: 'contact' },
	itemFailed: ({ from }) => text(from.crmId),
	content(request) {
		const count = formField(request, 'PhoneNumbers[]').length;
		return count > 0 ? `phone numbers: ${count}` : formField(request, 'PhoneNumber').join();
	},
	books: ({ clubTexting: { books } }) => ({
		Contacts: text(books.contacts.length),
		'In the group "customers"': text(books.groups.get('customers')?.length),
		'Texts taken on': text(books.messages.length),
	}),
};

export const ezTextingWelcome: Example = {
	...welcomeContacts,
	file: 'ez-texting-welcome.json',
	content({ json }) {
		const { toNumbers, phoneNumber, name } = (json ?? {}) as IDataObject;
		return Array.isArray(toNumbers)
			? `phone numbers: ${toNumbers.length}`
			: String(name ?? phoneNumber ?? '');
	},
	books: ({ ezTexting: { books } }) => ({
		Contacts: text(books.contacts.size),
		'In the group "customers"': text(
			books.groups.find(({ name }) => name === 'customers')?.members.length ?? 0,
		),
		'Texts taken on': text(books.sendings.length),
	}),
};

/** All of them have numbers of New York. */
function goesOutByDay({ scheduledFor }: IDataObject): boolean {
	const time = scheduledFor === null ? new Date() : new Date(String(scheduledFor));
	const clock = { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' } as const;
	const hour = Number(new Intl.DateTimeFormat('en-US', clock).format(time));
	return hour >= 8 && hour < 20;
}

export const optOuts: Example = {
	file: 'opt-outs.json',
	startNode: 'Every Morning at 6',
	itemsIn: keepBalances.itemsIn,
	itemIn: keepBalances.itemIn,
	itemsOut: [{ title: 'phone number' }, { title: 'name' }, { title: 'opted out' }],
	itemOut: ({ json }) => [
		text(json.phoneNumber),
		`${text(json.firstName)} ${text(json.lastName)}`,
		text(json.optedOut),
	],
	failed: { title: 'node' },
	itemFailed: ({ node }) => node,
	content: ({ query }) => (new URLSearchParams(query).get('optout') === 'true' ? 'who has opted out' : ''),
	books: ({ clubTexting: { books } }) => ({
		Contacts: text(books.contacts.length),
		'Opted out': text(books.localOptOuts.size),
	}),
};

export const monthlyReport: Example = {
	file: 'monthly-report.json',
	startNode: 'First of the Month',
	itemsIn: keepBalances.itemsIn,
	itemIn: keepBalances.itemIn,
	itemsOut: [{ title: 'sub-account' }, { title: 'balance', right: true }],
	itemOut: ({ json }) => [text(json.email), money(json.balance, json.currency)],
	failed: { title: 'node' },
	itemFailed: ({ node }) => node,
	content: () => '',
	books: newCustomers.books,
};

export const welcomeLetter: Example = {
	file: 'welcome-letter.json',
	startNode: 'Sample New Customers',
	itemsIn: [{ title: 'customer' }, { title: 'name' }, { title: 'address' }],
	itemIn: ({ customerId, firstName, lastName, street, city, state, zip }) => [
		text(customerId),
		`${text(firstName)} ${text(lastName)}`,
		`${text(street)}, ${text(city)}, ${text(state)} ${text(zip)}`,
	],
	itemsOut: [
		{ title: 'customer' },
		{ title: 'result' },
		{ title: 'job' },
		{ title: 'state' },
		{ title: 'cost', right: true },
	],
	itemOut: ({ from, json }) => [
		text(from.customerId),
		json.skipped === true ? 'skipped' : 'mailed',
		text(json.jobId),
		text(json.state),
		json.skipped === true ? '–' : money(json.cost, 'USD'),
	],
	failed: { title: 'customer' },
	itemFailed: ({ from }) => text(from.customerId),
	content(request) {
		if (request.operation === 'createList')
			return /<Address1>(.*)<\/Address1>/.exec(request.rawBody)?.[1] ?? '';
		return [...formField(request, 'url'), ...formField(request, 'billingType')].join();
	},
	books({ click2mail: { books } }) {
		return {
			'Letters mailed': text(books.mailed.length),
			'Drafts left': text([...books.jobs.values()].filter(({ state }) => state === 'EDITING').length),
			'Click2Mail: balance': money(books.balance, 'USD'),
		};
	},
};

const sale = 'Spring sale: 20% off until Sunday. Reply STOP to end.';

/** What one letter takes, of which only the submit costs anything. */
function letterRequests(list: number, street: string): string[][] {
	const job = list + 2;
	return [
		['POST /addressLists', 'HTTP 200', street],
		['POST /documents/url', 'HTTP 201', 'https://example.com/welcome.pdf'],
		[`GET /addressLists/${list}`, 'HTTP 200', ''],
		['POST /jobs', 'HTTP 201', ''],
		[`GET /jobs/${job}`, 'HTTP 201', ''],
		[`GET /jobs/${job}/cost`, 'HTTP 200', ''],
		['GET /credit', 'HTTP 200', ''],
		[`POST /jobs/${job}/submit`, 'HTTP 200', 'User Credit'],
		[`GET /jobs/${job}`, 'HTTP 201', ''],
	].map((row) => ['Click2Mail', ...row]);
}

/** In the order in which they are played: each finds the books as the one before has left them. */
export const plays: Play[] = [
	{
		title: 'CRM events become text messages',
		remark:
			'Six events have the same text. One of them has a bad number and one is a repetition; the other four share a request. The provider refuses it because of one number, so three go out in a second request.',
		example: smsCampaign,
		expected: {
			itemsOut: [
				['evt-2041', 'sent', '6419', '3', sale],
				['evt-2042', 'sent', '6419', '3', sale],
				['evt-2043', 'opted out', '6419', '3', sale],
				['evt-2046', 'sent', '6420', '1', `Your "Aurora" lamp is here - it's yours until Friday.`],
				['evt-2041', 'skipped', '–', '–', '–'],
			],
			failed: [
				['evt-2044', 'invalid'],
				['evt-2045', 'refused'],
				['evt-2047', 'invalid'],
			],
			requests: [
				['Club Texting', 'POST /sending/messages', 'HTTP 403', 'phone numbers: 4'],
				['Club Texting', 'POST /sending/messages', 'HTTP 201', 'phone numbers: 3'],
				['Club Texting', 'POST /sending/messages', 'HTTP 201', 'phone numbers: 1'],
			],
			books: [
				['Texts delivered', '0', '3'],
				['Most texts to one person', '0', '1'],
				['Credits left', '740', '734'],
			],
		},
	},
	{
		title: 'Balances are kept above a minimum',
		remark:
			'Each account that has too little gets one top-up: Click2Mail by payment card, the MailPartner sub-account from the main account. Club Texting has enough, so its stored card is left alone.',
		example: keepBalances,
		expected: {
			itemsOut: [
				['Top Up Click2Mail', 'topped up', '12.40 USD', '100.00 USD', '112.40 USD'],
				['Top Up Club Texting', 'has enough', '734 credits', '0 credits', '734 credits'],
				['Top Up MailPartner', 'topped up', '2.50 EUR', '20.00 EUR', '22.50 EUR'],
			],
			failed: [],
			requests: [
				['Click2Mail', 'GET /credit', 'HTTP 200', ''],
				['Click2Mail', 'POST /credit/purchase', 'HTTP 200', '100 USD, card ending in 1111'],
				['Click2Mail', 'GET /credit', 'HTTP 200', ''],
				['Club Texting', 'GET /billing/credits/get', 'HTTP 200', ''],
				['MailPartner', 'GET /subaccount/list', 'HTTP 200', ''],
				['MailPartner', 'POST /subaccount/credit/add', 'HTTP 200', '20 EUR'],
			],
			books: [
				['Click2Mail: balance', '12.40 USD', '112.40 USD'],
				['Click2Mail: charges to the card', '0', '1'],
				['Club Texting: credits', '734', '734'],
				['Club Texting: charges to the card', '0', '0'],
				['MailPartner: main account', '300.00 EUR', '280.00 EUR'],
				['MailPartner: newsletter@lamps.example', '2.50 EUR', '22.50 EUR'],
			],
		},
	},
	{
		title: 'New customers get sub-accounts with starting credit',
		remark:
			'One customer has no valid e-mail address, one has an account already, one comes twice. The others are created, and their starting credit is taken from the main account.',
		example: newCustomers,
		expected: {
			itemsOut: [
				['cus-7301', 'created', 'camille@bakery-dupont.example', 'a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4f3'],
				['cus-7302', 'created', 'hugo@atelier-moreau.example', 'a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4f4'],
				['cus-7305', 'created', 'ines@studio-lambert.example', 'a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4f5'],
				['cus-7301', 'skipped', '–', '–'],
			],
			failed: [
				['cus-7303', 'invalid'],
				['cus-7304', 'refused'],
			],
			requests: [
				['MailPartner', 'POST /subaccount/create', 'HTTP 200', 'camille@bakery-dupont.example, 10.00 EUR'],
				['MailPartner', 'POST /subaccount/create', 'HTTP 200', 'hugo@atelier-moreau.example, 25.50 EUR'],
				['MailPartner', 'POST /subaccount/create', 'HTTP 400', 'noe@librairie-petit.example, 10.00 EUR'],
				['MailPartner', 'POST /subaccount/create', 'HTTP 200', 'ines@studio-lambert.example, no credit'],
			],
			books: [
				['Main account', '280.00 EUR', '244.50 EUR'],
				['newsletter@lamps.example', '22.50 EUR', '22.50 EUR'],
				['noe@librairie-petit.example', '8.00 EUR', '8.00 EUR'],
				['camille@bakery-dupont.example', '–', '10.00 EUR'],
				['hugo@atelier-moreau.example', '–', '25.50 EUR'],
				['ines@studio-lambert.example', '–', '0.00 EUR'],
			],
		},
	},
	{
		title: 'The same CRM events once more: nothing goes out twice',
		remark:
			'What was handled is skipped by its idempotency key. A failed event has given its key back, so it may be tried again: the two invalid ones get no further than before, the refused one is refused again.',
		example: smsCampaign,
		expected: {
			itemsOut: ['evt-2041', 'evt-2042', 'evt-2043', 'evt-2046', 'evt-2041'].map((event) => [
				event,
				'skipped',
				'–',
				'–',
				'–',
			]),
			failed: [
				['evt-2044', 'invalid'],
				['evt-2045', 'refused'],
				['evt-2047', 'invalid'],
			],
			requests: [['Club Texting', 'POST /sending/messages', 'HTTP 403', 'phone numbers: 1']],
			books: [
				['Texts delivered', '3', '3'],
				['Most texts to one person', '1', '1'],
				['Credits left', '734', '734'],
			],
		},
	},
	{
		title: 'A low balance tops itself up, and a person hears of it',
		remark:
			'Mailings have used up the credit. The trigger asks Click2Mail, finds it low and starts the workflow. It may buy twice a day, over all executions.',
		meanwhile: ({ click2mail }) => void (click2mail.books.balance = 31.5),
		example: lowBalance,
		expected: {
			itemsOut: [
				['Top Up Click2Mail', 'topped up', 'before 31.50 USD, after 131.50 USD'],
				['Text a Person', 'sent', 'Click2Mail was topped up by 100 USD and has 131.5 USD now.'],
			],
			failed: [],
			requests: [
				['Click2Mail', 'GET /credit', 'HTTP 200', ''],
				['Click2Mail', 'GET /credit', 'HTTP 200', ''],
				['Click2Mail', 'POST /credit/purchase', 'HTTP 200', '100 USD, card ending in 1111'],
				['Click2Mail', 'GET /credit', 'HTTP 200', ''],
				['Club Texting', 'POST /sending/messages', 'HTTP 201', '2125550143'],
			],
			books: [
				['Click2Mail: balance', '31.50 USD', '131.50 USD'],
				['Click2Mail: charges to the card', '1', '2'],
				['Texts delivered', '3', '4'],
			],
		},
	},
	{
		title: 'Contacts of a CRM are saved, and welcomed by day',
		remark:
			'Two of four contacts can be texted. One of them is there already: his name is put right, and both join the group. At night, their text waits until 8 in the morning.',
		example: welcomeContacts,
		expected: {
			itemsOut: [
				['Save Contact', 'created', 'Maria Alvarez, in customers'],
				['Save Contact', 'updated', 'John Whitfield, in customers'],
				['Send Welcome', 'sent', 'between 8 and 20 where it arrives'],
				['Send Welcome', 'sent', 'between 8 and 20 where it arrives'],
			],
			failed: [
				['crm-503', 'invalid'],
				['crm-504', 'invalid'],
			],
			requests: [
				['Club Texting', 'GET /groups', 'HTTP 200', ''],
				['Club Texting', 'GET /contacts', 'HTTP 200', ''],
				['Club Texting', 'POST /contacts', 'HTTP 201', '2125550143'],
				['Club Texting', 'GET /contacts', 'HTTP 200', ''],
				['Club Texting', 'GET /contacts', 'HTTP 200', ''],
				['Club Texting', 'POST /contacts/4f0b5720734fada300001913', 'HTTP 200', '6465550172'],
				['Club Texting', 'POST /sending/messages', 'HTTP 201', 'phone numbers: 2'],
			],
			books: [
				['Contacts', '2', '3'],
				['In the group "customers"', '0', '2'],
				['Texts taken on', '3', '4'],
			],
		},
	},
	{
		title: 'Opt-outs go back to the CRM',
		remark: 'Somebody has texted STOP. Club Texting is asked for those only.',
		example: optOuts,
		expected: {
			itemsOut: [['9175550118', 'Priya Nair', 'true']],
			failed: [],
			requests: [['Club Texting', 'GET /contacts', 'HTTP 200', 'who has opted out']],
			books: [
				['Contacts', '3', '3'],
				['Opted out', '1', '1'],
			],
		},
	},
	{
		title: 'A report of all sub-accounts, once a month',
		remark: 'It reads, and changes nothing.',
		example: monthlyReport,
		expected: {
			itemsOut: [
				['newsletter@lamps.example', '22.50 EUR'],
				['noe@librairie-petit.example', '8.00 EUR'],
				['camille@bakery-dupont.example', '10.00 EUR'],
				['hugo@atelier-moreau.example', '25.50 EUR'],
				['ines@studio-lambert.example', '0.00 EUR'],
			],
			failed: [],
			requests: [['MailPartner', 'GET /subaccount/list', 'HTTP 200', '']],
			books: [
				['Main account', '244.50 EUR', '244.50 EUR'],
				['newsletter@lamps.example', '22.50 EUR', '22.50 EUR'],
				['noe@librairie-petit.example', '8.00 EUR', '8.00 EUR'],
				['camille@bakery-dupont.example', '10.00 EUR', '10.00 EUR'],
				['hugo@atelier-moreau.example', '25.50 EUR', '25.50 EUR'],
				['ines@studio-lambert.example', '0.00 EUR', '0.00 EUR'],
			],
		},
	},
	{
		title: 'The same welcome with EZ Texting',
		remark:
			'EZ Texting has no such group: it is created once, before the first contact is saved. One number is too short.',
		example: ezTextingWelcome,
		expected: {
			itemsOut: [
				['Save Contact', 'created', 'Maria Alvarez, in customers'],
				['Save Contact', 'updated', 'John Whitfield, in customers'],
				['Send Welcome', 'sent', 'between 8 and 20 where it arrives'],
				['Send Welcome', 'sent', 'between 8 and 20 where it arrives'],
			],
			failed: [['crm-504', 'invalid']],
			requests: [
				['EZ Texting', 'GET /contact-groups', 'HTTP 200', ''],
				['EZ Texting', 'GET /contacts/12125550143', 'HTTP 404', ''],
				['EZ Texting', 'POST /contact-groups', 'HTTP 201', 'customers'],
				['EZ Texting', 'POST /contacts', 'HTTP 201', '12125550143'],
				['EZ Texting', 'GET /contacts/12125550143', 'HTTP 200', ''],
				['EZ Texting', 'GET /contacts/16465550172', 'HTTP 200', ''],
				['EZ Texting', 'POST /contacts', 'HTTP 200', '16465550172'],
				['EZ Texting', 'GET /contacts/16465550172', 'HTTP 200', ''],
				['EZ Texting', 'POST /messages', 'HTTP 200', 'phone numbers: 2'],
			],
			books: [
				['Contacts', '1', '2'],
				['In the group "customers"', '0', '2'],
				['Texts taken on', '0', '1'],
			],
		},
	},
	{
		title: 'New customers get a letter on paper',
		remark:
			'Click2Mail prints and mails a letter to each of two customers, paid from the credit. A ZIP code has lost its zero, a state is written out, and one customer comes twice.',
		example: welcomeLetter,
		expected: {
			itemsOut: [
				['cus-801', 'mailed', '90212', 'Awaiting Production', '1.17 USD'],
				['cus-802', 'mailed', '90215', 'Awaiting Production', '1.17 USD'],
				['cus-801', 'skipped', '–', '–', '–'],
			],
			failed: [
				['cus-803', 'invalid'],
				['cus-804', 'invalid'],
			],
			requests: [...letterRequests(90210, '12 Orchard St'), ...letterRequests(90213, '410 Main St')],
			books: [
				['Letters mailed', '0', '2'],
				['Drafts left', '0', '0'],
				['Click2Mail: balance', '131.50 USD', '129.16 USD'],
			],
		},
	},
];
