import { sleep, type ICheckProcessedOptions, type IExecuteFunctions } from 'n8n-workflow';
import { OperationError } from '../errors';

/** The list that n8n keeps in its database for one node of a saved workflow, hashes only. */
export interface DeduplicationList {
	/** False for a workflow that was never saved: n8n keeps no list for it. */
	readonly exists: boolean;
	/**
	 * Adds entries, in one go.
	 *
	 * @returns those that stood there before
	 * @throws OperationError `notSent` when n8n can't write
	 */
	add(entries: string[]): Promise<Set<string>>;
	/** How long the slowest look of this process at the list took lately, in ms: another process may take as long. */
	readonly slowest: number;
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
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: KEPT };

export function openDeduplicationList(context: IExecuteFunctions): DeduplicationList {
	const { id } = context.getWorkflow();
	const list = `${id} ${context.getNode().id}`;
	const { helpers } = context;
	return {
		get slowest() {
			const recent = (looks.get(list) ?? []).filter(({ at }) => performance.now() - at < RECENT);
			looks.set(list, recent);
			return Math.max(0, ...recent.map(({ ms }) => ms));
		},
		exists: !['', UNSAVED].includes(id ?? ''),
		async add(entries) {
			try {
				const { processed } = await inTurn(list, async () => {
					const started = performance.now();
					const output = await helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
					const look = { at: started, ms: performance.now() - started };
					looks.set(list, [...(looks.get(list) ?? []).slice(-MOST_LOOKS), look]);
					return output;
				});
				return new Set(processed.map(String));
			} catch (error) {
				throw notWritten(error);
			}
		},
		async remove(entries) {
			try {
				await inTurn(list, async () => await helpers.removeProcessed(entries, 'node', OPTIONS));
				return true;
			} catch (error) {
				context.logger.warn('A mark of an act could not be taken back', {
					reason: messageOf(error),
				});
				return false;
			}
		},
		async clear(entries) {
			// What was written before these has fallen out.
			const kept = entries.slice(-KEPT);
			for (let at = 0; at < kept.length; at += AT_A_TIME) {
				if (!(await this.remove(kept.slice(at, at + AT_A_TIME)))) return;
			}
		},
	};
}

/** How long this process's latest looks at a list took, in ms. */
const looks = new Map<string, Array<{ at: number; ms: number }>>();
/** What a look took is worth remembering, in ms, and of how many. */
const RECENT = 30_000;
const MOST_LOOKS = 50;

/** What this process is about to write, by list. */
const waiting = new Map<string, Promise<unknown>>();

/** One after another within this process, since n8n reads and writes a node's list without a lock; tried three times. */
async function inTurn<T>(list: string, write: () => Promise<T>): Promise<T> {
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
	const before = waiting.get(list) ?? Promise.resolve();
	const mine = before.then(persistent, persistent);
	waiting.set(list, mine);
	try {
		return await mine;
	} finally {
		if (waiting.get(list) === mine) waiting.delete(list);
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
