import { isRefused } from '../shared/errors';
import { baseUrlOf, basicLogin, basicSecrets } from '../shared/http/baseUrl';
import { parseJson } from '../shared/http/json';
import { retryAfter } from '../shared/http/retry';
import { needed, objectIn, readBody, textIn, type Body } from '../shared/http/response';
import { verdictByStatus } from '../shared/http/statusVerdict';
import type { HttpResponse, Provider, Verdict } from '../shared/provider';
import { adviceOf, whereToLook } from './refusals';

/** EZ Texting's address by the credential's environment. Source: EZ Texting, developer guides. */
export const EZ_TEXTING_HOSTS = { production: 'https://a.eztexting.com/v1' };

/** An account may be asked 200 times a minute (guide "Rate Limits"); some of it is left to others who use it. */
const PER_MINUTE = 180;

/**
 * How EZ Texting's API v1 is spoken to: JSON, HTTP Basic authentication, ordinary HTTP statuses. Source: EZ Texting,
 * developer guides "Authentication", "Errors" and "Rate Limits".
 *
 * Not confirmed with a live account: nearly every reply to a write; see docs/unconfirmed.md.
 */
export const ezTexting: Provider = {
	name: 'EZ Texting',
	credential: 'ezTextingApi',
	baseUrl: (credential) => baseUrlOf(credential, EZ_TEXTING_HOSTS),
	secrets: basicSecrets,
	headers: { Accept: 'application/json' },
	classify,
	advice: adviceOf,
	whereToLook,
	pace: perMinute(PER_MINUTE),
	accountOf: (credential) => basicLogin(credential).username.toLowerCase(),
	concurrency: 4,
	timeout: 60_000,
};

export function perMinute(requests: number) {
	return { requests, within: 60_000 };
}

/** Reads the reply to a write without result: its status has told it, whatever it says. */
export function doneIn(): true {
	return true;
}

/** Reads the identifier that a new thing has. @throws UnrecognisedReply without one */
export function idIn(data: unknown): string {
	return needed(textIn(objectIn(data).id), 'ID');
}

/** A 404 of the provider's own, not a page of whatever else answers at the address. */
export function isNotFound(error: unknown): boolean {
	return isRefused(error) && error.facts.httpStatus === 404 && error.facts.providerCode !== undefined;
}

/**
 * 200, 201 and 204 are successes unless they say that something is wrong; what an operation needs of them it looks for
 * itself. A page for people and a text that breaks off are none. 429 says that the request was not processed.
 */
function classify(response: HttpResponse): Verdict {
	const body = readBody(response);
	const saysNo = 'data' in body && isError(body.data);
	const words = saysNo || response.status >= 400 ? wordsIn(body) : null;
	if ([200, 201, 204].includes(response.status) && !saysNo) {
		if (body.format === 'empty') return { kind: 'done', value: null };
		if ('data' in body) return { kind: 'done', value: body.data };
		if (body.why === 'plain text') return { kind: 'done', value: wordIn(response.text) };
	}
	if (response.status === 429) {
		const message = words ?? 'too many requests at the moment';
		return { kind: 'notProcessed', message, code: '429', wait: waitIn(response) };
	}
	const verdict = verdictByStatus(response, body, words);
	if (verdict.kind !== 'refused' || body.format === 'unreadable') return verdict;
	return { ...verdict, message: words ?? verdict.message, code: codeIn(body) ?? String(response.status) };
}

/** What is no object and no list: a value of JSON, or the text as it came. */
function wordIn(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return text;
	}
}

/**
 * An error has its status, or a list of what is wrong. Source: guide "Errors". A success may repeat its own status, as far
 * as is known.
 */
function isError(data: unknown): boolean {
	const { status, errors } = objectIn(data);
	return (typeof status === 'number' && status >= 400) || Object.keys(errors ?? {}).length > 0;
}

/** What an error says, in the words for people that it has; null where there are none. */
function wordsIn(body: Body): string | null {
	const { title, detail, message, errors } = objectIn('data' in body ? body.data : null);
	const messages = (Array.isArray(errors) ? errors : []).map((item: unknown) => {
		const named = objectIn(item);
		return textIn(item) ?? textIn(named.message) ?? textIn(named.title);
	});
	const words = messages.filter((text) => text !== null).join('; ');
	return words || (textIn(detail) ?? textIn(message) ?? textIn(title));
}

function codeIn(body: Body): string | null {
	const { errors } = objectIn('data' in body ? body.data : null);
	return Array.isArray(errors) ? textIn(objectIn(errors[0]).code) : null;
}

/** The longest wait that is granted, and the one where none is named. In ms. */
const LONGEST_WAIT = 60_000;

/** Source: guide "Rate Limits"; an unofficial draft speaks of Retry-After. */
function waitIn(response: HttpResponse): number {
	const ms = response.headers['x-rate-limit-retry-after-milliseconds']?.trim() ?? '';
	return /^\d+$/.test(ms)
		? Math.min(Number(ms), LONGEST_WAIT)
		: retryAfter(response, LONGEST_WAIT, LONGEST_WAIT);
}
