import type { IDataObject } from 'n8n-workflow';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { perSecond } from '../../nodes/shared/http/rateLimiter';
import type { Polled, PublishedPoller } from '../engine';
import { openBench } from '../harness';
import { credentialsFor, inboxPollingType } from '../scenes';
import { contactOf, incomingOf } from '../simulator';

// Long lists would take minutes at the provider's two requests a second; one test has a pace.
const { pace } = clubTexting;
beforeEach(() => void (clubTexting.pace = undefined));
afterAll(() => void (clubTexting.pace = pace));

const bench = openBench();
const books = () => bench.simulator.clubTexting.books;
const messages = { event: 'messageReceived' };
const optOuts = { event: 'contactOptedOut' };

/** @param move called as each request leaves, with its number from 1 */
async function publish(
	parameters: IDataObject,
	activation: 'activate' | 'init' = 'activate',
	move?: (request: number) => void,
	workflowId?: string,
): Promise<PublishedPoller> {
	let count = 0;
	return await bench.engine.publish(inboxPollingType, parameters as never, {
		credentials: credentialsFor(bench.simulator),
		activation,
		workflowId,
		onRequest: () => move?.((count += 1)),
	});
}

function items({ emitted, error }: Polled): IDataObject[] {
	expect(error?.message).toBeUndefined();
	return (emitted ?? []).flat().map(({ json }) => json);
}
const texts = (polled: Polled) => items(polled).map(({ message }) => message);
const numbers = (polled: Polled) => items(polled).map(({ phoneNumber }) => phoneNumber);

let minutes = 0;
beforeEach(() => (minutes = 0));

/** Receives messages named `m1`, `m2` and so on, each a minute later than the one before unless told otherwise. */
function receive(from: number, to: number, receivedOn?: string): void {
	for (let count = from; count <= to; count++) {
		const time = String(minutes++).padStart(4, '0');
		incomingOf(books(), { message: `m${count}`, receivedOn: receivedOn ?? `12-03-2015 ${time}` });
	}
}
const named = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => `m${from + at}`);

/** The ten digits of a person. */
const numberOf = (person: number) => `212${String(5_550_000 + person)}`;
function optOut(from: number, to: number): void {
	for (let person = from; person <= to; person++) {
		const number = numberOf(person);
		if (!books().contacts.some(({ phoneNumber }) => phoneNumber === number)) contactOf(books(), number);
		books().localOptOuts.add(number);
	}
}
const people = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, at) => numberOf(from + at));

describe('a message that is received', () => {
	it('is asked for at the pace of the provider, page by page', async () => {
		// Half of what is let through: on a busy machine, requests arrive later than they leave.
		clubTexting.pace = perSecond(1);
		books().rateLimit = 2;
		receive(1, 205);
		const poller = await publish(messages);
		expect(texts(poller.first)).toEqual([]);
		expect(bench.simulator.requests.map(({ answeredWith }) => answeredWith)).toEqual(Array(6).fill(200));
	});

	it('starts nothing at the first poll, then comes once, as its operation gives it, in the order of arrival', async () => {
		receive(1, 2);
		const poller = await publish({});
		expect(poller.first.emitted).toBeUndefined();
		expect(texts(await poller.poll())).toEqual([]);
		receive(3, 4);
		const second = await poller.poll();
		expect(texts(second)).toEqual(['m3', 'm4']);
		const listed = await bench.run(
			'clubTexting',
			{ resource: 'incomingMessage', operation: 'getAll', returnAll: true },
			[{}, {}],
		);
		const asListed = listed.output().map(({ json }) => json);
		for (const item of items(second)) expect(asListed).toContainEqual(item);
		expect(second.run?.output('Success').map(({ json }) => json)).toEqual(items(second));
		expect(texts(await poller.poll())).toEqual([]);
	});

	it('comes from an inbox that was empty, however an empty list is written', async () => {
		for (const emptyLists of ['list', 'null', 'absent', 'notFound'] as const) {
			Object.assign(books(), { emptyLists, inbox: [] });
			const poller = await publish(messages);
			expect(texts(poller.first)).toEqual([]);
			receive(1, 1);
			expect(texts(await poller.poll())).toEqual(['m1']);
		}
	});

	it('comes where several pages of them arrive between two polls, and after a restart', async () => {
		receive(1, 5);
		const poller = await publish(messages);
		receive(6, 255);
		expect(texts(await poller.poll())).toEqual(named(6, 255));
		expect(texts((await publish(messages, 'init')).first)).toEqual([]);
		receive(256, 257);
		expect(texts((await publish(messages, 'init')).first)).toEqual(['m256', 'm257']);
	});

	it('comes where all have one time, wherever the list puts them', async () => {
		receive(1, 130, '12-03-2015 6:50 AM');
		const poller = await publish(messages);
		receive(131, 150, '12-03-2015 6:50 AM');
		// At the end of the list, as equals may stand anywhere.
		const arrived = texts(await poller.poll());
		expect([...arrived].sort()).toEqual(named(131, 150).sort());
		books().inbox.reverse();
		expect(texts(await poller.poll())).toEqual([]);
		// An order by text puts a new year before an old one.
		receive(151, 152, '01-01-2016 6:50 AM');
		expect(texts(await poller.poll()).sort()).toEqual(['m151', 'm152']);
	});

	it('comes once where the list moves while its pages are read', async () => {
		receive(1, 150);
		let move: (request: number) => void = () => {};
		const poller = await publish(messages, 'activate', (request) => move(request));
		const first = bench.sent('getInbox').length;
		receive(151, 152);
		// Pushed on: the last of the first page stands at the head of the second once more.
		move = (request) => request === first + 2 && receive(153, 155);
		expect(texts(await poller.poll())).toEqual(['m151', 'm152']);
		move = () => {};
		expect(texts(await poller.poll())).toEqual(['m153', 'm154', 'm155']);
		// Pulled up: one that stood at the head of the second page is on neither.
		const before = bench.sent('getInbox').length;
		move = (request) => request === before + 2 && books().inbox.splice(-3, 3);
		expect(texts(await poller.poll())).toEqual([]);
		move = () => {};
		expect(texts(await poller.poll())).toEqual([]);
	});

	it('comes where the list was full pages, and one arrives while the end of it is looked for', async () => {
		receive(1, 200);
		let move: (request: number) => void = () => {};
		const poller = await publish(messages, 'activate', (request) => move(request));
		const first = bench.sent('getInbox').length;
		move = (request) => request === first + 3 && receive(201, 202);
		// What stood at the end stands on the page behind it once more, and nothing else.
		expect(texts(await poller.poll())).toEqual([]);
		move = () => {};
		expect(texts(await poller.poll())).toEqual(['m201', 'm202']);
	});

	it('is not new because the first list had a hole', async () => {
		receive(1, 150);
		const poller = await publish(messages, 'activate', (request) => {
			if (request === 2) books().inbox.splice(-5, 5);
		});
		expect(texts(poller.first)).toEqual([]);
		expect(texts(await poller.poll())).toEqual([]);
	});

	it('is neither lost nor told twice by a poll that fails in the middle', async () => {
		receive(1, 120);
		const poller = await publish(messages);
		receive(121, 122);
		bench.simulator.order({
			provider: 'clubTexting',
			operation: 'getInbox',
			fault: 'refusalIn200',
			after: 1,
			text: 'Access denied',
		});
		const failed = await poller.poll();
		expect(failed.error?.message).toContain('Access denied');
		expect(failed.emitted).toBeUndefined();
		expect(texts(await poller.poll())).toEqual(['m121', 'm122']);
		expect(texts(await poller.poll())).toEqual([]);
	});

	it('does not come again after a list that was empty once, nor after it was deleted', async () => {
		receive(1, 1500);
		const poller = await publish(messages);
		const all = books().inbox;
		books().inbox = [];
		expect(texts(await poller.poll())).toEqual([]);
		books().inbox = all;
		expect(texts(await poller.poll())).toEqual([]);
		books().inbox = books().inbox.slice(0, -1);
		receive(1501, 1501);
		expect(texts(await poller.poll())).toEqual(['m1501']);
	});

	it('does not come again from an inbox of more than 10,000, of which a page or all were missing once', async () => {
		receive(1, 10_300);
		const poller = await publish(messages);
		const all = books().inbox;
		for (const some of [[], all.slice(-5)]) {
			books().inbox = some;
			expect(texts(await poller.poll())).toEqual([]);
			books().inbox = all;
			expect(texts(await poller.poll())).toEqual([]);
		}
	});

	it('is shown by a test run, ten at most, and counts as not seen', async () => {
		receive(1, 3);
		const poller = await publish(messages);
		receive(4, 25);
		const credentials = credentialsFor(bench.simulator);
		const shown = await bench.engine.testPoll(inboxPollingType, messages, { credentials });
		expect(shown!.flat().map(({ json }) => json.message)).toEqual(named(16, 25));
		expect(texts(await poller.poll())).toEqual(named(4, 25));
	});
});

describe('a contact who opts out', () => {
	it('starts nothing at the first poll, then comes once, as its operation gives it', async () => {
		optOut(1, 2);
		contactOf(books(), numberOf(3), { firstName: 'Winnie' });
		const poller = await publish(optOuts);
		expect(items(poller.first)).toEqual([]);
		optOut(3, 4);
		const second = await poller.poll();
		expect(numbers(second).sort()).toEqual(people(3, 4));
		const listed = await bench.run(
			'clubTexting',
			{ resource: 'contact', operation: 'getAll', returnAll: true, filters: { optedOut: 'yes' } },
			[{}, {}],
		);
		const asListed = listed.output().map(({ json }) => json);
		for (const item of items(second)) expect(asListed).toContainEqual(item);
		expect(numbers(await poller.poll())).toEqual([]);
	});

	it('comes again where one opts in and out again', async () => {
		optOut(1, 3);
		const poller = await publish(optOuts);
		books().localOptOuts.delete(numberOf(2));
		expect(numbers(await poller.poll())).toEqual([]);
		optOut(2, 2);
		expect(numbers(await poller.poll())).toEqual([numberOf(2)]);
		expect(numbers(await poller.poll())).toEqual([]);
	});

	it('is looked up before it is forgotten: a hole in the list makes nobody new', async () => {
		optOut(1, 150);
		let move: (request: number) => void = () => {};
		const poller = await publish(optOuts, 'activate', (request) => move(request));
		const before = bench.sent('getContacts').length;
		const taken: string[] = [];
		move = (request) => {
			// Two who stood on the first page opt in while the second is asked for: two others are on neither.
			if (request !== before + 2) return;
			for (const number of people(149, 150)) books().localOptOuts.delete(number);
			taken.push(...people(149, 150));
		};
		expect(numbers(await poller.poll())).toEqual([]);
		move = () => {};
		expect(numbers(await poller.poll())).toEqual([]);
		expect(numbers(await poller.poll())).toEqual([]);
		optOut(149, 150);
		expect(numbers(await poller.poll()).sort()).toEqual(taken);
	});

	it('is looked up in turn where many opt in at once, and each of them comes again', async () => {
		optOut(1, 130);
		const poller = await publish(optOuts);
		for (const number of people(1, 70)) books().localOptOuts.delete(number);
		const lookUps = () =>
			bench.sent('getContacts').filter(({ query }) => query.some(([name]) => name === 'query'));
		expect(numbers(await poller.poll())).toEqual([]);
		expect(lookUps()).toHaveLength(50);
		expect(numbers(await poller.poll())).toEqual([]);
		expect(lookUps()).toHaveLength(70);
		optOut(1, 70);
		expect(numbers(await poller.poll()).sort()).toEqual(people(1, 70));
	});

	it.each([3, 130])('does not come again after a list of %s that was empty once', async (count) => {
		optOut(1, count);
		const poller = await publish(optOuts);
		const all = books().contacts;
		books().contacts = [];
		expect(numbers(await poller.poll())).toEqual([]);
		books().contacts = all;
		optOut(count + 1, count + 1);
		expect(numbers(await poller.poll())).toEqual(people(count + 1, count + 1));
	});

	it('comes again where the only one of the list opts in and out again', async () => {
		optOut(1, 1);
		const poller = await publish(optOuts);
		books().localOptOuts.clear();
		expect(numbers(await poller.poll())).toEqual([]);
		optOut(1, 1);
		expect(numbers(await poller.poll())).toEqual([numberOf(1)]);
	});

	it('is neither lost nor told twice by a poll that fails at the look-up', async () => {
		optOut(1, 3);
		const poller = await publish(optOuts);
		books().localOptOuts.delete(numberOf(1));
		optOut(4, 5);
		bench.simulator.order({
			provider: 'clubTexting',
			operation: 'getContacts',
			fault: 'refusalIn200',
			after: 1,
			text: 'Access denied',
		});
		expect((await poller.poll()).error?.message).toContain('Access denied');
		expect(numbers(await poller.poll()).sort()).toEqual(people(4, 5));
		optOut(1, 1);
		expect(numbers(await poller.poll())).toEqual([numberOf(1)]);
	});

	it('is no item where the provider does not look at the filter: the poll fails', async () => {
		optOut(1, 2);
		contactOf(books(), numberOf(3));
		const poller = await publish(optOuts);
		books().ignoredFilters.add('optout');
		expect((await poller.poll()).error?.message).toContain('has a contact who has not');
		books().ignoredFilters.clear();
		optOut(4, 4);
		expect(numbers(await poller.poll())).toEqual([numberOf(4)]);
	});

	it('10,000 of them are remembered in 130 kB', async () => {
		optOut(1, 10_000);
		const poller = await publish(optOuts);
		expect(poller.first.error).toBeUndefined();
		const kept = JSON.stringify([...bench.engine.staticData.values()]);
		expect(kept).toContain(numberOf(1));
		expect(Buffer.byteLength(kept)).toBeLessThan(131_000);
		optOut(10_001, 10_001);
		expect(numbers(await poller.poll())).toEqual([numberOf(10_001)]);
	});
});

describe('each poll with a context of its own, as n8n may make one', () => {
	it.each<[string, IDataObject, (polled: Polled) => unknown[], unknown[]]>([
		['messages', messages, texts, named(2, 3)],
		['opt-outs', optOuts, numbers, people(2, 3)],
	])('is not taken for the first: %s', async (_what, event, tell, expected) => {
		const told: unknown[] = [];
		for (const count of [1, 2, 3]) {
			receive(count, count);
			optOut(count, count);
			told.push(...tell((await publish(event, 'init')).first));
		}
		expect(told).toEqual(expected);
	});
});

describe('polls that overlap', () => {
	it.each<[string, IDataObject, (polled: Polled) => unknown[], unknown[]]>([
		['messages', messages, texts, named(2, 3)],
		['opt-outs', optOuts, numbers, people(2, 3)],
	])('tell of them once: %s', async (_what, event, tell, expected) => {
		receive(1, 1);
		optOut(1, 1);
		const poller = await publish(event);
		receive(2, 3);
		optOut(2, 3);
		const both = await Promise.all([poller.poll(), poller.poll()]);
		expect([...both, await poller.poll()].flatMap(tell).sort()).toEqual(expected);
	});
});

test('a copied workflow, with what its original remembered, takes nothing from it', async () => {
	receive(1, 1);
	const original = await publish(messages, 'activate', undefined, 'original');
	const kept = bench.engine.staticData as Map<string, IDataObject>;
	kept.set('copy', structuredClone(kept.get('original')!));
	const copy = await publish(messages, 'init', undefined, 'copy');
	receive(2, 3);
	expect(texts(await original.poll())).toEqual(named(2, 3));
	expect(texts(await copy.poll())).toEqual(named(2, 3));
	expect(texts(await original.poll())).toEqual([]);
	expect(texts(await copy.poll())).toEqual([]);
});

test('another event begins without memory', async () => {
	receive(1, 2);
	optOut(1, 2);
	await publish(messages);
	expect(numbers((await publish(optOuts)).first)).toEqual([]);
	receive(3, 3);
	expect(texts((await publish(messages)).first)).toEqual([]);
});
