import type { ReadOperation } from '../../../shared/operation/types';
import { JOB_FIELD, jobIdIn, stateOf, subjectOf } from '../../job';

export const get: ReadOperation<{ jobId: string }> = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get job',
		description: 'Read in which state a job is, and whether it was submitted',
		hint: 'Tracks a letter or postcard that was sent: where it is, its status, whether it has been mailed yet.',
	},
	fields: [JOB_FIELD],
	effect: 'reads',
	subject: subjectOf,
	parameters: (read) => ({ jobId: jobIdIn(read) }),
	run: async ({ jobId }, step) => ({ jobId, ...(await stateOf(step, jobId)) }),
};
