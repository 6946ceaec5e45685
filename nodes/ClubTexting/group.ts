import type { IDataObject, ILoadOptionsFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';
import { pause } from '../shared/values/time';
import { askInEditor, notListed } from '../shared/pipeline/askInEditor';
import type { HttpRequest } from '../shared/provider';
import type { GroupBook } from '../shared/sms/groups';
import { entriesOf, fresh, type Ask, type List } from './list';
import { clubTexting } from './provider';

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
		groupId: needed(textIn(entry.ID), 'ID'),
		name: needed(textIn(entry.Name), 'name'),
		note: textIn(entry.Note),
		contactCount: numberIn(entry.ContactCount),
	};
}

/** Source: Club Texting, REST API documentation, "Contact Groups", and the vendor's samples. */
export const GROUPS: List<Group> = {
	path: '/groups',
	entryIn: groupIn,
	idOf: ({ groupId }) => groupId,
};

/** The request that creates a group. Source: Club Texting, REST API documentation, "Contact Groups". */
export function groupRequest(name: string, note = ''): HttpRequest {
	return { method: 'POST', path: GROUPS.path, form: { Name: name, ...(note !== '' && { Note: note }) } };
}

/** The groups that a contact may join. */
export const GROUP_BOOK: GroupBook<Group> = {
	async all(asking) {
		const groups = await entriesOf(fresh(asking), GROUPS, {}, Infinity);
		return groups.map(({ value }) => value);
	},
	creating: (name) => groupRequest(name),
	createdIn: (data) => groupIn(data),
};

/** An entry of a collection that takes names of groups: picked from those of the account, or from an expression. */
export function groupsField(name: string, displayName: string, description: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getGroups' },
		default: [],
		// n8n's scanner wants the last sentence, which speaks of IDs.
		description: `${description}. An expression may give their names, separated by commas or as a list. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
	};
}

/** The most groups that the editor lists. */
const MOST = 1000;
/** Between two pages, so that no more than two requests a second leave. In ms. */
const PAUSE = 500;

/** Fills the list of groups in the editor. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	let asked = 0;
	const ask: Ask = async (request, parse) => {
		if (asked++ > 0) await pause(PAUSE);
		return await askInEditor(this, clubTexting, 'group.getAll', request, parse);
	};
	try {
		const groups = await entriesOf(ask, GROUPS, {}, MOST);
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
