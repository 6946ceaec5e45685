import { NodeOperationError, type ILoadOptionsFunctions, type INodePropertyOptions } from 'n8n-workflow';
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

/**
 * Fills a list in which several can be chosen. Where it can't be read, the reason stands in it, beside what was chosen before:
 * of an error n8n itself shows no more than that there was one.
 *
 * @param what as texts name it; the parameters that choose have it in their names
 */
export async function listedOrReason(
	context: ILoadOptionsFunctions,
	what: string,
	list: () => Promise<INodePropertyOptions[]>,
): Promise<INodePropertyOptions[]> {
	try {
		return await list();
	} catch (error) {
		const { message, description } = notListed(context, what, error);
		const chosen = Object.values(context.getCurrentNodeParameters() ?? {})
			.flatMap((collection) => Object.entries(collection ?? {}))
			.filter(([name, given]) => name.toLowerCase().includes(what) && Array.isArray(given))
			.flatMap(([, given]) => given as string[]);
		return [
			{ name: message, value: '', description: description ?? undefined },
			...[...new Set(chosen)].filter((name) => name !== '').map((name) => ({ name, value: name })),
		];
	}
}
