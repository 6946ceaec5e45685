import { contest, staysOut, waitOf } from '../../nodes/shared/idempotency/contest';
import type { DeduplicationList, Look } from '../../nodes/shared/idempotency/deduplicationList';
import { KeptEntries } from '../../nodes/shared/idempotency/keptEntries';
import { Stalls } from '../../nodes/shared/idempotency/stalls';
import { passed, wait, withoutWaiting } from './clock';

/** What one write finds of what it asks for; undefined where it fails. */
type Told = Partial<Pick<Look, 'isUnclear'>> & { found?: string[]; takes?: number; fails?: boolean };

/**
 * A list whose writes are told beforehand, the last of them for all that follow.
 *
 * @param isOut whether what is taken out goes
 */
function told(writes: Told[], isOut = true) {
	const asked: Array<[at: number, ...entries: string[]]> = [];
	const removed: string[][] = [];
	const stalls = new Stalls();
	const list: Pick<DeduplicationList, 'add' | 'remove' | 'usual' | 'stalls'> = {
		usual: 0,
		stalls,
		async add(entries) {
			const { found = [], takes = 0, fails, isUnclear = false } = writes[asked.length] ?? writes.at(-1)!;
			const began = performance.now();
			asked.push([passed(), ...entries]);
			await wait(takes);
			stalls.add(began, performance.now());
			if (fails) throw new Error('database is locked');
			const ended = performance.now();
			return { found: new Set(entries.filter((entry) => found.includes(entry))), began, ended, isUnclear };
		},
		async remove(entries) {
			await wait(0);
			removed.push(entries);
			return isOut;
		},
	};
	return { list, asked, removed };
}

interface Contesting {
	isOut?: boolean;
	/** How long the write took that has claimed them. */
	took?: number;
	entries?: string[];
	/** What a write usually takes. */
	usual?: number;
	signal?: AbortSignal;
}

/** Contests entries that were just written. */
async function contested(
	writes: Told[],
	{ isOut, took = 0, entries = ['e'], usual = 0, signal }: Contesting = {},
) {
	const { list, asked, removed } = told(writes, isOut);
	const result = await withoutWaiting(async () => {
		const began = performance.now();
		await wait(took);
		const ended = performance.now();
		list.stalls.add(began, ended);
		const marks = new Map(entries.map((entry): [string, [string, string]] => [entry, ['mark', 'beside']]));
		const claim = { found: new Set<string>(), began, ended, isUnclear: false };
		return await contest({ ...list, usual }, marks, claim, signal).catch((error: Error) => error.message);
	});
	return { result, asked, removed };
}

const OWN = { found: ['e', 'mark', 'beside'] };
const first = ['e', 'mark', 'beside'];
const second = [...first, 'won:e'];
const winning = { won: new Set(['e']) };
const losing = { won: new Set() };

describe('a contest', () => {
	it('is won where, a second later, the entry stands beside its mark and nobody else has won', async () => {
		const { result, asked, removed } = await contested([OWN]);
		expect(result).toEqual(winning);
		expect(asked).toEqual([
			[1000, ...first],
			[1000, ...second],
		]);
		expect(removed).toEqual([]);
	});

	it.each<[string, Told[], string[][]]>([
		['its mark is gone', [{ found: ['e'] }], []],
		['its mark goes while it asks who has won', [OWN, { found: ['e'] }], [['won:e']]],
		['another has won', [OWN, { found: second }], []],
		['another has won, and the entry is erased', [OWN, { found: ['won:e'] }], []],
	])('is lost where %s', async (_what, writes, out) => {
		const { result, removed } = await contested(writes);
		expect(result).toEqual(losing);
		expect(removed).toEqual(out);
	});

	it('decides on each entry for itself', async () => {
		const writes = [{ found: ['e', 'f', 'mark'] }, { found: ['e', 'f', 'mark', 'won:f'] }];
		const { result, asked, removed } = await contested(writes, { entries: ['e', 'f'] });
		expect(result).toEqual(winning);
		expect(asked[1]).toEqual([1000, 'e', 'mark', 'beside', 'f', 'mark', 'beside', 'won:e', 'won:f']);
		expect(removed).toEqual([]);
	});

	/** What is asked where the second look has to begin anew. */
	const anew = [
		[1000, ...first],
		[2000, ...first],
		[2000, ...second],
		[3000, ...first],
		[3000, ...second],
	];

	it('begins anew with what was erased and is written again, before it asks who has won and meanwhile', async () => {
		const { result, asked, removed } = await contested([{}, OWN, {}, OWN]);
		expect(result).toEqual(winning);
		expect(asked).toEqual(anew);
		expect(removed).toEqual([['won:e']]);
	});

	it('gives up after twenty looks that have found nothing', async () => {
		const { result, asked } = await contested([{}]);
		expect(result).toEqual({ lost: 'notKept' });
		expect(asked).toHaveLength(20);
	});

	it('gives up where its own write took more than eight seconds, and asks nothing', async () => {
		const { result, asked } = await contested([OWN], { took: 8001 });
		expect(result).toEqual({ lost: 'stalled' });
		expect(asked).toEqual([]);
	});

	it('waits after a slow write until what that has erased stands again, and measures at once what is usual', async () => {
		const { result, asked } = await contested([OWN], { took: 501 });
		expect(result).toEqual(winning);
		expect(asked).toEqual([
			[501, ...first],
			[8501, ...first],
			[8501, ...second],
		]);
		const quick = await contested([OWN], { took: 500 });
		expect(quick.asked[0]).toEqual([1500, ...first]);
	});

	it('is not decided by the look that measures, however short the doubt', async () => {
		const { result, asked } = await contested([OWN], { took: 600, usual: 200 });
		expect(result).toEqual(winning);
		expect(asked).toEqual([
			[600, ...first],
			[8600, ...first],
			[8600, ...second],
		]);
	});

	it('waits also where the look that would decide was slow', async () => {
		const { result, asked } = await contested([{ ...OWN, takes: 600 }, OWN]);
		expect(result).toEqual(winning);
		expect(asked).toEqual([
			[1000, ...first],
			[9600, ...first],
			[9600, ...second],
		]);
	});

	it('measures again at once where a slow look has written what was erased', async () => {
		const { asked } = await contested([{ takes: 600 }, OWN]);
		expect(asked).toEqual([
			[1000, ...first],
			[1600, ...first],
			[9600, ...first],
			[9600, ...second],
		]);
	});

	it('begins anew after a look that may have found itself, and takes out what it has asked', async () => {
		const unclear = { ...OWN, isUnclear: true };
		const { result, asked, removed } = await contested([
			unclear,
			OWN,
			{ found: second, isUnclear: true },
			OWN,
		]);
		expect(result).toEqual(winning);
		expect(asked).toEqual(anew);
		expect(removed).toEqual([['won:e']]);
	});

	it.each<[string, Told, object]>([
		['after a look that may have found itself', { found: second, isUnclear: true }, { lost: 'notKept' }],
		['after it was lost', { found: ['e'] }, { lost: 'stalled' }],
	])('is given up where what it has asked can’t be taken out, %s', async (_when, look, lost) => {
		const { result, removed } = await contested([OWN, look], { isOut: false });
		expect(result).toEqual(lost);
		expect(removed).toEqual([['won:e']]);
	});

	it('fails with n8n’s write, and takes out what it has asked', async () => {
		const failing = { fails: true };
		const early = await contested([failing]);
		expect(early).toMatchObject({ result: 'database is locked', removed: [] });
		const late = await contested([OWN, failing]);
		expect(late).toMatchObject({ result: 'database is locked', removed: [['won:e']] });
	});

	it('ends with the execution', async () => {
		const { result, asked } = await contested([OWN], { signal: AbortSignal.abort() });
		expect(result).toEqual({ lost: 'cancelled' });
		expect(asked).toEqual([]);
	});

	it('waits nine times what is usual, a second at least', () => {
		expect([0, 111, 112].map((usual) => waitOf({ usual }))).toEqual([1000, 1000, 1008]);
	});

	it('does not take for slow what is usual', async () => {
		const { result, asked } = await contested([{ ...OWN, takes: 600 }], { usual: 600 });
		expect(result).toEqual(winning);
		expect(asked).toHaveLength(2);
	});
});

describe('what was taken out', () => {
	const out = async (writes: Told[], isOut = true, signal?: AbortSignal) =>
		await withoutWaiting(async () => {
			const { list, asked, removed } = told(writes, isOut);
			const result = await staysOut(list as DeduplicationList, ['e', 'mark'], 'mark', signal);
			return { result, times: asked.map(([at]) => at), asked: asked[0]!.slice(1), removed };
		});
	const all = ['e', 'mark', 'won:e', 'won:mark'];

	it('stays out: a look a second later leaves nothing', async () => {
		expect(await out([{}])).toEqual({ result: true, times: [1000], asked: ['mark'], removed: [['mark']] });
	});

	it('and was written back is taken out again, with the sign of who has won', async () => {
		expect(await out([{ found: ['mark'] }, {}])).toEqual({
			result: true,
			times: [1000, 2000],
			asked: ['mark'],
			removed: [all, ['mark']],
		});
	});

	it('and is written back again and again is given up after twenty looks', async () => {
		const { result, removed } = await out([{ found: ['mark'] }]);
		expect(result).toBe(false);
		expect(removed).toHaveLength(19);
	});

	it('and can’t be taken out again is not out', async () => {
		const { result, removed } = await out([{ found: ['mark'] }], false);
		expect(result).toBe(false);
		expect(removed).toEqual([all]);
	});

	it('counts as out where n8n can’t tell', async () => {
		expect(await out([{ fails: true }])).toMatchObject({ result: true, removed: [['mark']] });
	});
});

describe('slow writes', () => {
	it('are doubtful for eight seconds, or for one and a half times as long as they took', () => {
		const stalls = new Stalls();
		stalls.add(1000, 1500);
		expect(stalls.doubtfulUntil(0)).toBe(0);
		stalls.add(1000, 1501);
		expect([500, 501].map((ms) => stalls.doubtfulUntil(ms))).toEqual([9501, 0]);
		stalls.add(2000, 8000);
		expect([500, 5999, 6000].map((ms) => stalls.doubtfulUntil(ms))).toEqual([17_000, 17_000, 0]);
	});

	it('are forgotten once nothing is doubtful any more', () => {
		const stalls = new Stalls();
		// Until 30,000.
		stalls.add(0, 12_000);
		stalls.add(29_000, 29_600);
		expect(stalls.doubtfulUntil(600)).toBe(30_000);
		stalls.add(30_000, 30_600);
		expect(stalls.doubtfulUntil(600)).toBe(0);
	});

	it('are hopeless for a look within that time, where they took more than eight seconds', () => {
		const stalls = new Stalls();
		stalls.add(0, 8000);
		expect(stalls.isHopeless(1)).toBe(false);
		stalls.add(0, 10_000);
		expect([24_999, 25_000].map((at) => stalls.isHopeless(at))).toEqual([true, false]);
	});
});

describe('what was won', () => {
	const now = () => performance.now();
	const since = (at?: number) => (at === undefined ? undefined : at - now());

	it('is asked for again nearly each second, then at longer intervals, for two minutes', async () => {
		await withoutWaiting(async () => {
			const kept = new KeptEntries();
			expect(kept.due).toBeUndefined();
			kept.add('e', ['open']);
			expect(kept.entries).toEqual(['e', 'open', 'won:e']);
			const times: number[] = [];
			for (let due = since(kept.due); due !== undefined && times.length < 15; due = since(kept.due)) {
				await wait(due);
				times.push(passed());
				const out = kept.takeOut();
				if (out.length > 0) expect(out).toEqual(['won:e']);
				else kept.written(now());
			}
			const seconds = [900, 1800, 2700, 3600, 4500, 5400, 6300, 7200, 8100];
			expect(times).toEqual([...seconds, 16_000, 32_000, 64_000, 120_000]);
			expect(kept.entries).toEqual(['e', 'open']);
			expect(kept.has('e')).toBe(true);
		});
	});

	it('is due where the last write began before, however late that is told', async () => {
		await withoutWaiting(async () => {
			const kept = new KeptEntries();
			kept.add('e', []);
			await wait(2000);
			kept.written(now());
			kept.written(now() - 1500);
			expect(since(kept.due)).toBe(700);
			kept.add('f', []);
			expect(since(kept.due)).toBe(700);
			await wait(500);
			kept.written(now());
			expect(since(kept.due)).toBe(200);
		});
	});

	it('is no more once it is taken out, and neither is what stands beside another', async () => {
		await withoutWaiting(async () => {
			const kept = new KeptEntries();
			kept.add('e', ['open:e', 'mark']);
			kept.add('f', ['open:f', 'mark']);
			expect(kept.withoutThese(['e', 'open:e', 'mark'])).toEqual(new Set(['e', 'open:e', 'mark', 'won:e']));
			expect(kept.entries).toEqual(['f', 'open:f', 'won:f']);
			expect([kept.has('e'), kept.has('f')]).toEqual([false, true]);
			await wait(120_000);
			// A slow write may have brought back what has stood beside it.
			expect(kept.takeOut()).toEqual(['won:f', 'mark']);
			expect(kept.takeOut()).toEqual([]);
			expect(kept.due).toBeUndefined();
			expect(kept.withoutThese(['f'])).toEqual(new Set(['f']));
		});
	});

	it('is asked for of the latest thirty; that others were won is taken out, twenty at a time', async () => {
		await withoutWaiting(async () => {
			const kept = new KeptEntries();
			const names = Array.from({ length: 50 }, (_, at) => `e${at}`);
			for (const name of names.slice(0, 31)) kept.add(name, []);
			expect([kept.has('e0'), kept.has('e1'), kept.entries.length]).toEqual([false, true, 60]);
			for (const name of names.slice(31, 49)) kept.add(name, []);
			expect(kept.takeOut()).toEqual([]);
			kept.add('e49', []);
			expect(kept.takeOut()).toEqual(names.slice(0, 20).map((name) => `won:${name}`));
			// It is the latest again.
			kept.add('e20', []);
			kept.add('e50', []);
			expect([kept.has('e20'), kept.has('e21')]).toEqual([true, false]);
			kept.withoutThese(kept.entries);
			expect(kept.due).toBe(0);
			expect(kept.takeOut()).toEqual(['won:e21']);
		});
	});
});
