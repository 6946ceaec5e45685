import type { IDataObject } from 'n8n-workflow';
import {
	asAsked,
	booleanIn,
	listIn,
	needed,
	objectIn,
	textIn,
	UnrecognisedReply,
} from '../shared/http/response';
import { fresh, type List, type Listed } from '../shared/operation/lists';
import type { Step } from '../shared/operation/types';
import { MASK } from '../shared/redact';
import { entriesOf } from './list';
import { invalidContact, unknownContact } from '../shared/sms/contacts';
import { numbersIn } from '../shared/sms/phoneNumber';
import { filled } from '../shared/values/filled';

/** The texts of a contact, each with its name at Club Texting. */
const TEXTS = { firstName: 'FirstName', lastName: 'LastName', email: 'Email', note: 'Note' } as const;
type TextName = keyof typeof TEXTS;

/** Something for each text. */
export function forEachText<T>(give: (name: TextName) => T): Record<TextName, T> {
	const names = Object.keys(TEXTS) as TextName[];
	return Object.fromEntries(names.map((name) => [name, give(name)])) as Record<TextName, T>;
}

/** A contact as items show it. */
export type Contact = ReturnType<typeof contactIn>;

/** @throws UnrecognisedReply without an ID */
export function contactIn(data: unknown) {
	const entry = objectIn(data);
	return {
		contactId: needed(textIn(entry.ID), 'ID'),
		/** Ten digits. */
		phoneNumber: numbersIn(entry.PhoneNumber)[0] ?? textIn(entry.PhoneNumber),
		...forEachText((name) => textIn(entry[TEXTS[name]])),
		source: textIn(entry.Source),
		/** Null where the reply does not say. */
		optedOut: booleanIn(entry.OptOut),
		/** The provider's own text. */
		createdAt: textIn(entry.CreatedAt),
		/** Names. */
		groups: listIn(entry.Groups) ?? [],
	};
}

/** The reply to a form. @throws UnrecognisedReply for another contact than the one that was written */
export function writtenIn(data: unknown, phoneNumber: string, contactId: string | null): Contact {
	const contact = contactIn(data);
	asAsked(numbersIn(contact.phoneNumber)[0] ?? null, phoneNumber, 'contact');
	if (contactId !== null) asAsked(contact.contactId, contactId, 'contact');
	return contact;
}

/** Source: Club Texting, REST API documentation, "Contacts", and the vendor's samples. */
export const CONTACTS: List<Contact> = {
	path: '/contacts',
	entryIn: contactIn,
	idOf: ({ contactId }) => contactId,
};

/** Those who have opted out. */
export const OPTED_OUT: List<Contact> & { query: Record<string, string> } = {
	...CONTACTS,
	query: { optout: 'true' },
	entryIn(entry) {
		const contact = contactIn(entry);
		if (contact.optedOut === true) return contact;
		throw new UnrecognisedReply('the list of those who have opted out has a contact who has not');
	},
};

/**
 * The contact with a number, as it is now; undefined where there is none. The provider searches in names too, so what it
 * finds is compared.
 *
 * Not confirmed with a live account: that a search by all ten digits finds the contact, also one who has opted out. Where
 * it did not, a contact would be taken for a new one, and what the provider says to a number that it has already would
 * come out.
 *
 * @throws OperationError `invalid` where several contacts have the number
 */
export async function findContact(step: Step, phoneNumber: string): Promise<Listed<Contact> | undefined> {
	const listed = await entriesOf(fresh(step), CONTACTS, { query: phoneNumber }, Infinity);
	const found = listed.filter(({ value }) => value.phoneNumber === phoneNumber);
	if (found.length <= 1) return found[0];
	throw invalidContact(
		`is that of ${found.length} contacts: ${found.map(({ value }) => value.contactId).join(', ')}`,
		'Delete all but one of them in the account.',
	);
}

/** The same; there has to be one. @throws OperationError `invalid` */
export async function findKnownContact(step: Step, phoneNumber: string): Promise<Listed<Contact>> {
	const found = await findContact(step, phoneNumber);
	if (found) return found;
	throw unknownContact(phoneNumber);
}

/** The provider takes nothing more for a contact who has opted out. Source: the vendor's client libraries. */
export function optedOutContact(phoneNumber: string) {
	return invalidContact(
		`is that of a contact who has opted out: ${phoneNumber}`,
		'Such a contact can’t be changed or deleted. Only the person can opt in again, by texting a keyword.',
	);
}

/** The texts of a contact; what is empty is not given. */
export type ContactTexts = Record<TextName, string>;

/** What is written of a contact. */
export interface WrittenContact extends ContactTexts, IDataObject {
	groups: string[];
}

/**
 * A contact as it shall be: what is given, and what stands there now.
 *
 * @throws OperationError `invalid` where something that stands there can't be written again, as it was masked
 */
export function mergedContact(
	contact: Contact | undefined,
	given: Partial<ContactTexts> = {},
	joined: string[] = [],
): WrittenContact {
	const kept = forEachText((name) => (contact && !given[name] && contact[name]) || '');
	const groups = contact?.groups ?? [];
	if ([...Object.values(kept), ...groups].some((text) => text.includes(MASK))) {
		throw invalidContact(
			'is that of a contact in which the password of the account stands; it would be overwritten',
			'Take it out of the contact, or change the password.',
		);
	}
	return {
		...forEachText((name) => given[name] || kept[name]),
		groups: [...new Set([...groups, ...joined])],
	};
}

/**
 * The form that writes a contact: everything that shall stand there afterwards, so that nothing is lost where the provider
 * clears what a form leaves out. What is empty is left out.
 */
export function contactForm(phoneNumber: string, written: WrittenContact): Record<string, string | string[]> {
	const texts = Object.entries(TEXTS).map(([name, field]) => [field, written[name as TextName]] as const);
	return filled({ PhoneNumber: phoneNumber, ...Object.fromEntries(texts), Groups: written.groups });
}

export function contactPath(contactId: string): string {
	return `${CONTACTS.path}/${encodeURIComponent(contactId)}`;
}
