import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { deepCopy } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteContextData,
	INodeExecutionData,
	INodeParameters,
	IRunExecutionData,
} from 'n8n-workflow';
import { Journal } from '../../nodes/shared/idempotency/journal';
import { createDeduplicationStore, type DeduplicationStore, type Engine, type RunResult } from '../engine';
import type { RunHandle } from '../engine';
import { credentialsFor, openEngine, typeOf } from '../scenes';
import { startSimulator, type ProviderName, type Simulator } from '../simulator';

/** The format of n8n's execution table. */
const { parse, stringify } = createRequire(__filename)('flatted') as {
	parse(text: string): unknown;
	stringify(value: unknown): string;
};

/** One kind of act: how the node is set, what it is to do, and what the provider's books say of it. */
export interface Act {
	name: string;
	provider: ProviderName;
	/** Full type name of the node, where it is not the provider's first one. */
	type?: string;
	/** Expressions over the items; a volatile one resolves to something else at each look. */
	parameters(isVolatile: boolean): INodeParameters;
	/** Three items, each with a `key`. */
	items: IDataObject[];
	/** One more, which an execution before the others may do. */
	earlier: IDataObject;
	/** The files that come with an item. */
	filesOf?(item: IDataObject): INodeExecutionData['binary'];
	/** Items that name the same part share it. */
	shares?: true;
	/** Names of what an item is to bring about, each once, whatever its parameters resolve to. */
	parts(item: IDataObject): string[];
	/** What has come about, by the same names. */
	books(simulator: Simulator): string[];
	/** Whether a part may have come about with nothing done for it: what is there is enough. */
	isMet?(simulator: Simulator, part: string): boolean;
	/** What items need in common and the node makes for them, such as a group: each of these names once. */
	made?(simulator: Simulator): string[];
	prepare?(simulator: Simulator): void;
	/** Lets the provider refuse the second item's first request. */
	refuse(simulator: Simulator): void;
}

export interface Variant {
	/** By an expression, one for each item. */
	keys: 'none' | 'each' | 'one used before';
	refused: boolean;
	isVolatile: boolean;
}

/** A process that is gone does nothing outside itself; its database calls end here. */
class ProcessGone extends Error {}

const running = new AsyncLocalStorage<Process>();

/**
 * One process of n8n that runs the node: takes down, by number, each moment at which something outside it has changed or
 * is about to, and is cut off at one of them. From then on nothing of it reaches the database or the provider.
 */
export class Process {
	readonly moments: string[] = [];
	/** The node's context as n8n would have saved it at the cut. */
	saved: IExecuteContextData = {};
	private handle: RunHandle | undefined;
	private context = '{}';

	/** @param cutAt number of the moment; none of them where the process runs to its end */
	constructor(private readonly cutAt = Infinity) {}

	get isGone(): boolean {
		return this.moments.length > this.cutAt;
	}

	/** @param start begins the run; called with the process as the one in which things happen */
	async run(start: () => RunHandle): Promise<RunResult> {
		this.handle = running.run(this, start);
		return await this.handle.done;
	}

	/** Takes down a moment; false from the one on at which the process is gone. */
	passes(moment: string): boolean {
		this.look();
		return this.note(moment);
	}

	/** Takes down a write to the context, which happens inside the process but is saved by n8n at any time. */
	look(): void {
		const context = JSON.stringify(this.handle?.data.executionData?.contextData ?? {});
		if (context === this.context) return;
		this.context = context;
		this.note('the context is written');
	}

	private note(moment: string): boolean {
		if (this.isGone) return false;
		this.moments.push(moment);
		if (!this.isGone) return true;
		this.saved = JSON.parse(this.context) as IExecuteContextData;
		// Spares the abandoned run its waits: what it would still do, it can't.
		this.handle?.cancel();
		return false;
	}
}

// A write to the context can't be seen from outside, so the process looks after each of the journal's steps.
const steps = Journal.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
for (const name of Object.getOwnPropertyNames(steps).filter((own) => own !== 'constructor')) {
	const step = steps[name]!;
	steps[name] = function (this: unknown, ...given: unknown[]) {
		const result = step.apply(this, given);
		running.getStore()?.look();
		return result;
	};
}

interface RunOptions {
	mode?: 'retry';
	resumeToken?: string;
	cutAt?: number;
}

interface RetryOptions {
	stops?: boolean;
	cutAt?: number;
}

/** What outlives a process: the providers and n8n's database; and the process that runs at present. */
export class World {
	process = new Process();
	private store: DeduplicationStore = createDeduplicationStore();
	private readonly written = new Set<string>();
	private workflows = 0;
	readonly engine: Engine;

	private constructor(
		readonly simulator: Simulator,
		private readonly number: number,
	) {
		this.engine = openEngine({ deduplication: this.deduplication() });
	}

	static async open(number: number): Promise<World> {
		const world: { it?: World } = {};
		const simulator = await startSimulator({
			watch: (_request, moment) => {
				const { process } = world.it!;
				if (moment === 'arrived') return !process.isGone;
				return process.passes('the provider acted') && process.passes('the reply comes');
			},
		});
		world.it = new World(simulator, number);
		return world.it;
	}

	/** Fresh books and an empty database. */
	reset(): void {
		this.simulator.reset();
		this.store = createDeduplicationStore();
		this.written.clear();
	}

	/** Whether an idempotency key stands in n8n's list at present. */
	isClaimed(key: string): boolean {
		return [...this.written].some((entry) => entry.includes(key));
	}

	/** Runs the node in a process of its own. */
	async run(
		act: Pick<Act, 'provider' | 'type' | 'filesOf'>,
		parameters: INodeParameters,
		items: IDataObject[],
		executionId: string,
		{ cutAt, ...options }: RunOptions = {},
	): Promise<RunResult> {
		return await this.inProcess(cutAt, (onRequest) =>
			this.engine.startNode(typeOf(act), parameters, {
				credentials: credentialsFor(this.simulator),
				items: itemsOf(act, items),
				executionId,
				workflowId: this.nextWorkflow(),
				onError: 'continueRegularOutput',
				onRequest,
				...options,
			}),
		);
	}

	/** Retries an execution, from its data as saved, in a process of its own. */
	async retry(
		execution: RunResult,
		executionId: string,
		{ stops = false, cutAt }: RetryOptions = {},
	): Promise<RunResult> {
		const workflow = {
			...execution.workflow,
			id: this.nextWorkflow(),
			nodes: execution.workflow.nodes.map((node) =>
				node.name === 'Node'
					? { ...node, onError: stops ? ('stopWorkflow' as const) : ('continueRegularOutput' as const) }
					: node,
			),
		};
		return await this.inProcess(cutAt, (onRequest) =>
			this.engine.startRetry(
				{ ...execution, workflow },
				{ credentials: credentialsFor(this.simulator), executionId, onRequest, loadWorkflow: workflow },
			),
		);
	}

	async close(): Promise<void> {
		await this.simulator.close();
	}

	private async inProcess(
		cutAt: number | undefined,
		start: (onRequest: () => void) => RunHandle,
	): Promise<RunResult> {
		const process = new Process(cutAt);
		this.process = process;
		return await process.run(() => start(() => void process.passes('a request leaves')));
	}

	/**
	 * An id for each process, since the node keeps calls of one workflow in line within a process; the database knows the
	 * workflow by one. It also serves as a value that is another at each look and the same for all items.
	 */
	private nextWorkflow(): string {
		return `${this.number}.${this.workflows++}`;
	}

	private deduplication(): DeduplicationStore {
		const inStore = async <T>(
			entries: readonly unknown[],
			call: (store: DeduplicationStore) => Promise<T>,
			onWritten: (entry: string) => void,
		): Promise<T> => {
			const { store } = this;
			const process = running.getStore() ?? this.process;
			// What a process still does after its run is lost with it.
			if (process !== this.process || !process.passes('the list is asked')) throw new ProcessGone();
			await new Promise((resolve) => setImmediate(resolve));
			if (!process.passes('the list is read')) throw new ProcessGone();
			const result = await call(store);
			for (const entry of entries) onWritten(String(entry));
			if (!process.passes('the list is written')) throw new ProcessGone();
			return result;
		};
		return {
			...this.store,
			writes: 0,
			checkProcessedAndRecord: async (entries, scope, { workflow, node }, options) =>
				await inStore(
					entries,
					async (store) =>
						await store.checkProcessedAndRecord(
							entries,
							scope,
							{ workflow: { ...workflow, id: 'workflow' }, node },
							options,
						),
					(entry) => this.written.add(entry),
				),
			removeProcessed: async (entries, scope, { workflow, node }, options) =>
				await inStore(
					entries,
					async (store) =>
						await store.removeProcessed(
							entries,
							scope,
							{ workflow: { ...workflow, id: 'workflow' }, node },
							options,
						),
					(entry) => this.written.delete(entry),
				),
		};
	}
}

/** A moment at which a part of a file goes to the provider. */
export function passesPart(): void {
	const process = running.getStore();
	if (!process?.passes('a part leaves')) throw new ProcessGone();
}

function itemsOf({ filesOf }: Pick<Act, 'filesOf'>, items: IDataObject[]): INodeExecutionData[] {
	return items.map((json, item) => ({
		json,
		...(filesOf && { binary: filesOf(json) }),
		pairedItem: { item },
	}));
}

/** An execution that was cut off, as n8n would hold it for a retry: with the node before it, and its context as saved. */
export function interrupted(
	cut: RunResult,
	items: IDataObject[],
	saved: IExecuteContextData,
	act: Pick<Act, 'filesOf'> = {},
): RunResult {
	const data = parse(cut.stored) as IRunExecutionData;
	const node = cut.workflow.nodes.find(({ name }) => name === 'Node')!;
	data.executionData!.contextData = deepCopy(saved);
	data.executionData!.nodeExecutionStack = [
		{
			node,
			data: { main: [itemsOf(act, items)] },
			source: { main: [{ previousNode: 'Trigger' }] },
		},
	];
	data.resultData.lastNodeExecuted = 'Node';
	data.resultData.error = undefined;
	delete data.resultData.runData.Node;
	return { ...cut, status: 'error', stored: stringify(data) };
}

/** How n8n runs a node again whose run was cut off. */
export const ways = [
	// n8n 1, when a worker has died.
	'the same execution',
	'the same execution, other order',
	// n8n 2, of a crashed execution: the token is all that it has of the one before.
	'a retry from the start',
	'a retry, and a second one of the same',
	'a retry that stops, and a retry of that',
	'a new execution with the same keys',
] as const;
export type Way = (typeof ways)[number];

/** Whether a way promises anything: another order needs constant parameters, a new execution needs keys. */
export function isPromised(way: Way, { isVolatile, keys }: Variant): boolean {
	if (way === 'the same execution, other order') return !isVolatile;
	return way !== 'a new execution with the same keys' || keys !== 'none';
}

export interface History {
	act: Act;
	variant: Variant;
	way: Way;
	/** Number of the moment at which the first process is gone; and of the second one's, where it goes as well. */
	cuts: [number, number?];
}

/** What one history came to. */
export interface Story {
	/** What is wrong with it; none, if all is well. */
	faults: string[];
	/** How many items came out of runs after the cut. */
	items: number;
	/** How many of them are unknown, or skipped, though nothing of them ever left. */
	needlesslyUnknown: number;
	needlesslySkipped: number;
	/** Each moment of the first process. */
	moments: string[];
}

/** Plays one history to its end, and judges each of its runs by the provider's books. */
export async function play(world: World, { act, variant, way, cuts }: History): Promise<Story> {
	const { items } = act;
	world.reset();
	act.prepare?.(world.simulator);
	const parameters = parametersOf(act, variant);
	const usedKey = variant.keys === 'one used before' ? items[1]!.key : undefined;
	if (usedKey) await world.run(act, parameters, [{ ...act.earlier, key: usedKey }], 'earlier');
	const earlier = act.books(world.simulator);
	if (variant.refused) act.refuse(world.simulator);

	const story: Story = { faults: [], items: 0, needlesslyUnknown: 0, needlesslySkipped: 0, moments: [] };
	let isLost = false;
	/** Runs the node, and judges it; undefined where the run came to its end though it was to be cut off. */
	const judged = async (ran: IDataObject[], run: Promise<RunResult>): Promise<RunResult> => {
		const claimed = new Set(ran.map(({ key }) => String(key)).filter((key) => world.isClaimed(key)));
		const { process } = world;
		const result = await run;
		isLost ||= process.isGone && process.moments.at(-1) === 'a request leaves';
		const said = process.isGone ? [] : outcomesIn(result, ran.length);
		const { isVolatile } = variant;
		const faults = judge({ act, world, ran, said, claimed, earlier, isVolatile });
		story.faults.push(...faults.map((fault) => `${result.mode} ${result.executionId}: ${fault}`));
		for (const [place, item] of ran.entries()) {
			const isInBooks = act.parts(item).some((part) => act.books(world.simulator).includes(part));
			story.items += said.length > 0 ? 1 : 0;
			if (isLost || isInBooks) continue;
			if (said[place] === 'unknown') story.needlesslyUnknown++;
			if (said[place] === 'skipped' && item.key !== usedKey) story.needlesslySkipped++;
		}
		return result;
	};
	const run = async (ran: IDataObject[], executionId: string, options?: RunOptions) =>
		await judged(ran, world.run(act, parameters, ran, executionId, options));
	const chain = { mode: 'retry', resumeToken: TOKEN } as const;
	const retry = async (execution: RunResult, executionId: string, options?: RetryOptions) =>
		await judged(items, world.retry(execution, executionId, options));

	const first = await run(items, '1', { cutAt: cuts[0], resumeToken: TOKEN });
	const { process } = world;
	story.moments = process.moments;
	if (!process.isGone) return story;
	const [, second] = cuts;
	switch (way) {
		case 'the same execution':
		case 'the same execution, other order': {
			const again = way === 'the same execution' ? items : [...items.slice(1), items[0]!];
			if (second !== undefined) await run(again, '1', { cutAt: second });
			await run(again, '1');
			break;
		}
		case 'a retry from the start':
			if (second !== undefined) await run(items, '2', { ...chain, cutAt: second });
			await run(items, '3', chain);
			break;
		case 'a retry, and a second one of the same': {
			let failed = interrupted(first, items, process.saved, act);
			if (second !== undefined) {
				const retried = await retry(failed, '2', { cutAt: second });
				if (!world.process.isGone) return story;
				failed = interrupted(retried, items, world.process.saved, act);
			}
			await retry(failed, '3');
			await retry(failed, '4');
			break;
		}
		case 'a retry that stops, and a retry of that': {
			const failed = interrupted(first, items, process.saved, act);
			const retried = await retry(failed, '2', { stops: true, cutAt: second });
			const { isGone, saved } = world.process;
			if (isGone) await retry(interrupted(retried, items, saved, act), '3');
			else if (retried.status !== 'success') await retry(retried, '3');
			break;
		}
		case 'a new execution with the same keys':
			if (second !== undefined) await run(items, '2', { cutAt: second });
			await run(items, '3');
	}
	return story;
}

function parametersOf(act: Act, { isVolatile, keys }: Variant): INodeParameters {
	const parameters = act.parameters(isVolatile);
	if (keys === 'none') return parameters;
	return {
		...parameters,
		options: { ...(parameters.options as INodeParameters), idempotencyKey: '={{ $json.key }}' },
	};
}

interface Judgement {
	act: Act;
	world: World;
	/** The items of the run, in its order. */
	ran: IDataObject[];
	/** What each of them says became of it; nothing at all where the run was cut off. */
	said: string[];
	/** Keys that were in n8n's list before the run. */
	claimed: Set<string>;
	/** What stood in the books before the first run. */
	earlier: string[];
	/** A part that items would share comes about for each of them where they ask for different things. */
	isVolatile: boolean;
}

/** Holds the books against what may have happened, and what the items say against the books. */
function judge({ act, world, ran, said, claimed, earlier, isVolatile }: Judgement): string[] {
	const faults: string[] = [];
	const books = act.books(world.simulator);
	for (const part of earlier) books.splice(books.indexOf(part), 1);
	if (said.length > 0 && said.length !== ran.length)
		faults.push(`${said.length} of ${ran.length} items came out: ${said.join(', ')}`);

	const byPart = new Map<string, string[]>();
	for (const [place, item] of ran.entries()) {
		const outcome = said[place] ?? SILENT;
		for (const part of act.parts(item)) byPart.set(part, [...(byPart.get(part) ?? []), outcome]);
		if (outcome === 'skipped' && !claimed.has(String(item.key)))
			faults.push(`${String(item.key)} is skipped, though nobody had claimed it`);
	}
	for (const [part, outcomes] of byPart) {
		const times = books.filter((name) => name === part).length;
		const count = (...wanted: string[]) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
		const successes = count('success');
		const needed = act.isMet?.(world.simulator, part) ? 0 : successes;
		const least = act.shares ? Math.min(1, needed) : needed;
		const most = act.shares && !isVolatile ? 1 : outcomes.length;
		if (times > most) faults.push(`${part} happened ${times} times, not ${most}`);
		if (times < least || times > count('success', 'unknown', 'skipped', SILENT))
			faults.push(`${part} happened ${times} times, and its items say ${outcomes.join(', ')}`);
	}
	const unasked = books.filter((part) => !byPart.has(part));
	if (unasked.length > 0) faults.push(`${unasked.join(', ')} happened, and no item asks for it`);
	const made = act.made?.(world.simulator) ?? [];
	const again = made.filter((name, place) => made.indexOf(name) !== place);
	if (again.length > 0) faults.push(`${again.join(', ')} was made again`);
	return [...faults, ...world.simulator.mistakes()];
}

/** Of an item that says nothing: its run was cut off, or stopped at another one. */
const SILENT = 'nothing';

/** What each item says became of it; a run that stopped says it of one item alone. */
function outcomesIn(result: RunResult, count: number): string[] {
	if (result.error) {
		const { details, itemIndex } = result.error.context as { details?: IDataObject; itemIndex?: number };
		const outcome = details?.outcome ?? result.error.message;
		return Array.from({ length: count }, (_, item) => (item === itemIndex ? String(outcome) : SILENT));
	}
	return result.output('Node').map(({ json }) => {
		if (json.skipped === true) return 'skipped';
		const { outcome } = (json.details ?? {}) as IDataObject;
		return String(outcome ?? json.error ?? 'success');
	});
}

/** Worlds, each of which plays one history at a time. */
export class Pool {
	private readonly waiting: Array<(world: World) => void> = [];

	constructor(private readonly free: World[]) {}

	async use<T>(work: (world: World) => Promise<T>): Promise<T> {
		const world = this.free.pop() ?? (await new Promise<World>((resolve) => this.waiting.push(resolve)));
		try {
			return await work(world);
		} finally {
			const next = this.waiting.shift();
			if (next) next(world);
			else this.free.push(world);
		}
	}
}

/** Plays histories, many at a time, each in a world of its own: most of them wait for the list to settle. */
export async function playAll(
	pool: Pool,
	histories: History[],
	told: (history: History, story: Story) => void,
): Promise<void> {
	await Promise.all(
		histories.map(async (history) =>
			told(history, await pool.use(async (world) => await play(world, history))),
		),
	);
}

/** What n8n keeps of an execution for its retries. */
const TOKEN = 'a token of this execution';
