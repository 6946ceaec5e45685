import { choice } from '../shared/operation/fields';
import type { Resource } from '../shared/operation/types';
import { coverJob } from './resources/credit/coverJob';
import { getBalance } from './resources/credit/getBalance';
import { purchase } from './resources/credit/purchase';
import { topUp } from './resources/credit/topUp';

const credit: Resource = {
	option: choice('Credit', 'credit', 'The prepaid credit that pays for mailings'),
	operations: [purchase, coverJob, getBalance, topUp],
	default: 'getBalance',
};

/** In the order of the editor's list. */
export const resources = [credit];
