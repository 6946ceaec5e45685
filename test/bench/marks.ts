import { createHash } from 'node:crypto';
import { Container } from '@n8n/di';
import type { IDataDeduplicator } from 'n8n-workflow';

/**
 * Marks that cost next to nothing, so that a run's figures are those of the package and of n8n's engine. What n8n's
 * own table costs is measured by itself.
 */
export function freeMarks(): IDataDeduplicator {
	const known = new Set<string>();
	return {
		async checkProcessedAndRecord(items) {
			const fresh = items.filter((item) => !known.has(String(item)));
			for (const item of fresh) known.add(String(item));
			return { new: fresh, processed: items.filter((item) => !fresh.includes(item)) };
		},
		async removeProcessed(items) {
			for (const item of items) known.delete(String(item));
		},
		async clearAllProcessedItems() {
			known.clear();
		},
		async getProcessedDataCount() {
			return known.size;
		},
	};
}

/** A hash as n8n's table keeps it. */
export function hashOf(text: string): string {
	return createHash('md5').update(text).digest('base64');
}

export interface Table {
	marks: IDataDeduplicator;
	/** Puts so many entries there for a node, as if it had written them down earlier. */
	fill(workflowId: string, nodeId: string, entries: number): Promise<void>;
	close(): Promise<void>;
}

interface Repository {
	upsert(row: object, key: string[]): Promise<unknown>;
}

interface Source {
	query(statement: string): Promise<unknown>;
	getRepository(name: string): Repository;
}

/**
 * n8n's own deduplication table, in its own SQLite database, written by n8n's own code.
 *
 * @param require finds n8n's packages; `DB_SQLITE_DATABASE` names the file
 */
export async function openTable(require: NodeJS.Require): Promise<Table> {
	const { DbConnection } = require('@n8n/db') as {
		DbConnection: new () => {
			dataSource: Source;
			init(): Promise<void>;
			migrate(): Promise<void>;
			close(): Promise<void>;
		};
	};
	const { DeduplicationHelper } = require('n8n/dist/deduplication/deduplication-helper.js') as {
		DeduplicationHelper: new () => IDataDeduplicator;
	};
	const connection = Container.get(DbConnection);
	await connection.init();
	await connection.migrate();
	await connection.dataSource.query('PRAGMA foreign_keys = OFF');
	const rows = connection.dataSource.getRepository('ProcessedData');
	return {
		marks: new DeduplicationHelper(),
		async fill(workflowId, nodeId, entries) {
			const data = Array.from({ length: entries }, (_, place) => hashOf(`earlier ${place}`));
			await rows.upsert({ workflowId, context: `n:${nodeId}`, value: { mode: 'entries', data } }, [
				'workflowId',
				'context',
			]);
		},
		close: async () => connection.close(),
	};
}
