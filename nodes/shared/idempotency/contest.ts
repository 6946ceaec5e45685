import { pause } from '../values/time';
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

/** How long whoever wants an entry that others may want waits before it counts as its own, in ms. */
export function waitOf(list: Pick<DeduplicationList, 'usual'>): number {
	return Math.max(LEAST_WAIT, TIMES_THE_USUAL * list.usual);
}

/** How a contest ended for what was written: entries that are ours; or nothing is, for one reason. */
export type Contested = { won: Set<string> } | { lost: 'stalled' | 'notKept' | 'cancelled' };

type List = Pick<DeduplicationList, 'add' | 'remove' | 'usual' | 'stalls'>;

/**
 * Decides whose the entries are that seemed new. Of two processes that write one entry at the same moment, the later one
 * overwrites the other's list: whoever finds the entry without its own mark beside it has lost. A slow write, of this process
 * or of a third one, may have erased what another has acted upon: whoever has written slowly waits until that stands again,
 * and all ask whether another has won. A database that is slow all the time only makes everybody wait longer.
 *
 * @param marks by entry, a mark that stood nowhere before and was written together with it, and what else stands beside it
 * @param claim the write that added them
 * @throws OperationError `notSent` when n8n can't write
 */
export async function contest(
	list: List,
	marks: Map<string, [mark: string, ...beside: string[]]>,
	claim: Look,
	signal?: AbortSignal,
): Promise<Contested> {
	const open = new Map(marks);
	const won = new Set<string>();
	let since = claim;
	// What is usual must not be told by a slow claim alone: one add after it counts, too.
	let isMeasured = false;
	// To ask is to write, so only that one asks whose mark stands.
	let asksWinner = false;
	for (let looks = 0; open.size > 0; looks++) {
		if (looks === MOST_LOOKS) return { lost: 'notKept' };
		if (list.stalls.isHopeless(since.began)) return { lost: 'stalled' };
		const isAtOnce = asksWinner || (since.ended - since.began > SLOW && !isMeasured);
		isMeasured = true;
		if (!(await pause(isAtOnce ? 0 : untilDecided(list, since), signal))) return { lost: 'cancelled' };
		const asked: string[] = asksWinner ? [...open.keys()].map(wonEntry) : [];
		const look = await list.add([...[...open].flat(2), ...asked]).catch(async (error: unknown) => {
			// n8n may have kept it.
			if (asksWinner) await list.remove(asked);
			throw error;
		});
		if (look.isUnclear) {
			// What was found may be this look itself: what it has asked is taken out, and a winner has asked again by the next.
			if (asksWinner && !(await list.remove(asked))) return { lost: 'notKept' };
			since = look;
			asksWinner = false;
			continue;
		}
		const isDue = look.began - since.ended >= waitOf(list) && !isTooSlow(list, look);
		const isSure: boolean = isDue && asksWinner;
		const untrue = new Set(asked.filter((entry) => !look.found.has(entry)));
		asksWinner = isDue && !isSure;
		for (const [entry, [mark]] of open) {
			const winner = wonEntry(entry);
			const isAnothers = asked.includes(winner) && !untrue.has(winner);
			if (!look.found.has(entry) && !isAnothers) {
				// Neither was found: this look has written both again, and is the claim now.
				since = look;
				isMeasured = asksWinner = false;
			} else if (!look.found.has(mark) || isAnothers) open.delete(entry);
			else if (isSure) {
				won.add(entry);
				open.delete(entry);
				untrue.delete(winner);
			}
		}
		if (untrue.size > 0 && !(await list.remove([...untrue]))) return { lost: 'stalled' };
	}
	return { won };
}

/** How long until a look can decide, in ms. */
function untilDecided(list: List, since: Look): number {
	const until = Math.max(list.stalls.doubtfulUntil(SLOW), since.ended + waitOf(list));
	return Math.max(0, until - performance.now());
}

/** Whether a look may lack what others have acted upon meanwhile; what is usual here makes it no worse. */
function isTooSlow(list: List, look: Look): boolean {
	return list.stalls.doubtfulUntil(Math.max(SLOW, SLOWEST * waitOf(list))) > look.began;
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
		const won = entries.map(wonEntry);
		if (looks === MOST_LOOKS || !(await list.remove([...entries, ...won]))) return false;
	}
}
