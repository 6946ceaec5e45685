import type { DeduplicationItemTypes, IExecuteFunctions } from 'n8n-workflow';
import type * as claimsModule from '../../nodes/shared/idempotency/claims';
import type * as listModule from '../../nodes/shared/idempotency/deduplicationList';
import type * as journalModule from '../../nodes/shared/idempotency/journal';
import type * as slotsModule from '../../nodes/shared/idempotency/slots';
import { Cap } from '../../nodes/shared/idempotency/cap';
import { Refusals } from '../../nodes/shared/idempotency/refusals';
import { standingOf } from '../../nodes/shared/idempotency/standing';
import { isTool } from '../../nodes/shared/idempotency/toolCalls';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { passed, wait, withoutWaiting } from './clock';
import { seeded, SlowTable, type Reach } from './slowTable';

type Modules = typeof claimsModule & typeof listModule & typeof journalModule & typeof slotsModule;

/** What one process has loaded. */
function copyOfModules(): Modules {
	let copy: Modules | undefined;
	jest.isolateModules(() => {
		copy = {
			...jest.requireActual<typeof claimsModule>('../../nodes/shared/idempotency/claims'),
			...jest.requireActual<typeof listModule>('../../nodes/shared/idempotency/deduplicationList'),
			...jest.requireActual<typeof journalModule>('../../nodes/shared/idempotency/journal'),
			...jest.requireActual<typeof slotsModule>('../../nodes/shared/idempotency/slots'),
		};
	});
	return copy!;
}

const copies = [copyOfModules(), copyOfModules()] as const;
const asIs: Meddle = async (_items, write) => await write();
let nodes = 0;

/** What happens as a process writes. @param write does it */
type Meddle = (items: string[], write: () => Promise<void>) => Promise<void>;
interface Meddling {
	reach?: Reach;
	/** Its id; null where n8n gives none. */
	workflow?: string | null;
	add?: Meddle;
	remove?: Meddle;
}

/** The list of a new node, for two processes, at once unless told otherwise. */
function openTable(...standing: string[]) {
	const table = new SlowTable(seeded(1));
	const node = `node ${++nodes}`;
	const of = { node: { id: node }, workflow: { id: 'saved', active: true } } as never;
	const options = { mode: 'entries' } as const;
	const other = table.seenBy(createDeduplicationStore(), { rw: 0 });
	const put = async (...entries: string[]) =>
		await other.checkProcessedAndRecord(entries, 'node', of, options);
	const takeOut = async (...entries: string[]) => await other.removeProcessed(entries, 'node', of, options);

	const processOf = (
		copy: number,
		{ reach = { rw: 0 }, workflow = 'saved', add = asIs, remove = asIs }: Meddling = {},
	) => {
		const store: DeduplicationStore = table.seenBy(createDeduplicationStore(), reach);
		const helpers = {
			async checkProcessedAndRecord(items: DeduplicationItemTypes[]) {
				let result: Awaited<ReturnType<typeof store.checkProcessedAndRecord>> | undefined;
				await add(items.map(String), async () => {
					result = await store.checkProcessedAndRecord(items, 'node', of, options);
				});
				return result;
			},
			async removeProcessed(items: DeduplicationItemTypes[]) {
				await remove(items.map(String), async () => await store.removeProcessed(items, 'node', of, options));
			},
			getProcessedDataCount: async () => await store.getProcessedDataCount('node', of, options),
		};
		const context = {
			getWorkflow: () => ({ id: workflow ?? undefined }),
			getNode: () => ({ id: node }),
			logger: { warn: () => {} },
			helpers,
		} as unknown as IExecuteFunctions;
		const { Claims, Journal, Slots, openDeduplicationList } = copies[copy]!;
		const list = openDeduplicationList(context);
		return {
			list,
			slots: (count: number, signal?: AbortSignal) => new Slots(list, 'today', count, signal),
			run(executionId: string, signal?: AbortSignal) {
				const journal = new Journal({}, executionId, undefined, 0, 'op');
				const claims = new Claims(list, journal, 'op', false, signal);
				return { claims, journal };
			},
		};
	};
	const begin = async () => void (standing.length > 0 && (await put(...standing)));
	return { begin, put, takeOut, processOf, entries: () => table.listOf(node) };
}

const item = (number: number, key?: string) => ({
	item: number,
	content: `say${number}`,
	...(key !== undefined && { key }),
});
const act = (number: number) => `act:1:0.op.${number}.0`;
const taken = (number: number) => ({ kind: 'taken', content: `say${number}.0` });
const known = (number: number) => ({ kind: 'known', content: `say${number}.0` });
const used = (key: string) => ({ kind: 'used', key });
const failed = (outcome: string, message: string) => ({
	kind: 'failed',
	error: expect.objectContaining({ outcome, message: expect.stringContaining(message) as string }) as Error,
});
const takenOver = failed(
	'notSent',
	'Not sent here: n8n runs this execution a second time, and the later run goes on with what is left',
);
const open = failed('unknown', 'was taken before, and whether its act happened is not known');

describe('two runs of one execution', () => {
	it('the later one goes on, and the earlier one stops where it meets it', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const earlier = processOf(0).run('1').claims;
			const later = processOf(1).run('1').claims;
			expect(await earlier.take([item(0)])).toEqual([taken(0)]);
			expect(await later.take([item(0)])).toEqual([known(0)]);
			expect(await later.take([item(1)])).toEqual([taken(1)]);
			const [claim] = await earlier.take([item(1)]);
			expect(claim).toEqual(takenOver);
			expect(claim).toMatchObject({
				error: {
					facts: {
						affects: 'run',
						advice: 'Look at the later run of this execution for what became of these items.',
					},
				},
			});
			const before = entries();
			expect(await earlier.take([item(2), item(3)])).toEqual([takenOver, takenOver]);
			expect(entries()).toEqual(before);
			expect(before).toEqual(expect.arrayContaining([act(0), act(1)]));
			expect(before.filter((entry) => entry.startsWith('own:'))).toHaveLength(3);
		});
	});

	it.each<[string, boolean, object]>([
		['the later one', true, known(1)],
		['the earlier one', false, takenOver],
	])('%s leaves to the other an act that stands without its own mark', async (_who, isLater, claim) => {
		await withoutWaiting(async () => {
			const { processOf, entries, takeOut } = openTable();
			if (isLater)
				await processOf(0)
					.run('1')
					.claims.take([item(0)]);
			// A write that had read before leaves the names of the other, which are the same.
			const add: Meddle = async (items, write) => {
				await write();
				if (items.includes(act(1))) await takeOut(...items.filter((each) => each.startsWith('own:')));
			};
			const { claims } = processOf(1, { add }).run('1');
			expect(await claims.take([item(1)])).toEqual([claim]);
			expect(entries()).toContain(act(1));
		});
	});

	it('where n8n can’t tell whether the run before has settled, nothing of the later one stays', async () => {
		await withoutWaiting(async () => {
			const standing = ['run:1:0.op', 'live:1:0.op', 'other'];
			const { begin, processOf, entries } = openTable(...standing);
			await begin();
			const add: Meddle = async (items, write) => {
				if (items.includes('settled:1:0.op')) throw new Error('database is locked');
				await write();
			};
			const { claims, journal } = processOf(0, { add }).run('1');
			await expect(claims.take([item(0)])).rejects.toMatchObject({ outcome: 'notSent' });
			expect(entries()).toEqual(standing);
			expect(journal.record.stuck).toBeUndefined();
		});
	});
});

describe('an act', () => {
	it('does not leave where n8n does not keep it', async () => {
		await withoutWaiting(async () => {
			const { processOf, takeOut } = openTable();
			const add: Meddle = async (items, write) => {
				await write();
				await takeOut(...items);
			};
			const { claims } = processOf(0, { add }).run('1');
			expect(await claims.take([item(0)])).toEqual([
				failed('notSent', 'n8n’s database did not keep the act'),
			]);
		});
	});

	it('whose write fails and is kept is taken out, and its number is free', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			let isFailing = false;
			const add: Meddle = async (_items, write) => {
				await write();
				if (isFailing) throw new Error('database is locked');
			};
			const { claims, journal } = processOf(0, { add }).run('1');
			await claims.take([item(0)]);
			isFailing = true;
			await expect(claims.take([item(1)])).rejects.toMatchObject({ outcome: 'notSent' });
			expect(entries()).toContain(act(0));
			expect(entries()).not.toContain(act(1));
			expect(journal.record.stuck).toBeUndefined();
			isFailing = false;
			expect(await claims.take([item(1)])).toEqual([taken(1)]);
		});
	});

	it.each(['', '__EMPTY__', null])(
		'of the workflow %p, which was never saved, is given back without n8n’s list',
		async (workflow) => {
			await withoutWaiting(async () => {
				const { processOf, entries } = openTable();
				const { claims } = processOf(0, { workflow }).run('1');
				expect(await claims.take([item(0)])).toEqual([taken(0)]);
				expect(await claims.giveBack([{ ...item(0), content: 'say0.0' }])).toBe(true);
				expect(entries()).toEqual([]);
				expect(await claims.take([item(0)])).toEqual([taken(0)]);
			});
		},
	);
});

describe('what a process has claimed', () => {
	const look = { found: new Set<string>(), began: 0, ended: 0, isUnclear: false };
	const standing = (isRetry: boolean) => standingOf({}, openTable().processOf(0).list, isRetry);

	it('before it has met another run tells which of them is the later one', () => {
		const later = standing(false);
		expect([later.meetsAnother(), later.isLater, later.isOver]).toEqual([false, true, false]);
		const earlier = standing(false);
		earlier.claim(['act'], 'own', look);
		expect([earlier.meetsAnother(), earlier.isLater, earlier.isOver]).toEqual([true, false, true]);
		const retry = standing(true);
		retry.claim(['act'], 'own', look);
		expect([retry.meetsAnother(), retry.isLater, retry.isOver]).toEqual([false, false, false]);
	});
});

describe('a key', () => {
	it('that was used leaves the other items of the request alone, and its own act no mark', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf, entries } = openTable('key:k');
			await begin();
			const { claims } = processOf(0).run('1');
			expect(await claims.take([item(0, 'k'), item(1)])).toEqual([used('k'), taken(1)]);
			expect(entries()).toEqual(expect.arrayContaining(['key:k', act(1)]));
			expect(entries()).not.toContain(act(0));
			expect(entries()).not.toContain('open:k');
			expect(entries().filter((entry) => entry.startsWith('own:'))).toHaveLength(1);
			// The number of what did not happen is free.
			expect(await claims.take([item(0)])).toEqual([taken(0)]);
		});
	});

	it('that was used is not called stuck where the marks of its act can’t be taken out', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf } = openTable('key:k');
			await begin();
			const remove = async () => await Promise.reject(new Error('database is locked'));
			const { claims, journal } = processOf(0, { remove }).run('1');
			expect(await claims.take([item(0, 'k')])).toEqual([used('k')]);
			expect(journal.record.stuck).toBeUndefined();
		});
	});

	it('that another process has taken is waited for until its act has happened', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const first = processOf(0).run('1').claims;
			const claimant = item(0, 'k');
			const [claim] = await first.take([claimant]);
			expect(claim).toEqual(taken(0));
			const second = processOf(1).run('2').claims.take([claimant]);
			await wait(2000);
			await first.done([{ ...claimant, content: 'say0.0' }]);
			expect(await second).toEqual([used('k')]);
			await wait(10_000);
			expect(entries()).toContain('key:k');
			expect(entries().filter((entry) => /^(open|keys):/.test(entry))).toEqual([]);
		});
	});

	it('that another process has taken is waited for ten seconds, and is not called used', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			await processOf(0)
				.run('1')
				.claims.take([item(0, 'k')]);
			const began = passed();
			expect(
				await processOf(1)
					.run('2')
					.claims.take([item(0, 'k')]),
			).toEqual([open]);
			expect(passed() - began).toBe(10_000);
			expect(entries()).toEqual(expect.arrayContaining(['key:k', 'open:k']));
		});
	});

	it('that is given back while another one waits for it is free', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const { claims } = processOf(0).run('1');
			await claims.take([item(0, 'k')]);
			const second = processOf(1)
				.run('2')
				.claims.take([item(0, 'k')]);
			await wait(500);
			expect(await claims.giveBack([{ ...item(0, 'k'), content: 'say0.0' }])).toBe(true);
			expect(await second).toEqual([open]);
			expect(entries().filter((entry) => entry.endsWith(':k'))).toEqual([]);
		});
	});

	const NAME = 'the idempotency key (“Act Once Per”)';

	it.each<[string, Meddling, string]>([
		[
			'was too slow',
			{ reach: { rw: 0, stall: (n) => (n === 1 ? 9000 : 0) } },
			`n8n’s database took too long to write down ${NAME}`,
		],
		[
			'comes before two that were too slow',
			{ reach: { rw: 0, stall: (n) => (n > 1 && n < 4 ? 9000 : 0) } },
			`n8n’s database took too long to write down ${NAME}`,
		],
	])('whose write %s: it is used up', async (_what, meddling, message) => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const { claims } = processOf(0, meddling).run('1');
			expect(await claims.take([item(0, 'k')])).toEqual([failed('notSent', message)]);
			expect(entries()).toContain('key:k');
			expect(entries()).not.toContain(act(0));
		});
	});

	it('that n8n does not keep is used up', async () => {
		await withoutWaiting(async () => {
			const { processOf, takeOut } = openTable();
			const add: Meddle = async (items, write) => {
				await write();
				await takeOut(...items);
			};
			const [claim] = await processOf(0, { add })
				.run('1')
				.claims.take([item(0, 'k')]);
			expect(claim).toEqual(failed('notSent', `n8n’s database did not keep ${NAME}`));
			expect(claim).toMatchObject({
				error: {
					facts: {
						advice: expect.stringMatching(
							/the key is used up: run the item again with another one\.$/,
						) as string,
					},
				},
			});
		});
	});

	it('is given back where the execution is cancelled', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const cancelling = new AbortController();
			const taking = processOf(0)
				.run('1', cancelling.signal)
				.claims.take([item(0, 'k')]);
			await wait(500);
			expect(entries()).toContain('key:k');
			cancelling.abort();
			expect(await taking).toEqual([failed('notSent', 'The execution was cancelled')]);
			expect(entries().filter((entry) => entry.endsWith(':k'))).toEqual([]);
		});
	});

	it.each<[string, object, number]>([
		['done', used('k'), 3000],
		['free', taken(0), 4000],
		['open', open, 3000],
		['under way', open, 10_000],
	])(
		'that another run of the process has taken is waited for, and comes out as it is then: %s',
		async (became, claim, at) => {
			await withoutWaiting(async () => {
				const { processOf } = openTable();
				const process = processOf(0);
				const { claims } = process.run('1');
				const claimant = { ...item(0, 'k'), content: 'say0.0' };
				await claims.take([item(0, 'k')]);
				const began = passed();
				const second = process.run('2').claims.take([item(0, 'k')]);
				await wait(2990);
				if (became === 'done') void claims.done([claimant]);
				if (became === 'free') void claims.giveBack([claimant]);
				if (became === 'open') void claims.end(false, []);
				expect(await second).toEqual([claim]);
				expect(passed() - began).toBe(at);
			});
		},
	);

	it('can’t be kept for a workflow that was never saved', async () => {
		const { claims } = openTable().processOf(0, { workflow: '' }).run('1');
		const [claim] = await claims.take([item(0, 'k')]);
		const message = 'An idempotency key (“Act Once Per”) can only be kept for a saved workflow';
		expect(claim).toEqual(failed('notSent', message));
		expect(claim).toMatchObject({ error: { facts: { advice: 'Save the workflow and run it again.' } } });
	});

	it('of an act that a run before has begun is used, where it is known to be done', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const { claims } = processOf(0).run('1');
			await claims.take([item(0, 'k')]);
			await claims.done([{ ...item(0, 'k'), content: 'say0.0' }]);
			await wait(5000);
			const later = processOf(1).run('1').claims;
			expect(await later.take([item(0, 'k')])).toEqual([used('k')]);
			expect(entries()).not.toContain('open:k');
			const before = entries();
			expect(
				await processOf(1)
					.run('2')
					.claims.take([item(0, 'k')]),
			).toEqual([used('k')]);
			expect(entries()).toEqual(before);
		});
	});

	it('of an act that an earlier try has sent stays done, also where a slow write brings back that it is open', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf, put, entries } = openTable('key:k', 'open:k');
			await begin();
			let removals = 0;
			const remove: Meddle = async (items, write) => {
				const before = entries();
				await write();
				if (items.includes('open:k') && ++removals < 3) await put(...before);
			};
			const { claims } = processOf(0, { remove }).run('1');
			await claims.done([{ ...item(0, 'k'), content: 'say0.0' }]);
			expect(entries()).toContain('open:k');
			await wait(10_000);
			expect(entries()).toEqual(['key:k']);
		});
	});
});

const place = (number: number) => `cap:today:${number}`;
const places = (count: number, ...free: number[]) =>
	Array.from({ length: count }, (_, number) => number)
		.filter((number) => !free.includes(number))
		.map(place);

describe('a slot', () => {
	it('is searched four times, two seconds apart, before all count as taken; what is put back meanwhile is found', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf, takeOut } = openTable(...places(30));
			await begin();
			const slots = processOf(0).slots(30);
			expect(await slots.take()).toBeUndefined();
			expect(passed()).toBe(6000);
			expect(slots.isFull).toBe(true);
			const other = processOf(1).slots(30).take();
			await wait(3000);
			await takeOut(place(29));
			expect(await other).toEqual([place(29), expect.stringContaining('slot:')]);
			expect(passed()).toBe(6000 + 4000 + 1000);
		});
	});

	it('that another act of the process has found beside its own is waited for', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf } = openTable(...places(30, 5, 6));
			await begin();
			const both = [processOf(0).slots(30), processOf(0).slots(30)];
			const got = await Promise.all(both.map(async (slots) => [(await slots.take())?.[0], passed()]));
			expect(got).toEqual([
				[place(5), 1000],
				[place(6), 2000],
			]);
		});
	});

	it('that others of the process get is searched for as often as if they had not been there', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf } = openTable(...places(30, 5, 6));
			await begin();
			const three = [1, 2, 3].map(() => processOf(0).slots(30));
			const got = await Promise.all(three.map(async (slots) => (await slots.take())?.[0]));
			expect(got).toEqual([place(5), place(6), undefined]);
			expect(passed()).toBe(1000 + 6000);
		});
	});

	it('is not taken where its write was too slow, and stays taken', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const slots = processOf(0, { reach: { rw: 0, stall: (n) => (n === 1 ? 9000 : 0) } }).slots(1);
			await expect(slots.take()).rejects.toMatchObject({
				outcome: 'notSent',
				message: 'n8n’s database took too long to write down the count',
				facts: {
					advice:
						'Nothing was sent. Where the item has an idempotency key (“Act Once Per”), the key is used up: run the item again with another one.',
				},
			});
			await wait(30_000);
			expect(entries()).toContain(place(0));
		});
	});

	it('is put back where the execution is cancelled', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const cancelling = new AbortController();
			const slot = processOf(0).slots(1, cancelling.signal).take();
			await wait(500);
			cancelling.abort();
			await expect(slot).rejects.toMatchObject({
				outcome: 'notSent',
				message: 'The execution was cancelled',
				facts: { affects: 'run' },
			});
			expect(entries()).toContain(place(0));
			await wait(10_000);
			expect(entries()).not.toContain(place(0));
		});
	});

	it('is not taken where the execution is cancelled between two searches', async () => {
		await withoutWaiting(async () => {
			const { begin, processOf } = openTable(...places(30));
			await begin();
			const cancelling = new AbortController();
			const slot = processOf(0).slots(30, cancelling.signal).take();
			await wait(100);
			cancelling.abort();
			await expect(slot).rejects.toMatchObject({ message: 'The execution was cancelled' });
		});
	});

	it('is not taken where n8n does not keep it', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries, takeOut } = openTable();
			const add: Meddle = async (items, write) => {
				await write();
				await takeOut(...items);
			};
			await expect(processOf(0, { add }).slots(1).take()).rejects.toMatchObject({
				message: 'n8n’s database did not keep the count',
			});
			expect(entries()).toEqual([]);
		});
	});

	it('is not taken where others win sixty after each other', async () => {
		await withoutWaiting(async () => {
			const { processOf, takeOut, entries } = openTable();
			let lost = 0;
			// Before the look that would decide, another one with the same place erases the mark beside it.
			const add: Meddle = async (items, write) => {
				const erased = items.filter((each) => each.startsWith('slot:') && entries().includes(each));
				lost += erased.length;
				await takeOut(...erased);
				await write();
			};
			await expect(processOf(0, { add }).slots(100).take()).rejects.toMatchObject({
				message: 'n8n’s database did not keep the count',
			});
			expect(lost).toBe(60);
		});
	});
});

describe('a maximum', () => {
	const of = (kind: 'day' | 'month', maximum: number) => ({
		kind,
		operation: 'op',
		maximum,
		timeZone: 'UTC',
	});
	const on = async (date: string, kind: 'day' | 'month', maximum: number, ...standing: string[]) => {
		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse(date));
		try {
			return await withoutWaiting(async () => {
				const { begin, processOf, entries } = openTable(...standing);
				await begin();
				const slot = await new Cap(processOf(0).list, of(kind, maximum)).take();
				return { slot: slot?.[0], entries: entries() };
			});
		} finally {
			clock.mockRestore();
		}
	};

	it.each([
		['day', '2026-12-31', '2027-01-01', '2026-12-29'],
		['month', '2026-12', '2027-01', '2026-10'],
	] as const)(
		'per %s: notes this and the next one, and takes out those before the last',
		async (kind, now, next, past) => {
			const gone = [`zone:${past}:op:UTC`, `counted:${past}:op`, `cap:${past}:op:0`, `cap:${past}:op:1`];
			const { slot, entries } = await on('2026-12-31T12:00:00Z', kind, 2, ...gone, 'other');
			expect(slot).toBe(`cap:${now}:op:1`);
			expect(entries).toEqual(
				expect.arrayContaining(['other', `zone:${now}:op:UTC`, `zone:${next}:op:UTC`, `counted:${now}:op`]),
			);
			expect(entries.filter((entry) => gone.includes(entry))).toEqual([]);
		},
	);

	it('per month counts the month before on its first day alone', async () => {
		const before = ['counted:2026-11:op', 'cap:2026-11:op:0'];
		expect((await on('2026-12-01T12:00:00Z', 'month', 1, ...before)).slot).toBeUndefined();
		expect((await on('2026-12-02T12:00:00Z', 'month', 1, ...before)).slot).toBe('cap:2026-12:op:0');
	});

	it('says how often it allows an act', () => {
		const { list } = openTable().processOf(0);
		const said = (maximum: number) => new Cap(list, of('day', maximum)).reached().message;
		expect(said(1)).toContain('to do it once a day, and today’s count is reached (time zone UTC)');
		expect(said(2)).toContain('to do it 2 times a day, and');
	});
});

describe('a maximum of refusals', () => {
	const account = { of: 'card', name: 'Visa' } as never;

	it('is reached with the last that it allows, in the workflow’s time zone, or UTC where n8n does not know that', async () => {
		await withoutWaiting(async () => {
			const { list } = openTable().processOf(0);
			const refusals = (maximum: number) => new Refusals(list, maximum, 'Nowhere/Town');
			await refusals(2).count('card');
			expect(await refusals(2).isReached('card')).toBe(false);
			await refusals(2).count('card');
			expect(await refusals(2).isReached('card')).toBe(true);
			expect(await refusals(2).isReached('another')).toBe(false);
			expect(refusals(2).reached(account).message).toBe(
				'Not tried: the card was refused 2 times today, and “Maximum Refusals per Day” allows no more (time zone UTC)',
			);
			expect(refusals(1).reached(account).message).toContain('was refused once today');
		});
	});
});

describe('a list', () => {
	it('is asked again for what was won, by one after another, as long as there is any', async () => {
		await withoutWaiting(async () => {
			const { processOf, entries } = openTable();
			const asked: Array<[number, string[]]> = [];
			const add: Meddle = async (items, write) => {
				asked.push([passed(), items]);
				await write();
			};
			const { list } = processOf(0, { add });
			list.keep('e');
			list.keep('f', ['open']);
			await wait(1900);
			const all = ['e', 'won:e', 'f', 'open', 'won:f'];
			expect(asked).toEqual([
				[900, all],
				[1800, all],
			]);
			await list.remove(all);
			await wait(10_000);
			expect([asked.length, entries()]).toEqual([2, []]);
			const again = passed();
			list.keep('g');
			await wait(1000);
			expect(asked.slice(2)).toEqual([[again + 900, ['g', 'won:g']]]);
		});
	});
});

describe('a tool’s call', () => {
	it('is told by its node, by n8n, or in n8n 1 by how the call came', () => {
		const told = (type: string, told: object) =>
			isTool({ getNode: () => ({ type }), ...told } as unknown as IExecuteFunctions);
		expect(told('sendTool', {})).toBe(true);
		expect(told('send', {})).toBe(false);
		expect(told('send', { connectionType: 'ai_tool' })).toBe(true);
		expect(told('send', { connectionType: 'main' })).toBe(false);
		expect(told('send', { isToolExecution: () => true })).toBe(true);
		expect(told('send', { isToolExecution: () => false, connectionType: 'ai_tool' })).toBe(false);
	});
});
