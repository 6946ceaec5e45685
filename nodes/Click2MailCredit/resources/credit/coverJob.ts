import { costIn, costRequest, dollars, JOB_FIELD, jobIdIn } from '../../../Click2Mail/job';
import { readJob } from '../../../Click2Mail/submit';
import { OperationError, orNull } from '../../../shared/errors';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { inUnits } from '../../../shared/values/amount';
import { BALANCE_REQUEST, balanceIn, CURRENCY, leastPurchase, purchaseOf, type Receipt } from '../../credit';

/** In USD, but the job's cost. */
interface Findings {
	[key: string]: string | number;
	jobId: string;
	/** In thousandths, tax included; 0 for a job that is submitted. */
	total: number;
	needed: number;
	/** As it was read. */
	before: number;
	/** What is bought; 0 where nothing is needed. */
	amount: number;
	/** What is free then, with all that this execution has bought and less what it has set aside. */
	expected: number;
	/** The same without purchases whose outcome is unknown. */
	certain: number;
}

const ACCOUNT = 'account';
/** Before the number of a job, the name of what is set aside for it. */
const COVERED = 'job ';

export const coverJob: ActOperation<{ jobId: string; least: number }, undefined, Findings, Receipt> = {
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

	parameters: (read) => ({ jobId: jobIdIn(read), least: inUnits(leastPurchase(read.credential), 3) }),

	async keep({ jobId, least }, step) {
		const { submitted } = await readJob(step, jobId, 'Nothing was bought');
		const { cost, tax } = submitted ? { cost: 0, tax: 0 } : await step.read(costRequest(jobId), costIn);
		const before = await readBalance(step);
		const total = cost + tax;
		const free = freeFor(step, jobId, before);
		const needed = submitted ? 0 : total - free.atMost;
		const amount = needed > 0 ? Math.ceil(Math.max(needed, least) / 10) * 10 : 0;
		if (amount === 0 && !submitted && total > free.forCertain) throw unsure(jobId);
		// Set aside for this job until it is covered, in a dry run at once.
		const aside = step.dryRun ? total : inUnits(step.bought.asideFor(ACCOUNT, jobId), 3);
		if (amount === 0 || step.dryRun) cover(step, jobId, total);
		return {
			jobId,
			total,
			needed: dollars(needed),
			before: dollars(before),
			amount: dollars(amount),
			expected: dollars(free.atMost + amount - aside),
			certain: dollars(free.forCertain + amount - aside),
		};
	},
	request({ amount, expected, certain }, _parameters, card) {
		if (amount === 0) return undefined;
		const expectedBalance = { account: ACCOUNT, amount: expected, certain };
		return { ...purchaseOf(amount, card()), expectedBalance };
	},

	foresee: ({ jobId, needed, before, amount }) => ({
		jobId,
		needed,
		toppedUp: true,
		amount,
		balanceBefore: before,
		currency: CURRENCY,
	}),
	async output({ jobId, total, needed, before, amount }, receipt, step) {
		if (receipt) cover(step, jobId, total);
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

/** Sets an amount of the credit aside for a job, for all tries of the run; a dry run, for itself alone. In thousandths. */
function cover(step: Step, jobId: string, total: number): void {
	if (step.dryRun) step.balances.set(`${COVERED}${jobId}`, total);
	else step.tally[`${COVERED}${jobId}`] = total;
	step.bought.setAside(ACCOUNT, jobId, dollars(total));
}

/**
 * What of the credit there is for a job, in thousandths: as the balance shows it, less what earlier items of the run need
 * for other jobs, or as this execution has bought it, where the balance lags behind that.
 */
function freeFor(step: Step, jobId: string, before: number): { atMost: number; forCertain: number } {
	const { balances, bought, tally } = step;
	const covered = new Map([...balances, ...Object.entries(tally)]);
	const own = covered.get(`${COVERED}${jobId}`) ?? inUnits(bought.asideFor(ACCOUNT, jobId), 3);
	const others = [...covered]
		.filter(([name]) => name.startsWith(COVERED) && name !== `${COVERED}${jobId}`)
		.reduce((sum, [, total]) => sum + total, 0);
	const shown = before - others;
	const orBought = (level: number | undefined) =>
		level === undefined ? shown : Math.max(shown, inUnits(level, 3) + own);
	return {
		atMost: orBought(bought.upTo(ACCOUNT)),
		forCertain: orBought(bought.certainlyUpTo(ACCOUNT)),
	};
}

/** A job for which there is credit only if a purchase has happened of which nobody knows. */
function unsure(jobId: string): OperationError {
	return new OperationError(
		'notSent',
		`Nothing was bought: there is credit for job ${jobId} only if an earlier purchase of this execution has happened, whose outcome is unknown`,
		{
			advice:
				'Look in your Click2Mail account whether it has. If so, retry this execution once the balance shows it; if not, buy what is missing with “Credit: Buy”, then retry it.',
		},
	);
}

async function readBalance(step: Step): Promise<number> {
	return inUnits((await step.read(BALANCE_REQUEST, balanceIn)).balance, 3);
}
