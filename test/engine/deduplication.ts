import { createHash, randomUUID } from 'node:crypto';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

export interface DeduplicationStore extends IDataDeduplicator {
	/** Tells databases apart; the same in what is made of its text. */
	readonly id: string;
	/** Rows written so far: records, removals and clearings, as n8n would write them to its database. */
	readonly writes: number;
	/** Lets the next `calls` calls fail with `error` before they read or write anything. */
	failNext(error?: Error, calls?: number): void;
	/** Lets another process, which had read before, write over the next `removals`: what they took out is there again. */
	overwriteNext(removals: number): void;
	/** Lets another process, which had read before anything stood there, write over every list. */
	overwriteAll(): void;
	/** Every row: `[workflow id, context, md5 hashes]`. Empty context: workflow scope; `n:<node id>`: node scope. */
	rows(): Array<{ workflowId: string; context: string; hashes: string[] }>;
	/** The store as text, for `createDeduplicationStore(text)`: a database that outlives the process. */
	serialize(): string;
}

function contextOf(scope: DeduplicationScope, data: ICheckProcessedContextData): string {
	if (scope === 'workflow') return '';
	if (data.node === undefined) throw new Error("The scope 'node' needs a node");
	return `n:${data.node.id}`;
}

function hashOf(item: DeduplicationItemTypes): string {
	return createHash('md5').update(item.toString()).digest('base64');
}

function assertEntriesMode(options: ICheckProcessedOptions): void {
	if (options.mode !== 'entries') {
		throw new Error(`This store knows the deduplication mode 'entries' only, not '${options.mode}'`);
	}
}

interface Kept {
	id: string;
	rows: Array<[key: string, hashes: string[]]>;
}

/**
 * Stands in for the table behind n8n's deduplication helpers, mode `entries`: one row per workflow and context
 * with md5 hashes, oldest first. Reading and writing a row are two steps, as in n8n, so concurrent runs
 * can both see a value as new; with `maxEntries` the oldest hashes go.
 *
 * @param answersAtOnce for very many runs at a time, to none of which a busy process may look like a slow database
 */
export function createDeduplicationStore(serialized?: string, answersAtOnce = false): DeduplicationStore {
	const kept = serialized === undefined ? { id: randomUUID(), rows: [] } : (JSON.parse(serialized) as Kept);
	const table = new Map<string, string[]>(kept.rows);
	let writes = 0;
	let failures: Error[] = [];
	let overwritten = 0;

	const keyOf = (scope: DeduplicationScope, data: ICheckProcessedContextData): string => {
		// n8n refuses an unsaved workflow here, too.
		if (!data.workflow.id) throw new Error('Deduplication needs a saved workflow');
		return JSON.stringify([data.workflow.id, contextOf(scope, data)]);
	};
	// A database answers later, never in the same turn.
	const later = async (): Promise<void> => {
		if (!answersAtOnce) await new Promise((resolve) => setImmediate(resolve));
	};
	const answer = async (): Promise<void> => {
		await later();
		const failure = failures.shift();
		if (failure !== undefined) throw failure;
	};
	const save = async (key: string, hashes: string[] | undefined): Promise<void> => {
		await later();
		writes += 1;
		if (hashes === undefined) table.delete(key);
		else table.set(key, hashes);
	};
	const newest = (hashes: string[], maxEntries?: number): string[] =>
		maxEntries ? hashes.slice(-maxEntries) : hashes;

	return {
		id: kept.id,
		get writes() {
			return writes;
		},
		failNext(error = new Error('The deduplication table could not be reached'), calls = 1) {
			failures = [...failures, ...Array.from({ length: calls }, () => error)];
		},
		overwriteNext(removals) {
			overwritten = removals;
		},
		overwriteAll() {
			for (const key of table.keys()) table.set(key, []);
		},
		rows() {
			return [...table].map(([key, hashes]) => {
				const [workflowId, context] = JSON.parse(key) as [string, string];
				return { workflowId, context, hashes: [...hashes] };
			});
		},
		serialize: () => JSON.stringify({ id: kept.id, rows: [...table] } satisfies Kept),

		async checkProcessedAndRecord(items, scope, data, options): Promise<IDeduplicationOutput> {
			assertEntriesMode(options);
			const key = keyOf(scope, data);
			await answer();
			const row = table.get(key);
			if (row === undefined) {
				// Like n8n, a first call takes every item as new, repeated ones included.
				await save(key, newest(items.map(hashOf), options.maxEntries));
				return { new: items, processed: [] };
			}
			const hashes = [...row];
			const output: IDeduplicationOutput = { new: [], processed: [] };
			for (const item of items) {
				const hash = hashOf(item);
				if (hashes.includes(hash)) {
					output.processed.push(item);
				} else {
					output.new.push(item);
					hashes.push(hash);
				}
			}
			await save(key, newest(hashes, options.maxEntries));
			return output;
		},

		async removeProcessed(items, scope, data, options): Promise<void> {
			assertEntriesMode(options);
			const key = keyOf(scope, data);
			await answer();
			const row = table.get(key);
			if (row === undefined) return;
			const hashes = [...row];
			for (const item of items) {
				const index = hashes.indexOf(hashOf(item));
				if (index !== -1) hashes.splice(index, 1);
			}
			await save(key, hashes);
			if (overwritten === 0) return;
			overwritten -= 1;
			await save(key, row);
		},

		async clearAllProcessedItems(scope, data): Promise<void> {
			const key = keyOf(scope, data);
			await answer();
			await save(key, undefined);
		},

		async getProcessedDataCount(scope, data, options): Promise<number> {
			await answer();
			return options.mode === 'entries' ? (table.get(keyOf(scope, data))?.length ?? 0) : 0;
		},
	};
}
