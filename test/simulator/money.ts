/**
 * Adds amounts of money exactly: computed on whole thousandths, the finest step that the providers show
 * (MailPartner writes balances with three decimals, the other two with two).
 */
export function sum(...amounts: number[]): number {
	return amounts.reduce((total, amount) => total + Math.round(amount * 1000), 0) / 1000;
}

/** Rounds an amount of money to whole cents. */
export function roundToCents(amount: number): number {
	return Math.round(amount * 100 + Number.EPSILON) / 100;
}
