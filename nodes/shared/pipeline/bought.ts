import { deepCopy, type IDataObject } from 'n8n-workflow';
import { objectIn } from '../http/response';
import type { ExpectedBalance } from '../operation/acts';
import type { Purchases } from '../operation/types';
import { inUnits } from '../values/amount';
import { madeOnce } from '../values/maps';
import { Turns } from '../values/turns';

type Amounts = Record<string, number | undefined>;

/** Accounts whose balance is read and topped up, by n8n's node context: calls of a tool may come at once. */
const turns = new WeakMap<IDataObject, Map<string, Turns>>();

/**
 * Up to which balance a node has bought in an execution, by account: a balance that is read may lag behind. What is set
 * aside of it since is spent, or will be.
 */
export class Bought implements Purchases {
	/** By kind and account: all, those without an unknown outcome, and by account and name what is set aside. */
	private readonly kept: Partial<Record<'upTo' | 'certain' | 'aside', Amounts>>;
	private readonly turns: Map<string, Turns>;
	/** Whether an earlier round of this try has used it: after a try by hand, anything may have happened meanwhile. */
	private readonly isContinued: boolean;

	/**
	 * @param context n8n's node context, which all rounds of a loop and all tries have in common
	 * @param isDryRun nothing is bought, and nothing outlasts the run
	 */
	constructor(context: IDataObject, isDryRun: boolean) {
		// The same object, where it is one: all who share the context write to it.
		const kept = objectIn(context.bought) as Bought['kept'];
		this.kept = isDryRun ? deepCopy(kept) : kept;
		if (!isDryRun) context.bought = kept;
		this.isContinued = turns.has(context);
		this.turns = madeOnce(turns, context, () => new Map<string, Turns>());
	}

	/** Does what nobody else in the execution may do meanwhile: it reads the balance of an account, and may buy. */
	async inTurn(account: string, work: () => Promise<void>): Promise<void> {
		await madeOnce(this.turns, account, () => new Turns()).take(work);
	}

	upTo(account: string): number | undefined {
		return this.read('upTo', account);
	}

	certainlyUpTo(account: string): number | undefined {
		return this.read('certain', account);
	}

	isAsLeft(account: string, balance: number): boolean {
		const level = this.read('upTo', account);
		if (!this.isContinued || level === undefined) return false;
		const left = [...this.aside(account).values()].reduce((sum, amount) => sum + amount, level);
		return inUnits(left, 3) === inUnits(balance, 3);
	}

	aside(account: string): Map<string, number> {
		const start = `${account} `;
		const names = Object.keys(objectIn(this.kept.aside)).filter((name) => name.startsWith(start));
		return new Map(names.map((name) => [name.slice(start.length), this.read('aside', name) ?? 0]));
	}

	setAside(account: string, name: string, amount: number): void {
		const more = amount - (this.aside(account).get(name) ?? 0);
		for (const kind of ['upTo', 'certain'] as const) {
			const level = this.read(kind, account);
			if (level !== undefined) this.write(kind, account, level - more);
		}
		this.write('aside', `${account} ${name}`, amount);
	}

	spent(account: string, name: string): void {
		this.write('aside', `${account} ${name}`, undefined);
	}

	/** Takes note of what was bought, or may have been. */
	add(expected: ExpectedBalance | undefined, isCertain: boolean): void {
		if (!expected) return;
		const { account, amount, certain = amount, aside } = expected;
		this.write('upTo', account, amount);
		if (!isCertain) return;
		this.write('certain', account, certain);
		if (aside) this.setAside(account, aside.name, aside.amount);
	}

	private read(kind: keyof Bought['kept'], name: string): number | undefined {
		const amounts = objectIn(this.kept[kind]);
		const amount = Object.hasOwn(amounts, name) ? amounts[name] : undefined;
		return typeof amount === 'number' && Number.isFinite(amount) ? amount : undefined;
	}

	private write(kind: keyof Bought['kept'], name: string, amount: number | undefined): void {
		this.kept[kind] = { ...(objectIn(this.kept[kind]) as Amounts), [name]: amount };
	}
}
