import type { Scene } from './scenes';
import { castOf, type Cast } from './scenes.cast';
import { acted, countEach } from './scenes.effects';
import { anyLimit, anyNumber, dryRun, VOLATILE_ACT, VOLATILE_READ } from './scenes.volatile';
import { contactOf, incomingOf, type Simulator } from './simulator';

/** Contacts, groups, incoming messages and reports. */
type ClubTextingScene = Omit<Scene, 'provider'>;

const byNumber = { resource: 'contact', phoneNumber: '={{ $json.number }}' };
/** Refusals of the provider that concern what one item asks for. */
const LOCKED = { text: 'PhoneNumber: This contact has opted out' };
const NOT_FOUND = { text: 'Sorry, nothing was found' };
const EXISTS = { text: 'Name: This group exists already' };
type People = Cast['people'];

function knownPeople({ clubTexting: { books } }: Simulator, people: People): void {
	for (const { number, id, name } of people) contactOf(books, number, { id, firstName: name });
}

/** Two messages that have been sent. */
function sentMessages({ clubTexting: { books } }: Simulator, people: People): void {
	for (const { number } of people) {
		books.reports.set(number.slice(-4), { delivered: [number], bounced: ['2125550199'] });
	}
}

export const breadthOf = ({ nothings, people, groups, incoming }: Cast): ClubTextingScene[] => [
	{
		name: 'clubTexting.message.getReport',
		parameters: { resource: 'message', operation: 'getReport', messageId: '={{ $json.number.slice(-4) }}' },
		items: people,
		request: 'getReport',
		prepare: (simulator) => sentMessages(simulator, people),
		volatile: {
			messageId: '={{ $json.number.slice(-4) + (Math.random() < 0.5 ? "" : " ") }}',
			options: { ...VOLATILE_READ, includeRecipients: '={{ $now.toMillis() > 0 }}' },
		},
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
		refusal: { text: 'FirstName: This name is not allowed' },
		edited: { additionalFields: { firstName: '={{ $json.name + " B." }}', groups: ['honey lovers'] } },
		volatile: {
			phoneNumber: anyNumber,
			dryRun,
			additionalFields: {
				firstName: '={{ $json.name }} {{ $now.toMillis() }}',
				lastName: '={{ "Milne" + Math.random() }}',
				email: '={{ "pooh" + $now.toMillis() + "@example.com" }}',
				note: '=At {{ $now.toISO() }}',
				groups: '={{ Math.random() < 0.5 ? "honey lovers" : "Honey Lovers" }}',
			},
			options: { ...VOLATILE_ACT, createMissingGroups: '={{ Math.random() < 0.5 }}' },
		},
		// Found by the same search, and somebody else.
		prepare: ({ clubTexting: { books } }) => {
			for (const { number } of people) contactOf(books, `212555019${number.slice(-1)}`, { lastName: number });
		},
		effects: (simulator) =>
			countEach(people, acted(simulator, 'createContact'), ({ form }, { number }) =>
				Boolean(form?.some(([name, value]) => name === 'PhoneNumber' && value === number)),
			),
		successes: ({ clubTexting: { books } }) =>
			people.map(({ number }) => {
				const contact = books.contacts.find(({ phoneNumber }) => phoneNumber === number);
				return [
					{
						contactId: contact?.id,
						phoneNumber: number,
						firstName: contact?.firstName,
						groups: ['honey lovers'],
						optedOut: false,
						created: true,
					},
				];
			}),
	},
	{
		name: 'clubTexting.contact.upsert (existing)',
		parameters: { ...byNumber, operation: 'upsert', additionalFields: { note: 'Likes honey' } },
		items: people,
		before: 'getContacts',
		request: 'updateContact',
		prepare: (simulator) => knownPeople(simulator, people),
		refusal: LOCKED,
		edited: { additionalFields: { note: 'Likes acorns' } },
		volatile: {
			phoneNumber: anyNumber,
			dryRun,
			additionalFields: { note: '=Likes honey {{ $now.toMillis() }} {{ Math.random() }}' },
			options: VOLATILE_ACT,
		},
		effects: (simulator) =>
			countEach(people, acted(simulator, 'updateContact'), ({ path }, { id }) => path.endsWith(String(id))),
		successes: ({ clubTexting: { books } }) =>
			people.map(({ id, number, name }) => {
				const note = books.contacts.find((contact) => contact.id === id)?.note;
				return [{ contactId: id, phoneNumber: number, firstName: name, note, created: false }];
			}),
	},
	{
		name: 'clubTexting.contact.get',
		parameters: { ...byNumber, operation: 'get' },
		items: people,
		request: 'getContacts',
		prepare: (simulator) => knownPeople(simulator, people),
		volatile: { phoneNumber: anyNumber, options: VOLATILE_READ },
		successes: () =>
			people.map(({ id, number, name }) => [
				{ contactId: id, phoneNumber: number, firstName: name, optedOut: false },
			]),
	},
	{
		name: 'clubTexting.contact.getAll',
		parameters: { resource: 'contact', operation: 'getAll', returnAll: true },
		items: nothings,
		request: 'getContacts',
		prepare: (simulator) => knownPeople(simulator, people),
		volatile: {
			...anyLimit,
			filters: {
				optedOut: '={{ Math.random() < 0.5 ? "any" : "no" }}',
				query: '={{ Math.random() < 0.5 ? "2125550" : "21255501" }}',
				source: '={{ Math.random() < 0.5 ? "API" : "api" }}',
			},
			options: VOLATILE_READ,
		},
		successes: () =>
			nothings.map(() =>
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
		seen: 'success',
		request: 'updateContact',
		prepare: (simulator) => knownPeople(simulator, people),
		refusal: LOCKED,
		edited: { phoneNumber: '={{ "1" + $json.number }}' },
		volatile: { phoneNumber: anyNumber, dryRun, options: VOLATILE_ACT },
		effects: (simulator) =>
			countEach(people, acted(simulator, 'updateContact'), ({ path }, { id }) => path.endsWith(String(id))),
		successes: () => people.map(({ id, number }) => [{ contactId: id, phoneNumber: number, optedOut: true }]),
	},
	{
		name: 'clubTexting.contact.delete',
		parameters: { ...byNumber, operation: 'delete' },
		items: people,
		before: 'getContacts',
		seen: 'invalid',
		request: 'deleteContact',
		prepare: (simulator) => knownPeople(simulator, people),
		refusal: LOCKED,
		edited: { phoneNumber: '={{ "1" + $json.number }}' },
		volatile: { phoneNumber: anyNumber, dryRun, options: VOLATILE_ACT },
		effects: (simulator) =>
			countEach(people, acted(simulator, 'deleteContact'), ({ path }, { id }) => path.endsWith(String(id))),
		successes: () => people.map(({ number }) => [{ phoneNumber: number, deleted: true }]),
	},
	{
		name: 'clubTexting.group.getAll',
		parameters: { resource: 'group', operation: 'getAll', returnAll: true },
		items: nothings,
		request: 'getGroups',
		volatile: { ...anyLimit, options: VOLATILE_READ },
		successes: () => nothings.map(() => [{ name: 'honey lovers', contactCount: 2 }]),
	},
	{
		name: 'clubTexting.group.create',
		parameters: { resource: 'group', operation: 'create', name: '={{ $json.name }}' },
		items: groups,
		request: 'createGroup',
		refusal: EXISTS,
		edited: { name: '={{ $json.name + "!" }}' },
		volatile: {
			name: '={{ $json.name }} {{ $now.toMillis() }}',
			dryRun,
			options: { ...VOLATILE_ACT, note: '=At {{ $now.toISO() }}' },
		},
		effects: ({ clubTexting: { books } }) =>
			groups.map(({ name }) => [...books.groups.keys()].filter((made) => made.startsWith(name)).length),
		successes: ({ clubTexting: { books } }) =>
			groups.map((item) => {
				const name = [...books.groups.keys()].find((made) => made.startsWith(item.name));
				const note = books.groupNotes.get(name ?? '');
				return [
					{
						groupId: String(books.groupIds.get(name ?? '')),
						name,
						note: note ? note : null,
						contactCount: 0,
					},
				];
			}),
	},
	{
		name: 'clubTexting.incomingMessage.getAll',
		parameters: { resource: 'incomingMessage', operation: 'getAll', returnAll: true },
		items: nothings,
		request: 'getInbox',
		volatile: {
			...anyLimit,
			filters: {
				search: '={{ Math.random() < 0.5 ? "2125550" : "21255501" }}',
				folderId: '={{ $now.toMillis() > 0 ? "0" : "1" }}',
			},
			options: VOLATILE_READ,
		},
		prepare: ({ clubTexting: { books } }) => {
			for (const message of incoming) incomingOf(books, message);
		},
		successes: () =>
			nothings.map(() =>
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
		refusal: NOT_FOUND,
		edited: { incomingMessageId: '={{ String($json.id) }}' },
		volatile: {
			incomingMessageId: '={{ Math.random() < 0.5 ? $json.id : $json.id + " " }}',
			dryRun,
			options: VOLATILE_ACT,
		},
		prepare: ({ clubTexting: { books } }) => {
			for (const message of incoming) incomingOf(books, message);
		},
		effects: (simulator) =>
			countEach(incoming, acted(simulator, 'deleteMessage'), ({ path }, { id }) => path.endsWith(String(id))),
		successes: () => incoming.map(({ id }) => [{ incomingMessageId: String(id), deleted: true }]),
	},
];

export const breadth = breadthOf(castOf(2));
