import type { INodeProperties } from 'n8n-workflow';
import { booleanField, numberField } from './fields';
import type { ParameterReader } from './types';

/** How many entries of a list come out. */
export const LIMIT_FIELDS: INodeProperties[] = [
	booleanField('Return All', 'returnAll', 'Whether to return all results or only up to a given limit'),
	numberField('Limit', 'limit', 50, {
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	}),
];

/** Infinity for all. @throws OperationError `invalid` */
export function limitIn(read: ParameterReader): number {
	return read.boolean('returnAll') ? Infinity : read.number('limit', { min: 1, decimals: 0, unit: 'result' });
}
