import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { OperationError } from '../errors';
import { requestOptions, send } from '../http/request';
import { nameOf, type HttpRequest, type Provider } from '../provider';
import { redactedTexts, redactorOf } from '../redact';
import { evaluate } from './evaluate';

/**
 * Asks for what the editor shows in a list, once.
 *
 * @throws OperationError `refused` or `unknown`, without secrets
 */
export async function askInEditor<T>(
	context: ILoadOptionsFunctions,
	provider: Provider,
	request: HttpRequest,
	parse: (data: unknown) => T,
): Promise<T> {
	const credential = await context.getCredentials(provider.credential);
	const options = requestOptions(provider, provider.baseUrl(credential), request, provider.timeout);
	const result = await send(context, provider, credential, options);
	const redact = redactorOf(provider.secrets(credential));
	const { verdict } = evaluate(provider, result, parse, redact);
	if (verdict.kind === 'done') return redactedTexts(verdict.value, redact) as T;
	const service = nameOf(provider, credential);
	throw verdict.kind === 'refused'
		? new OperationError('refused', `${service} refused: ${verdict.message}`)
		: new OperationError('unknown', 'message' in verdict ? verdict.message : verdict.why);
}
