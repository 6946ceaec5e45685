import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { oneOf } from '../everything';
import { itemsOf, openBench } from '../harness';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';

const recipe = readFileSync(path.join(__dirname, '../../docs/recipes.md'), 'utf8');
/** The key of the recipe, word for word. */
const key = /```\n(=.+)\n```/.exec(recipe)![1]!;

const bench = openBench();
afterEach(() => jest.restoreAllMocks());
const on = (iso: string) => void jest.spyOn(Date, 'now').mockReturnValue(Date.parse(iso));

const texting = (idempotencyKey: string) => ({
	resource: 'message',
	operation: 'send',
	phoneNumbers: '={{ $json.phone }}',
	message: '={{ $json.message }}',
	options: { idempotencyKey, requestsPerSecond: 1000 },
});
const settings = {
	onError: 'continueRegularOutput' as const,
	settings: { timezone: 'America/New_York' },
};
/** The same in all databases of a test, and another in each test: what a process remembers outlives a database. */
let workflowId: string;
let tests = 0;
beforeEach(() => (workflowId = `once ${++tests}`));

async function text(items: IDataObject[], idempotencyKey = key) {
	return itemsOf(await bench.run('clubTexting', texting(idempotencyKey), items, { ...settings, workflowId }));
}

async function runOn(deduplication: DeduplicationStore, items: IDataObject[], executionId: string) {
	const credentials = credentialsFor(bench.simulator);
	const options = { ...settings, workflowId, items, credentials, executionId };
	return await openEngine({ deduplication }).runNode(nodeTypes.clubTexting, texting(key), options);
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

test('a person takes one entry of the 20,000 that n8n keeps for a node, and for two minutes another at most', async () => {
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
	// And four of each run.
	expect(once).toBeLessThanOrEqual(60 + 60 + 4);
	expect(entries() - once).toBeLessThanOrEqual(60 + 60 + 4);
});

/** The node's list as if so many other people had been texted after those who are in it, in runs of this size. */
function withOthers(others: number, size: number): DeduplicationStore {
	const { id, rows } = JSON.parse(bench.engine.deduplication.serialize()) as Database;
	const entries = Array.from({ length: others + 4 * Math.ceil(others / size) }, (_, at) => `entry ${at}`);
	const filled = rows.map(([name, hashes]) => [name, [...hashes, ...entries]]);
	// For another process: this one remembers by the workflow's id whom it has texted.
	const before = workflowId;
	workflowId = `${before}, later`;
	return createDeduplicationStore(JSON.stringify({ id, rows: filled }).replaceAll(before, workflowId));
}
interface Database {
	id: string;
	rows: Array<[name: string, hashes: string[]]>;
}

describe('as many people a day keep to the rule as the recipe says', () => {
	const numberIn = (figure: string) => Number(figure.replace(',', ''));
	const figures = [...recipe.matchAll(/([\d,]+)(?: people a day)? in runs of up to (\d[\d,]*\d)/g)].map(
		([, most, size]) => [numberIn(most!), numberIn(size!)] as const,
	);
	const people = (from: number, count: number) =>
		Array.from({ length: count }, (_, at) => ({ phone: String(2125550000 + from + at), message: 'Hi' }));
	const first = people(0, 20);

	/** Texts the first of the day, others, and a run of this size, and then tries the first once more. */
	async function skippedAfter(others: number, size: number): Promise<number> {
		on('2026-12-01T09:00:00-05:00');
		await text(first);
		const deduplication = withOthers(others, size);
		const outputs: IDataObject[][] = [];
		for (const [at, items] of [people(others, size), first].entries())
			outputs.push(itemsOf(await runOn(deduplication, items, `${others}-${at}`)));
		expect(outputs[0]!.every(({ skipped }) => skipped === undefined)).toBe(true);
		return outputs[1]!.filter(({ skipped }) => skipped === true).length;
	}

	it('which names three', () => expect(figures).toHaveLength(3));

	// The largest run comes last: an item of it takes six entries while those of all the others still have to stand.
	it.each(figures.filter((_, at) => at % oneOf(3) === 0))(
		'%i of them, before a run of %i',
		async (most, size) => {
			expect(await skippedAfter(most - first.length, size)).toBe(first.length);
		},
	);

	it('and with more the first are forgotten', async () => {
		expect(await skippedAfter(19_500 - first.length, 300)).toBe(0);
	});
});
