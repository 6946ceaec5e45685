import type { Provider, Verdict } from '../shared/operation';
import { baseUrlOf } from '../shared/baseUrl';
import { booleanIn, listIn, numberIn, objectIn, readBody, textIn, type Reply } from '../shared/reply';
import { verdictByStatus } from '../shared/verdict';
import { MAIL_PARTNER_HOSTS } from './hosts';

/**
 * How MailPartner's API is spoken to: JSON bodies, the API key among their fields or in the query. Failures come with
 * any HTTP status, 200 included; the same code means different things in different operations. Source: MailPartner,
 * sub-account pages and error table.
 */
export const mailPartner: Provider = {
	name: 'MailPartner',
	credential: 'mailPartnerApi',
	baseUrl: (credential) => baseUrlOf(credential, MAIL_PARTNER_HOSTS),
	secrets: ({ apiKey }) => [String(apiKey ?? '')],
	headers: { Accept: 'application/json' },
	judge,
	advice,
	notProcessed: 429,
	timeout: 30_000,
};

/** A success is an HTTP status of 2xx, `success` true and `code` 200. A refusal is `success` false. */
function judge(reply: Reply): Verdict {
	const body = readBody(reply);
	if (!('data' in body)) return verdictByStatus(reply, body);
	const data = body.format === 'xml' ? fromEntries(body.data) : objectIn(body.data);
	const code = numberIn(data.code);
	const answered = reply.status >= 200 && reply.status < 300;

	if (data.success === true) {
		if (answered && (code === null || code === 200)) return { kind: 'success', data };
		return {
			kind: 'unclear',
			why: `a success with code ${code} inside HTTP ${reply.status}`,
			claimsSuccess: true,
		};
	}
	if (data.success === false && reply.status < 500) {
		return {
			kind: 'refused',
			message: messageIn(data) ?? (code === null ? 'the request' : `the request (code ${code})`),
			...(code !== null && { code: String(code) }),
		};
	}
	return verdictByStatus(reply, body);
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
const ADVICE: Record<string, Record<string, string>> = {
	'subaccount.create': {
		'2': 'Ask MailPartner whether sub-accounts are enabled for your account.',
		'6': 'An advanced sub-account needs an email.',
		'7': 'An account with this email exists already; use another email.',
		'8': 'The starting credit has to be above 0.',
		'9': 'The main account has too little credit. Buy some, or lower the starting credit.',
	},
	credit: {
		'4': 'Ask MailPartner whether your account may move credit.',
		'5': 'The amount has to be above 0.',
		'6': 'There is too little credit on the account that pays.',
		'7': 'Look up the sub-account’s token with “Get Many”.',
		'8': 'There is too little credit on the account that pays.',
	},
};

function advice(code: string | undefined, httpStatus: number, operation: string): string {
	if (code === '10' || code === '1' || httpStatus === 401) return WRONG_KEY;
	if (code === '96') return 'Ask MailPartner to allow the IP address of this n8n.';
	if (httpStatus === 429)
		return 'MailPartner did not process the request. Wait a minute before you run this item again.';
	const table = ADVICE[operation] ?? (operation.startsWith('credit.') ? ADVICE.credit : undefined);
	return table?.[code ?? ''] ?? 'Nothing was changed. Correct what the text names and run this item again.';
}
