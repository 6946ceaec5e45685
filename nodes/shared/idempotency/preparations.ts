import { createHash, randomUUID } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { madeOnce } from '../values/maps';
import type { Journal } from './journal';
import type { Page, Pages } from './journalFormat';

/** What tries of an item have prepared for its act, which costs nothing. */
export const preparedOf = ({ w = {} }: Page, item: number): IDataObject => w[item] ?? {};

/** @param prepared undefined once the item is done */
export function prepare(page: Page, item: number, prepared: IDataObject | undefined): void {
	if (prepared) (page.w ??= {})[item] = prepared;
	else delete page.w?.[item];
}

/** To be called by each try, also by one that comes to prepare nothing: what the others prepare is named by it. */
export function beginPreparing(record: Pages): void {
	// Not by the number of the execution: n8n may begin to count anew.
	record.seed ??= randomUUID().slice(0, 8);
}

/** What `tagFor` gives, wherever it stands. */
export const TAG = /\bn8n-[0-9a-f]{16}\b/;

/** A name for what is prepared: the same in each retry, whatever became of the others, and nowhere else. */
export function tagFor({ record, name }: Journal, item: number, content: string): string {
	const place = JSON.stringify([record.seed, name, item, content]);
	return `n8n-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`;
}

const made = new WeakMap<object, Set<string>>();

/**
 * Whether an execution is given this for the first time: what was made for one item is not another's.
 *
 * @param record of the execution
 */
export function isGivenFirst(record: object, name: string): boolean {
	const known = madeOnce(made, record, () => new Set());
	return known.size < known.add(name).size;
}
