import { createHmac } from 'node:crypto';
import type { ContactBooks } from './ezTextingContacts';
import { bodyOf, listed, vary, wrote, type WireBooks } from './ezTextingWire';
import type { Answer, RecordedRequest, Route } from './wire';

export interface Subscription {
	id: string;
	type: string;
	callbackUrl: string;
	secret?: string;
	insecureSsl: boolean;
}

export interface WebhookBooks {
	subscriptions: Subscription[];
	nextSubscriptionId: number;
}

export const openWebhookBooks = (): WebhookBooks => ({ subscriptions: [], nextSubscriptionId: 880_001 });

const TYPES = ['inbound_text.received', 'keyword.opt_in', 'contact.created'];

export function webhookRoutes(
	books: WebhookBooks & WireBooks,
	refuse: (status: number, texts: string[]) => Answer,
): Route[] {
	function create(request: RecordedRequest): Answer {
		const body = bodyOf(request, ['type', 'callbackUrl', 'secret', 'insecureSsl']);
		const { type, callbackUrl, secret } = body ?? {};
		if (typeof type !== 'string' || !TYPES.includes(type)) return refuse(400, [`No enum constant ${type}`]);
		if (typeof callbackUrl !== 'string' || !URL.canParse(callbackUrl))
			return refuse(400, ['callbackUrl is not valid']);
		const id = String(books.nextSubscriptionId++);
		books.subscriptions.push({
			id,
			type,
			callbackUrl,
			...(typeof secret === 'string' && { secret }),
			insecureSsl: body!.insecureSsl === true,
		});
		return wrote(books, { id }, [201, 200]);
	}

	const list = (request: RecordedRequest) =>
		listed(
			books,
			request,
			books.subscriptions.map(({ id, type, callbackUrl, insecureSsl }) => ({
				id,
				type,
				callbackUrl,
				insecureSsl,
			})),
		);

	function remove(_request: RecordedRequest, id: string): Answer {
		const before = books.subscriptions.length;
		books.subscriptions = books.subscriptions.filter((one) => one.id !== id);
		if (books.subscriptions.length === before) return refuse(404, ['Not found']);
		return wrote(books, null, [200, 204]);
	}

	return [
		{ method: 'post', path: '/webhooks/subscriptions', operation: 'subscribe', answer: create },
		{ method: 'get', path: '/webhooks/subscriptions', operation: 'getSubscriptions', answer: list },
		{ method: 'delete', path: '/webhooks/subscriptions/:id', operation: 'unsubscribe', answer: remove },
	];
}

/** How a callback may be signed: the old header, the new one, or not at all. */
export type Signature = 'X-Signature' | 'X-Signature-256' | 'none';

/** What the provider posts to a subscription. Its ID is that of the message that went to the person last. */
export function callbackOf(
	books: WireBooks & Pick<ContactBooks, 'lastOutbound'>,
	{ type, secret }: Subscription,
	fields: Record<string, unknown>,
	signature: Signature = vary<Signature>(books, 'none', 'X-Signature-256', 'X-Signature'),
): { body: string; headers: Record<string, string> } {
	const received = new Date().toISOString();
	const id = books.lastOutbound.get(String(fields.fromNumber));
	const body = JSON.stringify({
		...(id !== undefined && { id }),
		type,
		received: vary(books, received, received.replace('Z', '+00:00')),
		...fields,
	});
	const algorithm = signature === 'X-Signature' ? 'sha1' : 'sha256';
	const isSigned = signature !== 'none' && secret !== undefined;
	return {
		body,
		headers: {
			'content-type': 'application/json',
			...(isSigned && { [signature]: createHmac(algorithm, secret).update(body).digest('base64') }),
		},
	};
}
