import type { LiveItem } from '../operation/acts';
import type { ReadOperation } from '../operation/types';
import { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import type { Run } from './run';

/** Asks for each item, side by side; a run that stops asks nothing more after a failure. */
export async function runReads(
	run: Run,
	operation: ReadOperation<unknown>,
	live: Array<LiveItem<unknown>>,
): Promise<void> {
	const { results } = run;
	const settle = async ({ item, parameters }: LiveItem<unknown>): Promise<void> => {
		await run.breathe();
		const hold = run.holds.on();
		if (hold) return results.fail(item, hold);
		const step = new ItemStep(run, item);
		try {
			const found = step.redacted(await operation.run(parameters, step));
			results.succeed(item, Array.isArray(found) ? found : step.withRaw(found));
		} catch (error) {
			const failure = run.failures.of(error);
			run.holds.add(failure);
			results.fail(item, failure);
		}
	};
	await inLanes(live, results.stops ? 1 : run.concurrency, () => [], settle);
}
