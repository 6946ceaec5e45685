import type { Resource } from '../../../shared/operation/types';
import { buy } from './buy';
import { getBalance } from './getBalance';
import { topUp } from './topUp';

export const credit: Resource = {
	option: { name: 'Credit', value: 'credit', description: 'The credits that pay for messages' },
	operations: [buy, getBalance, topUp],
	default: 'getBalance',
};
