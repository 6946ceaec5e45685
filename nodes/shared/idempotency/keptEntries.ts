/** No entry is due sooner after it was won. In ms. */
export const SOONEST = 900;
/**
 * When what was won is asked for again, after it was won: as long as a stalled write may still erase it, within the second
 * that whoever wants it then waits before it counts as its own. In ms.
 */
const ASKED_AGAIN_AFTER = [SOONEST, 1800, 2700, 3600, 4500, 5400, 6300, 7200, 8100, 16_000, 32_000, 64_000];
/** How long it stands in the list that an entry was won: longer than a stalled write and the wait after it. In ms. */
const TOLD_FOR = 120_000;
/** So many of the latest are asked for with each write. */
const LATEST = 30;
/** So many are taken out at a time, while others are won. */
const OUT_AT_A_TIME = 20;

/** Stands beside an entry for some time after it was won. */
export const wonEntry = (entry: string): string => `won:${entry}`;

interface Kept {
	/** When it was won, by performance.now(). */
	since: number;
	/** Entries that have to stand beside it. */
	beside: Set<string>;
	/** Entries that have stood beside it: a slow claim of another process may have written them again. */
	gone: Set<string>;
	/** Whether it stands in the list that it was won. */
	isTold: boolean;
}

/**
 * What this process has won in a list lately. It has to be found by whoever asks for it later, although another process that
 * had read before may write its own list over it: so it is asked for again, with each write, and some seconds later where
 * nothing is written. Whoever wants it asks whether another one has won.
 */
export class KeptEntries {
	private readonly kept = new Map<string, Kept>();
	private out: string[] = [];
	private lastWrite = 0;

	/** @param beside entries that have to stand beside it until they are taken out */
	add(entry: string, beside: string[]): void {
		this.kept.delete(entry);
		this.kept.set(entry, {
			since: performance.now(),
			beside: new Set(beside),
			gone: new Set(),
			isTold: true,
		});
		for (const [oldest, kept] of [...this.kept].slice(0, -LATEST)) {
			this.untell(oldest, kept);
			this.kept.delete(oldest);
		}
	}

	has(entry: string): boolean {
		return this.kept.has(entry);
	}

	/** All that has to stand in the list. */
	get entries(): string[] {
		return [...this.kept].flatMap(([entry, { beside, isTold }]) => [
			entry,
			...beside,
			...(isTold ? [wonEntry(entry)] : []),
		]);
	}

	/** Entries are about to be taken out. @returns all of them, with what stands in the list only for them */
	withoutThese(entries: string[]): Set<string> {
		const out = new Set(entries);
		for (const entry of entries) {
			if (this.kept.get(entry)?.isTold) out.add(wonEntry(entry));
			this.kept.delete(entry);
			for (const { beside, gone } of this.kept.values()) if (beside.delete(entry)) gone.add(entry);
		}
		return out;
	}

	/** Everything was asked for. @param began when, by performance.now() */
	written(began: number): void {
		this.lastWrite = Math.max(this.lastWrite, began);
	}

	/** When something is to be written next, by performance.now(); undefined while nothing is. */
	get due(): number | undefined {
		const dues = this.told.map(([, { since }]) => {
			const after = ASKED_AGAIN_AFTER.find((ms) => since + ms > this.lastWrite);
			return since + (after ?? TOLD_FOR);
		});
		if (this.out.length > 0 && dues.length === 0) return 0;
		return dues.length > 0 ? Math.min(...dues) : undefined;
	}

	/** What is of no more use in the list, some of them at a time. */
	takeOut(): string[] {
		const now = performance.now();
		for (const [entry, kept] of this.told) if (kept.since + TOLD_FOR <= now) this.untell(entry, kept);
		return this.out.length >= OUT_AT_A_TIME || this.told.length === 0 ? this.out.splice(0) : [];
	}

	private get told(): Array<[string, Kept]> {
		return [...this.kept].filter(([, { isTold }]) => isTold);
	}

	private untell(entry: string, kept: Kept): void {
		if (kept.isTold) this.out.push(wonEntry(entry), ...kept.gone);
		kept.isTold = false;
	}
}
