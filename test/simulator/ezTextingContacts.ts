import { bodyOf, filtersIn, listed, vary, wrote, type WireBooks } from './ezTextingWire';
import type { Answer, Content, RecordedRequest, Route } from './wire';
import { accept, valuesOf } from './wire';

export interface EzTextingContact {
	phoneNumber: string;
	firstName?: string;
	lastName?: string;
	email?: string;
	note?: string;
	source: string;
	optOut: boolean;
	createdAt: string;
	/** The five fixed ones. */
	custom1?: string;
	custom2?: string;
	custom3?: string;
	custom4?: string;
	custom5?: string;
	/** Those of the account, by name. */
	custom: Record<string, string>;
}

export interface EzTextingGroup {
	id: string;
	name: string;
	note?: string;
	/** Numbers of 11 digits. */
	members: string[];
}

export interface ContactBooks extends WireBooks {
	/** By number. */
	contacts: Map<string, EzTextingContact>;
	groups: EzTextingGroup[];
	/** Numbers that get no texts any more. */
	blocked: Set<string>;
	/** Filters that are ignored, as the provider does with those it does not know. */
	ignoredFilters: Set<string>;
	nextGroupId: number;
	/** Number to the latest message that went to it. */
	lastOutbound: Map<string, string>;
}

export function openContactBooks(): Omit<ContactBooks, keyof WireBooks> {
	return {
		contacts: new Map(),
		groups: [{ id: '46300000001', name: 'honey lovers', members: [] }],
		blocked: new Set(),
		ignoredFilters: new Set(),
		nextGroupId: 46_300_000_003,
		lastOutbound: new Map(),
	};
}

/** A number as the provider writes it: 11 digits. Ten are taken, too; null for what is none. */
export function eleven(written: string): string | null {
	if (/^1\d{10}$/.test(written)) return written;
	return /^[2-9]\d{9}$/.test(written) ? `1${written}` : null;
}

/** A contact to put into the books by hand. */
export function ezTextingContact(books: ContactBooks, number: string, given: Partial<EzTextingContact> = {}) {
	const phoneNumber = eleven(number)!;
	const contact: EzTextingContact = {
		phoneNumber,
		source: 'API',
		optOut: false,
		createdAt: new Date(Date.UTC(2026, 5, 18, 15, 9, books.contacts.size)).toISOString().replace('.000', ''),
		custom: {},
		...given,
	};
	books.contacts.set(phoneNumber, contact);
	return contact;
}

const SOURCES = ['Unknown', 'WebInterface', 'Upload', 'WebWidget', 'API', 'Keyword'];
const FIXED = { custom1: 20, custom2: 20, custom3: 20, custom4: 20, custom5: 20 };
const TEXTS = { firstName: 20, lastName: 20, email: Infinity, note: 200, ...FIXED };

type Refuse = (status: number, texts: string[]) => Answer;

export function contactRoutes(books: ContactBooks, refuse: Refuse): Route[] {
	function entryOf(contact: EzTextingContact): Content {
		const { custom, ...fields } = contact;
		return {
			...fields,
			values: custom,
			...vary<Content>(books, { updatedAt: contact.createdAt }, {}),
			groups: books.groups.filter(({ members }) => members.includes(contact.phoneNumber)).map(groupOf),
		};
	}

	function groupOf({ id, name, note, members }: EzTextingGroup): Content {
		return { id, name, ...(note !== undefined && { note }), contactsCount: members.length };
	}

	function upsert(request: RecordedRequest): Answer {
		const body = bodyOf(request, [
			...['phoneNumber', ...Object.keys(TEXTS)],
			...['values', 'groupIdsAdd', 'groupIdsRemove'],
		]);
		const number = eleven(String(body?.phoneNumber ?? ''));
		if (body === null || number === null) return refuse(400, ['Invalid phone number']);
		for (const [name, longest] of Object.entries(TEXTS)) {
			const text = body[name];
			if (text !== undefined && (typeof text !== 'string' || text.length > longest))
				return refuse(400, [`${name} is too long`]);
		}
		const values = body.values ?? {};
		if (typeof values !== 'object' || Object.values(values).some((value) => typeof value !== 'string'))
			return refuse(400, ['values is not valid']);
		if (Object.keys(values).some((name) => name in FIXED))
			request.mistake ??= 'What is a field of its own stands under values';
		const [join, leave] = [body.groupIdsAdd ?? [], body.groupIdsRemove ?? []] as [string[], string[]];
		const unknown = [...join, ...leave].find((id) => !books.groups.some((group) => group.id === id));
		if (unknown !== undefined) return refuse(400, [`Group ${unknown} was not found`]);
		const contact = books.contacts.get(number) ?? ezTextingContact(books, number);
		for (const name of Object.keys(TEXTS) as Array<keyof typeof TEXTS>)
			if (body[name] !== undefined) contact[name] = String(body[name]);
		Object.assign(contact.custom, values);
		for (const group of books.groups) {
			group.members = group.members.filter((member) => member !== number || !leave.includes(group.id));
			if (join.includes(group.id) && !group.members.includes(number)) group.members.push(number);
		}
		return wrote(books, { id: number }, [200, 201]);
	}

	function get(_request: RecordedRequest, written: string): Answer {
		const contact = books.contacts.get(eleven(written) ?? '');
		return contact ? accept(200, entryOf(contact)) : refuse(404, ['Contact not found']);
	}

	function list(request: RecordedRequest): Answer {
		const like = ['phoneNumber', 'firstName', 'lastName', 'email', 'groupName', 'note'];
		const filters = filtersIn(
			request,
			like.map((name) => `${name}.like`),
			['source.eq', 'optOut.eq', 'firstName.eq'],
		);
		for (const name of books.ignoredFilters) filters.delete(name);
		const source = filters.get('source.eq');
		if (source !== undefined && !SOURCES.includes(source))
			return refuse(400, [`No enum constant com.eztexting.ContactSource.${source}`]);
		const has = (name: string, value: string | undefined) =>
			(value ?? '').toLowerCase().includes((filters.get(`${name}.like`) ?? '').toLowerCase());
		const group = filters.get('groupName.like');
		const found = [...books.contacts.values()].filter(
			(contact) =>
				(['phoneNumber', 'firstName', 'lastName', 'email'] as const).every((name) =>
					has(name, contact[name]),
				) &&
				[undefined, contact.source].includes(source) &&
				[undefined, String(contact.optOut)].includes(filters.get('optOut.eq')) &&
				(group === undefined ||
					books.groups.some(
						({ name, members }) =>
							name.toLowerCase() === group.toLowerCase() && members.includes(contact.phoneNumber),
					)),
		);
		const isNewestFirst = request.query.some(
			([name, value]) => name === 'sort' && value === 'createdAt,desc',
		);
		return listed(books, request, (isNewestFirst ? [...found].reverse() : found).map(entryOf));
	}

	function remove(_request: RecordedRequest, written: string): Answer {
		const number = eleven(written) ?? '';
		if (!books.contacts.delete(number)) return refuse(404, ['Contact not found']);
		for (const group of books.groups) group.members = group.members.filter((member) => member !== number);
		return wrote(books, null, [200, 204]);
	}

	function block(request: RecordedRequest): Answer {
		const numbers = bodyOf(request, ['phoneNumbers'])?.phoneNumbers;
		if (!Array.isArray(numbers) || numbers.length === 0) return refuse(400, ['phoneNumbers is required']);
		const found = numbers.map((number) => eleven(String(number)));
		if (found.includes(null)) return refuse(400, ['Invalid phone number']);
		for (const number of found) books.blocked.add(number!);
		return wrote(books, null, [200, 204]);
	}

	function createGroup(request: RecordedRequest): Answer {
		const body = bodyOf(request, ['name', 'note', 'phoneNumbers', 'groupIds', 'strictValidation']);
		const { name, note } = body ?? {};
		if (typeof name !== 'string' || name === '' || name.length > 25)
			return refuse(400, ['name is not valid']);
		const id = String(books.nextGroupId++);
		books.groups.push({ id, name, ...(typeof note === 'string' && { note }), members: [] });
		return wrote(books, { id }, [201, 200]);
	}

	function listGroups(request: RecordedRequest): Answer {
		const name = filtersIn(request, ['name.like']).get('name.like')?.toLowerCase() ?? '';
		const found = books.groups.filter((group) => group.name.toLowerCase().includes(name));
		return listed(books, request, found.map(groupOf));
	}

	/** Numbers stand in the query; a body has no effect. */
	function members(change: 'add' | 'remove'): Route['answer'] {
		return (request, id) => {
			const group = books.groups.find((one) => one.id === id);
			if (!group) return refuse(404, ['Not found']);
			const numbers = valuesOf(request.query, 'phoneNumbers').map(eleven);
			if (numbers.length === 0 || numbers.includes(null)) return refuse(400, ['phoneNumbers is required']);
			group.members = group.members.filter((member) => !numbers.includes(member));
			if (change === 'add') group.members.push(...numbers.map((number) => number!));
			return accept(200, numbers as unknown as Content);
		};
	}

	return [
		{ method: 'post', path: '/contacts', operation: 'upsertContact', answer: upsert },
		{ method: 'get', path: '/contacts', operation: 'getContacts', answer: list },
		{ method: 'get', path: '/contacts/:number', operation: 'getContact', answer: get },
		{ method: 'delete', path: '/contacts/:number', operation: 'deleteContact', answer: remove },
		{ method: 'post', path: '/blocks', operation: 'block', answer: block },
		{ method: 'get', path: '/contact-groups', operation: 'getGroups', answer: listGroups },
		{ method: 'post', path: '/contact-groups', operation: 'createGroup', answer: createGroup },
		{ method: 'post', path: '/contact-groups/:id/contacts', operation: 'addMembers', answer: members('add') },
		{
			method: 'delete',
			path: '/contact-groups/:id/contacts',
			operation: 'removeMembers',
			answer: members('remove'),
		},
	];
}
