import { pause } from '../values/time';
import { waitOf } from './contest';
import type { DeduplicationList, Look } from './deduplicationList';
import type { Journal } from './journal';
import type { Standing } from './standing';

/** That a run of a node has begun, and that it has settled, as n8n's database knows it. */
export class RunMarks {
	/** Whether a run of the same place had settled before; undefined until the first act. */
	hadSettled: boolean | undefined;
	/** How many acts of this run stand in the list. */
	private acts = 0;
	/** Whether this run has found that no earlier one had begun. */
	private isFirst = false;
	/** The marks of a run that no earlier try had begun, as long as no act of it stands in the list. */
	private fresh: string[] = [];
	private learning: Promise<void> | undefined;
	private hasLearnt = () => {};

	constructor(
		private readonly list: DeduplicationList,
		private readonly journal: Journal,
		private readonly standing: Standing,
		private readonly signal?: AbortSignal,
	) {}

	/** Whether an earlier run may have begun. */
	get mayHaveBegun(): boolean {
		return this.hadSettled !== false && !this.isFirst;
	}

	/** What the first claim of a run writes besides; the others wait for what it learns. @param acts that are written with it */
	toWrite(acts = 0): string[] {
		this.acts += acts;
		if (this.hadSettled !== undefined || this.learning) return [];
		this.learning = new Promise((resolve) => (this.hasLearnt = resolve));
		return [...new Set([...this.marks('run'), this.executing(), ...this.marks('live')])];
	}

	/**
	 * What the first claim's look says of earlier runs.
	 *
	 * @param written as `toWrite` has given them
	 */
	async learn(written: string[], look: Look): Promise<void> {
		if (written.length > 0) return await this.judge(written, look);
		await this.learning;
		const still = this.toWrite();
		if (still.length > 0) await this.judge(still, await this.list.add(still));
	}

	/** What was to be learnt could not be written. */
	failed(written: string[], acts: number): void {
		this.acts -= acts;
		if (written.length > 0) this.end();
	}

	private async judge(written: string[], { found }: Look): Promise<void> {
		const { standing } = this;
		const isAgain = this.marks('run').some((mark) => found.has(mark));
		const met = written.filter((mark) => found.has(mark) && standing.isForeign(mark));
		// A retry meets the marks of the runs before it, which are over; under its own name there can be only another of itself.
		if (standing.isRetry ? met.includes(this.executing()) : met.length > 0) standing.isLater = true;
		standing.wrote(written);
		const live = this.marks('live');
		// The mark of the run before is not to be written again: it goes when that settles.
		const lasting = written.filter((mark) => !live.includes(mark));
		standing.begun = standing.isLater ? [...lasting, ...this.marks('later')] : written;
		if (!isAgain) this.fresh.push(...written);
		this.isFirst ||= !isAgain;
		const hadSettled = async () =>
			(await this.wasSettled(live.filter((mark) => !found.has(mark)))) || (await this.settlesMeanwhile());
		this.hadSettled = isAgain && (await hadSettled().finally(() => this.end()));
		this.end();
	}

	private end(): void {
		this.learning = undefined;
		this.hasLearnt();
	}

	/**
	 * The run has settled.
	 *
	 * @returns marks that have served, and whether its acts may be taken out of the list, too: not where n8n can't write, nor
	 * where another run of the execution may look for them
	 */
	async settle(): Promise<{ served: string[]; mayGo: boolean }> {
		const later = this.marks('later');
		const look = await this.list.add([...this.marks('settled'), ...later]).catch(() => undefined);
		const mayGo = look !== undefined && !this.standing.isLater && !later.some((mark) => look.found.has(mark));
		return { served: [...later, ...(mayGo ? this.marks('live') : [])], mayGo };
	}

	/** With the last act that did not happen: the run has not begun. Its marks, to be taken out. */
	takeOut(acts: number): string[] {
		this.acts -= acts;
		if (this.acts > 0) return [];
		if (this.fresh.length > 0) this.hadSettled = undefined;
		this.standing.begun = [];
		return this.fresh.splice(0);
	}

	/**
	 * Whether the run had settled. To look is to write, so the mark is taken out again where it was not there: a process
	 * that dies between the two leaves acts unknown that did not happen, and repeats none that did. A later run is told of in
	 * the same write: the one before it may live, and settle.
	 *
	 * @param own marks that a later run lives, which it does without: those of the run before are looked for
	 */
	private async wasSettled(own: string[]): Promise<boolean> {
		const marks = this.marks('settled');
		const { isLater } = this.standing;
		const { found } = await this.list.add([...marks, ...(isLater ? this.marks('later') : [])]);
		if (found.size > 0 && marks.some((mark) => found.has(mark))) return true;
		await this.list.remove([...marks, ...(isLater ? own : [])]);
		return false;
	}

	/**
	 * Whether the run before settles at this very moment. It and this one may have read the list before the other's write, so
	 * that neither knows: by the next look it has taken its acts out, and with them that it lives.
	 */
	private async settlesMeanwhile(): Promise<boolean> {
		if (!this.standing.isLater) return false;
		await pause(waitOf(this.list), this.signal);
		const [run, live] = [this.marks('run'), this.marks('live')];
		const { found } = await this.list.add([...run, ...live, ...this.marks('later')]);
		return run.some((mark) => found.has(mark)) && !live.some((mark) => found.has(mark));
	}

	/** Under each of the execution's names. */
	private marks(what: 'run' | 'live' | 'settled' | 'later'): string[] {
		const { ids, name } = this.journal;
		return ids.map((id) => `${what}:${id}:${name}`);
	}

	private executing(): string {
		return `run:${this.journal.execution}:${this.journal.name}`;
	}
}
