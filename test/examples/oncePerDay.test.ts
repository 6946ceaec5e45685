import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { itemsOf, openBench } from '../harness';

const recipe = readFileSync(path.join(__dirname, '../../docs/recipes.md'), 'utf8');
/** The key of the recipe, word for word. */
const key = /```\n(=.+)\n```/.exec(recipe)![1]!;

const bench = openBench();
afterEach(() => jest.restoreAllMocks());
const on = (iso: string) => void jest.spyOn(Date, 'now').mockReturnValue(Date.parse(iso));

async function text(items: IDataObject[], idempotencyKey = key) {
	return itemsOf(
		await bench.run(
			'clubTexting',
			{
				resource: 'message',
				operation: 'send',
				phoneNumbers: '={{ $json.phone }}',
				message: '={{ $json.message }}',
				options: { idempotencyKey, requestsPerSecond: 1000 },
			},
			items,
			{ onError: 'continueRegularOutput', workflowId: 'w', settings: { timezone: 'America/New_York' } },
		),
	);
}
const delivered = () =>
	bench.simulator.clubTexting.books.delivered.map(({ number, message }) => [number, message]);

test('at most one text a day goes to anybody, however the number is written and in whichever execution', async () => {
	on('2026-12-01T09:00:00-05:00');
	const first = await text([
		{ phone: '(212) 555-0143', message: 'one' },
		{ phone: '6465550172', message: 'two' },
		{ phone: '+1 212 555 0143', message: 'three' },
		{ phone: 12125550143, message: 'four' },
	]);
	expect(first.map(({ skipped }) => skipped ?? false)).toEqual([false, false, true, true]);
	on('2026-12-01T23:30:00-05:00');
	expect(await text([{ phone: '2125550143', message: 'five' }])).toMatchObject([{ skipped: true }]);
	on('2026-12-02T00:30:00-05:00');
	expect(
		await text([
			{ phone: '2125550143', message: 'six' },
			{ phone: '2125550143', message: 'seven' },
		]),
	).toMatchObject([{ recipients: ['2125550143'] }, { skipped: true }]);
	expect(delivered()).toEqual([
		['2125550143', 'one'],
		['6465550172', 'two'],
		['2125550143', 'six'],
	]);
});

test('once a week and once ever, as the recipe says', async () => {
	const week = /`\{\{ (\$today\.toFormat\(.+?\)) \}\}`/.exec(recipe)![1]!;
	const weekly = key.replace('$today.toISODate()', () => week);
	expect(weekly).not.toBe(key);
	const both = async (day: string) => {
		on(day);
		const item = [{ phone: '2125550143', message: day.slice(0, 10) }];
		return [await text(item, weekly), await text(item, key.replace(/ \{\{ \$today.+$/, ''))].map(
			([json]) => json!.skipped ?? false,
		);
	};
	expect(await both('2026-12-01T09:00:00-05:00')).toEqual([false, false]);
	expect(await both('2026-12-06T23:00:00-05:00')).toEqual([true, true]);
	expect(await both('2026-12-07T09:00:00-05:00')).toEqual([false, true]);
});

test('a text that was refused leaves the day free for the next', async () => {
	on('2026-12-01T09:00:00-05:00');
	const { refusedNumbers } = bench.simulator.clubTexting.books;
	refusedNumbers.add('2125550143');
	expect(await text([{ phone: '2125550143', message: 'one' }])).toMatchObject([
		{ details: { outcome: 'refused' } },
	]);
	refusedNumbers.clear();
	expect(await text([{ phone: '2125550143', message: 'two' }])).toMatchObject([
		{ recipients: ['2125550143'] },
	]);
});

test('a person takes one entry of the 20,000 that n8n keeps for a node, and a run a few more', async () => {
	on('2026-12-01T09:00:00-05:00');
	const people = (from: number) =>
		Array.from({ length: 60 }, (_, at) => ({
			phone: `212555${String(from + at).padStart(4, '0')}`,
			message: 'Hi',
		}));
	const entries = () => bench.engine.deduplication.rows().flatMap(({ hashes }) => hashes).length;
	await text(people(0));
	const once = entries();
	await text(people(60));
	expect(once).toBeLessThanOrEqual(60 + 10);
	expect(entries() - once).toBeLessThanOrEqual(60 + 10);
});
