import { randomUUID } from 'crypto';
import type { OperationError } from '../errors';
import {
	contendersOf,
	namesOf,
	unsavedClaim,
	type Claim,
	type Claimant,
	type Contender,
	type Taken,
} from './claim';
import { notKept, takenOver } from './claimTrouble';
import { staysOut } from './contest';
import type { DeduplicationList, Look } from './deduplicationList';
import type { Journal } from './journal';
import { newMark, spend, unspent } from './keyMark';
import { keyEntry, Keys, openEntry } from './keys';
import { RunMarks } from './runMarks';
import { standingOf, type Standing } from './standing';

/**
 * What n8n's database remembers of this node beyond an execution: each act under its place and under its content, until
 * the run has settled; that a run has begun, and that it has settled; and each idempotency key.
 *
 * An execution that lost its journal (n8n 1 runs a dead worker's execution again, a crashed one is retried, a failed one
 * is retried twice) finds its own acts by either name, also when its items come in another order. Of two runs of one
 * execution that both live, the later one goes on and the earlier one stops.
 */
export class Claims {
	/** What stands in the list for acts of this try, to be taken out when the run has settled. */
	private readonly entries = new Set<string>();
	/** Of no more use once the run is over. */
	private readonly served = new Set<string>();
	/** By numbered content. */
	private readonly taken = new Map<string, Taken>();
	readonly standing: Standing;
	private readonly keys: Keys;
	private readonly marks: RunMarks;

	/** @param isAlone there is one item: its act need not be seen before it leaves */
	constructor(
		private readonly list: DeduplicationList,
		private readonly journal: Journal,
		private readonly operation: string,
		private readonly isAlone: boolean,
		private readonly signal?: AbortSignal,
	) {
		this.standing = standingOf(journal.record, list, journal.isRetry);
		this.keys = new Keys(list, this.standing, journal.contents, signal);
		this.marks = new RunMarks(list, journal, this.standing, signal);
	}

	/** Whether acts of this run may be known from an earlier one. */
	get mayBeKnown(): boolean {
		return this.list.exists && (this.marks.mayHaveBegun || this.standing.isLater || this.standing.isRetry);
	}

	/**
	 * Writes down the acts of one request and their keys, all in one go, and waits until it is certain whose they are.
	 *
	 * @param hasLeft the request has left before: its acts are only written down
	 * @returns for each claimant how its claim went; what only the others had written is taken back
	 * @throws OperationError `notSent`
	 */
	async take(given: Claimant[], hasLeft = false): Promise<Claim[]> {
		if (!this.list.exists) return given.map((claimant) => unsavedClaim(claimant, this.journal));
		if (this.standing.isOver) return given.map(() => ({ kind: 'failed', error: takenOver() }));
		const { keys, claims } = await this.keys.takeAll(given);
		const rest = given.filter((claimant) => !claims.has(claimant));
		const found = await this.claim(rest, hasLeft).catch((error: unknown) => {
			for (const key of keys) this.keys.settle(key, 'free');
			throw error;
		});
		for (const [place, claimant] of rest.entries()) claims.set(claimant, found[place]!);
		return given.map((claimant) => claims.get(claimant)!);
	}

	/** The acts of these claimants of one request have happened. */
	async done(claimants: Claimant[]): Promise<void> {
		const [mark] = claimants.flatMap(({ content }) => this.taken.get(content)?.mark ?? []);
		const keys = claimants.flatMap(({ key }) => key ?? []);
		await this.keys.done(keys, mark);
	}

	/** It is certain that these acts did not happen. False when n8n could not take everything back. */
	async giveBack(claimants: Claimant[]): Promise<boolean> {
		const isBack = await this.takeBack(
			claimants.map((claimant) => ({ ...claimant, ownsKey: claimant.key !== undefined })),
			claimants.flatMap(({ slot = [] }) => slot),
			claimants.find(({ slot }) => slot)?.slot?.at(-1),
		);
		this.renumber(claimants, isBack);
		return isBack;
	}

	/**
	 * The run is over. Where every item is settled, that it has run stands for its acts, which are taken out so that the list
	 * does not fill with them; not where an earlier run may live, which has to find them. Keys and slots stay.
	 *
	 * @param others entries that have served with the run
	 */
	async end(isSettled: boolean, others: string[]): Promise<void> {
		this.keys.settleAll();
		const served = new Set([...others, ...this.served]);
		for (const { acts, names } of this.taken.values()) {
			served.add(acts.own);
			this.standing.retire(acts);
			if (isSettled) this.standing.forget(acts, names);
		}
		this.taken.clear();
		if (isSettled && this.entries.size > 0) {
			const marks = await this.marks.settle();
			// A model that begins anew may call in another order: what a call says stays.
			const out = [...this.entries].filter((entry) => !this.journal.isCall || !entry.startsWith('text:'));
			for (const entry of [...marks.served, ...(marks.mayGo ? out : [])]) served.add(entry);
		}
		for (const each of [this.entries, this.served]) each.clear();
		await this.list.clear([...served]);
	}

	/** The numbers of acts that did not happen are free again; where their marks still stand, they are not. */
	private renumber(acts: Array<Pick<Claimant, 'item' | 'content' | 'key'>>, isBack: boolean): void {
		for (const { item, content, key } of acts) {
			if (isBack) this.journal.contents.release(content);
			else this.journal.markStuck(item, content, key);
		}
	}

	private async claim(given: Claimant[], hasLeft: boolean): Promise<Claim[]> {
		if (given.length === 0) return [];
		const own = `own:${randomUUID()}`;
		const mark = newMark();
		const { contenders, look } = await this.write(given, own, mark.name);
		const fail = (those: Contender[], error: OperationError) => {
			for (const contender of those) contender.claim = { kind: 'failed', error };
		};
		const foundOf = ({ names }: Contender) => names.filter((name) => look.found.has(name));
		if (
			contenders.flatMap(foundOf).some((name) => this.standing.isForeign(name)) &&
			this.standing.meetsAnother()
		)
			fail(contenders, takenOver());
		for (const contender of contenders) {
			const isKnown = this.marks.hadSettled || foundOf(contender).length > 0;
			if (isKnown && !this.standing.isOver) contender.claim = { kind: 'known', content: contender.content };
		}
		const open = () => contenders.filter(({ claim }) => claim.kind === 'taken');
		const names = open().flatMap((contender) => contender.names);
		const acts = this.standing.claim(names, own, look);
		for (const { names: its, content } of open()) this.taken.set(content, { names: its, acts, mark });

		await this.standing.inOrder(async () => {
			await this.keys.claim(open(), look, mark).catch((error: OperationError) => {
				for (const contender of open()) contender.ownsKey = !look.found.has(keyEntry(contender.key ?? ''));
				fail(open(), error);
			});
			const needsLook = !hasLeft && open().length > 0 && !(this.isAlone && this.standing.isFirst);
			const isSeen = !needsLook || (await this.standing.isSeen(acts, this.signal).catch(() => false));
			// The run before it lives, and may send them.
			if (acts.state === 'lost' && this.standing.isLater)
				for (const each of open()) each.claim = { kind: 'known', content: each.content };
			if (!isSeen) fail(open(), acts.state === 'lost' ? takenOver() : notKept('the act', this.signal));
			await this.keys.recognise(contenders, look, mark);
		});

		const left = [own, ...unspent(mark)];
		if (contenders.some(({ claim }) => claim.kind === 'known'))
			for (const entry of left) this.served.add(entry);
		const dropped = contenders.filter(({ claim }) => claim.kind === 'used' || claim.kind === 'failed');
		if (dropped.length > 0) {
			const notOurs = new Set([...acts.foreign, ...look.found]);
			const isBack = await this.takeBack(dropped, open().length > 0 ? [] : left, undefined, notOurs);
			for (const each of dropped.filter((one) => foundOf(one).length === 0)) {
				const key = each.ownsKey ? each.key : undefined;
				this.renumber([{ ...each, key }], isBack || each.claim.kind === 'used');
			}
		}
		return contenders.map(({ claim }) => claim);
	}

	/** Writes all that a request asks for in one go, and learns of earlier runs. */
	private async write(
		given: Claimant[],
		own: string,
		mark: string,
	): Promise<{ contenders: Contender[]; look: Look }> {
		const contenders = contendersOf(given, this.journal, this.operation);
		const names = contenders.flatMap((each) => each.names);
		const keys = given.flatMap(({ key }) => (key === undefined ? [] : [keyEntry(key), openEntry(key), mark]));
		const runs = this.marks.toWrite(given.length);
		const fresh = [...new Set([...runs, ...names, own, ...keys])];
		const isCounted = keys.length > 0 || this.mayBeKnown;
		const undo = (isOut: boolean) => {
			this.marks.failed(runs, given.length);
			this.renumber(contenders, isOut);
		};
		const look = await this.standing.add(fresh, isCounted ? fresh : []).catch(async (error: unknown) => {
			// What n8n may have kept of it is certainly this run's.
			undo(isCounted || (await this.list.remove(fresh)));
			throw error;
		});
		if (look.isUnclear && look.found.has(own) && !this.mayBeKnown)
			for (const name of names) look.found.delete(name);
		for (const entry of [...names, own]) this.entries.add(entry);
		await this.marks.learn(runs, look).catch(async (error: unknown) => {
			undo(await this.list.remove(fresh.filter((entry) => !look.found.has(entry))));
			throw error;
		});
		return { contenders, look };
	}

	/**
	 * Takes out what stands in the list for acts that did not happen; with the last of them, that the run had begun.
	 *
	 * @param others entries to be taken out with them
	 * @param otherMark of them, which have to stay out
	 * @param not what another run has written
	 */
	private async takeBack(
		claimants: Array<Claimant & { ownsKey: boolean }>,
		others: string[],
		otherMark?: string,
		not = new Set<string>(),
	): Promise<boolean> {
		const out = new Set(others);
		let mark = otherMark;
		for (const { item, content, key, ownsKey } of claimants) {
			const taken = this.taken.get(content);
			const names = taken?.names ?? namesOf(item, content, this.journal, this.operation);
			for (const name of names) if (!not.has(name)) out.add(name);
			if (taken) {
				this.standing.forget(taken.acts, names);
				if (taken.acts.names.length === 0) out.add(taken.acts.own);
				this.taken.delete(content);
			}
			if (key === undefined || !ownsKey) continue;
			for (const entry of [keyEntry(key), openEntry(key)]) out.add(entry);
			if (taken?.mark.isSpent === false) out.add((mark = spend(taken.mark)));
			this.keys.settle(key, 'free');
		}
		for (const entry of out) this.entries.delete(entry);
		const runs = this.marks.takeOut(claimants.length);
		if (!this.list.exists) return true;
		const isOut = await this.list.remove([...out, ...runs]);
		// Without the marks of the run, which another act may have written anew by then.
		return isOut && (mark === undefined || (await staysOut(this.list, [...out], mark, this.signal)));
	}
}
