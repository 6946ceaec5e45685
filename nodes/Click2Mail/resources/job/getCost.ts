import type { ReadOperation } from '../../../shared/operation/types';
import { costOf, dollars, JOB_FIELD, jobIdIn, subjectOf } from '../../job';

export const getCost: ReadOperation<{ jobId: string }> = {
	option: {
		name: 'Get Cost',
		value: 'getCost',
		action: 'Get cost of job',
		description: 'Read what a job costs when it is paid from the credit',
		hint: 'How much it will or would cost to mail a letter or postcard, as price or postage, before it is mailed.',
	},
	fields: [JOB_FIELD],
	effect: 'reads',
	subject: subjectOf,
	parameters: (read) => ({ jobId: jobIdIn(read) }),
	async run({ jobId }, step) {
		const { cost, tax, pieces } = await costOf(step, jobId);
		return { jobId, cost: dollars(cost), tax: dollars(tax), pieces };
	},
};
