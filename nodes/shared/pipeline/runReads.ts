import type { LiveItem, ReadOperation } from '../operation/types';
import type { ItemStep } from './itemStep';
import type { Results } from './results';
import type { RunContext } from './runContext';

/** How many questions are asked together, where nothing is changed and the provider asks for no pace. */
const QUESTIONS_AT_A_TIME = 20;

/**
 * Asks for each item. The first goes alone: a wrong log-in is to be refused once, and not so often that the account is
 * locked.
 *
 * @param isPaced whether the provider asks for a pace
 */
export async function runReads(
	run: RunContext,
	operation: ReadOperation<unknown>,
	live: Array<LiveItem<unknown>>,
	stepOf: (item: number) => ItemStep,
	results: Results,
	isPaced: boolean,
): Promise<void> {
	const settle = async ({ item, parameters }: LiveItem<unknown>): Promise<void> => {
		const hold = run.reasonToHold();
		if (hold) return results.fail(item, hold);
		const step = stepOf(item);
		try {
			const found = await operation.run(parameters, step);
			results.succeed(item, Array.isArray(found) ? found : step.withRaw(found));
		} catch (error) {
			const failure = run.failures.of(error);
			run.holdBack(failure);
			results.fail(item, failure);
		}
	};
	// A run that stops asks nothing more after a failure.
	const together = isPaced || results.stops ? 1 : QUESTIONS_AT_A_TIME;
	for (let first = 0, next = 1; first < live.length; first = next, next += together) {
		await Promise.all(live.slice(first, next).map(settle));
	}
}
