import { pause, pauseUntil } from '../values/time';
import type { DeduplicationList, Look } from './deduplicationList';
import { wonEntry } from './keptEntries';
import { SLOW } from './stalls';

/**
 * n8n's list has no lock: what one process has written, another that had read before overwrites with what it knew. So what
 * others want, too, counts only once it was found where it had been written, after longer than reading and writing take:
 * at least so long, and so many times what an add usually takes. Found with a model of the list, in docs/safety.md. In ms.
 */
const LEAST_WAIT = 1000;
const TIMES_THE_USUAL = 9;
/** A look that took longer than this part of the wait may have erased what others have acted upon. */
const SLOWEST = 0.5;
/** A list that is overwritten this often is not one to rely on. */
const MOST_LOOKS = 20;
/** Where writes stall again and again, nothing is decided while they do: not longer than this. In ms. */
const LONGEST = 120_000;

/** How long whoever wants an entry that others may want waits before it counts as its own, in ms. */
export function waitOf(list: Pick<DeduplicationList, 'usual'>): number {
	return Math.max(LEAST_WAIT, TIMES_THE_USUAL * list.usual);
}

/** How a contest ended for what was written: entries that are ours; or nothing is, for one reason. */
export type Contested = { won: Set<string> } | { lost: Lost | 'cancelled' };
type Lost = 'stalled' | 'notKept';

type List = Pick<DeduplicationList, 'add' | 'remove' | 'usual' | 'stalls'>;

/**
 * Decides whose the entries are that seemed new. Of two processes that write one entry at the same moment, the later one
 * overwrites the other's list: whoever finds the entry without its own mark beside it has lost. One that has written slowly,
 * be it this claim or anything else, may have erased what another has acted upon: it waits until that stands again, and asks
 * whether another has won. A database that is slow, all the time or again and again, only makes everybody wait longer.
 *
 * @param marks by entry, a mark that stood nowhere before and was written together with it
 * @param claim the write that added them
 * @throws OperationError `notSent` when n8n can't write
 */
export async function contest(
	list: List,
	marks: Map<string, string>,
	claim: Look,
	signal?: AbortSignal,
): Promise<Contested> {
	const end = performance.now() + LONGEST;
	const entries = new Contest(list, new Map(marks), claim);
	while (entries.areOpen) {
		if (performance.now() >= end) return { lost: 'stalled' };
		const wait = entries.waiting(end);
		if (!(await pauseUntil(wait, signal))) return { lost: 'cancelled' };
		// Another contest's write may have stalled meanwhile.
		const lost = await list.stalls.decisions.take(async () =>
			wait() > 0 ? undefined : await entries.look(),
		);
		if (lost) return { lost };
	}
	return { won: entries.won };
}

/** Entries whose owner is looked for. */
class Contest {
	readonly won = new Set<string>();
	private written = 1;
	/** What is usual must not be told by a slow claim alone: one add after it counts, too. */
	private isMeasured = false;

	constructor(
		private readonly list: List,
		private readonly open: Map<string, string>,
		/** The write that counts. */
		private since: Look,
	) {}

	get areOpen(): boolean {
		return this.open.size > 0;
	}

	/** @returns what tells how long until the next look, in ms, and not later than the end */
	waiting(end: number): () => number {
		const { list, since } = this;
		const isAtOnce = since.ended - since.began > SLOW && !this.isMeasured;
		this.isMeasured = true;
		return () => {
			if (list.stalls.isHopeless(since.began)) return 0;
			const doubtfulUntil = this.doubtfulUntil();
			const until = Math.max(since.ended + waitOf(list), doubtfulUntil > since.began ? doubtfulUntil : 0);
			return isAtOnce ? 0 : Math.min(until, end) - performance.now();
		};
	}

	/** Looks, and where that tells no more than that a mark stands, asks at once whether another has won. */
	async look(): Promise<Lost | undefined> {
		const { list, open, since } = this;
		if (list.stalls.isHopeless(since.began)) return 'stalled';
		const look = await list.add([...open].flat());
		const isDue = this.isDue(look);
		const isSure = isDue && list.stalls.doubtfulUntil(SLOW) <= since.began;
		this.judge(look, isSure);
		if (this.written > MOST_LOOKS) return 'notKept';
		const asksWinner = isDue && !isSure && this.areOpen && this.since === since;
		return asksWinner ? await this.askWinner() : undefined;
	}

	/** To ask is to write, so only that one asks whose mark stands. */
	private async askWinner(): Promise<Lost | undefined> {
		const { list, open, won } = this;
		const asked = [...open.keys()];
		const look = await list.add([...[...open].flat(), ...asked.map(wonEntry)]);
		if (look.isUnclear) return 'notKept';
		const lost = asked.filter((entry) => look.found.has(wonEntry(entry)));
		for (const entry of lost) open.delete(entry);
		this.judge(look, this.isDue(look));
		const untrue = asked.filter((entry) => !lost.includes(entry) && !won.has(entry));
		if (untrue.length === 0 || (await list.remove(untrue.map(wonEntry)))) return undefined;
		return 'stalled';
	}

	/** Whether it comes late enough, and lacks nothing; what is usual here makes it no worse. */
	private isDue(look: Look): boolean {
		return look.began - this.since.ended >= waitOf(this.list) && this.doubtfulUntil() <= look.began;
	}

	/** Until when a look may lack what others have acted upon. */
	private doubtfulUntil(): number {
		const { stalls } = this.list;
		return stalls.doubtfulUntil(Math.max(SLOW, SLOWEST * waitOf(this.list)));
	}

	/** @param isSure whether an entry whose mark stands is won */
	private judge(look: Look, isSure: boolean): void {
		let isWritten = false;
		for (const [entry, mark] of this.open) {
			if (!look.found.has(entry)) isWritten = true;
			else if (!look.found.has(mark)) this.open.delete(entry);
			else if (isSure) {
				this.won.add(entry);
				this.open.delete(entry);
			}
		}
		if (!isWritten) return;
		// Neither was found: this look has written both again, and is the claim now.
		this.since = look;
		this.written++;
		this.isMeasured = false;
	}
}

/**
 * Makes sure that entries which were taken out stay out: a process that had read before writes back what it knew.
 *
 * @param mark one of them, which stands nowhere else: where it is found again, so are the others
 * @returns false when n8n could not take them out again, or does not keep it
 */
export async function staysOut(
	list: DeduplicationList,
	entries: string[],
	mark: string,
	signal?: AbortSignal,
): Promise<boolean> {
	for (let looks = 1; ; looks++) {
		await pause(waitOf(list), signal);
		// Where n8n can't tell, they count as out: whoever uses a key next must not be told that it is this act's.
		const { found } = await list.add([mark]).catch(() => ({ found: new Set() }));
		if (!found.has(mark)) {
			// The look has written it.
			await list.remove([mark]);
			return true;
		}
		if (looks === MOST_LOOKS || !(await list.remove(entries))) return false;
	}
}
