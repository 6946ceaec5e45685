import type { Resource } from '../../../shared/operation/types';
import { deleteContact } from './delete';
import { getAll } from './getAll';
import { optOut } from './optOut';
import { upsert } from './upsert';

export const contact: Resource = {
	option: { name: 'Contact', value: 'contact', description: 'The people of the account, by phone number' },
	operations: [upsert, deleteContact, getAll, optOut],
	default: 'upsert',
};
