import type { IDataObject } from 'n8n-workflow';
import type { ActOperation } from '../../../shared/operation/types';
import { groupIn, groupRequest, type Group } from '../../group';

/**
 * Source: Club Texting, REST API documentation, "Contact Groups", and the vendor's samples.
 *
 * Not confirmed with a live account: how long a name may be, and what happens to one that exists already. What the
 * provider refuses comes out as `refused`.
 */
export const create: ActOperation<{ name: string; note: string }, undefined, IDataObject, Group> = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create group',
		description: 'Create a contact group',
	},
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Honey lovers',
			description: 'How the group is called wherever its name is given',
		},
	],
	options: [
		{
			displayName: 'Note',
			name: 'note',
			type: 'string',
			default: '',
			placeholder: 'e.g. Joined at the fair',
			description: 'A remark on the group, for the account only',
		},
	],
	effect: 'changes',
	warning: 'This adds a group to your account.',
	deed: 'created the group',
	dryRunHelp: 'Whether to check the name and show what would be sent, without creating the group',
	parameters: (read) => ({ name: read.required('name'), note: read.text('options.note') }),

	request: (_found, { name, note }) => ({
		request: groupRequest(name, note),
		parse: groupIn,
	}),
	foresee: (_found, { name, note }) => ({ name, note: note || null }),
	output: (_found, group) => group!,
};
