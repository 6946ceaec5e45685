import { baseUrlOf } from '../shared/http/baseUrl';
import { booleanIn, listIn, numberIn, objectIn, readBody, textIn } from '../shared/http/response';
import { verdictByStatus } from '../shared/http/statusVerdict';
import type { HttpResponse, Provider, Refusal, Verdict } from '../shared/provider';
import { MAIL_PARTNER_BRANDS, MAIL_PARTNER_HOSTS } from './hosts';

/**
 * How MailPartner's API is spoken to: JSON bodies, the API key among their fields or in the query. Failures come with
 * any HTTP status, 200 included; the same code means different things in different operations. Source: MailPartner,
 * sub-account pages and error table.
 */
export const mailPartner: Provider = {
	name: 'MailPartner',
	brands: MAIL_PARTNER_BRANDS,
	credential: 'mailPartnerApi',
	baseUrl: (credential) => baseUrlOf(credential, MAIL_PARTNER_HOSTS),
	secrets: ({ apiKey }) => [String(apiKey ?? '')],
	headers: { Accept: 'application/json' },
	classify,
	advice,
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
	const body = readBody(response);
	const isXml = body.format === 'xml';
	const data = 'data' in body ? (isXml ? fromEntries(body.data) : objectIn(body.data)) : {};
	const code = numberIn(data.code);
	const answered = response.status >= 200 && response.status < 300;

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
	return verdictByStatus(response, body);
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

/** The provider's own words, in French; field errors come as a list under one of two names. */
function messageIn(data: Record<string, unknown>): string | null {
	const errors = [data.errors, data.error].flatMap((list) =>
		Array.isArray(list) ? (list as unknown[]) : [],
	);
	const texts = errors
		.map((error) => textIn(objectIn(error).message) ?? textIn(error))
		.filter((text) => text !== null);
	return textIn(data.message) ?? textIn(data.error) ?? (texts.length > 0 ? texts.join('; ') : null);
}

const WRONG_KEY = 'Check the API key and the environment in the MailPartner credential.';

/** What the codes mean for a person, by operation. Source: MailPartner, the error tables of the sub-account pages. */
const adviceOf = (provider: string): Record<string, Record<string, string>> => ({
	'subaccount.create': {
		'2': `Ask ${provider} whether sub-accounts are enabled for your account.`,
		'6': 'An advanced sub-account needs an email.',
		'7': 'An account with this email exists already; use another email.',
		'8': 'The starting credit has to be above 0.',
		'9': 'The main account has too little credit. Buy some, or lower the starting credit.',
	},
	credit: {
		'4': `Ask ${provider} whether your account may move credit.`,
		'5': 'The amount has to be above 0.',
		'6': 'There is too little credit on the account that pays.',
		'7': 'Look up the sub-account’s token with “Get Many”.',
		'8': 'There is too little credit on the account that pays.',
	},
});

function advice({ provider, code, httpStatus, operation }: Refusal): string {
	if (code === '10' || code === '1' || httpStatus === 401) return WRONG_KEY;
	if (code === '96') return `Ask ${provider} to allow the IP address of this n8n.`;
	if (httpStatus === 429)
		return `${provider} did not process the request. Wait a minute before you try again.`;
	const tables = adviceOf(provider);
	const table = tables[operation] ?? (operation.startsWith('credit.') ? tables.credit : undefined);
	return table?.[code ?? ''] ?? 'Nothing was changed. Correct what the text names and try again.';
}
