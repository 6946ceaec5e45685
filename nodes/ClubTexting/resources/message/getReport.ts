import type { IDataObject } from 'n8n-workflow';
import { orElse } from '../../../shared/errors';
import { numberIn, objectIn, UnrecognisedReply } from '../../../shared/http/response';
import { booleanField } from '../../../shared/operation/fields';
import type { ReadOperation, Step } from '../../../shared/operation/types';
import { entriesIn, isNothingFound } from '../../list';
import { numbersIn } from '../../../shared/sms/phoneNumber';
import { messageIdField, messageIdsIn, reportForEach } from '../../../shared/sms/reports';

/** What can become of a message to a recipient. */
type Status = 'delivered' | 'bounced' | 'notAvailable' | 'noCredits' | 'optedOut';

/** Each with its name in the counts (blanks and dashes left out) and in the request for its list. */
const STATUSES: Array<{ status: Status; count: string; counted: string; listed: string }> = [
	{ status: 'delivered', count: 'delivered', counted: 'delivered', listed: 'delivered' },
	{ status: 'bounced', count: 'bounced', counted: 'bounced', listed: 'bounced' },
	{ status: 'notAvailable', count: 'notAvailable', counted: 'notavailable', listed: 'na' },
	{ status: 'noCredits', count: 'notSentNoCredits', counted: 'notsentnocredits', listed: 'no_credits' },
	{ status: 'optedOut', count: 'notSentOptedOut', counted: 'notsentoptedout', listed: 'opted_out' },
];

/** What has no answer yet is asked for first: a recipient who gets one meanwhile is found again, with it. */
const ASKED_FIRST: Status = 'notAvailable';

/**
 * What became of messages that were sent, one item for each message ID. Where the counts and the lists of recipients
 * disagree, as they may while a message is on its way, the item says so under `disagreement`.
 *
 * Source: the vendor's client library and its sample replies. Not confirmed with a live account: how the filter of the
 * lists is spelled (it is sent as `status` and as `Status`; were both ignored, the lists would disagree with the counts),
 * how the counts are named in XML, and after what time a report is final. A report without any of the counts is `unknown`.
 */
export const getReport: ReadOperation<{ messageIds: string[]; includeRecipients: boolean }> = {
	option: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get delivery report of message',
		description: 'Find out what became of a message that was sent, recipient by recipient',
		hint: 'Checks whether the texts of an SMS campaign arrived or were received: how many were delivered, bounced or failed, who got one and who did not. Wait some hours after sending.',
	},
	fields: [messageIdField('6419')],
	options: [
		booleanField(
			'Include Recipients',
			'includeRecipients',
			'Whether to list what became of each recipient, with five more requests for each message ID',
			true,
		),
	],
	effect: 'reads',

	parameters: (read) => ({
		messageIds: messageIdsIn(read, 20),
		includeRecipients: read.boolean('options.includeRecipients'),
	}),

	run: async ({ messageIds, includeRecipients }, step) =>
		await reportForEach(messageIds, async (id) => await reportOf(id, includeRecipients, step)),
};

async function reportOf(messageId: string, includeRecipients: boolean, step: Step): Promise<IDataObject> {
	const path = `/sending/reports/${messageId}`;
	const { counts, entry } = await step.read({ method: 'GET', path: `${path}/` }, countsIn);
	const raw = step.raw(entry);
	const recipients = includeRecipients ? await recipientsOf(step, path) : undefined;
	const listed = recipients && [...recipients];
	return {
		messageId,
		...Object.fromEntries(STATUSES.map(({ status, count }) => [count, counts[status]])),
		recipients: (listed ?? []).map(([phoneNumber, status]) => ({ phoneNumber, status })),
		...(listed &&
			disagreementOf(
				counts,
				listed.map(([, status]) => status),
			)),
		...raw,
	};
}

type Counts = Record<Status, number>;

/** What a report counts; what it leaves out is 0. @throws UnrecognisedReply without any of the counts */
function countsIn(data: unknown): { counts: Counts; entry: unknown } {
	const entries = Object.entries(objectIn(data));
	const counts: Partial<Counts> = {};
	for (const { status, counted } of STATUSES) {
		const found = entries.find(([name]) => name.replace(/[^a-z]/gi, '').toLowerCase() === counted);
		if (!found) continue;
		const count = numberIn(objectIn(found[1]).Count);
		if (count === null) throw new UnrecognisedReply(`the report does not say how many are “${found[0]}”`);
		counts[status] = count;
	}
	if (Object.keys(counts).length === 0) throw new UnrecognisedReply('the reply has no counts of a report');
	const none = Object.fromEntries(STATUSES.map(({ status }) => [status, 0])) as Counts;
	return { counts: { ...none, ...counts }, entry: data };
}

/** By phone number, what became of its message. */
async function recipientsOf(step: Step, path: string): Promise<Map<string, Status>> {
	const recipients = new Map<string, Status>();
	const first = STATUSES.filter(({ status }) => status === ASKED_FIRST);
	for (const { status, listed } of new Set([...first, ...STATUSES])) {
		const query = { status: listed, Status: listed };
		const listing = step.read({ method: 'GET', path: `${path}/view-details`, query }, (data) =>
			entriesIn(data).flatMap(numbersIn),
		);
		for (const number of await orElse(listing, [], isNothingFound)) recipients.set(number, status);
	}
	return recipients;
}

function disagreementOf(counts: Counts, listed: Status[]): { disagreement: string } | undefined {
	const texts = STATUSES.flatMap(({ status, count }) => {
		const found = listed.filter((other) => other === status).length;
		return found === counts[status] ? [] : [`${count}: ${counts[status]} counted, ${found} listed`];
	});
	return texts.length === 0 ? undefined : { disagreement: texts.join('; ') };
}
