import {
	sleep,
	type ICheckProcessedOptions,
	type IDeduplicationOutput,
	type IExecuteFunctions,
} from 'n8n-workflow';
import { OperationFailure } from './outcome';

/**
 * What n8n's database remembers of this node beyond one execution, through n8n's deduplication helpers: that an act
 * has left (a mark), and that an idempotency key has been used.
 *
 * n8n keeps one list for each node of a saved workflow and stores hashes only. It is bounded: beyond {@link KEPT}
 * entries the oldest go.
 */
export interface Marks {
	/**
	 * Writes an act down, and the idempotency keys that name it, in one go, before its request leaves.
	 *
	 * @param act the act's name in the journal
	 * @param keys may be empty
	 * @returns whether the act had been written down before (it may have happened), and which keys had been used
	 * @throws OperationFailure `notSent` when n8n can't write
	 */
	record(act: string, keys: string[]): Promise<{ actKnown: boolean; usedKeys: string[] }>;
	/**
	 * Writes used keys down once more. n8n's list has no lock: another process that read it before this act was recorded
	 * may have written it back without its keys.
	 */
	confirm(keys: string[]): Promise<void>;
	/** Gives the act and its keys back: it is certain that nothing happened. */
	release(act: string, keys: string[]): Promise<void>;
}

/** Some weeks of a busy node. n8n reads and writes the whole list each time, about 0.5 MB at this length. */
const KEPT = 20_000;
/** The id that n8n gives to a workflow it has not stored. */
const UNSAVED = '__EMPTY__';
/** Two processes that write a node's first entries at the same moment: n8n lets one of them fail. In ms. */
const WRITE_AGAIN_AFTER = [50, 200];
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: KEPT };

/**
 * Opens the marks of a node.
 *
 * @param journalId names the acts; see Journal.id
 */
export function openMarks(context: IExecuteFunctions, journalId: string): Marks {
	const markOf = (act: string) => `act:${journalId}:${act}`;
	const entryOf = (key: string) => `key:${key}`;
	const workflowIsSaved = !['', UNSAVED].includes(context.getWorkflow().id ?? '');
	const list = `${context.getWorkflow().id} ${context.getNode().id}`;
	return {
		async record(act, keys) {
			if (!workflowIsSaved) {
				if (keys.length === 0) return { actKnown: false, usedKeys: [] };
				throw new OperationFailure('notSent', 'An idempotency key can only be kept for a saved workflow', {
					advice: 'Save the workflow and run it again.',
				});
			}
			const { processed } = await inTurn(list, async () =>
				written(context, [markOf(act), ...keys.map(entryOf)]),
			);
			const actKnown = processed.includes(markOf(act));
			return { actKnown, usedKeys: keys.filter((key) => processed.includes(entryOf(key))) };
		},
		async confirm(keys) {
			if (!workflowIsSaved || keys.length === 0) return;
			try {
				await inTurn(list, async () => written(context, keys.map(entryOf)));
			} catch {
				// They have been written once; this was to make sure.
			}
		},
		async release(act, keys) {
			if (!workflowIsSaved) return;
			try {
				const entries = [markOf(act), ...keys.map(entryOf)];
				await inTurn(list, async () => await context.helpers.removeProcessed(entries, 'node', OPTIONS));
			} catch (error) {
				// The act stays marked, which errs on the safe side: it is taken for one that may have happened.
				context.logger.warn('A mark of an act that did not happen could not be taken back', {
					reason: error instanceof Error ? error.message : String(error),
				});
			}
		},
	};
}

/** What this process is about to write, by list. */
const waiting = new Map<string, Promise<unknown>>();

/** One after another within this process, since n8n reads and writes a node's list without a lock. */
async function inTurn<T>(list: string, write: () => Promise<T>): Promise<T> {
	const before = waiting.get(list) ?? Promise.resolve();
	const mine = before.then(write, write);
	waiting.set(list, mine);
	try {
		return await mine;
	} finally {
		if (waiting.get(list) === mine) waiting.delete(list);
	}
}

async function written(context: IExecuteFunctions, entries: string[]): Promise<IDeduplicationOutput> {
	const write = async () => await context.helpers.checkProcessedAndRecord(entries, 'node', OPTIONS);
	for (const again of WRITE_AGAIN_AFTER) {
		try {
			return await write();
		} catch {
			await sleep(again);
		}
	}
	try {
		return await write();
	} catch (error) {
		throw notWritten(error);
	}
}

function notWritten(reason: unknown): OperationFailure {
	const why = reason instanceof Error ? ` (${reason.message})` : '';
	return new OperationFailure(
		'notSent',
		`n8n could not write down in its database what was about to be sent${why}`,
		{ advice: 'Nothing was sent. Look at n8n’s log for its database, then run the workflow again.' },
	);
}
