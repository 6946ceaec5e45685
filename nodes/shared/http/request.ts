import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import type { HttpRequest, HttpResponse, Provider } from '../provider';
import { openDeadline, type Deadline } from './deadline';
import { interruptionOf, noAnswerWithin, type Interruption } from './networkError';
import { LONGEST_REPLY } from './response';
import { UploadForm } from './upload';

/** What n8n gives whoever sends requests with a credential. */
export type Sending = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IPollFunctions;

/** The options under which n8n's request helper repeats nothing, follows nothing and throws for no status. */
export function requestOptions(provider: Provider, baseUrl: string, request: HttpRequest, timeout: number) {
	const options: IHttpRequestOptions = {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		headers: { ...provider.headers },
		qs: { ...provider.query, ...request.query },
		timeout,
		// A reply is looked at while it comes in: it may be endless, or tiny and unpack to gigabytes.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	if (request.file) {
		// The client adds the type, with the boundary that it chooses.
		options.body = new UploadForm(request.form as Record<string, string>, request.file);
	} else if (request.form) {
		options.headers!['Content-Type'] = 'application/x-www-form-urlencoded';
		// A plain object until the credential has been applied: it adds the log-in to it.
		options.body = { ...request.form };
	}
	if (request.json) {
		options.headers!['Content-Type'] = 'application/json';
		options.body = { ...request.json };
	}
	if (request.xml !== undefined) {
		options.headers!['Content-Type'] = 'application/xml';
		options.body = request.xml;
	}
	return options;
}

/**
 * Sends one request, once. Its timeout is the longest that all of it may take, until the last byte of the reply is there.
 *
 * @param credential decrypted, so that n8n need not read it from its database again for every request
 */
export async function send(
	context: Sending,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<HttpResponse | Interruption> {
	const timeout = options.timeout ?? provider.timeout;
	const cancelled = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const deadline = openDeadline(timeout, cancelled);
	try {
		const full = (await context.helpers.httpRequestWithAuthentication.call(
			givingUpBy(deadline, context),
			provider.credential,
			{ ...options, abortSignal: deadline.signal },
			{ credentialsDecrypted: { id: '', name: '', type: provider.credential, data: credential } as never },
		)) as IN8nHttpFullResponse;
		return { ...headOf(full), text: await textOf(full.body, deadline) };
	} catch (error) {
		if (deadline.hasPassed) return { hasLeft: true, why: noAnswerWithin(timeout) };
		return interruptionOf(error, timeout);
	} finally {
		deadline.close();
	}
}

/** n8n puts the signal of a cancelled execution into the options, in the place of any other. */
function givingUpBy<T extends object>({ signal }: Deadline, context: T): T {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as T;
}

function headOf({ statusCode, headers }: IN8nHttpFullResponse): Omit<HttpResponse, 'text'> {
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
		),
	};
}

/** The most that is read of a reply, in bytes: more than the longest has, in characters of any length. */
const MOST_READ = 4 * (LONGEST_REPLY + 1);

/** The text of a body, unpacked; what is longer than any reply is cut off. */
async function textOf(body: unknown, deadline: Deadline): Promise<string> {
	if (typeof body === 'string') return body;
	if (body === undefined || body === null) return '';
	if (!isStream(body)) return JSON.stringify(body);
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of body) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= MOST_READ) break;
	}
	if (length >= MOST_READ) deadline.giveUp();
	return Buffer.concat(chunks).toString();
}

function isStream(body: unknown): body is AsyncIterable<Buffer> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

export function isResponse(result: HttpResponse | Interruption): result is HttpResponse {
	return 'status' in result;
}
