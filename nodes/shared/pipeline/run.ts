import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import type { Account } from '../errors';
import type { Evaluation } from '../http/evaluate';
import type { Exchange } from '../http/exchange';
import type { RateLimiter } from '../http/rateLimiter';
import type { Claims } from '../idempotency/claims';
import type { Cap } from '../idempotency/cap';
import type { Journal } from '../idempotency/journal';
import type { Refusals } from '../idempotency/refusals';
import type { Card } from '../paymentCard';
import type { Operation } from '../operation/types';
import type { HttpRequest, Provider } from '../provider';
import type { Turns } from '../values/turns';
import type { Breather } from '../operation/acts';
import type { Bought } from './bought';
import type { Failures } from './failures';
import type { Holds } from './holds';
import type { Results } from './results';
import type { Budget } from './spending';

/** What is known of a run before its items are read. */
export interface Start {
	context: IExecuteFunctions;
	provider: Provider;
	operation: Operation;
	/** Resource and operation, e.g. `credit.purchase`. */
	path: string;
	credential: ICredentialDataDecryptedObject;
	journal: Journal;
	failures: Failures;
	results: Results;
	/** To be awaited in each round of a long loop. */
	breathe: Breather;
}

/** Everything that the requests of one run have in common. */
export interface Run extends Start {
	claims: Claims;
	/** Of a day and of a month; none where acts are not counted. */
	caps: Cap[];
	/** Undefined where no card is charged, or its refusals are not counted. */
	refusals: Refusals | undefined;
	budget: Budget;
	holds: Holds;
	exchange: Exchange;
	limiter: RateLimiter;
	signal: AbortSignal | undefined;
	/** How long to wait for one reply, in ms. */
	timeout: number;
	dryRun: boolean;
	/** Items that show the reply. */
	rawWanted: Set<number>;
	hasKeys: boolean;
	/** Acts that have been claimed and have not left: one at a time, so that a dead process leaves few of them. */
	ahead: Turns;
	/** How many requests may be prepared at a time: one more than may be under way, so that it is ready when one ends. */
	concurrency: number;
	/** Balances that this run's own acts have told, by account. */
	balances: Map<string, number>;
	bought: Bought;
	/** What is found out once for all items, and when, in ms since 1970. */
	once: Map<string, { found: Promise<unknown>; at: number }>;
	hints: Set<string>;
	/** Checked; undefined where nothing is paid with it. */
	card: Card | undefined;
}

/** Sends one request at its turn and says what it came to; undefined when by then it must not leave any more. */
export async function exchange<T>(
	{ limiter, holds, exchange }: Run,
	request: HttpRequest,
	parse: (data: unknown) => T,
	account?: Account,
	onLeave = () => {},
): Promise<Evaluation<T> | undefined> {
	const ended = await limiter.enter();
	if (!ended) return undefined;
	try {
		if (holds.on(account) || request.isTimely?.() === false) return undefined;
		onLeave();
		const evaluation = await exchange.send(request, parse);
		if (evaluation.verdict.kind === 'done') holds.accepted(request);
		return evaluation;
	} finally {
		ended();
	}
}
