import { costIn, costRequest, dollars, JOB_FIELD, jobIdIn } from '../../../Click2Mail/job';
import { readJob } from '../../../Click2Mail/submit';
import { orNull } from '../../../shared/errors';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { inUnits } from '../../../shared/values/amount';
import { BALANCE_REQUEST, balanceIn, CURRENCY, leastPurchase, purchaseOf, type Receipt } from '../../credit';

interface CoverJob {
	jobId: string;
	/** In thousandths of a US dollar. */
	least: number;
}

interface Findings {
	[key: string]: string | number;
	jobId: string;
	/** In USD, tax included; 0 for a job that is submitted. */
	cost: number;
	needed: number;
	/** As it was read. */
	before: number;
	/** With what this run has bought. */
	there: number;
	/** What is bought; 0 where nothing is needed. */
	amount: number;
}

const ACCOUNT = 'account';
/** Before the number of a job, the name of what is set aside for it. */
const COVERED = 'job ';

export const coverJob: ActOperation<CoverJob, undefined, Findings, Receipt> = {
	option: {
		name: 'Cover Job',
		value: 'coverJob',
		action: 'Cover the cost of a job',
		description: 'Buy what the credit lacks to pay for a letter or card that was prepared',
	},
	fields: [JOB_FIELD],
	effect: 'spends',
	warning: 'This charges your card when the credit is too low for the job. A charge can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to read cost and balance and show what would be bought, without charging the card',
	chargesCard: true,
	spending: {
		default: 100,
		unit: 'USD',
		cost: (_parameters, findings) => Number(findings?.amount ?? 0),
		onlyIfNeeded: true,
	},
	takesCard: () => true,

	parameters: (read) => ({
		jobId: jobIdIn(read),
		least: inUnits(leastPurchase(read.credential), 3),
	}),

	async keep({ jobId, least }, step) {
		const { submitted } = await readJob(step, jobId);
		const { cost, tax } = submitted ? { cost: 0, tax: 0 } : await step.read(costRequest(jobId), costIn);
		const read = await readBalance(step);
		// A balance that lags behind a purchase of this run is not what there is.
		const before = Math.max(read, inUnits(step.boughtUpTo(ACCOUNT) ?? 0, 3));
		const total = cost + tax;
		const needed = submitted ? 0 : total - (before - coveredBefore(step, jobId));
		const amount = needed > 0 ? Math.ceil(Math.max(needed, least) / 10) * 10 : 0;
		if (amount === 0 || step.dryRun) cover(step, jobId, dollars(total));
		return {
			jobId,
			cost: dollars(total),
			needed: dollars(needed),
			before: dollars(read),
			there: dollars(before),
			amount: dollars(amount),
		};
	},
	request({ there, amount }, _parameters, card) {
		if (amount === 0) return undefined;
		return {
			...purchaseOf(amount, card()),
			expectedBalance: { account: ACCOUNT, amount: there + amount },
		};
	},

	foresee: ({ jobId, needed, before, amount }) => ({
		jobId,
		needed,
		toppedUp: true,
		amount,
		balanceBefore: before,
		currency: CURRENCY,
	}),
	async output({ jobId, cost, needed, before, amount }, receipt, step) {
		if (receipt) cover(step, jobId, cost);
		return {
			jobId,
			needed,
			toppedUp: receipt !== undefined,
			amount,
			balanceBefore: before,
			balanceAfter: receipt ? await orNull(readBalance(step).then(dollars)) : before,
			currency: CURRENCY,
		};
	},
};

/** Sets an amount of the credit aside for a job, for all tries of the run; a dry run, for itself alone. */
function cover(step: Step, jobId: string, cost: number): void {
	if (step.dryRun) step.balances.set(`${COVERED}${jobId}`, cost);
	else step.tally[`${COVERED}${jobId}`] = cost;
}

/** What earlier items of the run need for other jobs, in thousandths. */
function coveredBefore({ balances, tally }: Step, jobId: string): number {
	return [...balances, ...Object.entries(tally)]
		.filter(([name]) => name.startsWith(COVERED) && name !== `${COVERED}${jobId}`)
		.reduce((sum, [, amount]) => sum + inUnits(amount, 3), 0);
}

async function readBalance(step: Step): Promise<number> {
	return inUnits((await step.read(BALANCE_REQUEST, balanceIn)).balance, 3);
}
