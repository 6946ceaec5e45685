import type { INodeProperties } from 'n8n-workflow';
import { invalid } from '../errors';
import { needed, numberIn } from '../http/response';
import { numberField } from '../operation/fields';
import { neededWithoutLevel, spentIfNeeded } from '../operation/topUp';
import type { ParameterReader } from '../operation/types';

export type CreditBalance = ReturnType<typeof creditBalance>;

/** Credits of the account, by kind. @throws UnrecognisedReply without a total */
export function creditBalance(plan: unknown, anytime: unknown, total: unknown) {
	return {
		planCredits: numberIn(plan),
		anytimeCredits: numberIn(anytime),
		totalCredits: needed(numberIn(total), 'total of credits'),
	};
}

/** What names the balance of the account. */
export const ACCOUNT = 'account';
export const CREDITS = { unit: 'credits', decimals: 0, least: 1 };

export const NUMBER_OF_CREDITS = numberField('Number of Credits', 'numberOfCredits', 0, {
	required: true,
	placeholder: 'e.g. 1000',
	description:
		'How many credits to buy for each item. Where the node before has “Always Output Data” on, its empty item buys, too.',
});

/** When a top-up buys, and how many. */
export const TOP_UP_FIELDS: INodeProperties[] = [
	numberField('Minimum Credits', 'minimumCredits', 100, {
		typeOptions: { minValue: 0, numberPrecision: 0 },
		required: true,
		placeholder: 'e.g. 500',
		description: 'Buy only when the account has fewer credits than this, plan and anytime credits together',
	}),
	...neededWithoutLevel({
		...NUMBER_OF_CREDITS,
		description:
			'How many credits to buy then. Bought once, even if it is not enough. Not needed with the option “Top Up To”.',
	}),
];

/** What every purchase of credits is. */
export const BUYING = {
	effect: 'spends',
	warning: 'This charges your card at once and can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to check everything and show what would be sent, without charging the card',
	chargesCard: true,
} as const;

/** What every top-up of credits is. */
export const TOPPING_UP = {
	...BUYING,
	warning: 'This charges your card when the account has too few credits. A charge can’t be taken back.',
	dryRunHelp: 'Whether to read the balance and show what would be bought, without charging the card',
	comesOutAtLimit: true,
	spending: spentIfNeeded('credits', 5000),
} as const;

/** The last four digits of a stored card. @throws OperationError `invalid` */
export function lastFourIn(read: ParameterReader): string {
	const path = 'storedCardLastFour';
	const digits = read.required(path);
	if (/^\d{4}$/.test(digits)) return digits;
	throw invalid(read.label(path), 'must be the last four digits of a stored card, such as 1111');
}
