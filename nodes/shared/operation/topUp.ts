import type { IDataObject, IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { invalid } from '../errors';
import { inMillionths, inUnits } from '../values/amount';
import { counted } from '../values/text';
import { numberField } from './fields';
import type { SideEffect } from './acts';
import type { ParameterReader, Spending, Step } from './types';

/** What a top-up is set to. Amounts are in the account's own unit. */
export interface TopUpRule {
	minimum: number;
	/** What is bought; 0 where it is bought up to a level. */
	amount: number;
	/** Up to which balance; 0 for a fixed amount. */
	level: number;
	/** The least that can be bought. */
	least: number;
}

/** What is counted, and how finely. */
interface TopUpUnit {
	/** As errors name it. */
	unit: string;
	decimals: number;
}

/** Whether a top-up buys and how much, and what it says of the balance. */
export interface TopUpPlan extends IDataObject {
	/** The balance as it was read, without what adding up misses by a hair. */
	before: number;
	/** 0 where nothing is bought. */
	amount: number;
	/** What there is afterwards, whatever a balance that lags says. */
	expected: number;
}

/** What is spent only if asking tells so. @param limit of one run, where nobody sets another */
export function spentIfNeeded(unit: Spending<unknown>['unit'], limit: number) {
	const cost = (_parameters: unknown, kept?: IDataObject) => Number(kept?.amount);
	return { default: limit, unit, cost, onlyIfNeeded: true as const };
}

/** @param label its unit, as labels name it */
export function topUpToField(label: string): INodeProperties {
	return numberField(`Top Up To (${label})`, 'topUpTo', 0, {
		typeOptions: { minValue: 0 },
		description:
			'Fill up to this balance instead of by a fixed amount, and at least by the smallest amount there is; 0 for the fixed amount. Must not be below the minimum.',
	});
}

/** The field of the fixed amount, which is required unless the option “Top Up To” is there. */
export function neededWithoutLevel(field: INodeProperties): INodeProperties[] {
	const withLevel = { '/options.topUpTo': [{ _cnd: { exists: true } }] } satisfies IDisplayOptions['show'];
	const optional = { ...field, displayOptions: { show: withLevel } };
	delete optional.required;
	return [{ ...field, required: true, displayOptions: { hide: withLevel } }, optional];
}

/**
 * @param names of the two parameters
 * @throws OperationError `invalid`, also for a level below the minimum: it would top up at every run
 */
export function topUpRuleIn(
	read: ParameterReader,
	{ unit, decimals, least }: TopUpUnit & Pick<TopUpRule, 'least'>,
	names = { minimum: 'minimumBalance', amount: 'amount' },
): TopUpRule {
	const minimum = read.number(names.minimum, { min: 0, decimals, unit });
	const level = read.number('options.topUpTo', { min: 0, decimals, unit });
	if (level === 0)
		return { minimum, level, least, amount: read.number(names.amount, { min: least, decimals, unit }) };
	if (inUnits(level, decimals) >= inUnits(minimum, decimals)) return { minimum, level, least, amount: 0 };
	throw invalid(
		read.label('options.topUpTo'),
		`is ${counted(level, unit)}, which is below “${read.label(names.minimum)}”, ${counted(minimum, unit)}`,
		'It would top up at every run: set it to the minimum or above.',
	);
}

/**
 * Plans a top-up. 9.99 is below 10, and 9.999999999999998 is not. What the node has bought in the execution counts as
 * there.
 *
 * @param account whose balance it is
 * @param balance as it was read, which may lag
 */
export function plannedTopUp(
	{ minimum, amount, level, least }: TopUpRule,
	{ decimals }: TopUpUnit,
	step: Pick<Step, 'bought'>,
	account: string,
	balance: number,
): TopUpPlan {
	const unit = 10 ** (6 - decimals);
	const there = inMillionths(Math.max(balance, step.bought.upTo(account) ?? balance));
	const missing = Math.ceil((inMillionths(level) - there) / unit) * unit;
	const isLow = there < inMillionths(minimum);
	const bought = isLow ? Math.max(level === 0 ? inMillionths(amount) : missing, inMillionths(least)) : 0;
	return { before: inMillionths(balance) / 1e6, amount: bought / 1e6, expected: (there + bought) / 1e6 };
}

/** The purchase of a top-up, after which the balance counts as what it comes to; undefined where nothing is bought. */
export function boughtBy<T>(
	{ amount, expected }: TopUpPlan,
	account: string,
	buy: (amount: number) => SideEffect<T>,
): SideEffect<T> | undefined {
	return amount === 0 ? undefined : { ...buy(amount), expectedBalance: { account, amount: expected } };
}
