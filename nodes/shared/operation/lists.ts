import type { INodeProperties } from 'n8n-workflow';
import type { Asking } from './acts';
import { booleanField, collectionField, numberField } from './fields';
import type { ParameterReader } from './types';

/** Asks one question. */
export type Ask = Asking['read'];

/** Asks anew each time. */
export const fresh =
	(asking: Asking): Ask =>
	async (request, parse) =>
		await asking.read(request, parse);

/** Asks each question once for all items of a run. */
export const shared =
	(asking: Asking): Ask =>
	async (request, parse) =>
		await asking.readOnce(JSON.stringify(request), async () => await asking.read(request, parse));

/** A list that a provider gives page by page. */
export interface List<T> {
	path: string;
	/** @throws UnrecognisedReply for what is no entry of this list */
	entryIn: (entry: unknown) => T;
	idOf: (value: T) => string;
}

/** An entry of a list, read and as it came. */
export interface Listed<T> {
	value: T;
	entry: unknown;
}

/** How many entries of a list come out. */
export const LIMIT_FIELDS: INodeProperties[] = [
	booleanField('Return All', 'returnAll', 'Whether to return all results or only up to a given limit'),
	numberField('Limit', 'limit', 50, {
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	}),
];

/** The same, and which of them. */
export function listFields(...filters: INodeProperties[]): INodeProperties[] {
	const which = collectionField('Filters', 'filters', { placeholder: 'Add filter', options: filters });
	return [...LIMIT_FIELDS, which];
}

/** Infinity for all. @throws OperationError `invalid` */
export function limitIn(read: ParameterReader): number {
	return read.boolean('returnAll')
		? Infinity
		: read.number('limit', { min: 1, decimals: 0, unit: 'results' });
}
