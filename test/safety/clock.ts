/** Where it begins, late enough for what ended long ago, and the longest that anything waits. In ms. */
const BEGIN = 1_000_000;
const LONGEST = 600_000;

/**
 * Does what waits without waiting: as often as everything waits for a time, the clock is set forward to it. Whatever is
 * still waiting at the end is forgotten.
 *
 * @param work that waits for nothing but times
 * @throws where it does not come to an end
 */
export async function withoutWaiting<T>(work: () => Promise<T>): Promise<T> {
	let now = BEGIN;
	const waiting: Array<{ at: number; goOn: () => void }> = [];
	const { setTimeout } = globalThis;
	const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
	let endless = () => {};
	const ending = new Promise<never>((_resolve, reject) => {
		endless = () => reject(new Error(`It still waits after ${passed()} ms`));
	});
	const forward = () => {
		const at = Math.min(...waiting.map((each) => each.at));
		const [next] = waiting.splice(
			waiting.findIndex((each) => each.at === at),
			1,
		);
		if (!next) return;
		now = Math.max(now, at);
		if (passed() > LONGEST) return endless();
		next.goOn();
		setImmediate(() => waiting.length === 0 && endless());
	};
	const wait = (goOn: () => void, ms = 0) => {
		waiting.push({ at: now + ms, goOn });
		setImmediate(forward);
	};
	Object.assign(globalThis, { setTimeout: wait });
	try {
		return await Promise.race([work(), ending]);
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
