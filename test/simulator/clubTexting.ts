import { essentialKeysOfLists, listRoutes, openListBooks, type ListBooks } from './clubTextingLists';
import { cardTypeOf, hasExpired, hasValidCheckDigit } from './cards';
import { roundToCents } from './money';
import type { Answer, Content, Format, Pair, Provider, RecordedRequest, Value } from './wire';
import { WireMistake, accept, checkNames, formOf, refuseBody, valueOf, valuesOf } from './wire';
import { writeNamedXml } from './xml';

export interface Keyword {
	id: number;
	/** As it was rented. */
	keyword: string;
	owner: 'me' | 'other';
	enableDoubleOptIn: boolean;
	confirmMessage: string;
	joinMessage: string;
	forwardEmail: string;
	forwardUrl: string;
	contactGroups: string[];
}

/** What Club Texting knows of the account. */
export interface ClubTextingBooks extends ListBooks {
	username: string;
	password: string;
	country: 'us' | 'ca';
	planCredits: number;
	anytimeCredits: number;
	/** US dollars. */
	pricePerCredit: number;
	/** US dollars. */
	keywordPrice: number;
	/** Coupon code to discount in percent. */
	coupons: Map<string, number>;
	/** Every accepted request to send, as it was asked for. */
	messages: Array<{
		id: number;
		numbers: string[];
		message: string;
		subject: string;
		/** Unix seconds, null for at once. */
		stampToSend: number | null;
		messageTypeId: number;
		groups: string[];
		/** Credits that the message took. */
		credits: number;
	}>;
	/** One entry for every text that went to a person. */
	delivered: Array<{ number: string; message: string; messageId: number }>;
	localOptOuts: Set<string>;
	globalOptOuts: Set<string>;
	/** Numbers that the provider refuses although they have ten digits. */
	refusedNumbers: Set<string>;
	/** Which of the refused numbers the refusal names. */
	refusalNames: 'all' | 'first' | 'none';
	/** Contact groups: name to numbers. */
	groups: Map<string, string[]>;
	/** Keyword in lower case to its settings. */
	keywords: Map<string, Keyword>;
	/** An unavailable keyword is answered by an error in place of `Available` false. */
	unavailableAsError: boolean;
	/** `JoinMessage` and `ConfirmMessage` come as objects, as in later versions of the API. */
	messagesAsObjects: boolean;
	/** What was charged to cards, US dollars. */
	charges: Array<{ amount: number; cardEnding: string; for: 'credits' | 'keyword'; at: string }>;
	/** Last four digits of the cards stored in the account. */
	storedCards: Set<string>;
	/** Numbers, or last four digits, of cards that are declined. */
	declinedCards: Set<string>;
	/** Number to carrier code; any other number is `ATTUS`. */
	carriers: Map<string, string>;
	/** More requests than this within any second are answered by HTTP 503; null for no limit. */
	rateLimit: number | null;
	nextId: number;
}

export function openClubTextingBooks(): ClubTextingBooks {
	return {
		...openListBooks(),
		username: 'winnie',
		password: 'the-pooh&2+2=4%',
		country: 'us',
		planCredits: 500,
		anytimeCredits: 200_000,
		pricePerCredit: 0.01,
		keywordPrice: 25,
		coupons: new Map([['HONEY', 5.5]]),
		messages: [],
		delivered: [],
		localOptOuts: new Set(),
		globalOptOuts: new Set(),
		refusedNumbers: new Set(),
		refusalNames: 'all',
		groups: new Map([['honey lovers', ['2125550150', '2125550151']]]),
		keywords: new Map(),
		unavailableAsError: false,
		messagesAsObjects: false,
		charges: [],
		storedCards: new Set(['1111']),
		declinedCards: new Set(),
		carriers: new Map(),
		rateLimit: null,
		nextId: 6419,
	};
}

const login = ['User', 'Password'];
const cardFields = [
	'FirstName',
	'LastName',
	'Street',
	'City',
	'State',
	'Zip',
	'Country',
	'CreditCardTypeID',
	'Number',
	'SecurityCode',
	'ExpirationMonth',
	'ExpirationYear',
];
// The table says ZIP, every sample says Zip.
const paymentFields = ['StoredCreditCard', ...cardFields, 'ZIP'];
const cardTypes = { Amex: 'amex', Discover: 'discover', MasterCard: 'masterCard', Visa: 'visa' } as const;

const required = "Value is required and can't be empty";
const keywordCharacters =
	"Keyword: Keywords can not contain spaces or the following characters: ?, @, ., !, [, ], {, }, -, +, #, $, %, &, ', (, ), *, /, \\, :, ;, <, >, =, ^, `, |, ~";
const unsupportedInKeyword = /[\s?@.![\]{}\-+#$%&'()*/\\:;<>=^`|~]/;
const unsupportedInText = /[^a-zA-Z0-9 \r\n.,:;!?()~=+\-_\\/@$#&%'"]/;
const creditsPerRecipient = 2;

/** Club Texting's REST API (REST API Documentation page; carrier look-up as the provider's SDK calls it). */
export function clubTexting(books: ClubTextingBooks): Provider {
	const arrivals: number[] = [];

	function gate(request: RecordedRequest): Answer | null {
		arrivals.push(request.arrivedAt);
		while ((arrivals[0] ?? Infinity) <= request.arrivedAt - 1000) arrivals.shift();
		if (books.rateLimit === null || arrivals.length <= books.rateLimit) return null;
		return { status: 503, content: 'Service Unavailable', accepted: false };
	}

	/** Checks the shape of the request, then the log-in. */
	function refuseLogin(given: Pair[]): Answer | null {
		const parameters = withLogin(given);
		const known =
			valueOf(parameters, 'User') === books.username && valueOf(parameters, 'Password') === books.password;
		return known ? null : refuse(401, ['Authorization Required']);
	}

	/** The fields of a POST once its log-in is right. */
	function open(request: RecordedRequest, fields: string[]): { form: Pair[]; refused: Answer | null } {
		checkNames(request.query, ['format'], 'query parameter');
		const form = withLogin(formOf(request));
		const refused = refuseLogin(form);
		if (refused === null) checkNames(form, [...login, ...fields], 'form field');
		return { form, refused };
	}

	/** The query of a GET or DELETE once its log-in is right. */
	function openQuery(request: RecordedRequest, fields: string[] = []): Answer | null {
		refuseBody(request);
		const refused = refuseLogin(request.query);
		if (refused === null)
			checkNames(withLogin(request.query), [...login, 'format', ...fields], 'query parameter');
		return refused;
	}

	function send(request: RecordedRequest): Answer {
		const fields = ['PhoneNumbers[]', 'Groups[]', 'Subject', 'Message', 'StampToSend', 'MessageTypeID'];
		const { form, refused } = open(request, fields);
		if (refused) return refused;
		const groups = namesIn(form, 'Groups[]');
		const numbers = valuesOf(form, 'PhoneNumbers[]');
		const subject = valueOf(form, 'Subject') ?? '';
		const message = valueOf(form, 'Message') ?? '';
		const stamp = valueOf(form, 'StampToSend');
		const messageTypeId = valueOf(form, 'MessageTypeID') ?? '1';

		const errors = [
			...numberErrors(numbers, groups),
			...groups
				.filter((group) => !books.groups.has(group))
				.map((group) => `Groups: '${group}' was not found`),
			...textErrors(subject, message, messageTypeId),
		];
		if (stamp !== undefined && !/^\d+$/.test(stamp))
			errors.push(`StampToSend: '${stamp}' contains characters which are not digits`);
		if (!['1', '2'].includes(messageTypeId))
			errors.push(`MessageTypeID: '${messageTypeId}' was not found in the haystack`);
		if (errors.length > 0) return refuse(403, errors);

		const people = [...numbers, ...groups.flatMap((group) => books.groups.get(group) ?? [])];
		const localOptOuts = people.filter((number) => books.localOptOuts.has(number));
		const counted = people.filter((number) => !books.localOptOuts.has(number));
		const globalOptOuts = counted.filter((number) => books.globalOptOuts.has(number));
		const reached = counted.filter((number) => !books.globalOptOuts.has(number));
		const credits = counted.length * creditsPerRecipient;
		if (credits > books.planCredits + books.anytimeCredits)
			return refuse(403, ['Sorry, you do not have enough credits to send this message']);

		const fromPlan = Math.min(books.planCredits, credits);
		books.planCredits -= fromPlan;
		books.anytimeCredits -= credits - fromPlan;
		const id = books.nextId++;
		books.messages.push({
			id,
			numbers,
			message,
			subject,
			stampToSend: stamp === undefined ? null : Number(stamp),
			messageTypeId: Number(messageTypeId),
			groups,
			credits,
		});
		for (const number of reached) books.delivered.push({ number, message, messageId: id });
		return respond(201, {
			ID: id,
			Subject: subject,
			Message: message,
			MessageTypeID: Number(messageTypeId),
			RecipientsCount: counted.length,
			Credits: credits,
			StampToSend: easternTime(stamp === undefined ? Date.now() : Number(stamp) * 1000),
			PhoneNumbers: reached,
			LocalOptOuts: localOptOuts,
			GlobalOptOuts: globalOptOuts,
			...(groups.length > 0 ? { Groups: groups } : {}),
		});
	}

	function numberErrors(numbers: string[], groups: string[]): string[] {
		if (numbers.length === 0 && groups.length === 0) return [`PhoneNumbers: ${required}`];
		const errors = numbers.flatMap((number) => digitErrors('PhoneNumbers', number, [10]));
		const refused = numbers.filter((number) => books.refusedNumbers.has(number));
		if (refused.length === 0) return errors;
		if (books.refusalNames === 'none') return [...errors, 'PhoneNumbers: A phone number is not valid'];
		const named = books.refusalNames === 'first' ? refused.slice(0, 1) : refused;
		return [...errors, ...named.map((number) => `PhoneNumbers: '${number}' is not a valid phone number`)];
	}

	function textErrors(subject: string, message: string, messageTypeId: string): string[] {
		const errors: string[] = [];
		if (subject.length > 13) errors.push('Subject: Your subject must be under 13 characters.');
		if (unsupportedInText.test(subject))
			errors.push('Subject: Your subject contains characters that are not supported.');
		if (message === '') errors.push(`Message: ${required}`);
		if (unsupportedInText.test(message))
			errors.push('Message: Your message contains characters that are not supported.');
		const express = books.country === 'ca' ? 136 : 160;
		const limit = messageTypeId === '2' ? 130 : express;
		const lineBreaks = `${subject}${message}`.match(/[\r\n]/g)?.length ?? 0;
		if (subject.length + message.length + lineBreaks > limit)
			errors.push(`Message: Your message must be under ${limit} characters.`);
		return errors;
	}

	function checkAvailability(request: RecordedRequest): Answer {
		const refused = openQuery(request, ['Keyword']);
		if (refused) return refused;
		const keyword = valueOf(request.query, 'Keyword') ?? '';
		const errors = keywordErrors(keyword);
		if (errors.length > 0) return refuse(403, errors);
		const available = !books.keywords.has(keyword.toLowerCase());
		if (!available && books.unavailableAsError) return refuse(403, [unavailable(keyword)]);
		return respond(200, { Keyword: keyword, Available: available });
	}

	function rent(request: RecordedRequest): Answer {
		const { form, refused } = open(request, ['Keyword', ...paymentFields]);
		if (refused) return refused;
		const keyword = valueOf(form, 'Keyword') ?? '';
		const errors = [...keywordErrors(keyword), ...paymentErrors(form)];
		if (errors.length > 0) return refuse(403, errors);
		if (books.keywords.has(keyword.toLowerCase())) return refuse(403, [unavailable(keyword)]);

		const declined = charge(form, books.keywordPrice, 'keyword');
		if (declined) return declined;
		const rented: Keyword = {
			id: books.nextId++,
			keyword,
			owner: 'me',
			enableDoubleOptIn: false,
			confirmMessage: 'Reply Y to join',
			joinMessage: 'Thank you for joining our list',
			forwardEmail: '',
			forwardUrl: '',
			contactGroups: [],
		};
		books.keywords.set(keyword.toLowerCase(), rented);
		return respond(201, keywordEntry(rented));
	}

	function ownKeyword(name: string): Keyword | undefined {
		const keyword = books.keywords.get(name.toLowerCase());
		return keyword?.owner === 'me' ? keyword : undefined;
	}

	function setUp(request: RecordedRequest, name: string): Answer {
		const settings = ['EnableDoubleOptIn', 'ConfirmMessage', 'JoinMessage', 'ForwardEmail', 'ForwardUrl'];
		const { form, refused } = open(request, ['Keyword', ...settings, 'ContactGroupIDs[]']);
		if (refused) return refused;
		// The table lists Keyword among the parameters; the sample has it in the path alone.
		if (![undefined, name].includes(valueOf(form, 'Keyword')))
			throw new WireMistake(422, "The form field 'Keyword' is not the keyword of the path");
		// One empty name takes all groups away.
		const named = valuesOf(form, 'ContactGroupIDs[]');
		const contactGroups = named.join() === '' ? [] : namesIn(form, 'ContactGroupIDs[]');
		const doubleOptIn = valueOf(form, 'EnableDoubleOptIn');
		if (![undefined, '0', '1'].includes(doubleOptIn))
			throw new WireMistake(422, "The form field 'EnableDoubleOptIn' is not 0 or 1");
		const keyword = ownKeyword(name);
		if (keyword === undefined) return refuse(403, ['Sorry, nothing was found']);

		const joinMessage = valueOf(form, 'JoinMessage') ?? '';
		const forwardEmail = valueOf(form, 'ForwardEmail')?.trim();
		const forwardUrl = valueOf(form, 'ForwardUrl')?.trim();
		const errors: string[] = [];
		if (joinMessage === '') errors.push(`JoinMessage: ${required}`);
		if (forwardEmail && !/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(forwardEmail))
			errors.push(`ForwardEmail: '${forwardEmail}' is not a valid email address`);
		if (forwardUrl && !/^https?:\/\/[^\s/]+/.test(forwardUrl))
			errors.push(`ForwardUrl: '${forwardUrl}' is not a valid URI`);
		if (errors.length > 0) return refuse(403, errors);

		keyword.joinMessage = joinMessage;
		keyword.enableDoubleOptIn = doubleOptIn === undefined ? keyword.enableDoubleOptIn : doubleOptIn === '1';
		keyword.confirmMessage = valueOf(form, 'ConfirmMessage') ?? keyword.confirmMessage;
		keyword.forwardEmail = forwardEmail ?? keyword.forwardEmail;
		keyword.forwardUrl = forwardUrl ?? keyword.forwardUrl;
		if (named.length > 0) keyword.contactGroups = contactGroups;
		return respond(200, keywordEntry(keyword));
	}

	function cancel(request: RecordedRequest, name: string): Answer {
		const refused = openQuery(request);
		if (refused) return refused;
		if (ownKeyword(name) === undefined) return refuse(403, ['Sorry, nothing was found']);
		books.keywords.delete(name.toLowerCase());
		return accept(204, null);
	}

	function getBalance(request: RecordedRequest): Answer {
		const refused = openQuery(request);
		return refused ?? respond(200, balances());
	}

	function balances(): Content {
		return {
			PlanCredits: books.planCredits,
			AnytimeCredits: books.anytimeCredits,
			TotalCredits: books.planCredits + books.anytimeCredits,
		};
	}

	function buy(request: RecordedRequest): Answer {
		const { form, refused } = open(request, ['NumberOfCredits', 'CouponCode', ...paymentFields]);
		if (refused) return refused;
		const numberOfCredits = valueOf(form, 'NumberOfCredits') ?? '';
		const couponCode = valueOf(form, 'CouponCode');
		const errors: string[] = [];
		if (numberOfCredits === '') errors.push(`NumberOfCredits: ${required}`);
		else if (!/^\d+$/.test(numberOfCredits))
			errors.push(`NumberOfCredits: '${numberOfCredits}' contains characters which are not digits`);
		else if (Number(numberOfCredits) === 0) errors.push("NumberOfCredits: '0' is not greater than '0'");
		if (couponCode !== undefined && !books.coupons.has(couponCode))
			errors.push(`CouponCode: '${couponCode}' is not a valid coupon`);
		errors.push(...paymentErrors(form));
		if (errors.length > 0) return refuse(403, errors);

		const bought = Number(numberOfCredits);
		const price = roundToCents(bought * books.pricePerCredit);
		const discount = roundToCents((price * (books.coupons.get(couponCode ?? '') ?? 0)) / 100);
		const amount = roundToCents(price - discount);
		const declined = charge(form, amount, 'credits');
		if (declined) return declined;
		books.anytimeCredits += bought;
		return respond(201, { BoughtCredits: bought, Amount: amount, Discount: discount, ...balances() });
	}

	function paymentErrors(form: Pair[]): string[] {
		const stored = valueOf(form, 'StoredCreditCard');
		const sent = form.map(([name]) => name).filter((name) => cardFields.includes(name) || name === 'ZIP');
		if (stored !== undefined && sent.length > 0)
			throw new WireMistake(422, "'StoredCreditCard' came together with the fields of a card");
		if (sent.includes('Zip') && sent.includes('ZIP'))
			throw new WireMistake(422, "'Zip' and 'ZIP' came together");
		if (stored !== undefined) {
			if (!/^\d{4}$/.test(stored)) return ['StoredCreditCard: Please give the last four digits of the card'];
			return books.storedCards.has(stored) ? [] : [`StoredCreditCard: '${stored}' was not found`];
		}
		return cardErrors(
			(name) => valueOf(form, name) ?? (name === 'Zip' ? valueOf(form, 'ZIP') : undefined) ?? '',
		);
	}

	function charge(form: Pair[], amount: number, reason: 'credits' | 'keyword'): Answer | null {
		const number = valueOf(form, 'StoredCreditCard') ?? valueOf(form, 'Number') ?? '';
		const cardEnding = number.slice(-4);
		if (books.declinedCards.has(number) || books.declinedCards.has(cardEnding))
			return refuse(403, ['Your credit card was declined']);
		books.charges.push({ amount, cardEnding, for: reason, at: new Date().toISOString() });
		return null;
	}

	function lookUpCarrier(request: RecordedRequest, number: string): Answer {
		const refused = openQuery(request);
		if (refused) return refused;
		const errors = digitErrors('PhoneNumber', number, [10]);
		if (errors.length > 0) return refuse(403, errors);
		return respond(200, { PhoneNumber: number, CarrierName: books.carriers.get(number) ?? 'ATTUS' });
	}

	function keywordEntry(keyword: Keyword): Content {
		const message = (text: string): Value =>
			books.messagesAsObjects ? { Message: text, MessageTypeID: 1, Subject: '' } : text;
		return {
			ID: keyword.id,
			Keyword: keyword.keyword,
			EnableDoubleOptIn: keyword.enableDoubleOptIn,
			ConfirmMessage: message(keyword.confirmMessage),
			JoinMessage: message(keyword.joinMessage),
			ForwardEmail: keyword.forwardEmail,
			ForwardUrl: keyword.forwardUrl,
			ContactGroupIDs: keyword.contactGroups,
		};
	}

	return {
		name: 'clubTexting',
		prefix: '/clubtexting',
		routes: [
			{ method: 'post', path: '/sending/messages', operation: 'send', answer: send },
			{ method: 'get', path: '/keywords/new', operation: 'checkAvailability', answer: checkAvailability },
			{ method: 'post', path: '/keywords', operation: 'rent', answer: rent },
			{ method: 'post', path: '/keywords/:keyword', operation: 'setUp', answer: setUp },
			{ method: 'delete', path: '/keywords/:keyword', operation: 'cancel', answer: cancel },
			{ method: 'get', path: '/billing/credits/get', operation: 'getBalance', answer: getBalance },
			{ method: 'post', path: '/billing/credits', operation: 'buy', answer: buy },
			{
				method: 'get',
				path: '/sending/phone-numbers/:number',
				operation: 'lookUpCarrier',
				answer: lookUpCarrier,
			},
			...listRoutes({ books, open, openQuery, refuse, respond, namesIn }),
		],
		gate,
		forget: () => void arrivals.splice(0),
		format,
		write,
		contentTypes: { json: 'application/json', xml: 'application/xml' },
		refuse: (status, texts, code) => refuse(status, texts, code ?? (status === 200 ? 403 : status)),
		refusals,
		essentialKeys: {
			send: ['ID'],
			checkAvailability: ['Available'],
			rent: ['ID'],
			setUp: ['ID'],
			getBalance: ['PlanCredits', 'AnytimeCredits', 'TotalCredits'],
			buy: ['BoughtCredits', 'TotalCredits'],
			lookUpCarrier: ['CarrierName'],
			...essentialKeysOfLists,
		},
	};
}

function format(request: RecordedRequest): Format {
	const asked = valueOf(request.query, 'format');
	if (asked !== 'json' && asked !== 'xml')
		throw new WireMistake(422, "The query has no 'format' of json or xml");
	return asked;
}

/** The names of the log-in in lower case as well: the page's own sample for XML has them so. */
function withLogin(pairs: Pair[]): Pair[] {
	return pairs.map(([name, value]) => [login.find((known) => known.toLowerCase() === name) ?? name, value]);
}

/** An empty name is no slip: `Groups[]=` would text every contact that is in no group. */
function namesIn(form: Pair[], field: string): string[] {
	const names = valuesOf(form, field);
	if (names.includes('')) throw new WireMistake(422, `The form field '${field}' is empty`);
	return names;
}

function keywordErrors(keyword: string): string[] {
	if (keyword === '') return [`Keyword: ${required}`];
	return unsupportedInKeyword.test(keyword) ? [keywordCharacters] : [];
}

function unavailable(keyword: string): string {
	return `Keyword: The keyword '${keyword}' is unavailable`;
}

function digitErrors(field: string, value: string, lengths: number[]): string[] {
	if (!/^\d+$/.test(value)) return [`${field}: '${value}' contains characters which are not digits`];
	return lengths.includes(value.length) ? [] : [`${field}: '${value}' contains an invalid amount of digits`];
}

function cardErrors(field: (name: string) => string): string[] {
	const errors = cardFields.filter((name) => field(name) === '').map((name) => `${name}: ${required}`);
	const type = field('CreditCardTypeID');
	if (type !== '' && !Object.hasOwn(cardTypes, type))
		errors.push(`CreditCardTypeID: '${type}' was not found in the haystack`);
	const number = field('Number');
	const lengthErrors = number === '' ? [] : digitErrors('Number', number, [13, 14, 15, 16]);
	errors.push(...lengthErrors);
	if (number !== '' && lengthErrors.length === 0) {
		if (!hasValidCheckDigit(number)) errors.push(`Number: '${number}' seems to contain an invalid checksum`);
		else if (
			Object.hasOwn(cardTypes, type) &&
			cardTypeOf(number) !== cardTypes[type as keyof typeof cardTypes]
		)
			errors.push(`Number: '${number}' is not from an allowed institute`);
	}
	const code = field('SecurityCode');
	if (code !== '') errors.push(...digitErrors('SecurityCode', code, [type === 'Amex' ? 4 : 3]));
	const month = field('ExpirationMonth');
	const year = field('ExpirationYear');
	if (month !== '' && !/^(0[1-9]|1[0-2])$/.test(month))
		errors.push(`ExpirationMonth: '${month}' is not a month of two digits`);
	if (year !== '' && !/^\d{4}$/.test(year))
		errors.push(`ExpirationYear: '${year}' contains an invalid amount of digits`);
	if (/^\d{2}$/.test(month) && /^\d{4}$/.test(year) && hasExpired(month, year))
		errors.push('ExpirationYear: Your credit card has expired');
	return errors;
}

function respond(code: number, entry: Content): Answer {
	return accept(code, { Status: 'Success', Code: code, Entry: entry });
}

function refuse(status: number, errors: string[], code = status): Answer {
	return { status, content: { Status: 'Failure', Code: code, Errors: errors }, accepted: false };
}

const refusals: Provider['refusals'] = {
	200: refuse(200, ['Access Forbidden'], 403),
	401: refuse(401, ['Authorization Required']),
	403: refuse(403, ['Access Forbidden']),
	429: refuse(429, ['Too Many Requests']),
	500: refuse(500, ['Internal Server Error']),
};

/** `MM-DD-YYYY h:mm AM/PM` without a zone: the sample's own numbers show that it is US Eastern time. */
function easternTime(milliseconds: number): string {
	const parts = Object.fromEntries(
		easternFormat.formatToParts(milliseconds).map(({ type, value }) => [type, value]),
	);
	return `${parts.month}-${parts.day}-${parts.year} ${parts.hour}:${parts.minute} ${parts.dayPeriod}`;
}

const easternFormat = new Intl.DateTimeFormat('en-US', {
	timeZone: 'America/New_York',
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
	hour: 'numeric',
	minute: '2-digit',
	hour12: true,
});

const singularOf: Record<string, string> = {
	PhoneNumbers: 'PhoneNumber',
	LocalOptOuts: 'PhoneNumber',
	GlobalOptOuts: 'PhoneNumber',
	Groups: 'Group',
	ContactGroupIDs: 'Group',
	Entries: 'Entry',
	Errors: 'Error',
};

function write(content: Content, asked: Format): string {
	if (asked === 'json') return JSON.stringify({ Response: content });
	return writeNamedXml('Response', withNames(content), {
		booleans: (value) => (value ? '1' : '0'),
		childOf: (list) => singularOf[list] ?? list,
	});
}

/** `Not Available` is no name of an element; how XML has it is not documented. */
function withNames(value: Content): Content {
	return Object.fromEntries(
		Object.entries(value).map(([key, child]) => [
			key.replace(/[^\w]/g, ''),
			typeof child === 'object' && child !== null && !Array.isArray(child) ? withNames(child) : child,
		]),
	);
}
