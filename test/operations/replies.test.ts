import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { UnrecognisedReply } from '../../nodes/shared/http/response';
import { runNode } from '../../nodes/shared/pipeline/runNode';
import type { HttpResponse } from '../../nodes/shared/provider';
import { isUsable, pageIn } from '../../nodes/MailPartnerSubaccount/subaccountList';
import { fixture } from '../harness';
import { cards, type ProviderName } from '../simulator';
import { contextOf, services } from './context';

/** Gives an operation one reply; the item that comes of it, a failed one where it fails. */
type Asked = (reply: HttpResponse) => Promise<IDataObject>;

function asking(provider: ProviderName, operation: string, parameters: object): Asked {
	const service = services[provider];
	return async (reply) => {
		const context = contextOf(service, operation, parameters, { reply, credential: cards.visa });
		const [items] = await runNode(context, service.provider, service.resources);
		return items![0]?.json ?? {};
	};
}

const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };
const byToken = { subaccount: { __rl: true, mode: 'token', value: 'token' }, amount: 10 };
const toFour = { phoneNumbers: '2123456785,2123456786,2123456787,2123456788', message: 'Hi' };

/** Operations that make an item of one reply, by provider and the operation's name in the fixtures. */
const asked: Record<string, Asked> = {
	'click2mail/getBalance': asking('click2mail', 'credit.getBalance', {}),
	'click2mail/purchase': asking('click2mail', 'credit.purchase', {
		amount: 10,
		options: { readBalance: false },
	}),
	'clubtexting/buy': asking('clubTexting', 'credit.buy', { numberOfCredits: 1000, ...storedCard }),
	'clubtexting/cancel': asking('clubTexting', 'keyword.cancel', { keyword: 'honey' }),
	'clubtexting/checkAvailability': asking('clubTexting', 'keyword.checkAvailability', { keyword: 'honey' }),
	'clubtexting/getBalance': asking('clubTexting', 'credit.getBalance', {}),
	'clubtexting/lookUpCarrier': asking('clubTexting', 'phoneNumber.lookUpCarrier', {
		phoneNumber: '2345678910',
	}),
	'clubtexting/rent': asking('clubTexting', 'keyword.rent', { keyword: 'honey', ...storedCard }),
	'clubtexting/send': asking('clubTexting', 'message.send', toFour),
	'clubtexting/setUp': asking('clubTexting', 'keyword.setUp', { keyword: 'honey', joinMessage: 'Hello' }),
	'mailpartner/add': asking('mailPartner', 'credit.add', byToken),
	'mailpartner/create': asking('mailPartner', 'subaccount.create', {}),
	'mailpartner/list': asking('mailPartner', 'subaccount.getAll', {
		limit: 1,
		options: { includeApiKeys: true },
	}),
	'mailpartner/me': asking('mailPartner', 'credit.getBalance', {}),
	'mailpartner/remove': asking('mailPartner', 'credit.remove', byToken),
};

const settled = {
	keywordId: '147258369',
	keyword: 'honey',
	doubleOptIn: false,
	confirmMessage: 'Reply Y to join',
	joinMessage: 'Thank you for joining our list',
	forwardEmail: null,
	forwardUrl: null,
	contactGroups: [],
};
const setUpItem = {
	...settled,
	doubleOptIn: true,
	confirmMessage: 'Reply Y to join our sweetest list',
	joinMessage:
		'The only reason for being a bee that I know of, is to make honey. And the only reason for making honey, is so as I can eat it.',
	forwardEmail: 'honey@bear-alliance.co.uk',
	forwardUrl: 'http://bear-alliance.co.uk/honey-donations/',
	contactGroups: ['honey lovers'],
};
const boughtItem = {
	boughtCredits: 1000,
	amount: 9.45,
	discount: 0.55,
	planCredits: 10,
	anytimeCredits: 1200,
	totalCredits: 1210,
};
const sentItem = (messageId: string, end: string) => ({
	messageId,
	recipients: ['2123456787', '2123456788'],
	localOptOuts: ['2123456786'],
	globalOptOuts: ['2123456785'],
	unlisted: [],
	subject: 'From Winnie',
	// What the sample says that it sent, whatever was asked for.
	message: `I am a Bear of Very Little Brain, and long words bother me${end}`,
	delivery: 'express',
	scheduledFor: null,
	sendTime: '05-16-2011 5:44 PM',
	credits: 6,
	recipientsCount: 3,
	itemsInRequest: 1,
	messageIds: [messageId],
});
const transferred = {
	token: 'token',
	amount: 10,
	accountBalance: 2869.2,
	subaccountBalance: 61.8,
	currency: 'EUR',
};
const created = {
	token: 'token',
	email: '[email protected]',
	type: 'simple',
	confirmationSentTo: '[email protected]',
	parentEmail: '[email protected]',
};
const credits = { planCredits: 15, anytimeCredits: 138, totalCredits: 153 };
const carrier = { phoneNumber: '2345678910', carrier: 'ATTUS' };

/** Samples of successes: the HTTP status they come with, and their item. */
const successes: Record<string, [status: number, item: IDataObject]> = {
	'click2mail/getBalance.success.xml': [200, { balance: 0, currency: 'USD', allowNegative: false }],
	'click2mail/purchase.success.xml': [
		200,
		{
			purchased: true,
			amount: 10,
			currency: 'USD',
			status: 0,
			description: 'Success',
			allowNegative: false,
			statusUrl: 'http://stage-rest.click2mail.com/molpro/credit',
			balance: null,
		},
	],
	'clubtexting/buy.success.json': [201, boughtItem],
	'clubtexting/buy.success.xml': [201, boughtItem],
	'clubtexting/cancel.success.json.http': [204, { keyword: 'honey', deleted: true }],
	'clubtexting/cancel.success.xml.http': [204, { keyword: 'honey', deleted: true }],
	'clubtexting/checkAvailability.success.json': [200, { keyword: 'honey', available: true }],
	'clubtexting/checkAvailability.success.xml': [200, { keyword: 'honey', available: true }],
	'clubtexting/checkAvailability.unavailable.json': [403, { keyword: 'honey', available: false }],
	'clubtexting/getBalance.success.json': [200, credits],
	'clubtexting/getBalance.success.xml': [200, credits],
	'clubtexting/lookUpCarrier.success.json': [200, carrier],
	'clubtexting/lookUpCarrier.success.xml': [200, carrier],
	'clubtexting/rent.success.json': [201, settled],
	'clubtexting/rent.success.xml': [201, settled],
	'clubtexting/send.success.json': [201, sentItem('6417853', '.')],
	'clubtexting/send.success.xml': [201, sentItem('6419', '')],
	'clubtexting/setUp.messageObjects.json': [
		200,
		{
			...settled,
			keywordId: '202307',
			forwardEmail: 'email@email.com',
			forwardUrl: 'http://url',
			contactGroups: ['Friends', 'Family'],
		},
	],
	'clubtexting/setUp.success.json': [200, setUpItem],
	'clubtexting/setUp.success.xml': [200, setUpItem],
	'mailpartner/add.success.json': [200, transferred],
	'mailpartner/create.success.json': [200, created],
	'mailpartner/create.success.xml': [200, created],
	'mailpartner/list.success.json': [
		200,
		{
			id: '1',
			email: 'email1',
			type: 'simple',
			token: 'token1',
			balance: 0.8,
			currency: 'EUR',
			createdAt: '2016-03-04 11:23:14',
			apiKey: 'ApiKey sous compte',
		},
	],
	'mailpartner/me.success.json': [
		200,
		{ username: 'exemple@email.com', balance: 10225.119, emailCredits: 269082, currency: 'EUR' },
	],
	'mailpartner/remove.success.json': [200, transferred],
};

const badKeyword =
	"Keyword: Keywords can not contain spaces or the following characters: ?, @, ., !, [, ], {, }, -, +, #, $, %, &, ', (, ), *, /, \\, :, ;, <, >, =, ^, `, |, ~";
const unauthorized = { code: '401', message: 'Authorization Required' };
const wrongKey = { code: '10', message: 'the API key is wrong (Clé API incorrecte)' };
const noName =
	"FirstName: Value is required and can't be empty; LastName: Value is required and can't be empty";
const badNumber = "Number: '123456' contains an invalid amount of digits";

/** Samples of refusals: the HTTP statuses they may come with, the provider's code and text. */
const refusals: Record<string, { statuses: number[]; code: string; message: string }> = {
	'click2mail/purchase.missingParameter.xml': {
		statuses: [400, 200],
		code: '9',
		message: 'One of the required parameters is missing',
	},
	'click2mail/purchase.notAuthorized.xml': {
		statuses: [200, 400],
		code: '2',
		message: 'payment not authorized',
	},
	'clubtexting/buy.refused.xml': {
		statuses: [403],
		code: '403',
		message: `NumberOfCredits: '10,000' contains characters which are not digits; ${noName}; ${badNumber}`,
	},
	'clubtexting/buy.unauthorized.xml': { statuses: [401], ...unauthorized },
	'clubtexting/cancel.refused.xml': {
		statuses: [403],
		code: '403',
		message: 'the keyword “honey” is not known to Club Texting (Sorry, nothing was found)',
	},
	'clubtexting/cancel.unauthorized.xml': { statuses: [401], ...unauthorized },
	'clubtexting/checkAvailability.refused.xml': { statuses: [403], code: '403', message: badKeyword },
	'clubtexting/checkAvailability.unauthorized.xml': { statuses: [401], ...unauthorized },
	'clubtexting/getBalance.unauthorized.xml': { statuses: [401], ...unauthorized },
	'clubtexting/rent.refused.xml': {
		statuses: [403],
		code: '403',
		message: `${badKeyword}; ${noName}; ${badNumber}`,
	},
	'clubtexting/rent.unauthorized.xml': { statuses: [401], ...unauthorized },
	'clubtexting/send.forbidden.json': { statuses: [403, 200], code: '403', message: 'Access Forbidden' },
	'clubtexting/send.refused.xml': {
		statuses: [403],
		code: '403',
		message:
			"PhoneNumbers: '(123)45-67' contains characters which are not digits; Subject: Your subject must be under 13 characters.; Message: Your message contains characters that are not supported",
	},
	'clubtexting/send.unauthorized.xml': { statuses: [401], ...unauthorized },
	'clubtexting/setUp.refused.xml': {
		statuses: [403],
		code: '403',
		message:
			"JoinMessage: Value is required and can't be empty; ForwardEmail: 'honey@bear-alliance' is not a valid email address; ForwardUrl: 'bear-alliance.co.uk/honey-donations' is not a valid URI",
	},
	'clubtexting/setUp.unauthorized.xml': { statuses: [401], ...unauthorized },
	'mailpartner/add.validation.json': {
		statuses: [400, 200],
		code: '9',
		message: "it does not accept what stands in “Amount” (“Amount”: Cette valeur n'est pas valide.)",
	},
	'mailpartner/add.wrongKey.json': { statuses: [200, 400, 401], ...wrongKey },
	'mailpartner/create.wrongKey.json': { statuses: [200, 400, 401], ...wrongKey },
	'mailpartner/create.wrongKey.xml': { statuses: [200, 400, 401], ...wrongKey },
	'mailpartner/remove.wrongKey.json': { statuses: [200, 400, 401], ...wrongKey },
};

const askedBy = (file: string): Asked => asked[file.slice(0, file.indexOf('.'))]!;

/** What became of a reply: an item, or the failure's outcome, code and what the provider says. */
async function outcomeOf(ask: Asked, reply: HttpResponse): Promise<unknown> {
	const item = await ask(reply);
	const { outcome, providerCode: code } = (item.details ?? {}) as IDataObject;
	if (outcome === undefined) return item;
	const [, message] = /^(?:[\w ]+ refused: )?(.*?)\. [A-Z]/.exec(String(item.error))!;
	return { outcome, message, code };
}

describe('the sample replies', () => {
	test('each is tried here', () => {
		const folder = path.join(__dirname, '../fixtures');
		const files = ['click2mail', 'clubtexting', 'mailpartner'].flatMap((provider) =>
			readdirSync(path.join(folder, provider)).map((file) => `${provider}/${file}`),
		);
		expect(files.sort()).toEqual([...Object.keys(successes), ...Object.keys(refusals)].sort());
	});

	test.each(Object.entries(successes))('%s is a success', async (file, [status, item]) => {
		expect(await askedBy(file)(fixture(file, status))).toEqual(item);
	});

	test.each(
		Object.entries(refusals).flatMap(([file, { statuses, ...refusal }]) =>
			statuses.map((status) => ({ file, status, refusal })),
		),
	)('$file with HTTP $status is a refusal', async ({ file, status, refusal }) => {
		expect(await outcomeOf(askedBy(file), fixture(file, status))).toEqual({
			outcome: 'refused',
			...refusal,
		});
	});
});

const xml = (entry: string, status = 200): HttpResponse => ({
	status,
	headers: {},
	text: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Status>Success</Status><Code>${status}</Code><Entry>${entry}</Entry></Response>`,
});
const json = (body: unknown, status = 200): HttpResponse => ({
	status,
	headers: {},
	text: JSON.stringify(body),
});
const text = (body: string, status = 200): HttpResponse => ({ status, headers: {}, text: body });
const entry = (fields: IDataObject, status = 200): HttpResponse =>
	json({ Response: { Status: 'Success', Code: status, Entry: fields } }, status);

describe('lists', () => {
	const keyword = '<ID>1</ID><Keyword>honey</Keyword>';

	test.each([
		['one', '<ContactGroupIDs><Group>honey lovers</Group></ContactGroupIDs>', ['honey lovers']],
		['several', '<ContactGroupIDs><Group>a</Group><Group>b</Group></ContactGroupIDs>', ['a', 'b']],
		['none', '<ContactGroupIDs/>', []],
		['none and white space', '<ContactGroupIDs>\n</ContactGroupIDs>', []],
		['a name that looks like a number', '<ContactGroupIDs><Group>007</Group></ContactGroupIDs>', ['007']],
		['no list at all', '', []],
	])('of groups in XML: %s', async (_case, list, contactGroups) => {
		expect(await asked['clubtexting/rent']!(xml(`${keyword}${list}`, 201))).toMatchObject({ contactGroups });
	});

	test.each([
		['texts', ['a', 'b']],
		['an object with places as keys', { 0: 'a', 2: 'b' }],
		[
			'objects with their names',
			[
				{ ID: 7, Name: 'a' },
				{ ID: 8, Name: 'b' },
			],
		],
		['such objects by place', { Group: { 1: { ID: 7, Name: 'a' }, 2: { Name: 'b' } } }],
	])('of groups in JSON: %s', async (_case, ContactGroupIDs) => {
		const reply = entry({ ID: 1, Keyword: 'honey', ContactGroupIDs });
		expect(await asked['clubtexting/setUp']!(reply)).toMatchObject({ contactGroups: ['a', 'b'] });
		// What is still there was not taken away, however it is written.
		const options = { clear: ['contactGroups'] };
		const clearing = asking('clubTexting', 'keyword.setUp', { keyword: 'honey', joinMessage: 'Hi', options });
		expect(await outcomeOf(clearing, reply)).toMatchObject({ outcome: 'unknown' });
	});

	/** The last digits of the item's four numbers, by what the reply says of them. */
	const given = async (fields: object) => {
		const item = await asked['clubtexting/send']!(entry({ ID: 7, ...fields }, 201));
		const { recipients, localOptOuts, globalOptOuts, unlisted } = item as Record<string, string[]>;
		return [recipients, localOptOuts, globalOptOuts, unlisted].map((list) =>
			list!.map((number) => number.slice(-1)).join(''),
		);
	};

	test('of numbers may be missing, and one is a list', async () => {
		expect(await given({})).toEqual(['5678', '', '', '']);
		expect(await given({ LocalOptOuts: { PhoneNumber: '2123456785' }, GlobalOptOuts: '' })).toEqual([
			'678',
			'5',
			'',
			'',
		]);
		expect(await given({ GlobalOptOuts: [2123456786, '2123456787'] })).toEqual(['58', '', '67', '']);
		expect(await given({ PhoneNumbers: ['2123456785'], LocalOptOuts: ['2123456786'] })).toEqual([
			'5',
			'6',
			'',
			'78',
		]);
		expect(await given({ LocalOptOuts: ['2125559999'] })).toEqual(['5678', '', '', '']);
	});

	test.each([
		['a leading 1', ['12123456785', 12123456786, '+12123456787'], ['1 212 345 6788']],
		['a prefix of calls abroad', ['0012123456785', '00 1 212 345 6786', '+1 2123456787'], ['0012123456788']],
		['marks', ['(212) 345-6785', '212-345-6786', '212.345.6787'], ['+1 (212) 345-6788']],
		['one text with commas', '2123456785,2123456786, 2123456787', '12123456788'],
		['one text with blanks or lines', '2123456785 2123456786\n2123456787', ' 2123456788 '],
		[
			'an object with numbered keys',
			{ 0: '2123456785', 1: '2123456786', 2: 2123456787 },
			{ 5: '2123456788' },
		],
		[
			'a list of objects',
			[2123456785, 2123456786, 2123456787].map((PhoneNumber) => ({ PhoneNumber, ContactID: '4f0b57' })),
			{ PhoneNumber: { Number: '2123456788' } },
		],
		[
			'an object with numbers as keys',
			{ 2123456785: 'queued', 2123456786: 'queued', 2123456787: 'queued' },
			{ '1-212-345-6788': true },
		],
		['a list in a list', [['2123456785', '2123456786'], ['2123456787']], [['2123456788']]],
	] as Array<[string, unknown, unknown]>)('of numbers as %s', async (_shape, PhoneNumbers, GlobalOptOuts) => {
		expect(await given({ PhoneNumbers, GlobalOptOuts })).toEqual(['567', '', '8', '']);
		expect(await given({ PhoneNumbers, LocalOptOuts: GlobalOptOuts })).toEqual(['567', '8', '', '']);
		expect(await given({ PhoneNumbers })).toEqual(['567', '', '', '8']);
	});

	test.each(['12345678910', '+1 (234) 567-8910', '２３４５６７８９１０', null])(
		'a carrier’s number comes out as ten digits, also where the reply has %j',
		async (PhoneNumber) => {
			const reply = entry({ PhoneNumber, CarrierName: 'ATTUS' });
			expect(await asked['clubtexting/lookUpCarrier']!(reply)).toEqual(carrier);
		},
	);

	test.each(['', [], {}, 'none', ['3456785'], ['21234567850'], ['99992123456785']])(
		'of numbers that name none of ours are said to name none: %j',
		async (PhoneNumbers) => {
			expect(await given({ PhoneNumbers })).toEqual(['', '', '', '5678']);
		},
	);

	test('of errors may be missing, where a message has the words', async () => {
		const Response = { Status: 'Failure', Code: 403, Message: 'Your card was declined' };
		expect(await outcomeOf(asked['clubtexting/buy']!, json({ Response }, 403))).toMatchObject({
			outcome: 'refused',
			message: 'Your card was declined',
		});
	});

	test.each(['Access Forbidden', { 1: 'Access Forbidden' }, [{ Error: 'Access Forbidden' }]])(
		'of errors may be %j',
		async (Errors) => {
			const reply = json({ Response: { Status: 'Failure', Code: 403, Errors } }, 403);
			expect(await outcomeOf(asked['clubtexting/buy']!, reply)).toMatchObject({
				outcome: 'refused',
				message: 'Access Forbidden',
			});
		},
	);
});

describe('texts in XML', () => {
	test.each([
		['entities', 'Honey &amp; milk &lt;3 &quot;&apos;', 'Honey & milk <3 "\''],
		['character references', 'caf&#233; &#x1F41D;', 'café 🐝'],
		['a CDATA section', '<![CDATA[Honey & <milk>]]>', 'Honey & <milk>'],
		['a text that looks like a number', '007', '007'],
	])('%s', async (_case, written, joinMessage) => {
		const fields = `<ID>0042</ID><Keyword>honey</Keyword><JoinMessage>${written}</JoinMessage>`;
		expect(await asked['clubtexting/setUp']!(xml(fields))).toMatchObject({ keywordId: '0042', joinMessage });
	});
});

describe('later replies of Club Texting', () => {
	const sample = {
		ID: 202307,
		Keyword: 'honey',
		EnableDoubleOptIn: true,
		JoinMessage: { Message: 'Welcome', MessageTypeID: 1, Subject: 'subject' },
		ConfirmMessage: { Message: '', MessageTypeID: 1, Subject: '' },
		AlternateReply: { Message: 'Pardon?', MessageTypeID: 1, Subject: '' },
		ForwardEmail: '',
		ForwardUrl: '',
		ContactGroupIDs: ['Friends'],
	};
	const item = {
		keywordId: '202307',
		keyword: 'honey',
		doubleOptIn: true,
		confirmMessage: null,
		joinMessage: 'Welcome',
		forwardEmail: null,
		forwardUrl: null,
		contactGroups: ['Friends'],
	};

	test.each(['clubtexting/rent', 'clubtexting/setUp'])('%s: messages are objects, in JSON', async (name) => {
		expect(await asked[name]!(entry(sample))).toEqual(item);
	});

	test.each(['clubtexting/rent', 'clubtexting/setUp'])('%s: messages are objects, in XML', async (name) => {
		expect(
			await asked[name]!(
				xml(
					'<ID>202307</ID><Keyword>honey</Keyword><EnableDoubleOptIn>1</EnableDoubleOptIn><JoinMessage><Message>Welcome</Message><MessageTypeID>1</MessageTypeID><Subject>subject</Subject></JoinMessage><ConfirmMessage><Message/><MessageTypeID>1</MessageTypeID><Subject/></ConfirmMessage><ForwardEmail/><ForwardUrl/><ContactGroupIDs><Group>Friends</Group></ContactGroupIDs>',
				),
			),
		).toEqual(item);
	});
});

describe('a keyword that is not available', () => {
	const ask = asked['clubtexting/checkAvailability']!;
	const error = (message: string, status = 403) =>
		json({ Response: { Status: 'Failure', Code: 403, Errors: [message] } }, status);

	test.each([
		['as a value', entry({ Keyword: 'honey', Available: false })],
		['as a value in XML', xml('<Keyword>honey</Keyword><Available>0</Available>')],
		['as an error', error("Keyword: The keyword 'honey' is unavailable")],
		['as an error inside HTTP 200', error("Keyword: The keyword 'honey' is unavailable", 200)],
		['as an error with HTTP 400', error("Keyword: The keyword 'honey' is unavailable", 400)],
		[
			'as an error in XML',
			text(
				"<Response><Status>Failure</Status><Code>403</Code><Errors><Error>Keyword: The keyword 'honey' is unavailable</Error></Errors></Response>",
				403,
			),
		],
	])('is told %s', async (_case, reply) => {
		expect(await ask(reply)).toEqual({ keyword: 'honey', available: false });
	});

	test.each([
		['another error about keywords', error(badKeyword)],
		['an account without access', error('Access Forbidden')],
		['a service that is not available', error('The service is not available')],
	])('is not concluded from %s', async (_case, reply) => {
		expect(await outcomeOf(ask, reply)).toMatchObject({ outcome: 'refused' });
	});

	test.each(['unavailable', 'keyword'])('is not concluded from the keyword “%s” itself', async (keyword) => {
		const own = asking('clubTexting', 'keyword.checkAvailability', { keyword });
		expect(await outcomeOf(own, error(`'${keyword}' must be text`))).toMatchObject({ outcome: 'refused' });
	});
});

describe('Click2Mail', () => {
	test('a success in JSON, as it is met now and then', async () => {
		const receipt =
			'{"allowNegative":false,"balance":null,"description":"Success","status":"0","statusUrl":"https://stage-rest.click2mail.com/credit"}';
		expect(await asked['click2mail/purchase']!(text(receipt))).toMatchObject({
			purchased: true,
			status: 0,
			description: 'Success',
			statusUrl: 'https://stage-rest.click2mail.com/credit',
		});
		expect(await asked['click2mail/getBalance']!(text('{"balance":12.5,"allowNegative":true}'))).toEqual({
			balance: 12.5,
			currency: 'USD',
			allowNegative: true,
		});
	});
});

/** By fixture name: what a success can't be without. */
const essentials: Record<string, string[]> = {
	'click2mail/getBalance.success.xml': ['balance'],
	'click2mail/purchase.success.xml': ['status'],
	'clubtexting/buy.success.json': ['BoughtCredits', 'TotalCredits'],
	'clubtexting/buy.success.xml': ['BoughtCredits', 'TotalCredits'],
	'clubtexting/checkAvailability.success.json': ['Available'],
	'clubtexting/checkAvailability.success.xml': ['Available'],
	'clubtexting/getBalance.success.json': ['TotalCredits'],
	'clubtexting/getBalance.success.xml': ['TotalCredits'],
	'clubtexting/rent.success.json': ['ID', 'Keyword'],
	'clubtexting/rent.success.xml': ['ID', 'Keyword'],
	'clubtexting/send.success.json': ['ID'],
	'clubtexting/send.success.xml': ['ID'],
	'clubtexting/setUp.success.json': ['ID', 'Keyword'],
	'clubtexting/setUp.success.xml': ['ID', 'Keyword'],
	'mailpartner/add.success.json': ['credit', 'subaccountCredit'],
	'mailpartner/create.success.json': ['token'],
	'mailpartner/remove.success.json': ['credit', 'subaccountCredit'],
};

/** The text with the value of a field gone: the field itself, or what stands in it. */
function without(body: string, field: string): string[] {
	if (body.trimStart().startsWith('<')) {
		const element = new RegExp(`<${field}>[^<]*</${field}>`);
		return [body.replace(element, ''), body.replace(element, `<${field}/>`)];
	}
	const member = new RegExp(`"${field}": *("[^"]*"|[^,}\\s]+)`);
	return ['null', '""', '{}', '[]'].map((value) => body.replace(member, `"${field}":${value}`));
}

describe('what is never a success', () => {
	test.each(Object.entries(essentials))('%s without its essentials', async (file, fields) => {
		const whole = fixture(file, 200);
		for (const field of fields) {
			const bodies = without(whole.text, field);
			for (const body of bodies) {
				expect(body).not.toBe(whole.text);
				expect(await outcomeOf(askedBy(file), { ...whole, text: body })).toMatchObject({
					outcome: 'unknown',
				});
			}
		}
	});

	const page = '<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body>Back soon</body></html>';
	const empty: Record<string, string> = {
		nothing: '',
		'white space': ' \r\n ',
		'a web page': page,
		'a web page without a document type': '<HTML><body>502 Bad Gateway</body></HTML>',
		'plain text': 'OK',
		null: 'null',
		'an empty object': '{}',
		'an empty list': '[]',
		'a list': '[{"success":true,"code":200}]',
		'an empty document': '<?xml version="1.0"?><Response/>',
		'another document': '<soap><status>ok</status></soap>',
		'a document with a document type':
			'<!DOCTYPE credit [<!ENTITY e "0">]><credit><balance>&e;</balance><status>0</status></credit>',
		'an empty success of Club Texting': '{"Response":{"Status":"Success","Code":201}}',
		'an empty success of Club Texting in XML':
			'<Response><Status>Success</Status><Code>201</Code><Entry/></Response>',
		'an empty success of MailPartner': '{"success":true,"code":200}',
		'an empty success of MailPartner in XML': '<result><entry>true</entry><entry>200</entry></result>',
		'an empty credit of Click2Mail': '<credit/>',
		'a status that is no number': '<credit><status>ok</status><balance>x</balance></credit>',
	};
	test.each(Object.keys(asked).filter((name) => name !== 'mailpartner/me'))(
		'%s: anything else',
		async (name) => {
			for (const [what, body] of Object.entries(empty)) {
				expect({ what, ...((await outcomeOf(asked[name]!, text(body))) as object) }).toMatchObject({
					what,
					outcome: 'unknown',
				});
			}
		},
	);

	test.each(Object.keys(successes).filter((file) => !/\.http$|unavailable/.test(file)))(
		'half of %s',
		async (file) => {
			const whole = fixture(file, successes[file]![0]);
			const half = { ...whole, text: whole.text.slice(0, Math.floor(whole.text.length / 2)) };
			expect(await outcomeOf(askedBy(file), half)).toMatchObject({ outcome: 'unknown' });
		},
	);

	test.each(Object.keys(successes).filter((file) => !/\.http$|unavailable/.test(file)))(
		'%s inside HTTP 500',
		async (file) => {
			expect(await outcomeOf(askedBy(file), fixture(file, 500))).toMatchObject({ outcome: 'unknown' });
		},
	);

	test('a deletion that is not confirmed', async () => {
		for (const reply of [text(''), text('', 202), json({ Response: { Status: 'Success', Code: 200 } })]) {
			expect(await outcomeOf(asked['clubtexting/cancel']!, reply)).toMatchObject({ outcome: 'unknown' });
		}
	});

	test('a list of sub-accounts that is none', () => {
		for (const page of [
			{},
			{ data: null },
			{ data: '' },
			{ data: {} },
			{ data: { a: 1 } },
			{ data: ['a'] },
		]) {
			expect(() => pageIn(page, 1)).toThrow(UnrecognisedReply);
		}
	});
});

describe('a list of sub-accounts', () => {
	const owl = { id: 1, email: 'owl@wood.fr', token: 'owl', credits: { balance: '1.0E1', currency: 'EUR' } };
	const tokens = (data: unknown) => pageIn({ data }, 1).entries.map(({ value }) => value.token);

	test.each([
		['a list', [owl]],
		['an object with numbered keys', { 0: owl }],
		['an object with ids as keys', { 17: owl }],
		['a single object', owl],
	])('may be %s', (_shape, data) => {
		expect(tokens(data)).toEqual(['owl']);
		expect(pageIn({ data }, 1).entries[0]!.entry).toEqual(owl);
	});

	test('may be empty', () => {
		expect(pageIn({ data: [] }, 1)).toEqual({ entries: [], total: null, isLast: true });
	});

	test.each([
		['no token', { ...owl, token: null }, { token: null, balance: 10 }],
		['an empty token', { ...owl, token: '' }, { token: null }],
		['no credits', { ...owl, credits: undefined }, { token: 'owl', balance: null }],
		['an odd balance', { ...owl, credits: { balance: 'n/a' } }, { balance: null }],
		['a balance in hexadecimal', { ...owl, credits: { balance: '0x10' } }, { balance: null }],
		['nothing', {}, { id: null, email: null, token: null, balance: null }],
		['no entry', null, { email: null }],
		['a text', 'owl', { email: null }],
	])('keeps those that work beside one with %s', (_case, entry, known) => {
		const rabbit = { ...owl, token: 'rabbit' };
		for (const data of [[owl, entry, rabbit], { a: owl, b: entry, c: rabbit }]) {
			const { entries } = pageIn({ data }, 1);
			expect(entries.filter(isUsable).map(({ value }) => value.token)).toEqual(['owl', 'rabbit']);
			expect(entries.slice(2)).toEqual([{ value: expect.objectContaining(known) as unknown, entry }]);
		}
	});

	test('ends where it would end if all of it worked', () => {
		const broken = Array.from({ length: 20 }, (_, id) => ({ id, email: 'owl@wood.fr' }));
		expect(pageIn({ data: broken }, 1)).toMatchObject({ isLast: false });
		expect(pageIn({ data: broken.slice(1) }, 1)).toMatchObject({ isLast: true });
	});
});
