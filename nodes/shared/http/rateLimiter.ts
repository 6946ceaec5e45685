import { sleep } from 'n8n-workflow';
import { SLICE } from '../values/time';

/** Lets requests leave no faster than so many per second, and so many under way at a time. */
export interface RateLimiter {
	/**
	 * Waits for a request's turn.
	 *
	 * @returns to be called when its reply (or a failure in its place) has come in; undefined when the execution is
	 * cancelled
	 */
	enter(): Promise<(() => void) | undefined>;
}

/**
 * A request is taken to have arrived this long after it left, or when its reply came: it may take longer to arrive than
 * the one that leaves a second later. In ms.
 */
const UNDER_WAY = 50;

/** What a limiter knows of its requests. */
interface Traffic {
	/** When the latest requests arrived, as far as is known, oldest first. */
	arrivals: Array<{ at: number }>;
	underWay: number;
	/** Those who wait, one behind the other. */
	queue: Promise<unknown>;
}

/** By the node's context, which all rounds of a loop have in common. */
const traffics = new WeakMap<object, Traffic>();

/**
 * @param owner whose requests count together
 * @param requestsPerSecond may be below 1: 0.5 is a request every two seconds; undefined does not pace
 * @param concurrency how many may be under way
 * @param signal of n8n's cancelled executions, where n8n gives one
 */
export function rateLimiterOf(
	owner: object,
	requestsPerSecond: number | undefined,
	concurrency: number,
	signal?: AbortSignal,
): RateLimiter {
	const limit = Math.max(1, Math.floor(requestsPerSecond ?? 1));
	const span = requestsPerSecond === undefined ? 0 : 1000 / Math.min(1, requestsPerSecond);
	const traffic = traffics.get(owner) ?? { arrivals: [], underWay: 0, queue: Promise.resolve() };
	traffics.set(owner, traffic);
	const { arrivals } = traffic;

	/** In ms; a moment where only a reply can free a place. */
	const wait = (): number => {
		if (traffic.underWay >= concurrency) return 5;
		const now = performance.now();
		while (arrivals.length > limit) arrivals.shift();
		return arrivals.length < limit ? 0 : Math.max(0, arrivals[0]!.at + span - now);
	};
	const turn = async (): Promise<(() => void) | undefined> => {
		for (let ms = wait(); ms > 0; ms = wait()) {
			if (signal?.aborted) return undefined;
			await sleep(Math.min(ms, SLICE));
		}
		if (signal?.aborted) return undefined;
		traffic.underWay++;
		const arrival = { at: performance.now() + UNDER_WAY };
		if (span > 0) {
			arrivals.push(arrival);
			// It has not left before n8n's process has had a turn, and the first one has to load what sends it.
			void sleep(0).then(() => (arrival.at = performance.now() + UNDER_WAY));
		}
		return () => {
			traffic.underWay--;
			arrival.at = Math.min(arrival.at, performance.now());
		};
	};
	return {
		async enter() {
			const mine = traffic.queue.then(turn, turn);
			traffic.queue = mine;
			return await mine;
		},
	};
}
