import { invalid } from '../../../shared/errors';
import { textField } from '../../../shared/operation/fields';
import { limitIn, listFields, shared } from '../../../shared/operation/lists';
import type { ParameterReader, ReadOperation } from '../../../shared/operation/types';
import { shown } from '../../../shared/values/text';
import { GROUP_FILTER, OPTED_OUT_FILTER } from '../../../shared/sms/contacts';
import { CONTACTS, type Contact } from '../../contact';
import { entriesOf, filter } from '../../list';

/** How a contact came to the account. Source: EZ Texting, API reference, "Contacts". */
const SOURCES = ['API', 'Keyword', 'Unknown', 'Upload', 'WebInterface', 'WebWidget'] as const;

type Filters = ReturnType<typeof filtersIn>;

/**
 * The filters run at the provider, which ignores those that it does not know: what comes is looked at again. Source: EZ
 * Texting, API reference, "Contacts".
 */
export const getAll: ReadOperation<{ limit: number; filters: Filters }> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many contacts',
		description: 'List the contacts of the account, or those that a filter finds, the newest first',
		hint: 'Lists or exports all people at EZ Texting, or the members of a group. For everybody at EZ Texting who has opted out or unsubscribed, set filters.optedOut to yes.',
	},
	fields: listFields(
		textField('Email', 'email', {
			placeholder: 'name@email.com',
			description: 'Part of an e-mail address',
		}),
		textField('First Name', 'firstName', {
			placeholder: 'e.g. Winnie',
			description: 'Part of a first name',
		}),
		GROUP_FILTER,
		textField('Last Name', 'lastName', {
			placeholder: 'e.g. Robin',
			description: 'Part of a last name',
		}),
		OPTED_OUT_FILTER,
		textField('Source', 'source', {
			placeholder: 'e.g. Keyword',
			description: `How the contact came to the account: ${SOURCES.join(', ')}`,
		}),
	),
	effect: 'reads',
	parameters: (read) => ({ limit: limitIn(read), filters: filtersIn(read) }),

	async run({ limit, filters }, step) {
		const { optedOut, group, source } = filters;
		const query = {
			sort: 'createdAt,desc',
			...(optedOut !== 'any' && filter('optOut', 'eq', String(optedOut === 'yes'))),
			...(group !== '' && filter('groupName', 'like', group)),
			...(source !== '' && filter('source', 'eq', source)),
			...Object.assign({}, ...NAMES.map((name) => filters[name] && filter(name, 'like', filters[name]))),
		} as Record<string, string>;
		const isAsked = (contact: Contact) => fits(contact, filters);
		const contacts = await entriesOf(shared(step), CONTACTS, { query, limit, fits: isAsked });
		return contacts.map(({ value, entry }) => ({ ...value, ...step.raw(entry) }));
	},
};

function filtersIn(read: ParameterReader) {
	return {
		optedOut: read.choice('filters.optedOut', ['any', 'yes', 'no']),
		group: read.meant('filters.group'),
		firstName: read.meant('filters.firstName'),
		lastName: read.meant('filters.lastName'),
		email: read.meant('filters.email'),
		source: sourceIn(read),
	};
}

/** The provider answers anything else with an error of its server. @throws OperationError `invalid` */
function sourceIn(read: ParameterReader): string {
	const source = read.meant('filters.source');
	const known = SOURCES.find((name) => name.toLowerCase() === source.replace(/\s/g, '').toLowerCase());
	if (source === '' || known) return known ?? '';
	throw invalid(read.label('filters.source'), `is not one of ${SOURCES.join(', ')}: "${shown(source)}"`);
}

const NAMES = ['firstName', 'lastName', 'email'] as const;

function fits(contact: Contact, filters: Filters): boolean {
	const { optedOut, group, source } = filters;
	const lower = (value: string | null) => (value ?? '').trim().toLowerCase();
	return (
		(optedOut === 'any' || (contact.optedOut === true) === (optedOut === 'yes')) &&
		(group === '' || contact.groups.some((name) => lower(name) === lower(group))) &&
		(source === '' || contact.source === source) &&
		NAMES.every((name) => lower(contact[name]).includes(lower(filters[name])))
	);
}
