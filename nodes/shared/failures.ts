import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { Mask } from './mask';
import type { Provider } from './operation';
import { OperationFailure, type FailureFacts } from './outcome';

/** Words the failures of one operation: each names the provider and the operation, and none holds a secret. */
export class Failures {
	constructor(
		private readonly provider: Provider,
		/** Resource and operation, e.g. `credit.purchase`. */
		private readonly operation: string,
		private readonly mask: Mask,
	) {}

	/** A failure with provider and operation named, advice added where there is some, and its secrets masked. */
	explained({ outcome, message, facts }: OperationFailure): OperationFailure {
		const advice =
			facts.advice ??
			(outcome === 'refused'
				? this.provider.advice(facts.providerCode, facts.httpStatus ?? 0, this.operation, message)
				: undefined);
		return new OperationFailure(outcome, this.mask(message), {
			provider: this.provider.name,
			operation: this.operation,
			...facts,
			...(advice && { advice: this.mask(advice) }),
		});
	}

	refused(message: string, facts: FailureFacts): OperationFailure {
		return this.explained(
			new OperationFailure('refused', `${this.provider.name} refused: ${message}`, facts),
		);
	}

	notSent(why: string): OperationFailure {
		return this.explained(
			new OperationFailure('notSent', `Not sent to ${this.provider.name}: ${why}`, {
				advice: 'Nothing happened for this item; it can be run again.',
			}),
		);
	}

	cancelled(): OperationFailure {
		return this.notSent('the execution was cancelled');
	}

	/** An act that left and was not clearly answered. */
	unknown(why: string, facts: FailureFacts = {}): OperationFailure {
		return this.explained(
			new OperationFailure('unknown', `It is unknown whether ${this.provider.name} did it: ${why}`, {
				...facts,
				advice: `It may or may not have happened, and this node does not repeat it. Look it up at ${this.provider.name} before you run this item again.`,
			}),
		);
	}

	/** A question that was not clearly answered. */
	unanswered(why: string, facts: FailureFacts = {}): OperationFailure {
		return this.explained(
			new OperationFailure('unknown', `${this.provider.name} gave no clear answer: ${why}`, {
				...facts,
				advice: 'This was a request to read; nothing was changed. It can be run again.',
			}),
		);
	}

	/** Whatever was thrown, as a failure. */
	of(error: unknown): OperationFailure {
		if (error instanceof OperationFailure) return this.explained(error);
		const text = error instanceof Error ? error.message : String(error);
		return this.explained(new OperationFailure('unknown', `The node stopped unexpectedly: ${text}`));
	}
}

/** A failed item, in the one shape that n8n takes to the error branch. */
export function failedItem(node: INode, failure: OperationFailure, item: number): INodeExecutionData {
	const { message, facts, outcome } = failure;
	const advice = facts.advice ? ` ${facts.advice}` : '';
	const failed = {
		json: { error: `${message} [item ${item}].${advice}`, details: detailsOf(outcome, facts) },
		pairedItem: { item },
	};
	if (node.onError === 'continueErrorOutput') {
		// n8n 1 takes an item to the error branch by this property. Were it enumerable, n8n 2 would drop the details.
		Object.defineProperty(failed, 'error', { value: failure, enumerable: false });
	}
	return failed;
}

/**
 * The error that stops the node.
 *
 * @param sentence how far the run had come
 */
export function nodeErrorOf(
	node: INode,
	{ message, facts, outcome }: OperationFailure,
	item: number,
	sentence: string,
): NodeOperationError | NodeApiError {
	const options = {
		message: `${message} [item ${item}]. ${sentence}`,
		description: facts.advice ?? 'Correct this item and run the workflow again.',
		itemIndex: item,
	};
	const error =
		outcome === 'invalid'
			? new NodeOperationError(node, options.message, options)
			: new NodeApiError(
					node,
					{},
					{ ...options, ...(facts.httpStatus && { httpCode: String(facts.httpStatus) }) },
				);
	error.context.details = detailsOf(outcome, facts);
	return error;
}

function detailsOf(
	outcome: string,
	{ provider, providerCode, httpStatus, operation }: FailureFacts,
): IDataObject {
	return {
		outcome,
		...(provider !== undefined && { provider }),
		...(providerCode !== undefined && { providerCode }),
		...(httpStatus !== undefined && { httpStatus }),
		...(operation !== undefined && { operation }),
	};
}
