import type { Resource } from '../../../shared/operation/types';
import { add } from './add';
import { getBalance } from './getBalance';
import { remove } from './remove';
import { topUp } from './topUp';

export const credit: Resource = {
	option: {
		name: 'Credit',
		value: 'credit',
		description: 'The prepaid credit of the account and its sub-accounts',
	},
	operations: [add, getBalance, remove, topUp],
	default: 'getBalance',
};
