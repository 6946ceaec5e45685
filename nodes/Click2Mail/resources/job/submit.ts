import type { ActOperation } from '../../../shared/operation/types';
import { JOB_FIELD, jobIdIn } from '../../job';
import { MAXIMUM_COST, plannedSubmit, ruleIn, standingOf, SUBMITTING } from '../../submit';
import type { Standing, Submitted, SubmitRule } from '../../submit';

export const submit: ActOperation<SubmitRule & { jobId: string }, Standing, Submitted> = {
	option: {
		name: 'Submit',
		value: 'submit',
		action: 'Submit job',
		description: 'Pay for a draft from the credit, and have it printed and mailed',
		hint: 'Releases a draft letter or card that was prepared, to be mailed now.',
	},
	fields: [JOB_FIELD, MAXIMUM_COST],
	...SUBMITTING,
	warning: 'This prints and mails the job and pays for it from your credit. It can’t be taken back.',
	deed: 'took the job',
	dryRunHelp:
		'Whether to read the job, its cost and the credit and show what would be sent, without submitting it',

	parameters: (read) => ({ jobId: jobIdIn(read), ...ruleIn(read) }),
	// The second of two items with one job finds it submitted.
	lane: ({ jobId }) => jobId,
	keep: async ({ jobId, ...rule }, step) => await standingOf(step, jobId, rule),
	plan: async ({ jobId, ...rule }, step) => plannedSubmit(await standingOf(step, jobId, rule)),
};
