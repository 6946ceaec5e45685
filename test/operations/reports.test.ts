import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { incomingOf, type ClubTextingBooks } from '../simulator';
import { formsOf, going, itemsOf, lines, openBenches, pairs } from '../harness';

/** What is read beside contacts: delivery reports, groups, the inbox. */
const { bench, it: test } = openBenches();
const books = (): ClubTextingBooks => bench.simulator.clubTexting.books;

describe('message.getReport', () => {
	const getReport = async (items: IDataObject[], options: INodeParameters = {}) =>
		await bench.run(
			'clubTexting',
			{ resource: 'message', operation: 'getReport', messageId: '={{ $json.id }}', options },
			items,
			going,
		);
	const numbers = ['2125550101', '2125550102', '2125550103'];

	test('after a send in several requests: an item for each message ID, with what became of each recipient', async () => {
		books().globalOptOuts.add('2125550103');
		const sent = await bench.run(
			'clubTexting',
			{
				resource: 'message',
				operation: 'send',
				phoneNumbers: numbers.join(),
				message: 'Honey is ready',
				options: { recipientsPerRequest: 2, requestsPerSecond: 1000 },
			},
			[{}],
		);
		const [{ messageIds } = {}] = itemsOf(sent);
		const result = await getReport([{ id: messageIds }, { id: (messageIds as string[])[1] }]);
		const [first, second] = messageIds as string[];
		const none = { bounced: 0, notAvailable: 0, notSentNoCredits: 0 };
		const ofSecond = {
			messageId: second,
			...none,
			delivered: 0,
			notSentOptedOut: 1,
			recipients: [{ phoneNumber: '2125550103', status: 'optedOut' }],
		};
		expect(itemsOf(result)).toEqual([
			{
				messageId: first,
				...none,
				delivered: 2,
				notSentOptedOut: 0,
				recipients: [
					{ phoneNumber: '2125550101', status: 'delivered' },
					{ phoneNumber: '2125550102', status: 'delivered' },
				],
			},
			ofSecond,
			ofSecond,
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 0 }, { item: 1 }]);
		const asked = lines(bench.simulator.requests.filter(({ method }) => method === 'GET'));
		expect(asked.slice(0, 6)).toEqual([
			`GET /sending/reports/${first}/?format=json`,
			...['na', 'delivered', 'bounced', 'no_credits', 'opted_out'].map(
				(status) =>
					`GET /sending/reports/${first}/view-details?format=json&status=${status}&Status=${status}`,
			),
		]);
	});

	const everything = {
		delivered: ['2125550101'],
		bounced: ['2125550102'],
		na: ['2125550103'],
		no_credits: ['2125550104'],
		opted_out: ['2125550105'],
	};

	test('of several messages gives what it can: the one that is not known fails among them', async () => {
		books().reports.set('11', { delivered: ['2125550101'] });
		books().reports.set('12', { bounced: ['2125550102'] });
		const items = [{ id: '11,99' }, { id: '99, 12' }, { id: '99' }];
		const result = await getReport(items, { includeRawReply: true });
		const failed = {
			error: expect.stringContaining('the message with the ID 99 is not known to Club Texting') as unknown,
			details: { outcome: 'refused', operation: 'message.getReport' },
		};
		expect(itemsOf(result)).toMatchObject([
			{ messageId: '11', delivered: 1 },
			failed,
			failed,
			{ messageId: '12', bounced: 1 },
			failed,
		]);
		expect(itemsOf(result)[1]!.error).toContain('Message 99: ');
		expect(pairs(result)).toEqual([0, 0, 1, 1, 2].map((item) => ({ item })));

		const parameters = { resource: 'message', operation: 'getReport', messageId: '={{ $json.id }}' };
		const branches = await bench.run('clubTexting', parameters, items, { onError: 'continueErrorOutput' });
		expect(itemsOf(branches).map(({ messageId }) => messageId)).toEqual(['11', '12']);
		expect(pairs(branches, 1)).toEqual([0, 1, 2].map((item) => ({ item })));
		const stopped = await bench.run('clubTexting', parameters, items);
		expect(stopped.error?.message).toContain('Message 99: ');
	});

	test('asks for no more of them once the log-in is refused', async () => {
		books().reports.set('11', { delivered: ['2125550101'] });
		bench.simulator.order({ fault: 'status401', after: 1, times: Infinity });
		const result = await getReport([{ id: '11,12,13' }, { id: '11' }], { includeRecipients: false });
		const refused = { details: { outcome: 'refused', affects: 'run' } };
		expect(itemsOf(result)).toMatchObject([
			{ messageId: '11' },
			refused,
			refused,
			{ details: { outcome: 'notSent' } },
		]);
		expect(bench.simulator.requests).toHaveLength(2);
		for (const [place, id] of ['12', '13'].entries())
			expect(itemsOf(result)[place + 1]!.error).toContain(`Message ${id}: `);
	});

	test.each(['status', 'Status'] as const)(
		'understands lists that are selected by “%s”',
		async (reportFilter) => {
			Object.assign(books(), { reportFilter, zerosInReports: false, emptyLists: 'absent' });
			books().reports.set('1', everything);
			books().reports.set('2', { delivered: ['2125550101'] });
			const result = await getReport([{ id: 1 }, { id: '2' }]);
			expect(itemsOf(result)).toEqual([
				{
					messageId: '1',
					delivered: 1,
					bounced: 1,
					notAvailable: 1,
					notSentNoCredits: 1,
					notSentOptedOut: 1,
					recipients: expect.arrayContaining([
						{ phoneNumber: '2125550101', status: 'delivered' },
						{ phoneNumber: '2125550102', status: 'bounced' },
						{ phoneNumber: '2125550103', status: 'notAvailable' },
						{ phoneNumber: '2125550104', status: 'noCredits' },
						{ phoneNumber: '2125550105', status: 'optedOut' },
					]) as unknown,
				},
				{
					messageId: '2',
					delivered: 1,
					bounced: 0,
					notAvailable: 0,
					notSentNoCredits: 0,
					notSentOptedOut: 0,
					recipients: [{ phoneNumber: '2125550101', status: 'delivered' }],
				},
			]);
		},
	);

	test('says so where counts and lists disagree', async () => {
		books().reports.set('1', everything);
		books().reportCounts.set('1', { delivered: 3, na: 0 });
		books().reports.set('2', { delivered: ['2125550101'] });
		const result = await getReport([{ id: 1 }, { id: 2 }]);
		expect(itemsOf(result).map(({ disagreement }) => disagreement)).toEqual([
			'delivered: 3 counted, 1 listed; notAvailable: 0 counted, 1 listed',
			undefined,
		]);
		books().reportFilter = 'none';
		expect(itemsOf(await getReport([{ id: 1 }]))[0]).toHaveProperty('disagreement');
	});

	test('of a recipient with more said of it, only the number is taken for one', async () => {
		books().reports.set('1', { delivered: ['2125550101'] });
		const recipient = { PhoneNumber: '(212) 555-0101', MessageID: 2125550177, SentOn: '1305582245' };
		const wide = { ...recipient, PhoneNumber: '（２１２）５５５－０１０１' };
		for (const listed of [recipient, { Entry: recipient }, [wide], { 1: '２１２５５５０１０１' }]) {
			const body = JSON.stringify({ Response: { Status: 'Success', Code: 200, Entries: listed } });
			bench.simulator.order({ operation: 'getReportDetails', fault: 'body', body, status: 200, after: 1 });
			const [item] = itemsOf(await getReport([{ id: 1 }]));
			expect(item).not.toHaveProperty('disagreement');
			expect(item!.recipients).toEqual([{ phoneNumber: '2125550101', status: 'delivered' }]);
		}
	});

	test('without recipients it asks for the counts alone; XML has them under names of its own', async () => {
		books().reports.set('1', everything);
		bench.simulator.order({ fault: 'otherFormat', operation: 'getReport' });
		const result = await getReport([{ id: 1 }, { id: 1 }], { includeRecipients: false });
		const [first, second] = itemsOf(result);
		expect(first).toEqual(second);
		expect(first).toMatchObject({ notAvailable: 1, notSentOptedOut: 1, recipients: [] });
		expect(bench.simulator.requests).toHaveLength(2);
	});

	test('an unknown message in the middle, an ID that is none, and a report without counts', async () => {
		books().reports.set('1', everything);
		bench.simulator.order({ fault: 'withoutId', operation: 'getReport', after: 2, times: 3 });
		const items = [{ id: '1' }, { id: '7' }, { id: 'x7' }, { id: '1' }];
		const result = await getReport(items, { includeRecipients: false });
		expect(itemsOf(result)).toMatchObject([
			{ messageId: '1', delivered: 1 },
			{ error: expect.stringContaining('nothing was found') as string, details: { outcome: 'refused' } },
			{ error: expect.stringContaining('“Message ID” must be the number') as string },
			{ error: expect.stringContaining('no counts') as string, details: { outcome: 'unknown' } },
		]);
	});
});

describe('group', () => {
	test('getAll and create', async () => {
		const made = await bench.run(
			'clubTexting',
			{
				resource: 'group',
				operation: 'create',
				name: '={{ $json.name }}',
				options: { note: '={{ $json.note }}' },
			},
			[{ name: 'Owls', note: 'At night' }, { name: 'honey lovers' }, { name: 'Bears' }],
			going,
		);
		const { groupIds } = books();
		expect(itemsOf(made)).toMatchObject([
			{ groupId: String(groupIds.get('Owls')), name: 'Owls', note: 'At night', contactCount: 0 },
			{ details: { outcome: 'refused', operation: 'group.create' } },
			{ groupId: String(groupIds.get('Bears')), name: 'Bears', note: null, contactCount: 0 },
		]);
		expect(pairs(made)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(formsOf(bench.simulator.requests).map((form) => form?.slice(2))).toEqual([
			[
				['Name', 'Owls'],
				['Note', 'At night'],
			],
			[['Name', 'honey lovers']],
			[['Name', 'Bears']],
		]);
		const all = await bench.run('clubTexting', { resource: 'group', operation: 'getAll', returnAll: true }, [
			{},
		]);
		expect(itemsOf(all).map(({ name, contactCount }) => [name, contactCount])).toEqual([
			['Bears', 0],
			['Owls', 0],
			['honey lovers', 2],
		]);
	});
});

describe('incomingMessage', () => {
	const getAll = async (filters: INodeParameters, items: IDataObject[]) =>
		await bench.run('clubTexting', { resource: 'incomingMessage', operation: 'getAll', filters }, items);

	test.each([false, true])('getAll; identifiers as texts: %p', async (inboxAsTexts) => {
		books().inboxAsTexts = inboxAsTexts;
		incomingOf(books(), { id: 7, message: 'honey please', receivedOn: '12-03-2015 6:50 AM' });
		incomingOf(books(), {
			id: 8,
			message: 'STOP',
			phoneNumber: '2125550102',
			unread: false,
			folderId: 5656,
			contactId: '56601e90e47203326c8b456d',
			receivedOn: '12-04-2015 6:50 AM',
		});
		const result = await getAll({}, [{}]);
		expect(itemsOf(result)).toEqual([
			{
				incomingMessageId: '8',
				phoneNumber: '2125550102',
				message: 'STOP',
				subject: null,
				unread: false,
				folderId: '5656',
				contactId: '56601e90e47203326c8b456d',
				receivedAt: '12-04-2015 6:50 AM',
			},
			{
				incomingMessageId: '7',
				phoneNumber: '2125550101',
				message: 'honey please',
				subject: null,
				unread: true,
				folderId: null,
				contactId: null,
				receivedAt: '12-03-2015 6:50 AM',
			},
		]);
		const searched = await getAll({ search: '={{ $json.text }}', folderId: '={{ $json.folder }}' }, [
			{ text: 'honey', folder: '0' },
			{ text: '2125550102', folder: 5656 },
		]);
		expect(itemsOf(searched).map(({ incomingMessageId }) => incomingMessageId)).toEqual(['7', '8']);
		expect(pairs(searched)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(lines(bench.simulator.requests)).toEqual([
			'GET /incoming-messages?format=json&sortBy=ReceivedOn&sortDir=desc&itemsPerPage=50&page=1',
			'GET /incoming-messages?format=json&sortBy=ReceivedOn&sortDir=desc&Search=honey&FolderID=0&itemsPerPage=50&page=1',
			'GET /incoming-messages?format=json&sortBy=ReceivedOn&sortDir=desc&Search=2125550102&FolderID=5656&itemsPerPage=50&page=1',
		]);
	});

	test('delete; one that is not there, in the middle, and what is no ID', async () => {
		incomingOf(books(), { id: 7, message: 'honey' });
		incomingOf(books(), { id: 8, message: 'acorns' });
		const result = await bench.run(
			'clubTexting',
			{ resource: 'incomingMessage', operation: 'delete', incomingMessageId: '={{ $json.id }}' },
			[{ id: 7 }, { id: 9 }, { id: '../contacts/1' }, { id: '8' }],
			going,
		);
		expect(itemsOf(result)).toMatchObject([
			{ incomingMessageId: '7', deleted: true },
			{ details: { outcome: 'refused', operation: 'incomingMessage.delete' } },
			{ details: { outcome: 'invalid' } },
			{ incomingMessageId: '8', deleted: true },
		]);
		expect(books().inbox).toEqual([]);
		expect(lines(bench.simulator.requests)).toEqual(
			['7', '9', '8'].map((id) => `DELETE /incoming-messages/${id}?format=json`),
		);
	});
});
