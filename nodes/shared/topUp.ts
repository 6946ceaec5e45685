import type { Call } from './operation';

/** What a top-up found and did. Amounts in the account's own unit. */
export interface TopUp<T> {
	before: number;
	/** The reply to the purchase; undefined when the balance was high enough. */
	bought: T | undefined;
}

/**
 * Reads a balance, and buys once when it is below the minimum. In a dry run, what earlier items would have bought for
 * the same account counts as bought.
 *
 * @param account tells accounts of one run apart
 * @param balance reads the balance
 * @param buy makes the one purchase
 */
export async function topUp<T>(
	call: Call,
	{ account, minimum, amount }: { account: string; minimum: number; amount: number },
	balance: () => Promise<number>,
	buy: () => Promise<T>,
): Promise<TopUp<T>> {
	const before = (await call.once('balanceBefore', balance)) + call.planned(account);
	if (before >= minimum) return { before, bought: undefined };
	if (call.dryRun) call.plan(account, amount);
	return { before, bought: await buy() };
}

/** A finding that is worth having but not worth failing for: null when it can't be had. */
export async function orNull<T>(finding: Promise<T>): Promise<T | null> {
	return await finding.catch(() => null);
}
