/** Median with the smallest and the largest of some measurements. */
export interface Spread {
	median: number;
	min: number;
	max: number;
}

export function spread(values: number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return {
		median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
		min: sorted[0]!,
		max: sorted.at(-1)!,
	};
}

/** What some work took of the process that did it. */
export interface Taken {
	/** User and system time of all its threads, in µs. */
	processor: number;
	/** In µs. */
	wall: number;
}

/** Does the work and says what it took. */
export async function metered<T>(work: () => Promise<T>): Promise<Taken & { given: T }> {
	const begin = process.cpuUsage();
	const beginWall = performance.now();
	const given = await work();
	const wall = (performance.now() - beginWall) * 1000;
	const { user, system } = process.cpuUsage(begin);
	return { processor: user + system, wall, given };
}

/** The ratio of each pair of runs: what happened to the machine while they ran happened to both. */
export function ratios(a: number[], b: number[]): Spread {
	return spread(a.map((value, place) => value / b[place]!));
}

/**
 * Runs all contenders once to warm up, and then in turns: A B C A B C.
 *
 * @returns by contender, what each of its measured runs gave
 */
export async function inTurns<Name extends string, T>(
	contenders: Record<Name, () => Promise<T>>,
	turns: number,
	report: (line: string) => void,
): Promise<Record<Name, T[]>> {
	const names = Object.keys(contenders) as Name[];
	const runs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, T[]>;
	for (let turn = 0; turn <= turns; turn++) {
		for (const name of names) {
			const given = await contenders[name]();
			if (turn > 0) runs[name].push(given);
		}
		report(turn === 0 ? 'warmed up' : `turn ${turn} of ${turns}`);
	}
	return runs;
}
