import { sleep, type ICheckProcessedOptions, type IExecuteFunctions } from 'n8n-workflow';
import { messageOf, notSent, type OperationError } from '../errors';
import { madeOnce } from '../values/maps';
import { Turns } from '../values/turns';
import { KeptEntries, SOONEST } from './keptEntries';
import { Stalls } from './stalls';

/** What one write to the list has shown. */
export interface Look {
	/** Of the entries that were asked for, those that stood there before. */
	found: Set<string>;
	/** When it began and ended, by performance.now(). */
	began: number;
	ended: number;
	/** An earlier try of this write has failed, and n8n may have kept it: what was found may be its own. */
	isUnclear: boolean;
}

/** The list that n8n keeps in its database for one node of a saved workflow, hashes only. */
export interface DeduplicationList {
	/** Tells lists of this process apart. */
	readonly name: string;
	/** False for a workflow that was never saved: n8n keeps no list for it. */
	readonly exists: boolean;
	/**
	 * Adds entries, in one go, and with them what this process has won lately: a stalled write of another process may have
	 * erased it.
	 *
	 * @param fresh those that this write alone may tell to be new: where it fails and is kept all the same, n8n's list is
	 *   counted to know it
	 * @throws OperationError `notSent` when n8n can't write
	 */
	add(entries: string[], fresh?: string[]): Promise<Look>;
	/** What adding usually takes in this process, in ms: another process may take as long. */
	readonly usual: number;
	readonly stalls: Stalls;
	/** An entry was won: it has to be found by whoever asks for it later, and others beside it until they are taken out. */
	keep(entry: string, beside?: string[]): void;
	/** Takes entries out, in one go. False when n8n could not. */
	remove(entries: string[]): Promise<boolean>;
	/** Takes out what is of no more use, in several goes, as far as n8n can. */
	clear(entries: string[]): Promise<void>;
}

/** Some weeks of a busy node. n8n reads and writes the whole list each time, about 0.5 MB at this length. */
const KEPT = 20_000;
/** n8n looks for each entry that is taken out through the whole list, without a pause: 0.3 ms at this length. */
const AT_A_TIME = 100;
/** The id that n8n gives to a workflow it has not stored. */
const UNSAVED = '__EMPTY__';
/** Two processes that write a node's first entries at the same moment: n8n lets one of them fail. In ms. */
const TRY_AGAIN_AFTER = [50, 200];
/** So many of the latest adds tell what is usual. */
const LATEST_ADDS = 9;
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: KEPT };
/** A write that is counted pushes nothing out, which the next one does. */
const COUNTED: ICheckProcessedOptions = { mode: 'entries', maxEntries: KEPT + 1000 };

/** What this process knows of a list. */
interface Known {
	/** n8n reads and writes a node's list without a lock: this process writes one thing after another. */
	writes: Turns;
	/** How long its latest adds took, in ms. */
	adds: number[];
	stalls: Stalls;
	kept: KeptEntries;
	/** Whether it sees to it that what was won is asked for again. */
	isKeeping: boolean;
}

const lists = new Map<string, Known>();

export function openDeduplicationList(context: IExecuteFunctions): DeduplicationList {
	return new NodeList(context);
}

class NodeList implements DeduplicationList {
	readonly name: string;
	readonly exists: boolean;
	private readonly known: Known;

	constructor(private readonly context: IExecuteFunctions) {
		const { id } = context.getWorkflow();
		this.name = `${id} ${context.getNode().id}`;
		this.exists = !['', UNSAVED].includes(id ?? '');
		this.known = madeOnce(lists, this.name, () => ({
			writes: new Turns(),
			adds: [],
			stalls: new Stalls(),
			kept: new KeptEntries(),
			isKeeping: false,
		}));
	}

	get usual(): number {
		const { adds } = this.known;
		// Of two, the faster: one slow add alone is not usual.
		return [...adds].sort((a, b) => a - b)[Math.max(0, adds.length - 1) >> 1] ?? 0;
	}

	get stalls(): Stalls {
		return this.known.stalls;
	}

	keep(entry: string, beside: string[] = []): void {
		const { known } = this;
		known.kept.add(entry, beside);
		if (known.isKeeping) return;
		known.isKeeping = true;
		void this.askAgain().finally(() => (known.isKeeping = false));
	}

	async add(entries: string[], fresh: string[] = []): Promise<Look> {
		const { kept } = this.known;
		return await this.known.writes.take(async () => {
			const isCounted = fresh.length > 0;
			const all = isCounted ? entries : [...new Set([...kept.entries, ...entries])];
			let before: number | undefined;
			const { result, ...times } = await this.persistently(
				async () => {
					if (isCounted) before ??= await this.count();
					return await this.record(all, isCounted ? COUNTED : OPTIONS);
				},
				async () => {
					const isKept = before !== undefined && (await this.count()) === before + fresh.length;
					return isKept ? new Set(entries.filter((entry) => !fresh.includes(entry))) : undefined;
				},
			);
			// What this process has won stands in any case, or will again.
			for (const entry of entries) if (kept.has(entry)) result.add(entry);
			if (!isCounted) kept.written(times.began);
			this.known.adds = [...this.known.adds, times.ended - times.began].slice(-LATEST_ADDS);
			return { found: result, ...times };
		});
	}

	async remove(entries: string[]): Promise<boolean> {
		const out = this.known.kept.withoutThese(entries);
		try {
			const { helpers } = this.context;
			await this.known.writes.take(
				async () =>
					await this.persistently(async () => await helpers.removeProcessed([...out], 'node', OPTIONS)),
			);
			return true;
		} catch (error) {
			this.context.logger.warn('A mark of an act could not be taken back', { reason: messageOf(error) });
			return false;
		}
	}

	async clear(entries: string[]): Promise<void> {
		// What was written before these has fallen out.
		const kept = entries.slice(-KEPT);
		for (let at = 0; at < kept.length; at += AT_A_TIME) {
			if (!(await this.remove(kept.slice(at, at + AT_A_TIME)))) return;
		}
	}

	private async askAgain(): Promise<void> {
		const { kept } = this.known;
		for (let due = kept.due; due !== undefined; due = kept.due) {
			const now = performance.now();
			if (due > now) {
				// By then another write may have asked for it, and what is won meanwhile may be due sooner.
				await sleep(Math.min(due - now, SOONEST));
				continue;
			}
			const out = kept.takeOut();
			if (out.length > 0) await this.remove(out);
			else await this.add([]).catch(() => kept.written(now));
		}
	}

	private async record(entries: string[], options: ICheckProcessedOptions): Promise<Set<string>> {
		const { processed } = await this.context.helpers.checkProcessedAndRecord(entries, 'node', options);
		return new Set(processed.map(String));
	}

	/** How many entries stand in the list. */
	private async count(): Promise<number> {
		return await this.context.helpers.getProcessedDataCount('node', OPTIONS);
	}

	/**
	 * Writes, in up to three tries.
	 *
	 * @param keptOf what a try that has failed has come to, where it is certain that n8n has kept it
	 */
	private async persistently<T>(
		write: () => Promise<T>,
		keptOf?: () => Promise<T | undefined>,
	): Promise<{ result: T } & Pick<Look, 'began' | 'ended' | 'isUnclear'>> {
		for (let tries = 0; ; tries++) {
			const began = performance.now();
			const timesOf = () => {
				const ended = performance.now();
				this.known.stalls.add(began, ended);
				return { began, ended, isUnclear: tries > 0 };
			};
			try {
				const result = await write();
				return { result, ...timesOf() };
			} catch (error) {
				const times = timesOf();
				const again = TRY_AGAIN_AFTER[tries];
				await sleep(again ?? 0);
				const result = await keptOf?.().catch(() => undefined);
				if (result !== undefined) return { result, ...times, isUnclear: false };
				if (again === undefined) throw notWritten(error);
			}
		}
	}
}

function notWritten(error: unknown): OperationError {
	return notSent(
		`n8n could not write down in its database what was about to be sent (${messageOf(error)})`,
		'Nothing was sent. Look at n8n’s log for its database, then run the workflow again.',
	);
}
