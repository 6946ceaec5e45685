import { createHash, createHmac } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { parseJson } from '../shared/http/json';
import { booleanIn, objectIn, textIn } from '../shared/http/response';
import { isSame } from './subscriptions';
import { isoIn, tenOf } from './values';

export const EVENTS = ['messageReceived', 'optedOut', 'keywordOptIn', 'contactCreated'] as const;
export type Event = (typeof EVENTS)[number];

/** The types of the provider by what they tell. Source: EZ Texting, developer guide "Webhooks". */
const TYPES: Record<Event, string> = {
	messageReceived: 'inbound_text.received',
	// No type tells of opt-outs; a text that is one says so.
	optedOut: 'inbound_text.received',
	keywordOptIn: 'keyword.opt_in',
	contactCreated: 'contact.created',
};

/** The types that have to be registered for events. */
export function typesOf(events: Event[]): string[] {
	return [...new Set(events.map((event) => TYPES[event]))];
}

/**
 * Reads a callback; undefined for one that tells nothing of the events, or has no sender.
 *
 * @param raw the bytes that came
 * @param type what is registered at the address: no sample of a new contact is known
 * @returns the item, and what names the callback, however often it is delivered
 */
export function callbackIn(raw: Buffer, type: unknown, events: Event[]) {
	const came = objectIn(parsed(raw));
	if (Object.keys(came).length === 0) return undefined;
	const body: Record<string, unknown> = { type, ...came };
	if (body.type === TYPES.contactCreated) {
		if (!events.includes('contactCreated')) return undefined;
		const json = { ...(camelCased(came) as IDataObject), kind: 'contactCreated' };
		return { name: hash(raw), json };
	}
	const kind = kindOf(body, events);
	const sender = textIn(body.fromNumber);
	if (kind === undefined || sender === null) return undefined;
	const ownNumber = textIn(body.toNumber);
	const received = isoIn(body.received);
	const phoneNumber = tenOf(sender);
	return {
		// The ID is that of the message that is answered, which several answers may have.
		name: hash(received === null ? raw : `${phoneNumber} ${received}`),
		json: {
			phoneNumber,
			ownNumber: ownNumber === null ? null : tenOf(ownNumber),
			message: textIn(body.message),
			kind,
			receivedAt: received ?? new Date().toISOString(),
			keyword: textIn(body.keyword),
			optedIn: booleanIn(body.optIn),
			optedOut: booleanIn(body.optOut),
			answersMessageId: textIn(body.id),
		},
	};
}

function kindOf({ type, optOut }: Record<string, unknown>, events: Event[]): Event | undefined {
	const kinds: Event[] =
		type === TYPES.keywordOptIn
			? ['keywordOptIn']
			: type === TYPES.messageReceived
				? [...(booleanIn(optOut) ? (['optedOut'] as const) : []), 'messageReceived']
				: [];
	return kinds.find((kind) => events.includes(kind));
}

function parsed(raw: Buffer): unknown {
	try {
		return parseJson(raw.toString());
	} catch {
		return undefined;
	}
}

/** A value of a reply, its keys in camelCase. */
function camelCased(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(camelCased);
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camel(key), camelCased(inner)]));
}

function camel(key: string): string {
	const [first = '', ...further] = key.split(/[-_\s]/).filter((word) => word !== '');
	const written = further.map((word) => word[0]!.toUpperCase() + word.slice(1));
	const begun = first.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^./, (capitals) => capitals.toLowerCase());
	return `${begun}${written.join('')}`;
}

function hash(content: Buffer | string): string {
	return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}

/**
 * Whether the signatures of a callback are right: each that is there, over the bytes that came.
 *
 * The guide shows HMAC-SHA1 in `X-Signature`, a later one HMAC-SHA256 in `X-Signature-256`, and a live account sent none:
 * the length of a signature tells which it is.
 *
 * @returns undefined where there is none
 */
export function isSigned(headers: IDataObject, raw: Buffer, secret: string): boolean | undefined {
	const given = ['x-signature-256', 'x-signature']
		.map((name) => headers[name])
		.filter((value) => value !== undefined);
	if (given.length === 0) return undefined;
	return given.every((signature) => {
		const text = String(signature).trim();
		const algorithm = text.length === 28 ? 'sha1' : 'sha256';
		return isSame(text, createHmac(algorithm, secret).update(raw).digest('base64'));
	});
}
