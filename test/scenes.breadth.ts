import type { IDataObject } from 'n8n-workflow';
import type { Scene } from './scenes';
import { contactOf, incomingOf, type RecordedRequest, type Simulator } from './simulator';

/** Contacts, groups, incoming messages and reports. */
type ClubTextingScene = Omit<Scene, 'provider'>;

const people = [
	{ number: '2125550111', id: '4f0b5720734fada300000011', name: 'Winnie' },
	{ number: '2125550112', id: '4f0b5720734fada300000012', name: 'Piglet' },
];
const byNumber = { resource: 'contact', phoneNumber: '={{ $json.number }}' };
const groups = [{ name: 'Owls' }, { name: 'Bears' }];
const incoming = [
	{ id: 15168146, message: 'honey' },
	{ id: 15168147, message: 'acorns' },
];

/** Requests of one operation that the provider acted on, by item. */
function countActed(
	{ requests }: Simulator,
	operation: string,
	items: IDataObject[],
	belongs: (request: RecordedRequest, item: IDataObject) => boolean,
): number[] {
	const acted = requests.filter((request) => request.operation === operation && request.processed);
	return items.map((item) => acted.filter((request) => belongs(request, item)).length);
}

function knownPeople({ clubTexting: { books } }: Simulator): void {
	for (const { number, id, name } of people) contactOf(books, number, { id, firstName: name });
}

/** Two messages that have been sent. */
function sentMessages({ clubTexting: { books } }: Simulator): void {
	for (const { number } of people) {
		books.reports.set(number.slice(-4), { delivered: [number], bounced: ['2125550199'] });
	}
}

export const breadth: ClubTextingScene[] = [
	{
		name: 'clubTexting.message.getReport',
		parameters: { resource: 'message', operation: 'getReport', messageId: '={{ $json.number.slice(-4) }}' },
		items: people,
		request: 'getReport',
		prepare: sentMessages,
		successes: () =>
			people.map(({ number }) => [
				{
					messageId: number.slice(-4),
					delivered: 1,
					bounced: 1,
					notAvailable: 0,
					recipients: [
						{ phoneNumber: number, status: 'delivered' },
						{ phoneNumber: '2125550199', status: 'bounced' },
					],
				},
			]),
	},
	{
		name: 'clubTexting.contact.upsert',
		parameters: {
			...byNumber,
			operation: 'upsert',
			additionalFields: { firstName: '={{ $json.name }}', groups: ['honey lovers'] },
		},
		items: people,
		before: 'getContacts',
		request: 'createContact',
		// Found by the same search, and somebody else.
		prepare: ({ clubTexting: { books } }) => {
			for (const { number } of people) contactOf(books, `212555019${number.slice(-1)}`, { lastName: number });
		},
		effects: ({ clubTexting: { books } }) =>
			people.map(({ number }) => books.contacts.filter((contact) => contact.phoneNumber === number).length),
		successes: ({ clubTexting: { books } }) =>
			people.map(({ number, name }) => [
				{
					contactId: books.contacts.find(({ phoneNumber }) => phoneNumber === number)?.id,
					phoneNumber: number,
					firstName: name,
					groups: ['honey lovers'],
					optedOut: false,
					created: true,
				},
			]),
	},
	{
		name: 'clubTexting.contact.upsert (existing)',
		parameters: { ...byNumber, operation: 'upsert', additionalFields: { note: 'Likes honey' } },
		items: people,
		before: 'getContacts',
		request: 'updateContact',
		prepare: knownPeople,
		effects: (simulator) =>
			countActed(simulator, 'updateContact', people, ({ path }, { id }) => path.endsWith(String(id))),
		successes: () =>
			people.map(({ id, number, name }) => [
				{ contactId: id, phoneNumber: number, firstName: name, note: 'Likes honey', created: false },
			]),
	},
	{
		name: 'clubTexting.contact.getAll',
		parameters: { resource: 'contact', operation: 'getAll', returnAll: true },
		items: [{}, {}],
		request: 'getContacts',
		prepare: knownPeople,
		successes: () =>
			[0, 1].map(() =>
				[...people]
					.reverse()
					.map(({ id, number, name }) => ({ contactId: id, phoneNumber: number, firstName: name })),
			),
	},
	{
		name: 'clubTexting.contact.optOut',
		parameters: { ...byNumber, operation: 'optOut' },
		items: people,
		before: 'getContacts',
		request: 'updateContact',
		prepare: knownPeople,
		effects: (simulator) =>
			countActed(simulator, 'updateContact', people, ({ path }, { id }) => path.endsWith(String(id))),
		successes: () =>
			people.map(({ id, number }) => [{ contactId: id, phoneNumber: number, optedOut: true, changed: true }]),
	},
	{
		name: 'clubTexting.contact.delete',
		parameters: { ...byNumber, operation: 'delete' },
		items: people,
		before: 'getContacts',
		request: 'deleteContact',
		prepare: knownPeople,
		effects: (simulator) =>
			countActed(simulator, 'deleteContact', people, ({ path }, { id }) => path.endsWith(String(id))),
		successes: () => people.map(({ number }) => [{ phoneNumber: number, deleted: true }]),
	},
	{
		name: 'clubTexting.group.getAll',
		parameters: { resource: 'group', operation: 'getAll', returnAll: true },
		items: [{}, {}],
		request: 'getGroups',
		successes: () => [0, 1].map(() => [{ name: 'honey lovers', contactCount: 2 }]),
	},
	{
		name: 'clubTexting.group.create',
		parameters: { resource: 'group', operation: 'create', name: '={{ $json.name }}' },
		items: groups,
		request: 'createGroup',
		effects: ({ clubTexting: { books } }) => groups.map(({ name }) => (books.groups.has(name) ? 1 : 0)),
		successes: ({ clubTexting: { books } }) =>
			groups.map(({ name }) => [
				{ groupId: String(books.groupIds.get(name)), name, note: null, contactCount: 0 },
			]),
	},
	{
		name: 'clubTexting.incomingMessage.getAll',
		parameters: { resource: 'incomingMessage', operation: 'getAll', returnAll: true },
		items: [{}, {}],
		request: 'getInbox',
		prepare: ({ clubTexting: { books } }) => {
			for (const message of incoming) incomingOf(books, message);
		},
		successes: () =>
			[0, 1].map(() =>
				[...incoming]
					.reverse()
					.map(({ id, message }) => ({ incomingMessageId: String(id), message, unread: true })),
			),
	},
	{
		name: 'clubTexting.incomingMessage.delete',
		parameters: { resource: 'incomingMessage', operation: 'delete', incomingMessageId: '={{ $json.id }}' },
		items: incoming,
		request: 'deleteMessage',
		prepare: ({ clubTexting: { books } }) => {
			for (const message of incoming) incomingOf(books, message);
		},
		effects: (simulator) =>
			countActed(simulator, 'deleteMessage', incoming, ({ path }, { id }) => path.endsWith(String(id))),
		successes: () => incoming.map(({ id }) => [{ incomingMessageId: String(id), deleted: true }]),
	},
];
