/**
 * What became of an item that did not succeed.
 *
 * - `invalid`: refused here, before any request.
 * - `refused`: the provider said no; nothing was sent, spent or changed.
 * - `unknown`: the request left and no clear answer came; it may or may not have happened.
 * - `notSent`: not tried, because of something before it.
 */
export type Outcome = 'invalid' | 'refused' | 'unknown' | 'notSent';

/** What is known about a failure beside its text. All of it may stand in an item; none of it is secret. */
export interface FailureFacts {
	/** One or two sentences: what the person can do next. */
	advice?: string;
	provider?: string;
	/** The provider's own code, as text: Club Texting's `Code`, MailPartner's `code`, Click2Mail's `status`. */
	providerCode?: string;
	httpStatus?: number;
	/** Resource and operation as in the node's parameters, e.g. `message.send`. */
	operation?: string;
}

/** The one error of this package: every failed item carries exactly one. */
export class OperationFailure extends Error {
	constructor(
		readonly outcome: Outcome,
		message: string,
		readonly facts: FailureFacts = {},
	) {
		super(message);
		this.name = 'OperationFailure';
	}

	/** The same failure with facts added where they were not known before. */
	with(facts: FailureFacts): OperationFailure {
		return new OperationFailure(this.outcome, this.message, { ...facts, ...this.facts });
	}
}

/** A value the person gave that can't be used. `field` is the label in the editor. */
export function invalid(field: string, trouble: string, advice?: string): OperationFailure {
	return new OperationFailure('invalid', `“${field}” ${trouble}`, { advice });
}
