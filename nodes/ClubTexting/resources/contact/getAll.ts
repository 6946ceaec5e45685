import { UnrecognisedReply } from '../../../shared/http/response';
import { textField } from '../../../shared/operation/fields';
import { limitIn, listFields, shared } from '../../../shared/operation/lists';
import type { ReadOperation } from '../../../shared/operation/types';
import { GROUP_FILTER, OPTED_OUT_FILTER } from '../../../shared/sms/contacts';
import { isSameGroup } from '../../../shared/sms/groups';
import { filled } from '../../../shared/values/filled';
import { CONTACTS, contactIn, type Contact } from '../../contact';
import { entriesOf } from '../../list';

interface GetAll {
	/** Infinity for all. */
	limit: number;
	optedOut: 'any' | 'yes' | 'no';
	group: string;
	query: string;
	source: string;
}

/**
 * The filters run at the provider. Source: Club Texting, REST API documentation, "Contacts", and the vendor's samples.
 *
 * Not confirmed with a live account: that each filter is obeyed. An entry that a filter should have left out ends the list
 * with an error.
 */
export const getAll: ReadOperation<GetAll> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many contacts',
		description: 'List the contacts of the account, or those that a filter finds',
		hint: 'Lists or exports all contacts, subscribers or members of a group, or everybody who has opted out or unsubscribed (filters.optedOut).',
	},
	fields: listFields(
		GROUP_FILTER,
		OPTED_OUT_FILTER,
		textField('Search', 'query', {
			placeholder: 'e.g. Winnie',
			description: 'Part of a first name, a last name or a phone number',
		}),
		textField('Source', 'source', {
			placeholder: 'e.g. Keyword',
			description:
				'How the contact came to the account: API, Keyword, Manually Added, Unknown, Upload or Web Widget',
		}),
	),
	effect: 'reads',
	parameters: (read) => ({
		limit: limitIn(read),
		optedOut: read.choice('filters.optedOut', ['any', 'yes', 'no']),
		group: read.meant('filters.group'),
		query: read.meant('filters.query'),
		source: read.meant('filters.source'),
	}),

	async run({ limit, ...filters }, step) {
		const { optedOut, group, query, source } = filters;
		const list = { ...CONTACTS, entryIn: (entry: unknown) => matching(contactIn(entry), filters) };
		const optout = optedOut === 'any' ? '' : String(optedOut === 'yes');
		const asked = filled({ query, source, optout, group });
		const contacts = await entriesOf(shared(step), list, asked, limit);
		return contacts.map(({ value, entry }) => ({ ...value, ...step.raw(entry) }));
	},
};

/** @throws UnrecognisedReply for a contact that the filters should have left out */
function matching(contact: Contact, { optedOut, group, source }: Omit<GetAll, 'limit'>): Contact {
	const trouble = [
		optedOut !== 'any' && (contact.optedOut === true) !== (optedOut === 'yes') && 'Opted Out',
		group !== '' && !contact.groups.some((name) => isSameGroup(name, group)) && 'Group',
		source !== '' && contact.source?.trim().toLowerCase() !== source.toLowerCase() && 'Source',
	].find((name) => name !== false);
	if (trouble === undefined) return contact;
	throw new UnrecognisedReply(`the list has a contact that the filter “${trouble}” should have left out`);
}
