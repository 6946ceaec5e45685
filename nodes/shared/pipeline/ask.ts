import type { ICredentialDataDecryptedObject, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';
import { requestOptions, send } from '../http/request';
import type { HttpRequest, Provider } from '../provider';
import { redactedTexts, redactorOf } from '../redact';
import { evaluate, type Evaluation } from './evaluate';

/** Asks once, outside of a run of a node's items: what comes back is shown or kept, so it is without secrets. */
export async function ask<T>(
	context: ILoadOptionsFunctions | IPollFunctions,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
	request: HttpRequest,
	parse: (data: unknown) => T,
): Promise<Evaluation<T>> {
	const options = requestOptions(provider, provider.baseUrl(credential), request, provider.timeout);
	const redact = redactorOf(provider.secrets(credential));
	const result = await send(context, provider, credential, options);
	return evaluate(provider, result, (data) => redactedTexts(parse(data), redact) as T, redact);
}
