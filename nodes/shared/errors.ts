/**
 * What became of an item that did not succeed.
 *
 * - `invalid`: refused here, before any request.
 * - `refused`: the provider said no; nothing was sent, spent or changed.
 * - `unknown`: the request left and no clear answer came; it may or may not have happened.
 * - `notSent`: not tried, because of something before it.
 */
type Outcome = 'invalid' | 'refused' | 'unknown' | 'notSent';

/** Whom a failure concerns: this item, every item that uses the same card or sub-account, or all items of the run. */
export type Affects = 'item' | 'account' | 'run';

/** A card or a sub-account. */
export interface Account {
	/** Tells accounts of one run apart; never a card's number. */
	name: string;
	kind: 'card' | 'sub-account';
}

/** What is known about a failure beside its text; none of it is secret. */
export interface ErrorFacts {
	/** One or two sentences: what the person can do next. */
	advice?: string;
	provider?: string;
	/** The provider's own code, as text: Club Texting's `Code`, MailPartner's `code`, Click2Mail's `status`. */
	providerCode?: string;
	httpStatus?: number;
	/** Resource and operation as in the node's parameters, e.g. `message.send`. */
	operation?: string;
	affects?: Affects;
	/** Which account it concerns, where it affects one. Not shown. */
	account?: Account;
	/** What it came from, where its own text is about its item alone: that is told to the others. Not shown. */
	cause?: OperationError;
}

/** The one error of this package: every failed item carries exactly one. */
export class OperationError extends Error {
	constructor(
		readonly outcome: Outcome,
		message: string,
		readonly facts: ErrorFacts = {},
	) {
		super(message);
		this.name = 'OperationError';
	}

	/** The same error with facts added where they were not known before. */
	with(facts: ErrorFacts): OperationError {
		return new OperationError(this.outcome, this.message, { ...facts, ...this.facts });
	}

	/** The same error, which names what it is about. */
	about(subject: string | undefined): OperationError {
		if (subject === undefined || this.message.includes(subject)) return this;
		return new OperationError(this.outcome, `${this.message} (${subject})`, { cause: this, ...this.facts });
	}
}

/** A value the person gave that can't be used. `field` is the label in the editor. */
export function invalid(field: string, trouble: string, advice?: string): OperationError {
	return new OperationError('invalid', `“${field}” ${trouble}`, { advice });
}

/** What is not tried, because of something before it. */
export function notSent(message: string, advice: string, facts: ErrorFacts = {}): OperationError {
	return new OperationError('notSent', message, { ...facts, advice });
}

/** Whether a provider has refused. */
export function isRefused(error: unknown): error is OperationError {
	return error instanceof OperationError && error.outcome === 'refused';
}

/** The same, and what that concerns. */
export function isRefusal(error: unknown, affects: Affects): boolean {
	return isRefused(error) && error.facts.affects === affects;
}

/** A finding that is worth having but not worth failing for: null when it can't be had. */
export async function orNull<T>(finding: Promise<T>): Promise<T | null> {
	return await finding.catch(() => null);
}

/** A finding; the value in its place where it fails with an error that says as much. */
export async function orElse<T, V>(
	finding: Promise<T>,
	value: V,
	says: (error: unknown) => boolean,
): Promise<T | V> {
	return await finding.catch((error: unknown) => {
		if (says(error)) return value;
		throw error;
	});
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
