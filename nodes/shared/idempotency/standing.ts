import { madeOnce } from '../values/maps';
import { pause } from '../values/time';
import { waitOf } from './contest';
import type { DeduplicationList, Look } from './deduplicationList';
import type { Stalls } from './stalls';

/** A look counts only after so many times what an add usually takes: by then a write that had read before has landed. */
const SEEN_AFTER = 3;
/** Each write asks again for so many of the latest claims: what another has erased stands again. */
const ASKED_AGAIN = 5;
/** A list that is overwritten this often is not one to rely on. */
const MOST_LOOKS = 20;

/** What one request has written down of its acts. */
export interface ClaimedActs {
	/** Of its acts, each under its place and its content. */
	names: string[];
	/** A mark of its own, in the same write. */
	own: string;
	since: number;
	/** Of its names, those that another run has claimed. */
	foreign: string[];
	state: 'open' | 'seen' | 'lost';
}

const byRecord = new WeakMap<object, Standing>();

/**
 * What this process has claimed in an execution.
 *
 * @param record of the execution, the same for its rounds, tries and calls of a tool in this process
 * @param isRetry an earlier run has left a record of what it did
 */
export function standingOf(record: object, list: DeduplicationList, isRetry: boolean): Standing {
	const standing = madeOnce(byRecord, record, () => new Standing(isRetry));
	standing.list = list;
	return standing;
}

/** What this process has claimed in an execution: rounds of a loop, tries and calls of a tool are one run here. */
export class Standing {
	list!: DeduplicationList;
	/** Names of acts and marks of runs that this process has written. */
	private readonly written = new Set<string>();
	private latest: ClaimedActs[] = [];
	/** That a run has begun, as the latest round has written it: asked for again as claims are. */
	begun: string[] = [];
	private count = 0;
	/** All claims that are decided on. */
	private decided: Promise<unknown> = Promise.resolve();
	/** Another run of this execution was there before: acts are contested, since it may live. */
	isLater = false;
	/** A later run has taken the execution over: nothing more is claimed. */
	isOver = false;

	constructor(readonly isRetry: boolean) {}

	/** Whether no more than one request has been claimed. */
	get isFirst(): boolean {
		return this.count <= 1 && !this.isLater;
	}

	/** Whether an entry that was found was written by another run. */
	isForeign(entry: string): boolean {
		return !this.written.has(entry);
	}

	wrote(entries: string[]): void {
		for (const entry of entries) this.written.add(entry);
	}

	/**
	 * A mark was found that this run has not written. Only a later run can have written it where this one has claimed before;
	 * where it has not, it is the later one itself.
	 *
	 * @returns whether this run has to stop
	 */
	meetsAnother(): boolean {
		if (this.isRetry || this.isLater) return false;
		if (this.count > 0) this.isOver = true;
		else this.isLater = true;
		return this.isOver;
	}

	/**
	 * Writes entries, and asks again for the latest claims.
	 *
	 * @param fresh those that this write alone may tell to be new
	 */
	async add(entries: string[], fresh?: string[]): Promise<Look> {
		const asked = [...this.latest];
		const all = [...entries, ...this.begun, ...asked.flatMap(({ names, own }) => [...names, own])];
		const look = await this.list.add(all, fresh);
		for (const claim of asked) this.judge(claim, look);
		return look;
	}

	/** What adding usually takes, in ms. */
	get usual(): number {
		return this.list.usual;
	}

	get stalls(): Stalls {
		return this.list.stalls;
	}

	async remove(entries: string[]): Promise<boolean> {
		return await this.list.remove(entries);
	}

	/** Takes note of a claim that a look has written. */
	claim(names: string[], own: string, look: Look): ClaimedActs {
		const acts: ClaimedActs = { names, own, since: look.ended, foreign: [], state: 'open' };
		this.wrote(names);
		if (names.length === 0) return acts;
		this.count++;
		const least = this.latest.length + 1 - ASKED_AGAIN;
		this.latest = [...this.latest.filter(({ state }, place) => state === 'open' || place >= least), acts];
		return acts;
	}

	/** Decides on a claim while others are decided on; whoever claimed first leaves first. */
	async inOrder(decide: () => Promise<void>): Promise<void> {
		const before = this.decided;
		const mine = decide();
		this.decided = Promise.allSettled([before, mine]);
		await before;
		await mine;
	}

	/**
	 * Waits until a later look has seen a claim.
	 *
	 * @returns false when another run has it, the list does not keep it, or the execution is cancelled
	 */
	async isSeen(claim: ClaimedActs, signal?: AbortSignal): Promise<boolean> {
		for (let looks = 0; claim.state === 'open' && looks < MOST_LOOKS; looks++) {
			const due = claim.since + this.wait;
			if (!(await pause(Math.max(0, due - performance.now()), signal))) return false;
			if (claim.state === 'open') await this.add([]);
		}
		return claim.state === 'seen';
	}

	/** An act did not happen, or its run has settled: its names are this run's no more. */
	forget(acts: ClaimedActs, names: string[]): void {
		for (const name of names) this.written.delete(name);
		acts.names = acts.names.filter((name) => !names.includes(name));
		if (acts.names.length === 0) this.retire(acts);
	}

	/** A claim is asked for no more. */
	retire(acts: ClaimedActs): void {
		this.latest = this.latest.filter((claim) => claim !== acts);
	}

	private get wait(): number {
		return this.isLater ? waitOf(this.list) : SEEN_AFTER * this.list.usual;
	}

	private judge(claim: ClaimedActs, { found, began, ended }: Look): void {
		if (claim.state !== 'open') return;
		const isOwn = found.has(claim.own);
		const names = claim.names.filter((name) => found.has(name));
		// Where they stand without the mark, another run has written them, if only those that both have.
		if (!isOwn) claim.foreign = names;
		if (claim.foreign.length > 0) claim.state = 'lost';
		// This look has written it again.
		else if (!isOwn || names.length < claim.names.length) claim.since = ended;
		else if (began - claim.since >= this.wait) claim.state = 'seen';
	}
}
