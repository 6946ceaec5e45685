import type { IDataObject } from 'n8n-workflow';
import type { RunNodeOptions, RunResult } from '../engine';
import { openEngine, play, scenesOfThree, type Scene } from '../scenes';
import { startSimulator, type Simulator } from '../simulator';
import { pairs } from '../harness';

/** Three items, one of which the provider refuses, in the three ways that a node can go on. */
const cases = scenesOfThree.filter(({ shared }) => !shared);

const providers = {
	click2mail: { name: 'Click2Mail', code: '2', text: 'payment not authorized' },
	clubTexting: { name: 'Club Texting', code: '403', text: 'Sorry, nothing was found' },
	ezTexting: { name: 'EZ Texting', code: '400', text: 'Malformed Request' },
	mailPartner: { name: 'MailPartner', code: '4', text: "Vous n'avez pas l'autorisation" },
};

/** A list is read once for all items. */
const readsOnce = ({ name }: Scene) => /\.getAll$|subaccount\.get$/.test(name);
/** Whether its items are asked for one after another; others' readings are asked for together from the second on. */
const inTurn = ({ effects, provider }: Scene) => effects !== undefined || provider === 'clubTexting';
const failing = (scene: Scene) => (inTurn(scene) && !readsOnce(scene) ? 1 : 0);

/** Of a list, “nothing was found” would be no refusal; of a contact, it says that there is none. */
const refusalOf = (scene: Scene) => ({
	...providers[scene.provider],
	...(/\.getAll$|contact\.get$/.test(scene.name) && { text: 'Sorry, this is not allowed' }),
});

interface Played {
	result: RunResult;
	simulator: Simulator;
}

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const played = new Map<string, Promise<Played>>();
const simulators: Simulator[] = [];

async function run(scene: Scene, onError: RunNodeOptions['onError']): Promise<Played> {
	const simulator = await startSimulator();
	simulators.push(simulator);
	scene.prepare?.(simulator);
	const { text, code } = refusalOf(scene);
	simulator.order({
		fault: 'refusalIn200',
		operation: scene.request,
		after: failing(scene),
		text,
		code: Number(code),
	});
	const parameters = scene.name.includes('send') ? { options: { requestsPerSecond: 1000 } } : {};
	const result = await play(openEngine(), simulator, scene, { parameters, onError });
	return { result, simulator };
}

// All at once, each with providers of its own: most of the time goes by with waiting for the pace.
beforeAll(() => {
	for (const scene of cases) {
		for (const mode of modes) {
			const result = run(scene, mode);
			result.catch(() => {});
			played.set(`${scene.name} ${mode}`, result);
		}
	}
});
afterAll(async () => {
	await Promise.allSettled(played.values());
	await Promise.all(simulators.map(async (simulator) => await simulator.close()));
});

async function playedIn(scene: Scene, mode: (typeof modes)[number]): Promise<Played> {
	const both = await played.get(`${scene.name} ${mode}`)!;
	expect(both.simulator.mistakes()).toEqual([]);
	return both;
}

const asked = ({ simulator }: Played, { request }: Scene) =>
	simulator.requests.filter(({ operation }) => operation === request).length;

describe.each(cases)('$name', (scene) => {
	const { name, code, text } = refusalOf(scene);
	const bad = failing(scene);
	const operation = `${String(scene.parameters.resource)}.${String(scene.parameters.operation)}`;
	const details = {
		outcome: 'refused',
		provider: name,
		providerCode: code,
		httpStatus: scene.provider === 'ezTexting' ? 400 : 200,
		operation,
		affects: scene.charges ? 'account' : 'item',
	};
	const job = scene.isLookedUp || 'jobId' in scene.parameters ? ' \\(job \\d+\\)' : '';
	/** The provider's words, behind what they mean where they say too little. */
	const refused = `${name} refused: ([^(]+ \\(${text}\\)|${text})${job} \\[item ${bad}\\]\\.`;
	const requests = scene.charges ? bad + 1 : readsOnce(scene) ? 2 : 3;

	/** What comes of each item where the node goes on, of which branch it is, and of which item. */
	function expectedOf({ simulator }: Played) {
		const error = (words: string) => expect.stringMatching(new RegExp(`^${words} [A-Z].+\\.$`)) as string;
		return scene.successes(simulator).flatMap((own, item) => {
			if (item === bad) return [{ branch: 1, item, json: { error: error(refused), details } }];
			if (item > bad && scene.charges) {
				// A card that was refused is not charged again.
				const words = `Not sent to ${name}: an earlier charge on the same card in this run was refused .*`;
				const held = { outcome: 'notSent', provider: name, operation, affects: 'account' };
				return [{ branch: 1, item, json: { error: error(words), details: held } }];
			}
			return own.map((json) => ({ branch: 0, item, json: expect.objectContaining(json) as IDataObject }));
		});
	}

	test('“Stop workflow” says what happened, how far it had come and what to do next', async () => {
		const both = await playedIn(scene, 'stopWorkflow');
		const { result } = both;
		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(
			new RegExp(`^${refused} ${bad} of 3 items had gone through before it\\.$`),
		);
		expect(result.error?.description).toMatch(/^[A-Z].+\.$/);
		expect(result.error?.context?.details).toEqual(details);
		expect(result.error?.context?.itemIndex).toBe(bad);
		expect(result.output()).toEqual([]);
		expect(asked(both, scene)).toBe(bad + 1);
	});

	test('“Continue” gives a failed item in its place', async () => {
		const both = await playedIn(scene, 'continueRegularOutput');
		const { result } = both;
		const expected = expectedOf(both);
		expect(result.status).toBe('success');
		expect(result.output().map(({ json }) => json)).toEqual(expected.map(({ json }) => json));
		expect(pairs(result)).toEqual(expected.map(({ item }) => ({ item })));
		expect(asked(both, scene)).toBe(requests);
	});

	test('“Continue (using error output)” gives it on the error branch', async () => {
		const both = await playedIn(scene, 'continueErrorOutput');
		const { result } = both;
		expect(result.status).toBe('success');
		for (const branch of [0, 1]) {
			const own = expectedOf(both).filter((wanted) => wanted.branch === branch);
			expect(result.output(undefined, branch).map(({ json }) => json)).toEqual(
				// n8n adds the fields of the input item.
				own.map(({ json, item }) => (branch === 0 ? json : { ...scene.items[item], ...json })),
			);
			expect(pairs(result, branch)).toEqual(own.map(({ item }) => ({ item })));
			expect(result.output(branch === 0 ? 'Success' : 'Failed')).toHaveLength(own.length);
		}
		expect(asked(both, scene)).toBe(requests);
	});
});
