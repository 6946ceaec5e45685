import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';
import { OperationError } from '../errors';
import { requestOptions, send } from '../http/request';
import type { HttpRequest, Provider } from '../provider';
import { redactedTexts, redactorOf } from '../redact';
import { evaluate } from './evaluate';
import { Failures } from './failures';

/**
 * Asks for what the editor shows in a list, once.
 *
 * @param operation that reads the same
 * @throws OperationError `refused`, `notSent` or `unknown`, without secrets
 */
export async function askInEditor<T>(
	context: ILoadOptionsFunctions,
	provider: Provider,
	operation: string,
	request: HttpRequest,
	parse: (data: unknown) => T,
): Promise<T> {
	const credential = await context.getCredentials(provider.credential);
	const options = requestOptions(provider, provider.baseUrl(credential), request, provider.timeout);
	const result = await send(context, provider, credential, options);
	const redact = redactorOf(provider.secrets(credential));
	const { verdict, response } = evaluate(provider, result, parse, redact);
	if (verdict.kind === 'done') return redactedTexts(verdict.value, redact) as T;
	const failures = new Failures(provider, operation, credential);
	const httpStatus = response?.status;
	if (verdict.kind === 'notSent') throw failures.unreachable(verdict);
	if (verdict.kind === 'unclear') throw failures.unanswered(verdict.why, { httpStatus });
	throw failures.refused(verdict.message, { code: verdict.code, httpStatus, request });
}

/** The error that stands in the place of a list, and what to do about it. */
export function notListed(context: ILoadOptionsFunctions, what: string, error: unknown): NodeOperationError {
	const advice = error instanceof OperationError ? error.facts.advice : undefined;
	const message = `The ${what} could not be listed: ${(error as Error).message}`;
	return new NodeOperationError(context.getNode(), message, advice ? { description: advice } : {});
}
