import type { ActOperation } from '../../../shared/operation/types';
import { JOB_FIELD, jobIdIn, subjectOf } from '../../job';
import {
	MAXIMUM_COST,
	outcomeOf,
	plannedSubmit,
	ruleIn,
	standingOf,
	submitLookUp,
	submitOf,
	type Standing,
	type Submitted,
	type SubmitRule,
} from '../../submit';

type Submit = SubmitRule & { jobId: string };
type Kept = Standing & { jobId: string };

export const submit: ActOperation<Submit, Kept, Submitted> = {
	option: {
		name: 'Submit',
		value: 'submit',
		action: 'Submit job',
		description: 'Pay for a draft from the credit, and have it printed and mailed',
		hint: 'Releases a draft letter or card that was prepared, to be mailed now.',
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

	keyFirst: () => true,
	keep: async ({ jobId, ...rule }, step) => ({ jobId, ...(await standingOf(step, jobId, rule)) }),
	request: ({ jobId, submitted }) => (submitted ? undefined : submitOf(jobId)),
	lookUp: ({ jobId }) => submitLookUp(jobId),
	subject: subjectOf,
	plan: async ({ jobId, ...rule }, step) => plannedSubmit(jobId, await standingOf(step, jobId, rule), true),
	output: async ({ jobId, ...standing }, sent, step) => ({
		jobId,
		...(await outcomeOf(standing, jobId, sent, step)),
	}),
};
