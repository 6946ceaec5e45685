import type { IDataObject, ILoadOptionsFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';
import { askInEditor, notListed } from '../shared/pipeline/askInEditor';
import type { HttpRequest } from '../shared/provider';
import type { GroupBook } from '../shared/sms/groups';
import { entriesOf, fresh, type Ask, type List } from './list';
import { ezTexting, idIn } from './provider';
import { assertLength } from './values';

/** A contact group as items show it. */
export interface Group extends IDataObject {
	groupId: string;
	name: string;
	note: string | null;
	contactCount: number | null;
}

/** @throws UnrecognisedReply without an ID or a name */
export function groupIn(data: unknown): Group {
	const entry = objectIn(data);
	return {
		groupId: needed(textIn(entry.id), 'ID of a group'),
		name: needed(textIn(entry.name), 'name of a group'),
		note: textIn(entry.note),
		contactCount: numberIn(entry.contactsCount),
	};
}

/** Source: EZ Texting, API reference, "Contact Groups". */
export const GROUPS: List<Group> = {
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
	return { method: 'POST', path: GROUPS.path, json: { name, ...(note !== '' && { note }) } };
}

/** Groups of the account, by name or ID. */
export const GROUP_BOOK: GroupBook<Group> = {
	async all(asking) {
		const groups = await entriesOf(fresh(asking), GROUPS, { limit: Infinity });
		return groups.map(({ value }) => value);
	},
	hasId: ({ groupId }, given) => groupId === given,
	creating: (name) => groupRequest(name),
	createdIn: (data, name) => ({ groupId: idIn(data), name, note: null, contactCount: 0 }),
};

/** An entry of a collection that takes groups: picked from those of the account, or from an expression. */
export function groupsField(name: string, displayName: string, description: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getGroups' },
		default: [],
		// n8n's scanner wants the last sentence, which speaks of IDs.
		description: `${description}. An expression may give their names or IDs, separated by commas or as a list. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
	};
}

/** The most groups that the editor lists. */
const MOST = 1000;

/** Fills the list of groups in the editor. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const ask: Ask = async (request, parse) =>
		await askInEditor(this, ezTexting, 'group.getAll', request, parse);
	try {
		const groups = await entriesOf(ask, GROUPS, { limit: MOST });
		return groups.map(({ value: { name, contactCount } }) => ({
			name,
			value: name,
			...(contactCount !== null && {
				description: `${contactCount} ${contactCount === 1 ? 'contact' : 'contacts'}`,
			}),
		}));
	} catch (error) {
		throw notListed(this, 'groups', error);
	}
}
