import { OperationError, type Affects } from '../errors';
import { inMillionths } from '../values/amount';
import { counted } from '../values/text';

/**
 * How much one run of a node may still spend. The spending limit is held against here and nowhere else.
 *
 * @param limit in `unit`; Infinity where nothing is spent
 * @param unit EUR, USD or credits
 */
export function openBudget(limit: number, unit: string) {
	let reserved = 0;
	const inUnit = (millionths: number) => counted(shown(millionths), unit);
	const take = (amount: number, affects: Affects, message: (total: number) => string) => {
		const total = reserved + inMillionths(amount);
		if (total <= inMillionths(limit)) {
			reserved = total;
			return undefined;
		}
		const advice = `To allow it, raise “Spending Limit” of this node to ${shown(total)} or more.`;
		return new OperationError('notSent', message(total), { affects, advice });
	};
	return {
		/** Counts what an earlier try has spent, whatever the limit is now. */
		addSpent: (amount: number) => void (reserved += inMillionths(amount)),
		/** What was set aside was not spent. */
		release: (amount: number) => void (reserved -= inMillionths(amount)),
		/** Sets an amount aside for one item; or says why that would pass the limit, and sets nothing aside. */
		reserve: (amount: number) =>
			take(
				amount,
				'item',
				() =>
					`Not spent: ${inUnit(inMillionths(amount))} for this item, after ${inUnit(reserved)} in this run, would pass the spending limit of ${inUnit(inMillionths(limit))}`,
			),
		/** The same for all items of the run, before the first of them. */
		reserveAll: (amount: number) =>
			take(
				amount,
				'run',
				(total) =>
					`Nothing was spent: the items of this run come to ${inUnit(total)}, and the spending limit is ${inUnit(inMillionths(limit))}`,
			),
	};
}

const shown = (millionths: number) => String(millionths / 1e6);
