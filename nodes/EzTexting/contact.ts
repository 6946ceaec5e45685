import type { IDataObject } from 'n8n-workflow';
import { orElse } from '../shared/errors';
import { booleanIn, needed, objectIn, textIn, UnrecognisedReply } from '../shared/http/response';
import type { List } from '../shared/operation/lists';
import type { Step } from '../shared/operation/types';
import { unknownContact } from '../shared/sms/contacts';
import { isNotFound } from './provider';
import { isoIn, tenOf, wireNumber } from './values';

/** A contact as items show it. */
export type Contact = ReturnType<typeof contactIn>;

/** @throws UnrecognisedReply without a number */
export function contactIn(data: unknown) {
	const entry = objectIn(data);
	const groups = Array.isArray(entry.groups) ? entry.groups.map((group) => textIn(objectIn(group).name)) : [];
	return {
		/** Ten digits. */
		phoneNumber: tenOf(needed(textIn(entry.phoneNumber), 'phone number')),
		firstName: textIn(entry.firstName),
		lastName: textIn(entry.lastName),
		email: textIn(entry.email),
		note: textIn(entry.note),
		source: textIn(entry.source),
		/** Null where the reply does not say. */
		optedOut: booleanIn(entry.optOut),
		/** ISO 8601. */
		createdAt: isoIn(entry.createdAt),
		/** Names. */
		groups: groups.filter((name) => name !== null),
		customFields: customFieldsIn(entry),
	};
}

/** The five fixed custom fields: a contact has them beside its name, and not among those of the account. */
export function isFixedField(name: string): boolean {
	return /^custom[1-5]$/.test(name);
}

/** Those of the account by name, and the five fixed ones, where they are set. */
function customFieldsIn(entry: Record<string, unknown>): IDataObject {
	const old = Object.entries(entry).filter(([name]) => isFixedField(name));
	const fields = [...old, ...Object.entries(objectIn(entry.values))];
	return Object.fromEntries(
		fields.map(([name, value]) => [name, textIn(value)]).filter(([, value]) => value !== null),
	) as IDataObject;
}

/** Source: EZ Texting, API reference, "Contacts". */
export const CONTACTS: List<Contact> = {
	path: '/contacts',
	entryIn: contactIn,
	idOf: ({ phoneNumber }) => phoneNumber,
};

export function contactPath(phoneNumber: string): string {
	return `${CONTACTS.path}/${wireNumber(phoneNumber)}`;
}

/** The contact with a number as it is now; undefined where there is none. */
export async function findContact(step: Step, phoneNumber: string): Promise<Contact | undefined> {
	const finding = step.read({ method: 'GET', path: contactPath(phoneNumber) }, (data) => {
		const contact = contactIn(data);
		if (contact.phoneNumber === phoneNumber) return contact;
		throw new UnrecognisedReply('the reply is another contact');
	});
	return await orElse(finding, undefined, isNotFound);
}

/** The same; there has to be one. @throws OperationError `invalid` */
export async function findKnownContact(step: Step, phoneNumber: string): Promise<Contact> {
	const contact = await findContact(step, phoneNumber);
	if (contact) return contact;
	throw unknownContact(phoneNumber);
}

/** A contact that was saved: in a table, lists that may be empty stand behind all else. */
export function savedItem(saved: Partial<Contact>, created: boolean): IDataObject {
	const { groups, customFields, ...contact } = { ...EMPTY, ...saved };
	return { ...contact, created, groups, customFields };
}

/** What a contact has where nothing else is written, in the order of items. */
const EMPTY = {
	phoneNumber: '',
	firstName: null,
	lastName: null,
	email: null,
	note: null,
	groups: [],
	customFields: {},
};

export const NOBODY: Contact = {
	...EMPTY,
	source: null,
	optedOut: null,
	createdAt: null,
};
