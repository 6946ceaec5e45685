import type { IDataObject } from 'n8n-workflow';
import { oneAtATime } from './lanes';

type Turn = ReturnType<typeof oneAtATime>;

/** Accounts whose balance is read and topped up, by n8n's node context: calls of a tool may come at once. */
const turns = new WeakMap<IDataObject, Map<string, Turn>>();

/** Up to which balance a node has bought in an execution, by account: a balance that is read may lag behind. */
export class Bought {
	private readonly levels: Record<string, number>;
	private readonly turns: Map<string, Turn>;

	/**
	 * @param context n8n's node context, which all rounds of a loop and all tries have in common
	 * @param isDryRun nothing is bought, and nothing outlasts the run
	 */
	constructor(context: IDataObject, isDryRun: boolean) {
		const kept = (context.bought ?? {}) as Record<string, number>;
		this.levels = isDryRun ? { ...kept } : kept;
		if (!isDryRun) context.bought = kept;
		this.turns = turns.get(context) ?? new Map<string, Turn>();
		turns.set(context, this.turns);
	}

	/** Waits until nobody in the execution is between the balance of an account and buying. @returns gives the next one its turn */
	async takeTurn(account: string): Promise<() => void> {
		const turn = this.turns.get(account) ?? oneAtATime();
		this.turns.set(account, turn);
		return await turn();
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
