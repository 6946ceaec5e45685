import { contactRoutes, eleven, openContactBooks, type ContactBooks } from './ezTextingContacts';
import { webhookRoutes, openWebhookBooks, type WebhookBooks } from './ezTextingWebhooks';
import {
	bodyOf,
	envelope,
	filtersIn,
	listed,
	openWireBooks,
	type JsonObject,
	type WireBooks,
	vary,
	wrote,
} from './ezTextingWire';
import type { Answer, Content, Provider, RecordedRequest, Value } from './wire';
import { accept, basicCredentials } from './wire';

export interface EzTextingMessage {
	id: string;
	contactNumber: string;
	inbound: boolean;
	message: string;
	mediaUrl?: string;
	/** ISO 8601. */
	sentAt: string;
	unread: boolean;
	pending: boolean;
	optOut: boolean;
}

export interface EzTextingKeyword {
	id: number;
	keyword: string;
	doubleOptInEnabled?: boolean;
	doubleOptInMessage?: string;
	joinMessage?: string;
	forwardEmails?: string[];
	forwardUrl?: string;
	contactGroupIds?: string[];
}

/** What EZ Texting knows of the account. Numbers have 11 digits. */
export interface EzTextingBooks extends ContactBooks, WebhookBooks, WireBooks {
	username: string;
	password: string;
	accessTokens: Set<string>;
	planCredits: number;
	anytimeCredits: number;
	storedCards: Set<string>;
	declinedCards: Set<string>;
	coupons: Set<string>;
	charges: Array<{ credits: number; cardEnding: string; couponCode?: string }>;
	/** Whether a purchase is answered by nothing, in place of any kind of reply. */
	purchaseIsSilent: boolean;
	/** A purchase does not show in the balance yet. */
	balanceLags: boolean;
	ownNumber: string;
	/** Every accepted request to send, as it was asked for. */
	sendings: Array<{
		id: string;
		numbers: string[];
		groupIds: string[];
		message: string;
		companyName?: string;
		fromNumber?: string;
		mediaUrl?: string;
		/** ISO 8601, as it came; null for at once. */
		sendAt: string | null;
	}>;
	/** One entry for every text that went to a person. */
	delivered: Array<{ number: string; message: string; messageId: string }>;
	/** The rows of `GET /messages`. */
	rows: EzTextingMessage[];
	/** Numbers that are none, though they have eleven digits. */
	invalidNumbers: Set<string>;
	/** A report is all zero until this is false; where it is 'missing', there is none. */
	reportsAreYoung: boolean | 'missing';
	/** Deleting a scheduled message does not stop it. */
	deletionStopsNothing: boolean;
	/** Keyword in lower case. */
	keywords: Map<string, EzTextingKeyword>;
	takenKeywords: Set<string>;
	/** Requests a minute; null for no limit. */
	rateLimit: number | null;
	nextMessageId: number;
}

/** Each simulator's account is another one, for what is counted by account over a whole process. */
let accounts = 0;

export function openEzTextingBooks(): EzTextingBooks {
	return {
		...openContactBooks(),
		...openWebhookBooks(),
		...openWireBooks(),
		username: `owl-${process.pid}-${accounts++}@example.com`,
		password: 'the-Owl&2+2=4%:ä',
		accessTokens: new Set(),
		planCredits: 500,
		anytimeCredits: 200_000,
		storedCards: new Set(['1111']),
		declinedCards: new Set(),
		coupons: new Set(['HONEY', 'ROO']),
		charges: [],
		purchaseIsSilent: false,
		balanceLags: false,
		ownNumber: '13135550199',
		sendings: [],
		delivered: [],
		rows: [],
		invalidNumbers: new Set(),
		reportsAreYoung: false,
		deletionStopsNothing: false,
		keywords: new Map(),
		takenKeywords: new Set(),
		rateLimit: 200,
		nextMessageId: 271_100_000_003,
	};
}

const MINUTE = 60_000;

/** EZ Texting's API v1. What is not known of it varies from reply to reply. */
export function ezTexting(books: EzTextingBooks): Provider {
	let arrivals: number[] = [];

	function gate(request: RecordedRequest): Answer | null {
		const { rateLimit } = books;
		arrivals = arrivals.filter((at) => at > request.arrivedAt - MINUTE);
		arrivals.push(request.arrivedAt);
		if (rateLimit === null || arrivals.length <= rateLimit) return null;
		arrivals.pop();
		const wait = String(Math.ceil(arrivals[0]! + MINUTE - request.arrivedAt));
		const named = vary<Record<string, string>>(books, { 'X-Rate-Limit-Retry-After-Milliseconds': wait }, {});
		const content = vary(books, null, envelope(books, 429, ['Too many requests']));
		return { status: 429, content, accepted: false, headers: named };
	}

	/** The answer that stands in the way of every operation: a missing or wrong log-in, a body of another type. */
	function locked(request: RecordedRequest): Answer | null {
		const { authorization } = request.headers;
		if (authorization === undefined) return refuse(401, ['Missing authorization header']);
		const token = /^Bearer (.+)$/.exec(authorization)?.[1];
		const basic = basicCredentials(authorization);
		const isRight =
			(token !== undefined && books.accessTokens.has(token)) ||
			(basic?.username === books.username && basic.password === books.password);
		if (!isRight) return refuse(401, ['Invalid username or password']);
		if (request.rawBody !== '' && request.contentType !== 'application/json')
			return refuse(415, ['Unsupported Media Type']);
		return null;
	}

	const refuse = (status: number, texts: string[], code?: number): Answer => ({
		// No document knows of a refusal in a 200: what would be one comes as a 400.
		status: status === 200 ? 400 : status,
		content: envelope(books, status === 200 ? 400 : status, texts, code),
		accepted: false,
	});

	function send(request: RecordedRequest): Answer {
		const body = bodyOf(request, [
			...['toNumbers', 'groupIds', 'message', 'messageTemplateId', 'companyName', 'fromNumber'],
			...['messageType', 'mediaUrl', 'mediaFileId', 'sendAt', 'strictValidation'],
		]);
		if (body === null) return refuse(400, ['Malformed Request']);
		const numbers = textsIn(body.toNumbers);
		const groupIds = textsIn(body.groupIds);
		if (numbers.length === 0 && groupIds.length === 0)
			return refuse(400, ['toNumbers or groupIds is required']);
		if (!body.message && !body.messageTemplateId)
			return refuse(400, ['message or messageTemplateId is required']);
		const unknown = groupIds.filter((id) => !books.groups.some((group) => group.id === id));
		if (unknown.length > 0) return refuse(400, [`Group ${unknown.join()} was not found`]);
		const { sendAt } = body;
		if (sendAt !== undefined && !/T\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(String(sendAt)))
			return refuse(400, ['sendAt is not a date with its offset']);
		const isGood = (number: string) => eleven(number) !== null && !books.invalidNumbers.has(eleven(number)!);
		const wrong = numbers.filter((number) => !isGood(number));
		if (wrong.length > 0 && body.strictValidation === true)
			return refuse(400, [vary(books, `Invalid phone number: ${wrong[0]}`, 'Invalid phone numbers')]);
		return sent(
			body,
			numbers.filter(isGood).map((number) => eleven(number)!),
			groupIds,
		);
	}

	function sent(body: JsonObject, numbers: string[], groupIds: string[]): Answer {
		const id = String(books.nextMessageId++);
		const optional = (name: string) => (body[name] === undefined ? {} : { [name]: String(body[name]) });
		const message = String(body.message);
		books.sendings.push({
			id,
			numbers,
			groupIds,
			message,
			...optional('companyName'),
			...optional('fromNumber'),
			...optional('mediaUrl'),
			sendAt: body.sendAt === undefined ? null : String(body.sendAt),
		});
		const members = groupIds.flatMap((group) => books.groups.find((one) => one.id === group)!.members);
		for (const number of [...numbers, ...members]) {
			if (books.contacts.get(number)?.optOut || books.blocked.has(number)) continue;
			const pending = body.sendAt !== undefined;
			if (!pending) books.delivered.push({ number, message, messageId: id });
			const sentAt = pending ? new Date(String(body.sendAt)).toISOString() : new Date().toISOString();
			books.rows.push({
				id,
				contactNumber: number,
				inbound: false,
				message,
				sentAt,
				unread: false,
				pending,
				optOut: false,
			});
			books.lastOutbound.set(number, id);
		}
		return wrote(books, { id }, [201, 200]);
	}

	function list(request: RecordedRequest): Answer {
		const known = ['userNumber', 'contactNumber', 'messageId', 'incoming', 'unread', 'deleted', 'pending'];
		const filters = filtersIn(
			request,
			[...known, 'group', 'textQuery', 'type', 'optType'].map((name) => `${name}.eq`),
			['sentAt.gte', 'sentAt.lte'],
		);
		const is = (name: string, value: boolean) =>
			[undefined, String(value)].includes(filters.get(`${name}.eq`));
		const number = filters.get('contactNumber.eq');
		const [from, to] = ['gte', 'lte'].map((op) => filters.get(`sentAt.${op}`));
		const found = books.rows.filter(
			(row) =>
				[undefined, row.id].includes(filters.get('messageId.eq')) &&
				(number === undefined || eleven(number) === row.contactNumber) &&
				is('incoming', row.inbound) &&
				is('unread', row.unread) &&
				is('pending', row.pending) &&
				(from === undefined || Date.parse(row.sentAt) >= Date.parse(from)) &&
				(to === undefined || Date.parse(row.sentAt) <= Date.parse(to)),
		);
		const inOrder = [...found].sort((a, b) => Date.parse(b.sentAt) - Date.parse(a.sentAt));
		return listed(books, request, inOrder.map(rowOf));
	}

	function rowOf({
		pending,
		optOut,
		sentAt,
		id,
		contactNumber,
		inbound,
		message,
		mediaUrl,
	}: EzTextingMessage): Content {
		return {
			id,
			contactNumber,
			inbound,
			message,
			...(mediaUrl !== undefined && { mediaUrl }),
			messageGroupId: id,
			userNumber: books.ownNumber,
			group: false,
			type: mediaUrl ? 'mms' : 'sms',
			status: pending ? 'PENDING' : 'SENT',
			sentAt: vary(books, sentAt, sentAt.replace('Z', '+00:00')),
			optIn: false,
			optOut,
		};
	}

	function remove(request: RecordedRequest): Answer {
		const ids = bodyOf(request, ['ids'])?.ids;
		if (!Array.isArray(ids) || !ids.every(Number.isSafeInteger)) return refuse(400, ['ids must be integers']);
		if (!books.deletionStopsNothing) books.rows = books.rows.filter(({ id }) => !ids.includes(Number(id)));
		return wrote(books, null, [200, 204]);
	}

	function report(_request: RecordedRequest, id: string): Answer {
		const sending = books.sendings.find((one) => one.id === id);
		if (!sending || books.reportsAreYoung === 'missing') return refuse(404, ['Not found']);
		const young = books.reportsAreYoung;
		const delivered = books.delivered.filter(({ messageId }) => messageId === id).length;
		const all = sending.numbers.length;
		const part = (label: string, data: number) => ({ label, data, percentage: all ? (100 * data) / all : 0 });
		return accept(200, {
			delivery: {
				bounced: part('Bounced', 0),
				queued: part('Queued', 0),
				total_delivered: part('Delivered', young ? 0 : delivered),
				...(!young && { total_not_sent: part('Not Sent', all - delivered) }),
			},
			engagement: {
				no_action: part('No Action', young ? 0 : delivered),
				opted_out: part('Opted Out', 0),
				replied: part('Replied', 0),
			},
			links: [],
		});
	}

	function details(_request: RecordedRequest, id: string): Answer {
		const sending = books.sendings.find((one) => one.id === id);
		if (!sending) return refuse(404, ['Not found']);
		return accept(200, {
			recipientsCount: sending.numbers.length,
			credits: sending.numbers.length,
			fromNumber: books.ownNumber,
			type: 'SMS',
		});
	}

	function getBalance(): Answer {
		const { planCredits, anytimeCredits } = books;
		return accept(200, { planCredits, anytimeCredits, totalCredits: planCredits + anytimeCredits });
	}

	function buy(request: RecordedRequest): Answer {
		const body = bodyOf(request, ['credits', 'creditCardLastFour', 'couponCode']);
		const { credits, creditCardLastFour: card, couponCode } = body ?? {};
		if (!Number.isSafeInteger(credits) || Number(credits) < 1)
			return refuse(400, ['credits is not a number']);
		if (!books.storedCards.has(String(card))) return refuse(400, ['The card was not found']);
		if (books.declinedCards.has(String(card))) return refuse(400, ['The card was declined']);
		if (couponCode !== undefined && !books.coupons.has(String(couponCode)))
			return refuse(400, ['The coupon is not valid']);
		books.charges.push({
			credits: Number(credits),
			cardEnding: String(card),
			...(couponCode !== undefined && { couponCode: String(couponCode) }),
		});
		if (!books.balanceLags) books.anytimeCredits += Number(credits);
		const reply: Value = books.purchaseIsSilent
			? null
			: vary<Value>(books, null, { purchased: true }, { receipt: { number: '77' } }, []);
		return wrote(books, reply, reply === null ? [201, 200, 204] : [201, 200]);
	}

	function checkKeyword(_request: RecordedRequest, keyword: string): Answer {
		const name = keyword.toLowerCase();
		return accept(200, { keyword, available: !books.takenKeywords.has(name) && !books.keywords.has(name) });
	}

	function getKeyword(_request: RecordedRequest, keyword: string): Answer {
		const found = books.keywords.get(keyword.toLowerCase());
		return found ? accept(200, { ...found }) : refuse(404, ['Not found']);
	}

	const refusals: Provider['refusals'] = {
		200: { status: 400, content: envelopeOf(400, 'Malformed Request'), accepted: false },
		401: { status: 401, content: envelopeOf(401, 'Invalid username or password'), accepted: false },
		403: { status: 403, content: envelopeOf(403, 'Forbidden'), accepted: false },
		429: {
			status: 429,
			content: null,
			accepted: false,
			headers: { 'X-Rate-Limit-Retry-After-Milliseconds': '50' },
		},
		500: { status: 500, content: envelopeOf(500, 'Internal Server Error'), accepted: false },
	};
	const provider: Provider = {
		name: 'ezTexting',
		prefix: '/eztexting/v1',
		routes: [
			{ method: 'post', path: '/messages', operation: 'send', answer: send },
			{ method: 'get', path: '/messages', operation: 'getMessages', answer: list },
			{ method: 'delete', path: '/messages', operation: 'deleteMessages', answer: remove },
			{ method: 'get', path: '/message-reports/:id', operation: 'getReport', answer: report },
			{ method: 'get', path: '/message-details/:id', operation: 'getDetails', answer: details },
			{ method: 'get', path: '/credits', operation: 'getBalance', answer: getBalance },
			{ method: 'post', path: '/credits/purchase', operation: 'buy', answer: buy },
			{ method: 'get', path: '/keywords/:kw/check', operation: 'checkKeyword', answer: checkKeyword },
			{ method: 'get', path: '/keywords/:kw', operation: 'getKeyword', answer: getKeyword },
			...contactRoutes(books, refuse),
			...webhookRoutes(books, refuse),
		],
		gate: (request) => gate(request) ?? locked(request),
		forget: () => void (arrivals = []),
		format: () => 'json',
		write: (content, format) =>
			format === 'json' ? JSON.stringify(content) : '<reply><said>yes</said></reply>',
		contentTypes: { json: 'application/json', xml: 'application/xml' },
		refuse,
		refusals,
		essentialKeys: {
			send: ['id'],
			upsertContact: ['id'],
			getContact: ['phoneNumber'],
			getContacts: ['phoneNumber'],
			getGroups: ['id'],
			createGroup: ['id'],
			getMessages: ['id'],
			getReport: ['delivery', 'engagement'],
			getBalance: ['totalCredits'],
			checkKeyword: ['available'],
			getKeyword: ['keyword'],
			subscribe: ['id'],
		},
	};
	return provider;
}

function envelopeOf(status: number, title: string): Content {
	return { status, title, errors: [{ code: String(status), message: title }] };
}

function textsIn(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
