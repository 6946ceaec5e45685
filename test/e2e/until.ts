/**
 * Asks again and again until there is an answer.
 *
 * @param ask gives undefined, or throws, as long as there is none
 * @param what names the wait in the error
 * @throws when there is none in time, with the last thing that `ask` threw
 */
export async function until<T>(
	what: string,
	ask: () => T | undefined | Promise<T | undefined>,
	{ timeout = 60_000, every = 100 }: { timeout?: number; every?: number } = {},
): Promise<T> {
	const deadline = Date.now() + timeout;
	for (;;) {
		let last: unknown;
		try {
			const answer = await ask();
			if (answer !== undefined) return answer;
		} catch (error) {
			if (error instanceof Fatal) throw error;
			last = error;
		}
		if (Date.now() > deadline) throw new Error(`${what}: not within ${timeout / 1000} s`, { cause: last });
		await new Promise((resolve) => setTimeout(resolve, every));
	}
}

/** Thrown by what {@link until} asks when asking again can't help. */
export class Fatal extends Error {}
