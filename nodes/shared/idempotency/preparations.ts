import type { IDataObject } from 'n8n-workflow';
import type { Page } from './journalFormat';

/** What tries of an item have prepared for its act, which costs nothing. */
export const preparedOf = ({ w = {} }: Page, item: number): IDataObject => w[item] ?? {};

/** @param prepared undefined once the item is done */
export function prepare(page: Page, item: number, prepared: IDataObject | undefined): void {
	if (prepared) (page.w ??= {})[item] = prepared;
	else delete page.w?.[item];
}

const made = new WeakMap<object, Set<string>>();

/**
 * Whether an execution is given this for the first time: what was made for one item is not another's.
 *
 * @param record of the execution
 */
export function isGivenFirst(record: object, name: string): boolean {
	const known = made.get(record) ?? new Set();
	made.set(record, known);
	return known.size < known.add(name).size;
}
