import { baseUrlOf, pastedLogin } from '../shared/http/baseUrl';
import { perSecond } from '../shared/http/rateLimiter';
import { isAnswered, numberIn, objectIn, readBody, textIn, UnrecognisedReply } from '../shared/http/response';
import { verdictByStatus } from '../shared/http/statusVerdict';
import { parseXml } from '../shared/http/xml';
import type { HttpResponse, Provider, Verdict } from '../shared/provider';
import { adviceOf, reasonOf } from './refusals';

/**
 * The addresses of Club Texting and its sister brands by the credential's environment. Source: Club Texting, REST API
 * documentation; the sister brands: the vendor's client library, which speaks to all of them in the same way.
 */
export const CLUB_TEXTING_HOSTS = {
	production: 'https://app.clubtexting.com',
	ezTexting: 'https://app.eztexting.com',
	groupTexting: 'https://app.grouptexting.com',
	tellMyCell: 'https://app.tellmycell.com',
};

/**
 * How Club Texting's REST API is spoken to: form-encoded requests, the log-in among their fields, replies in JSON or
 * XML. Source: Club Texting, REST API documentation; the pace and the meaning of 503: its HTTP API page.
 */
export const clubTexting: Provider = {
	name: 'Club Texting',
	brands: { ezTexting: 'EZ Texting', groupTexting: 'Group Texting', tellMyCell: 'TellMyCell' },
	credential: 'clubTextingApi',
	baseUrl: (credential) => baseUrlOf(credential, CLUB_TEXTING_HOSTS),
	secrets: ({ password }) => [pastedLogin(password)],
	headers: { Accept: 'application/json' },
	query: { format: 'json' },
	parseXml,
	classify,
	reason: reasonOf,
	advice: adviceOf,
	brokenAdvice: (name) =>
		`Something is broken at ${name}: open a ticket with its support, and tell it when this happened and what this text says.`,
	pace: perSecond(2),
	concurrency: 2,
	timeout: 60_000,
};

/** The reply to a deletion: 204 and nothing else. */
export const DELETED = 'deleted';

/** Reads the reply to a deletion. @throws UnrecognisedReply unless it is one */
export function deletionIn(data: unknown, what: string): number {
	if (data === DELETED) return 1;
	throw new UnrecognisedReply(`the reply does not say that the ${what} is deleted`);
}

/** What Club Texting says where the account may not use its API, or not this part of it. */
const NO_ENTRY = /^Access Forbidden$/i;
/** What it says of a wrong log-in. */
const WRONG_LOGIN = /^Authorization Required$/i;

/**
 * A success is an HTTP status of 2xx with a `Response` whose `Status` is Success and whose `Code` is 2xx; its value is
 * the `Entry`, or for a list an object with its `Entries`. A refusal is a `Response` that lists `Errors`, or says Failure, or has a `Code` of 4xx. An HTTP status of
 * 503 says that the request was not processed, unless its body speaks of a success.
 */
function classify(response: HttpResponse): Verdict {
	const body = readBody(response, parseXml);
	if (response.status === 204 && body.format === 'empty') return { kind: 'done', value: DELETED };
	if (!('data' in body)) return withoutBody(response, body);

	const reply = objectIn(objectIn(body.data).Response);
	const status = textIn(reply.Status)?.trim().toLowerCase();
	const code = numberIn(reply.Code);
	const errors = errorsIn(reply.Errors);
	const words = errors.join('; ') || textIn(reply.Message);
	const answered = isAnswered(response);
	const codeIsGood = code === null || (code >= 200 && code < 300);

	if (status === 'success' && codeIsGood && errors.length === 0) {
		if (answered) return { kind: 'done', value: 'Entry' in reply ? reply.Entry : { Entries: reply.Entries } };
		return { kind: 'unclear', why: `a success inside HTTP ${response.status}` };
	}
	const saysNo =
		status !== 'success' && (errors.length > 0 || status === 'failure' || (code !== null && code >= 400));
	if (response.status === 503) return whenBusy(response, saysNo, errors);
	if (saysNo && response.status < 500 && (code ?? 0) < 500) {
		const says = (pattern: RegExp) => errors.some((error) => pattern.test(error.trim()));
		const isWrongLogin = says(WRONG_LOGIN) || response.status === 401 || code === 401;
		return {
			kind: 'refused',
			message: words ?? `the request (code ${code ?? response.status})`,
			code: String(code ?? response.status),
			affects: isWrongLogin ? 'run' : 'item',
			...(says(NO_ENTRY) && { isGeneral: true }),
		};
	}
	return verdictByStatus(response, body, words);
}

/** Its error texts, with the names of their fields where these are keys. */
function errorsIn(value: unknown, field = ''): string[] {
	if (typeof value === 'object' && value !== null) {
		return Object.entries(value).flatMap(([key, inner]) =>
			errorsIn(inner, /^(\d+|Error)$/.test(key) ? field : field || `${key}: `),
		);
	}
	const text = textIn(value);
	return text === null ? [] : [field + text];
}

function withoutBody(response: HttpResponse, body: ReturnType<typeof readBody>): Verdict {
	if (response.status === 503) return whenBusy(response);
	return withErrorTexts(verdictByStatus(response, body), response);
}

function whenBusy({ text }: HttpResponse, saysNo = false, errors: string[] = []): Verdict {
	if (!saysNo && /success/i.test(text)) return { kind: 'unclear', why: 'a success inside HTTP 503' };
	return {
		kind: 'notProcessed',
		message: errors.join('; ') || 'too many requests at the moment',
		code: '503',
	};
}

/** Club Texting's own error texts can contain a bare & or <, which makes their XML unreadable but not less telling. */
function withErrorTexts(verdict: Verdict, { status, text }: HttpResponse): Verdict {
	const errors = text
		.split('<Error>')
		.slice(1)
		.filter((piece) => piece.includes('</Error>'))
		.map((piece) => piece.slice(0, piece.indexOf('</Error>')).trim());
	if (verdict.kind !== 'refused' || errors.length === 0) return verdict;
	return { kind: 'refused', message: errors.join('; '), code: String(status), affects: verdict.affects };
}
