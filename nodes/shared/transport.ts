import type { ICredentialDataDecryptedObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Provider, WireRequest } from './operation';
import type { Reply } from './reply';

/** No reply came. `left` tells whether the request may have reached the provider. */
export interface Interruption {
	left: boolean;
	why: string;
	cancelled: boolean;
}

/** What of n8n's contexts (execute, single item, dropdown) the transport needs. */
export interface HttpContext {
	helpers: {
		httpRequestWithAuthentication(
			this: never,
			credentialsType: string,
			requestOptions: IHttpRequestOptions,
			additionalCredentialOptions?: { credentialsDecrypted?: never },
		): Promise<unknown>;
	};
}

/** The options under which n8n's request helper repeats nothing, follows nothing and throws for no status. */
export function requestOptions(
	provider: Provider,
	baseUrl: string,
	request: WireRequest,
	timeout: number,
): IHttpRequestOptions {
	const options: IHttpRequestOptions = {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		headers: { ...provider.headers },
		qs: { ...provider.query, ...request.query },
		timeout,
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	if (request.form) {
		options.headers!['Content-Type'] = 'application/x-www-form-urlencoded';
		// A plain object until the credential has been applied: it adds the log-in to it.
		options.body = { ...request.form };
	}
	if (request.json) {
		options.headers!['Content-Type'] = 'application/json';
		options.body = { ...request.json };
	}
	return options;
}

/**
 * Sends one request, once.
 *
 * @param credential decrypted, so that n8n need not read it from its database again for every request
 */
export async function send(
	context: HttpContext,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<Reply | Interruption> {
	try {
		const full = (await context.helpers.httpRequestWithAuthentication.call(
			context as never,
			provider.credential,
			options,
			{ credentialsDecrypted: { id: '', name: '', type: provider.credential, data: credential } as never },
		)) as IN8nHttpFullResponse;
		return replyOf(full);
	} catch (error) {
		return interruptionOf(error, options.timeout ?? 0);
	}
}

/** n8n's full response as the judge reads it. */
export function replyOf({ statusCode, headers, body }: IN8nHttpFullResponse): Reply {
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
		),
		text: typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body),
	};
}

export function isReply(result: Reply | Interruption): result is Reply {
	return 'status' in result;
}

/** Error codes of a connection that never stood: no byte of the request has left. */
const NEVER_CONNECTED: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name was not found',
	EAI_AGAIN: 'the host name could not be looked up',
	ERR_INVALID_URL: 'the address is no URL',
	CERT_HAS_EXPIRED: 'the certificate of the host has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the host is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the host is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the host could not be verified',
	ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is not that of the host',
};

/** Never connected only if connecting is what failed: the same codes can end a connection that stood. */
const MAYBE_CONNECTED = ['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'];

/** Tells from what n8n's request helper threw whether the request can have reached the provider. */
export function interruptionOf(error: unknown, timeout: number): Interruption {
	const chain = causesOf(error);
	const codes = chain
		.flatMap(({ code, httpCode }) => [code, httpCode])
		.filter((code) => typeof code === 'string');
	const refusedHere = chain.find(({ name }) => name === 'OperationFailure');
	if (refusedHere) throw refusedHere as unknown as Error;

	const neverConnected = codes.find((code) => Object.hasOwn(NEVER_CONNECTED, code));
	if (neverConnected) return { left: false, why: NEVER_CONNECTED[neverConnected]!, cancelled: false };
	if (
		codes.some((code) => MAYBE_CONNECTED.includes(code)) &&
		chain.some(({ syscall }) => syscall === 'connect')
	) {
		return { left: false, why: 'the host could not be reached', cancelled: false };
	}
	if (chain.some(({ name }) => /ssrf/i.test(name ?? ''))) {
		return { left: false, why: 'n8n’s SSRF protection does not allow this address', cancelled: false };
	}
	if (codes.includes('ERR_CANCELED')) {
		return { left: true, why: 'the execution was cancelled before an answer came', cancelled: true };
	}
	if (codes.includes('ECONNABORTED') || codes.includes('ETIMEDOUT')) {
		return { left: true, why: `no answer came within ${timeout / 1000} s`, cancelled: false };
	}
	return { left: true, why: 'the connection broke before an answer came', cancelled: false };
}

interface ErrorLink {
	code?: string;
	httpCode?: string | null;
	name?: string;
	syscall?: string;
}

function causesOf(error: unknown): ErrorLink[] {
	const chain: ErrorLink[] = [];
	for (let link = error; typeof link === 'object' && link !== null && chain.length < 8;) {
		chain.push(link);
		const { cause, errorResponse } = link as { cause?: unknown; errorResponse?: unknown };
		link = cause ?? errorResponse;
	}
	return chain;
}
