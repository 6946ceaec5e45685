import type { IDataObject } from 'n8n-workflow';

/** Up to which balance a node has bought in an execution, by account: a balance that is read may lag behind. */
export class Bought {
	private readonly levels: Record<string, number>;

	/**
	 * @param context n8n's node context, which all rounds of a loop and all tries have in common
	 * @param isDryRun nothing is bought, and nothing outlasts the run
	 */
	constructor(context: IDataObject, isDryRun: boolean) {
		const kept = (context.bought ?? {}) as Record<string, number>;
		this.levels = isDryRun ? { ...kept } : kept;
		if (!isDryRun) context.bought = kept;
	}

	/** Undefined where nothing has been bought. */
	upTo(account: string): number | undefined {
		return Object.hasOwn(this.levels, account) ? this.levels[account] : undefined;
	}

	/** Takes note of what was bought, or may have been. */
	add(expected: { account: string; amount: number } | undefined): void {
		if (expected) this.levels[expected.account] = expected.amount;
	}
}
