import { randomUUID } from 'crypto';
import { madeOnce } from '../values/maps';
import { pause } from '../values/time';
import { Turns } from '../values/turns';
import { notKept, stalled } from './claimTrouble';
import { contest, staysOut, waitOf, type Contested } from './contest';
import type { DeduplicationList, Look } from './deduplicationList';
import { wonEntry } from './keptEntries';

/**
 * So many places are asked for one at a time, of a few all of them; then in blocks, which grow from the least to the most:
 * what is free in a block is kept from others until it is put back.
 */
const ONE_BY_ONE = 8;
const FEW = 24;
const LEAST_BLOCK = 24;
const MOST_BLOCK = 64;
/** Searches after one in blocks that found none: other processes may be about to put back what they have found. */
const MOST_AGAIN = 3;
/** How long a search that found none is believed, in ms: meanwhile one place is asked for. */
const FULL_FOR = 60_000;
/** Slots lost one after another to other processes. */
const MOST_TRIES = 60;
/** How often a search of this process is looked at that is waited for, in ms. */
const SLICE = 50;

/** What this process knows of the slots of one period. */
interface Known {
	/** One search after another: none takes what another asks for beside its own. */
	searches: Turns;
	/** Places asked for beside the one that was taken, until they are put back. */
	beside: number;
	/** Where a free slot is likely. */
	next?: number;
	/** By performance.now(). */
	fullUntil: number;
}

/** What a search has written that stood nowhere before, all in one go. */
interface Found {
	entries: [string, ...string[]];
	mark: string;
	/** Goes with what is put back. */
	restMark: string;
	look: Look;
}

const periods = new Map<string, Known>();

/**
 * The slots of one period: each act takes one, contested like an idempotency key, so two processes never have the same
 * one. A free one is looked for evenly over all of them, by halving the parts between: any will do.
 */
export class Slots {
	/** Written in searches; of no use once the run has settled. */
	readonly marks: string[] = [];
	private readonly known: Known;
	/** Whether this run has found all of them taken. */
	isFull = false;

	/**
	 * @param name of what is counted, the period with it
	 * @param count how many there are
	 */
	constructor(
		private readonly list: DeduplicationList,
		private readonly name: string,
		private readonly count: number,
		private readonly signal: AbortSignal | undefined,
	) {
		const unknown = () => ({ searches: new Turns(), beside: 0, fullUntil: 0 });
		this.known = madeOnce(periods, `${list.name} ${name} ${count}`, unknown);
	}

	entry(place: number): string {
		return `cap:${this.name}:${place}`;
	}

	/**
	 * Takes a free slot.
	 *
	 * @returns its entry and the mark beside it; undefined when all are taken
	 * @throws OperationError `notSent`
	 */
	async take(): Promise<[string, string] | undefined> {
		let again = this.count > FEW && this.known.fullUntil <= performance.now() ? MOST_AGAIN : 0;
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const found = await this.known.searches.take(async () => await this.search());
			if (found) {
				if (await this.isWon(found)) return [found.entries[0], found.mark];
			} else if (this.known.beside > 0 || again > 0) {
				const isBeside = this.known.beside > 0;
				if (!isBeside) again--;
				if (!(await pause(isBeside ? SLICE : 2 * waitOf(this.list), this.signal)))
					throw notKept('the count', this.signal);
			} else {
				this.isFull = true;
				this.known.fullUntil = performance.now() + FULL_FOR;
				return undefined;
			}
		}
		throw notKept('the count');
	}

	/** Takes free slots for good, without asking whose they are. @returns how many there were */
	async occupy(count: number): Promise<number> {
		for (let taken = 0; taken < count; taken++) {
			const found = await this.known.searches.take(async () => await this.search());
			if (!found) return taken;
			await this.list.remove(found.entries.slice(1));
		}
		return count;
	}

	/** @param entries that have been given back */
	freed(entries: string[]): void {
		if (!entries.some((entry) => entry.startsWith(`cap:${this.name}:`))) return;
		this.isFull = false;
		this.known.fullUntil = 0;
	}

	/** Of what a search has found, one slot is taken, and what a look shows as one's own of the rest is put back. */
	private async isWon(found: Found): Promise<boolean> {
		const [entry, ...others] = found.entries;
		this.known.beside += others.length;
		try {
			const contested = await this.contest(found, this.signal).catch(async (error: unknown) => {
				await this.putBack(found);
				throw error;
			});
			if ('lost' in contested) {
				if (contested.lost === 'cancelled') void this.putBack(found);
				throw contested.lost === 'stalled' ? stalled('the count') : notKept('the count', this.signal);
			}
			const isOwn = (each: string) => contested.won.has(each);
			await this.takeOut(others.filter(isOwn), found.restMark);
			if (isOwn(entry)) this.list.keep(entry);
			return isOwn(entry);
		} finally {
			this.known.beside -= others.length;
		}
	}

	private async contest({ entries, mark, look }: Found, signal?: AbortSignal): Promise<Contested> {
		return await contest(this.list, new Map(entries.map((each) => [each, [mark]])), look, signal);
	}

	/** What a look shows as one's own is taken out again. */
	private async putBack(found: Found): Promise<void> {
		try {
			const contested = await this.contest(found);
			if ('won' in contested) await this.takeOut([...contested.won], found.restMark);
		} catch {
			// n8n can't tell, so it stays taken.
		}
	}

	private async takeOut(entries: string[], mark: string): Promise<void> {
		if (entries.length === 0) return;
		// It has to be found where they are written back.
		this.marks.splice(this.marks.indexOf(mark), 1);
		await this.list.remove([...entries.flatMap((each) => [each, wonEntry(each)]), mark]);
		void staysOut(this.list, [...entries, mark], mark).catch(() => undefined);
	}

	private async search(): Promise<Found | undefined> {
		const { known, count } = this;
		if (known.fullUntil > performance.now()) {
			// In this run nothing was given back; of other processes one place tells.
			const found = this.isFull ? undefined : await this.ask([Math.floor(Math.random() * count)]);
			if (found) known.fullUntil = 0;
			return found;
		}
		if (known.next !== undefined && known.next < count) {
			const found = await this.ask([known.next]);
			if (found) return found;
		}
		const rest: Array<[number, number]> = [[0, count]];
		for (let asked = 0; rest.length > 0 && (count <= FEW || asked < ONE_BY_ONE); asked++) {
			const [from, to] = rest.shift()!;
			const middle = (from + to) >> 1;
			const found = await this.ask([middle]);
			if (found) return found;
			for (const part of [
				[from, middle],
				[middle + 1, to],
			] as const)
				if (part[0] < part[1]) rest.push([...part]);
		}
		for (const block of blocksOf(rest)) {
			const found = await this.ask(block);
			if (found) return found;
		}
		return undefined;
	}

	/** @returns what stood nowhere before */
	private async ask(places: number[]): Promise<Found | undefined> {
		const [mark, restMark] = [`slot:${randomUUID()}`, `rest:${randomUUID()}`];
		const entries = places.map((place) => this.entry(place));
		const asked = [...entries, mark, ...(places.length > 1 ? [restMark] : [])];
		this.marks.push(...asked.slice(places.length));
		const look = await this.list.add(asked, asked);
		const isFree = (place: number) => !look.found.has(this.entry(place));
		const [first, ...others] = places.filter(isFree);
		if (first === undefined) return undefined;
		this.known.next = first + 1;
		return {
			entries: [this.entry(first), ...others.map((place) => this.entry(place))],
			mark,
			restMark,
			look,
		};
	}
}

function* blocksOf(parts: Array<[number, number]>): Generator<number[]> {
	let size = LEAST_BLOCK;
	let block: number[] = [];
	for (const [from, to] of parts) {
		for (let place = from; place < to; place++) {
			block.push(place);
			if (block.length < size) continue;
			yield block;
			block = [];
			size = Math.min(2 * size, MOST_BLOCK);
		}
	}
	if (block.length > 0) yield block;
}
