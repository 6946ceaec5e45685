import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { invalid, OperationError } from '../errors';
import { FILL_IN, notTheNumberOf } from '../operation/bounds';
import { textField } from '../operation/fields';
import type { ParameterReader } from '../operation/types';

/** @param example an ID as the provider writes it */
export function messageIdField(example: string): INodeProperties {
	return textField('Message ID', 'messageId', {
		required: true,
		placeholder: `e.g. ${example}`,
		description:
			'The ID that “Send” returned. Several go with commas between them, or as a list, such as its “messageIds”.',
	});
}

/**
 * The IDs of one item, at least one.
 *
 * @param longest how many digits an ID may have
 * @throws OperationError `invalid`
 */
export function messageIdsIn(read: ParameterReader, longest: number): string[] {
	const messageIds = read.names('messageId');
	const label = read.label('messageId');
	if (messageIds.length === 0) throw invalid(label, 'is empty', FILL_IN);
	const wrong = messageIds.find((id) => id.length > longest || !/^\d+$/.test(id));
	if (wrong === undefined) return messageIds;
	throw notTheNumberOf('message', wrong, label, 'Use the “messageId” that “Send” returned.');
}

/** One item for each ID, in their order. Of several, one that fails is an error that names its ID. */
export async function reportForEach(
	messageIds: string[],
	reportOf: (messageId: string) => Promise<IDataObject>,
): Promise<Array<IDataObject | OperationError>> {
	if (messageIds.length === 1) return [await reportOf(messageIds[0]!)];
	const reports: Array<IDataObject | OperationError> = [];
	// What concerns all of them is not asked for each.
	let ofAll: OperationError | undefined;
	for (const id of messageIds) {
		const report = ofAll ?? (await reportOf(id).catch(operationError));
		if (report instanceof OperationError && report.facts.affects === 'run') ofAll = report;
		reports.push(report instanceof OperationError ? naming(report, id) : report);
	}
	return reports;
}

function operationError(error: unknown): OperationError {
	if (error instanceof OperationError) return error;
	throw error;
}

function naming({ outcome, message, facts }: OperationError, messageId: string): OperationError {
	return new OperationError(outcome, `Message ${messageId}: ${message}`, facts);
}
