import { sleep, type ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Pace, Provider } from '../provider';
import { madeOnce } from '../values/maps';
import { pauseUntil } from '../values/time';
import { Turns } from '../values/turns';

/**
 * A request is taken to have arrived this long after it left, or when its reply came: it may take longer to arrive than
 * the one that leaves a second later. In ms.
 */
const UNDER_WAY = 50;

/** Requests of one run of a node, all rounds of a loop included. */
interface Line {
	underWay: number;
	/** Those who wait, one behind the other. */
	queue: Turns;
}

/** Requests that count together. */
interface Traffic {
	/** When the latest requests arrived, as far as is known, oldest first. */
	arrivals: Array<{ at: number }>;
	queue: Turns;
}

/** Longer ago than this, an arrival says nothing of any pace. In ms. */
const LONGEST_SPAN = 60_000;

const lines = new WeakMap<object, Line>();
const traffics = new WeakMap<object, Traffic>();
/** By account, what stands for it here as long as n8n's process lives. */
const accounts = new Map<string, object>();

/** What stands for an account, where its provider counts the requests of all its runs together. */
export function accountFor(provider: Provider, credential: ICredentialDataDecryptedObject) {
	if (!provider.accountOf) return undefined;
	const name = JSON.stringify([provider.baseUrl(credential), provider.accountOf(credential)]);
	return madeOnce(accounts, name, () => ({}));
}

/** @param requests may be below 1: 0.5 is a request every two seconds */
export function perSecond(requests: number): Pace {
	return { requests: Math.max(1, Math.floor(requests)), within: 1000 / Math.min(1, requests) };
}

/**
 * Makes what waits for a request's turn: they leave no faster than a pace allows, and so many are under way at a time.
 *
 * @param run whose requests are under way together: the node's context
 * @param account whose requests count together; those of the run where it is undefined
 * @param rules without a pace, nothing is paced; the signal is that of n8n's cancelled executions, where n8n gives one
 * @returns gives what is to be called when the reply (or a failure in its place) has come in; undefined when the execution
 * is cancelled
 */
export function turnsOf(
	run: object,
	account: object | undefined,
	rules: { pace: Pace | undefined; concurrency: number; signal?: AbortSignal },
) {
	const { pace, concurrency, signal } = rules;
	const line = madeOnce(lines, run, () => ({ underWay: 0, queue: new Turns() }));
	const traffic = madeOnce(traffics, account ?? run, () => ({ arrivals: [], queue: new Turns() }));

	const until = async (wait: () => number) => await pauseUntil(wait, signal);
	const turn = async (): Promise<(() => void) | undefined> => {
		// Only a reply can free a place.
		if (!(await until(() => (line.underWay >= concurrency ? 5 : 0)))) return undefined;
		const arrival: { at?: number } | undefined = pace
			? await traffic.queue.take(async () => await arriving(traffic, pace, until))
			: {};
		if (!arrival) return undefined;
		line.underWay++;
		return () => {
			line.underWay--;
			if (arrival.at !== undefined) arrival.at = Math.min(arrival.at, performance.now());
		};
	};
	return async () => await line.queue.take(turn);
}

/** Waits until a request may leave; undefined when the execution is cancelled. */
async function arriving(
	{ arrivals }: Traffic,
	{ requests, within }: Pace,
	until: (wait: () => number) => Promise<boolean>,
): Promise<{ at: number } | undefined> {
	const isFree = await until(() => {
		const now = performance.now();
		while (arrivals.length > requests && arrivals[0]!.at + Math.max(within, LONGEST_SPAN) < now)
			arrivals.shift();
		const before = arrivals.at(-requests);
		return before ? Math.max(0, before.at + within - now) : 0;
	});
	if (!isFree) return undefined;
	const arrival = { at: performance.now() + UNDER_WAY };
	arrivals.push(arrival);
	// It has not left before n8n's process has had a turn, and the first one has to load what sends it.
	void sleep(0).then(() => (arrival.at = performance.now() + UNDER_WAY));
	return arrival;
}
