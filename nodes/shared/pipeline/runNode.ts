import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { Journal } from '../idempotency/journal';
import { fingerprint } from '../idempotency/journalRecord';
import { readerFor } from '../operation/commonParameters';
import type { OperationError } from '../errors';
import type { LiveItem, Operation, Resource, SharedRun } from '../operation/types';
import { checkedCard } from '../paymentCard';
import type { Provider } from '../provider';
import { openBreather, type Breather } from './breather';
import { Failures } from './failures';
import { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import { joinStep, performStep } from './performStep';
import { Results } from './results';
import { RunContext } from './runContext';
import { runActs, skipUsed } from './runActs';
import { runReads } from './runReads';

/**
 * Runs the operation that the node is set to, over all its items: recalls what earlier tries of the execution have
 * done, reads and checks every parameter of the others, and only then sends. Gives each input item what became of it,
 * in the same order.
 *
 * @throws NodeOperationError, NodeApiError when the node stops on failures
 */
export async function runNode(
	context: IExecuteFunctions,
	provider: Provider,
	resources: Resource[],
): Promise<INodeExecutionData[][]> {
	const count = context.getInputData().length;
	if (count === 0) return [[]];
	const resource = String(context.getNodeParameter('resource', 0));
	// n8n drops the operation of a resource that does not exist.
	const value = String(context.getNodeParameter('operation', 0, ''));
	const operation = resources
		.find(({ option }) => option.value === resource)
		?.operations.find(({ option }) => option.value === value);

	const path = `${resource}.${value}`;
	const failures = new Failures(
		provider,
		path,
		{},
		operation && 'deed' in operation ? operation.deed : undefined,
	);
	const results = new Results(context, failures, count, operation?.effect === 'reads');
	const breathe = openBreather();
	try {
		if (!operation) throw unsupportedOperation(context);
		await runOperation(context, provider, operation, path, results, failures, breathe);
	} catch (error) {
		// n8n hands on the input items as results when a node that continues on failures throws.
		if (results.stops) throw results.stopping(error);
		results.failTheRest(error);
	}
	return [await results.items(breathe)];
}

/** n8n's editor offers "Custom API Call" on every node whose credential can log in elsewhere. */
function unsupportedOperation(context: IExecuteFunctions): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'This node does not have such an operation', {
		description:
			'Pick one of the operations in the list. For a “Custom API Call”, use n8n’s HTTP Request node with this credential as its predefined credential type.',
	});
}

async function runOperation(
	context: IExecuteFunctions,
	provider: Provider,
	operation: Operation,
	path: string,
	results: Results,
	failures: Failures,
	breathe: Breather,
): Promise<void> {
	const acts = operation.effect !== 'reads';
	const journal = journalOf(context, path);
	const isTool = acts && isToolCall(context);
	const credential = await context.getCredentials(provider.credential, 0);
	failures.speaksTo(credential);
	const read = readerFor(context, provider, operation, credential);

	const checked: Array<LiveItem<unknown>> = [];
	const done: number[] = [];
	const failed: Array<[number, OperationError]> = [];
	const rawWanted = new Set<number>();
	const settings = {
		dryRun: false,
		spendingLimit: Infinity,
		maximumPerDay: Infinity,
		timeout: 0,
		spentBefore: 0,
	};
	/** What an earlier try knows of an item needs none of its parameters. */
	const isRecalled = (item: number): boolean => {
		const known = acts ? journal.recall(item) : undefined;
		if (known?.kind === 'finished') {
			settings.spentBefore += known.cost;
			results.succeed(item, known.json);
		}
		if (known?.kind === 'skipped') results.skip(item, known.key);
		if (known?.kind === 'failed') {
			// What is unknown may have been spent.
			settings.spentBefore += journal.cost(item);
			failed.push([item, failures.recalled(known.error)]);
		}
		if (known?.kind === 'complete') done.push(item);
		const hasBegun = !known && acts && 'act' in operation && journal.hasBegun(item);
		if (hasBegun) checked.push({ item, parameters: undefined, keys: [] });
		return known !== undefined || hasBegun;
	};
	for (let item = 0; item < results.count; item++) {
		await breathe();
		if (isRecalled(item)) continue;
		try {
			const { parameters, common } = read(item);
			if (isTool) {
				journal.adopt(item, fingerprint(parameters), context.getNode().retryOnFail === true);
				if (isRecalled(item)) continue;
			}
			settings.dryRun ||= common.dryRun;
			settings.spendingLimit = Math.min(settings.spendingLimit, common.spendingLimit);
			settings.maximumPerDay = Math.min(settings.maximumPerDay, common.maximumPerDay);
			settings.timeout = Math.max(settings.timeout, common.timeout);
			if (common.includeRawReply) rawWanted.add(item);
			checked.push({ item, parameters, keys: common.keys });
		} catch (error) {
			results.invalid(item, error);
		}
	}

	const isSharing = 'sendAll' in operation;
	const paying = checked.filter(
		({ parameters }) => parameters && 'act' in operation && operation.takesCard?.(parameters),
	);
	let card: ICredentialDataDecryptedObject | undefined;
	try {
		if (paying.length > 0)
			card = await context.getCredentials<ICredentialDataDecryptedObject>('paymentCardApi', 0);
		if (card) checkedCard(card);
	} catch (error) {
		for (const { item } of paying) results.invalid(item, error);
	}
	results.stopIfInvalid();
	const live = checked.filter(({ item }) => !results.has(item));

	const { spentBefore, timeout, ...limits } = settings;
	const run = new RunContext({
		context,
		provider,
		operation: path,
		credential,
		card,
		journal,
		failures,
		requestsPerSecond: isSharing
			? operation.requestsPerSecond(live.map(({ parameters }) => parameters))
			: provider.requestsPerSecond,
		breathe,
		unit: (acts && operation.spendingLimit?.unit) || '',
		timeout: timeout || provider.timeout,
		...limits,
	});
	run.budget.count(spentBefore);
	// Until their output has been made of what the journal knows.
	for (const item of done) results.succeed(item, {});
	for (const [item, error] of failed) {
		run.holdBack(error);
		results.fail(item, error);
	}
	const stepOf = (item: number) => new ItemStep(run, rawWanted.has(item));
	if (isSharing) await operation.sendAll(live, done, sharedRun(run, results, stepOf));
	else if ('act' in operation) await runActs(run, operation, live, stepOf, results);
	else await runReads(run, operation, live, stepOf, results);
	if (results.isSettled) await run.claims.settle(run.cap?.marks ?? []);
}

function journalOf(context: IExecuteFunctions, path: string): Journal {
	const { $runIndex, $execution } = context.getWorkflowDataProxy(0) as unknown as {
		$runIndex: number;
		$execution: { resumeUrl?: string };
	};
	// The URL that resumes an execution holds a token, the same for all retries of the execution.
	const token = /[?&]signature=([^&]+)/.exec($execution.resumeUrl ?? '')?.[1];
	return new Journal(context.getContext('node'), context.getExecutionId(), token, $runIndex, path);
}

/** n8n 1 does not tell. */
function isToolCall(context: IExecuteFunctions): boolean {
	return (
		context.getNode().type.endsWith('Tool') || ('isToolExecution' in context && context.isToolExecution())
	);
}

function sharedRun(run: RunContext, results: Results, stepOf: (item: number) => ItemStep): SharedRun {
	return {
		dryRun: run.dryRun,
		stops: results.stops,
		journal: run.journal,
		breathe: run.breathe,
		inLanes: async (tasks, lanesOf, work) =>
			await inLanes(tasks, results.stops ? 1 : run.concurrency, lanesOf, work),
		perform: async (step) => await performStep(run, step),
		join: async (step, member) => await joinStep(run, step, member),
		shown: (request) => run.shown(request),
		explained: (error) => run.failures.of(error),
		leftOpen: () => run.failures.leftOpen(),
		notSent: (why) => run.failures.notSent(why),
		succeed: (item, json, raw) => results.succeed(item, stepOf(item).withRaw(json, raw)),
		fail: (item, error) => results.fail(item, error),
		skip: (item, key) => skipUsed(run, results, item, key),
		plan: (item, json) => results.plan(item, json),
	};
}
