import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';
import type { Ask, List } from '../shared/operation/lists';
import { askInEditor, listedOrReason } from '../shared/pipeline/askInEditor';
import type { HttpRequest } from '../shared/provider';
import type { GroupBook } from '../shared/sms/groups';
import { groupOption, groupsFieldFor, MOST_LISTED, type Group } from '../shared/sms/groupFields';
import { filled } from '../shared/values/filled';
import { entriesOf } from './list';
import { ezTexting, idIn } from './provider';
import { assertLength } from './values';

/** @throws UnrecognisedReply without an ID or a name */
function groupIn(data: unknown): Group {
	const entry = objectIn(data);
	return {
		groupId: needed(textIn(entry.id), 'ID of a group'),
		name: needed(textIn(entry.name), 'name of a group'),
		note: textIn(entry.note),
		contactCount: numberIn(entry.contactsCount),
	};
}

/** Source: EZ Texting, API reference, "Contact Groups". */
const GROUPS: List<Group> = {
	path: '/contact-groups',
	entryIn: groupIn,
	idOf: ({ groupId }) => groupId,
};

/** How long a name may be. Source: EZ Texting, API reference, "Contact Groups". */
const LONGEST_NAME = 25;

/** A name for a new group. @throws OperationError `invalid` */
export function assertGroupName(name: string, field: string): string {
	return assertLength(name, field, LONGEST_NAME);
}

/** The request that creates a group. Source: EZ Texting, API reference, "Contact Groups". */
export function groupRequest(name: string, note = ''): HttpRequest {
	return { method: 'POST', path: GROUPS.path, json: filled({ name, note }) };
}

/** Groups of the account, by name or ID. */
export const GROUP_BOOK: GroupBook = {
	listed: async (ask, limit) => await entriesOf(ask, GROUPS, { limit }),
	takesIds: true,
	creating: groupRequest,
	createdIn: (data, name) => ({ groupId: idIn(data), name, note: null, contactCount: 0 }),
};

export const groupsField = groupsFieldFor('names or IDs');

/** Fills the list of groups in the editor. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const ask: Ask = async (request, parse) =>
		await askInEditor(this, ezTexting, 'group.getAll', request, parse);
	return await listedOrReason(this, 'groups', async () => {
		const listed = await GROUP_BOOK.listed(ask, MOST_LISTED);
		const isAlone = (name: string) => listed.filter(({ value }) => value.name === name).length === 1;
		return listed.map((each) => {
			const { groupId, name } = each.value;
			const option = groupOption(each);
			// A name alone would not tell which of them is meant.
			return isAlone(name) ? option : { ...option, name: `${name} (${groupId})`, value: groupId };
		});
	});
}
