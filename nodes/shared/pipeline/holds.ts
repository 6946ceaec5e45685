import type { Account, Affects, OperationError } from '../errors';
import type { HttpRequest, Verdict } from '../provider';
import type { Failures } from './failures';

/** Not the name of an account. */
const EVERYTHING = '';

/** What failures of a run hold back: everything, or what is on one account. */
export class Holds {
	private readonly heldBack = new Map<string, OperationError>();
	/**
	 * By kind of request, of the latest one, where it was a general one: that it may be read or prepared says nothing of
	 * what may be done.
	 */
	private readonly lastRefusals = new Map<string, string>();

	constructor(private readonly failures: Failures) {}

	/** Remembers a failure that concerns more than its own item. */
	add(error: OperationError): void {
		const { affects, account } = error.facts;
		if (affects === 'run') this.heldBack.set(EVERYTHING, this.failures.heldBack(error));
		if (affects === 'account' && account) this.heldBack.set(account.name, this.failures.heldBack(error));
	}

	/** Why nothing more may be asked in this run or of this account; undefined where nothing speaks against it. */
	on(account?: Account): OperationError | undefined {
		return this.heldBack.get(EVERYTHING) ?? this.heldBack.get(account?.name ?? EVERYTHING);
	}

	/** Whom a refusal concerns. The same general no to two requests one after the other concerns the whole run. */
	scopeOf(
		{ affects = 'item', isGeneral = false, message }: Verdict & { kind: 'refused' },
		request: HttpRequest,
	): Affects {
		const kind = kindOf(request);
		const isRepeated = isGeneral && this.lastRefusals.get(kind) === message;
		if (isGeneral) this.lastRefusals.set(kind, message);
		else this.lastRefusals.delete(kind);
		return isRepeated ? 'run' : affects;
	}

	accepted(request: HttpRequest): void {
		this.lastRefusals.delete(kindOf(request));
	}
}

/** An act is prepared with several requests, each of a kind of its own. */
const kindOf = ({ method, path, prepares }: HttpRequest) => (prepares ? `${method} ${path}` : method);
