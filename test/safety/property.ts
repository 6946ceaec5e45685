import fc from 'fast-check';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runs } from '../everything';
import { createDeduplicationStore, type DeduplicationStore, type Engine, type RunResult } from '../engine';
import { credentialsFor, openEngine } from '../scenes';
import { startSimulator, type Simulator } from '../simulator';

const RUNS = runs(2000);
const SEED = 20261122;
/** Many wait at a time: for the list to settle, for a read to be repeated. */
const AT_A_TIME = 50;
/** More requests than any run needs: one that gets here goes on without end. */
const MOST_REQUESTS = 200;

/** How n8n goes on with an execution that failed. */
export const continuations = ['saved', 'edited', 'the first one again'] as const;

/** What every property varies besides its own acts. */
export interface Setting {
	stops: boolean;
	retryOnFail: boolean;
	/** What becomes of requests: each befalls one, after so many that pass. */
	faults: Array<{
		fault: 'resetBefore' | 'resetAfter' | 'status503' | 'status500' | 'lost500' | 'status401';
		after: number;
	}>;
	/** Calls of n8n's list that fail, by number. */
	deadCalls: { from: number; count: number };
	retries: Array<(typeof continuations)[number]>;
}

export const settings: fc.Arbitrary<Setting> = fc.record({
	stops: fc.boolean(),
	retryOnFail: fc.boolean(),
	faults: fc.array(
		fc.record({
			fault: fc.constantFrom('resetBefore', 'resetAfter', 'status503', 'status500', 'lost500', 'status401'),
			after: fc.nat(3),
		}),
		{ maxLength: 2 },
	),
	deadCalls: fc.record({ from: fc.nat(8), count: fc.constantFrom(0, 0, 0, 1, 3, 6) }),
	retries: fc.array(fc.constantFrom(...continuations), { maxLength: 3 }),
});

/** A provider, n8n's database, and an execution with its retries. */
export class Tree {
	/** Requests that left in the latest run. */
	requests = 0;
	readonly engine: Engine;
	private calls = 0;
	private deadCalls = { from: 0, count: 0 };

	constructor(
		readonly simulator: Simulator,
		private readonly type: string,
		private readonly workflowId: string,
	) {
		simulator.reset();
		this.engine = openEngine({ deduplication: this.list() });
	}

	/** Runs the node once, undisturbed, in an execution of its own. */
	async before(parameters: INodeParameters, items: IDataObject[]): Promise<void> {
		await this.engine.runNode(this.type, parameters, this.options(items));
	}

	/**
	 * Runs the node and then its retries, as long as there is something to retry.
	 *
	 * @param told gets each run that came to its end, and whether it knows nothing of a run before it
	 */
	async grow(
		{ stops, retryOnFail, faults, deadCalls, retries }: Setting,
		operation: string,
		parameters: { saved: INodeParameters; edited: INodeParameters },
		items: IDataObject[],
		told: (result: RunResult, isStale: boolean) => void,
	): Promise<void> {
		for (const { fault, after } of faults) {
			this.simulator.order({
				operation,
				after,
				...(fault === 'lost500'
					? { fault: 'status500', processed: false }
					: fault === 'status503'
						? { fault, retryAfter: 0 }
						: { fault }),
			});
		}
		this.calls = 0;
		this.deadCalls = deadCalls;
		const onError = stops ? 'stopWorkflow' : 'continueRegularOutput';
		const first = await this.counted((signal, onRequest) =>
			this.engine.runNode(this.type, parameters.saved, {
				...this.options(items),
				onError,
				retryOnFail,
				maxTries: 3,
				signal,
				onRequest,
			}),
		);
		told(first, false);
		let last = first;
		let isStale = false;
		for (const how of retries) {
			const failed = how === 'the first one again' ? first : last;
			if (failed.status === 'success') continue;
			isStale ||= failed !== last;
			last = await this.counted((signal, onRequest) =>
				this.engine.retry(failed, {
					signal,
					onRequest,
					...(how === 'edited' && {
						loadWorkflow: {
							...failed.workflow,
							nodes: failed.workflow.nodes.map((node) =>
								node.name === 'Node'
									? { ...node, parameters: parameters.edited, onError: 'continueRegularOutput' }
									: node,
							),
						},
					}),
				}),
			);
			told(last, isStale);
		}
	}

	private async counted(
		run: (signal: AbortSignal, onRequest: () => void) => Promise<RunResult>,
	): Promise<RunResult> {
		const stop = new AbortController();
		this.requests = 0;
		return await run(stop.signal, () => {
			if (++this.requests === MOST_REQUESTS) stop.abort();
		});
	}

	private options(items: IDataObject[]) {
		return { workflowId: this.workflowId, credentials: credentialsFor(this.simulator), items };
	}

	private list(): DeduplicationStore {
		const store = createDeduplicationStore();
		const count = () => {
			const { from, count: dead } = this.deadCalls;
			if (this.calls >= from && this.calls < from + dead) store.failNext();
			this.calls++;
		};
		return {
			...store,
			writes: 0,
			checkProcessedAndRecord: async (...call) => {
				count();
				return await store.checkProcessedAndRecord(...call);
			},
			removeProcessed: async (...call) => {
				count();
				return await store.removeProcessed(...call);
			},
		};
	}
}

export type Outcome = 'success' | 'skipped' | 'invalid' | 'refused' | 'unknown' | 'notSent' | 'nothing';

/** What each item says became of it, with the item itself; a run that stopped says it of one item alone. */
export function saidIn(
	result: RunResult,
	count: number,
): Array<{ outcome: Outcome; text: string; json: IDataObject }> {
	if (result.error) {
		const { details, itemIndex } = result.error.context as { details?: IDataObject; itemIndex?: number };
		const { message } = result.error;
		return Array.from({ length: count }, (_, item) =>
			item === itemIndex
				? { outcome: (details?.outcome ?? message) as Outcome, text: message, json: {} }
				: { outcome: 'nothing', text: '', json: {} },
		);
	}
	return result.output('Node').map(({ json }: INodeExecutionData) => {
		const text = String(json.error ?? '');
		const { outcome = json.error ?? 'success' } = (json.details ?? {}) as { outcome?: Outcome };
		return { outcome: json.skipped === true ? 'skipped' : (outcome as Outcome), text, json };
	});
}

/** What the package remembers of a workflow outlives a property. */
let trees = 0;

/**
 * Holds a property against seeded values, many at a time; a value that breaks it is made as small as it goes.
 *
 * @param typeOf full type name of the node that plays a value
 * @param faultsOf what is wrong with one value
 */
export async function holds<T>(
	typeOf: (value: T) => string,
	values: fc.Arbitrary<T>,
	faultsOf: (value: T, tree: Tree) => Promise<string[]>,
): Promise<void> {
	const property = (simulator: Simulator) =>
		fc.asyncProperty(values, async (value) => {
			const tree = new Tree(simulator, typeOf(value), `tree ${trees++}`);
			expect(await faultsOf(value, tree)).toEqual([]);
		});
	const simulators = await Promise.all(Array.from({ length: AT_A_TIME }, async () => await startSimulator()));
	const drawn = fc.sample(values, { seed: SEED, numRuns: RUNS });
	const broken = new Map<number, string[]>();
	let next = 0;
	await Promise.all(
		simulators.map(async (simulator) => {
			for (let place = next++; place < drawn.length; place = next++) {
				const value = drawn[place]!;
				const tree = new Tree(simulator, typeOf(value), `tree ${trees++}`);
				const faults = await faultsOf(value, tree).catch((error: Error) => [error.message]);
				if (faults.length > 0) broken.set(place, faults);
			}
		}),
	);
	try {
		if (broken.size === 0) return;
		const first = Math.min(...broken.keys());
		process.stdout.write(
			`\n${broken.size} of ${RUNS} break it. ${first}: ${broken.get(first)!.join('; ')}\n`,
		);
		await fc.assert(property(simulators[0]!), { seed: SEED, path: String(first) });
		throw new Error('It breaks no more where it is drawn alone');
	} finally {
		await Promise.all(simulators.map(async (simulator) => await simulator.close()));
	}
}
