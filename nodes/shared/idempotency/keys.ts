import { pause } from '../values/time';
import type { Claim, Claimant, Contender } from './claim';
import { notKept, openKey, stalled, USED_UP } from './claimTrouble';
import type { Contents } from './contents';
import { contest, staysOut, waitOf, type Contested } from './contest';
import type { DeduplicationList, Look } from './deduplicationList';
import { newMark, spend, unspent, type KeyMark } from './keyMark';
import type { Standing } from './standing';

/** A taken key is waited for at most so long, once in a run, in ms. */
const LONGEST_WAIT = 10_000;
/** Each look comes later than the one before, by this part of the first wait. */
const LATER = 1 / 3;
/** How often an act of this process is looked at that is waited for, in ms. */
const SLICE = 50;

export const keyEntry = (key: string): string => `key:${key}`;
/** Stands beside a key whose act is not known to have happened. */
export const openEntry = (key: string): string => `open:${key}`;

/** Whether a look has shown a key whose act is known to have happened. */
const isConfirmed = (key: string, { found }: Look): boolean =>
	found.has(keyEntry(key)) && !found.has(openEntry(key));

/** What became of the act that has taken a key. */
type TakenKey = 'done' | 'open' | 'free';

/** By list and key, acts of this process that have taken a key and are not settled. */
const underWay = new Map<string, Promise<TakenKey>>();
/** By list and key, the latest that this process has known to be done: to ask for them again is to write. */
const lately = new Set<string>();
const LATEST = 1000;

/** The idempotency keys that acts of a run take. */
export class Keys {
	/** How long this run has waited for keys that others have taken, in ms. */
	private waited = 0;
	private readonly settling = new Map<string, (taken: TakenKey) => void>();

	constructor(
		private readonly list: DeduplicationList,
		private readonly standing: Standing,
		private readonly contents: Contents,
		private readonly signal: AbortSignal | undefined,
	) {}

	/** Takes the keys of claimants within this process. @returns those that were taken, and the claims of who got none */
	async takeAll(given: Claimant[]): Promise<{ keys: Set<string>; claims: Map<Claimant, Claim> }> {
		const keys = new Set<string>();
		const claims = new Map<Claimant, Claim>();
		for (const claimant of given) {
			const { key } = claimant;
			if (key === undefined || keys.has(key)) continue;
			const taken = await this.take(key);
			if (taken === 'taken') keys.add(key);
			else if (taken === 'done') claims.set(claimant, { kind: 'used', key });
			else claims.set(claimant, { kind: 'failed', error: openKey(key) });
		}
		return { keys, claims };
	}

	/** Takes a key within this process; where another act has it, waits for what becomes of that. */
	private async take(key: string): Promise<'taken' | 'done' | 'open'> {
		const name = `${this.list.name} ${key}`;
		if (lately.has(name)) return 'done';
		for (let other = underWay.get(name); other; other = underWay.get(name)) {
			const taken = await this.afterwards(other);
			if (taken !== 'free') return taken;
		}
		underWay.set(
			name,
			new Promise((resolve) => {
				this.settling.set(key, (taken) => {
					this.settling.delete(key);
					underWay.delete(name);
					if (taken === 'done') remember(name);
					resolve(taken);
				});
			}),
		);
		return 'taken';
	}

	/** Decides whose the keys of acts are. @param mark written with them */
	async claim(contenders: Contender[], look: Look, mark: KeyMark): Promise<void> {
		const { contents } = this;
		const keyed = contenders.filter(({ key }) => key !== undefined);
		const isNew = (key: string) => !look.found.has(keyEntry(key));
		const fresh = new Map<string, [string, string]>();
		for (const { key } of keyed) if (isNew(key!)) fresh.set(keyEntry(key!), [mark.name, openEntry(key!)]);
		const contested: Contested =
			fresh.size === 0 ? { won: new Set() } : await contest(this.standing, fresh, look, this.signal);
		const confirmed = keyed.filter(({ key }) => isConfirmed(key!, look));
		await this.confirm(
			confirmed.map(({ key }) => key!).filter((key) => !contents.isStuck(key)),
			mark,
		);
		for (const contender of keyed) {
			const key = contender.key!;
			if ('lost' in contested && isNew(key)) {
				const what = 'the idempotency key (“Act Once Per”)';
				contender.ownsKey = contested.lost === 'cancelled';
				const error = contested.lost === 'stalled' ? stalled(what) : notKept(what, this.signal, USED_UP);
				contender.claim = { kind: 'failed', error };
			} else if (('won' in contested && contested.won.has(keyEntry(key))) || contents.isStuck(key)) {
				contender.ownsKey = true;
				contents.reuse(key);
				this.list.keep(keyEntry(key), [openEntry(key), ...unspent(mark)]);
			} else {
				const hasHappened =
					confirmed.includes(contender) || (await this.hasHappened(key, mark.isSpent ? newMark() : mark));
				contender.claim = hasHappened ? { kind: 'used', key } : { kind: 'failed', error: openKey(key) };
			}
			if (contender.claim.kind !== 'taken') {
				this.settle(key, contender.claim.kind === 'used' ? 'done' : 'open');
			}
		}
	}

	/**
	 * Whether the act of a key that was found with `open` beside it comes to be known to have happened: then `open` no longer
	 * stands there. To ask is to write, so it is taken out again where it was not there. Where the key is gone, it was given
	 * back, or a stalled write has erased it and it will stand again: it must not be taken by a look.
	 *
	 * @param mark written with it
	 */
	private async hasHappened(key: string, mark: KeyMark): Promise<boolean> {
		const entries = [keyEntry(key), openEntry(key), mark.name];
		for (let look = 1; ; look++) {
			const wait = Math.min(LONGEST_WAIT - this.waited, waitOf(this.list) * (1 + look * LATER));
			if (wait <= 0 || !(await this.wait(wait))) return false;
			const asked = await this.list.add(entries);
			if (!asked.found.has(keyEntry(key))) await this.list.remove(entries);
			else if (isConfirmed(key, asked)) {
				await this.confirm([key], mark);
				return true;
			}
		}
	}

	/** The acts of keys have happened, in this run or another. @param mark written together with them, if it is known */
	private async confirm(keys: string[], mark?: KeyMark): Promise<void> {
		if (keys.length === 0) return;
		const open = keys.map(openEntry);
		if (mark?.isSpent !== false) {
			await this.list.remove(open);
			inBackground(async () => {
				// A mark that goes with them has to be written with them.
				const second = newMark();
				await pause(waitOf(this.list));
				await this.list.add([...open, second.name]);
				await this.confirm(keys, second);
			});
			return;
		}
		const entries = [...open, spend(mark)];
		await this.list.remove(entries);
		inBackground(async () => await staysOut(this.list, entries, mark.name));
	}

	/** Of acts that an earlier run had begun, those whose keys are known to be done. @param mark written with the look */
	async recognise(contenders: Contender[], look: Look, mark: KeyMark): Promise<void> {
		const done = contenders.filter(
			({ key, claim }) => claim.kind === 'known' && key && isConfirmed(key, look),
		);
		await this.confirm(
			done.map(({ key }) => key!),
			mark,
		);
		for (const contender of done) {
			contender.claim = { kind: 'used', key: contender.key! };
			this.settle(contender.key!, 'done');
		}
	}

	/** The acts of keys have happened. @param mark written together with them; left out where an earlier try has written them */
	async done(keys: string[], mark?: KeyMark): Promise<void> {
		await this.confirm(keys, mark);
		for (const key of keys) this.settle(key, 'done');
	}

	settle(key: string, taken: TakenKey): void {
		this.settling.get(key)?.(taken);
	}

	/** The run is over: what is not known by now stays open. */
	settleAll(): void {
		for (const settle of this.settling.values()) settle('open');
	}

	private async afterwards(taken: Promise<TakenKey>): Promise<TakenKey> {
		let known: TakenKey | undefined;
		void taken.then((settled) => (known = settled));
		while (known === undefined && this.waited < LONGEST_WAIT) {
			if (!(await this.wait(SLICE))) return 'open';
		}
		return known ?? 'open';
	}

	private async wait(ms: number): Promise<boolean> {
		const began = performance.now();
		const goesOn = await pause(ms, this.signal);
		this.waited += performance.now() - began;
		return goesOn;
	}
}

function remember(name: string): void {
	lately.add(name);
	if (lately.size > LATEST) lately.delete(lately.values().next().value!);
}

function inBackground(work: () => Promise<unknown>): void {
	// What can't be written then is as the first write has left it.
	work().catch(() => undefined);
}
