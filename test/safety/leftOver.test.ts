import { createHash } from 'node:crypto';
import { createDeduplicationStore } from '../engine';
import { openEngine, sceneOf } from '../scenes';
import { from, itemsOf, openBench, outcomeOf } from '../harness';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');

const DAY = '2026-12-24';
/** What n8n keeps for a node. */
const ROOM = 20_000;
const KEYS = 10_000;
/** Of the day's 1,000 slots, so many are taken: the more there are, the longer is the search for a free one. */
const SLOTS = 900;
const ALL_RUNS = 1000;
/** So many are played, each an execution of its own and some at once; the others leave as much. */
const ROUNDS = 3;
const AT_ONCE = 10;
const PLAYED = ROUNDS * AT_ONCE;

const hashOf = (entry: string) => createHash('md5').update(entry).digest('base64');
const buying = (key: string, executionId = key) => ({
	executionId,
	parameters: {
		spendingLimit: 1000,
		options: {
			idempotencyKey: `={{ "${key} " + $itemIndex }}`,
			maximumPerDay: 1000,
			// What counts the refusals of a card has a maximum of its own.
			maximumRefusalsPerDay: 50,
		},
	},
});
const hashes = () => bench.engine.deduplication.rows().flatMap((row) => row.hashes);
const missing = (entries: string[]) => {
	const stand = new Set(hashes());
	return entries.filter((entry) => !stand.has(entry));
};

/** The table as another process finds it, with more entries behind those that stand. */
function reopened(name: string, more: string[]): void {
	const { id } = bench.engine.deduplication;
	const table = JSON.parse(bench.engine.deduplication.serialize().replaceAll(id, `${id} ${name}`)) as {
		rows: Array<[string, string[]]>;
	};
	const [row] = table.rows;
	row![1] = [...row![1], ...more.map(hashOf)].slice(-ROOM);
	bench.engine = openEngine({ deduplication: createDeduplicationStore(JSON.stringify(table)) });
}

it('a thousand runs that stopped push out none of 10,000 keys and of a day’s slots', async () => {
	await from(`${DAY}T12:00:00Z`, async () => {
		expect(itemsOf(await bench.play(purchase, buying('first')))).toHaveLength(2);
		const keys = Array.from({ length: KEYS }, (_, at) => `key:order ${at}`);
		const slots = Array.from({ length: SLOTS }, (_, at) => `cap:${DAY}:credit.purchase:${at}`);
		reopened('full', [...keys, ...slots]);
		const stood = hashes();

		bench.simulator.click2mail.books.declinedCards.add('1111');
		for (let round = 0; round < ROUNDS; round++) {
			const runs = Array.from({ length: AT_ONCE }, (_, run) => `run ${round}.${run}`);
			const results = await Promise.all(runs.map(async (run) => await bench.play(purchase, buying(run))));
			expect(results.map(outcomeOf)).toEqual(runs.map(() => 'refused'));
		}
		bench.simulator.click2mail.books.declinedCards.clear();
		expect(bench.sent('purchase')).toHaveLength(2 + PLAYED);
		expect(missing(stood)).toEqual([]);

		const ofEach = (hashes().length - stood.length) / PLAYED;
		expect(stood.length + ALL_RUNS * ofEach).toBeLessThanOrEqual(ROOM);
		// The others have run, too, in another process.
		const others = Math.ceil(ofEach * (ALL_RUNS - PLAYED));
		reopened(
			'later',
			Array.from({ length: others }, (_, at) => `left ${at}`),
		);
		expect(itemsOf(await bench.play(purchase, buying('first', 'once more')))).toMatchObject([
			{ skipped: true },
			{ skipped: true },
		]);
		expect(bench.sent('purchase')).toHaveLength(2 + PLAYED);
		expect(missing([...keys, ...slots].map(hashOf))).toEqual([]);
	});
});
