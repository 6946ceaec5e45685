import type { INodeProperties } from 'n8n-workflow';
import type { ParameterReader } from './types';

/** How many entries of a list come out. */
export const LIMIT_FIELDS: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** Infinity for all. @throws OperationError `invalid` */
export function limitIn(read: ParameterReader): number {
	return read.boolean('returnAll') ? Infinity : read.number('limit', { min: 1, decimals: 0, unit: 'result' });
}
