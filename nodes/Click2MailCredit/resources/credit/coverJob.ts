import { costOf, dollars, JOB_FIELD, jobIdIn, stateOf, subjectOf, toCents } from '../../../Click2Mail/job';
import { isGone, readJob, unread } from '../../../Click2Mail/submit';
import { notSent, orElse, orNull, type OperationError } from '../../../shared/errors';
import { spentIfNeeded } from '../../../shared/operation/topUp';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { inUnits } from '../../../shared/values/amount';
import { ACCOUNT, CURRENCY, leastPurchase, purchaseOf, readBalance, type Receipt } from '../../credit';

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

const UNDONE = 'Nothing was bought';

export const coverJob: ActOperation<{ jobId: string; least: number }, Findings, Receipt> = {
	option: {
		name: 'Cover Job',
		value: 'coverJob',
		action: 'Cover cost of job',
		description: 'Buy what the credit lacks to pay for a letter or card that was prepared',
		hint: 'Pays the postage that one mail job lacks, and no more.',
	},
	fields: [JOB_FIELD],
	effect: 'spends',
	warning: 'This charges your card when the credit is too low for the job. A charge can’t be taken back.',
	deed: 'charged the card',
	dryRunHelp: 'Whether to read cost and balance and show what would be bought, without charging the card',
	chargesCard: true,
	spending: spentIfNeeded('USD', 100),
	takesCard: () => true,

	parameters: (read) => ({ jobId: jobIdIn(read), least: inUnits(leastPurchase(read.credential), 3) }),

	async keep({ jobId, least }, step) {
		const { submitted } = await readJob(step, jobId, UNDONE);
		await step.readOnce(seenAs(jobId), () => Promise.resolve(submitted), Date.now());
		const { cost, tax } = submitted ? { cost: 0, tax: 0 } : await costOf(step, jobId);
		const before = await creditOf(step);
		const total = cost + tax;
		const others = submitted ? 0 : await asideForOthers(step, jobId, before, total);
		const { own, atMost, forCertain } = freeFor(step, jobId, before - others);
		const needed = submitted ? 0 : total - atMost;
		const amount = needed > 0 ? toCents(Math.max(needed, least)) : 0;
		if (amount === 0 && total > forCertain && !submitted) throw unsure(jobId);
		if (submitted) step.bought.spent(ACCOUNT, jobId);
		else if (amount === 0) step.bought.setAside(ACCOUNT, jobId, dollars(total));
		return {
			jobId,
			total,
			needed: dollars(needed),
			before: dollars(before),
			amount: dollars(amount),
			expected: dollars(atMost + amount - own),
			certain: dollars(forCertain + amount - own),
		};
	},
	request({ jobId, total, amount, expected, certain }, _parameters, card) {
		if (amount === 0) return undefined;
		const aside = { name: jobId, amount: dollars(total) };
		const expectedBalance = { account: ACCOUNT, amount: expected, certain, aside };
		return { ...purchaseOf(amount, card()), expectedBalance };
	},
	subject: subjectOf,

	foresee: (found) => ({ ...foreseenOf(found), currency: CURRENCY }),
	async output(found, receipt, step) {
		const balanceAfter = receipt ? await orNull(creditOf(step).then(dollars)) : found.before;
		return { ...foreseenOf(found), balanceAfter, currency: CURRENCY };
	},
};

const foreseenOf = ({ jobId, needed, before, amount }: Findings) => ({
	jobId,
	needed,
	toppedUp: amount > 0,
	amount,
	balanceBefore: before,
});

const seenAs = (jobId: string) => `whether job ${jobId} is paid`;

/**
 * What this execution has set aside for other jobs and is still in the credit, in thousandths. A job that is paid, or gone,
 * has nothing set aside any more; for one in a state that says nothing, it does not count.
 */
async function asideForOthers(step: Step, jobId: string, before: number, total: number): Promise<number> {
	const others = [...step.bought.aside(ACCOUNT)].filter(([name, amount]) => name !== jobId && amount > 0);
	const all = others.reduce((sum, [, amount]) => sum + inUnits(amount, 3), 0);
	// There is enough, whatever has become of them; or none of them was paid since the last purchase.
	if (before - all >= total || step.bought.isAsLeft(ACCOUNT, dollars(before))) return all;
	let sum = 0;
	for (const [other, amount] of others) {
		const isPaid = await step.readOnce(seenAs(other), async () => await isPaidOrGone(step, other, jobId));
		if (isPaid === true) step.bought.spent(ACCOUNT, other);
		else if (isPaid === false) sum += inUnits(amount, 3);
	}
	return sum;
}

/** Null where its state does not say. @param jobId for which it is asked */
async function isPaidOrGone(step: Step, other: string, jobId: string): Promise<boolean | null> {
	const isPaid = stateOf(step, other).then(({ submitted }) => submitted);
	return await orElse(isPaid, true, isGone).catch((error: unknown) => {
		throw unread(error, `${UNDONE} for job ${jobId}: what was set aside for job ${other}`);
	});
}

/**
 * What of the credit there is for a job, in thousandths: as the balance shows it, or as this execution has bought it, where
 * the balance lags behind that.
 *
 * @param shown the balance, less what is set aside for others
 */
function freeFor({ bought }: Step, jobId: string, shown: number) {
	const own = inUnits(bought.aside(ACCOUNT).get(jobId) ?? 0, 3);
	const orBought = (level = -Infinity) => Math.max(shown, inUnits(level, 3) + own);
	const atMost = orBought(bought.upTo(ACCOUNT));
	return { own, atMost, forCertain: orBought(bought.certainlyUpTo(ACCOUNT)) };
}

/** A job for which there is credit only if a purchase has happened of which nobody knows. */
function unsure(jobId: string): OperationError {
	return notSent(
		`Nothing was bought: there is credit for job ${jobId} only if an earlier purchase of this execution has happened, whose outcome is unknown`,
		'Look in your Click2Mail account whether it has. If so, retry this execution once the balance shows it; if not, buy what is missing with “Credit: Buy”, then retry it.',
	);
}

async function creditOf(step: Step): Promise<number> {
	return inUnits(await readBalance(step), 3);
}
