import type { Resource } from '../../../shared/operation/types';
import { getBalance } from './getBalance';
import { purchase } from './purchase';
import { topUp } from './topUp';

export const credit: Resource = {
	option: { name: 'Credit', value: 'credit', description: 'The prepaid credit that pays for mailings' },
	operations: [purchase, getBalance, topUp],
	default: 'getBalance',
};
