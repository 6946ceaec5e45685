import { classifyMail, entryOf, mailAdvice, refusalOf } from '../Click2Mail/replies';
import { baseUrlOf, basicSecrets } from '../shared/http/baseUrl';
import { isAnswered, readBody } from '../shared/http/response';
import { adviceByStatus } from '../shared/http/statusAdvice';
import { verdictByStatus } from '../shared/http/statusVerdict';
import { EACH_TRY_HOLDS } from '../shared/paymentCard';
import { parseXml } from '../shared/http/xml';
import type { HttpRequest, HttpResponse, Provider, Refusal, Verdict } from '../shared/provider';

/** Click2Mail's addresses by the credential's environment. Source: Click2Mail, API 101 page. */
export const CLICK2MAIL_HOSTS = {
	production: 'https://rest.click2mail.com/molpro',
	staging: 'https://stage-rest.click2mail.com/molpro',
};

/**
 * How Click2Mail's REST API is spoken to: XML replies, HTTP Basic authentication, form-encoded purchases. JSON is
 * answered now and then although XML was asked for, so both are read. Source: Click2Mail, Add Credit and API 101 pages.
 */
export const click2Mail: Provider = {
	name: 'Click2Mail',
	credential: 'click2MailApi',
	baseUrl: (credential) => baseUrlOf(credential, CLICK2MAIL_HOSTS),
	secrets: basicSecrets,
	headers: { Accept: 'application/xml' },
	parseXml,
	classify,
	advice,
	concurrency: 20,
	// Its gateway gives up after 100 s; whoever waits less calls a late success unknown.
	timeout: 120_000,
};

/** The failures of a `status` of its own that Click2Mail documents: not found, not authorized, bad input. */
const REFUSALS = ['1', '2', '9'];

/**
 * A `credit` element is a success when its HTTP status is 2xx and its own `status`, where it has one, is 0: Click2Mail
 * reports failures inside HTTP 200 as well. A failure may stand in an element of another name. A `status` that is not
 * documented says nothing.
 */
function classify(response: HttpResponse, request?: HttpRequest): Verdict {
	if (request && !isAboutCredit(request)) return classifyMail(response, request);
	const body = readBody(response, parseXml);
	if (!('data' in body)) return verdictByStatus(response, body);
	const { fields, status, words, root } = entryOf(body.data, 'balance');
	if (status !== null && REFUSALS.includes(status) && response.status < 500) {
		return refusalOf(response, status, words);
	}
	const answered = isAnswered(response);
	const isCredit = root === null || root === 'credit';
	if (answered && isCredit && (status === null || status === '0')) return { kind: 'done', value: fields };
	return status === '0'
		? { kind: 'unclear', why: `a success inside HTTP ${response.status}` }
		: verdictByStatus(response, body, wordsOf(status, words));
}

/** What a failure that nobody documents says of itself. */
function wordsOf(status: string | null, description: string | null): string | null {
	return description === null || status === null ? description : `${description} (status ${status})`;
}

const isAboutCredit = ({ path }: HttpRequest) => path.startsWith('/credit');

function advice(refusal: Refusal): string {
	const { code, httpStatus, operation, request } = refusal;
	if (httpStatus === 401) {
		return 'Check user name, password and environment in the Click2Mail credential. Several wrong passwords lock the account for a while.';
	}
	if (request ? !isAboutCredit(request) : !operation.startsWith('credit.')) return mailAdvice(refusal);
	if (code === undefined) return adviceByStatus(refusal);
	if (operation === 'credit.getBalance' || request?.method === 'GET')
		return 'Nothing was changed. If it stays, ask support@click2mail.com.';
	if (code === '2') {
		return `The card was not accepted: check its number, code, expiry and billing address with its owner. ${EACH_TRY_HOLDS}`;
	}
	return 'Nothing was charged. Check the amount and the card, or ask support@click2mail.com.';
}
