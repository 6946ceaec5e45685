import { documentsOf, type Guarded } from './click2MailDocuments';
import { jobsOf } from './click2MailJobs';
import { openMailBooks, type MailBooks } from './click2MailMail';
import { cardTypeOf, hasExpired, hasValidCheckDigit } from './cards';
import { sum } from './money';
import type { Answer, Content, Format, Pair, Provider, RecordedRequest } from './wire';
import { accept, basicCredentials, checkNames, formOf, refuseBody, valueOf } from './wire';
import { writeNamedXml } from './xml';

/** What Click2Mail knows of the account. Amounts in US dollars. */
export interface Click2MailBooks extends MailBooks {
	username: string;
	password: string;
	balance: number;
	allowNegative: boolean;
	/** What was charged to cards. */
	charges: Array<{ amount: number; cardEnding: string; at: string }>;
	/** Numbers, or last four digits, of cards whose payments are not authorized. */
	declinedCards: Set<string>;
}

export function openClick2MailBooks(): Click2MailBooks {
	return {
		username: 'awesomeuser',
		password: 'gReAt/PaSsWoRd:123&4',
		balance: 25.5,
		allowNegative: false,
		charges: [],
		declinedCards: new Set(),
		...openMailBooks(),
	};
}

// Documented are VI and MC; AE and DI are the codes of the same family for the other two types.
const cardCodes = { VI: 'visa', MC: 'masterCard', AE: 'amex', DI: 'discover' } as const;

const purchaseFields = [
	'billingName',
	'billingAddress1',
	'billingCity',
	'billingState',
	'billingZip',
	'billingAmount',
	'billingNumber',
	'billingMonth',
	'billingYear',
	'billingCvv',
	'billingCcType',
] as const;

/** With it, staging sells any amount, and only its expiry matters. */
const TEST_CARD = '4111111111111111';

const missingParameter = 'One of the required parameters is missing.';
const notAuthorized = 'payment not authorized';

/** Click2Mail's credit (Add Credit page; balance from the API 101 page), documents, address lists and jobs. */
export function click2Mail(books: Click2MailBooks, baseUrl: () => string): Provider {
	function refuseLogin(request: RecordedRequest): Answer | null {
		const login = basicCredentials(request.headers.authorization ?? '');
		if (login?.username === books.username && login.password === books.password) return null;
		return refusals[401];
	}

	function getBalance(request: RecordedRequest): Answer {
		const refused = refuseLogin(request);
		if (refused) return refused;
		refuseBody(request);
		checkNames(request.query, [], 'query parameter');
		return accept(200, { balance: dollars(books.balance), allowNegative: books.allowNegative });
	}

	function purchase(request: RecordedRequest): Answer {
		const refused = refuseLogin(request);
		if (refused) return refused;
		checkNames(request.query, [], 'query parameter');
		const form = formOf(request);
		checkNames(form, purchaseFields, 'form field');

		const { field, missing } = requiredFields(form);
		if (missing) return refuse(400, missingParameter, 9);
		const trouble = inputTrouble(field);
		if (trouble !== null) return refuse(400, trouble, 9);
		if (!isAuthorized(field)) return refuse(200, notAuthorized, 2);

		const amount = Number(field.billingAmount);
		books.balance = sum(books.balance, amount);
		books.charges.push({
			amount,
			cardEnding: field.billingNumber.slice(-4),
			at: new Date().toISOString(),
		});
		return accept(200, {
			allowNegative: books.allowNegative,
			status: 0,
			description: 'Success',
			statusUrl: `${baseUrl()}/credit`,
		});
	}

	function isAuthorized(field: PurchaseForm): boolean {
		const number = field.billingNumber;
		const isOfType = cardTypeOf(number) === cardCodes[field.billingCcType as keyof typeof cardCodes];
		return (
			hasValidCheckDigit(number) &&
			(isOfType || number === TEST_CARD) &&
			!hasExpired(field.billingMonth, field.billingYear) &&
			!books.declinedCards.has(number) &&
			!books.declinedCards.has(number.slice(-4))
		);
	}

	const guarded: Guarded = (answer) => (request, inPath) => refuseLogin(request) ?? answer(request, inPath);

	return {
		name: 'click2mail',
		prefix: '/click2mail/molpro',
		routes: [
			{ method: 'get', path: '/credit', operation: 'getBalance', answer: getBalance },
			{ method: 'post', path: '/credit/purchase', operation: 'purchase', answer: purchase },
			...documentsOf(books, baseUrl, guarded),
			...jobsOf(books, baseUrl, guarded),
		],
		// JSON is not officially supported. Clients of others ask for the credit in it, and get it; all else is XML.
		format: ({ method, path: at, headers }) =>
			method === 'GET' && at.endsWith('/credit') && headers.accept?.startsWith('application/json')
				? 'json'
				: 'xml',
		write,
		contentTypes: { json: 'application/json', xml: 'application/xml' },
		refuse: (status, texts, code) => refuse(status, texts.join(', '), code ?? (status === 200 ? 2 : 9)),
		refusals,
		essentialKeys: {
			getBalance: ['balance'],
			purchase: ['status'],
			uploadDocument: ['id'],
			fetchDocument: ['id'],
			createList: ['id'],
			readList: ['status'],
			createJob: ['id'],
			readJob: ['description'],
			jobCost: ['cost'],
			submitJob: ['status'],
			findJobs: ['jobList'],
			estimate: ['subtotal'],
		},
	};
}

type PurchaseForm = Record<(typeof purchaseFields)[number], string>;

function requiredFields(form: Pair[]): { field: PurchaseForm; missing: boolean } {
	const entries = purchaseFields.map((name) => [name, valueOf(form, name) ?? ''] as const);
	return {
		field: Object.fromEntries(entries) as PurchaseForm,
		missing: entries.some(([, value]) => value === ''),
	};
}

/** The documents give no texts for these, only that HTTP 400 with status 9 carries a text of its own. */
function inputTrouble(field: PurchaseForm): string | null {
	if (!/^\d+(\.\d{1,2})?$/.test(field.billingAmount)) return 'billingAmount is not an amount';
	const least = field.billingNumber === TEST_CARD ? 0.01 : 10;
	if (Number(field.billingAmount) < least) return `billingAmount must be ${least} or more`;
	if (!/^\d{13,19}$/.test(field.billingNumber)) return 'billingNumber is not a card number';
	if (!/^(0[1-9]|1[0-2])$/.test(field.billingMonth)) return 'billingMonth must have 2 digits';
	if (!/^(\d{2}|\d{4})$/.test(field.billingYear)) return 'billingYear must have 2 or 4 digits';
	if (field.billingNumber === TEST_CARD) return null;
	if (!Object.hasOwn(cardCodes, field.billingCcType)) return 'billingCcType is not a card type';
	const codeLength = field.billingCcType === 'AE' ? 4 : 3;
	if (!/^\d+$/.test(field.billingCvv) || field.billingCvv.length !== codeLength)
		return `billingCvv must have ${codeLength} digits`;
	return null;
}

function refuse(status: number, description: string, code: number): Answer {
	return { status, content: { status: code, description }, accepted: false };
}

// Only the status of 401 is documented. 403 and 429 are what a gateway before the provider says.
const refusals: Provider['refusals'] = {
	200: refuse(200, notAuthorized, 2),
	401: {
		status: 401,
		content: 'Unauthorized',
		accepted: false,
		headers: { 'WWW-Authenticate': 'Basic realm="molpro"' },
	},
	403: { status: 403, content: 'Forbidden', accepted: false },
	429: { status: 429, content: 'Too Many Requests', accepted: false },
	500: refuse(500, 'Internal Server Error', 9),
};

/** Java's way of writing a double: always at least one decimal. */
function dollars(amount: number): string {
	return Number.isInteger(amount) ? `${amount}.0` : String(amount);
}

/** The root elements of replies about mail; all others are about the credit. */
const MAIL_ROOTS = ['document', 'documents', 'addressList', 'job'];

function write(content: Content, format: Format): string {
	const root = Object.keys(content).find((key) => MAIL_ROOTS.includes(key));
	if (root !== undefined) {
		const { [root]: inner, ...others } = content;
		const fields = { ...(inner as Content), ...others };
		if (format === 'json') return JSON.stringify(fields);
		return writeNamedXml(root, fields, {
			standalone: true,
			booleans: String,
			childOf: (list) => list.replace(/List$/, ''),
		});
	}
	// Seen in clients: the JSON form has no root, a null balance where there is none, and the status as text.
	if (format === 'json')
		return JSON.stringify({
			...content,
			balance: 'balance' in content ? Number(content.balance) : null,
			...('status' in content ? { status: String(content.status) } : {}),
		});
	return writeNamedXml('credit', content, {
		standalone: true,
		booleans: String,
		childOf: (list) => list.replace(/s$/, ''),
	});
}
