import type { INodeParameters } from 'n8n-workflow';
import type { Engine, RunResult, WorkflowFile } from '../engine';
import { openEngine, play, startPlay, type PlayOptions, type Scene } from '../scenes';
import { startSimulator, type RecordedRequest, type Simulator } from '../simulator';

/** What a test of this folder works with, fresh for each test. */
export interface Bench {
	simulator: Simulator;
	engine: Engine;
	play(scene: Scene, options?: PlayOptions): Promise<RunResult>;
	start(scene: Scene, options?: PlayOptions): ReturnType<typeof startPlay>;
	/** Requests that arrived at one of the simulator's operations. */
	sent(operation: string): RecordedRequest[];
}

/** Opens the simulator for a test file, and gives each test fresh books, a fresh engine and no mistake on the wire. */
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

/** Does the same with every scene, all at once, each at a bench of its own: what they wait for, they wait for together. */
export async function atOnce(
	scenes: Scene[],
	test: (scene: Scene, bench: Bench) => Promise<void>,
): Promise<void> {
	const failed = await Promise.all(
		scenes.map(async (scene) => {
			const bench = emptyBench();
			bench.simulator = await startSimulator();
			bench.engine = openEngine();
			try {
				await test(scene, bench);
				expect(bench.simulator.mistakes()).toEqual([]);
				return [];
			} catch (error) {
				return [`${scene.name}: ${(error as Error).message}`];
			} finally {
				await bench.simulator.close();
			}
		}),
	);
	if (failed.flat().length > 0) throw new Error(failed.flat().join('\n\n'));
}

function emptyBench(): Bench {
	const bench = {
		play: async (scene: Scene, options?: PlayOptions) =>
			await play(bench.engine, bench.simulator, scene, options),
		start: (scene: Scene, options?: PlayOptions) => startPlay(bench.engine, bench.simulator, scene, options),
		sent: (operation: string) =>
			bench.simulator.requests.filter((request) => request.operation === operation),
	} as Bench;
	return bench;
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

/** The workflow of a run with other parameters of its node, as somebody saves it before a retry. */
export function edited({ workflow }: RunResult, parameters: INodeParameters = {}): WorkflowFile {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) =>
			node.name === 'Node' ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
		),
	};
}
