import { sleep } from 'n8n-workflow';

/** ISO 8601 with all of a date, an hour and a minute, with or without a zone. */
const DATE_AND_TIME =
	/^(?:(\d{4}-\d\d-\d\d)(?:T|\s+)(\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)|(\d{8})T(\d{4}(?:\d\d)?))\s?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?$/i;

/**
 * A written date and time as strict ISO 8601; undefined where part of it is missing. Whether the calendar has the day
 * is not looked at.
 */
export function isoOf(text: string): string | undefined {
	const [whole, day, time, plainDay, plainTime, zone = ''] = DATE_AND_TIME.exec(text) ?? [];
	return whole && `${day ?? plainDay}T${time ?? plainTime}${zone.toUpperCase()}`;
}

/**
 * The time of a Date, a luxon DateTime or a timestamp, in ms; NaN for anything else. A timestamp of ten digits is in
 * seconds, one of thirteen in milliseconds: from 2001 to 2286. Other lengths are other units, or no timestamps.
 */
export function timeOf(value: unknown): number {
	const time: unknown = (value ?? NaN).valueOf();
	if (typeof time !== 'number') return NaN;
	if (typeof value === 'object') return time;
	const digits = time > 0 ? String(Math.trunc(time)).length : 0;
	if (digits === 10) return Math.round(time * 1000);
	return digits === 13 ? time : NaN;
}

/** Waiting goes in slices, since n8n before 2.35 gives no way to interrupt a wait. In ms. */
const SLICE = 200;

/** Waits so many ms, and answers false early when the execution is cancelled. */
export async function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
	const until = performance.now() + ms;
	return await pauseUntil(() => until - performance.now(), signal);
}

/**
 * Waits for what may change meanwhile, and answers false early when the execution is cancelled.
 *
 * @param remaining how many ms are left to wait; asked for again and again, until it is none
 */
export async function pauseUntil(remaining: () => number, signal?: AbortSignal): Promise<boolean> {
	for (let ms = remaining(); ms > 0; ms = remaining()) {
		if (signal?.aborted) return false;
		await sleep(Math.min(ms, SLICE));
	}
	return !signal?.aborted;
}
