import fc from 'fast-check';
import { Arrivals } from '../../nodes/ClubTexting/arrivals';
import { ClubTextingTrigger } from '../../nodes/ClubTexting/ClubTextingTrigger.node';
import type { Kind } from '../../nodes/ClubTexting/incoming';
import { createEngine } from '../engine';
import { runs } from '../everything';
import { form, get, newWorkflowId, trigger, TYPE } from './calls';

const SENDER = '2123456785';
const asKeyword = get({ PhoneNumber: SENDER, Message: 'honey' });
const asReply = form({ from: `+1${SENDER}`, message: 'honey' });

describe('one text message by both callbacks', () => {
	it('starts one run, and only one of them is answered with the reply text', async () => {
		const call = trigger({ options: { replyText: 'Thank you!' } });
		expect(await call(asKeyword)).toMatchObject({ started: true, body: 'Thank you!' });
		expect(await call(asReply)).toMatchObject({ status: 200, started: false, body: '' });
	});

	it.each([
		['the keyword first', [asKeyword, asReply]],
		['the reply first', [asReply, asKeyword]],
	])('starts one run when both arrive at once, %s', async (_name, calls) => {
		const call = trigger();
		const replies = await Promise.all(calls.map(call));
		expect(replies.filter(({ started }) => started)).toHaveLength(1);
	});

	it('starts a run each time when the same text is sent again and again', async () => {
		const call = trigger();
		for (let sent = 0; sent < 4; sent++) {
			// Both read what n8n keeps before the other saves.
			const replies = await Promise.all([asKeyword, asReply].map(call));
			expect(replies.filter(({ started }) => started)).toHaveLength(1);
		}
	});

	it('is not mixed up with the same text sent twice', async () => {
		const call = trigger();
		const started = [];
		for (const next of [asKeyword, asKeyword, asReply, asReply]) started.push((await call(next)).started);
		expect(started).toEqual([true, true, false, false]);
	});

	it('is not mixed up with another text or another person', async () => {
		const call = trigger();
		await call(asKeyword);
		expect((await call(get({ from: SENDER, message: 'jam' }))).started).toBe(true);
		expect((await call(get({ from: '2123456786', message: 'honey' }))).started).toBe(true);
	});

	it('is told whatever else stands in what n8n keeps', () => {
		const arrivals = new Arrivals();
		for (const stored of [undefined, null, 'x', { aGbC: { kind: 'reply', at: [1] } }, [null, 7, { id: 'a' }]])
			expect(arrivals.isSecondCallback({ phoneNumber: '1', message: 'a', kind: 'keyword' }, stored, 1)).toBe(
				false,
			);
		expect(arrivals.all).toHaveLength(5);
	});

	it('is waited for a minute, and then forgotten', () => {
		const arrivals = new Arrivals();
		const at = (kind: Kind, now: number) =>
			arrivals.isSecondCallback({ phoneNumber: SENDER, message: 'honey', kind }, undefined, now);
		expect(at('keyword', 0)).toBe(false);
		expect(at('reply', 59_999)).toBe(true);
		expect(at('keyword', 100_000)).toBe(false);
		expect(at('reply', 160_000)).toBe(false);
		expect(arrivals.all).toHaveLength(1);
		expect(JSON.stringify(arrivals.all)).not.toMatch(/honey|2123456785/);
	});
});

describe('two webhook processes', () => {
	/** The same workflow in two processes: the node's module, and what it remembers, is loaded once in each. */
	function processes() {
		const other = 'other-process.clubTextingTrigger';
		let Other = ClubTextingTrigger;
		jest.isolateModules(() => {
			const path = require.resolve('../../nodes/ClubTexting/ClubTextingTrigger.node.ts');
			Other = jest.requireActual<{ ClubTextingTrigger: typeof ClubTextingTrigger }>(path).ClubTextingTrigger;
		});
		expect(Other).not.toBe(ClubTextingTrigger);
		const engine = createEngine({ nodes: { [TYPE]: new ClubTextingTrigger(), [other]: new Other() } });
		const workflowId = newWorkflowId();
		return [TYPE, other].map(
			(type) => async (call: typeof asKeyword | typeof asReply) =>
				(await engine.callWebhook(type, {}, { workflowId, ...call })).started,
		) as [(call: unknown) => Promise<boolean>, (call: unknown) => Promise<boolean>];
	}

	it('start one run where the second finds what the first has kept', async () => {
		const [one, two] = processes();
		expect(await one(asKeyword)).toBe(true);
		expect(await two(asReply)).toBe(false);
		expect(await two(asKeyword)).toBe(true);
		expect(await one(asReply)).toBe(false);
	});

	it('drop no text on both callbacks where neither finds what the other has kept', async () => {
		const [one, two] = processes();
		for (let sent = 1; sent <= 4; sent++) {
			const started = await Promise.all([one(asKeyword), two(asReply)]);
			expect(started).toContain(true);
			const again = await Promise.all([two(asKeyword), one(asReply)]);
			expect(again).toContain(true);
		}
	});
});

describe('any callbacks in any order', () => {
	interface Callback {
		word: string;
		kind: Kind;
		process: number;
		/** How many savings ago n8n read what the call finds in the database. */
		age: number;
	}

	/** The kinds of callbacks each text with the word makes, which is a matter of the word and of the settings. */
	const texts = (processes: number, oldest: number): fc.Arbitrary<Callback[]> => {
		const callback = (word: string, kind: Kind) =>
			fc.record({
				word: fc.constant(word),
				kind: fc.constant(kind),
				process: fc.nat(processes - 1),
				age: fc.nat(oldest),
			});
		const text = fc.oneof(
			fc.tuple(callback('honey', 'keyword'), callback('honey', 'reply')),
			fc.tuple(callback('honey', 'keyword')),
			fc.tuple(callback('two jars', 'reply')),
			fc.tuple(callback('jam', 'keyword')),
		);
		return fc
			.array(text, { minLength: 1, maxLength: 8 })
			.chain((sent) => fc.shuffledSubarray(sent.flat(), { minLength: sent.flat().length }));
	};

	/** The runs started for each word, beside the callbacks of each kind. */
	function play(callbacks: Callback[]) {
		const processes = [new Arrivals(), new Arrivals(), new Arrivals()];
		const saved: unknown[] = [undefined];
		const words = new Map<string, { keyword: number; reply: number; runs: number }>();
		callbacks.forEach(({ word, kind, process, age }, now) => {
			const counts = words.get(word) ?? { keyword: 0, reply: 0, runs: 0 };
			words.set(word, counts);
			const arrivals = processes[process]!;
			const stored: unknown = structuredClone(saved[Math.max(0, saved.length - 1 - age)]);
			counts[kind]++;
			if (!arrivals.isSecondCallback({ phoneNumber: SENDER, message: word, kind }, stored, now))
				counts.runs++;
			saved.push(arrivals.all);
		});
		return [...words.values()];
	}

	it('start exactly one run for each text in one process', () => {
		fc.assert(
			fc.property(texts(1, 20), (callbacks) => {
				for (const { keyword, reply, runs } of play(callbacks)) expect(runs).toBe(Math.max(keyword, reply));
			}),
			{ numRuns: runs(2000), seed: 20261125 },
		);
	});

	it.each([2, 3])(
		'start at least one run for each text in %i processes, however old the data',
		(processes) => {
			let more = 0;
			fc.assert(
				fc.property(texts(processes, 20), (callbacks) => {
					for (const { keyword, reply, runs } of play(callbacks)) {
						expect(runs).toBeGreaterThanOrEqual(Math.max(keyword, reply));
						if (runs > Math.max(keyword, reply)) more++;
					}
				}),
				{ numRuns: runs(2000), seed: 20261125 },
			);
			// What is old does have its effect.
			expect(more).toBeGreaterThan(0);
		},
	);

	it('start one run for a text whose keyword callback came first, where the data are fresh', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 8 }), (sent) => {
				const callbacks = sent.flatMap(([one, other]): Callback[] => [
					{ word: 'honey', kind: 'keyword', process: one, age: 0 },
					{ word: 'honey', kind: 'reply', process: other, age: 0 },
				]);
				expect(play(callbacks)[0]!.runs).toBe(sent.length);
			}),
			{ numRuns: 500, seed: 20261125 },
		);
	});
});
