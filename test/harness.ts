import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { HttpResponse } from '../nodes/shared/provider';
import {
	createDeduplicationStore,
	type Engine,
	type RunNodeOptions,
	type RunResult,
	type WorkflowFile,
} from './engine';
import { oneOf } from './everything';
import {
	credentialsFor,
	nodeTypes,
	openEngine,
	play,
	startPlay,
	type PlayOptions,
	type Scene,
} from './scenes';
import {
	startSimulator,
	type Pair,
	type ProviderName,
	type RecordedRequest,
	type Simulator,
} from './simulator';

/** A node that goes on when an item fails. */
export const going = { onError: 'continueRegularOutput' } as const;

/** What a person reads of them. */
export const providerNames: Record<ProviderName, string> = {
	click2mail: 'Click2Mail',
	clubTexting: 'Club Texting',
	ezTexting: 'EZ Texting',
	mailPartner: 'MailPartner',
};

/** What the tests of one file work with: n8n's engine and the providers. */
export interface Bench {
	simulator: Simulator;
	/** A new one for every test. */
	engine: Engine;
	/** Runs one node over items, with the right credentials. */
	run(
		provider: ProviderName,
		parameters: INodeParameters,
		items: IDataObject[],
		options?: RunNodeOptions,
	): Promise<RunResult>;
	/** Runs a scene's node. */
	play(scene: Scene, options?: PlayOptions): Promise<RunResult>;
	start(scene: Scene, options?: PlayOptions): ReturnType<typeof startPlay>;
	/** Requests that arrived at one of the simulator's operations. */
	sent(operation: string): RecordedRequest[];
}

/**
 * Opens the bench before the tests of a file and closes it after them. Before each test the providers are back at the
 * start; after each, no request may have been other than their documents say.
 */
export function openBench(): Bench {
	const bench = emptyBench();
	beforeAll(async () => {
		bench.simulator = await startSimulator();
	});
	beforeEach(() => {
		bench.simulator.reset();
		bench.engine = openEngine();
	});
	afterEach(() => expect(bench.simulator.mistakes()).toEqual([]));
	afterAll(async () => await bench.simulator.close());
	return bench;
}

function emptyBench(): Bench {
	const bench: Bench = {
		simulator: undefined as never,
		engine: undefined as never,
		run: async (provider, parameters, items, options) =>
			await bench.engine.runNode(nodeTypes[provider], parameters, {
				credentials: credentialsFor(bench.simulator),
				items,
				...options,
			}),
		play: async (scene, options) => await play(bench.engine, bench.simulator, scene, options),
		start: (scene, options) => startPlay(bench.engine, bench.simulator, scene, options),
		sent: (operation) => bench.simulator.requests.filter((request) => request.operation === operation),
	};
	return bench;
}

/** The items of a branch, where no item failed in a way that stopped the node. */
export function itemsOf(result: RunResult, branch = 0): IDataObject[] {
	expect(result.error?.message).toBeUndefined();
	return result.output(undefined, branch).map(({ json }) => json);
}

/** To which input items the items of a branch belong. */
export function pairs(result: RunResult, branch = 0): unknown[] {
	return result.output(undefined, branch).map(({ pairedItem }) => pairedItem);
}

/** The outcome that the error of a stopped run names. */
export function outcomeOf({ error }: RunResult): unknown {
	return (error?.context?.details as { outcome?: unknown } | undefined)?.outcome;
}

/** The outcomes of a run's items, in order; `success` for those that succeeded. */
export function outcomesOf(result: RunResult): unknown[] {
	return result
		.output()
		.map(({ json: { details } }) =>
			details === undefined ? 'success' : (details as { outcome: unknown }).outcome,
		);
}

/** The requests, each as method, path and query without the log-in. */
export function lines(requests: RecordedRequest[]): string[] {
	const isLogin = ([name]: Pair) => ['User', 'Password', 'apiKey'].includes(name);
	return requests.map(({ method, path: at, query }) => {
		const shown = new URLSearchParams(query.filter((pair) => !isLogin(pair))).toString();
		return `${method} ${at}${shown && `?${shown}`}`;
	});
}

export const formsOf = (requests: RecordedRequest[]) => requests.map(({ form }) => form);

/** A sample reply of test/fixtures, `<provider>/<operation>.<case>`, as it would arrive. */
export function fixture(name: string, status: number): HttpResponse {
	const text = readFileSync(path.join(__dirname, 'fixtures', name), 'utf8');
	if (!name.endsWith('.http')) return { status, headers: {}, text };
	const [statusLine = '', ...headerLines] = text.trim().split(/\r?\n/);
	const headers = headerLines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
	return {
		status: Number(statusLine.split(' ')[1]),
		headers: Object.fromEntries(headers.map(([key, value]) => [key.toLowerCase(), value])),
		text: '',
	};
}

/** What is done with each of many scenes, at a bench of its own. */
type SceneTest = (scene: Scene, bench: Bench) => Promise<void>;

/** Does the same with every scene, all at once: what they wait for, they wait for together. `npm test` plays a sample. */
export async function atOnce(scenes: Scene[], test: SceneTest): Promise<void> {
	const failed = [...(await failuresAtOnce(sampleOf(scenes), test))];
	if (failed.length > 0)
		throw new Error(failed.map(([{ name }, { message }]) => `${name}: ${message}`).join('\n\n'));
}

/** Mutation testing asks each mutant anew, and wants to know what each test reaches. */
const isMutated = process.env.STRYKER_MUTATOR_WORKER !== undefined;

let samples = 0;

/** Every third scene, beginning with another one each time, so that the tests of a file play them all between them. */
function sampleOf(scenes: Scene[]): Scene[] {
	const first = samples++;
	return isMutated ? scenes : scenes.filter((_, place) => (place + first) % oneOf(3) === 0);
}

/** A test for each scene, as `it.each`; all are played at once when the first of them begins. A sample as well. */
export function eachAtOnce(all: Scene[], title: string, test: SceneTest): void {
	const scenes = sampleOf(all);
	let played: Promise<Map<Scene, Error>> | undefined;
	it.each(scenes)(
		title,
		async (scene) => {
			const failed = await (isMutated
				? failuresAtOnce([scene], test)
				: (played ??= failuresAtOnce(scenes, test)));
			if (failed.has(scene)) throw failed.get(scene)!;
		},
		120_000,
	);
}

async function failuresAtOnce(scenes: Scene[], test: SceneTest): Promise<Map<Scene, Error>> {
	const failed = new Map<Scene, Error>();
	await Promise.all(
		scenes.map(async (scene) => {
			const error = await failureOnBench(async (bench) => await test(scene, bench));
			if (error) failed.set(scene, error);
		}),
	);
	return failed;
}

/** What is wrong with what is done at a bench of its own. */
async function failureOnBench(work: (bench: Bench) => unknown): Promise<Error | undefined> {
	const bench = emptyBench();
	bench.simulator = await startSimulator();
	bench.engine = openEngine({ deduplication: createDeduplicationStore(undefined, true) });
	try {
		await work(bench);
		expect(bench.simulator.mistakes()).toEqual([]);
		return undefined;
	} catch (error) {
		return error as Error;
	} finally {
		await bench.simulator.close();
	}
}

type ItAtOnce = ((title: string, work: () => unknown) => void) & { each: jest.Each };

/**
 * A bench for each test of a file whose tests mostly wait: all of them begin when the first does, and what they wait for,
 * they wait for together. They may not set the clock.
 */
export function openBenches(): { bench: Bench; it: ItAtOnce } {
	const ofTest = new AsyncLocalStorage<Bench>();
	const bench = new Proxy({} as Bench, {
		get: (_, key) => Reflect.get(ofTest.getStore()!, key) as unknown,
		set: (_, key, value) => Reflect.set(ofTest.getStore()!, key, value),
	});
	const starts: Array<() => unknown> = [];
	const begunWithOthers = (work: () => unknown) => {
		const play = async () => await failureOnBench(async (own) => await ofTest.run(own, work));
		let failure: Promise<Error | undefined> | undefined;
		const start = () => (failure ??= play());
		starts.push(start);
		return async () => {
			if (!isMutated) for (const other of starts) other();
			const error = await (isMutated ? play() : start());
			if (error) throw error;
		};
	};
	const each = (rows: readonly unknown[]) => (title: string, work: (...given: unknown[]) => unknown) => {
		for (const row of rows) {
			const given: unknown[] = Array.isArray(row) ? row : [row];
			it.each([row])(
				title,
				begunWithOthers(() => work(...given)),
			);
		}
	};
	const single = (title: string, work: () => unknown) => it(title, begunWithOthers(work));
	return { bench, it: Object.assign(single, { each: each as unknown as jest.Each }) };
}

/** Lets the clock begin at another time while something is done; it goes on from there. */
export async function from<T>(time: string, work: () => Promise<T>): Promise<T> {
	const { now } = Date;
	const ahead = Date.parse(time) - now();
	Date.now = () => now() + ahead;
	try {
		return await work();
	} finally {
		Date.now = now;
	}
}

/** The workflow of a run with other parameters of its node, as somebody saves it before a retry. */
export function edited({ workflow }: RunResult, parameters: INodeParameters = {}): WorkflowFile {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) =>
			node.name === 'Node' ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
		),
	};
}
