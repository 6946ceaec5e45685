/**
 * An amount in its smallest unit, such as cents, and so as the provider reads it: a whole number. What computing with
 * fractions misses by a hair is rounded away, so amounts can be compared.
 *
 * @param decimals of the written amount, such as 2 for cents
 */
export function inUnits(amount: number, decimals: number): number {
	return Math.round(amount * 10 ** decimals);
}

/** In millionths: finer than anything that is sold, and without what adding up misses by a hair; 100.004 is above 100. */
export function inMillionths(amount: number): number {
	return inUnits(amount, 6);
}
