import type { IDataObject } from 'n8n-workflow';
import { orNull } from '../../../shared/errors';
import { numberIn, objectIn, UnrecognisedReply } from '../../../shared/http/response';
import type { ReadOperation, Step } from '../../../shared/operation/types';
import { messageIdField, messageIdsIn, reportForEach } from '../../../shared/sms/reports';

/** The counts of a report, by their place in the reply. */
const COUNTS = {
	delivered: ['delivery', 'total_delivered'],
	bounced: ['delivery', 'bounced'],
	queued: ['delivery', 'queued'],
	notSent: ['delivery', 'total_not_sent'],
	replied: ['engagement', 'replied'],
	optedOut: ['engagement', 'opted_out'],
	noAction: ['engagement', 'no_action'],
} as const;

/**
 * What became of messages, one item for each message ID. Source: replies of a live account, 2025.
 *
 * Not confirmed with a live account: how long a report takes, and what it says until then (nothing but zeros, or no report
 * at all: then the item is `refused`).
 */
export const getReport: ReadOperation<{ messageIds: string[] }> = {
	option: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get delivery report of message',
		description: 'Count what became of a message that was sent. Right after sending, it may still say zero.',
		hint: 'Checks whether the texts of an EZ Texting SMS campaign arrived, and how many were delivered, bounced or failed: counts alone. Wait some minutes after sending.',
	},
	fields: [messageIdField('271100000003')],
	effect: 'reads',

	parameters: (read) => ({ messageIds: messageIdsIn(read, 30) }),

	run: async ({ messageIds }, step) =>
		await reportForEach(messageIds, async (id) => await reportOf(id, step)),
};

async function reportOf(messageId: string, step: Step): Promise<IDataObject> {
	const report = { method: 'GET' as const, path: `/message-reports/${messageId}` };
	const { counts, entry } = await step.read(report, countsIn);
	const raw = step.raw(entry);
	const details = { method: 'GET' as const, path: `/message-details/${messageId}` };
	// The only place that tells what it cost.
	const cost = await orNull(step.read(details, objectIn));
	return {
		messageId,
		...counts,
		recipientsCount: numberIn(cost?.recipientsCount),
		credits: numberIn(cost?.credits),
		...raw,
	};
}

/** What a report leaves out is 0. @throws UnrecognisedReply without any of the counts */
function countsIn(data: unknown): { counts: IDataObject; entry: unknown } {
	const found = Object.entries(COUNTS).map(([name, [part, key]]): [string, number | null] => [
		name,
		numberIn(objectIn(objectIn(objectIn(data)[part])[key]).data),
	]);
	if (found.every(([, count]) => count === null))
		throw new UnrecognisedReply('the reply has no counts of a report');
	return { counts: Object.fromEntries(found.map(([name, count]) => [name, count ?? 0])), entry: data };
}
