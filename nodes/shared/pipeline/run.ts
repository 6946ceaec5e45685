import type { Account } from '../errors';
import type { Evaluation } from '../http/evaluate';
import { Exchange } from '../http/exchange';
import { accountFor, turnsOf } from '../http/rateLimiter';
import { Claims } from '../idempotency/claims';
import { Cap } from '../idempotency/cap';
import { openDeduplicationList, type DeduplicationList } from '../idempotency/deduplicationList';
import { Refusals } from '../idempotency/refusals';
import type { HttpRequest } from '../provider';
import { Turns } from '../values/turns';
import { Bought } from './bought';
import { Holds } from './holds';
import { openBudget } from './spending';
import type { cardOf, Intake, Start } from './takeIn';

/** Everything that the requests of one run have in common. */
export function openRun(start: Start, intake: Intake, paying: Awaited<ReturnType<typeof cardOf>>) {
	const { context, provider, operation, path, credential, journal, failures } = start;
	const { spendingLimit, timeout, dryRun, rawWanted, live } = intake;
	const list = openDeduplicationList(context);
	const hasKeys = live.some(({ key }) => key !== undefined);
	const signal = context.getExecutionCancelSignal();
	const isPacedByItems = 'sendAll' in operation;
	const pace = isPacedByItems ? operation.pace(live.map(({ parameters }) => parameters)) : provider.pace;
	const unit = operation.effect === 'reads' ? '' : (operation.spending?.unit ?? '');
	return {
		...start,
		claims: new Claims(list, journal, path, live.length === 1, signal),
		...countsOf(start, intake, list, signal),
		budget: openBudget(spendingLimit, unit),
		holds: new Holds(failures),
		exchange: new Exchange(context, provider, credential, timeout || provider.timeout, paying?.credential),
		turn: turnsOf(context.getContext('node'), accountFor(provider, credential), {
			pace,
			concurrency: provider.concurrency,
			signal,
		}),
		signal,
		/** How long to wait for one reply, in ms. */
		timeout: timeout || provider.timeout,
		dryRun,
		/** Items that show the reply. */
		rawWanted,
		hasKeys,
		/** Acts that have been claimed and have not left: one at a time, so that a dead process leaves few of them. */
		ahead: new Turns(),
		/**
		 * How many requests may be prepared at a time: one more than may be under way, so that it is ready when one ends. A key
		 * is waited for: some more are prepared meanwhile.
		 */
		concurrency: provider.concurrency + (hasKeys ? 3 : 1),
		/** Balances that this run's own acts have told, by account. */
		balances: new Map<string, number>(),
		bought: new Bought(context.getContext('node'), dryRun),
		/** What is found out once for all items, and when, in ms since 1970. */
		once: new Map<string, { found: Promise<unknown>; at: number }>(),
		hints: new Set<string>(),
		/** Checked; undefined where nothing is paid with it. */
		card: paying?.card,
	};
}

export type Run = ReturnType<typeof openRun>;

/** What is counted over all executions. */
function countsOf(
	{ context, path, operation }: Start,
	{ maximumPerDay, maximumPerMonth, maximumRefusalsPerDay }: Intake,
	list: DeduplicationList,
	signal: AbortSignal | undefined,
) {
	const timeZone = context.getTimezone();
	// The month's first: what has no place in it takes none of the day's.
	const limits = { month: maximumPerMonth, day: maximumPerDay };
	const charges = operation.effect !== 'reads' && operation.chargesCard === true && list.exists;
	return {
		/** Of a day and of a month; none where acts are not counted. */
		caps: (['month', 'day'] as const)
			.filter((kind) => Number.isFinite(limits[kind]))
			.map((kind) => new Cap(list, { kind, operation: path, maximum: limits[kind], timeZone }, signal)),
		/** Undefined where no card is charged, or its refusals are not counted. */
		refusals:
			charges && Number.isFinite(maximumRefusalsPerDay)
				? new Refusals(list, maximumRefusalsPerDay, timeZone, signal)
				: undefined,
	};
}

/** Sends one request at its turn and says what it came to; undefined when by then it must not leave any more. */
export async function exchange<T>(
	{ turn, holds, exchange }: Run,
	request: HttpRequest,
	parse: (data: unknown) => T,
	account?: Account,
	onLeave = () => {},
): Promise<Evaluation<T> | undefined> {
	const ended = await turn();
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
