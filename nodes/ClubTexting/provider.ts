import type { Provider, Verdict } from '../shared/operation';
import { baseUrlOf } from '../shared/baseUrl';
import { listIn, numberIn, objectIn, readBody, textIn, type Reply } from '../shared/reply';
import { verdictByStatus } from '../shared/verdict';
import { CLUB_TEXTING_HOSTS } from './hosts';

/**
 * How Club Texting's REST API is spoken to: form-encoded requests, the log-in among their fields, replies in JSON or
 * XML. Source: Club Texting, REST API documentation; the pace and the meaning of 503: its HTTP API page.
 */
export const clubTexting: Provider = {
	name: 'Club Texting',
	credential: 'clubTextingApi',
	baseUrl: (credential) => baseUrlOf(credential, CLUB_TEXTING_HOSTS),
	secrets: ({ password }) => [String(password ?? '')],
	headers: { Accept: 'application/json' },
	query: { format: 'json' },
	judge,
	advice,
	notProcessed: 503,
	requestsPerSecond: 2,
	timeout: 60_000,
};

/** The reply to a deletion: 204 and nothing else. */
export const DELETED = 'deleted';

/**
 * A success is an HTTP status of 2xx with a `Response` whose `Status` is Success and whose `Code` is 2xx; its data is
 * the `Entry`. A refusal is a `Response` that lists `Errors`, or says Failure, or has a `Code` of 4xx.
 */
function judge(reply: Reply): Verdict {
	const body = readBody(reply);
	if (reply.status === 204 && body.format === 'empty') return { kind: 'success', data: DELETED };
	if (!('data' in body)) return withErrorTexts(verdictByStatus(reply, body), reply);

	const response = objectIn(objectIn(body.data).Response);
	const status = textIn(response.Status)?.toLowerCase();
	const code = numberIn(response.Code);
	const errors = listIn(response.Errors) ?? [];
	const answered = reply.status >= 200 && reply.status < 300;
	const codeIsGood = code === null || (code >= 200 && code < 300);

	if (status === 'success' && codeIsGood && errors.length === 0) {
		if (answered) return { kind: 'success', data: response.Entry };
		return { kind: 'unclear', why: `a success inside HTTP ${reply.status}`, claimsSuccess: true };
	}
	const saysNo =
		status !== 'success' && (errors.length > 0 || status === 'failure' || (code !== null && code >= 400));
	if (saysNo && reply.status < 500 && (code ?? 0) < 500) {
		return {
			kind: 'refused',
			message: errors.join('; ') || `the request (code ${code ?? reply.status})`,
			code: String(code ?? reply.status),
		};
	}
	// A 503 is judged by its status, which is documented, and not by its body, which is not.
	if (saysNo && reply.status === 503)
		return { kind: 'refused', message: errors.join('; ') || 'too many requests at the moment', code: '503' };
	return verdictByStatus(reply, body);
}

/** Club Texting's own error texts can hold a bare & or <, which makes their XML unreadable but not less telling. */
function withErrorTexts(verdict: Verdict, { status, text }: Reply): Verdict {
	const errors = [...text.matchAll(/<Error>(.*?)<\/Error>/gs)].map(([, error]) => error!.trim());
	if (verdict.kind !== 'refused' || errors.length === 0) return verdict;
	return { ...verdict, message: errors.join('; '), code: String(status) };
}

function advice(code: string | undefined, httpStatus: number, operation: string, message = ''): string {
	if (httpStatus === 401 || code === '401') {
		return 'Check user name and password in the Club Texting credential, and ask Club Texting’s support whether API access is switched on for the account.';
	}
	if (httpStatus === 503)
		return 'Club Texting did not process the request. Lower “Requests per Second” or wait before you run this item again.';
	if (['credit.buy', 'credit.topUp', 'keyword.rent'].includes(operation)) {
		return 'Nothing was charged. Check the card and its billing address, or the last four digits of the card stored at Club Texting.';
	}
	if (/forbidden/i.test(message)) {
		return 'Nothing was sent or changed. The account may not use this: ask Club Texting’s support.';
	}
	return 'Nothing was sent or changed. Correct what the text names and run this item again.';
}
