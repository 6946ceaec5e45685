import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { invalid } from '../errors';
import { EMPTY, INVISIBLE, trimmed, withoutEnds, withoutInvisible } from '../values/text';

/**
 * The base URL of a credential, without a slash at its end; operations append their paths to it.
 *
 * A custom one may be a company gateway, a sister brand with the same API, or a test server. Since passwords and cards
 * go there, it has to be https; http is accepted on a loopback address only.
 *
 * @param known the provider's own addresses by `environment`
 * @throws OperationError `invalid` for an address that is no URL, not https, or holds a log-in, a query or a fragment
 */
export function baseUrlOf(credential: ICredentialDataDecryptedObject, known: Record<string, string>): string {
	const environment = String(credential.environment ?? 'production');
	if (environment !== 'custom') {
		const url = Object.hasOwn(known, environment) ? known[environment] : undefined;
		if (url === undefined) throw invalid('Environment', `has the unknown value "${environment}"`);
		return url;
	}
	const given = pasted(credential.baseUrl);
	const url = URL.canParse(given) ? new URL(given) : undefined;
	if (url === undefined) throw invalid('Base URL', 'of the credential is not a complete URL', ADVICE);
	if (url.username || url.password || url.search || url.hash) {
		throw invalid('Base URL', 'of the credential holds more than an address and a path', ADVICE);
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
		throw invalid('Base URL', `of the credential is not https: ${given}`, ADVICE);
	}
	return withoutEnds(url.origin + url.pathname, /\//);
}

/**
 * A text of a credential as it was meant: what comes along when it is pasted is left out, such as a line end, and inside of it
 * what nobody sees.
 */
export function pasted(value: unknown): string {
	return trimmed(withoutInvisible(String(value ?? '')));
}

/** The same of a user name or a password, in which joiners and variation selectors may be meant: emoji have them. */
export function pastedLogin(value: unknown): string {
	const text = String(value ?? '')
		.replace(NEVER_MEANT, '')
		.replace(BEHIND_NO_EMOJI, '');
	return withoutEnds(text, /(?!\uFE0F)[\s\u2800\p{Default_Ignorable_Code_Point}]/u);
}

/** A log-in of HTTP Basic authentication, without what came along when it was pasted. */
export function basicLogin({ username, password }: ICredentialDataDecryptedObject) {
	return { username: pastedLogin(username), password: pastedLogin(password) };
}

/** What of it may never be seen again. */
export function basicSecrets(credential: ICredentialDataDecryptedObject): string[] {
	const { username, password } = basicLogin(credential);
	const header = Buffer.from(`${username}:${password}`).toString('base64');
	return [...new Set([String(credential.password ?? ''), password, header])];
}

const NEVER_MEANT = new RegExp(`(?![\\u200C\\u200D\\uFE00-\\uFE0F])(?:${INVISIBLE.source})`, 'gu');
const BEHIND_NO_EMOJI = /(?<!\p{Extended_Pictographic})\uFE0F(?!\u20E3)/gu;

/** What is left out of a base URL, as n8n's expressions know it. */
const LEFT_OUT = `/^${EMPTY.source}+|${EMPTY.source}+$|${INVISIBLE.source}/gu`;

/** The same as an expression of n8n, for the credential's own test. */
export function baseUrlExpression(known: Record<string, string>): string {
	const others = Object.entries(known).filter(([environment]) => environment !== 'production');
	const choices = [
		['custom', `$credentials.baseUrl.replace(${LEFT_OUT}, "")`],
		...others.map(([name, url]) => [name, `"${url}"`]),
	]
		.map(([environment, url]) => `$credentials.environment === "${environment}" ? ${url} : `)
		.join('');
	return `={{ ${choices}"${known.production}" }}`;
}

const ADVICE =
	'Give an address that begins with https://, such as https://gateway.example.com/v1. Plain http is accepted only for a test server on this machine, such as http://127.0.0.1:5680.';

function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** What is added to a request that logs in. */
type Login = (
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
) => Partial<IHttpRequestOptions>;

/**
 * Adds the log-in of a credential to requests, and only to those to its own base URL. A getter of the credential's class
 * gives it: where it is a property of the credential, n8n offers “Custom API Call” among the operations of its nodes.
 *
 * @param known the provider's own addresses by `environment`
 */
export function loggingIn(known: Record<string, string>, login: Login) {
	return async (credential: ICredentialDataDecryptedObject, request: IHttpRequestOptions) => {
		assertGoesTo(baseUrlOf(credential, known), request);
		return { ...request, ...STAYING_THERE, ...login(credential, request) };
	};
}

/**
 * A redirect would carry the log-in away with the request. n8n's HTTP Request node, which may log in with these
 * credentials as well, has older names for that.
 */
const STAYING_THERE = { disableFollowRedirect: true, followRedirect: false, followAllRedirects: false };

/**
 * Keeps a credential at home: its log-in may only be added to a request that goes to its own base URL.
 *
 * @throws OperationError `invalid` when the request goes anywhere else
 */
export function assertGoesTo(baseUrl: string, request: IHttpRequestOptions): void {
	// n8n's HTTP Request node, which may log in with these credentials as well, says `uri` for `url`.
	const { baseURL = '', url, uri } = request as Partial<IHttpRequestOptions> & { uri?: string };
	const given = [url, uri].filter((address) => address !== undefined);
	if (given.length === 0 || !given.every((address) => isBelow(baseUrl, baseURL, address))) {
		throw invalid(
			'Base URL',
			'of the credential is not where this request goes; the log-in was not added to it',
		);
	}
}

/** Whether the HTTP client would go to an address below the base URL. */
function isBelow(baseUrl: string, baseURL: string, address: string): boolean {
	const isComplete = /^([a-z][a-z\d+.-]*:)?\/\//i.test(address);
	const written = isComplete ? address : `${withoutEnds(baseURL, /\//)}${address}`;
	if (!URL.canParse(written)) return false;
	const { origin, pathname, username, password } = new URL(written);
	return username === '' && password === '' && `${origin}${pathname}/`.startsWith(`${baseUrl}/`);
}
