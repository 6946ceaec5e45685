import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { OperationError } from '../errors';
import { shortened } from '../values/text';

/** It may say of each number of a large request what became of it. In characters. */
const LONGEST_MESSAGE = 30_000;

/** Which of a run's items failed. */
interface Failed {
	error: OperationError;
	item: number;
	/** How many items the run has. */
	count: number;
}

/** A failed item, in the one shape that n8n takes to the error branch. */
export function failedItem(node: INode, { error, item, count }: Failed): INodeExecutionData {
	const { facts } = error;
	const advice = facts.advice ? ` ${facts.advice}` : '';
	const failed = {
		json: { error: `${sentenceOf({ error, item, count })}${advice}`, details: detailsOf(error) },
		pairedItem: { item },
	};
	if (node.onError === 'continueErrorOutput') {
		// n8n 1 takes an item to the error branch by this property. Were it enumerable, n8n 2 would drop the details.
		Object.defineProperty(failed, 'error', { value: error, enumerable: false });
	}
	return failed;
}

/**
 * The error that stops the node.
 *
 * @param progress how far the run had come; empty where that would say nothing
 * @param next what to do then, instead of the error's own advice
 */
export function nodeErrorOf(node: INode, { error, item, count }: Failed, progress: string, next?: string) {
	const { facts } = error;
	const advice = facts.advice ?? 'Correct this item and run the workflow again.';
	const description = next === undefined ? advice : `${advice} ${next}`;
	const whole = `${sentenceOf({ error, item, count })} ${progress}`.trimEnd();
	return asNodeError(node, error, whole, description, item);
}

/** What went wrong, with the item's place, which would be a riddle of one item alone. */
function sentenceOf({ error, item, count }: Failed): string {
	// A provider's own words may end with a period.
	const message = shortened(error.message, LONGEST_MESSAGE).replace(/\.$/, '');
	return `${message}${count > 1 ? ` [item ${item}]` : ''}.`;
}

/** An error as n8n shows it. */
export function asNodeError(
	node: INode,
	error: OperationError,
	message: string,
	description: string,
	itemIndex?: number,
): NodeOperationError | NodeApiError {
	const { facts, outcome } = error;
	const options = { message, description, ...(itemIndex !== undefined && { itemIndex }) };
	const nodeError =
		outcome === 'invalid'
			? new NodeOperationError(node, options.message, options)
			: new NodeApiError(
					node,
					{},
					{ ...options, ...(facts.httpStatus && { httpCode: String(facts.httpStatus) }) },
				);
	// Where a text names a code such as ETIMEDOUT, n8n puts words of its own in its place.
	nodeError.message = message;
	nodeError.context.details = detailsOf(error);
	return nodeError;
}

function detailsOf({ outcome, facts }: OperationError): IDataObject {
	const { provider, providerCode, httpStatus, operation, affects } = facts;
	const known = Object.entries({ provider, providerCode, httpStatus, operation, affects });
	return { outcome, ...Object.fromEntries(known.filter(([, value]) => value !== undefined)) };
}
