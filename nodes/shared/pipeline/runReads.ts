import type { IDataObject } from 'n8n-workflow';
import { OperationError } from '../errors';
import type { LiveItem } from '../operation/acts';
import type { ReadOperation } from '../operation/types';
import { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import type { Run } from './run';

/** Asks for each item, side by side; a run that stops asks nothing more after a failure. */
export async function runReads(run: Run, operation: ReadOperation<unknown>, live: Array<LiveItem<unknown>>) {
	const { results } = run;
	const settle = async ({ item, parameters }: LiveItem<unknown>): Promise<void> => {
		await run.breathe();
		const hold = run.holds.on();
		if (hold) return results.fail(item, hold);
		const step = new ItemStep(run, item);
		try {
			const found = await operation.run(parameters, step);
			if (Array.isArray(found)) settleList(run, item, found, (json) => step.redacted(json));
			else results.succeed(item, step.withRaw(step.redacted(found)));
		} catch (error) {
			const failure = run.failures.of(error).about(operation.subject?.(parameters));
			run.holds.add(failure);
			results.fail(item, failure);
		}
	};
	await inLanes(live, results.stops ? 1 : run.concurrency, () => [], settle);
}

function settleList(
	{ results, failures, holds }: Run,
	item: number,
	found: Array<IDataObject | OperationError>,
	redacted: (json: IDataObject) => IDataObject,
): void {
	const entries = found.map((entry) =>
		entry instanceof OperationError ? failures.of(entry) : redacted(entry),
	);
	for (const entry of entries) if (entry instanceof OperationError) holds.add(entry);
	results.settleEach(item, entries);
}
