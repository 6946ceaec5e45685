import type { Resource } from '../../../shared/operation/types';
import { create } from './create';
import { getAll } from './getAll';

export const group: Resource = {
	option: { name: 'Group', value: 'group', description: 'Contacts under a common name' },
	operations: [create, getAll],
	default: 'getAll',
};
