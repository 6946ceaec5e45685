import type { LiveItem, ReadOperation } from '../operation/types';
import type { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import type { Results } from './results';
import type { RunContext } from './runContext';

/** Asks for each item, side by side; a run that stops asks nothing more after a failure. */
export async function runReads(
	run: RunContext,
	operation: ReadOperation<unknown>,
	live: Array<LiveItem<unknown>>,
	stepOf: (item: number) => ItemStep,
	results: Results,
): Promise<void> {
	const settle = async ({ item, parameters }: LiveItem<unknown>): Promise<void> => {
		await run.breathe();
		const hold = run.reasonToHold();
		if (hold) return results.fail(item, hold);
		const step = stepOf(item);
		try {
			const found = step.redacted(await operation.run(parameters, step));
			results.succeed(item, Array.isArray(found) ? found : step.withRaw(found));
		} catch (error) {
			const failure = run.failures.of(error);
			run.holdBack(failure);
			results.fail(item, failure);
		}
	};
	await inLanes(live, results.stops ? 1 : run.concurrency, () => [], settle);
}
