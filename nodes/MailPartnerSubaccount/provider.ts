import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { baseUrlOf, pasted } from '../shared/http/baseUrl';
import { booleanIn, isAnswered, listIn, numberIn, objectIn, readBody, textIn } from '../shared/http/response';
import { verdictByStatus } from '../shared/http/statusVerdict';
import { parseXml } from '../shared/http/xml';
import type { HttpResponse, Provider, Verdict } from '../shared/provider';
import { adviceOf, labelled, reasonOf } from './refusals';

/**
 * The addresses of MailPartner and its sister brand by the credential's environment; both have the same calls for
 * sub-accounts. Source: MailPartner, sub-account pages; SMS Partner, the same pages.
 */
export const MAIL_PARTNER_HOSTS = {
	production: 'https://api.mailpartner.fr/v1',
	smsPartner: 'https://api.smspartner.fr/v1',
};

/** The API key, in which no blank and no line end can be meant. */
export function keyOf({ apiKey }: ICredentialDataDecryptedObject): string {
	return pasted(apiKey).replace(/\s/g, '');
}

/**
 * How MailPartner's API is spoken to: JSON bodies, the API key among their fields or in the query. Failures come with
 * any HTTP status, 200 included; the same code means different things in different operations. Source: MailPartner,
 * sub-account pages and error table.
 */
export const mailPartner: Provider = {
	name: 'MailPartner',
	brands: { smsPartner: 'SMS Partner' },
	credential: 'mailPartnerApi',
	baseUrl: (credential) => baseUrlOf(credential, MAIL_PARTNER_HOSTS),
	secrets: (credential) => [keyOf(credential)],
	headers: { Accept: 'application/json' },
	parseXml,
	classify,
	reason: reasonOf,
	advice: adviceOf,
	concurrency: 5,
	timeout: 30_000,
};

/** The codes of a refusal that MailPartner documents, in its error tables and in the one that all its calls share. */
const REFUSALS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 30, 40, 90, 96];
/** No key or a wrong one. */
const WRONG_KEY_CODES = [1, 10];
/** An account that is closed, API access that is off, an IP address that is not allowed. */
const NO_ENTRY = [20, 30, 40, 96];
const TOO_MANY = 429;

/**
 * A success is an HTTP status of 2xx, `success` true and `code` 200. A refusal is `success` false with a documented code.
 * 429, as the HTTP status or as the code, says that the request was not processed, unless the body speaks of a success.
 */
function classify(response: HttpResponse): Verdict {
	const body = readBody(response, parseXml);
	const isXml = body.format === 'xml';
	const reply = 'data' in body ? (isXml ? fromEntries(body.data) : objectIn(body.data)) : {};
	// Some of its replies have true as a text.
	const data: Record<string, unknown> =
		'success' in reply ? { ...reply, success: booleanIn(reply.success) } : reply;
	const code = numberIn(data.code);
	const answered = isAnswered(response);

	if (data.success === true) {
		if (answered && (code === null || code === 200)) return { kind: 'done', value: data };
		return { kind: 'unclear', why: `a success with code ${code} inside HTTP ${response.status}` };
	}
	if (
		response.status === TOO_MANY ||
		(code === TOO_MANY && data.success === false && response.status < 500)
	) {
		if (data.success !== false && /success/i.test(response.text)) {
			return { kind: 'unclear', why: 'a success inside HTTP 429' };
		}
		return {
			kind: 'notProcessed',
			message: messageIn(data) ?? 'too many requests at the moment (HTTP 429)',
			...(code !== null && { code: String(code) }),
		};
	}
	if (data.success === false && code !== null && REFUSALS.includes(code) && response.status < 500) {
		return {
			kind: 'refused',
			message: messageIn(data) ?? `the request (code ${code})`,
			code: String(code),
			affects: WRONG_KEY_CODES.includes(code) || response.status === 401 ? 'run' : 'item',
			...(NO_ENTRY.includes(code) && { isGeneral: true }),
		};
	}
	const words = messageIn(data);
	const isCoded = words !== null && code !== null;
	return verdictByStatus(response, body, isCoded ? `${words} (code ${code})` : words);
}

/**
 * The fields of an XML reply, which has none: its entries are told apart by their place. Documented are the refusal
 * and the creation of a sub-account; anything else lacks its fields and is not taken for a success.
 */
function fromEntries(data: unknown): Record<string, unknown> {
	const entries = objectIn(objectIn(data).result).entry;
	if (!Array.isArray(entries)) return {};
	const [success, code, third, ...further] = entries as unknown[];
	const known = { success: booleanIn(success), code };
	if (known.success === false) return { ...known, message: third };
	const subaccount = listIn(third);
	if (typeof third !== 'object' || subaccount?.length !== 2 || further.length > 2) return known;
	const [email, token] = subaccount;
	const [sendConfirmMailTo, parent] = further.length === 2 ? further : [undefined, further[0]];
	return { ...known, subaccount: { email, token }, sendConfirmMailTo, parent_email: parent };
}

/** The provider's own words, in French; errors of fields come as a list or by name, under one of two names. */
function messageIn(data: Record<string, unknown>): string | null {
	const texts = [textIn(data.message), ...[data.errors, data.error].flatMap(errorsIn)];
	const known = [...new Set(texts.filter((text) => text !== null))];
	return known.length > 0 ? known.join('; ') : null;
}

function errorsIn(value: unknown): Array<string | null> {
	if (Array.isArray(value)) return (value as unknown[]).flatMap(errorsIn);
	if (typeof value !== 'object' || value === null) return [textIn(value)];
	const { elementId, field, message, ...others } = value as Record<string, unknown>;
	const name = textIn(elementId) ?? textIn(field);
	if (message === undefined && name === null) {
		return Object.entries(others).flatMap(([key, inner]) => errorsIn(inner).map(named(key)));
	}
	return errorsIn(message).map(name === null ? (text) => text : named(name));
}

const named = (field: string) => (text: string | null) => text && `${labelled(field)}: ${text}`;
