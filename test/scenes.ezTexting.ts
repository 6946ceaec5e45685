import type { IDataObject } from 'n8n-workflow';
import type { Scene } from './scenes';
import type { Cast } from './scenes.cast';
import { acted, countEach, isAbout } from './scenes.effects';
import {
	anyLimit,
	anyNumber,
	dryRun,
	spendingLimit,
	VOLATILE_ACT,
	VOLATILE_CHARGE,
	VOLATILE_MESSAGE,
	VOLATILE_READ,
	VOLATILE_SENDING,
} from './scenes.volatile';
import { ezTextingContact, type RecordedRequest, type Simulator } from './simulator';

type EzTextingScene = Omit<Scene, 'provider'>;

/** All operations of EZ Texting. */
export function ezTextingOf(cast: Cast): EzTextingScene[] {
	const { people, credits, groups, keywords, nothings, texts } = cast;
	const byNumber = { resource: 'contact', phoneNumber: '={{ $json.number }}' };
	const NOT_ALLOWED = { text: 'This is not allowed' };

	const onFile = (number: unknown) => `1${String(number)}`;

	const isAboutNumber = ({ path, rawBody }: RecordedRequest, { number }: IDataObject) =>
		`${path} ${rawBody}`.includes(onFile(number));

	/** One status of all that a write may have, so that a fault does the same to it each time. */
	function oneStatus({ ezTexting: { books } }: Simulator): void {
		books.writeStatus = 200;
	}

	function knownPeople(simulator: Simulator): void {
		const { books } = simulator.ezTexting;
		oneStatus(simulator);
		for (const { number, name } of people) {
			ezTextingContact(books, number, { firstName: name, lastName: 'Milne', email: 'milne@example.com' });
			books.groups[0]!.members.push(onFile(number));
		}
	}

	/** To one person. */
	const messages = people.map((_, place) => ({ number: people[0]!.number, id: `27110000001${place}` }));

	/** Two texts that are to go out later. */
	function sentMessages(simulator: Simulator): void {
		const { books } = simulator.ezTexting;
		oneStatus(simulator);
		for (const [place, { id, number }] of messages.entries()) {
			const sentAt = `2026-11-0${place + 1}T10:00:00.000Z`;
			books.sendings.push({ id, numbers: [onFile(number)], groupIds: [], message: 'Honey', sendAt: null });
			books.delivered.push({ number: onFile(number), message: 'Honey', messageId: id });
			books.rows.push({
				...{ id, contactNumber: onFile(number), inbound: false, message: 'Honey', sentAt },
				...{ unread: false, pending: true, optOut: false },
			});
		}
	}

	const buying = (items: IDataObject[]): EzTextingScene => ({
		name: 'ezTexting.credit.buy',
		parameters: {
			resource: 'credit',
			operation: 'buy',
			numberOfCredits: '={{ $json.credits }}',
			storedCardLastFour: '1111',
		},
		items,
		request: 'buy',
		before: 'getBalance',
		// What it says would make what faults do to it another thing each time.
		prepare: (simulator) => {
			oneStatus(simulator);
			simulator.ezTexting.books.purchaseIsSilent = true;
		},
		charges: true,
		refusal: { text: 'credits: this number of credits is not for sale' },
		edited: { numberOfCredits: '={{ $json.credits + 50 }}' },
		volatile: {
			numberOfCredits: '={{ $json.credits + Math.floor(Math.random() * 50) }}',
			storedCardLastFour: '={{ "1111" + (Math.random() < 0.5 ? "" : " ") }}',
			spendingLimit,
			dryRun,
			options: { ...VOLATILE_CHARGE, couponCode: '={{ $now.toMillis() > 0 ? "ROO" : "HONEY" }}' },
		},
		effects: ({ ezTexting: { books } }) =>
			countEach(items, books.charges, (charge, { credits }) => isAbout(charge.credits, credits, 100)),
		successes: ({ ezTexting: { books } }) =>
			items.map((item) => {
				const bought = books.charges.find(({ credits }) => isAbout(credits, item.credits, 100));
				return [{ boughtCredits: bought?.credits }];
			}),
	});

	function send(name: string, message: string, items: IDataObject[]): EzTextingScene {
		const numbersOf = ({ to }: IDataObject) => String(to).split(', ');
		return {
			name,
			parameters: { resource: 'message', operation: 'send', phoneNumbers: '={{ $json.to }}', message },
			items,
			request: 'send',
			shared: true,
			refusal: NOT_ALLOWED,
			edited: { message: 'Acorns are ready' },
			volatile: {
				...VOLATILE_MESSAGE,
				options: {
					...VOLATILE_SENDING,
					companyName: '=No {{ $execution.id }}',
					fromNumber: '={{ Math.random() < 0.5 ? "3135550199" : "13135550199" }}',
					invalidNumbers: '={{ $now.toMillis() > 0 ? "reject" : "drop" }}',
					mediaUrl: '={{ "https://example.com/" + $execution.id }}',
					requestsPerMinute: '={{ 180 + Number($execution.id) % 10 }}',
				},
			},
			effects: ({ ezTexting: { books } }) =>
				items.map((item) =>
					Math.max(
						...numbersOf(item).map(
							(number) => books.rows.filter(({ contactNumber }) => contactNumber === onFile(number)).length,
						),
					),
				),
			successes: ({ ezTexting: { books } }) =>
				items.map((item) => {
					const numbers = numbersOf(item);
					const sent = books.sendings.find((sending) => sending.numbers.includes(onFile(numbers[0])));
					return [{ messageId: sent?.id, recipients: numbers, message: sent?.message }];
				}),
		};
	}

	const personal = send('ezTexting.message.send (personal)', '={{ $json.text }}', texts);

	return [
		send('ezTexting.message.send', 'Honey is ready', [
			{ to: '2125550101' },
			{ to: '2125550102, 2125550103' },
			{ to: '2125550104' },
		]),
		{
			...personal,
			shared: undefined,
			edited: { message: '={{ $json.text + "!" }}' },
			volatile: {
				...personal.volatile,
				message: '={{ $json.text }} {{ $now.toMillis() }} {{ Math.random() }}',
			},
		},
		{
			name: 'ezTexting.contact.block',
			parameters: { ...byNumber, operation: 'block' },
			items: people,
			request: 'block',
			prepare: oneStatus,
			refusal: NOT_ALLOWED,
			edited: { phoneNumber: '={{ "1" + $json.number }}' },
			volatile: { phoneNumber: anyNumber, dryRun, options: VOLATILE_ACT },
			effects: (simulator) => countEach(people, acted(simulator, 'block'), isAboutNumber),
			successes: () => people.map(({ number }) => [{ phoneNumber: number, blocked: true }]),
		},
		{
			name: 'ezTexting.contact.upsert',
			parameters: {
				...byNumber,
				operation: 'upsert',
				additionalFields: { firstName: '={{ $json.name }}', groups: ['honey lovers'] },
			},
			items: people,
			before: 'getContact',
			request: 'upsertContact',
			refusal: NOT_ALLOWED,
			edited: { additionalFields: { firstName: '={{ $json.name + " B." }}', groups: ['honey lovers'] } },
			volatile: {
				phoneNumber: anyNumber,
				dryRun,
				additionalFields: {
					firstName: '={{ $json.name }} {{ $now.millisecond }}',
					lastName: '={{ "Milne" + $now.millisecond }}',
					email: '={{ "pooh" + $now.toMillis() + "@example.com" }}',
					note: '=At {{ $now.toISO() }}',
					groups: '={{ Math.random() < 0.5 ? "honey lovers" : "Honey Lovers" }}',
					groupsToLeave: '={{ $now.toMillis() > 0 ? [] : "honey lovers" }}',
					customFields: { field: [{ name: 'Mood', value: '=At {{ $now.millisecond }}' }] },
				},
				options: { ...VOLATILE_ACT, createMissingGroups: '={{ Math.random() < 0.5 }}' },
			},
			prepare: knownPeople,
			effects: (simulator) => countEach(people, acted(simulator, 'upsertContact'), isAboutNumber),
			successes: ({ ezTexting: { books } }) =>
				people.map(({ number }) => [
					{
						phoneNumber: number,
						firstName: books.contacts.get(onFile(number))?.firstName,
						groups: ['honey lovers'],
						optedOut: false,
						created: false,
					},
				]),
		},
		{
			name: 'ezTexting.contact.get',
			parameters: { ...byNumber, operation: 'get' },
			items: people,
			request: 'getContact',
			prepare: knownPeople,
			volatile: { phoneNumber: anyNumber, options: VOLATILE_READ },
			successes: () => people.map(({ number, name }) => [{ phoneNumber: number, firstName: name }]),
		},
		{
			name: 'ezTexting.contact.getAll',
			parameters: { resource: 'contact', operation: 'getAll', returnAll: true },
			items: nothings,
			request: 'getContacts',
			prepare: knownPeople,
			volatile: {
				...anyLimit,
				filters: {
					optedOut: '={{ Math.random() < 0.5 ? "any" : "no" }}',
					group: '={{ $now.toMillis() > 0 ? "honey lovers" : "" }}',
					firstName: '={{ Math.random() < 0.5 ? "i" : "I" }}',
					lastName: '={{ Math.random() < 0.5 ? "i" : "I" }}',
					email: '={{ Math.random() < 0.5 ? "i" : "I" }}',
					source: '={{ $now.toMillis() > 0 ? "API" : "Upload" }}',
				},
				options: VOLATILE_READ,
			},
			successes: () =>
				nothings.map(() =>
					[...people].reverse().map(({ number, name }) => ({ phoneNumber: number, firstName: name })),
				),
		},
		{
			name: 'ezTexting.contact.delete',
			parameters: { ...byNumber, operation: 'delete' },
			items: people,
			before: 'getContact',
			seen: 'invalid',
			request: 'deleteContact',
			prepare: knownPeople,
			refusal: NOT_ALLOWED,
			edited: { phoneNumber: '={{ "1" + $json.number }}' },
			volatile: { phoneNumber: anyNumber, dryRun, options: VOLATILE_ACT },
			effects: (simulator) => countEach(people, acted(simulator, 'deleteContact'), isAboutNumber),
			successes: () => people.map(({ number }) => [{ phoneNumber: number, deleted: true }]),
		},
		{
			name: 'ezTexting.credit.getBalance',
			parameters: { resource: 'credit', operation: 'getBalance' },
			items: nothings,
			request: 'getBalance',
			volatile: { options: VOLATILE_READ },
			successes: ({ ezTexting: { books } }) =>
				nothings.map(() => [
					{
						planCredits: books.planCredits,
						anytimeCredits: books.anytimeCredits,
						totalCredits: books.planCredits + books.anytimeCredits,
					},
				]),
		},
		buying(credits),
		{
			...buying(credits),
			name: 'ezTexting.credit.topUp',
			parameters: {
				resource: 'credit',
				operation: 'topUp',
				minimumCredits: 1_000_000,
				numberOfCredits: '={{ $json.credits }}',
				storedCardLastFour: '1111',
			},
			volatile: {
				minimumCredits: '={{ 1000000 + $now.millisecond }}',
				numberOfCredits: '={{ $json.credits + Math.floor(Math.random() * 50) }}',
				storedCardLastFour: '={{ "1111" + (Math.random() < 0.5 ? "" : " ") }}',
				spendingLimit,
				dryRun,
				options: {
					...VOLATILE_CHARGE,
					couponCode: '={{ $now.toMillis() > 0 ? "ROO" : "HONEY" }}',
					topUpTo: '={{ $now.toMillis() > 0 ? 0 : 1 }}',
				},
			},
		},
		{
			name: 'ezTexting.group.getAll',
			parameters: { resource: 'group', operation: 'getAll', returnAll: true },
			items: nothings,
			request: 'getGroups',
			volatile: { ...anyLimit, options: VOLATILE_READ },
			successes: () =>
				nothings.map(() => [{ groupId: '46300000001', name: 'honey lovers', contactCount: 0 }]),
		},
		{
			name: 'ezTexting.group.create',
			parameters: { resource: 'group', operation: 'create', name: '={{ $json.name }}' },
			items: groups,
			request: 'createGroup',
			refusal: NOT_ALLOWED,
			edited: { name: '={{ $json.name + " too" }}' },
			volatile: {
				name: '={{ $json.name }} {{ $now.toMillis() }}',
				dryRun,
				options: { ...VOLATILE_ACT, note: '={{ $now.toISO() }}' },
			},
			effects: ({ ezTexting: { books } }) =>
				groups.map(({ name }) => books.groups.filter((group) => group.name.startsWith(name)).length),
			successes: ({ ezTexting: { books } }) =>
				groups.map(({ name }) => {
					const made = books.groups.find((group) => group.name.startsWith(name));
					return [{ groupId: made?.id, name: made?.name }];
				}),
		},
		{
			name: 'ezTexting.keyword.checkAvailability',
			parameters: { resource: 'keyword', operation: 'checkAvailability', keyword: '={{ $json.keyword }}' },
			items: keywords,
			request: 'checkKeyword',
			volatile: {
				keyword: '={{ $json.keyword + (Math.random() < 0.5 ? " " : "") }}',
				options: VOLATILE_READ,
			},
			successes: () => keywords.map(({ keyword }) => [{ keyword, available: true }]),
		},
		{
			name: 'ezTexting.keyword.get',
			parameters: { resource: 'keyword', operation: 'get', keyword: '={{ $json.keyword }}' },
			items: keywords,
			request: 'getKeyword',
			prepare: ({ ezTexting: { books } }) => {
				for (const [place, { keyword }] of keywords.entries())
					books.keywords.set(keyword, { id: place + 7, keyword, joinMessage: 'Welcome' });
			},
			volatile: {
				keyword: '={{ $json.keyword + (Math.random() < 0.5 ? " " : "") }}',
				options: VOLATILE_READ,
			},
			successes: () =>
				keywords.map(({ keyword }, place) => [
					{ keywordId: String(place + 7), keyword, joinMessage: 'Welcome', groupIds: [] },
				]),
		},
		{
			name: 'ezTexting.message.cancel',
			parameters: { resource: 'message', operation: 'cancel', messageId: '={{ $json.id }}' },
			items: messages,
			request: 'deleteMessages',
			prepare: sentMessages,
			refusal: NOT_ALLOWED,
			edited: { messageId: '={{ $json.id + " " }}' },
			volatile: {
				messageId: '={{ $json.id + (Math.random() < 0.5 ? " " : "") }}',
				dryRun,
				options: VOLATILE_ACT,
			},
			effects: (simulator) =>
				countEach(messages, acted(simulator, 'deleteMessages'), ({ rawBody }, { id }) =>
					rawBody.includes(String(id)),
				),
			successes: () => messages.map(({ id }) => [{ messageId: id, deleted: true }]),
		},
		{
			name: 'ezTexting.message.getAll',
			parameters: { resource: 'message', operation: 'getAll', returnAll: true },
			items: nothings,
			request: 'getMessages',
			prepare: sentMessages,
			volatile: {
				...anyLimit,
				filters: {
					direction: '={{ Math.random() < 0.5 ? "any" : "sent" }}',
					phoneNumber: '={{ $now.toMillis() > 0 ? "2125550111" : "" }}',
					after: '={{ $now.minus({ years: 2 }) }}',
					before: '={{ $now.plus({ years: 2 }) }}',
					unread: '={{ $now.toMillis() < 0 }}',
					scheduled: '={{ $now.toMillis() > 0 }}',
				},
				options: VOLATILE_READ,
			},
			successes: () =>
				nothings.map(() =>
					[...messages]
						.reverse()
						.map(({ id, number }) => ({ messageId: id, phoneNumber: number, direction: 'sent' })),
				),
		},
		{
			name: 'ezTexting.message.getReport',
			parameters: { resource: 'message', operation: 'getReport', messageId: '={{ $json.id }}' },
			items: messages,
			request: 'getReport',
			prepare: sentMessages,
			volatile: {
				messageId: '={{ $json.id + (Math.random() < 0.5 ? " " : "") }}',
				options: VOLATILE_READ,
			},
			successes: () =>
				messages.map(({ id }) => [
					{ messageId: id, delivered: 1, bounced: 0, notSent: 0, recipientsCount: 1, credits: 1 },
				]),
		},
	];
}
