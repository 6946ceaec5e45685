import type { Resource } from '../../../shared/operation/types';
import { create } from './create';
import { get } from './get';
import { getAll } from './getAll';

export const subaccount: Resource = {
	option: { name: 'Subaccount', value: 'subaccount', description: 'The accounts below the main account' },
	operations: [create, get, getAll],
	default: 'getAll',
};
