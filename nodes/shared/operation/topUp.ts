import { inUnits } from '../values/amount';

/** Whether a top-up buys, and what it says of the balance. */
export interface TopUpFindings {
	[key: string]: number | boolean | string;
	/** Before the purchase, in the account's own unit. */
	before: number;
	isLow: boolean;
}

/** A balance is compared as the provider counts it, to its smallest unit: 9.999999999999998 is not below 10. */
export function judgeBalance(balance: number, minimum: number, decimals: number): TopUpFindings {
	return {
		before: inUnits(balance, decimals) / 10 ** decimals,
		isLow: inUnits(balance, decimals) < inUnits(minimum, decimals),
	};
}
