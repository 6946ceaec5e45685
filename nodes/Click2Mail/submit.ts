import type { IDataObject } from 'n8n-workflow';
import { readBalance } from '../Click2MailCredit/credit';
import { isRefused, notSent, OperationError, orElse, orNull } from '../shared/errors';
import { numberIn, objectIn } from '../shared/http/response';
import type { LookUp, SideEffect } from '../shared/operation/acts';
import { numberField } from '../shared/operation/fields';
import type { ParameterReader, PreparedPlan, Step } from '../shared/operation/types';
import { inUnits } from '../shared/values/amount';
import { costOf, dollars, jobIn, jobRequest, stateOf, subjectOf, toCents, type JobState } from './job';

const NOT_SUBMITTED = 'Not submitted';
const SAME_JOB = 'Retry this execution, or submit the same job with “Job: Submit”.';

/** How a job stands, and will stand once it was submitted where it is to be. */
export interface Standing extends IDataObject {
	jobId: string;
	/** In USD, without tax; null where it is not to be submitted and can't be read. */
	cost: number | null;
	/** In Click2Mail's words; null where it can't be read once it was submitted. */
	state: string | null;
	submitted: boolean;
	/** The job had been submitted before. */
	alreadySubmitted: boolean;
}

/** What the answer to a submit, or a look at it, tells of the job. */
export type Submitted = Partial<Standing>;

/** What a job may cost and mail, and whether the credit is compared: staging's is always 0. */
export interface SubmitRule {
	/** In USD, tax included. */
	maximumCost: number;
	comparesCredit: boolean;
	/** It has more pieces than one only if it is not what was to be mailed. */
	isOnePiece?: true;
}

export const MAXIMUM_COST = numberField('Maximum Cost (USD)', 'maximumCost', 0, {
	typeOptions: { minValue: 0 },
	required: true,
	placeholder: 'e.g. 2.50',
	description:
		'The most that each item may cost, tax included. What costs more stays a draft and is not paid.',
});

export function ruleIn(read: ParameterReader): SubmitRule {
	return {
		maximumCost: read.number('maximumCost', { min: 0.01, decimals: 2, unit: 'USD' }),
		comparesCredit: read.credential.environment !== 'staging',
	};
}

/** Pays for a job from the credit and has it printed and mailed, once. Source: Submit a Job page. */
export function submitOf(jobId: string): SideEffect<Submitted> {
	return {
		request: { method: 'POST', path: `/jobs/${jobId}/submit`, form: { billingType: 'User Credit' } },
		parse(data) {
			const cost = numberIn(objectIn(data).cost);
			return cost === null ? {} : { cost };
		},
	};
}

/** Whether a job was submitted can be seen by its state; what is none of the known ones tells neither. */
function submitLookUp(jobId: string): LookUp<Submitted> {
	return {
		request: jobRequest(jobId),
		parse(data, isRefused) {
			const { state, submitted } = jobIn(data);
			if (submitted === true) return { kind: 'happened', value: { state, alreadySubmitted: isRefused } };
			if (submitted === null) return { kind: 'unclear', state: `job ${jobId} is in state “${state}”` };
			return {
				kind: 'open',
				state: `job ${jobId} still shows as a draft (${state}). Read it again later with “Job: Get”; if it is a draft then, submit this same job, and never start anew`,
			};
		},
	};
}

/**
 * The state of a job before something is done for it.
 *
 * @param undone what is not done then, such as "Not submitted"
 * @param advice where no clear answer came
 * @throws OperationError `notSent` where it can't be read, or nobody knows whether the job was paid; `refused` where there
 * is no such job, or the log-in is wrong
 */
export async function readJob(step: Step, jobId: string, undone = NOT_SUBMITTED, advice?: string) {
	const found = await stateOf(step, jobId).catch((error: unknown) => {
		throw isPlainNo(error)
			? new OperationError('refused', `${error.message} (job ${jobId})`, { ...error.facts, cause: error })
			: unread(error, `${undone}: the state of job ${jobId}`, advice);
	});
	const job = step.redacted(found);
	if (job.submitted !== null) return job;
	throw notSent(
		`${undone}: job ${jobId} is in state “${job.state}”`,
		'It may have been paid. Look at it in your Click2Mail account, or ask support@click2mail.com.',
	);
}

/** Whether the provider says something of the job itself, or of the log-in. */
function isPlainNo(error: unknown): error is OperationError {
	return isRefused(error) && (error.facts.providerCode !== undefined || error.facts.httpStatus === 401);
}

/** Whether the provider says that it has no such thing. Of jobs, only drafts can be deleted. */
export function isGone(error: unknown): boolean {
	return isPlainNo(error) && error.facts.affects === 'item' && /not found/i.test(error.message);
}

/** The same; null where there is no such job. */
export async function readJobIfThere(step: Step, jobId: string): Promise<JobState | null> {
	return await orElse(readJob(step, jobId), null, isGone);
}

/**
 * What can't be read leaves a job as it is, however the reading failed.
 *
 * @param what it was, with the job
 * @param advice where no clear answer came
 */
export function unread(error: unknown, what: string, advice?: string): unknown {
	if (!(error instanceof OperationError)) return error;
	const message = `${what} can’t be read (${error.message})`;
	const told = isRefused(error) || advice === undefined ? {} : { advice };
	return new OperationError('notSent', message, { ...error.facts, ...told, cause: error });
}

/**
 * How a job stands. Of a draft that is to be submitted, whether it may be.
 *
 * @param rule undefined where it is not to be submitted
 * @throws OperationError `notSent`
 */
export async function standingOf(step: Step, jobId: string, rule?: SubmitRule): Promise<Standing> {
	const { state, submitted } = await readJob(step, jobId, NOT_SUBMITTED, SAME_JOB);
	const cost =
		rule && !submitted
			? await costToSubmit(step, jobId, rule)
			: await orNull(costOf(step, jobId).then((found) => found.cost));
	return {
		jobId,
		cost: cost === null ? null : dollars(cost),
		state,
		submitted: rule !== undefined || submitted === true,
		alreadySubmitted: submitted === true,
	};
}

/** What comes out of a job that was to be submitted, and of one that was submitted before. */
async function outcomeOf(kept: Standing, sent: Submitted | undefined, step: Step): Promise<Standing> {
	if (!sent) return kept;
	const read = async () => step.redacted(await orNull(stateOf(step, kept.jobId)))?.state ?? null;
	return { ...kept, ...sent, state: sent.state ?? (await read()) };
}

/** What all acts have in common that end with the submit of a job. */
export const SUBMITTING = {
	effect: 'spends',
	keyFirst: () => true,
	request: ({ jobId, submitted, alreadySubmitted }: Standing) =>
		submitted && !alreadySubmitted ? submitOf(jobId) : undefined,
	lookUp: ({ jobId }: Standing) => submitLookUp(jobId),
	subject: subjectOf,
	output: outcomeOf,
} as const;

/** What a dry run shows of a job that is there. */
export function plannedSubmit(standing: Standing): PreparedPlan {
	const act = SUBMITTING.request(standing)?.request;
	const { state, ...known } = standing;
	return { prepares: [], act, json: act ? known : { ...known, state } };
}

/**
 * The cost of a draft that may be submitted, in thousandths, without tax.
 *
 * @throws OperationError `notSent` where it mails nothing, costs more than it may, the credit is too low, or one of them
 * can't be read
 */
async function costToSubmit(step: Step, jobId: string, rule: SubmitRule): Promise<number> {
	const unreadable = (what: string) => (error: unknown) => {
		throw unread(error, `${NOT_SUBMITTED}: ${what} job ${jobId}`, SAME_JOB);
	};
	const { cost, tax, pieces } = await costOf(step, jobId).catch(unreadable('the cost of'));
	const total = cost + tax;
	const price = `${dollars(total)} USD`;
	if (pieces === 0 || total <= 0) {
		const advice = 'Check the address. Nothing was mailed or charged.';
		throw draft(jobId, 'has no piece that can be mailed', advice);
	}
	if (rule.isOnePiece && pieces !== null && pieces > 1) {
		const advice = 'Look at it in your Click2Mail account. If all are meant, submit it with “Job: Submit”.';
		throw draft(jobId, `has ${pieces} pieces, and one was to be mailed`, advice);
	}
	if (total > inUnits(rule.maximumCost, 3)) {
		const advice = `To mail it, raise “Maximum Cost” to ${dollars(toCents(total))} or more.`;
		throw draft(jobId, `costs ${price} with tax, more than the maximum of ${rule.maximumCost} USD`, advice);
	}
	if (!rule.comparesCredit) return cost;
	const balance = await readBalance(step).catch(unreadable('the credit for'));
	if (total > inUnits(balance, 3)) {
		const advice =
			'Buy credit, such as with “Cover Job” of the node Click2Mail Credit; then retry this execution, or submit the same job with “Job: Submit”.';
		throw draft(jobId, `costs ${price} with tax, and the credit is ${balance} USD`, advice);
	}
	return cost;
}

function draft(jobId: string, trouble: string, advice: string): OperationError {
	return notSent(`${NOT_SUBMITTED}: job ${jobId} ${trouble}. It stays a draft`, advice);
}
