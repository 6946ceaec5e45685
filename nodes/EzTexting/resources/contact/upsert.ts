import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { invalid, orNull } from '../../../shared/errors';
import { UnrecognisedReply } from '../../../shared/http/response';
import { LONGEST_NAME, plainText, wholeText } from '../../../shared/operation/bounds';
import { textField } from '../../../shared/operation/fields';
import type { ActOperation, ParameterReader } from '../../../shared/operation/types';
import { contactNumberIn, contactTextIn, saving } from '../../../shared/sms/contacts';
import type { Group } from '../../../shared/sms/groupFields';
import { createGroups, namedGroups, type NamedGroups } from '../../../shared/sms/groups';
import { CONTACTS, findContact, isFixedField, NOBODY, savedItem, type Contact } from '../../contact';
import { filled } from '../../../shared/values/filled';
import { assertGroupName, GROUP_BOOK, groupRequest, groupsField } from '../../group';
import { idIn } from '../../provider';
import { assertLength, tenOf, wireNumber } from '../../values';

interface Upsert {
	phoneNumber: string;
	/** What is empty was not given. */
	given: Record<string, string>;
	customFields: Record<string, string>;
	groups: string[];
	groupsToLeave: string[];
	createMissingGroups: boolean;
}

interface Resolved {
	join: NamedGroups;
	leave: Group[];
}

interface Kept extends IDataObject {
	/** What is written, and whether the person has opted out; in a dry run the whole of it. */
	contact: Pick<Contact, 'phoneNumber'> & Partial<Contact>;
	created: boolean;
	/** IDs; undefined where there are none, as for the next. */
	joined?: string[];
	left?: string[];
	/** In a dry run, those that would be created before it. */
	groupsToCreate?: string[];
}

/** How long a text may be. Source: EZ Texting, API reference, "Contacts". */
const LONGEST = { firstName: 20, lastName: 20, email: 254, note: 200 };
const LONGEST_FIXED_FIELD = 20;
/** No limit is known for those of the account; what is longer than this was not meant. */
const LONGEST_FIELD = 500;

const CUSTOM_FIELDS: INodeProperties = {
	displayName: 'Custom Fields',
	name: 'customFields',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add custom field',
	default: {},
	description: 'Fields that your account has beside the usual ones, by their names',
	options: [
		{
			displayName: 'Field',
			name: 'field',
			values: [
				textField('Name', 'name', {
					placeholder: 'e.g. Birthday',
					description:
						'Name of a custom field of your account, or custom1 to custom5 for the five fixed ones',
				}),
				textField('Value', 'value', {
					placeholder: 'e.g. 14 October',
					description: 'Up to 20 characters in a fixed field, up to 500 in the others',
				}),
			],
		},
	],
};

/**
 * Writes what is given, and nothing else; the number finds the contact. Source: EZ Texting, API reference, "Contacts".
 *
 * Not confirmed with a live account: that what is left out stays as it is; how long a custom field of the account may be,
 * and what becomes of a name that the account does not have.
 */
export const upsert: ActOperation<Upsert, Kept, string, Resolved> = {
	...saving(
		'Adds a person, customer or lead to the text list of EZ Texting, moves them into or out of a group; saves, syncs or changes their name and email.',
		groupsField,
		groupsField('groupsToLeave', 'Groups to Leave', 'Groups that the contact is taken out of'),
		CUSTOM_FIELDS,
	),

	parameters(read) {
		const given = Object.entries(LONGEST).map(([name, longest]): [string, string] => {
			const label = read.label(`additionalFields.${name}`);
			return [name, assertLength(contactTextIn(read, name), label, longest)];
		});
		return {
			phoneNumber: contactNumberIn(read),
			given: filled(Object.fromEntries(given)),
			customFields: customFieldsIn(read),
			groups: read.names('additionalFields.groups'),
			groupsToLeave: read.names('additionalFields.groupsToLeave'),
			createMissingGroups: read.boolean('options.createMissingGroups'),
		};
	},

	async resolve({ groups, groupsToLeave, createMissingGroups }, step) {
		const join = await namedGroups(groups, GROUP_BOOK, step, 'Groups', createMissingGroups);
		for (const name of join.missing) assertGroupName(name, 'Groups');
		const { known: leave } = await namedGroups(groupsToLeave, GROUP_BOOK, step, 'Groups to Leave');
		const both = join.known.find((group) => leave.includes(group));
		if (!both) return { join, leave };
		throw invalid('Groups to Leave', `names a group that the contact is to join: ${both.name}`);
	},
	lane: ({ phoneNumber }) => phoneNumber,
	keyFirst: (_parameters, { join }) => join.missing.length > 0,
	async keep({ phoneNumber, given, customFields }, step, { join: { known, missing }, leave }) {
		const before: Contact | undefined = step.redacted(await findContact(step, phoneNumber));
		const left = leave.map(({ name }) => name);
		const join = [
			...known,
			...(step.dryRun ? missing.map(toCome) : await createGroups(missing, GROUP_BOOK, step)),
		];
		const stays = (before?.groups ?? []).filter((name) => !left.includes(name));
		const groups = [...new Set([...stays, ...join.map(({ name }) => name)])];
		const fields = { ...before?.customFields, ...customFields };
		const optedOut = before?.optedOut;
		return {
			contact: {
				...(step.dryRun ? before : typeof optedOut === 'boolean' && { optedOut }),
				phoneNumber,
				...given,
				groups,
				customFields: fields,
			},
			created: before === undefined,
			...(join.length > 0 && { joined: join.map(({ groupId }) => groupId) }),
			...(leave.length > 0 && { left: leave.map(({ groupId }) => groupId) }),
			...(step.dryRun && { groupsToCreate: missing }),
		};
	},
	request: ({ joined, left, groupsToCreate = [] }, { phoneNumber, given, customFields }) => ({
		request: {
			method: 'POST',
			path: CONTACTS.path,
			json: {
				phoneNumber: wireNumber(phoneNumber),
				...given,
				...bodyOf(customFields),
				...(joined && { groupIdsAdd: joined }),
				...(left && { groupIdsRemove: left }),
			},
		},
		before: groupsToCreate.map((name) => groupRequest(name)),
		parse: (data) => savedIn(data, phoneNumber),
	}),
	foresee: ({ contact, created }) => savedItem(contact, created),
	async output({ contact, created }, _id, step) {
		// What the reply does not say, the account does; where it can't be asked, what was written is known.
		const saved = await orNull(findContact(step, contact.phoneNumber));
		return savedItem(saved ?? { ...NOBODY, ...contact }, created);
	},
};

/** The five fixed ones stand on their own, those of the account under `values`. */
function bodyOf(customFields: Record<string, string>): IDataObject {
	const fields = Object.entries(customFields);
	const values = fields.filter(([name]) => !isFixedField(name));
	return {
		...Object.fromEntries(fields.filter(([name]) => isFixedField(name))),
		...(values.length > 0 && { values: Object.fromEntries(values) }),
	};
}

/** A group that a dry run does not create. */
const toCome = (name: string): Group => ({
	groupId: `ID of the new group “${name}”`,
	name,
	note: null,
	contactCount: 0,
});

/** The ID of a contact is its number. @throws UnrecognisedReply where it is not that of this one */
function savedIn(data: unknown, phoneNumber: string): string {
	const id = idIn(data);
	if (tenOf(id) === phoneNumber || !/^1?\d{10}$/.test(id)) return id;
	throw new UnrecognisedReply('the reply names another contact');
}

/** @throws OperationError `invalid` */
function customFieldsIn(read: ParameterReader): Record<string, string> {
	const path = 'additionalFields.customFields';
	const value = read.value(path) as { field?: unknown };
	const entries = Array.isArray(value?.field) ? (value.field as IDataObject[]) : [];
	const label = read.label(path);
	const fields = entries.map(({ name, value: given }): [string, string] => [
		wholeText(plainText(name, label, LONGEST_NAME).trim(), label),
		// A box that is ticked in another service is what stands in such a field.
		wholeText(
			plainText(typeof given === 'boolean' ? String(given) : given, `${label}: ${String(name)}`).trim(),
			`${label}: ${String(name)}`,
		),
	]);
	if (fields.some(([name]) => name === ''))
		throw invalid(label, 'has a field without a name', 'Give its name.');
	for (const [name, given] of fields)
		assertLength(given, `Custom Fields: ${name}`, isFixedField(name) ? LONGEST_FIXED_FIELD : LONGEST_FIELD);
	return Object.fromEntries(fields.filter(([, given]) => given !== ''));
}
