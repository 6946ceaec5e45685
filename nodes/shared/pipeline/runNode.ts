import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { Journal } from '../idempotency/journal';
import { beginPreparing, preparedOf } from '../idempotency/preparations';
import { asTryOfCall } from '../idempotency/toolCalls';
import type { SharedRun } from '../operation/acts';
import type { Resource } from '../operation/types';
import type { Provider } from '../provider';
import { openBreather } from './breather';
import { Failures } from './failures';
import { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import { joinRequest, performRequest } from './performRequest';
import { Results } from './results';
import { openRun, type Run } from './run';
import { askBefore, runActs, skipUsed } from './runActs';
import { runReads } from './runReads';
import { cardOf, takeIn, type Start } from './takeIn';

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
	const deed = operation && 'deed' in operation ? operation.deed : undefined;
	const failures = new Failures(provider, path, {}, deed);
	const results = new Results(context, failures, count, operation?.effect === 'reads');
	const breathe = openBreather();
	try {
		if (!operation) throw unsupportedOperation(context);
		const journal = journalOf(context, path);
		results.hasLeft = (item) => journal.hasBegun(item);
		if ('plan' in operation) beginPreparing(journal.record);
		if ('request' in operation)
			results.naming = (item, error) => error.about(operation.subject?.(preparedOf(journal.page, item)));
		await asTryOfCall(context, journal, path, async () => {
			const credential = await context.getCredentials(provider.credential, 0);
			failures.setCredential(credential);
			await runItems({ context, provider, operation, path, credential, journal, failures, results, breathe });
		});
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

async function runItems(start: Start): Promise<void> {
	const { operation, results } = start;
	const intake = await takeIn(start);
	const card = await cardOf(start, intake.live);
	results.stopIfInvalid();
	const live = intake.live.filter(({ item }) => !results.has(item));

	const run = openRun(start, { ...intake, live }, card);
	run.budget.addSpent(intake.spentBefore);
	// Until their output has been made of what the journal knows.
	for (const item of intake.done) results.succeed(item, {});
	for (const [item, error] of intake.failed) {
		run.holds.add(error);
		results.fail(item, error);
	}
	let isSettled = false;
	try {
		if ('sendAll' in operation) await operation.sendAll(live, intake.done, sharedRun(run));
		else if ('request' in operation) await runActs(run, operation, live);
		else await runReads(run, operation, live);
		isSettled = results.isSettled;
	} finally {
		await run.claims.end(
			isSettled,
			run.caps.flatMap(({ marks }) => marks),
		);
	}
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

function sharedRun(run: Run): SharedRun {
	const { results, failures } = run;
	return {
		dryRun: run.dryRun,
		stops: results.stops,
		journal: run.journal,
		breathe: run.breathe,
		inLanes: async (tasks, lanesOf, work) =>
			await inLanes(tasks, results.stops && !run.hasKeys ? 1 : run.concurrency, lanesOf, work),
		perform: async (plan) => await performRequest(run, plan),
		ask: async (item, work) => await askBefore(run, item, work),
		join: async (request, member) => await joinRequest(run, request, member),
		hint: (message) => new ItemStep(run, 0).hint(message),
		shown: (request) => run.exchange.shown(request),
		explained: (error) => failures.of(error),
		leftOpen: () => failures.leftOpen(),
		notSent: (why) => failures.notSent(why),
		succeed: (item, json, raw) => results.succeed(item, new ItemStep(run, item).withRaw(json, raw)),
		fail: (item, error) => results.fail(item, error),
		skip: (item, key) => skipUsed(run, item, key),
		plan: (item, json) => results.plan(item, json),
	};
}
