import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { orNull } from '../shared/errors';
import { needed, numberIn, objectIn, textIn, UnrecognisedReply } from '../shared/http/response';
import type { Asking } from '../shared/operation/acts';
import type { Ask, List } from '../shared/operation/lists';
import { filled } from '../shared/values/filled';
import { pause } from '../shared/values/time';
import { askInEditor, listedOrReason } from '../shared/pipeline/askInEditor';
import type { HttpRequest } from '../shared/provider';
import { allGroups, isSameGroup, namedGroups, type GroupBook } from '../shared/sms/groups';
import { groupOption, groupsFieldFor, MOST_LISTED, type Group } from '../shared/sms/groupFields';
import { entriesOf } from './list';
import { clubTexting } from './provider';

/** @throws UnrecognisedReply without an ID or a name */
export function groupIn(data: unknown): Group {
	const entry = objectIn(data);
	return {
		groupId: needed(textIn(entry.ID), 'ID'),
		name: needed(textIn(entry.Name), 'name'),
		note: textIn(entry.Note),
		contactCount: numberIn(entry.ContactCount),
	};
}

/** Source: Club Texting, REST API documentation, "Contact Groups", and the vendor's samples. */
const GROUPS: List<Group> = {
	path: '/groups',
	entryIn: groupIn,
	idOf: ({ groupId }) => groupId,
};

/** The request that creates a group. Source: Club Texting, REST API documentation, "Contact Groups". */
export function groupRequest(name: string, note = ''): HttpRequest {
	return { method: 'POST', path: GROUPS.path, form: filled({ Name: name, Note: note }) };
}

/** @throws UnrecognisedReply for a group of another name */
export function createdIn(data: unknown, name: string): Group {
	const group = groupIn(data);
	if (isSameGroup(group.name, name)) return group;
	throw new UnrecognisedReply('the reply is about another group');
}

/** The groups that a contact may join. */
export const GROUP_BOOK: GroupBook = {
	listed: async (ask, limit) => await entriesOf(ask, GROUPS, {}, limit),
	creating: groupRequest,
	createdIn,
};

export const groupsField = groupsFieldFor('names');

/**
 * The names of groups as the account has them. Where its list can't be read, or has none, they stay as they are: Club
 * Texting refuses a group that it does not know.
 *
 * @param field its label
 * @throws OperationError `invalid` for one that the account does not have
 */
export async function groupNames(given: string[], asking: Asking, field: string): Promise<string[]> {
	if (given.length === 0) return given;
	const all = await asking.readOnce('groups, if they can be read', async () => {
		return await orNull(allGroups(GROUP_BOOK, asking));
	});
	if (!all?.length) return given;
	const { known } = await namedGroups(given, GROUP_BOOK, asking, field);
	return known.map(({ name }) => name);
}

/** Between two pages, so that no more than two requests a second leave. In ms. */
const PAUSE = 500;

/** Fills the list of groups in the editor. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	let asked = 0;
	const ask: Ask = async (request, parse) => {
		if (asked++ > 0) await pause(PAUSE);
		return await askInEditor(this, clubTexting, 'group.getAll', request, parse);
	};
	const list = async () => (await GROUP_BOOK.listed(ask, MOST_LISTED)).map(groupOption);
	return await listedOrReason(this, 'groups', list);
}
