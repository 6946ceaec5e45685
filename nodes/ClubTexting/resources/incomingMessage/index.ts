import type { Resource } from '../../../shared/operation/types';
import { deleteIncomingMessage } from './delete';
import { getAll } from './getAll';

export const incomingMessage: Resource = {
	option: {
		name: 'Incoming Message',
		value: 'incomingMessage',
		description: 'What people have texted to the account',
	},
	operations: [deleteIncomingMessage, getAll],
	default: 'getAll',
};
