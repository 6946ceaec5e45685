/**
 * Does tasks side by side, in their order as far as they may begin: the first alone, so that what concerns all of them
 * is met once, and those of one lane one after another.
 *
 * @param width how many at a time
 * @param lanesOf what a task must not share with another that has not ended
 * @throws what the first task threw; none begins after it, and those under way are waited for
 */
export async function inLanes<T>(
	tasks: T[],
	width: number,
	lanesOf: (task: T) => unknown[],
	work: (task: T) => Promise<void>,
): Promise<void> {
	const ends = new Map<unknown, Promise<void>>();
	const running = new Set<Promise<void>>();
	const thrown: unknown[] = [];
	for (const [place, task] of tasks.entries()) {
		if (place === 1) await Promise.all(running);
		while (running.size >= width) await Promise.race(running);
		if (thrown.length > 0) break;
		const lanes = lanesOf(task);
		const mine = Promise.all(lanes.map(async (lane) => await ends.get(lane)))
			.then(async () => await work(task))
			.catch((error: unknown) => void thrown.push(error))
			.finally(() => running.delete(mine));
		running.add(mine);
		for (const lane of lanes) ends.set(lane, mine);
	}
	await Promise.all(running);
	if (thrown.length > 0) throw thrown[0];
}
