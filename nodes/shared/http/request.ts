import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import type { HttpRequest, HttpResponse, Provider } from '../provider';
import { interruptionOf, type Interruption } from './networkError';

/** The options under which n8n's request helper repeats nothing, follows nothing and throws for no status. */
export function requestOptions(
	provider: Provider,
	baseUrl: string,
	request: HttpRequest,
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
	context: IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<HttpResponse | Interruption> {
	try {
		const full = (await context.helpers.httpRequestWithAuthentication.call(
			context,
			provider.credential,
			options,
			{ credentialsDecrypted: { id: '', name: '', type: provider.credential, data: credential } as never },
		)) as IN8nHttpFullResponse;
		return responseOf(full);
	} catch (error) {
		return interruptionOf(error, options.timeout ?? 0);
	}
}

function responseOf({ statusCode, headers, body }: IN8nHttpFullResponse): HttpResponse {
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
		),
		text: typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body),
	};
}

export function isResponse(result: HttpResponse | Interruption): result is HttpResponse {
	return 'status' in result;
}
