import type { OperationError } from '../../nodes/shared/errors';
import { inUnits } from '../../nodes/shared/values/amount';
import { readerFor } from '../../nodes/shared/operation/commonParameters';
import type { ParameterReader } from '../../nodes/shared/operation/types';
import type { ProviderName } from '../simulator';
import { contextOf, operationOf, services } from './context';

const token = (value: string) => ({ __rl: true, mode: 'token', value });

/** Where each operation stands, and parameters with which it is content. */
const operations = {
	purchase: ['click2mail', 'credit.purchase', { amount: 10 }],
	click2MailTopUp: ['click2mail', 'credit.topUp', { minimumBalance: 20, amount: 10 }],
	send: ['clubTexting', 'message.send', { phoneNumbers: '2125550101', message: 'Honey is ready' }],
	checkAvailability: ['clubTexting', 'keyword.checkAvailability', { keyword: 'honey' }],
	rent: ['clubTexting', 'keyword.rent', { keyword: 'honey', storedCardLastFour: '1111' }],
	setUp: ['clubTexting', 'keyword.setUp', { keyword: 'honey', joinMessage: 'Hello' }],
	cancel: ['clubTexting', 'keyword.cancel', { keyword: 'honey' }],
	buy: ['clubTexting', 'credit.buy', { numberOfCredits: 1000, storedCardLastFour: '1111' }],
	clubTextingTopUp: [
		'clubTexting',
		'credit.topUp',
		{ minimumCredits: 100, numberOfCredits: 1000, storedCardLastFour: '1111' },
	],
	getReport: ['clubTexting', 'message.getReport', { messageId: '1' }],
	upsert: ['clubTexting', 'contact.upsert', { phoneNumber: '2125550101' }],
	lookUpCarrier: ['clubTexting', 'phoneNumber.lookUpCarrier', { phoneNumber: '2125550101' }],
	create: ['mailPartner', 'subaccount.create', { type: 'simple' }],
	getAll: ['mailPartner', 'subaccount.getAll', {}],
	add: ['mailPartner', 'credit.add', { subaccount: token('owl'), amount: 10 }],
	remove: ['mailPartner', 'credit.remove', { subaccount: token('owl'), amount: 10 }],
	mailPartnerTopUp: [
		'mailPartner',
		'credit.topUp',
		{ subaccount: token('owl'), minimumBalance: 5, amount: 10 },
	],
} satisfies Record<string, [ProviderName, string, object]>;

type Name = keyof typeof operations;

/** What the pipeline reads of one item. */
function readAll(name: Name, given: object, country = 'us') {
	const [provider, path, good] = operations[name];
	const service = services[provider];
	const context = contextOf(service, path, { ...good, ...given });
	return readerFor(context, service.provider, operationOf(service, path), { country })(0);
}

const read = (name: Name, given: object, country?: string): unknown =>
	readAll(name, given, country).parameters;

function failureOf(name: Name, given: object, country?: string): OperationError {
	try {
		read(name, given, country);
	} catch (error) {
		return error as OperationError;
	}
	throw new Error(`${name} is content with ${JSON.stringify(given)}`);
}

const long = 'x'.repeat(161);

/** What is refused, with which words, and what the advice says where there is some. */
const wrong: Array<[name: Name, given: object, message: string, advice?: RegExp]> = [
	['purchase', { amount: 9.99 }, '“Amount” must be at least 10 USD, but is 9.99'],
	['purchase', { amount: -10 }, '“Amount” must be at least 10 USD, but is -10'],
	['purchase', { amount: '' }, '“Amount” is empty', /expression/],
	['purchase', { amount: '10,50' }, '“Amount” must be a number, but is "10,50"', /10\.50/],
	['purchase', { amount: '$10' }, '“Amount” must be a number, but is "$10"'],
	['purchase', { amount: NaN }, '“Amount” must be a number, but is "NaN"'],
	['purchase', { amount: Infinity }, '“Amount” must be a number, but is "Infinity"'],
	['purchase', { amount: '0x20' }, '“Amount” must be a number, but is "0x20"'],
	['purchase', { amount: 10.001 }, '“Amount” must be a number with at most 2 decimals, but is 10.001'],
	['purchase', { amount: [10] }, '“Amount” must be a number, but is a list', /expression/],
	[
		'purchase',
		{ options: { readBalance: 'maybe' } },
		'“Read Balance” must be true or false, but is a string',
	],
	['purchase', { spendingLimit: '' }, '“Spending Limit” is empty', /expression/],
	[
		'purchase',
		{ spendingLimit: 10.0001 },
		'“Spending Limit” must be a number with at most 3 decimals, but is 10.0001',
	],
	['purchase', { options: { timeout: 600_001 } }, '“Timeout” must be at most 600000 ms, but is 600001'],
	['purchase', { options: { idempotencyKey: null } }, '“Act Once Per” is empty', /expression/],
	[
		'purchase',
		{ options: { includeRawReply: null } },
		'“Include Raw Reply” must be true or false, but is empty',
	],
	[
		'purchase',
		{ options: { includeRawReply: '' } },
		'“Include Raw Reply” must be true or false, but is empty',
	],
	['purchase', { options: { timeout: 0 } }, '“Timeout” must be at least 1 ms, but is 0'],
	['getAll', { limit: 0 }, '“Limit” must be at least 1 result, but is 0'],
	[
		'send',
		{ options: { recipientsPerRequest: 0 } },
		'“Recipients per Request” must be at least 1 number, but is 0',
	],
	[
		'send',
		{ options: { requestsPerSecond: 0 } },
		'“Requests per Second” must be at least 0.1 requests, but is 0',
	],
	['click2MailTopUp', { amount: 5 }, '“Amount” must be at least 10 USD, but is 5'],
	['click2MailTopUp', { minimumBalance: -1 }, '“Minimum Balance” must be at least 0 USD, but is -1'],
	['click2MailTopUp', { minimumBalance: 'low' }, '“Minimum Balance” must be a number, but is "low"'],

	['send', { phoneNumbers: '' }, '“Phone Numbers” is empty', /expression/],
	['send', { phoneNumbers: ' ,;\n' }, '“Phone Numbers” is empty'],
	['send', { phoneNumbers: [] }, '“Phone Numbers” is empty'],
	[
		'send',
		{ phoneNumbers: '2125550101, 212555010' },
		'“Phone Numbers” contains "212555010", which is not the number of a mobile phone in the United States or Canada: it has 9 digits instead of ten',
		/\(212\) 345-6785/,
	],
	[
		'send',
		{ phoneNumbers: [{ number: '2125550101' }] },
		'“Phone Numbers” must be text or a list of phone numbers, but contains an object',
	],
	['send', { message: '' }, '“Message” is empty'],
	['send', { message: ' \n ' }, '“Message” is empty'],
	['send', { message: { text: 'Hi' } }, '“Message” must be text, but is an object', /expression/],
	[
		'send',
		{ message: 'Déjà vu 🐝' },
		'“Message” contains characters that Club Texting does not send: é (U+00E9), à (U+00E0), 🐝 (U+1F41D)',
		/Replace or Remove/,
	],
	[
		'send',
		{ message: 'zero\u200Bwidth\u00A0' },
		'“Message” contains characters that Club Texting does not send: U+200B, U+00A0',
	],
	[
		'send',
		{ message: '[a]', options: { subject: '<b>' } },
		'“Message” contains characters that Club Texting does not send: [ (U+005B), ] (U+005D)',
	],
	[
		'send',
		{ options: { subject: '“Hi”' } },
		'“Subject” contains characters that Club Texting does not send: “ (U+201C), ” (U+201D)',
	],
	[
		'send',
		{ message: 'a ≠ b', options: { unsupportedCharacters: 'replace' } },
		'“Message” contains characters that Club Texting does not send: ≠ (U+2260)',
		/means the same.*Remove/,
	],
	['send', { message: '🐝🐝', options: { unsupportedCharacters: 'remove' } }, '“Message” is empty'],
	[
		'send',
		{ options: { unsupportedCharacters: 'drop' } },
		'“Unsupported Characters” must be one of reject, replace, remove, but is "drop"',
	],
	['send', { options: { subject: 'Fourteen chars' } }, '“Subject” has 14 characters; 13 are allowed'],
	[
		'send',
		{ message: long },
		'“Message” has 161 characters; express delivery takes 160 in the United States',
		/line break counts as two/,
	],
	[
		'send',
		{ options: { delivery: 'pigeon' } },
		'“Delivery” must be one of express, standard, but is "pigeon"',
	],
	[
		'send',
		{ options: { recipientsPerRequest: -1 } },
		'“Recipients per Request” must be at least 1 number, but is -1',
	],
	[
		'send',
		{ options: { recipientsPerRequest: 1.5 } },
		'“Recipients per Request” must be a whole number, but is 1.5',
	],
	[
		'send',
		{ options: { requestsPerSecond: 0.01 } },
		'“Requests per Second” must be at least 0.1 requests, but is 0.01',
	],
	[
		'send',
		{ options: { combineItems: 'perhaps' } },
		'“Combine Items” must be true or false, but is a string',
	],
	[
		'send',
		{ options: { groups: [{ name: 'a' }] } },
		'“Groups” must be a list of names, but contains an object',
	],
	['send', { options: { groups: { name: 'a' } } }, '“Groups” must be text, but is an object'],
	['send', { options: { groups: '["Owls", "Bears"]' } }, '“Groups” is a list as text', /the list itself/],
	[
		'send',
		{ message: 'Hi [object Object]' },
		'“Message” has "[object Object]" where an object is in place of a text',
		/^Let the expression in this field name what of the object is meant, such as {{ \$json\.customer\.name }}\.$/,
	],
	[
		'setUp',
		{ joinMessage: 'Hi \uD83D' },
		'“Join Message” has half of a character, such as an emoji that was cut in two',
		/^Look at the expression in this field: let it cut the text off before that character\.$/,
	],
	[
		'send',
		{ options: { scheduledFor: 4_070_908_800 } },
		'“Scheduled For” is more than a year ahead: 2099-01-01T00:00:00.000Z',
		/^Check the year, or the unit of a timestamp: ten digits for seconds, thirteen for milliseconds\.$/,
	],
	[
		'send',
		{ options: { groups: ['a'], sendingWindow: {} } },
		'“Groups” has no area code to tell the time by',
		/^Set the “Time Zone” of the sending window to “workflow” or to the name of a zone\.$/,
	],
	[
		'send',
		{ options: { sendingWindow: { from: '8' } } },
		'“Sending Window: Open From” is not a time of day: "8"',
		/^Write it like 08:00 or 20:30\.$/,
	],

	...(['checkAvailability', 'rent', 'setUp', 'cancel'] as const).flatMap((name): typeof wrong => [
		[name, { keyword: '' }, '“Keyword” is empty', /expression/],
		[name, { keyword: '\u200B' }, '“Keyword” is empty', /expression/],
		...(
			[
				['ho\u200Bney', 'contains what people can’t text in a keyword: U+200B'],
				['ho\u00ADney\u2060s', 'contains what people can’t text in a keyword: U+00AD U+2060'],
				['ho\u2028ney', 'contains what people can’t text in a keyword: U+2028'],
				['ho\u00A0ney', 'contains what people can’t text in a keyword: U+00A0'],
			] as const
		).map(([keyword, trouble]): (typeof wrong)[number] => [
			name,
			{ keyword },
			`“Keyword” ${trouble}`,
			/letters a to z and digits/,
		]),
		[name, { keyword: 'two words' }, '“Keyword” contains what people can’t text in a keyword: a space'],
		[name, { keyword: 'a&b+c&' }, '“Keyword” contains what people can’t text in a keyword: & +'],
		[
			name,
			{ keyword: "?@.![]{}-#$%'()*/\\:;<>=^`|~" },
			"“Keyword” contains what people can’t text in a keyword: ? @ . ! [ ] { } - # $ % ' ( ) * / \\ : ; < > = ^ ` | ~",
		],
	]),
	...(['rent', 'buy', 'clubTextingTopUp'] as const).flatMap((name): typeof wrong => [
		[name, { storedCardLastFour: '' }, '“Stored Card Last Four” is empty'],
		[
			name,
			{ storedCardLastFour: '111' },
			'“Stored Card Last Four” must be the last four digits of a stored card, such as 1111',
		],
		[
			name,
			{ storedCardLastFour: '4111111111111111' },
			'“Stored Card Last Four” must be the last four digits of a stored card, such as 1111',
		],
		[name, { paymentMethod: 'cash' }, '“Payment Method” must be one of storedCard, card, but is "cash"'],
	]),
	['setUp', { joinMessage: ' ' }, '“Join Message” is empty'],
	[
		'setUp',
		{ options: { forwardEmail: 'honey@bear-alliance' } },
		'“Forward Email” is not an e-mail address: "honey@bear-alliance"',
	],
	[
		'setUp',
		{ options: { forwardEmail: 'honey at bear.com' } },
		'“Forward Email” is not an e-mail address: "honey at bear.com"',
	],
	[
		'setUp',
		{ options: { forwardUrl: 'bear-alliance.co.uk/honey-donations' } },
		'“Forward URL” is not a complete web address: "bear-alliance.co.uk/honey-donations"',
		/https:\/\//,
	],
	[
		'setUp',
		{ options: { forwardUrl: 'ftp://bear.com' } },
		'“Forward URL” is not a complete web address: "ftp://bear.com"',
	],
	[
		'setUp',
		{ options: { forwardUrl: 'https://' } },
		'“Forward URL” is not a complete web address: "https://"',
	],
	[
		'setUp',
		{ options: { forwardUrl: 'view-source:https://bear.com' } },
		'“Forward URL” is not a complete web address: "view-source:https://bear.com"',
	],
	[
		'setUp',
		{ options: { enableDoubleOptIn: 'sometimes' } },
		'“Enable Double Opt-In” must be true or false, but is a string',
	],
	[
		'setUp',
		{ options: { contactGroups: [null] } },
		'“Contact Groups” must be a list of names, but contains empty',
	],

	['buy', { numberOfCredits: 0 }, '“Number of Credits” is not filled in', /Type at least 1 credit/],
	['buy', { numberOfCredits: 1.5 }, '“Number of Credits” must be a whole number, but is 1.5'],
	['buy', { options: { maximumPerDay: -1 } }, '“Maximum per Day” must be at least 0 times, but is -1'],
	[
		'buy',
		{ options: { maximumPerMonth: 10_001 } },
		'“Maximum per Month” must be at most 10000 times, but is 10001',
	],
	[
		'buy',
		{ numberOfCredits: '10,000' },
		'“Number of Credits” must be a number, but is "10,000"',
		/^Write it with digits only, like 1000\.$/,
	],
	['buy', { paymentMethod: true }, '“Payment Method” must be one of storedCard, card, but is "true"'],
	['clubTextingTopUp', { minimumCredits: -1 }, '“Minimum Credits” must be at least 0 credits, but is -1'],
	['clubTextingTopUp', { numberOfCredits: 0.5 }, '“Number of Credits” must be at least 1 credit, but is 0.5'],

	['getReport', { messageId: ' , ' }, '“Message ID” is empty', /^Fill it in, or look at the expression/],
	['upsert', { additionalFields: { email: 'owl@wood' } }, '“Email” is not an e-mail address: "owl@wood"'],
	['lookUpCarrier', { phoneNumber: '' }, '“Phone Number” is empty'],
	[
		'lookUpCarrier',
		{ phoneNumber: '911' },
		'“Phone Number” contains "911", which is not the number of a mobile phone in the United States or Canada: it has 3 digits instead of ten',
	],

	['create', { type: 'advanced' }, '“Email” is empty; an advanced sub-account needs one'],
	['create', { type: 'advanced', email: 'owl' }, '“Email” is not an e-mail address: "owl"'],
	['create', { email: 'owl@wood' }, '“Email” is not an e-mail address: "owl@wood"'],
	[
		'create',
		{ additionalFields: { creditToAttribute: 0.0005 } },
		'“Starting Credit” must be a number with at most 3 decimals, but is 0.0005',
	],
	['create', { type: 'complex' }, '“Type” must be one of simple, advanced, but is "complex"'],
	[
		'create',
		{ additionalFields: { creditToAttribute: -1 } },
		'“Starting Credit” must be at least 0 EUR, but is -1',
	],
	[
		'create',
		{ type: 'advanced', email: 'owl@wood.fr', isBuyer: 'yes' },
		'“Is Buyer” must be true or false, but is a string',
	],

	...(['add', 'remove', 'mailPartnerTopUp'] as const).flatMap((name): typeof wrong => [
		[name, { amount: 0 }, '“Amount” is not filled in', /Type at least 0\.001 EUR/],
		[name, { amount: -5 }, '“Amount” must be at least 0.001 EUR, but is -5'],
		[name, { amount: 'all' }, '“Amount” must be a number, but is "all"'],
		[name, { subaccount: { __rl: true, mode: 'list', value: '' } }, '“Subaccount” is empty', /Pick one/],
		[
			name,
			{ subaccount: { __rl: true, mode: 'email', value: 'owl' } },
			'“Subaccount” is not an e-mail address: "owl"',
		],
	]),
	[
		'mailPartnerTopUp',
		{ options: { topUpTo: 4 } },
		'“Top Up To” is 4 EUR, which is below “Minimum Balance”, 5 EUR',
		/^It would top up at every run: set it to the minimum or above\.$/,
	],
	['mailPartnerTopUp', { minimumBalance: -1 }, '“Minimum Balance” must be at least 0 EUR, but is -1'],
];

test.each(wrong)('%s refuses %j', (name, given, message, advice = /./) => {
	const failure = failureOf(name, given);
	expect({ name: failure.name, outcome: failure.outcome, message: failure.message }).toEqual({
		name: 'OperationError',
		outcome: 'invalid',
		message,
	});
	expect(failure.facts.advice ?? 'Correct it').toMatch(advice);
});

const campaign = {
	numbers: ['2125550101'],
	groups: [],
	message: 'Honey is ready',
	extras: {},
	stampToSend: undefined,
	combineItems: true,
	recipientsPerRequest: 40,
	requestsPerSecond: 2,
};
const noSettings = {
	keyword: 'honey',
	joinMessage: 'Hello',
	enableDoubleOptIn: undefined,
	confirmMessage: '',
	forwardEmail: '',
	forwardUrl: '',
	contactGroups: [],
};
const storedCard = { method: 'storedCard', storedCardLastFour: '1111' };
const owl = { by: 'token', value: 'owl' };

/** What is understood, and as what. */
const right: Array<[Name, object, unknown]> = [
	['purchase', {}, { amount: 10, readBalance: true }],
	['purchase', { amount: ' 12.50 ' }, { amount: 12.5, readBalance: true }],
	['purchase', { amount: 10.2 + 0.1 }, { amount: 10.3, readBalance: true }],
	['purchase', { amount: 3.3 * 3 + 0.1 }, { amount: 10, readBalance: true }],
	['purchase', { amount: '+1e3' }, { amount: 1000, readBalance: true }],
	['purchase', { options: { readBalance: 'false' } }, { amount: 10, readBalance: false }],
	['purchase', { options: { readBalance: 0 } }, { amount: 10, readBalance: false }],
	['click2MailTopUp', { minimumBalance: 0 }, { minimum: 0, amount: 10, least: 10, level: 0 }],
	['send', {}, campaign],
	['send', { phoneNumbers: 2125550101 }, campaign],
	['send', { message: 42 }, { ...campaign, message: '42' }],
	[
		'send',
		{ options: { groups: ' Honey lovers ,, Neighbors, Honey lovers' } },
		{ ...campaign, groups: ['Honey lovers', 'Neighbors'] },
	],
	[
		'send',
		{ options: { groups: 'Honey lovers\r\nNeighbors\n\u2028Owls; and Roo\n' } },
		{ ...campaign, groups: ['Honey lovers', 'Neighbors', 'Owls; and Roo'] },
	],
	['send', { options: { groups: '[VIP], b' } }, { ...campaign, groups: ['[VIP]', 'b'] }],
	[
		'send',
		{ phoneNumbers: '', options: { groups: ['a', 7] } },
		{ ...campaign, numbers: [], groups: ['a', '7'] },
	],
	[
		'send',
		{
			options: {
				subject: ' From Winnie ',
				delivery: 'standard',
				combineItems: false,
				recipientsPerRequest: '10',
				requestsPerSecond: 0.5,
			},
		},
		{
			...campaign,
			extras: { s: 'From Winnie', d: 'standard' },
			combineItems: false,
			recipientsPerRequest: 10,
			requestsPerSecond: 0.5,
		},
	],
	['checkAvailability', { keyword: ' honey ' }, { keyword: 'honey' }],
	['rent', { keyword: '\u200E\uFEFFhoney\u200B' }, { keyword: 'honey', payment: storedCard }],
	['cancel', { keyword: 'HONEY2' }, { keyword: 'HONEY2' }],
	['rent', {}, { keyword: 'honey', payment: storedCard }],
	['rent', { storedCardLastFour: 1111 }, { keyword: 'honey', payment: storedCard }],
	[
		'rent',
		{ paymentMethod: 'card', storedCardLastFour: '' },
		{ keyword: 'honey', payment: { method: 'card', storedCardLastFour: '' } },
	],
	['setUp', {}, noSettings],
	['setUp', { options: { enableDoubleOptIn: false } }, { ...noSettings, enableDoubleOptIn: false }],
	[
		'setUp',
		{
			options: {
				enableDoubleOptIn: true,
				confirmMessage: 'Reply Y',
				forwardEmail: ' honey@bear-alliance.co.uk ',
				forwardUrl: 'http://bear-alliance.co.uk/honey-donations/',
				contactGroups: ['honey lovers', 'Neighbors'],
			},
		},
		{
			keyword: 'honey',
			joinMessage: 'Hello',
			enableDoubleOptIn: true,
			confirmMessage: 'Reply Y',
			forwardEmail: 'honey@bear-alliance.co.uk',
			forwardUrl: 'http://bear-alliance.co.uk/honey-donations/',
			contactGroups: ['honey lovers', 'Neighbors'],
		},
	],
	['buy', {}, { numberOfCredits: 1000, payment: storedCard, couponCode: '' }],
	[
		'buy',
		{ numberOfCredits: '500', options: { couponCode: ' HONEY ' } },
		{ numberOfCredits: 500, payment: storedCard, couponCode: 'HONEY' },
	],
	[
		'clubTextingTopUp',
		{},
		{ minimum: 100, amount: 1000, least: 1, level: 0, couponCode: '', payment: storedCard },
	],
	['lookUpCarrier', { phoneNumber: '+1 (212) 555-0101' }, { phoneNumber: '2125550101' }],
	[
		'create',
		{ isBuyer: true },
		{
			type: 'simple',
			email: '',
			isBuyer: false,
			creditToAttribute: 0,
			title: '',
			firstName: '',
			lastName: '',
		},
	],
	[
		'create',
		{
			type: 'advanced',
			email: 'owl@wood.fr',
			isBuyer: true,
			additionalFields: { creditToAttribute: 10.5, title: 'Owl', firstName: 'O', lastName: 'W' },
		},
		{
			type: 'advanced',
			email: 'owl@wood.fr',
			isBuyer: true,
			creditToAttribute: 10.5,
			title: 'Owl',
			firstName: 'O',
			lastName: 'W',
		},
	],
	[
		'create',
		{ additionalFields: { creditToAttribute: '' } },
		expect.objectContaining({ creditToAttribute: 0 }),
	],
	['send', { message: 42, options: { groups: 7 } }, { ...campaign, message: '42', groups: ['7'] }],
	['add', { amount: 0.01 }, { reference: owl, amount: 0.01 }],
	['remove', { amount: 0.008 }, { reference: owl, amount: 0.008 }],
	[
		'remove',
		{ subaccount: { __rl: true, mode: 'email', value: ' owl@wood.fr ' } },
		{ reference: { by: 'email', value: 'owl@wood.fr' }, amount: 10 },
	],
	[
		'add',
		{ subaccount: { __rl: true, mode: 'list', value: 12 } },
		{ reference: { by: 'token', value: '12' }, amount: 10 },
	],
	['mailPartnerTopUp', {}, { reference: owl, minimum: 5, amount: 10, least: 0.001, level: 0 }],
	['getAll', {}, { limit: 50, includeApiKeys: false }],
	['getAll', { returnAll: 'true' }, { limit: Infinity, includeApiKeys: false }],
];

test.each(right)('%s understands %j', (name, given, parameters) => {
	expect(read(name, given)).toEqual(parameters);
});

describe('what every operation is set to', () => {
	test('unless told', () => {
		expect(readAll('purchase', {}).common).toEqual({
			dryRun: false,
			spendingLimit: 100,
			maximumPerDay: Infinity,
			maximumPerMonth: Infinity,
			maximumRefusalsPerDay: 3,
			timeout: 120_000,
			includeRawReply: false,
		});
		expect(readAll('setUp', {}).common).toMatchObject({ spendingLimit: Infinity, timeout: 60_000 });
	});

	test('when told', () => {
		const options = {
			timeout: 600_000,
			idempotencyKey: ' order-1 ',
			includeRawReply: 'true',
			maximumPerDay: '3',
			maximumPerMonth: 40,
			maximumRefusalsPerDay: 0,
		};
		expect(readAll('buy', { dryRun: 1, spendingLimit: '7000', options }).common).toEqual({
			dryRun: true,
			spendingLimit: 7000,
			maximumPerDay: 3,
			maximumPerMonth: 40,
			maximumRefusalsPerDay: Infinity,
			timeout: 600_000,
			key: 'order-1',
			includeRawReply: true,
		});
	});

	test('of what only reads, there is less', () => {
		const given = { dryRun: true, spendingLimit: 1, options: { idempotencyKey: 'a', timeout: 7 } };
		expect(readAll('lookUpCarrier', given).common).toEqual({
			dryRun: false,
			spendingLimit: Infinity,
			maximumPerDay: Infinity,
			maximumPerMonth: Infinity,
			maximumRefusalsPerDay: Infinity,
			timeout: 7,
			includeRawReply: false,
		});
	});
});

describe('what an expression gives for', () => {
	const meaning = (give: () => unknown): unknown => {
		try {
			return give();
		} catch (error) {
			return (error as OperationError).message;
		}
	};

	const noSwitch = (what: string) => `“Dry Run” must be true or false, but is ${what}`;
	test.each([
		[true, true],
		['true', true],
		[1, true],
		[false, false],
		['false', false],
		[0, false],
		['', noSwitch('empty')],
		[null, noSwitch('empty')],
		[undefined, noSwitch('empty')],
		['yes', noSwitch('a string')],
		[2, noSwitch('a number')],
		[[], noSwitch('a list')],
		[{}, noSwitch('an object')],
	])('a switch: %j is %j', (dryRun, meant) => {
		expect(meaning(() => readAll('send', { dryRun }).common.dryRun)).toBe(meant);
	});

	test.each([
		[undefined, ''],
		[null, ''],
		[7, '7'],
		[true, '“Title” must be text, but is a boolean'],
		[' a ', 'a'],
		[NaN, '“Title” must be text, but is NaN'],
		[-Infinity, '“Title” must be text, but is -Infinity'],
		[[], '“Title” must be text, but is a list'],
		[{}, '“Title” must be text, but is an object'],
	])('a text: %j is %j', (title, meant) => {
		const given = { additionalFields: { title } };
		expect(meaning(() => (read('create', given) as { title: string }).title)).toBe(meant);
	});

	test.each([
		['.55', 0.55],
		['.05', 0.05],
		['5.', 5],
		['1e2', 100],
		['1e+2', 100],
		['1E10', 10_000_000_000],
		['125e-2', 1.25],
		['+3', 3],
		[0.1 + 0.2, 0.3],
		[100.004, 100.004],
		[9.999999999999998, 10],
		[10_000_000.1 + 0.2, 10_000_000.3],
		['1.0E7', 10_000_000],
		['\u200B10.50\u00A0', 10.5],
		['\u200B', '“Amount” is empty'],
		['10\u00A0000', '“Amount” must be a number, but is "10[U+00A0]000"'],
		['5.684341886080802E-14', '“Amount” is not filled in'],
		['Infinity', '“Amount” must be a number, but is "Infinity"'],
		['0b11', '“Amount” must be a number, but is "0b11"'],
		['١٢', '“Amount” must be a number, but is "١٢"'],
		[null, '“Amount” is empty'],
		[undefined, '“Amount” is empty'],
		[{}, '“Amount” must be a number, but is an object'],
		[true, '“Amount” must be a number, but is "true"'],
		['1,5', '“Amount” must be a number, but is "1,5"'],
		['.x', '“Amount” must be a number, but is ".x"'],
		['1ex2', '“Amount” must be a number, but is "1ex2"'],
		['0x10', '“Amount” must be a number, but is "0x10"'],
		['1e16', '“Amount” must be a number of a usual size, but is "1e16"'],
		['1e999', '“Amount” must be a number, but is "1e999"'],
		[0.0005, '“Amount” must be at least 0.001 EUR, but is 0.0005'],
		[1.0005, '“Amount” must be a number with at most 3 decimals, but is 1.0005'],
		['x'.repeat(60), `“Amount” must be a number, but is "${'x'.repeat(60)}"`],
		['x'.repeat(61), `“Amount” must be a number, but is "${'x'.repeat(59)}…"`],
	])('an amount: %j is %j', (amount, meant) => {
		expect(meaning(() => (read('add', { amount }) as { amount: number }).amount)).toBe(meant);
	});

	const longest = `owl@${`${'w'.repeat(60)}.`.repeat(4)}forest`;

	test.each([
		['owl@wood.fr', 'owl@wood.fr'],
		[' owl@wood.co.uk ', 'owl@wood.co.uk'],
		['\u200B\u00A0owl@wood.fr\uFEFF\u202C', 'owl@wood.fr'],
		["o'wl+news_1@the-wood.example", "o'wl+news_1@the-wood.example"],
		['hélène@forêt.fr', 'hélène@forêt.fr'],
		['o@w.x.y.zz', 'o@w.x.y.zz'],
		[longest, longest],
		['', ''],
		[' \u200B ', ''],
		...[
			'owl owl@wood.fr',
			'owl@wood.fr owl',
			'owl@wood',
			'owl',
			'@wood.fr',
			'owl@',
			'owl@@wood.fr',
			'mailto:owl@wood.fr',
			'<owl@wood.fr>',
			'Owl <owl@wood.fr>',
			'owl@wood.fr;',
			'owl@wood.fr,',
			'owl@wood.fr, rabbit@wood.fr',
			'owl@wood.fr;rabbit@wood.fr',
			'owl@wood.fr rabbit@wood.fr',
			'owl@wood.fr/rabbit@wood.fr',
			'"owl"@wood.fr',
			"'owl@wood.fr",
			'owl@wood.fr.',
			'owl@.wood.fr',
			'owl@wood..fr',
			'.owl@wood.fr',
			'owl.@wood.fr',
			'o..wl@wood.fr',
			'owl@-wood.fr',
			'owl@wood-.fr',
			'owl@192.168.0.1',
			'owl@wood.f',
			'owl(at)wood.fr',
			'owl’s@wood.fr',
			'owl%20@wood.fr',
			'mailto:owl@wood.fr?subject=Hi',
			'owl@wood.fr:25',
			'owl(comment)@wood.fr',
			'owl@[127.0.0.1]',
			'owl＠wood.fr',
			'owl@wood。fr',
			'👀@wood.fr',
			`${'a'.repeat(65)}@wood.fr`,
			`${longest}s`,
		].map((address) => [
			address,
			`“Email” is not an e-mail address: "${address.length > 60 ? `${address.slice(0, 59)}…` : address}"`,
		]),
		...[
			['owl@wо\u043Ed.fr', '\u043E', 'U+043E'],
			['\u03BFwl@wood.fr', '\u03BF', 'U+03BF'],
		].map(([address, letter, code]) => [
			address,
			`“Email” is not an e-mail address: "${address}", in which ${letter} (${code}) is a letter of another script`,
		]),
		['почта@пример.рф', 'почта@пример.рф'],
		['owl@例え.jp', 'owl@例え.jp'],
		['owl@wood.рф', 'owl@wood.рф'],
		['owl+news%x@wood.fr', 'owl+news%x@wood.fr'],
		['ow\u200Bl@wood.fr', '“Email” is not an e-mail address: "ow[U+200B]l@wood.fr"'],
		['owl\u00A0@wood.fr', '“Email” is not an e-mail address: "owl[U+00A0]@wood.fr"'],
	])('an address: %j is %j', (email, meant) => {
		expect(meaning(() => (read('create', { email }) as { email: string }).email)).toBe(meant);
	});

	test.each([[null], [undefined], ['a text'], [7]])('a collection: %j is an empty one', (options) => {
		for (const name of ['send', 'setUp'] as const)
			expect(readAll(name, { options })).toEqual(readAll(name, {}));
	});
});

test('of a text, 10,000 characters are looked at', () => {
	const joinMessage = 'x'.repeat(10_000);
	expect(read('setUp', { joinMessage })).toMatchObject({ joinMessage });
	expect(failureOf('setUp', { joinMessage: `${joinMessage}x` })).toMatchObject({
		message: '“Join Message” has 10001 characters; at most 10000 are looked at',
		facts: { advice: 'Look at the expression in this field: it gives more than is meant to stand here.' },
	});
});

test('n8n resolves a parameter once for an item, and once for all where it holds no expression', () => {
	const [provider, path, given] = operations.setUp;
	const { provider: service } = services[provider];
	const options = { confirmMessage: '={{ $json.text }}' };
	const context = contextOf(services[provider], path, { ...given, options });
	const reads: string[] = [];
	const getNodeParameter = (name: string, item: number): unknown => {
		reads.push(`${name} ${item}`);
		return context.getNodeParameter(name, item);
	};
	const counting = { ...context, getNodeParameter } as typeof context;
	const reader = readerFor(counting, service, operationOf(services[provider], path), {});
	for (const item of [0, 1]) reader(item);
	expect(reads.sort()).toEqual(['dryRun 0', 'joinMessage 0', 'keyword 0', 'options 0', 'options 1']);
});

test('an operation knows texts of the credential that are no secrets', () => {
	const [provider, path, given] = operations.cancel;
	const service = services[provider];
	const operation = {
		...operationOf(service, path),
		parameters: ({ credential }: ParameterReader) => credential,
	};
	const credential = { country: 'ca', user: 'winnie', password: 'honey', port: 443 };
	const reader = readerFor(contextOf(service, path, given), service.provider, operation, credential);
	expect(reader(0).parameters).toEqual({ country: 'ca', user: 'winnie' });
});

test('amounts are compared in the smallest unit', () => {
	expect(inUnits(9.999999999999998, 2)).toBe(inUnits(10, 2));
	expect(inUnits(5.6843418860808015e-14, 2)).toBe(0);
	for (let cents = 0; cents <= 100_000; cents += 7) {
		expect(inUnits(cents / 100, 2)).toBe(cents);
		expect(inUnits(cents * 0.01, 2)).toBe(cents);
		expect(inUnits(cents / 1000, 3)).toBe(cents);
	}
});

describe('phone numbers', () => {
	test.each([
		['commas', '2125550101,2125550102, (212) 555-0103'],
		['semicolons', '2125550101; 2125550102;2125550103;'],
		['new lines', '2125550101\n2125550102\r\n2125550103\n'],
		['all of them', '\n2125550101,; 2125550102\r2125550103,'],
		['a list', ['2125550101', 2125550102, ' +1 212 555 0103 ', '']],
	])('many with %s', (_case, phoneNumbers) => {
		expect(read('send', { phoneNumbers })).toMatchObject({
			numbers: ['2125550101', '2125550102', '2125550103'],
		});
	});

	test('a number that stands twice goes out once', () => {
		expect(
			read('send', { phoneNumbers: '2125550101, +1 212 555 0101, 2125550102, 2125550101' }),
		).toMatchObject({
			numbers: ['2125550101', '2125550102'],
		});
	});

	test('a long wrong text is shown shortened', () => {
		const { message } = failureOf('lookUpCarrier', { phoneNumber: 'x'.repeat(500) });
		expect(message).toContain('x…');
		expect(message.length).toBeLessThan(200);
	});
});

describe('the length of a message', () => {
	const limits: Array<[country: string, delivery: string, limit: number, where: string]> = [
		['us', 'express', 160, ' in the United States'],
		['ca', 'express', 136, ' in Canada'],
		['us', 'standard', 130, ''],
		['ca', 'standard', 130, ''],
	];

	test.each(limits)('%s, %s: %i', (country, delivery, limit, where) => {
		const options = { delivery };
		expect(read('send', { message: 'x'.repeat(limit), options }, country)).toMatchObject({
			extras: delivery === 'standard' ? { d: 'standard' } : {},
		});
		expect(failureOf('send', { message: 'x'.repeat(limit + 1), options }, country).message).toBe(
			`“Message” has ${limit + 1} characters; ${delivery} delivery takes ${limit}${where}`,
		);
	});

	test.each(limits)('%s, %s: the subject counts too', (country, delivery, limit) => {
		const options = { delivery, subject: 'From Winnie' };
		expect(read('send', { message: 'x'.repeat(limit - 11), options }, country)).toMatchObject({
			extras: { s: 'From Winnie' },
		});
		expect(failureOf('send', { message: 'x'.repeat(limit - 10), options }, country).message).toContain(
			`has ${limit + 1} characters together with its subject; ${delivery} delivery takes ${limit}`,
		);
	});

	test('line breaks count two each', () => {
		const message = (length: number) => `a\nb\r\nc${'x'.repeat(length - 7)}`;
		expect(read('send', { message: message(160) })).toMatchObject({
			message: message(160).replace('\r', ''),
		});
		expect(failureOf('send', { message: message(161) }).message).toContain('has 161 characters');
	});

	test('it is counted after unsupported characters were treated', () => {
		const message = `${'x'.repeat(158)}…`;
		expect(failureOf('send', { message, options: { unsupportedCharacters: 'replace' } }).message).toContain(
			'has 161 characters',
		);
		expect(read('send', { message, options: { unsupportedCharacters: 'remove' } })).toMatchObject({
			message: 'x'.repeat(158),
		});
	});

	test('a country that is not known counts as the United States', () => {
		expect(read('send', { message: 'x'.repeat(160) }, '')).toMatchObject({ message: 'x'.repeat(160) });
	});
});

describe('the characters of a message', () => {
	const allowed =
		'abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,:;!?()~=+-_\\/@$#&%\'"\n';
	const treated = (message: string, unsupportedCharacters: string) =>
		(read('send', { message, options: { unsupportedCharacters } }) as { message: string }).message;

	test('all that Club Texting allows go out as they are', () => {
		for (const treatment of ['reject', 'replace', 'remove'])
			expect(treated(allowed, treatment)).toBe(allowed);
	});

	test('the same holds for the subject', () => {
		const options = { subject: '“Zoë”', unsupportedCharacters: 'replace' };
		expect(read('send', { options })).toMatchObject({ extras: { s: '"Zoe"' } });
	});

	test('an error shows ten characters and no more', () => {
		const { message } = failureOf('send', { message: 'áâãäåéêëíîïóôö' });
		expect(message.match(/U\+/g)).toHaveLength(10);
		expect(message).toMatch(/, …$/);
	});
});
