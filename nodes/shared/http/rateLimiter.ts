import { sleep } from 'n8n-workflow';

/**
 * Lets requests leave no faster than so many per second.
 *
 * A request may leave one second after the reply to the one `limit` places before it came in. That reply came after
 * its request had reached the provider, so the provider never sees more than `limit` of them within one second,
 * whatever the network does to each.
 */
export interface RateLimiter {
	/** Waits for the next turn; answers false at once when the execution is cancelled. */
	turn(): Promise<boolean>;
	/** Says that a reply (or a failure in its place) has come in. */
	answered(): void;
}

/** Waiting goes in slices, since n8n before 2.35 gives no way to interrupt a wait. In ms. */
const SLICE = 200;

/** When replies came in, by the node's context: all rounds of a loop have the same. */
const answeredAt = new WeakMap<object, number[]>();

/**
 * @param owner whose requests count together
 * @param requestsPerSecond may be below 1: 0.5 is a request every two seconds; undefined does not pace
 * @param signal of n8n's cancelled executions, where n8n gives one
 */
export function rateLimiterOf(
	owner: object,
	requestsPerSecond: number | undefined,
	signal?: AbortSignal,
): RateLimiter {
	const limit = Math.max(1, Math.floor(requestsPerSecond ?? 1));
	const span = requestsPerSecond === undefined ? 0 : 1000 / Math.min(1, requestsPerSecond);
	const answers = answeredAt.get(owner) ?? [];
	answeredAt.set(owner, answers);
	return {
		async turn() {
			for (;;) {
				if (signal?.aborted) return false;
				const now = performance.now();
				while (answers.length > 0 && now - answers[0]! >= span) answers.shift();
				const freeAt = answers.length < limit ? now : answers[answers.length - limit]! + span;
				if (freeAt <= now) return true;
				await sleep(Math.min(freeAt - now, SLICE));
			}
		},
		answered() {
			if (span > 0) answers.push(performance.now());
		},
	};
}

/**
 * Waits, and answers false early when the execution is cancelled.
 *
 * @param ms how long
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
	const until = performance.now() + ms;
	for (let left = ms; left > 0; left = until - performance.now()) {
		if (signal?.aborted) return false;
		await sleep(Math.min(left, SLICE));
	}
	return !signal?.aborted;
}
