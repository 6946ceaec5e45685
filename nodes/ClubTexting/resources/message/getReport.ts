import type { IDataObject } from 'n8n-workflow';
import { invalid, OperationError } from '../../../shared/errors';
import { numberIn, objectIn, UnrecognisedReply } from '../../../shared/http/response';
import type { ReadOperation, Step } from '../../../shared/operation/types';
import { shown } from '../../../shared/values/text';
import { entriesIn, orNone } from '../../list';
import { numbersIn } from '../../../shared/sms/phoneNumber';

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

interface GetReport {
	messageIds: string[];
	includeRecipients: boolean;
}

/**
 * What became of messages that were sent, one item for each message ID. Where the counts and the lists of recipients
 * disagree, as they may while a message is on its way, the item says so under `disagreement`.
 *
 * Source: the vendor's client library and its sample replies. Not confirmed with a live account: how the filter of the
 * lists is spelled (it is sent as `status` and as `Status`; were both ignored, the lists would disagree with the counts),
 * how the counts are named in XML, and after what time a report is final. A report without any of the counts is `unknown`.
 */
export const getReport: ReadOperation<GetReport> = {
	option: {
		name: 'Get Report',
		value: 'getReport',
		action: 'Get delivery report of message',
		description: 'Find out what became of a message that was sent, recipient by recipient',
		builderHint: {
			propertyHint:
				'Whether the texts of an SMS campaign arrived: delivered, bounced, failed. Wait some hours after sending.',
		},
	},
	fields: [
		{
			displayName: 'Message ID',
			name: 'messageId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 6419',
			description:
				'The ID that “Send” returned. Several go with commas between them, or as a list, such as its “messageIds”.',
		},
	],
	options: [
		{
			displayName: 'Include Recipients',
			name: 'includeRecipients',
			type: 'boolean',
			default: true,
			description:
				'Whether to list what became of each recipient, with five more requests for each message ID',
		},
	],
	effect: 'reads',

	parameters(read) {
		const messageIds = read.names('messageId');
		if (messageIds.length === 0) {
			throw invalid(
				read.label('messageId'),
				'is empty',
				'Fill it in, or look at the expression in this field.',
			);
		}
		const wrong = messageIds.find((id) => !/^\d{1,20}$/.test(id));
		if (wrong !== undefined) {
			throw invalid(
				read.label('messageId'),
				`must be the number of a message, but is "${shown(wrong)}"`,
				'Use the “messageId” that “Send” returned.',
			);
		}
		return { messageIds, includeRecipients: read.boolean('options.includeRecipients') };
	},

	async run({ messageIds, includeRecipients }, step) {
		if (messageIds.length === 1) return [await reportOf(messageIds[0]!, includeRecipients, step)];
		const reports: Array<IDataObject | OperationError> = [];
		let last: IDataObject | OperationError | undefined;
		for (const id of messageIds) {
			// What concerns all of them is not asked for each.
			const isOver = last instanceof OperationError && last.facts.affects === 'run';
			last = isOver ? last! : await reportOf(id, includeRecipients, step).catch(failureOf(id));
			reports.push(last);
		}
		return reports;
	},
};

const failureOf = (messageId: string) => (error: unknown) => {
	if (!(error instanceof OperationError)) throw error;
	return new OperationError(error.outcome, `Message ${messageId}: ${error.message}`, error.facts);
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
		const numbers = await orNone(
			step.read({ method: 'GET', path: `${path}/view-details`, query }, (data) =>
				entriesIn(data).flatMap(numbersIn),
			),
		);
		for (const number of numbers) recipients.set(number, status);
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
