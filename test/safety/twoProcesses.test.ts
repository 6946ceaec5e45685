import type { IDataObject, INode } from 'n8n-workflow';
import { createDeduplicationStore } from '../engine';
import { going, openBench, outcomesOf } from '../harness';
import type * as scenesModule from '../scenes';
import type { PlayOptions, Scene } from '../scenes';
import { seeded, SlowTable, type Random, type Reach } from './slowTable';

type Scenes = typeof scenesModule;

const bench = openBench();
/** Two processes, and a third: each has a copy of all modules of the nodes, and of what they remember. */
const copies = [copyOfModules(), copyOfModules(), copyOfModules()] as const;
const purchase = copies[0].sceneOf('click2mail.credit.purchase');
const personal = copies[0].sceneOf('clubTexting.message.send (personal)');

function copyOfModules(): Scenes {
	let scenes: Scenes | undefined;
	jest.isolateModules(() => {
		scenes = jest.requireActual<Scenes>('../scenes');
	});
	return scenes!;
}

/** Engines of so many processes on one table. */
function processes(seed: number, ...reaches: Reach[]) {
	const table = new SlowTable(seeded(seed));
	const engines = reaches.map((reach, process) =>
		copies[process]!.openEngine({ deduplication: table.seenBy(createDeduplicationStore(), reach) }),
	);
	return { table, engines };
}

type Engines = ReturnType<typeof processes>['engines'];
type Played = Awaited<ReturnType<Scenes['play']>>;

/** Plays a scene in one of the processes. */
async function playIn(
	engines: Engines,
	process: number,
	scene: Scene,
	settings: PlayOptions,
): Promise<Played> {
	return await copies[process]!.play(engines[process]!, bench.simulator, scene, { ...going, ...settings });
}

const purchaseOf = (...amounts: number[]): Scene => ({
	...purchase,
	items: amounts.map((amount) => ({ amount })),
});
/** What becomes of each item; those that are left out because of their key count as skipped. */
const becameOf = (result: Played) =>
	result
		.output()
		.map(({ json }, item) => (json.skipped === true ? 'skipped' : String(outcomesOf(result)[item])));

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
const boughtOf = (amount: number) =>
	bench.sent('purchase').filter(({ form }) => form?.some(([, value]) => Number(value) === amount)).length;

interface Buyer {
	amounts: number[];
	/** After so many ms. */
	at?: number;
}

/** A case of its own: its number names the node, and what is bought in it. */
interface Case {
	reaches: Reach[];
	options: IDataObject;
	/** What each buys, of this amount and others. */
	buyers: (amount: number) => Buyer[];
	/** How often the amount is bought. */
	expected: number;
	said: object;
}

let number = 0;

/** All processes buy, each for its own items. @returns how often the amount was bought, and what became of all items */
async function played({ reaches, options, buyers }: Case): Promise<{ bought: number; outcomes: string[] }> {
	const amount = 10_000 + ++number;
	const name = `node ${number}`;
	const { engines } = processes(number, ...reaches);
	const results = await Promise.all(
		buyers(amount).map(async ({ amounts, at = 0 }, process) => {
			await wait(at);
			return await playIn(engines, process, purchaseOf(...amounts), {
				id: name,
				executionId: `${name} ${process}`,
				parameters: { spendingLimit: 100_000, options: { readBalance: false, ...options } },
			});
		}),
	);
	const outcomes = results.flatMap(becameOf);
	return { bought: boughtOf(amount), outcomes };
}

async function allAtOnce(cases: Case[]): Promise<void> {
	const wrong = await Promise.all(
		cases.map(async (each) => {
			const { bought, outcomes } = await played(each);
			return bought === each.expected ? [] : [{ ...each.said, bought, outcomes }];
		}),
	);
	expect(wrong.flat()).toEqual([]);
}

const fast: Reach = { rw: 5 };
const reachesOf = (slow: Reach, process: number): [Reach, Reach] =>
	process === 0 ? [slow, fast] : [fast, slow];
const onceIn = (nth: number, ms: number): Reach => ({ rw: 5, stall: (n) => (n === nth ? ms : 0) });

/** Of the writes of each process, each in its turn is the slow one. */
const NTHS = [1, 2, 3, 4, 5, 6, 7, 8];
const stalls = [300, 400, 600, 1500, 4000].flatMap((ms) =>
	NTHS.flatMap((nth) =>
		[0, 1].map((process) => ({ said: { ms, nth, process }, reaches: reachesOf(onceIn(nth, ms), process) })),
	),
);
/** The second process has a slow write before it comes to what the first one buys meanwhile. */
const earlier = [1500, 4000].flatMap((ms) =>
	NTHS.flatMap((nth) =>
		[50, 400, 1300, 2500].map((at) => ({
			at,
			said: { ms, nth, at },
			reaches: reachesOf(onceIn(nth, ms), 1),
		})),
	),
);
const always = [300, 1500].flatMap((ms) =>
	[0, 1].map((process) => ({
		said: { ms, process },
		reaches: reachesOf({ rw: 5, stall: () => ms }, process),
	})),
);

const key = { idempotencyKey: '={{ "order-" + $json.amount }}' };
const atOnce = (amount: number): [Buyer, Buyer] => [{ amounts: [amount] }, { amounts: [amount], at: 5 }];

const sameMoment = stalls.map((stall): Case => ({ ...stall, options: key, buyers: atOnce, expected: 1 }));
const later = earlier.map(({ at, ...stall }): Case => ({
	...stall,
	options: key,
	buyers: (amount) => [{ amounts: [amount], at }, { amounts: [amount + 5000, amount] }],
	expected: 1,
}));

describe('two processes on one list', () => {
	it('the same key acts once, whichever write of a process is the slow one', async () => {
		await allAtOnce(sameMoment);
	});

	it('a maximum of one a day makes one charge, whichever write is the slow one', async () => {
		await allAtOnce(
			stalls.map((stall) => ({ ...stall, options: { maximumPerDay: 1 }, buyers: atOnce, expected: 1 })),
		);
	});

	it('a maximum of one a month makes one charge, whichever write is the slow one', async () => {
		await allAtOnce(
			stalls
				.filter(({ said: { ms } }) => ms === 600)
				.map((stall) => ({
					...stall,
					options: { maximumPerMonth: 1 },
					buyers: atOnce,
					expected: 1,
				})),
		);
	});

	it('the same key acts once, whichever write before it was the slow one', async () => {
		await allAtOnce(later);
	});

	it('the same key acts once, also for a third process that asks when a slow write has erased it', async () => {
		const said = [1500, 4000, 6000].flatMap((ms) =>
			NTHS.flatMap((nth) => [1500, 2500, 4000, 5500].map((at) => ({ ms, nth, at }))),
		);
		const cases = said.map(({ ms, nth, at }): Case => ({
			reaches: [fast, onceIn(nth, ms), fast],
			options: key,
			buyers: (amount) => [
				{ amounts: [amount], at: 400 },
				{ amounts: [amount + 5000, amount + 6000] },
				{ amounts: [amount], at },
			],
			expected: 1,
			said: { ms, nth, at },
		}));
		const all = await Promise.all(cases.map(async (each) => ({ ...each.said, ...(await played(each)) })));
		// Where both give way to each other, neither acts, and both say that nobody knows.
		const isWrong = ({ bought, outcomes }: (typeof all)[number]) =>
			bought > 1 || (bought === 0 && outcomes.includes('skipped'));
		expect(all.filter(isWrong)).toEqual([]);
		expect(all.filter(({ bought }) => bought === 1).length).toBeGreaterThan(0.9 * all.length);
	});

	it('a maximum of two a day makes two charges, whichever write before was the slow one', async () => {
		await allAtOnce(
			earlier.map(({ at, ...stall }) => ({
				...stall,
				options: { maximumPerDay: 2 },
				buyers: (amount) => [{ amounts: [amount, amount], at }, { amounts: [amount, amount] }],
				expected: 2,
			})),
		);
	});

	it('a key that a stalled write erases while its act is under way is not called used', async () => {
		const { table, engines } = processes(0, fast, fast);
		const other = table.seenBy(createDeduplicationStore(), fast);
		const list = { node: { id: 'erased' } as INode, workflow: { id: '', active: true } };
		const taken = ['key:order-20000', 'open:order-20000'];
		await other.checkProcessedAndRecord(taken, 'node', list, { mode: 'entries' });
		const erased = wait(500).then(
			async () => await other.removeProcessed(taken, 'node', list, { mode: 'entries' }),
		);
		const result = await playIn(engines, 0, purchaseOf(20_000), {
			id: 'erased',
			parameters: { spendingLimit: 100_000, options: key },
		});
		await erased;
		expect(outcomesOf(result)).toEqual(['unknown']);
		expect(boughtOf(20_000)).toBe(0);
	});

	it('a key that a stalled write erases before it is won is not called used', async () => {
		const { table, engines } = processes(2, fast, fast);
		const other = table.seenBy(createDeduplicationStore(), fast);
		const list = { node: { id: 'erased early' } as INode, workflow: { id: '', active: true } };
		const written = ['key:order-25000', 'open:order-25000'];
		const buy = async (process: number) => {
			const parameters = { spendingLimit: 100_000, options: key };
			const settings = { id: 'erased early', executionId: `early ${process}`, parameters };
			return becameOf(await playIn(engines, process, purchaseOf(25_000), settings))[0];
		};
		bench.simulator.order({ operation: 'purchase', fault: 'refusalIn200' });
		const [first, second] = await Promise.all([
			buy(0),
			wait(500).then(async () => await other.removeProcessed(written, 'node', list, { mode: 'entries' })),
			// The first one has written it again by then, and has not won it.
			wait(1500).then(async () => await buy(1)),
		]).then(([one, , two]) => [one, two]);
		expect(first).toBe('refused');
		expect(second).not.toBe('skipped');
	});

	it('a key is found again soon when a stalled write has erased it, however long the process keeps others', async () => {
		const { table, engines } = processes(3, fast, fast);
		const other = table.seenBy(createDeduplicationStore(), fast);
		const list = { node: { id: 'erased late' } as INode, workflow: { id: '', active: true } };
		const buy = async (process: number, amount: number) => {
			const parameters = { spendingLimit: 100_000, options: key };
			const settings = { id: 'erased late', executionId: `late ${process} ${amount}`, parameters };
			return becameOf(await playIn(engines, process, purchaseOf(amount), settings))[0];
		};
		expect(await buy(0, 26_000)).toBe('success');
		// From now on that one is asked for at long intervals.
		await wait(8500);
		expect(await buy(0, 26_001)).toBe('success');
		await wait(1500);
		const written = ['key:order-26001', 'won:key:order-26001'];
		await other.removeProcessed(written, 'node', list, { mode: 'entries' });
		expect(await buy(1, 26_001)).not.toBe('success');
		expect(boughtOf(26_001)).toBe(1);
	});

	it('the same key acts once, although both have a slow write at the same time', async () => {
		const said = NTHS.flatMap((nth) =>
			[5, 6, 7, 8, 9, 10, 11, 12].flatMap((other) => [200, 600].map((at) => ({ nth, other, at }))),
		);
		await allAtOnce(
			said.map(({ nth, other, at }): Case => ({
				reaches: [onceIn(other, 5000), onceIn(nth, 2300)],
				options: key,
				buyers: (amount) => [{ amounts: [amount], at }, { amounts: [amount] }],
				expected: 1,
				said: { nth, other, at },
			})),
		);
	});

	it('a key that is given back while another one waits for it is free again', async () => {
		const { engines } = processes(1, fast, fast);
		const buy = async (process: number, executionId: string) => {
			const parameters = { spendingLimit: 100_000, options: key };
			const settings = { id: 'given back', executionId, parameters };
			const result = await playIn(engines, process, purchaseOf(30_000), settings);
			return outcomesOf(result)[0];
		};
		bench.simulator.order({ operation: 'purchase', fault: 'refusalIn200' });
		const first = await Promise.all([buy(0, '1'), wait(5).then(async () => await buy(1, '2'))]);
		expect(first).toContain('refused');
		const bought = boughtOf(30_000) - 1;
		const later = [await buy(0, '3'), await buy(1, '4')];
		expect(later).toEqual(['success', 'success']);
		expect(boughtOf(30_000) - 1).toBe(Math.max(1, bought));
	});

	it('a key whose act has happened is used for all who ask at once, and for who asks later', async () => {
		const asked = async (round: number) => {
			const amount = 40_000 + round;
			const { engines } = processes(amount, { rw: 25 }, { rw: 25 });
			let executions = 0;
			const buy = async (process: number) => {
				const [became] = becameOf(
					await playIn(engines, process, purchaseOf(amount), {
						id: `asked ${round}`,
						executionId: `asked ${round} ${++executions}`,
						parameters: { spendingLimit: 100_000, options: key },
					}),
				);
				return became;
			};
			const first = await buy(0);
			const others = await Promise.all(Array.from({ length: 40 }, async (_, at) => await buy(at % 2)));
			return [first, ...others, await buy(0), await buy(1), boughtOf(amount)];
		};
		const rounds = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(asked));
		for (const round of rounds) expect(round).toEqual(['success', ...Array<string>(42).fill('skipped'), 1]);
	});

	it('the same holds for keys whose items share a request, some of them new', async () => {
		const asked = async (round: number) => {
			const { engines } = processes(50_000 + round, { rw: 25 }, { rw: 25 });
			const text = `Shared by round ${round}`;
			let executions = 0;
			const send = async (process: number, people: number[]) => {
				const items = people.map((person) => ({ to: String(2125550100 + person), text }));
				return becameOf(
					await playIn(
						engines,
						process,
						{ ...personal, items },
						{
							id: `shared ${round}`,
							executionId: `shared ${round} ${++executions}`,
							parameters: { options: { idempotencyKey: '={{ $json.to }}' } },
						},
					),
				);
			};
			const known = ['skipped', 'skipped', 'skipped'];
			expect(await send(0, [0, 1, 2])).toEqual(['success', 'success', 'success']);
			const others = [0, 1, 2, 3, 4, 5].map(async (at) => await send(at % 2, [0, 10 + at, 1, 2]));
			for (const each of await Promise.all(others))
				expect(each).toEqual(['skipped', 'success', 'skipped', 'skipped']);
			for (const process of [0, 1]) expect(await send(process, [0, 11, 14])).toEqual(known);
			const numbers = bench.sent('send').filter(({ form }) => form?.some(([, value]) => value === text));
			const fields = numbers.flatMap(({ form }) => form!.filter(([name]) => name.startsWith('PhoneNumbers')));
			expect(fields).toHaveLength(3 + 6);
		};
		await Promise.all([1, 2, 3].map(asked));
	});

	it('who is slow all the time learns what the other one has done, and where both are, both only wait', async () => {
		const one = always.flatMap((slow) => [
			{ ...slow, options: key, buyers: atOnce, expected: 1 },
			{ ...slow, options: { maximumPerDay: 1 }, buyers: atOnce, expected: 1 },
		]);
		const both = [120, 600].flatMap((rw): Case[] => {
			const reaches: [Reach, Reach] = [{ rw }, { rw }];
			return [
				{ reaches, options: key, buyers: atOnce, expected: 1, said: { rw } },
				{ reaches, options: { maximumPerDay: 2 }, buyers: atOnce, expected: 2, said: { rw } },
			];
		});
		await allAtOnce([...one, ...both]);
	});
});

const PEOPLE = 24;
/** Other executions that write meanwhile. */
const NEIGHBOURS = 2;

/** Other executions of the same node write to its list at their own work. @returns what ends them */
function neighboursOn(
	table: SlowTable,
	node: string,
	reach: Reach,
	count: number,
	random: Random,
): () => Promise<void> {
	let goOn = true;
	const list = { node: { id: node } as INode, workflow: { id: '', active: true } };
	const work = async (name: number) => {
		const store = table.seenBy(createDeduplicationStore(), reach);
		const latest = (count: number, at: number) =>
			Array.from({ length: count }, (_, back) => `neighbour ${name}: ${at - back}`);
		for (let at = 0; goOn; at++) {
			await store.checkProcessedAndRecord(latest(5, at), 'node', list, { mode: 'entries' });
			await wait(200 + 300 * random());
			if (at % 6 === 5) await store.removeProcessed(latest(6, at), 'node', list, { mode: 'entries' });
		}
	};
	const working = Array.from({ length: count }, async (_, name) => await work(name));
	return async () => {
		goOn = false;
		await Promise.all(working);
	};
}

/**
 * One execution of a campaign in two processes.
 *
 * @param neighbours how many other executions write meanwhile
 * @returns people texted twice, and never
 */
async function campaign(
	at: number,
	reach: Reach,
	dies: boolean,
	neighbours: number,
): Promise<{ twice: number; never: number }> {
	const items = Array.from({ length: PEOPLE }, (_, person) => ({
		to: `21255${String(at % 100).padStart(2, '0')}${String(100 + person)}`,
		text: `Honey for ${person} of ${at}`,
	}));
	let isDead = false;
	const { table, engines } = processes(1000 + at, { ...reach, isDead: () => isDead }, reach);
	const name = `campaign ${at}`;
	const endNeighbours = neighboursOn(table, name, reach, neighbours, seeded(at));
	const settings = { id: name, executionId: name };
	const texts = async (process: number) => await playIn(engines, process, { ...personal, items }, settings);
	const first = texts(0);
	await wait(300 + 170 * (at % 10));
	if (dies) {
		isDead = true;
		await wait(500);
	}
	await Promise.all(dies ? [texts(1)] : [first, texts(1)]);
	await endNeighbours();
	const counts = items.map(
		({ text }) => bench.sent('send').filter(({ form }) => form?.some(([, value]) => value === text)).length,
	);
	return {
		twice: counts.filter((count) => count > 1).length,
		never: counts.filter((count) => count === 0).length,
	};
}

describe('one execution in two processes', () => {
	it.each([
		['both live', false, 10, NEIGHBOURS, 0],
		['both live, on a slow database', false, 100, NEIGHBOURS, 3],
		['the first one dies', true, 10, NEIGHBOURS, 1],
	])('%s: nobody is texted twice', async (_name, dies, rw, neighbours, mostNever) => {
		const seeds = [1, 2, 3, 4, 5, 6].map((seed) => 100 * rw + 10 * Number(dies) + seed);
		const all = await Promise.all(seeds.map(async (seed) => await campaign(seed, { rw }, dies, neighbours)));
		for (const { twice, never } of all) {
			expect(twice).toBe(0);
			// What the one that died had claimed and not sent, and in a contest both may leave one to the other.
			expect(never).toBeLessThanOrEqual(mostNever);
		}
	});

	it('the first one has sent everything before the second one comes to it: nobody is texted twice', async () => {
		const sentTwice = async (at: number) => {
			const items = Array.from({ length: 8 }, (_, person) => ({
				to: `21256${at}01${person}0`,
				text: `Jam for ${person} of ${at}`,
			}));
			const { engines } = processes(3000 + at, { rw: 10 }, { rw: 10 });
			const parameters = { options: { requestsPerSecond: 5 } };
			const settings = { id: `ends ${at}`, executionId: `ends ${at}`, parameters };
			const texts = async (process: number) => {
				await wait(process * (600 + 250 * at));
				return await playIn(engines, process, { ...personal, items }, settings);
			};
			await Promise.all([texts(0), texts(1)]);
			return items.filter(
				({ text }) =>
					bench.sent('send').filter(({ form }) => form?.some(([, value]) => value === text)).length > 1,
			);
		};
		expect((await Promise.all([1, 2, 3, 4].map(sentTwice))).flat()).toEqual([]);
	});

	const rounds = Number(process.env.TWO_PROCESSES_ROUNDS ?? 0);
	const random = seeded(2026);
	const databases: Record<string, Reach> = {
		'10 ms': { rw: 10 },
		'25 ms': { rw: 25 },
		'100 ms': { rw: 100 },
		// Of 5 % of all reads and of all writes, as much as falls between reading and writing.
		'stalls of a second': { rw: 10, stall: () => (random() < 0.1 ? 1000 * random() : 0) },
	};
	const keys = async (name: string, cases: Case[]) => {
		const all: Array<Awaited<ReturnType<typeof played>>> = [];
		for (let round = 0; round < rounds; round++) all.push(...(await Promise.all(cases.map(played))));
		const count = (is: (one: (typeof all)[number]) => boolean) => all.filter(is).length;
		process.stdout.write(
			`keys ${name}: ${count(({ bought }) => bought > 1)} twice, ${count(({ bought }) => bought === 0)} never, ` +
				`${count(({ outcomes }) => outcomes.includes('notSent'))} with one given up, of ${all.length}\n`,
		);
	};
	const measure = async () => {
		await keys('at the same moment', sameMoment);
		await keys('later', later);
		let at = 10;
		for (const dies of [true, false]) {
			for (const [name, reach] of Object.entries(databases)) {
				const all = await Promise.all(
					// Alone, as the table in docs/safety.md was measured.
					Array.from({ length: rounds }, async () => await campaign(at++, reach, dies, 0)),
				);
				const mean = (of: 'twice' | 'never') => all.reduce((sum, one) => sum + one[of], 0) / rounds;
				process.stdout.write(
					`${dies ? 'dies' : 'two live'}, ${name}: ${mean('twice')} twice, ${mean('never')} never, of ${PEOPLE}\n`,
				);
			}
		}
	};
	if (rounds > 0) it('measured', measure, 3_600_000);
});
