import { sum } from './money';
import type { Answer, Content, Format, Pair, Provider, RecordedRequest } from './wire';
import { WireMistake, accept, checkNames, refuseBody, valueOf } from './wire';
import { writePositionalXml } from './xml';

export interface Subaccount {
	id: number;
	email: string;
	type: 'simple' | 'advanced';
	token: string;
	apiKey: string;
	/** Euro. */
	balance: number;
	/** `YYYY-MM-DD HH:MM:SS` */
	createdAt: string;
	title: string;
	firstname: string;
	lastname: string;
	isBuyer: 0 | 1;
}

/** What MailPartner knows of the account. Amounts in euro. */
export interface MailPartnerBooks {
	username: string;
	apiKey: string;
	balance: number;
	/** Null at the sister brand for SMS, which counts its own credits. */
	emailCredits: number | null;
	subaccounts: Subaccount[];
	/** Every credit that moved between the account and a sub-account. */
	transfers: Array<{ kind: 'add' | 'remove' | 'create'; token: string; amount: number }>;
	/** HTTP status of a refusal; the documents don't say, and both are met. */
	errorStatus: 200 | 400;
	/** HTTP status for a wrong key. */
	wrongKeyStatus: 200 | 400 | 401 | 403;
	nextId: number;
}

export function openMailPartnerBooks(): MailPartnerBooks {
	return {
		username: 'parent@example.com',
		apiKey: '5f0c7be2a94d1836cc27e8b1904fa63d7be5120c',
		balance: 2931,
		emailCredits: 269082,
		subaccounts: [],
		transfers: [],
		errorStatus: 400,
		wrongKeyStatus: 401,
		nextId: 1,
	};
}

/** A sub-account to put into the books by hand, with everything that is not given filled in. */
export function subaccount(books: MailPartnerBooks, given: Partial<Subaccount> = {}): Subaccount {
	const id = given.id ?? books.nextId++;
	return {
		id,
		email: `${String(id).padStart(10, '0')}@mailpartner.fr`,
		type: 'simple',
		// Behind a letter that does not stand in the rest: 12 and 412 are different.
		token: `f${id}`.padStart(40, 'a1b2c3d4e5'),
		apiKey: `a${id}`.padStart(40, 'f6e5d4c3b2'),
		balance: 0,
		createdAt: new Date().toISOString().slice(0, 19).replace('T', ' '),
		title: '',
		firstname: '',
		lastname: '',
		isBuyer: 0,
		...given,
	};
}

const keyRequired = 'La Clé API est requise';
const keyWrong = 'Clé API incorrecte';
const createMessages = {
	2: 'Le numéro de téléphone est requis',
	3: 'isBuyer est requis',
	4: 'Le type est requis (simple ou advanced)',
	5: "Le type de sous-compte n'existe pas (simple ou advanced)",
	6: "L'email est requis",
	7: 'Un compte existe déjà avec cet email',
	8: 'creditToAttribute doit être supérieure à 0',
	9: 'La balance doit être supérieure à 0',
};
const transferMessages = {
	2: 'Le crédit est requis',
	3: "L'identifiant du sous-compte est requis",
	4: "Vous n'avez pas l'autorisation",
	5: 'Le crédit à attribuer doit être supérieur à 0',
	6: 'La balance doit être supérieur à 0',
	7: "Le sous-compte n'existe pas",
	8: 'Crédit insufisant',
};
/** The pages' samples in PHP send JSON as a form, as curl does by itself, and those in Python name no type. */
const BODY_TYPES = ['application/json', 'application/x-www-form-urlencoded', ''];
const malformedJson = 'Le JSON est malformé: erreur de syntaxe';

const perPage = 20;
const emailPattern = /^[^@\s]+@[^@\s]+\.[^@\s.]+$/;

/** MailPartner's sub-accounts and account (sub-account pages; list and me pages). */
export function mailPartner(books: MailPartnerBooks): Provider {
	function refuseKey(apiKey: unknown): Answer | null {
		if (apiKey === undefined || apiKey === '') return refuse(books.errorStatus, 1, keyRequired);
		return apiKey === books.apiKey ? null : refuse(books.wrongKeyStatus, 10, keyWrong);
	}

	function open(request: RecordedRequest, keys: string[]): { body: JsonObject; refused: Answer | null } {
		checkNames(request.query, ['_format'], 'query parameter');
		if (!BODY_TYPES.includes(request.contentType))
			throw new WireMistake(415, `Expected application/json, got '${request.contentType}'`);
		if (request.json === undefined)
			return { body: {}, refused: refuse(books.errorStatus, 90, malformedJson) };
		if (!isObject(request.json)) throw new WireMistake(422, 'The body is not a JSON object');
		const body = request.json;
		const refused = refuseKey(body.apiKey);
		if (refused === null) checkKeys(body, ['apiKey', '_format', ...keys], 'the body');
		return { body, refused };
	}

	function openQuery(request: RecordedRequest, names: string[] = []): Answer | null {
		refuseBody(request);
		const refused = refuseKey(valueOf(request.query, 'apiKey'));
		if (refused === null) checkNames(request.query, ['apiKey', '_format', ...names], 'query parameter');
		return refused;
	}

	function create(request: RecordedRequest): Answer {
		const { body, refused } = open(request, ['type', 'parameters']);
		if (refused) return refused;
		const refuseCreate = (code: keyof typeof createMessages) =>
			refuse(books.errorStatus, code, createMessages[code]);
		const { type, parameters } = body;
		if (type === undefined || type === '') return refuseCreate(4);
		if (type !== 'simple' && type !== 'advanced') return refuseCreate(5);
		if (!isObject(parameters)) throw new WireMistake(422, "'parameters' is not an object");
		const advancedOnly = type === 'advanced' ? ['isBuyer'] : [];
		const names = ['email', 'creditToAttribute', 'title', 'firstname', 'lastname', ...advancedOnly];
		checkKeys(parameters, names, `'parameters' of type ${type}`);
		const email = textIn(parameters, 'email');
		const title = textIn(parameters, 'title');
		const firstname = textIn(parameters, 'firstname');
		const lastname = textIn(parameters, 'lastname');
		const { isBuyer, creditToAttribute } = parameters;
		if (creditToAttribute !== undefined && typeof creditToAttribute !== 'number')
			throw new WireMistake(422, "'creditToAttribute' is not a number");
		if (isBuyer !== undefined && isBuyer !== 0 && isBuyer !== 1)
			throw new WireMistake(422, "'isBuyer' is not the number 0 or 1");

		if (type === 'advanced' && isBuyer === undefined) return refuseCreate(3);
		if (type === 'advanced' && email === '') return refuseCreate(6);
		// There is no code for an address that can't be one; 6 is the nearest.
		if (email !== '' && !emailPattern.test(email)) return refuseCreate(6);
		if (email === books.username || books.subaccounts.some((known) => known.email === email))
			return refuseCreate(7);
		if (creditToAttribute !== undefined && creditToAttribute <= 0) return refuseCreate(8);
		if ((creditToAttribute ?? 0) > books.balance) return refuseCreate(9);

		const created = subaccount(books, {
			type,
			title,
			firstname,
			lastname,
			...(email === '' ? {} : { email }),
			isBuyer: isBuyer ?? 0,
			balance: creditToAttribute ?? 0,
		});
		books.subaccounts.push(created);
		if (creditToAttribute !== undefined) {
			books.balance = sum(books.balance, -creditToAttribute);
			books.transfers.push({ kind: 'create', token: created.token, amount: creditToAttribute });
		}
		return succeed({
			subaccount: { email: created.email, token: created.token },
			// A simple sub-account gets no mail, so there is nothing to confirm.
			...(type === 'advanced' ? { sendConfirmMailTo: created.email } : {}),
			parent_email: books.username,
		});
	}

	function transfer(kind: 'add' | 'remove'): (request: RecordedRequest) => Answer {
		return (request) => {
			const { body, refused } = open(request, ['credit', 'tokenSubaccount']);
			if (refused) return refused;
			const refuseTransfer = (code: keyof typeof transferMessages) =>
				refuse(books.errorStatus, code, transferMessages[code]);
			const { credit, tokenSubaccount } = body;
			if (credit === undefined || credit === '') return refuseTransfer(2);
			if (typeof credit !== 'number' && !(typeof credit === 'string' && /^-?\d+(\.\d+)?$/.test(credit)))
				throw new WireMistake(422, "'credit' is not a number");
			if (tokenSubaccount === undefined || tokenSubaccount === '') return refuseTransfer(3);
			const amount = Number(credit);
			if (amount <= 0) return refuseTransfer(5);
			const target = books.subaccounts.find(({ token }) => token === tokenSubaccount);
			if (target === undefined) return refuseTransfer(7);
			const giver = kind === 'add' ? books.balance : target.balance;
			if (giver <= 0) return refuseTransfer(6);
			if (giver < amount) return refuseTransfer(8);

			const moved = kind === 'add' ? amount : -amount;
			books.balance = sum(books.balance, -moved);
			target.balance = sum(target.balance, moved);
			books.transfers.push({ kind, token: target.token, amount });
			return succeed({ credit: books.balance, subaccountCredit: target.balance, currency: 'EUR' });
		};
	}

	function list(request: RecordedRequest): Answer {
		const refused = openQuery(request, ['page']);
		if (refused) return refused;
		const asked = valueOf(request.query, 'page') ?? '';
		if (!/^([1-9]\d*)?$/.test(asked)) throw new WireMistake(422, "'page' is not a page number");
		const page = asked === '' ? 1 : Number(asked);
		return succeed({
			total: books.subaccounts.length,
			nb_per_page: perPage,
			page,
			data: books.subaccounts
				.slice((page - 1) * perPage, page * perPage)
				.map(({ id, email, type, token, apiKey, createdAt, balance }) => ({
					id,
					email,
					type,
					token,
					apiKey,
					createdAt,
					credits: { balance: balance.toFixed(3), currency: 'EUR' },
				})),
		});
	}

	function me(request: RecordedRequest): Answer {
		const refused = openQuery(request);
		if (refused) return refused;
		return succeed({
			user: { username: books.username },
			credits: {
				...(books.emailCredits === null
					? { creditSms: 100, creditSmsECO: 120, creditHlr: 500, toSend: 0 }
					: { creditMail: books.emailCredits }),
				currency: 'EUR',
				balance: books.balance.toFixed(3),
			},
		});
	}

	return {
		name: 'mailPartner',
		prefix: '/mailpartner/v1',
		routes: [
			{ method: 'post', path: '/subaccount/create', operation: 'create', answer: create },
			{ method: 'get', path: '/subaccount/list', operation: 'list', answer: list },
			{ method: 'post', path: '/subaccount/credit/add', operation: 'add', answer: transfer('add') },
			{ method: 'post', path: '/subaccount/credit/remove', operation: 'remove', answer: transfer('remove') },
			{ method: 'get', path: '/me', operation: 'me', answer: me },
		],
		format,
		write,
		contentTypes: { json: 'application/json', xml: 'application/xml' },
		refuse: (status, texts, code) => refuse(status, code ?? (status === 200 ? 8 : status), texts.join(', ')),
		refusals,
		essentialKeys: {
			create: ['token'],
			list: ['token'],
			add: ['credit', 'subaccountCredit'],
			remove: ['credit', 'subaccountCredit'],
			me: ['balance'],
		},
	};
}

type JsonObject = { [key: string]: unknown };

function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkKeys(object: JsonObject, allowed: string[], where: string): void {
	const pairs: Pair[] = Object.keys(object).map((key) => [key, '']);
	checkNames(pairs, allowed, `key of ${where}`);
}

function textIn(parameters: JsonObject, key: string): string {
	const value = parameters[key] ?? '';
	if (typeof value !== 'string') throw new WireMistake(422, `'${key}' is not a text`);
	return value;
}

function succeed(content: Content): Answer {
	return accept(200, { success: true, code: 200, ...content });
}

function refuse(status: number, code: number, message: string): Answer {
	return { status, content: { success: false, code, message }, accepted: false };
}

const refusals: Provider['refusals'] = {
	200: refuse(200, 4, transferMessages[4]),
	401: refuse(401, 10, keyWrong),
	403: refuse(403, 96, "L'IP n'est pas autorisée"),
	429: refuse(
		429,
		429,
		'Trop de requêtes effectuées en une minute (limite : 2000 requêtes / minute / Adresse IP)',
	),
	500: refuse(500, 500, 'Erreur interne du serveur'),
};

/** JSON unless `_format`, in the query or the body, or else the Accept header says XML. */
function format(request: RecordedRequest): Format {
	const inBody = isObject(request.json) ? request.json._format : undefined;
	const asked = valueOf(request.query, '_format') ?? inBody;
	if (asked === 'xml' || asked === 'json') return asked;
	return /^(application|text)\/xml/.test(request.headers.accept ?? '') ? 'xml' : 'json';
}

function write(content: Content, asked: Format): string {
	return asked === 'json' ? JSON.stringify(content) : writePositionalXml(content);
}
