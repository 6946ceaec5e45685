import { choice } from '../shared/operation/fields';
import type { Resource } from '../shared/operation/types';
import { add } from './resources/credit/add';
import { getBalance } from './resources/credit/getBalance';
import { remove } from './resources/credit/remove';
import { topUp } from './resources/credit/topUp';
import { create } from './resources/subaccount/create';
import { get } from './resources/subaccount/get';
import { getAll } from './resources/subaccount/getAll';

const credit: Resource = {
	option: choice('Credit', 'credit', 'The prepaid credit of the account and its sub-accounts'),
	operations: [add, getBalance, remove, topUp],
	default: 'getBalance',
};

const subaccount: Resource = {
	option: choice('Subaccount', 'subaccount', 'The accounts below the main account'),
	operations: [create, get, getAll],
	default: 'getAll',
};

/** In the order of the editor's list. */
export const resources = [credit, subaccount];
