import { randomUUID } from 'crypto';
import { OperationError } from '../errors';
import { contest, staysOut } from './contest';
import type { DeduplicationList } from './deduplicationList';
import type { Journal } from './journal';

/** What one item asks to have written down before its request leaves. */
interface Claimant {
	item: number;
	/** Fingerprint of what its part of the request says; numbered once its act is claimed. */
	content: string;
	/** The idempotency key that names the item; none once a part of it has begun. */
	key?: string;
	/** What stands in the list for its place among the day's acts, where they are counted. */
	slot?: string[];
}

/** How a claim went: the act is this run's, it may have happened before, or a key of it had been used. */
type Claim = { kind: 'taken' | 'known'; content: string } | { kind: 'used'; key: string };

/**
 * What n8n's database remembers of this node beyond an execution: each act under its place and under its content, until
 * the run has settled; that a run has begun, and that it has settled; and each idempotency key.
 *
 * An execution that lost its journal (n8n 1 runs a dead worker's execution again, a crashed one is retried, a failed one
 * is retried twice) finds its own acts by either name, also when its items come in another order.
 */
export class Claims {
	/** What stands in the list for acts of this try, to be taken out when the run has settled. */
	private readonly standing = new Set<string>();
	/** Whether a run of the same place had settled before; undefined until the first act. */
	private hadSettled: boolean | undefined;
	/** The marks of a run that no earlier try had begun, as long as no act of it stands in the list. */
	private freshMarks: string[] = [];
	private acts = 0;
	/** By idempotency key of this run, what was written together with it and stands nowhere else. */
	private readonly marksOfKeys = new Map<string, string>();

	constructor(
		private readonly list: DeduplicationList,
		private readonly journal: Journal,
		private readonly operation: string,
	) {}

	/**
	 * Writes down the acts of one request and their keys, all in one go.
	 *
	 * @returns for each claimant how its claim went; what only the others had written is taken back
	 * @throws OperationError `notSent`
	 */
	async take(claimants: Claimant[]): Promise<Claim[]> {
		const { journal, list } = this;
		const keys = [...new Set(claimants.flatMap(({ key }) => key ?? []))];
		if (!list.exists) {
			if (keys.length === 0) {
				return claimants.map(({ content }) => ({ kind: 'taken', content: journal.contents.number(content) }));
			}
			throw new OperationError('notSent', 'An idempotency key can only be kept for a saved workflow', {
				advice: 'Save the workflow and run it again.',
			});
		}
		const numbered = claimants.map((claimant) => ({
			...claimant,
			content: journal.contents.number(claimant.content),
		}));
		const names = numbered.map((claimant) => this.namesOf(claimant));
		const begun = this.hadSettled === undefined ? this.marks('run') : [];
		const mark = keys.length === 0 ? [] : [`keys:${randomUUID()}`];
		const entries = [...names.flat(), ...keys.map(keyEntry), ...mark];
		this.acts += claimants.length;
		const found = await list.add([...begun, ...entries]).catch((error: unknown) => {
			this.acts -= claimants.length;
			for (const { content } of numbered) journal.contents.release(content);
			throw error;
		});
		const isFound = (key?: string) => key !== undefined && found.has(keyEntry(key));
		const isAgain = begun.some((mark) => found.has(mark));
		if (!isAgain) this.freshMarks.push(...begun);
		for (const name of [...names.flat(), ...mark]) this.standing.add(name);
		const giveUp = async (error: unknown): Promise<never> => {
			this.acts -= claimants.length;
			const isBack = await this.removeActs(entries.filter((entry) => !found.has(entry)));
			for (const [place, { item, content, key }] of numbered.entries()) {
				const wasKnown = names[place]!.some((name) => found.has(name));
				if (isBack || wasKnown) journal.contents.release(content);
				else journal.markStuck(item, content, isFound(key) ? undefined : key);
			}
			throw error;
		};
		this.hadSettled ??= isAgain && (await this.wasSettled().catch(giveUp));

		const isKnown = (place: number) => this.hadSettled || names[place]!.some((name) => found.has(name));
		const isTaken = (key: string) => isFound(key) && !journal.contents.isStuck(key);
		const used = new Set(keys.filter(isTaken));
		const fresh = new Map(
			numbered.flatMap(({ key }, place): Array<[string, string]> =>
				isKnown(place) || key === undefined || isFound(key) ? [] : [[keyEntry(key), mark[0]!]],
			),
		);
		const lost = await contest(list, fresh, 'the idempotency key').catch(giveUp);

		const claims = numbered.map(({ key, content }, place): Claim => {
			if (isKnown(place)) return { kind: 'known', content };
			if (key !== undefined && (used.has(key) || lost.has(keyEntry(key)))) {
				journal.contents.release(content);
				return { kind: 'used', key };
			}
			if (key !== undefined) {
				journal.contents.reuse(key);
				this.marksOfKeys.set(key, mark[0]!);
			}
			return { kind: 'taken', content };
		});
		const withoutAct = names.filter((_, place) => claims[place]!.kind === 'used').flat();
		this.acts -= claims.filter(({ kind }) => kind === 'used').length;
		if (withoutAct.length > 0) await this.removeActs(withoutAct);
		return claims;
	}

	/** It is certain that these acts did not happen. False when n8n could not take everything back. */
	async giveBack(claimants: Claimant[]): Promise<boolean> {
		const marks = claimants.flatMap(({ key, slot }) => [
			...[this.marksOfKeys.get(key ?? '') ?? []].flat(),
			...(slot?.slice(1) ?? []),
		]);
		const entries = claimants.flatMap((claimant) => [
			...this.namesOf(claimant),
			...(claimant.key === undefined ? [] : [keyEntry(claimant.key)]),
			...(claimant.slot ?? []),
		]);
		this.acts -= claimants.length;
		const isBack = !this.list.exists || (await this.removeActs([...entries, ...marks], marks[0]));
		for (const { item, content, key } of claimants) {
			if (isBack) this.journal.contents.release(content);
			else this.journal.markStuck(item, content, key);
		}
		return isBack;
	}

	/**
	 * Every item of the run is settled: that it has run stands for its acts, which are taken out of the list, so that the
	 * list does not fill with them. Keys and the day's slots stay.
	 *
	 * @param others entries that have served with the run
	 */
	async settle(others: string[]): Promise<void> {
		const entries = [...this.standing, ...others];
		try {
			if (this.standing.size > 0) await this.list.add(this.marks('settled'));
		} catch {
			// Then its acts stay in the list.
			return;
		}
		this.standing.clear();
		await this.list.clear(entries);
	}

	/**
	 * Takes acts out that did not happen; with the last of them, that the run had begun.
	 *
	 * @param mark of the keys or of the day's slot among them, which have to stay out
	 */
	private async removeActs(entries: string[], mark?: string): Promise<boolean> {
		const runMarks = this.acts > 0 ? [] : this.freshMarks.splice(0);
		if (runMarks.length > 0) this.hadSettled = undefined;
		for (const entry of entries) this.standing.delete(entry);
		const isOut = await this.list.remove([...entries, ...runMarks]);
		// Without the marks of the run, which another act may have written anew by then.
		return isOut && (mark === undefined || (await staysOut(this.list, entries, mark)));
	}

	/**
	 * Whether the run had settled. To look is to write, so the mark is taken out again where it was not there: a process
	 * that dies between the two leaves acts unknown that did not happen, and repeats none that did.
	 */
	private async wasSettled(): Promise<boolean> {
		const marks = this.marks('settled');
		const found = await this.list.add(marks);
		if (found.size > 0) return true;
		await this.list.remove(marks);
		return false;
	}

	/** That the run has begun, or has settled, under each of the execution's names. */
	private marks(what: 'run' | 'settled'): string[] {
		const { ids, name } = this.journal;
		return ids.map((id) => `${what}:${id}:${name}`);
	}

	/** The names under which an act stands in the list: its place and its content. */
	private namesOf({ item, content }: Claimant): string[] {
		return this.journal.ids.flatMap((id) => [
			`act:${id}:${this.journal.place(item)}`,
			`text:${id}:${this.operation}:${content}`,
		]);
	}
}

const keyEntry = (key: string) => `key:${key}`;
