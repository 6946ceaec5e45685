import { randomUUID } from 'crypto';
import {
	deepCopy,
	NodeApiError,
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeExecutionData,
	type IPollFunctions,
} from 'n8n-workflow';
import type { Asking } from '../operation/acts';
import type { ParameterReader } from '../operation/types';
import { Exchange } from '../http/exchange';
import { Failures } from '../pipeline/failures';
import { asNodeError } from '../pipeline/n8nErrors';
import { accountFor, turnsOf } from '../http/rateLimiter';
import { askAgain } from '../http/retry';
import type { Provider } from '../provider';
import { readerOf } from './parameters';

/** What one poll has at hand. */
export interface Poll extends Pick<Asking, 'read' | 'readOnce'> {
	parameters: ParameterReader;
	/** Somebody tries the node out in the editor: what there is comes out, and nothing is remembered. */
	isTest: boolean;
	/** The first poll since n8n has read what is remembered: what was remembered after n8n last saved it is lost. */
	isFirst: boolean;
	/** In ms since 1970. */
	now: number;
}

/** What n8n starts the workflow with; null for nothing. */
export type Polling = INodeExecutionData[][] | null;

/** What comes out of a poll, and what is remembered until the next. */
export interface Polled<M> {
	items: IDataObject[];
	memory: M;
}

/** What a node remembers, as it stands in n8n's database. */
interface Kept<M> {
	/** The account and the subject that it belongs to. */
	of: string;
	memory: M;
	/** Names it, and tells a later one from an earlier one. */
	id: string;
	count: number;
}

/**
 * What the polls of this process have left, by node and name, which a copied workflow has as well: n8n does not save what is remembered where a poll starts nothing,
 * and may read it anew before each poll.
 */
const latest = new Map<string, Kept<unknown>>();

/** Nodes, by workflow, that are polling: n8n begins a poll each minute, whether or not the one before has ended. */
const polling = new Set<string>();

/**
 * Polls once. What is remembered is written when everything has succeeded, and belongs to one account and one subject.
 *
 * @param operation what is asked, as the action node calls it, e.g. `credit.getBalance`
 * @param subject what is watched; another one begins without memory
 * @param work gives the items, and what is to be remembered
 * @returns null when there is nothing to start the workflow with
 * @throws NodeOperationError, NodeApiError
 */
export async function poll<M>(
	context: IPollFunctions,
	provider: Provider,
	operation: string,
	subject: string,
	work: (poll: Poll, memory: M | undefined) => Promise<Polled<M>>,
): Promise<Polling> {
	const failures = new Failures(provider, operation);
	const isTest = context.getMode() === 'manual';
	const node = `${context.getWorkflow().id} ${context.getNode().id}`;
	// What there is to tell, the one under way or the next will.
	if (!isTest && polling.has(node)) return null;
	if (!isTest) polling.add(node);
	try {
		const credential = await context.getCredentials(provider.credential);
		failures.setCredential(credential);
		const kept = context.getWorkflowStaticData('node');
		const credentialId = context.getNode().credentials?.[provider.credential]?.id;
		const of = [subject, provider.baseUrl(credential), credentialId].join(' ');
		const before = lastOf<M>(node, kept.remembered);
		const { items, memory } = await work(
			{
				parameters: readerOf(context),
				isTest,
				isFirst: !before || !latest.has(`${node} ${before.id}`),
				now: Date.now(),
				read: reading(context, provider, credential, failures),
				readOnce: async (_name, find) => await find(),
			},
			before?.of === of ? before.memory : undefined,
		);
		if (!isTest) kept.remembered = remembered(node, of, memory, before);
		return items.length === 0 ? null : [items.map((json) => ({ json }))];
	} catch (error) {
		throw explained(context, failures, error);
	} finally {
		if (!isTest) polling.delete(node);
	}
}

/** Reads at the provider's pace; an answer that stays unclear is an error. */
function reading(
	context: IPollFunctions,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
	failures: Failures,
): Poll['read'] {
	const exchange = new Exchange(context, provider, credential);
	const { pace, concurrency } = provider;
	const turn = turnsOf({}, accountFor(provider, credential), { pace, concurrency });
	return async (request, parse) => {
		const evaluation = await askAgain(async () => {
			const ended = await turn();
			return await exchange.ask(request, parse).finally(ended);
		});
		if (evaluation?.verdict.kind === 'done') return evaluation.verdict.value;
		throw failures.ofReading(evaluation!, request);
	};
}

/** What was remembered last, by n8n or by this process. */
function lastOf<M>(node: string, given: unknown): Kept<M> | undefined {
	const saved = deepCopy(given as IDataObject | undefined) as Kept<M> | undefined;
	const known = saved && (latest.get(`${node} ${saved.id}`) as Kept<M> | undefined);
	return known && known.count > saved.count
		? { ...known, memory: deepCopy(known.memory as IDataObject) as M }
		: saved;
}

/** What is remembered from now on, by this process as well. */
function remembered<M>(node: string, of: string, memory: M, before: Kept<M> | undefined): Kept<M> {
	const { id, count } = before ?? { id: randomUUID(), count: 0 };
	const kept = { of, memory, id, count: count + 1 };
	latest.set(`${node} ${id}`, deepCopy(kept));
	return kept;
}

function explained(context: IPollFunctions, failures: Failures, error: unknown): Error {
	// n8n's own, such as one about a missing credential.
	if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
	const failure = failures.of(error);
	return asNodeError(context.getNode(), failure, failure.message, failure.facts.advice ?? '');
}
