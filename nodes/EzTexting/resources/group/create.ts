import type { ActOperation } from '../../../shared/operation/types';
import { assertGroupName, groupRequest, type Group } from '../../group';
import { idIn } from '../../provider';
import { assertLength } from '../../values';

/** How long a note may be. Source: EZ Texting, API reference, "Contact Groups". */
const LONGEST_NOTE = 500;

/** Not confirmed with a live account: what happens to a name that exists already. */
export const create: ActOperation<
	{ name: string; note: string },
	undefined,
	Omit<Group, 'groupId'>,
	string
> = {
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
			description: 'How the group is called wherever its name is given; up to 25 characters',
		},
	],
	options: [
		{
			displayName: 'Note',
			name: 'note',
			type: 'string',
			default: '',
			placeholder: 'e.g. Joined at the fair',
			description: 'A remark on the group, for the account only; up to 500 characters',
		},
	],
	effect: 'changes',
	warning: 'This adds a group to your account.',
	deed: 'created the group',
	dryRunHelp: 'Whether to check the name and show what would be sent, without creating the group',
	parameters: (read) => ({
		name: assertGroupName(read.required('name'), read.label('name')),
		note: assertLength(read.text('options.note'), read.label('options.note'), LONGEST_NOTE),
	}),

	keep: ({ name, note }) => ({ name, note: note === '' ? null : note, contactCount: 0 }),
	request: (_kept, { name, note }) => ({
		request: groupRequest(name, note),
		parse: idIn,
	}),
	foresee: (group) => group,
	output: ({ name, note, contactCount }, groupId) => ({ groupId: groupId!, name, note, contactCount }),
};
