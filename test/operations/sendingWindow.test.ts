import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import {
	DAYS,
	isInside,
	nextInside,
	type DailyWindow,
	type Day,
} from '../../nodes/shared/values/dailyWindow';
import { CORRECTIONS } from '../../scripts/areaCodeCorrections';
import { learned, table, TABLE } from '../../scripts/areaCodes';
import { createDeduplicationStore } from '../engine';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';
import { going, itemsOf, openBench, pairs } from '../harness';

const bench = openBench();
const realNow = Date.now;
afterEach(() => jest.restoreAllMocks());

/** Sets the clock, which goes on from there; with a second time, sets it again once this many requests have arrived. */
function clockAt(iso: string, later?: { after: number; iso: string }): void {
	const started = realNow();
	jest.spyOn(Date, 'now').mockImplementation(() => {
		const isLater = later !== undefined && bench.sent('send').length >= later.after;
		return Date.parse(isLater ? later.iso : iso) + realNow() - started;
	});
}

/** Half past nine in the evening in New York, half past six in Los Angeles. */
const EVENING = '2026-07-01T21:30:00-04:00';
const OPENING = '2026-07-02T08:00:00-04:00';

function send(sendingWindow: unknown, options: IDataObject = {}, more: IDataObject = {}) {
	return {
		resource: 'message',
		operation: 'send',
		phoneNumbers: '={{ $json.to }}',
		message: 'Honey is ready',
		options: { requestsPerSecond: 1000, sendingWindow, ...options },
		...more,
	} as never;
}
const run = async (parameters: never, items: IDataObject[], options: object = {}) =>
	await bench.run('clubTexting', parameters, items, options);
const settings = { timezone: 'America/New_York' };
const iso = (time: string) => new Date(time).toISOString();
const stamps = () =>
	bench.sent('send').map(({ form }) => {
		const stamp = form!.find(([name]) => name === 'StampToSend')?.[1];
		const numbers = form!.filter(([name]) => name === 'PhoneNumbers[]').map(([, number]) => number);
		return [stamp === undefined ? null : new Date(Number(stamp) * 1000).toISOString(), ...numbers];
	});

const people = [{ to: '2125550101' }, { to: '3105550102' }, { to: '3125550103' }];

describe('a message', () => {
	test('waits where it is night, and goes out at once elsewhere', async () => {
		clockAt(EVENING);
		const result = await run(send({ from: '08:00' }), people);
		expect(itemsOf(result)).toMatchObject([
			{ recipients: ['2125550101'], scheduledFor: iso(OPENING), itemsInRequest: 1 },
			{ recipients: ['3105550102'], scheduledFor: null, itemsInRequest: 1 },
			{ recipients: ['3125550103'], scheduledFor: iso('2026-07-02T08:00:00-05:00'), itemsInRequest: 1 },
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(stamps()).toEqual([
			[iso(OPENING), '2125550101'],
			[null, '3105550102'],
			[iso('2026-07-02T08:00:00-05:00'), '3125550103'],
		]);
	});

	test('goes out at any time while there is no window', async () => {
		clockAt(EVENING);
		expect(itemsOf(await run(send(undefined), people))).toMatchObject(
			people.map(() => ({ scheduledFor: null })),
		);
		expect(stamps()).toEqual([[null, '2125550101', '3105550102', '3125550103']]);
	});

	test('shares requests with those that go out at the same time, over four zones', async () => {
		clockAt('2026-07-01T23:00:00-04:00');
		const [ny, la, chi, den] = ['212', '310', '312', '303'];
		const to = [ny, la, chi, den, ny, la, chi, den].map((area, i) => ({ to: `${area}555010${i}` }));
		const result = await run(send({ timeZone: 'recipient' }), to);
		expect(itemsOf(result).map(({ itemsInRequest }) => itemsInRequest)).toEqual(to.map(() => 2));
		expect(stamps()).toEqual([
			['2026-07-02T12:00:00.000Z', '2125550100', '2125550104'],
			['2026-07-02T15:00:00.000Z', '3105550101', '3105550105'],
			['2026-07-02T13:00:00.000Z', '3125550102', '3125550106'],
			['2026-07-02T14:00:00.000Z', '3035550103', '3035550107'],
		]);
	});

	test('of one item goes out at different times to different zones, the first of which the item tells', async () => {
		clockAt(EVENING);
		const numbers = '2125550101, 3105550102, 3125550103, 3105550104';
		const result = await run(send({ to: '20:00' }), [{ to: numbers }, { to: '2125550105' }]);
		expect(itemsOf(result)).toMatchObject([
			{
				recipients: ['2125550101', '3105550102', '3125550103', '3105550104'],
				scheduledFor: null,
				messageIds: [expect.any(String), expect.any(String), expect.any(String)],
				recipientsCount: 5,
			},
			{ recipients: ['2125550105'], scheduledFor: iso(OPENING), itemsInRequest: 2 },
		]);
		expect(stamps()).toEqual([
			[null, '3105550102', '3105550104'],
			[iso(OPENING), '2125550101', '2125550105'],
			[iso('2026-07-02T08:00:00-05:00'), '3125550103'],
		]);
	});

	test('to an area code with several zones goes out when it is inside in all of them', async () => {
		// Kentucky's 270 has Central and Eastern time; 364 was laid upon it.
		clockAt('2026-07-01T08:30:00-04:00');
		const result = await run(send({ from: '08:00' }), [{ to: '2705550101' }, { to: '3645550102' }]);
		const both = iso('2026-07-01T08:00:00-05:00');
		expect(itemsOf(result).map(({ scheduledFor }) => scheduledFor)).toEqual([both, both]);

		clockAt('2026-07-01T19:30:00-05:00');
		await run(send({ from: '08:00' }), [{ to: '2705550103' }]);
		expect(stamps().at(-1)).toEqual([iso('2026-07-02T08:00:00-05:00'), '2705550103']);
	});

	test('to Saskatchewan goes out when it is inside in Lloydminster, too, which has Alberta’s clock', async () => {
		// In winter an hour behind the rest of it.
		clockAt('2026-12-01T08:30:00-06:00');
		const to = ['3065550101', '6395550102', '4745550103'].map((number) => ({ to: number }));
		const result = await run(send({ from: '08:00' }), to);
		const opening = iso('2026-12-01T08:00:00-07:00');
		expect(itemsOf(result).map(({ scheduledFor }) => scheduledFor)).toEqual([opening, opening, opening]);
	});

	test.each([
		['workflow', OPENING],
		['America/Los_Angeles', null],
		['Europe/Paris', '2026-07-02T08:00:00+02:00'],
	])('in the zone %s waits for the clocks there, and its groups too', async (timeZone, time) => {
		clockAt(EVENING);
		const window = { timeZone };
		const result = await run(send(window, { groups: ['honey lovers'] }), people.slice(0, 2), { settings });
		const scheduledFor = time === null ? null : iso(time);
		expect(itemsOf(result)).toMatchObject([{ scheduledFor }, { scheduledFor }]);
		expect(stamps()).toEqual([[scheduledFor, '2125550101', '3105550102']]);
	});

	test.each([
		['is kept inside the window', '2026-07-03T12:00', '2026-07-03T12:00:00-04:00'],
		['is moved on where it lies before it', '2026-07-03T05:00', '2026-07-03T08:00:00-04:00'],
		['is moved to the next day where it lies behind it', '2026-07-03T20:00', '2026-07-04T08:00:00-04:00'],
	])('whose time is set %s', async (_case, scheduledFor, time) => {
		clockAt(EVENING);
		const result = await run(send({ from: '8:00' }, { scheduledFor }), people.slice(0, 1), { settings });
		expect(itemsOf(result)).toMatchObject([{ scheduledFor: iso(time) }]);
		expect(stamps()).toEqual([[iso(time), '2125550101']]);
	});

	test.each([
		['2026-07-01T00:30', '2026-07-01T00:30:00-04:00'],
		['2026-07-01T06:00', '2026-07-01T20:00:00-04:00'],
		['2026-07-01T21:00', '2026-07-01T21:00:00-04:00'],
	])('in a window over midnight, %s', async (scheduledFor, time) => {
		clockAt('2026-06-30T12:00:00-04:00');
		const window = { from: '20:00', to: '06:00' };
		const result = await run(send(window, { scheduledFor }), people.slice(0, 1), { settings });
		expect(itemsOf(result)).toMatchObject([{ scheduledFor: iso(time) }]);
	});

	test('whose time has passed, or is more than a year ahead, is invalid as without a window', async () => {
		clockAt(EVENING);
		const items = ['2026-06-30T22:00', '2027-12-01T22:00'].map((time) => ({ to: '2125550101', time }));
		const result = await run(send({ from: '08:00' }, { scheduledFor: '={{ $json.time }}' }), items, {
			settings,
			...going,
		});
		expect(itemsOf(result)).toMatchObject([
			{ error: expect.stringContaining('“Scheduled For” is in the past') as string },
			{ error: expect.stringContaining('“Scheduled For” is more than a year ahead') as string },
		]);
		expect(bench.simulator.requests).toEqual([]);
	});

	test.each([{}, '={{ null }}', '={{ $json.nothing }}'])(
		'in a window that was added and in which nothing is set waits until 08:00, and goes out until 20:00 (%j)',
		async (window) => {
			clockAt('2026-07-01T20:35:00-04:00');
			// n8n makes an empty collection of an expression in the place of one.
			const result = await run(send(window), people);
			expect(itemsOf(result)).toMatchObject([
				{ recipients: ['2125550101'], scheduledFor: iso(OPENING) },
				{ recipients: ['3105550102'], scheduledFor: null },
				{ recipients: ['3125550103'], scheduledFor: null },
			]);
		},
	);

	test.each([
		['on the working days waits over the weekend', ['monday', 'friday'], '2026-07-06T08:00:00-04:00'],
		['on Saturdays goes out on the next day', ['saturday'], '2026-07-04T08:00:00-04:00'],
		['on a list from an expression', '={{ $json.days }}', '2026-07-05T08:00:00-04:00'],
	])('%s', async (_case, days, time) => {
		// A Friday.
		clockAt('2026-07-03T21:30:00-04:00');
		const items = people.slice(0, 2).map((item) => ({ ...item, days: 'Sunday, tuesday' }));
		const result = await run(send({ days, timeZone: 'workflow' }), items, { settings });
		expect(itemsOf(result)).toMatchObject([{ scheduledFor: iso(time) }, { scheduledFor: iso(time) }]);
		expect(stamps()).toEqual([[iso(time), '2125550101', '3105550102']]);
	});

	test('on days by the clocks of each recipient: it may be Saturday in one place only', async () => {
		clockAt('2026-07-04T00:30:00-04:00');
		const result = await run(send({ from: '08:00', to: '23:00', days: ['friday'] }), people);
		expect(itemsOf(result)).toMatchObject([
			{ scheduledFor: iso('2026-07-10T08:00:00-04:00') },
			{ scheduledFor: null },
			{ scheduledFor: iso('2026-07-10T08:00:00-05:00') },
		]);
		const closed = await run(send({ days: ['friday'], outside: 'fail' }), people.slice(0, 1), going);
		expect(itemsOf(closed)[0]!.error).toContain(
			'“Sending Window” is closed for 2125550101 at 00:30 on Saturday in America/New_York; it is open from 08:00 to 20:00 on Friday',
		);
	});

	test('is shown by a dry run with the time that it is planned for', async () => {
		clockAt(EVENING);
		const result = await run(send({ to: '20:00' }, {}, { dryRun: true }), people.slice(0, 2));
		expect(itemsOf(result)).toMatchObject([
			{ dryRun: true, request: { body: { StampToSend: String(Date.parse(OPENING) / 1000) } } },
			{ dryRun: true, request: { body: { PhoneNumbers: ['3105550102'] } } },
		]);
		expect(itemsOf(result)[1]!.request).not.toHaveProperty('body.StampToSend');
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('a window that closes while messages go out', () => {
	const later = { after: 2, iso: '2026-07-01T20:00:30-04:00' };
	const four = ['01', '02', '03', '04'].map((end) => ({ to: `21255501${end}` }));

	test('puts off those that have not left', async () => {
		clockAt('2026-07-01T19:59:50-04:00', later);
		const result = await run(send({ to: '20:00' }, { combineItems: false }), four);
		expect(itemsOf(result).map(({ scheduledFor }) => scheduledFor)).toEqual([
			null,
			null,
			iso(OPENING),
			iso(OPENING),
		]);
		expect(stamps()).toHaveLength(4);
	});

	test('parts those who share a request by their zones', async () => {
		clockAt('2026-07-01T19:59:50-04:00', { ...later, after: 1 });
		const to = ['2125550101', '2125550102', '3105550103', '2125550104'];
		const result = await run(
			send({ to: '20:00' }, { recipientsPerRequest: 2 }),
			to.map((number) => ({ to: number })),
		);
		expect(itemsOf(result).map(({ recipients }) => recipients)).toEqual(to.map((number) => [number]));
		expect(stamps()).toEqual([
			[null, '2125550101', '2125550102'],
			[null, '3105550103'],
			[iso(OPENING), '2125550104'],
		]);
	});

	test('fails those that have not left, where it is to put nothing off', async () => {
		clockAt('2026-07-01T19:59:50-04:00', later);
		const result = await run(send({ outside: 'fail' }, { combineItems: false }), four, {
			onError: 'continueErrorOutput',
		});
		const done = result.output().map(({ json }) => json.recipients);
		const failed = result.output(undefined, 1).map(({ json }) => json);
		expect([...done, ...failed.map(({ details }) => (details as IDataObject).outcome)]).toHaveLength(4);
		expect(done.length).toBe(bench.sent('send').length);
		expect(done.length).toBeGreaterThanOrEqual(2);
		for (const json of failed) {
			expect(json).toMatchObject({ details: { outcome: 'invalid', operation: 'message.send' } });
			expect(json.error).toMatch(/“Sending Window” is closed for 21255501\d\d at 20:00 in America\/New_York/);
		}
	});

	test('that has opened meanwhile lets them go at once', async () => {
		clockAt('2026-07-02T07:59:50-04:00', { after: 1, iso: '2026-07-02T08:00:01-04:00' });
		const result = await run(send({ to: '20:00' }, { combineItems: false }), four.slice(0, 2));
		expect(itemsOf(result).map(({ scheduledFor }) => scheduledFor)).toEqual([iso(OPENING), null]);
	});
});

describe('a time that passes while requests wait for their turn', () => {
	/** The first two leave at once, the others wait for their turn when the clock is set. */
	const paced = { combineItems: false, requestsPerSecond: 1, idempotencyKey: '={{ $json.to }}' };
	const four = ['01', '02', '03', '04'].map((end) => ({ to: `21255501${end}` }));
	const closing = { after: 2, iso: '2026-07-01T20:00:30-04:00' };
	const BEFORE_CLOSING = '2026-07-01T19:59:40-04:00';
	const timesOf = (result: Awaited<ReturnType<typeof run>>) =>
		itemsOf(result).map(({ scheduledFor }) => scheduledFor);
	/** By item, the time with which its number went out last: behind the first one, they may leave in any order. */
	const timesSent = () =>
		four.map(
			({ to }) =>
				stamps()
					.filter(([, ...numbers]) => numbers.includes(to))
					.at(-1)?.[0],
		);

	test('that was set: they go at once, and their keys are used', async () => {
		const at = '2026-07-01T16:00:05.000Z';
		clockAt('2026-07-01T16:00:00Z', { after: 2, iso: '2026-07-01T16:00:08Z' });
		const options = { ...paced, scheduledFor: at };
		const result = await run(send({}, options), four, { ...going, settings });
		expect(timesOf(result)).toEqual(timesSent());
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }, { item: 3 }]);
		expect(stamps().map(([stamp]) => stamp)).toEqual([at, at, null, null]);
		jest.restoreAllMocks();
		const again = await run(send({}, paced), four, { ...going, settings });
		expect(itemsOf(again)).toMatchObject(four.map(() => ({ skipped: true })));
	});

	test('that was set, into the night: they wait for the opening, or fail', async () => {
		const at = '2026-07-01T23:59:50.000Z';
		for (const outside of ['schedule', 'fail']) {
			bench.simulator.reset();
			clockAt(BEFORE_CLOSING, closing);
			const options = { ...paced, scheduledFor: at };
			const result = await run(send({ outside }, options), four, { ...going, workflowId: outside });
			const isPutOff = outside === 'schedule';
			expect(stamps().map(([stamp]) => stamp)).toEqual(
				isPutOff ? [at, at, iso(OPENING), iso(OPENING)] : [at, at],
			);
			expect(timesOf(result)).toEqual(timesSent());
			if (isPutOff) continue;
			const invalid = { details: { outcome: 'invalid', operation: 'message.send' } };
			const failed = itemsOf(result).filter(({ scheduledFor }) => scheduledFor === undefined);
			expect(failed).toMatchObject([invalid, invalid]);
		}
	});

	test('at which a window closes: they wait for the opening', async () => {
		clockAt(BEFORE_CLOSING, closing);
		const result = await run(send({ to: '20:00' }, paced), four, going);
		expect(timesOf(result)).toEqual(timesSent());
		expect(stamps().map(([stamp]) => stamp)).toEqual([null, null, iso(OPENING), iso(OPENING)]);
	});

	test('at which a window closes, in a node that stops: the rest is not lost', async () => {
		clockAt(BEFORE_CLOSING, closing);
		const result = await run(send({ to: '20:00' }, { ...paced, requestsPerSecond: 1 }), four);
		expect(timesOf(result)).toEqual([null, null, iso(OPENING), iso(OPENING)]);
	});

	test('while the provider asks to come again later', async () => {
		bench.simulator.order({
			provider: 'clubTexting',
			operation: 'send',
			fault: 'status503',
			retryAfter: 1,
			after: 1,
		});
		clockAt(BEFORE_CLOSING, closing);
		const result = await run(
			send({ to: '20:00' }, { ...paced, combineItems: true, recipientsPerRequest: 2 }),
			four,
			going,
		);
		expect(timesOf(result)).toEqual([null, null, iso(OPENING), iso(OPENING)]);
		expect(stamps()).toEqual([
			[null, '2125550101', '2125550102'],
			[null, '2125550103', '2125550104'],
			[iso(OPENING), '2125550103', '2125550104'],
		]);
	});
});

describe('outside: fail', () => {
	const items = [people[1]!, people[0]!, people[2]!];

	test('lets nothing leave when the node stops', async () => {
		clockAt(EVENING);
		const result = await run(send({ outside: 'fail' }), items);
		expect(result.error?.message).toBe(
			'“Sending Window” is closed for 2125550101 at 21:30 in America/New_York; it is open from 08:00 to 20:00 [item 1]. Nothing was sent.',
		);
		expect(result.error?.description).toContain('set “Outside” to Schedule');
		expect(bench.simulator.requests).toEqual([]);
	});

	test('fails the items whose number it is closed for, and sends the others', async () => {
		clockAt(EVENING);
		const result = await run(send({ outside: 'fail' }), items, going);
		expect(itemsOf(result)).toMatchObject([
			{ recipients: ['3105550102'] },
			{ details: { outcome: 'invalid' } },
			{
				details: { outcome: 'invalid' },
				error: expect.stringContaining('20:30 in America/Chicago') as string,
			},
		]);
		expect(stamps()).toEqual([[null, '3105550102']]);
	});
});

describe('a run that is tried again', () => {
	const items = people.slice(0, 2);
	const parameters = send({ to: '20:00' }, { combineItems: false });

	test('by hand, plans anew what was not sent, and leaves the rest as it was', async () => {
		clockAt(EVENING);
		bench.simulator.order({
			provider: 'clubTexting',
			operation: 'send',
			fault: 'refusalIn200',
			after: 1,
			text: 'Message: no',
		});
		const first = await run(parameters, items.reverse());
		expect(first.error?.message).toContain('1 of 2 items');
		// Two days later, the time that was planned for New York has passed.
		clockAt('2026-07-03T21:30:00-04:00');
		const again = await bench.engine.retry(first);
		expect(itemsOf(again)).toMatchObject([
			{ recipients: ['3105550102'], scheduledFor: null },
			{ recipients: ['2125550101'], scheduledFor: iso('2026-07-04T08:00:00-04:00') },
		]);
		expect(stamps()).toHaveLength(3);
	});

	test('from the start under the same id, repeats nothing although the time is another', async () => {
		clockAt(EVENING);
		const deduplication = createDeduplicationStore();
		const begin = async (order: IDataObject[]) =>
			await openEngine({ deduplication }).runNode(nodeTypes.clubTexting, parameters, {
				credentials: credentialsFor(bench.simulator),
				items: order,
				executionId: '77',
				workflowId: 'w',
				...going,
			});
		expect(itemsOf(await begin(items))).toMatchObject([{}, {}]);
		clockAt('2026-07-03T21:30:00-04:00');
		const again = await begin([...items].reverse());
		expect(again.output().map(({ json }) => (json.details as IDataObject).outcome)).toEqual([
			'unknown',
			'unknown',
		]);
		expect(stamps()).toHaveLength(2);
	});
});

describe('a window that can’t be used is invalid', () => {
	test.each([
		[{ from: '9' }, '“Sending Window: Open From” is not a time of day: "9"'],
		[{ from: '24:00' }, '“Sending Window: Open From” is not a time of day: "24:00"'],
		[{ to: '8 pm' }, '“Sending Window: Open Until” is not a time of day: "8 pm"'],
		[{ from: '20:00' }, '“Sending Window” opens and closes at 20:00'],
		[{ from: '' }, '“Sending Window: Open From” is empty'],
		[{ to: '={{ $json.nothing }}' }, '“Sending Window: Open Until” is empty'],
		[{ timeZone: '={{ null }}' }, '“Sending Window: Time Zone” is empty'],
		[{ timeZone: 'EDT/Somewhere' }, '“Sending Window: Time Zone” is not a time zone: "EDT/Somewhere"'],
		[{ days: [] }, '“Sending Window: Weekdays” is empty'],
		[{ days: '={{ $json.nothing }}' }, '“Sending Window: Weekdays” is empty'],
		[{ days: ['monday', 'moonday'] }, '“Sending Window: Weekdays” names no day of the week: "moonday"'],
		[{ outside: '={{ $json.nothing }}' }, '“Sending Window: Outside” must be one of schedule, fail'],
	])('%j', async (window, message) => {
		const result = await run(send(window), people, going);
		expect(itemsOf(result)).toMatchObject(
			people.map(() => ({
				error: expect.stringContaining(message) as string,
				details: { outcome: 'invalid' },
			})),
		);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('where it leaves no time, and where groups have no zone', async () => {
		const short = { from: '12:00', to: '12:30' };
		const result = await run(send(short), [{ to: '2705550101' }, { to: '2735550101' }], going);
		expect(itemsOf(result)).toMatchObject(
			[
				'leaves no time for 2705550101: it is never 12:00 to 12:30 in America/Chicago and America/New_York at once',
				'leaves no time for 2735550101: it is never 12:00 to 12:30 in America/Halifax and America/New_York and',
			].map((why) => ({
				error: expect.stringContaining(`“Sending Window” ${why}`) as string,
				details: { outcome: 'invalid' },
			})),
		);
		const grouped = await run(send(short, { groups: ['honey lovers'] }), people, going);
		expect(itemsOf(grouped)[0]).toMatchObject({
			error: expect.stringContaining('“Groups” has no area code to tell the time by') as string,
		});
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('the clocks', () => {
	const eight = { from: '08:00', to: '20:00' };
	test.each([
		['are put on overnight', eight, '2026-03-07T20:00:00-05:00', '2026-03-08T08:00:00-04:00'],
		['are put back overnight', eight, '2026-10-31T20:00:00-04:00', '2026-11-01T08:00:00-05:00'],
		[
			'jump over the opening',
			{ from: '02:30', to: '06:00' },
			'2026-03-08T00:00:00-05:00',
			'2026-03-08T03:00:00-04:00',
		],
		[
			'jump over all of it',
			{ from: '02:15', to: '02:45' },
			'2026-03-08T00:00:00-05:00',
			'2026-03-09T02:15:00-04:00',
		],
		[
			'show the opening twice',
			{ from: '01:30', to: '06:00' },
			'2026-11-01T01:10:00-05:00',
			'2026-11-01T01:30:00-05:00',
		],
	])('%s', (_case, window, from, to) => {
		expect(nextInside(window, ['America/New_York'], Date.parse(from))).toBe(Date.parse(to));
	});

	it('open together for less than a quarter of an hour', () => {
		const window = { from: '20:10', to: '00:45' };
		const zones = ['America/St_Johns', 'America/Los_Angeles'];
		const next = nextInside(window, zones, Date.parse('2026-03-08T06:00Z'));
		expect(next).toBe(Date.parse('2026-03-09T03:10Z'));
		expect(isInside(window, 'America/St_Johns', next! + 5 * 60_000)).toBe(false);
	});

	it.each([
		[
			'over midnight',
			'2026-07-04T12:00:00-04:00',
			{ from: '20:00', to: '06:00' },
			'2026-07-10T20:00:00-04:00',
		],
		[
			'after that midnight',
			'2026-07-04T03:00:00-04:00',
			{ from: '20:00', to: '06:00' },
			'2026-07-04T03:00:00-04:00',
		],
		['before it', '2026-07-03T03:00:00-04:00', { from: '20:00', to: '06:00' }, '2026-07-03T20:00:00-04:00'],
	])('a window belongs to the day on which it opens: %s', (_case, at, hours, next) => {
		const window = { ...hours, days: ['friday'] as const };
		expect(nextInside(window, ['America/New_York'], Date.parse(at))).toBe(Date.parse(next));
	});

	it('jump over the one opening of a week: it opens the week after', () => {
		const window = { from: '02:15', to: '02:45', days: ['sunday'] as const };
		const at = Date.parse('2026-03-01T03:00:00-05:00');
		expect(nextInside(window, ['America/New_York'], at)).toBe(Date.parse('2026-03-15T02:15:00-04:00'));
	});

	/** By luxon, every five minutes: nothing opens or changes between them. */
	function soughtInside(window: DailyWindow & { days: readonly Day[] }, zones: string[], time: number) {
		const inside = (at: number) =>
			zones.every((zone) => {
				const local = DateTime.fromMillis(at, { zone });
				const clock = [local.hour, local.minute].map((part) => String(part).padStart(2, '0')).join(':');
				const opened = clock >= window.from ? local : local.minus({ days: 1 });
				const isOpen =
					window.from < window.to
						? clock >= window.from && clock < window.to
						: clock >= window.from || clock < window.to;
				return isOpen && window.days.includes(DAYS[opened.weekday - 1]!);
			});
		if (inside(time)) return time;
		const step = 5 * 60_000;
		const last = time + 15 * 24 * 60 * 60_000;
		for (let at = Math.ceil(time / step) * step; at < last; at += step) if (inside(at)) return at;
		return undefined;
	}

	it('are read as luxon reads them, around every change', () => {
		const timeOfDay = fc
			.integer({ min: 0, max: 95 })
			.map(
				(quarter) =>
					`${String(Math.floor(quarter / 4)).padStart(2, '0')}:${['00', '10', '30', '45'][quarter % 4]}`,
			);
		const zone = fc.constantFrom(
			'America/New_York',
			'America/Chicago',
			'America/Phoenix',
			'America/Los_Angeles',
			'America/St_Johns',
			'America/Adak',
			'Pacific/Honolulu',
			'Australia/Lord_Howe',
			'Asia/Kathmandu',
		);
		const changes = ['2026-03-08T06:00Z', '2026-11-01T06:00Z', '2027-03-14T10:00Z', '2026-04-04T15:00Z'];
		const time = fc
			.tuple(fc.constantFrom(...changes), fc.integer({ min: -130_000, max: 130_000 }))
			.map(([change, seconds]) => Date.parse(change) + seconds * 1000);
		let waits = 0;
		fc.assert(
			fc.property(
				timeOfDay,
				timeOfDay,
				fc.uniqueArray(zone, { minLength: 1, maxLength: 3 }),
				time,
				fc.oneof(fc.constant([...DAYS]), fc.subarray([...DAYS], { minLength: 1 })),
				(from, to, zones, at, days) => {
					fc.pre(from !== to);
					const window = { from, to, days };
					const found = nextInside(window, zones, at);
					expect(found).toBe(soughtInside(window, zones, at));
					if (found === undefined || found === at) return;
					waits++;
					for (const each of zones) expect(isInside(window, each, found)).toBe(true);
				},
			),
			{ numRuns: 150 },
		);
		expect(waits).toBeGreaterThan(40);
	});
});

test('the table of area codes is what `npm run area-codes` makes of libphonenumber', async () => {
	expect(await readFile(TABLE, 'utf8')).toBe(await table());
});

test('no correction of the table is without its public source, or learned by libphonenumber since', async () => {
	for (const [code, { on, also, source }] of Object.entries(CORRECTIONS)) {
		expect(source).toMatch(/^https:\/\/\S+$/);
		expect(on === code && also === undefined).toBe(false);
	}
	expect(await learned()).toEqual([]);
});

test.each([
	['689', 'Orlando, not Chicago', '2026-07-01T19:59:00-04:00'],
	['474', 'Saskatchewan, not Winnipeg', '2026-07-01T19:59:00-06:00'],
	['436', 'Ohio', '2026-07-01T19:59:00-04:00'],
	['861', 'Illinois', '2026-07-01T19:59:00-05:00'],
	['837', 'California', '2026-07-01T19:59:00-07:00'],
])('the last minute of area code %s is that of %s', async (area, _, last) => {
	const to = [{ to: `${area}5550101` }, { to: `${area}5550102` }];
	clockAt(last);
	expect(itemsOf(await run(send({ from: '08:00' }), to))).toMatchObject(
		to.map(() => ({ scheduledFor: null })),
	);
	clockAt(last.replace('19:59', '20:00'));
	const morning = iso(last.replace('01T19:59', '02T08:00'));
	expect(itemsOf(await run(send({ from: '08:00' }), to))).toMatchObject(
		to.map(() => ({ scheduledFor: morning })),
	);
});

test('an area code that is not known has a window inside of all zones of the mainland', async () => {
	const to = [{ to: '2735550101' }, { to: '8005550102' }];
	clockAt('2026-07-01T09:00:00-04:00');
	expect(itemsOf(await run(send({ from: '08:00' }), to))).toMatchObject(
		to.map(() => ({ scheduledFor: iso('2026-07-01T08:00:00-07:00') })),
	);
	clockAt('2026-07-01T18:30:00-04:00');
	expect(itemsOf(await run(send({ from: '08:00' }), to))).toMatchObject(
		to.map(() => ({ scheduledFor: null })),
	);
	clockAt('2026-07-01T20:00:00-04:00');
	expect(itemsOf(await run(send({ from: '08:00' }), to))).toMatchObject(
		to.map(() => ({ scheduledFor: iso('2026-07-02T08:00:00-07:00') })),
	);
});
