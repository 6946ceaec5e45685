import { pause } from '../values/time';
import type { HttpResponse } from '../provider';
import type { Evaluation } from './evaluate';

/** How often a read is repeated when no clear answer or no connection comes, and after how long, in ms. */
const READ_AGAIN_AFTER = [500, 1500];
/** The wait before the one repetition of an act that was not processed, where the response names none. In ms. */
const ACT_AGAIN_AFTER = [1000];
/** Longest wait that a provider's Retry-After is granted, in ms. */
const LONGEST_RETRY_AFTER = 30_000;

/** One attempt; undefined when the execution was cancelled before it. */
type Attempt<T> = () => Promise<Evaluation<T> | undefined>;

/** Asks up to three times: reading changes nothing, so it may be asked again until an answer is clear. */
export async function askAgain<T>(attempt: Attempt<T>, signal?: AbortSignal) {
	return await repeat(attempt, READ_AGAIN_AFTER, ['unclear', 'notSent', 'notProcessed'], signal);
}

/** Acts, and acts once more after the one response that is documented as "not processed"; after nothing else. */
export async function actOnce<T>(attempt: Attempt<T>, signal?: AbortSignal) {
	return await repeat(attempt, ACT_AGAIN_AFTER, ['notProcessed'], signal);
}

async function repeat<T>(
	attempt: Attempt<T>,
	waits: number[],
	kinds: Array<Evaluation<T>['verdict']['kind']>,
	signal: AbortSignal | undefined,
): Promise<Evaluation<T> | undefined> {
	let last = await attempt();
	for (const usual of waits) {
		if (!last || !kinds.includes(last.verdict.kind)) return last;
		if (!(await pause(waitAfter(last, usual), signal))) return last;
		last = (await attempt()) ?? last;
	}
	return last;
}

function waitAfter<T>({ verdict, response }: Evaluation<T>, usual: number): number {
	const own = verdict.kind === 'notProcessed' ? verdict.wait : undefined;
	return own ?? retryAfter(response, usual);
}

/**
 * What Retry-After asks for, in seconds or as an HTTP date (RFC 9110); in ms.
 *
 * @param usual where the response has none
 * @param longest the most that is granted
 */
export function retryAfter(
	response: HttpResponse | undefined,
	usual: number,
	longest = LONGEST_RETRY_AFTER,
): number {
	const given = response?.headers['retry-after']?.trim();
	if (!given) return usual;
	// What is no date of HTTP, such as "retry 120", would be read as some year.
	const ms = /\d\d:\d\d:\d\d/.test(given) ? Date.parse(given) - Date.now() : Number(given) * 1000;
	// A date that has passed, by a clock that may be ahead, asks for no time that is known.
	return ms >= 0 ? Math.min(ms, longest) : usual;
}
