/** Times in ms. It begins late enough for what ended long ago. */
const BEGIN = 1_000_000;

/**
 * Does what waits without waiting: as often as everything waits for a time, the clock is set forward to it. Whatever is
 * still waiting at the end is forgotten.
 *
 * @param work that waits for nothing but times
 */
export async function withoutWaiting<T>(work: () => Promise<T>): Promise<T> {
	let now = BEGIN;
	const waiting: Array<{ at: number; goOn: () => void }> = [];
	const { setTimeout } = globalThis;
	const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
	const forward = () => {
		const at = Math.min(...waiting.map((each) => each.at));
		const [next] = waiting.splice(
			waiting.findIndex((each) => each.at === at),
			1,
		);
		now = Math.max(now, at);
		next?.goOn();
	};
	const wait = (goOn: () => void, ms = 0) => {
		waiting.push({ at: now + ms, goOn });
		setImmediate(forward);
	};
	Object.assign(globalThis, { setTimeout: wait });
	try {
		return await work();
	} finally {
		Object.assign(globalThis, { setTimeout });
		clock.mockRestore();
		waiting.length = 0;
	}
}

/** How long since the clock began. */
export const passed = (): number => performance.now() - BEGIN;

export const wait = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));
