import type { IDataObject } from 'n8n-workflow';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { orNull } from '../../../shared/errors';
import { dollars, costIn, costRequest, JOB_FIELD, jobIdIn } from '../../job';
import { MAXIMUM_COST, ruleIn } from '../../fields';
import {
	costToSubmit,
	readJob,
	stateAfter,
	submitLookUp,
	submitOf,
	type Submitted,
	type SubmitRule,
} from '../../submit';

interface Submit extends SubmitRule {
	jobId: string;
}

interface Kept extends IDataObject {
	jobId: string;
	/** In USD; null where it is submitted and can't be read. */
	cost: number | null;
	/** Where it was submitted before. */
	state: string | null;
}

export const submit: ActOperation<Submit, undefined, Kept, Submitted> = {
	option: {
		name: 'Submit',
		value: 'submit',
		action: 'Submit a job',
		description: 'Pay for a draft from the credit, and have it printed and mailed',
	},
	fields: [JOB_FIELD, MAXIMUM_COST],
	effect: 'spends',
	warning: 'This prints and mails the job and pays for it from your credit. It can’t be taken back.',
	deed: 'took the job',
	dryRunHelp:
		'Whether to read the job, its cost and the credit and show what would be sent, without submitting it',

	parameters: (read) => ({ jobId: jobIdIn(read), ...ruleIn(read) }),
	// The second of two items with one job finds it submitted.
	lane: ({ jobId }) => jobId,

	keep: readDraft,
	request: ({ jobId, state }) => (state === null ? submitOf(jobId) : undefined),
	lookUp: ({ jobId }) => submitLookUp(jobId),
	subject: ({ jobId }) => (jobId === undefined ? undefined : `job ${String(jobId)}`),
	async plan(parameters, step) {
		const { jobId, cost, state } = await readDraft(parameters, step);
		return {
			requests: state === null ? [submitOf(jobId).request] : [],
			json: {
				jobId,
				submitted: true,
				alreadySubmitted: state !== null,
				cost,
				...(state !== null && { state }),
			},
		};
	},

	async output({ jobId, cost, state }, submitted, step) {
		const after = state ?? submitted?.state ?? (await stateAfter(step, jobId));
		return {
			jobId,
			submitted: true,
			alreadySubmitted: submitted?.alreadySubmitted ?? true,
			cost: submitted?.cost ?? cost,
			state: after,
		};
	},
};

async function readDraft({ jobId, ...rule }: Submit, step: Step): Promise<Kept> {
	const { state, submitted } = await readJob(step, jobId);
	if (!submitted) return { jobId, cost: dollars((await costToSubmit(step, jobId, rule)).cost), state: null };
	const known = await orNull(step.read(costRequest(jobId), costIn));
	return { jobId, cost: known && dollars(known.cost), state };
}
