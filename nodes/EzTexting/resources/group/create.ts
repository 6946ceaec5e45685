import type { ActOperation } from '../../../shared/operation/types';
import { creating, type Group } from '../../../shared/sms/groupFields';
import { assertGroupName, groupRequest } from '../../group';
import { idIn } from '../../provider';
import { assertLength } from '../../values';

/** How long a note may be. Source: EZ Texting, API reference, "Contact Groups". */
const LONGEST_NOTE = 500;

/** Not confirmed with a live account: what happens to a name that exists already. */
export const create: ActOperation<{ name: string; note: string }, Omit<Group, 'groupId'>, string> = {
	...creating({ name: '; up to 25 characters', note: '; up to 500 characters' }),
	parameters: (read) => ({
		name: assertGroupName(read.required('name'), read.label('name')),
		note: assertLength(read.text('options.note'), read.label('options.note'), LONGEST_NOTE),
	}),

	keep: ({ name, note }) => ({ name, note: note === '' ? null : note, contactCount: 0 }),
	request: (_kept, { name, note }) => ({ request: groupRequest(name, note), parse: idIn }),
	foresee: (group) => group,
	output: ({ name, note, contactCount }, groupId) => ({ groupId: groupId!, name, note, contactCount }),
};
