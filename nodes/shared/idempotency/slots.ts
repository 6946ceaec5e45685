import { randomUUID } from 'crypto';
import { madeOnce } from '../values/maps';
import { pause } from '../values/time';
import { Turns } from '../values/turns';
import { notKept, stalled } from './claimTrouble';
import { contest, type Contested } from './contest';
import type { DeduplicationList, Look } from './deduplicationList';
import { wonEntry } from './keptEntries';

/** So many places are asked for one at a time; then in blocks, which grow from the least to the most. */
const ONE_BY_ONE = 8;
const LEAST_BLOCK = 16;
const MOST_BLOCK = 64;
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
	places: number[];
	mark: string;
	look: Look;
}

const periods = new Map<string, Known>();

/**
 * The slots of one period: each act takes one, contested like an idempotency key, so two processes never have the same
 * one. A free one is found by halving, and what lies below the used middles is looked at, too: any free one will do.
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
		for (let tries = 0; tries < MOST_TRIES; tries++) {
			const found = await this.known.searches.take(async () => await this.search());
			if (found) {
				if (await this.isWon(found)) return [this.entry(found.places[0]!), found.mark];
			} else if (this.known.beside > 0) {
				if (!(await pause(SLICE, this.signal))) throw notKept('the count', this.signal);
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
			await this.list.remove(found.places.slice(1).map((place) => this.entry(place)));
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
	private async isWon({ places, mark, look }: Found): Promise<boolean> {
		const [entry, ...others] = places.map((place) => this.entry(place)) as [string, ...string[]];
		const marks = new Map([entry, ...others].map((each): [string, [string]] => [each, [mark]]));
		this.known.beside += others.length;
		try {
			const contested = await contest(this.list, marks, look, this.signal).catch(async (error: unknown) => {
				await this.putBack(marks, look);
				throw error;
			});
			if ('lost' in contested) throw this.lost(contested, marks, look);
			const own = others.filter((each) => contested.won.has(each));
			if (own.length > 0) await this.list.remove(own.flatMap((each) => [each, wonEntry(each)]));
			if (contested.won.has(entry)) this.list.keep(entry);
			return contested.won.has(entry);
		} finally {
			this.known.beside -= others.length;
		}
	}

	private lost({ lost }: Exclude<Contested, { won: unknown }>, marks: Map<string, [string]>, look: Look) {
		if (lost === 'cancelled') void this.putBack(marks, look);
		return lost === 'stalled' ? stalled('the count') : notKept('the count', this.signal);
	}

	/** What a look shows as one's own is taken out again. */
	private async putBack(marks: Map<string, [string]>, look: Look): Promise<void> {
		try {
			const contested = await contest(this.list, marks, look);
			const own = 'won' in contested ? [...contested.won] : [];
			if (own.length > 0) await this.list.remove(own.flatMap((each) => [each, wonEntry(each)]));
		} catch {
			// n8n can't tell, so it stays taken.
		}
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
		for (let asked = 0; rest.length > 0 && asked < ONE_BY_ONE; asked++) {
			const [from, to] = rest.pop()!;
			const middle = (from + to) >> 1;
			const found = await this.ask([middle]);
			if (found) return found;
			// The upper half is looked at first.
			for (const part of [
				[from, middle],
				[middle + 1, to],
			] as const)
				if (part[0] < part[1]) rest.push([...part]);
		}
		for (const block of blocksOf(rest.reverse())) {
			const found = await this.ask(block);
			if (found) return found;
		}
		return undefined;
	}

	/** @returns the places that stood nowhere before */
	private async ask(places: number[]): Promise<Found | undefined> {
		const mark = `slot:${randomUUID()}`;
		this.marks.push(mark);
		const asked = [...places.map((place) => this.entry(place)), mark];
		const look = await this.list.add(asked, asked);
		const free = places.filter((place) => !look.found.has(this.entry(place)));
		if (free.length === 0) return undefined;
		this.known.next = free[0]! + 1;
		return { places: free, mark, look };
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
