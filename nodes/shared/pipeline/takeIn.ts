import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';
import { invalid, type OperationError } from '../errors';
import { fingerprint } from '../idempotency/fingerprint';
import type { Journal } from '../idempotency/journal';
import { isTool, runsOfCalls } from '../idempotency/toolCalls';
import { readerFor, UNLIMITED } from '../operation/commonParameters';
import type { Breather, LiveItem } from '../operation/acts';
import type { Operation } from '../operation/types';
import { checkedCard } from '../paymentCard';
import type { Provider } from '../provider';
import { isZone } from '../values/dailyWindow';
import type { Failures } from './failures';
import type { Results } from './results';

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

/** What the items of a run are set to, the strictest of each; and what earlier tries have left of them. */
export type Intake = typeof UNLIMITED & {
	live: Array<LiveItem<unknown>>;
	/** Sent by an earlier try. */
	done: number[];
	failed: Array<[number, OperationError]>;
	rawWanted: Set<number>;
	spentBefore: number;
	dryRun: boolean;
	/** In ms; 0 where no item was read. */
	timeout: number;
};

/** Recalls what earlier tries have done, and reads and checks the parameters of the other items. */
export async function takeIn(start: Start): Promise<Intake> {
	const { context, provider, operation, credential, journal, results, breathe } = start;
	const intake: Intake = {
		live: [],
		done: [],
		failed: [],
		rawWanted: new Set(),
		spentBefore: 0,
		dryRun: false,
		...UNLIMITED,
		timeout: 0,
	};
	const read = readerFor(context, provider, operation, credential);
	const isToolAct = operation.effect !== 'reads' && isTool(context);
	for (let item = 0; item < results.count; item++) {
		await breathe();
		if (recall(start, intake, item)) continue;
		try {
			const { parameters, common } = read(item);
			if (isToolAct) {
				journal.continueCall(item, fingerprint(parameters), runsOfCalls(context));
				if (recall(start, intake, item)) continue;
			}
			checkTimeZone(context.getTimezone(), common);
			intake.dryRun ||= common.dryRun;
			for (const limit of Object.keys(UNLIMITED) as Array<keyof typeof UNLIMITED>)
				intake[limit] = Math.min(intake[limit], common[limit]);
			intake.timeout = Math.max(intake.timeout, common.timeout);
			if (common.includeRawReply) intake.rawWanted.add(item);
			intake.live.push({ item, parameters, key: common.key });
		} catch (error) {
			results.invalid(item, error);
		}
	}
	return intake;
}

/** What is counted by the day or the month is counted in the workflow's time zone. @throws OperationError `invalid` */
function checkTimeZone(
	zone: string,
	{ maximumPerDay, maximumPerMonth }: Pick<Intake, 'maximumPerDay' | 'maximumPerMonth'>,
): void {
	if (Math.min(maximumPerDay, maximumPerMonth) === Infinity || isZone(zone)) return;
	throw invalid(
		Number.isFinite(maximumPerDay) ? 'Maximum per Day' : 'Maximum per Month',
		`counts in the workflow’s time zone, and “${zone}” is none`,
		'Pick a time zone, such as Europe/Paris, in the workflow’s settings; n8n’s own is set with GENERIC_TIMEZONE.',
	);
}

/** Whether an earlier try knows an item: then none of its parameters is needed. */
function recall({ operation, journal, results, failures }: Start, intake: Intake, item: number): boolean {
	if (operation.effect === 'reads') return false;
	const known = journal.recall(item);
	switch (known?.kind) {
		case 'finished':
			intake.spentBefore += known.cost;
			results.succeed(item, known.json);
			return true;
		case 'skipped':
			results.skip(item, known.key);
			return true;
		case 'failed':
			// What is unknown may have been spent.
			intake.spentBefore += journal.cost(item);
			intake.failed.push([item, failures.recalled(known.error)]);
			return true;
		case 'complete':
			intake.done.push(item);
			return true;
		default: {
			const hasBegun = 'request' in operation && journal.hasBegun(item);
			if (hasBegun) intake.live.push({ item, parameters: undefined });
			return hasBegun;
		}
	}
}

/** The payment card, where an item is paid with it. One that can't be used makes these items invalid. */
export async function cardOf({ context, operation, results }: Start, items: Array<LiveItem<unknown>>) {
	const paying = items.filter(
		({ parameters }) => parameters && 'request' in operation && operation.takesCard?.(parameters),
	);
	if (paying.length === 0) return undefined;
	try {
		const card = await context.getCredentials<ICredentialDataDecryptedObject>('paymentCardApi', 0);
		return { credential: card, card: checkedCard(card) };
	} catch (error) {
		for (const { item } of paying) results.invalid(item, error);
		return undefined;
	}
}
