import { sleep, type ICheckProcessedOptions, type IExecuteFunctions } from 'n8n-workflow';
import { OperationError } from '../errors';

/** What one write to the list has shown. */
export interface Look {
	/** Of the entries that were asked for, those that stood there before. */
	found: Set<string>;
	/** When it began and ended, by performance.now(). */
	began: number;
	ended: number;
}

/** The list that n8n keeps in its database for one node of a saved workflow, hashes only. */
export interface DeduplicationList {
	/** Tells lists of this process apart. */
	readonly name: string;
	/** False for a workflow that was never saved: n8n keeps no list for it. */
	readonly exists: boolean;
	/**
	 * Adds entries, in one go, and with them what the latest keys of this process have left: a stalled write of another
	 * process may have erased them.
	 *
	 * @throws OperationError `notSent` when n8n can't write
	 */
	add(entries: string[]): Promise<Look>;
	/** What adding usually takes in this process, in ms: another process may take as long. */
	readonly usual: number;
	/** An entry that has to be found by whoever asks for it later. */
	keepAsking(entry: string): void;
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
/** So many of the latest adds tell what is usual, and so many keys are asked for again. */
const LATEST_ADDS = 9;
const LATEST_KEYS = 30;
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: KEPT };

/** What this process knows of a list. */
interface Known {
	/** What it is about to write. */
	waiting: Promise<unknown>;
	/** How long its latest adds took, in ms. */
	adds: number[];
	keys: string[];
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
		this.known = lists.get(this.name) ?? { waiting: Promise.resolve(), adds: [], keys: [] };
		lists.set(this.name, this.known);
	}

	get usual(): number {
		const { adds } = this.known;
		// Of two, the faster: one slow add alone is not usual.
		return [...adds].sort((a, b) => a - b)[Math.max(0, adds.length - 1) >> 1] ?? 0;
	}

	keepAsking(entry: string): void {
		const { known } = this;
		known.keys = [...known.keys.filter((other) => other !== entry), entry].slice(-LATEST_KEYS);
	}

	async add(entries: string[]): Promise<Look> {
		const { helpers } = this.context;
		try {
			return await this.inTurn(async () => {
				const all = [...new Set([...this.known.keys, ...entries])];
				const began = performance.now();
				const { processed } = await helpers.checkProcessedAndRecord(all, 'node', OPTIONS);
				const ended = performance.now();
				this.known.adds = [...this.known.adds, ended - began].slice(-LATEST_ADDS);
				return { found: new Set(processed.map(String)), began, ended };
			});
		} catch (error) {
			throw notWritten(error);
		}
	}

	async remove(entries: string[]): Promise<boolean> {
		const out = new Set(entries);
		this.known.keys = this.known.keys.filter((entry) => !out.has(entry));
		try {
			const { helpers } = this.context;
			await this.inTurn(async () => await helpers.removeProcessed([...out], 'node', OPTIONS));
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

	/** One after another within this process, since n8n reads and writes a node's list without a lock; tried three times. */
	private async inTurn<T>(write: () => Promise<T>): Promise<T> {
		const persistent = async (): Promise<T> => {
			for (const again of TRY_AGAIN_AFTER) {
				try {
					return await write();
				} catch {
					await sleep(again);
				}
			}
			return await write();
		};
		const mine = this.known.waiting.then(persistent, persistent);
		this.known.waiting = mine.catch(() => undefined);
		return await mine;
	}
}

function notWritten(error: unknown): OperationError {
	return new OperationError(
		'notSent',
		`n8n could not write down in its database what was about to be sent (${messageOf(error)})`,
		{ advice: 'Nothing was sent. Look at n8n’s log for its database, then run the workflow again.' },
	);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
