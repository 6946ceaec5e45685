import type { IDataObject } from 'n8n-workflow';
import { createDeduplicationStore } from '../engine';
import type * as scenesModule from '../scenes';
import { seeded, SlowTable, type Reach } from './slowTable';
import { openBench, outcomesOf } from './bench';

type Scenes = typeof scenesModule;

const bench = openBench();
const going = { onError: 'continueRegularOutput' } as const;
/** Two processes: each has a copy of all modules of the nodes, and of what they remember. */
const copies = [copyOfModules(), copyOfModules()] as const;
const purchase = copies[0].sceneOf('click2mail.credit.purchase');
const personal = copies[0].sceneOf('clubTexting.message.send (personal)');

function copyOfModules(): Scenes {
	let scenes: Scenes | undefined;
	jest.isolateModules(() => {
		scenes = jest.requireActual<Scenes>('../scenes');
	});
	return scenes!;
}

/** Two engines of two processes on one table. */
function pair(seed: number, first: Reach, second: Reach) {
	const table = new SlowTable(seeded(seed));
	const engines = copies.map(({ openEngine }, process) =>
		openEngine({ deduplication: table.seenBy(createDeduplicationStore(), [first, second][process]!) }),
	);
	return { table, engines };
}

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
const bought = (amount: number) =>
	bench.sent('purchase').filter(({ form }) => form?.some(([, value]) => Number(value) === amount)).length;

/** Both processes buy at once. */
async function buyAtOnce(at: number, reaches: [Reach, Reach], options: IDataObject): Promise<unknown[]> {
	const amount = 100 + at;
	const { engines } = pair(at, ...reaches);
	const results = await Promise.all(
		engines.map(async (engine, process) => {
			await wait(process * 5);
			return await copies[process]!.play(
				engine,
				bench.simulator,
				{ ...purchase, items: [{ amount }] },
				{
					...going,
					id: `node ${at}`,
					executionId: `${at} ${process}`,
					parameters: { spendingLimit: 1000, options: { readBalance: false, ...options } },
				},
			);
		}),
	);
	return results.flatMap((result) =>
		result.output().map(({ json }) => (json.skipped === true ? 'skipped' : outcomesOf(result)[0])),
	);
}

const stalls = [300].flatMap((ms) =>
	[1, 2, 3, 4, 5].flatMap((nth) => [0, 1].map((process) => ({ ms, nth, process }))),
);
const reachesOf = ({ ms, nth, process }: (typeof stalls)[number]): [Reach, Reach] => {
	const slow: Reach = { rw: 5, stall: (n) => (n === nth ? ms : 0) };
	return process === 0 ? [slow, { rw: 5 }] : [{ rw: 5 }, slow];
};

describe('two processes on one list', () => {
	it('the same key acts once, whichever write of a process is the slow one', async () => {
		const twice = await Promise.all(
			stalls.map(async (stall, at) => {
				const outcomes = await buyAtOnce(at, reachesOf(stall), { idempotencyKey: 'order-1' });
				return bought(100 + at) > 1 ? [{ ...stall, outcomes }] : [];
			}),
		);
		expect(twice.flat()).toEqual([]);
	}, 60_000);

	it('a maximum of one a day makes one charge, whichever write is the slow one', async () => {
		const twice = await Promise.all(
			stalls.map(async (stall, at) => {
				const outcomes = await buyAtOnce(50 + at, reachesOf(stall), { maximumPerDay: 1 });
				return bought(150 + at) > 1 ? [{ ...stall, outcomes }] : [];
			}),
		);
		expect(twice.flat()).toEqual([]);
	}, 60_000);

	it('a database that is slow all the time only makes everybody wait', async () => {
		const slow: [Reach, Reach] = [{ rw: 120 }, { rw: 120 }];
		const [keyed, counted] = await Promise.all([
			buyAtOnce(100, slow, { idempotencyKey: 'order-1' }),
			buyAtOnce(101, slow, { maximumPerDay: 2 }),
		]);
		expect([bought(200), bought(201)]).toEqual([1, 2]);
		expect(keyed).toContain('success');
		expect(counted).toEqual(['success', 'success']);
	}, 60_000);
});

const PEOPLE = 24;

/** One execution of a campaign in two processes. @returns people texted twice, and never */
async function campaign(at: number, rw: number, dies: boolean): Promise<{ twice: number; never: number }> {
	const items = Array.from({ length: PEOPLE }, (_, person) => ({
		to: `21255${String(at).padStart(2, '0')}${String(100 + person)}`,
		text: `Honey for ${person} of ${at}`,
	}));
	let isDead = false;
	const { engines } = pair(1000 + at, { rw, isDead: () => isDead }, { rw });
	const settings = { ...going, id: `campaign ${at}`, executionId: `campaign ${at}` };
	const texts = async (process: number) =>
		await copies[process]!.play(engines[process]!, bench.simulator, { ...personal, items }, settings);
	const first = texts(0);
	await wait(300 + 170 * (at % 10));
	if (dies) {
		isDead = true;
		await wait(500);
	}
	await Promise.all(dies ? [texts(1)] : [first, texts(1)]);
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
		['both live', false, 3],
		['the first one dies', true, 3],
	])(
		'%s: nobody is texted twice',
		async (_, dies, neverAtMost) => {
			const { twice, never } = await campaign(dies ? 1 : 2, 10, dies);
			expect(twice).toBe(0);
			expect(never).toBeLessThanOrEqual(neverAtMost);
		},
		60_000,
	);

	const rounds = Number(process.env.TWO_PROCESSES_ROUNDS ?? 0);
	const measure = async () => {
		for (const dies of [true, false]) {
			for (const rw of [10, 25, 100]) {
				const all = await Promise.all(
					Array.from({ length: rounds }, async (_, at) => await campaign(10 + at, rw, dies)),
				);
				const mean = (of: 'twice' | 'never') => all.reduce((sum, one) => sum + one[of], 0) / rounds;
				process.stdout.write(
					`${dies ? 'dies' : 'two live'}, ${rw} ms: ${mean('twice')} twice, ${mean('never')} never, of ${PEOPLE}\n`,
				);
			}
		}
	};
	if (rounds > 0) it('measured', measure, 3_600_000);
});
