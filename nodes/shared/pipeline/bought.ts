import type { IDataObject } from 'n8n-workflow';
import type { ExpectedBalance } from '../operation/acts';
import type { Purchases } from '../operation/types';
import { oneAtATime } from './lanes';

type Turn = ReturnType<typeof oneAtATime>;
type Amounts = Record<string, number>;

/** Accounts whose balance is read and topped up, by n8n's node context: calls of a tool may come at once. */
const turns = new WeakMap<IDataObject, Map<string, Turn>>();

/**
 * Up to which balance a node has bought in an execution, by account: a balance that is read may lag behind. What is set
 * aside of it since is spent, or will be.
 */
export class Bought implements Purchases {
	private readonly levels: Amounts;
	/** The same without purchases whose outcome is unknown. */
	private readonly certain: Amounts;
	/** By account and name. */
	private readonly aside: Amounts;
	private readonly turns: Map<string, Turn>;

	/**
	 * @param context n8n's node context, which all rounds of a loop and all tries have in common
	 * @param isDryRun nothing is bought, and nothing outlasts the run
	 */
	constructor(context: IDataObject, isDryRun: boolean) {
		const kept = (name: string): Amounts => {
			const amounts = amountsIn(context[name]);
			if (isDryRun) return { ...amounts };
			context[name] = amounts;
			return amounts;
		};
		this.levels = kept('bought');
		this.certain = kept('boughtForCertain');
		this.aside = kept('setAside');
		this.turns = turns.get(context) ?? new Map<string, Turn>();
		turns.set(context, this.turns);
	}

	/** Waits until nobody in the execution is between the balance of an account and buying. @returns gives the next one its turn */
	async takeTurn(account: string): Promise<() => void> {
		const turn = this.turns.get(account) ?? oneAtATime();
		this.turns.set(account, turn);
		return await turn();
	}

	upTo(account: string): number | undefined {
		return amountOf(this.levels, account);
	}

	certainlyUpTo(account: string): number | undefined {
		return amountOf(this.certain, account);
	}

	asideFor(account: string, name: string): number {
		return amountOf(this.aside, `${account} ${name}`) ?? 0;
	}

	setAside(account: string, name: string, amount: number): void {
		const more = amount - this.asideFor(account, name);
		for (const levels of [this.levels, this.certain]) {
			const level = amountOf(levels, account);
			if (level !== undefined) levels[account] = level - more;
		}
		this.aside[`${account} ${name}`] = amount;
	}

	/** Takes note of what was bought, or may have been. */
	add(expected: ExpectedBalance | undefined, isCertain: boolean): void {
		if (!expected) return;
		const { account, amount, certain = amount } = expected;
		this.levels[account] = amount;
		if (isCertain) this.certain[account] = certain;
	}
}

/** The same object, where it is one: all who share the context write to it. */
function amountsIn(kept: unknown): Amounts {
	return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? (kept as Amounts) : {};
}

function amountOf(amounts: Amounts, name: string): number | undefined {
	const amount: unknown = Object.hasOwn(amounts, name) ? amounts[name] : undefined;
	return typeof amount === 'number' && Number.isFinite(amount) ? amount : undefined;
}
