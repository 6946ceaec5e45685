import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { booleanField, textField } from '../operation/fields';
import type { Listed } from '../operation/lists';
import { counted } from '../values/text';

/** A contact group as items show it. */
export interface Group extends IDataObject {
	groupId: string;
	name: string;
	note: string | null;
	contactCount: number | null;
}

/** Makes an entry of a collection that takes groups: picked from those of the account, or from an expression. */
export type GroupsField = (name: string, displayName: string, description: string) => INodeProperties;

/** @param what an expression may give, such as names */
export const groupsFieldFor =
	(what: string): GroupsField =>
	(name, displayName, description) => ({
		displayName,
		name,
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getGroups' },
		default: [],
		// n8n's scanner wants the last sentence, which speaks of IDs.
		description: `${description}. An expression may give their ${what}, separated by commas or as a list. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
	});

/** The most groups that the editor lists. */
export const MOST_LISTED = 1000;

/** A group in the editor's list. */
export function groupOption({ value: { name, contactCount } }: Listed<Group>): INodePropertyOptions {
	const isKnown = contactCount !== null;
	return { name, value: name, ...(isKnown && { description: counted(contactCount, 'contacts') }) };
}

export const CREATE_MISSING_GROUPS = booleanField(
	'Create Missing Groups',
	'createMissingGroups',
	'Whether a group to join that the account does not have is created before the contact is saved. Otherwise the item is invalid.',
);

/** What every creation of a group is. @param longest how long name and note may be, as texts say it; empty where it is not known */
export function creating(longest = { name: '', note: '' }) {
	return {
		option: {
			name: 'Create',
			value: 'create',
			action: 'Create group',
			description: 'Create a contact group',
			hint: 'Makes or starts a new, empty one.',
		},
		fields: [
			textField('Name', 'name', {
				required: true,
				placeholder: 'e.g. Honey lovers',
				description: `What the group is called${longest.name}`,
			}),
		],
		options: [
			textField('Note', 'note', {
				placeholder: 'e.g. Joined at the fair',
				description: `A remark on the group, for the account only${longest.note}`,
			}),
		],
		effect: 'changes' as const,
		warning: 'This creates a group in your account.',
		deed: 'created the group',
		dryRunHelp: 'Whether to check the name and show what would be sent, without creating the group',
	};
}
