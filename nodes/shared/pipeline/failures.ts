import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import { OperationError, type Affects, type ErrorFacts } from '../errors';
import type { Provider, Refusal } from '../provider';

type RefusalFacts = Pick<ErrorFacts, 'httpStatus' | 'affects' | 'account'> & { code?: string };

/** Words the errors of one operation: each names the provider and the operation. */
export class Failures {
	/** As texts name the provider; which of its brands is known with the credential. */
	name: string;

	constructor(
		private readonly provider: Provider,
		/** Resource and operation, e.g. `credit.purchase`. */
		private readonly operation: string,
		/** What an act has done, such as "charged the card". */
		private readonly deed = 'did it',
	) {
		this.name = provider.name;
	}

	/** Whatever was thrown, as an error with provider and operation named. */
	of(error: unknown): OperationError {
		const known =
			error instanceof OperationError
				? error
				: new OperationError(
						'unknown',
						`The node stopped unexpectedly: ${error instanceof Error ? error.message : String(error)}`,
					);
		return known.with({ provider: this.name, operation: this.operation, affects: 'item' });
	}

	/** @param message the provider's own words, redacted */
	refused(message: string, facts: RefusalFacts): OperationError {
		const { code, httpStatus = 0, affects, account } = facts;
		return this.of(
			new OperationError('refused', `${this.name} refused: ${message}`, {
				...(code !== undefined && { providerCode: code }),
				...(httpStatus > 0 && { httpStatus }),
				affects: affects ?? 'item',
				account,
				advice: this.advice({ code, httpStatus, message }),
			}),
		);
	}

	private advice(refusal: Pick<Refusal, 'code' | 'httpStatus' | 'message'>): string {
		return this.provider.advice({ ...refusal, operation: this.operation, provider: this.name });
	}

	/** A refusal as an earlier try of the execution was told it. */
	recalled(error: OperationError): OperationError {
		const { providerCode: code, httpStatus = 0 } = error.facts;
		const advice =
			error.outcome === 'refused'
				? this.advice({ code, httpStatus, message: error.message })
				: lookUp(this.name);
		return this.of(error.with({ advice }));
	}

	notSent(why: string, affects: Affects = 'item'): OperationError {
		return this.of(
			new OperationError('notSent', `Not sent to ${this.name}: ${why}`, {
				affects,
				advice: 'Nothing happened for this item; it can be run again.',
			}),
		);
	}

	cancelled(): OperationError {
		return this.notSent('the execution was cancelled', 'run');
	}

	/** What becomes of the items that a failure of another one concerns, too. */
	heldBack(error: OperationError): OperationError {
		const { outcome, message, facts } = error;
		const on = facts.affects === 'account' ? facts.account : undefined;
		if (outcome === 'notSent' || outcome === 'invalid') return error;
		const act = on?.kind === 'card' ? 'charge' : 'transfer';
		const earlier = on ? `an earlier ${act} on the same ${on.kind}` : 'an earlier request';
		const came = outcome === 'unknown' ? 'has an unknown outcome' : `was refused (${message})`;
		return this.notSent(`${earlier} in this run ${came}`, facts.affects);
	}

	/** An act that left and was not clearly answered. */
	unknown(why: string, facts: ErrorFacts = {}): OperationError {
		return this.of(
			new OperationError('unknown', `It is unknown whether ${this.name} ${this.deed}: ${why}`, {
				...facts,
				advice: lookUp(this.name),
			}),
		);
	}

	/** An act that left in an earlier try and was not answered. */
	leftOpen(): OperationError {
		return this.unknown('an earlier try sent it, and no answer to that is known');
	}

	/** A question that was not clearly answered. */
	unanswered(why: string, facts: ErrorFacts = {}): OperationError {
		return this.of(
			new OperationError('unknown', `${this.name} gave no clear answer: ${why}`, {
				...facts,
				advice: 'This was a request to read; nothing was changed. It can be run again.',
			}),
		);
	}
}

const lookUp = (provider: string) =>
	`It may or may not have happened, and this node does not repeat it. Look it up at ${provider} before you try again.`;

/** A failed item, in the one shape that n8n takes to the error branch. */
export function failedItem(node: INode, error: OperationError, item: number): INodeExecutionData {
	const { message, facts } = error;
	const advice = facts.advice ? ` ${facts.advice}` : '';
	const failed = {
		json: { error: `${message} [item ${item}].${advice}`, details: detailsOf(error) },
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
 * @param progress how far the run had come
 * @param next what to do then, instead of the error's own advice
 */
export function nodeErrorOf(
	node: INode,
	error: OperationError,
	item: number,
	progress: string,
	next?: string,
): NodeOperationError | NodeApiError {
	const { message, facts } = error;
	const advice = facts.advice ?? 'Correct this item and run the workflow again.';
	const description = next === undefined ? advice : `${advice} ${next}`;
	return asNodeError(node, error, `${message} [item ${item}]. ${progress}`, description, item);
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
	nodeError.context.details = detailsOf(error);
	return nodeError;
}

function detailsOf({ outcome, facts }: OperationError): IDataObject {
	const { provider, providerCode, httpStatus, operation, affects } = facts;
	const known = Object.entries({ provider, providerCode, httpStatus, operation, affects });
	return { outcome, ...Object.fromEntries(known.filter(([, value]) => value !== undefined)) };
}
