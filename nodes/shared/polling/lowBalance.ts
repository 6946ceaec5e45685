import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Provider } from '../provider';
import { inMillionths } from '../values/amount';
import { poll, type Poll, type Polled, type Polling } from './poll';

/** A balance that is watched. */
interface WatchedBalance {
	/** Tells accounts apart. */
	key: string;
	balance: number;
	/** The item that comes out, but for the threshold and the reason. */
	json: IDataObject;
}

/** By account whose balance is low: when the workflow was started for it, and with which balance. */
export interface LowBalances {
	low: Array<[key: string, at: number, balance: number]>;
	/** The most accounts that a list has had. */
	most?: number;
}

/** An account that is missing from a list may be back at the next poll; so many are remembered at least. */
const MISSING_KEPT = 1000;

/** What is remembered of accounts that are missing: of as many as can be missing at once, the latest. */
export function keptOfMissing<T>(missing: T[], most: number): T[] {
	return missing.slice(-Math.max(MISSING_KEPT, most));
}
const HOUR = 3_600_000;

/** What balances are counted in, and how finely. */
interface Unit {
	decimals: number;
	unit: string;
}

/** Polls the one balance of an account. */
export async function pollBalance(
	context: IPollFunctions,
	provider: Provider,
	unit: Unit,
	read: (poll: Poll) => Promise<Omit<WatchedBalance, 'key'>>,
): Promise<Polling> {
	const key = 'balance';
	return await poll<LowBalances>(context, provider, 'credit.getBalance', key, async (current, memory) =>
		fallenBelow(current, [{ key, ...(await read(current)) }], unit, memory),
	);
}

/**
 * The balances that have fallen below the threshold, each of them once, and again while it stays below. At or above the
 * threshold it is armed anew.
 */
export function fallenBelow(
	{ parameters, isTest, isFirst, now }: Poll,
	watched: WatchedBalance[],
	{ decimals, unit }: Unit,
	memory: LowBalances | undefined,
): Polled<LowBalances> {
	const threshold = parameters.number('threshold', { min: 0, decimals, unit });
	const remindAfter =
		parameters.number('options.remindAfterHours', { min: 0, decimals: 2, unit: 'hours' }) * HOUR;
	const known = new Map(memory?.low.map(([key, at, balance]) => [key, { at, balance }]));

	const judged = watched.map(({ key, balance, json }) => {
		const told = known.get(key);
		known.delete(key);
		const isLow = inMillionths(balance) < inMillionths(threshold);
		// Whoever was paid in while n8n may have forgotten it may have been armed and fallen again.
		const isNew = !told || (isFirst && balance > told.balance);
		// A clock that was ahead and was put right would otherwise hold it back for as long.
		const isDue = remindAfter > 0 && told !== undefined && Math.abs(now - told.at) >= remindAfter;
		const reason = !isLow ? null : isNew ? 'crossed' : isDue ? 'reminder' : null;
		const remembered = reason ? { at: now, balance } : told;
		return { key, reason, item: { ...json, threshold, reason }, ...(isLow && { remembered }) };
	});
	const most = Math.max(memory?.most ?? 0, watched.length);
	const missing = keptOfMissing([...known], most);
	return {
		items: judged.filter(({ reason }) => isTest || reason !== null).map(({ item }) => item),
		memory: {
			most,
			low: [...missing, ...judged.map(({ key, remembered }) => [key, remembered] as const)].flatMap(
				([key, told]): LowBalances['low'] => (told ? [[key, told.at, told.balance]] : []),
			),
		},
	};
}
