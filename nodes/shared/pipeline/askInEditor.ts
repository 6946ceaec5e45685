import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';
import { OperationError } from '../errors';
import { Exchange } from '../http/exchange';
import type { HttpRequest, Provider } from '../provider';
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
	const evaluation = await new Exchange(context, provider, credential).ask(request, parse);
	if (evaluation.verdict.kind === 'done') return evaluation.verdict.value;
	throw new Failures(provider, operation, credential).ofReading(evaluation, request);
}

/** The error that stands in the place of a list, and what to do about it. */
export function notListed(context: ILoadOptionsFunctions, what: string, error: unknown): NodeOperationError {
	const advice = error instanceof OperationError ? error.facts.advice : undefined;
	const message = `The ${what} could not be listed: ${(error as Error).message}`;
	return new NodeOperationError(context.getNode(), message, advice ? { description: advice } : {});
}
