import type { ClubTextingBooks } from './clubTexting';
import type { Answer, Content, Pair, RecordedRequest, Route, Value } from './wire';
import { WireMistake, accept, valueOf, valuesOf } from './wire';

export interface Contact {
	id: string;
	/** Ten digits. */
	phoneNumber: string;
	firstName: string;
	lastName: string;
	email: string;
	note: string;
	source: string;
	/** `MM-DD-YYYY` */
	createdAt: string;
}

export interface IncomingMessage {
	id: number;
	phoneNumber: string;
	subject: string;
	message: string;
	unread: boolean;
	/** Null in the inbox. */
	folderId: number | null;
	contactId: string | null;
	/** `MM-DD-YYYY h:mm AM/PM` */
	receivedOn: string;
}

/** What can become of a message, as the request for its recipients names it. */
export type ReportStatus = 'delivered' | 'bounced' | 'na' | 'no_credits' | 'opted_out';

/** Contacts, inbox and reports; groups and who is in them stand in `groups`, opt-outs in `localOptOuts`. */
export interface ListBooks {
	contacts: Contact[];
	inbox: IncomingMessage[];
	groupNotes: Map<string, string>;
	groupIds: Map<string, number>;
	/** By message ID, what became of its recipients; otherwise all are delivered who have not opted out. */
	reports: Map<string, Partial<Record<ReportStatus, string[]>>>;
	/** By message ID, counts that are not those of the lists. */
	reportCounts: Map<string, Partial<Record<ReportStatus, number>>>;
	/** How a list without entries is written. */
	emptyLists: 'list' | 'null' | 'absent' | 'notFound';
	/** The most entries of a page, whatever is asked for; null for no such limit. */
	mostPerPage: number | null;
	/** Every page is the first one. */
	ignoresPage: boolean;
	/** Filters of contacts that are not looked at. */
	ignoredFilters: Set<string>;
	/** What an update does with groups. */
	groupsOnUpdate: 'replace' | 'add';
	/** What an update does with fields that it leaves out. */
	omittedOnUpdate: 'keep' | 'clear';
	/** What becomes of a group that the account does not have. */
	unknownGroups: 'refuse' | 'ignore' | 'create';
	/** What becomes of a new contact whose number another one has. */
	duplicateNumbers: 'refuse' | 'create';
	/** How a contact in no group is written. */
	noGroups: 'list' | 'null' | 'absent';
	/** `OptOut` of a form is not looked at. */
	ignoresOptOut: boolean;
	/** Whether the reply to a form names `OptOut`. */
	optOutInReplies: boolean;
	/** The parameter that selects the recipients of a report. */
	reportFilter: 'status' | 'Status' | 'none';
	/** Whether a report names counts of 0. */
	zerosInReports: boolean;
	/** Identifiers as texts, empty where there is none, and `TYPE`, as a log of the vendor shows them. */
	inboxAsTexts: boolean;
}

export function openListBooks(): ListBooks {
	return {
		contacts: [],
		inbox: [],
		groupNotes: new Map(),
		groupIds: new Map(),
		reports: new Map(),
		reportCounts: new Map(),
		emptyLists: 'list',
		mostPerPage: null,
		ignoresPage: false,
		ignoredFilters: new Set(),
		groupsOnUpdate: 'replace',
		omittedOnUpdate: 'keep',
		unknownGroups: 'refuse',
		duplicateNumbers: 'refuse',
		noGroups: 'absent',
		ignoresOptOut: false,
		optOutInReplies: false,
		reportFilter: 'status',
		zerosInReports: true,
		inboxAsTexts: false,
	};
}

/** A contact to put into the books by hand, with everything that is not given filled in. */
export function contactOf(
	books: ClubTextingBooks,
	phoneNumber: string,
	given: Partial<Contact> & { groups?: string[] } = {},
): Contact {
	const { groups = [], ...fields } = given;
	const contact: Contact = {
		id: `4f0b5720734fada3${(books.nextId++).toString(16).padStart(8, '0')}`,
		phoneNumber,
		firstName: '',
		lastName: '',
		email: '',
		note: '',
		source: 'API',
		createdAt: '01-17-2012',
		...fields,
	};
	books.contacts.push(contact);
	for (const group of groups) books.groups.set(group, [...(books.groups.get(group) ?? []), phoneNumber]);
	return contact;
}

/** A message to put into the inbox by hand. */
export function incomingOf(
	books: ClubTextingBooks,
	given: Partial<IncomingMessage> & { message: string },
): IncomingMessage {
	const message: IncomingMessage = {
		id: books.nextId++,
		phoneNumber: '2125550101',
		subject: '',
		unread: true,
		folderId: null,
		contactId: null,
		receivedOn: '12-03-2015 6:50 AM',
		...given,
	};
	books.inbox.push(message);
	return message;
}

/** What the routes of one provider have in common. */
export interface Desk {
	books: ClubTextingBooks;
	/** The fields of a POST once its log-in is right. */
	open(request: RecordedRequest, fields: string[]): { form: Pair[]; refused: Answer | null };
	/** The query of a GET or DELETE once its log-in is right. */
	openQuery(request: RecordedRequest, fields?: string[]): Answer | null;
	refuse(status: number, errors: string[]): Answer;
	respond(code: number, entry: Content): Answer;
	namesIn(form: Pair[], field: string): string[];
}

const paging = ['sortBy', 'sortDir', 'itemsPerPage', 'page'];
const contactFields = ['PhoneNumber', 'FirstName', 'LastName', 'Email', 'Note', 'Groups[]', 'OptOut'];
const statuses: Record<ReportStatus, string> = {
	delivered: 'Delivered',
	bounced: 'Bounced',
	na: 'Not Available',
	no_credits: 'Not Sent - No Credits',
	opted_out: 'Not Sent - Opted Out',
};
const nothingFound = 'Sorry, nothing was found';

/** Contacts, groups, inbox and reports (REST API Documentation page; the provider's samples and SDK for what it leaves out). */
export function listRoutes(desk: Desk): Route[] {
	const { books, open, openQuery, refuse, respond, namesIn } = desk;

	/** One page of a list; 10 entries unless more are asked for. */
	function list(query: Pair[], entries: Value[]): Answer {
		const numberOf = (name: string, usual: number): number => {
			const given = valueOf(query, name) ?? String(usual);
			if (!/^[1-9]\d*$/.test(given)) throw new WireMistake(422, `'${name}' is '${given}'`);
			return Number(given);
		};
		const perPage = Math.min(numberOf('itemsPerPage', 10), books.mostPerPage ?? Infinity);
		const page = books.ignoresPage ? 1 : numberOf('page', 1);
		const shown = entries.slice((page - 1) * perPage, page * perPage);
		return listed(shown);
	}

	function listed(entries: Value[]): Answer {
		const head = { Status: 'Success', Code: 200 };
		if (entries.length > 0 || books.emptyLists === 'list') return accept(200, { ...head, Entries: entries });
		if (books.emptyLists === 'notFound') return refuse(403, [nothingFound]);
		return accept(200, { ...head, ...(books.emptyLists === 'null' && { Entries: null }) });
	}

	function sorted<T>(query: Pair[], entries: T[], keys: Record<string, keyof T>): T[] {
		const by = valueOf(query, 'sortBy');
		const direction = valueOf(query, 'sortDir');
		if (by !== undefined && !Object.hasOwn(keys, by)) throw new WireMistake(422, `'sortBy' is '${by}'`);
		if (![undefined, 'asc', 'desc'].includes(direction))
			throw new WireMistake(422, `'sortDir' is '${direction}'`);
		if (by === undefined) return entries;
		const key = keys[by]!;
		const ascending = [...entries].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
		return direction === 'desc' ? ascending.reverse() : ascending;
	}

	const groupsOf = (number: string) =>
		[...books.groups].filter(([, numbers]) => numbers.includes(number)).map(([name]) => name);

	function contactEntry(contact: Contact, optOut: boolean): Content {
		const groups = groupsOf(contact.phoneNumber);
		return {
			ID: contact.id,
			PhoneNumber: contact.phoneNumber,
			FirstName: contact.firstName,
			LastName: contact.lastName,
			Email: contact.email,
			Note: contact.note,
			Source: contact.source,
			...(optOut && { OptOut: books.localOptOuts.has(contact.phoneNumber) }),
			...((groups.length > 0 || books.noGroups !== 'absent') && {
				Groups: groups.length === 0 && books.noGroups === 'null' ? null : groups,
			}),
			CreatedAt: contact.createdAt,
		};
	}

	function getContacts(request: RecordedRequest): Answer {
		const refused = openQuery(request, ['query', 'source', 'optout', 'group', ...paging]);
		if (refused) return refused;
		const asked = request.query.filter(([name]) => !books.ignoredFilters.has(name));
		const optout = valueOf(asked, 'optout');
		if (![undefined, 'true', 'false'].includes(optout)) throw new WireMistake(422, `'optout' is '${optout}'`);
		for (const name of ['query', 'source', 'group'])
			if (valueOf(asked, name) === '') throw new WireMistake(422, `'${name}' is empty`);
		const text = valueOf(asked, 'query')?.toLowerCase();
		const source = valueOf(asked, 'source')?.toLowerCase();
		const group = valueOf(asked, 'group');
		const found = books.contacts.filter(
			(contact) =>
				(text === undefined ||
					[contact.firstName, contact.lastName, contact.phoneNumber].some((field) =>
						field.toLowerCase().includes(text),
					)) &&
				(source === undefined || contact.source.toLowerCase() === source) &&
				(optout === undefined || books.localOptOuts.has(contact.phoneNumber) === (optout === 'true')) &&
				(group === undefined || (books.groups.get(group) ?? []).includes(contact.phoneNumber)),
		);
		// The most recently added first.
		const inOrder = sorted(request.query, [...found].reverse(), {
			PhoneNumber: 'phoneNumber',
			FirstName: 'firstName',
			LastName: 'lastName',
			CreatedAt: 'createdAt',
		});
		return list(
			request.query,
			inOrder.map((contact) => contactEntry(contact, true)),
		);
	}

	/** Refuses what can't be written of a contact; otherwise the groups that it is to be in. */
	function checkedContact(form: Pair[]): { groups: string[]; refused: Answer | null } {
		const number = valueOf(form, 'PhoneNumber') ?? '';
		const optOut = valueOf(form, 'OptOut');
		if (![undefined, '0', '1'].includes(optOut)) throw new WireMistake(422, `'OptOut' is '${optOut}'`);
		const asked = namesIn(form, 'Groups[]');
		const unknown = asked.filter((name) => !books.groups.has(name));
		const errors = /^\d{10}$/.test(number)
			? []
			: [`PhoneNumber: '${number}' contains an invalid amount of digits`];
		const email = valueOf(form, 'Email');
		if (email && !/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(email))
			errors.push(`Email: '${email}' is not a valid email address`);
		if (books.unknownGroups === 'refuse')
			errors.push(...unknown.map((name) => `Groups: '${name}' was not found`));
		if (errors.length > 0) return { groups: [], refused: refuse(403, errors) };
		if (books.unknownGroups === 'create') for (const name of unknown) books.groups.set(name, []);
		return { groups: asked.filter((name) => books.groups.has(name)), refused: null };
	}

	function write(contact: Contact, form: Pair[], groups: string[], mode: 'replace' | 'add'): void {
		const field = (name: string, present: string) =>
			valueOf(form, name) ?? (books.omittedOnUpdate === 'clear' ? '' : present);
		const before = contact.phoneNumber;
		contact.phoneNumber = valueOf(form, 'PhoneNumber')!;
		contact.firstName = field('FirstName', contact.firstName);
		contact.lastName = field('LastName', contact.lastName);
		contact.email = field('Email', contact.email);
		contact.note = field('Note', contact.note);
		const isNamed = form.some(([name]) => name === 'Groups[]');
		const replaces = mode === 'replace' && (isNamed || books.omittedOnUpdate === 'clear');
		for (const [name, numbers] of books.groups) {
			const stays = numbers.includes(before) && !replaces;
			const others = numbers.filter((number) => number !== before);
			if (stays || groups.includes(name)) others.push(contact.phoneNumber);
			books.groups.set(name, others);
		}
		if (valueOf(form, 'OptOut') === '1' && !books.ignoresOptOut) books.localOptOuts.add(contact.phoneNumber);
	}

	function createContact(request: RecordedRequest): Answer {
		const { form, refused } = open(request, contactFields);
		if (refused) return refused;
		const checked = checkedContact(form);
		if (checked.refused) return checked.refused;
		const number = valueOf(form, 'PhoneNumber')!;
		const isKnown = books.contacts.some(({ phoneNumber }) => phoneNumber === number);
		if (isKnown && books.duplicateNumbers === 'refuse')
			return refuse(403, [`PhoneNumber: '${number}' exists already`]);
		const contact = contactOf(books, number);
		write(contact, form, checked.groups, 'add');
		return respond(201, contactEntry(contact, books.optOutInReplies));
	}

	/** The contact of a path, or why nothing may be done with it. */
	function changeable(id: string): { contact?: Contact; refused?: Answer } {
		const contact = books.contacts.find((known) => known.id === id);
		if (contact === undefined) return { refused: refuse(403, [nothingFound]) };
		if (books.localOptOuts.has(contact.phoneNumber))
			return { refused: refuse(403, ['PhoneNumber: This contact has opted out']) };
		return { contact };
	}

	function updateContact(request: RecordedRequest, id: string): Answer {
		const { form, refused } = open(request, contactFields);
		if (refused) return refused;
		const { contact, refused: locked } = changeable(id);
		if (!contact) return locked!;
		const checked = checkedContact(form);
		if (checked.refused) return checked.refused;
		write(contact, form, checked.groups, books.groupsOnUpdate);
		return respond(200, contactEntry(contact, books.optOutInReplies));
	}

	function deleteContact(request: RecordedRequest, id: string): Answer {
		const refused = openQuery(request);
		if (refused) return refused;
		const { contact, refused: locked } = changeable(id);
		if (!contact) return locked!;
		books.contacts = books.contacts.filter((known) => known !== contact);
		for (const [name, numbers] of books.groups) {
			books.groups.set(
				name,
				numbers.filter((number) => number !== contact.phoneNumber),
			);
		}
		return accept(204, null);
	}

	function groupEntry(name: string): Content {
		if (!books.groupIds.has(name)) books.groupIds.set(name, books.nextId++);
		return {
			ID: books.groupIds.get(name)!,
			Name: name,
			Note: books.groupNotes.get(name) ?? '',
			ContactCount: books.groups.get(name)?.length ?? 0,
		};
	}

	function getGroups(request: RecordedRequest): Answer {
		const refused = openQuery(request, paging);
		if (refused) return refused;
		const names = [...books.groups.keys()].sort().map((name) => ({ name }));
		const inOrder = sorted(request.query, names, { Name: 'name' });
		return list(
			request.query,
			inOrder.map(({ name }) => groupEntry(name)),
		);
	}

	function createGroup(request: RecordedRequest): Answer {
		const { form, refused } = open(request, ['Name', 'Note']);
		if (refused) return refused;
		const name = valueOf(form, 'Name') ?? '';
		if (name === '') return refuse(403, ["Name: Value is required and can't be empty"]);
		if (books.groups.has(name)) return refuse(403, [`Name: '${name}' exists already`]);
		books.groups.set(name, []);
		books.groupNotes.set(name, valueOf(form, 'Note') ?? '');
		return respond(201, groupEntry(name));
	}

	function incomingEntry(message: IncomingMessage): Content {
		const { folderId, contactId } = message;
		const asTexts = books.inboxAsTexts;
		return {
			ID: message.id,
			PhoneNumber: message.phoneNumber,
			Subject: message.subject,
			Message: message.message,
			New: message.unread,
			...(asTexts
				? { FolderID: String(folderId ?? 0), ContactID: contactId ?? '' }
				: {
						...(folderId !== null && { FolderID: folderId }),
						...(contactId !== null && { ContactID: contactId }),
					}),
			ReceivedOn: message.receivedOn,
			[asTexts ? 'TYPE' : 'Type']: 'SMS',
		};
	}

	function getInbox(request: RecordedRequest): Answer {
		const refused = openQuery(request, ['FolderID', 'Search', 'Filter', ...paging]);
		if (refused) return refused;
		const folder = valueOf(request.query, 'FolderID');
		const text = valueOf(request.query, 'Search');
		if ([folder, text].includes('')) throw new WireMistake(422, 'A filter is empty');
		const found = books.inbox.filter(
			({ folderId, message, phoneNumber }) =>
				(folder === undefined || String(folderId ?? 0) === folder) &&
				(text === undefined || [message, phoneNumber].some((field) => field.includes(text))),
		);
		const inOrder = sorted(request.query, found, {
			ReceivedOn: 'receivedOn',
			PhoneNumber: 'phoneNumber',
			Message: 'message',
		});
		return list(request.query, inOrder.map(incomingEntry));
	}

	function deleteMessage(request: RecordedRequest, id: string): Answer {
		const refused = openQuery(request);
		if (refused) return refused;
		if (!books.inbox.some((message) => String(message.id) === id)) return refuse(403, [nothingFound]);
		books.inbox = books.inbox.filter((message) => String(message.id) !== id);
		return accept(204, null);
	}

	/** By status, the recipients of a message; undefined for one that was never sent. */
	function recipientsOf(id: string): Record<ReportStatus, string[]> | undefined {
		const none = { delivered: [], bounced: [], na: [], no_credits: [], opted_out: [] };
		const given = books.reports.get(id);
		if (given) return { ...none, ...given };
		const sent = books.messages.find((message) => String(message.id) === id);
		if (!sent) return undefined;
		const people = [...sent.numbers, ...sent.groups.flatMap((name) => books.groups.get(name) ?? [])];
		const reached = books.delivered.filter(({ messageId }) => messageId === sent.id);
		const delivered = reached.map(({ number }) => number);
		return { ...none, delivered, opted_out: people.filter((number) => !delivered.includes(number)) };
	}

	function getReport(request: RecordedRequest, id: string): Answer {
		const refused = openQuery(request);
		if (refused) return refused;
		const recipients = recipientsOf(id);
		if (!recipients) return refuse(403, [nothingFound]);
		const given = books.reportCounts.get(id);
		const counts = Object.entries(recipients).map(([status, numbers]): [ReportStatus, number] => [
			status as ReportStatus,
			given?.[status as ReportStatus] ?? numbers.length,
		]);
		const total = counts.reduce((sum, [, count]) => sum + count, 0);
		const entry: Content = {};
		for (const [status, count] of counts) {
			if (count === 0 && !books.zerosInReports) continue;
			const percentage = total === 0 ? 0 : (100 * count) / total;
			entry[statuses[status]] = { Count: count, Percentage: percentage.toFixed(2) };
		}
		return respond(200, entry);
	}

	function getReportDetails(request: RecordedRequest, id: string): Answer {
		const refused = openQuery(request, ['status', 'Status']);
		if (refused) return refused;
		const recipients = recipientsOf(id);
		if (!recipients) return refuse(403, [nothingFound]);
		const [asked = ''] = valuesOf(request.query, books.reportFilter);
		if (books.reportFilter !== 'none' && !Object.hasOwn(statuses, asked))
			throw new WireMistake(422, `The status asked for is '${asked}'`);
		const numbers =
			books.reportFilter === 'none' ? Object.values(recipients).flat() : recipients[asked as ReportStatus];
		return listed(numbers.map(Number));
	}

	return [
		{ method: 'get', path: '/contacts', operation: 'getContacts', answer: getContacts },
		{ method: 'post', path: '/contacts', operation: 'createContact', answer: createContact },
		{ method: 'post', path: '/contacts/:id', operation: 'updateContact', answer: updateContact },
		{ method: 'delete', path: '/contacts/:id', operation: 'deleteContact', answer: deleteContact },
		{ method: 'get', path: '/groups', operation: 'getGroups', answer: getGroups },
		{ method: 'post', path: '/groups', operation: 'createGroup', answer: createGroup },
		{ method: 'get', path: '/incoming-messages', operation: 'getInbox', answer: getInbox },
		{ method: 'delete', path: '/incoming-messages/:id', operation: 'deleteMessage', answer: deleteMessage },
		{ method: 'get', path: '/sending/reports/:id/', operation: 'getReport', answer: getReport },
		{
			method: 'get',
			path: '/sending/reports/:id/view-details',
			operation: 'getReportDetails',
			answer: getReportDetails,
		},
	];
}

/** By operation: the keys without which a success of the above can't be told from anything else. */
export const essentialKeysOfLists = {
	getContacts: ['ID'],
	createContact: ['ID'],
	updateContact: ['ID'],
	getGroups: ['ID'],
	createGroup: ['ID'],
	getInbox: ['ID'],
	getReport: Object.values(statuses),
};
