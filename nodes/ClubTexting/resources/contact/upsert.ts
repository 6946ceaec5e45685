import type { IDataObject } from 'n8n-workflow';
import { UnrecognisedReply } from '../../../shared/http/response';
import type { ActOperation } from '../../../shared/operation/types';
import { contactNumberIn, contactTextIn, saving } from '../../../shared/sms/contacts';
import type { Group } from '../../../shared/sms/groupFields';
import { createGroups, isSameGroup, namedGroups, type NamedGroups } from '../../../shared/sms/groups';
import {
	contactForm,
	contactPath,
	CONTACTS,
	findContact,
	forEachText,
	mergedContact,
	optedOutContact,
	writtenIn,
	type Contact,
	type ContactTexts,
	type WrittenContact,
} from '../../contact';
import { GROUP_BOOK, groupRequest, groupsField } from '../../group';

interface Upsert {
	phoneNumber: string;
	/** What is empty was not given. */
	given: ContactTexts;
	/** To join. */
	groups: string[];
	createMissingGroups: boolean;
}

interface Found extends IDataObject {
	/** Null for a new contact. */
	contactId: string | null;
	written: WrittenContact;
	/** In a dry run, those that would be created before it. */
	groupsToCreate?: string[];
	/** In a dry run, what stays as it is. */
	before?: Partial<Contact>;
}

/**
 * Finds the contact by its number right before it is written, so that two items with one number make one contact, and
 * writes it whole: what was given, and what stood there before. Source: Club Texting, REST API documentation, "Contacts".
 *
 * Not confirmed with a live account: whether an update adds to a contact's groups or replaces them, and whether it keeps
 * what it leaves out (writing all of it again is right either way); what happens to a number or a group that the provider
 * does not know as we do (the item is `refused`, or `unknown` where the reply does not name the groups that were asked for).
 */
export const upsert: ActOperation<Upsert, Found, Contact, NamedGroups> = {
	...saving(
		'Adds, imports or subscribes a new person, customer, lead or subscriber to the text list; adds or puts a contact into a group; saves, syncs or changes their name and email.',
		groupsField,
	),

	parameters: (read) => ({
		phoneNumber: contactNumberIn(read),
		given: forEachText((name) => contactTextIn(read, name)),
		groups: read.names('additionalFields.groups'),
		createMissingGroups: read.boolean('options.createMissingGroups'),
	}),

	resolve: async ({ groups, createMissingGroups }, step) =>
		await namedGroups(groups, GROUP_BOOK, step, 'Groups', createMissingGroups),
	lane: ({ phoneNumber }) => phoneNumber,
	keyFirst: (_parameters, { missing }) => missing.length > 0,
	// A run from the start finds the contact that the one before has created, and would write it once more.
	content: ({ phoneNumber, given, groups }) => [phoneNumber, given, groups],
	async keep({ phoneNumber, given }, step, { known, missing }) {
		// What is masked can't be written again, and what is written is shown.
		const contact = step.redacted((await findContact(step, phoneNumber))?.value);
		if (contact?.optedOut) throw optedOutContact(phoneNumber);
		const names = known.map(nameOf);
		mergedContact(contact, given, names);
		const created = step.dryRun ? missing : (await createGroups(missing, GROUP_BOOK, step)).map(nameOf);
		return {
			contactId: contact?.contactId ?? null,
			written: mergedContact(contact, given, [...names, ...created]),
			...(step.dryRun && { groupsToCreate: missing, before: contact ? stayingOf(contact) : {} }),
		};
	},
	request: ({ contactId, written, groupsToCreate = [] }, { phoneNumber }) => ({
		request: {
			method: 'POST',
			path: contactId === null ? CONTACTS.path : contactPath(contactId),
			form: contactForm(phoneNumber, written),
		},
		before: groupsToCreate.map((name) => groupRequest(name)),
		parse: (data) => memberIn(writtenIn(data, phoneNumber, contactId), written.groups),
	}),
	foresee: ({ contactId, before, written }, { phoneNumber }) => ({
		...(contactId !== null && { contactId }),
		phoneNumber,
		...forEachText((name) => written[name] || null),
		...before,
		optedOut: false,
		created: contactId === null,
		groups: written.groups,
	}),
	output({ contactId }, written) {
		const { groups, optedOut, ...contact } = written!;
		// The replies to a form leave out whether one has opted out; a contact who has is not written.
		return { ...contact, optedOut: optedOut ?? false, created: contactId === null, groups };
	},
};

const stayingOf = ({ source, createdAt }: Contact) => ({ source, createdAt });
const nameOf = ({ name }: Group) => name;

/** @throws UnrecognisedReply where a group is missing */
function memberIn(contact: Contact, groups: string[]): Contact {
	const missing = groups.find((name) => !contact.groups.some((other) => isSameGroup(other, name)));
	if (missing === undefined) return contact;
	throw new UnrecognisedReply(`the reply does not name “${missing}” among the groups of the contact`);
}
