/**
 * Gives a request up when its time is over, or when the execution is cancelled.
 *
 * @param ms from now on, whatever comes in until then
 * @param cancelled n8n's signal of a cancelled execution, where it gives one
 */
export function openDeadline(ms: number, cancelled?: AbortSignal) {
	const controller = new AbortController();
	const giveUp = () => controller.abort();
	const timer = AbortSignal.timeout(ms);
	const signals = cancelled ? [timer, cancelled] : [timer];
	for (const signal of signals) signal.addEventListener('abort', giveUp);
	if (cancelled?.aborted) giveUp();
	return {
		/** Aborted as soon as the request is to be given up. */
		signal: controller.signal,
		get hasPassed() {
			return timer.aborted;
		},
		/** Gives it up by now. */
		giveUp,
		/** To be called when the request is over, however it ended. */
		close() {
			for (const signal of signals) signal.removeEventListener('abort', giveUp);
		},
	};
}

export type Deadline = ReturnType<typeof openDeadline>;
