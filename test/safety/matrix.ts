import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { CredentialData, RunResult } from '../engine';
import { credentialsFor, openEngine, play, scenes, type Scene } from '../scenes';
import { startSimulator, type Fault, type ProviderName, type Simulator } from '../simulator';

/** What is expected of an item: a success, or the outcome of its failure. */
type Expected = 'success' | 'refused' | 'unknown' | 'notSent';

interface FaultRow {
	name: string;
	/** Ordered of the simulator, for one request or for all; none where there is no host to reach. */
	fault?: Fault & { times?: number };
	/** Whether the provider acts on a request that the fault befalls. */
	acts: boolean;
	/**
	 * What becomes of an effect whose request the fault befalls. Written from what the issue says of outcomes, not from
	 * the code: a refused connection is notSent; a refusal is refused; a time-out, a reset, a 5xx, an unreadable or
	 * unrecognised reply after an effect left is unknown; Club Texting's 503 and MailPartner's 429 are tried once more.
	 */
	effect: Expected | ((scene: Scene) => Expected);
	/** The same for reads. They change nothing, are repeated twice, and end as the effect would unless this says otherwise. */
	read?: Expected | ((scene: Scene) => Expected);
}

/** A reply to a deletion is an empty 204: whatever is done to its body, it stays what it is. */
const unlessEmpty =
	(expected: Expected) =>
	({ request }: Scene): Expected =>
		request === 'cancel' ? 'success' : expected;
const by =
	(provider: ProviderName, then: Expected, otherwise: Expected) =>
	(scene: Scene): Expected =>
		scene.provider === provider ? then : otherwise;

/** Long enough for a busy machine to answer, short enough to be waited for often. In ms. */
const SHORT_TIMEOUT = 2000;

const faults: FaultRow[] = [
	{ name: 'refused connection', acts: false, effect: 'notSent' },
	{ name: 'time-out before processing', fault: { fault: 'timeoutBefore' }, acts: false, effect: 'unknown' },
	{ name: 'time-out after processing', fault: { fault: 'timeoutAfter' }, acts: true, effect: 'unknown' },
	{ name: 'reset before processing', fault: { fault: 'resetBefore' }, acts: false, effect: 'unknown' },
	{ name: 'reset after processing', fault: { fault: 'resetAfter' }, acts: true, effect: 'unknown' },
	{ name: '401', fault: { fault: 'status401' }, acts: false, effect: 'refused' },
	{ name: '403', fault: { fault: 'status403' }, acts: false, effect: 'refused' },
	{
		name: '429 with Retry-After',
		fault: { fault: 'status429', retryAfter: 1 },
		acts: false,
		effect: by('mailPartner', 'success', 'refused'),
		read: 'refused',
	},
	{
		name: '429 without Retry-After',
		fault: { fault: 'status429' },
		acts: false,
		effect: by('mailPartner', 'success', 'refused'),
		read: 'refused',
	},
	{
		name: '429 again and again',
		fault: { fault: 'status429', times: Infinity },
		acts: false,
		effect: 'refused',
	},
	{ name: '500 after processing', fault: { fault: 'status500' }, acts: true, effect: 'unknown' },
	{
		name: '500 before processing',
		fault: { fault: 'status500', processed: false },
		acts: false,
		effect: 'unknown',
	},
	{ name: '502 with HTML', fault: { fault: 'status502Html' }, acts: true, effect: 'unknown' },
	{
		name: '502 with HTML before processing',
		fault: { fault: 'status502Html', processed: false },
		acts: false,
		effect: 'unknown',
	},
	{
		name: '503',
		fault: { fault: 'status503' },
		acts: false,
		effect: by('clubTexting', 'success', 'unknown'),
		read: by('clubTexting', 'refused', 'unknown'),
	},
	{
		name: '503 with Retry-After',
		fault: { fault: 'status503', retryAfter: 1 },
		acts: false,
		effect: by('clubTexting', 'success', 'unknown'),
		read: by('clubTexting', 'refused', 'unknown'),
	},
	{
		name: '503 again and again',
		fault: { fault: 'status503', times: Infinity },
		acts: false,
		effect: by('clubTexting', 'refused', 'unknown'),
	},
	{ name: 'empty body', fault: { fault: 'emptyBody' }, acts: true, effect: unlessEmpty('unknown') },
	{
		name: 'body that breaks off',
		fault: { fault: 'truncatedBody' },
		acts: true,
		effect: unlessEmpty('unknown'),
	},
	{
		name: 'body that breaks off with the connection',
		fault: { fault: 'truncatedBody', hangUp: true },
		acts: true,
		effect: 'unknown',
	},
	{
		name: 'other format than asked',
		fault: { fault: 'otherFormat' },
		acts: true,
		// MailPartner documents XML without names, and for one success only: the creation of a sub-account.
		effect: ({ provider, request }) =>
			provider === 'mailPartner' && request !== 'create' ? 'unknown' : 'success',
		read: by('mailPartner', 'unknown', 'success'),
	},
	{ name: 'success without id', fault: { fault: 'withoutId' }, acts: true, effect: unlessEmpty('unknown') },
	{ name: 'refusal inside 200', fault: { fault: 'refusalIn200' }, acts: false, effect: 'refused' },
	{ name: 'web page inside 200', fault: { fault: 'htmlPage' }, acts: false, effect: 'unknown' },
	{ name: 'redirect', fault: { fault: 'redirect' }, acts: false, effect: 'unknown' },
	{
		name: 'redirect that keeps the method',
		fault: { fault: 'redirect', status: 307 },
		acts: false,
		effect: 'unknown',
	},
	{
		name: 'oversized reply',
		fault: { fault: 'oversizedReply', megabytes: 2 },
		acts: true,
		effect: unlessEmpty('unknown'),
	},
	{ name: 'slow reply', fault: { fault: 'slowReply', delayMs: 100 }, acts: true, effect: 'success' },
];

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
type Mode = (typeof modes)[number];

/** What a fault befalls: the request with the effect, a read, or a request before or after the effect. */
type Target = 'effect' | 'read' | 'before' | 'after';

/** One operation, one fault, in its six ways of handling errors. */
export interface MatrixRow {
	name: string;
	scene: Scene;
	fault: FaultRow;
	target: Target;
	/** Reads: whether the fault is over when it has befallen one request. */
	once: boolean;
}

/** All rows of a provider. */
export function matrixOf(provider: ProviderName): MatrixRow[] {
	return scenes
		.filter((scene) => scene.provider === provider)
		.flatMap((scene) => {
			const rows = (target: Target, once: boolean, label: string) =>
				faults.map((fault) => ({ name: `${scene.name}: ${fault.name}${label}`, scene, fault, target, once }));
			const cured = (row: MatrixRow) =>
				row.fault.fault?.times === undefined && row.fault.fault && outcomeOf(row) === 'unknown';
			return [
				...(scene.effects
					? rows('effect', true, '')
					: [...rows('read', false, ''), ...rows('read', true, ' once').filter(cured)]),
				...(scene.before ? rows('before', false, ' at the balance before') : []),
				...(scene.after ? rows('after', false, ' at the balance after') : []),
			];
		});
}

function requestOf({ scene, target }: MatrixRow): string {
	return (target === 'before' ? scene.before : target === 'after' ? scene.after : undefined) ?? scene.request;
}

function outcomeOf({ scene, fault, target }: MatrixRow): Expected {
	const given = target === 'effect' ? fault.effect : (fault.read ?? fault.effect);
	return typeof given === 'function'
		? given({ ...scene, request: target === 'effect' ? scene.request : '' })
		: given;
}

/** What a row comes to: for each item its outcome, and how often its effect stands in the books. */
function expectationOf(row: MatrixRow, mode: Mode): { outcomes: Expected[]; effects: number[] | undefined } {
	const { scene, fault, target, once } = row;
	const count = scene.items.length;
	const stops = mode === 'stopWorkflow';
	const all = <T>(value: T): T[] => new Array<T>(count).fill(value);
	const ofHit = outcomeOf(row);

	if (target === 'read') {
		// Asked again, a question is answered once the fault is over.
		const outcome = once ? 'success' : ofHit;
		return { outcomes: all(outcome), effects: undefined };
	}
	if (target === 'after' && fault.fault) return { outcomes: all('success'), effects: all(1) };
	if (target === 'before' || !fault.fault) {
		if (ofHit === 'success') return { outcomes: all('success'), effects: all(1) };
		// What can't be found out before an effect leaves it undone.
		return { outcomes: all(ofHit === 'refused' ? 'refused' : 'notSent'), effects: all(0) };
	}

	const happened = ofHit === 'success' || fault.acts ? 1 : 0;
	if (scene.shared) return { outcomes: all(ofHit), effects: all(happened) };
	const lasts = fault.fault.times === Infinity;
	const ofOthers: Expected = ofHit === 'unknown' && scene.charges ? 'notSent' : lasts ? ofHit : 'success';
	const others = stops && ofHit !== 'success' ? 0 : ofOthers === 'success' ? 1 : lasts ? happened : 0;
	return {
		outcomes: [ofHit, ...all(ofOthers).slice(1)],
		effects: [happened, ...all(others).slice(1)],
	};
}

/** The requests with an effect that may leave: none for what is held back, one more where it was not processed. */
function effectRequestsOf(row: MatrixRow, mode: Mode): number {
	const { scene, fault, target } = row;
	if (!fault.fault) return 0;
	const { outcomes } = expectationOf(row, mode);
	const count = scene.shared ? 1 : scene.items.length;
	if (target === 'after') return count;
	if (target === 'before') return outcomes[0] === 'success' ? count : 0;
	const notProcessed = { clubTexting: 'status503', mailPartner: 'status429', click2mail: '' }[scene.provider];
	const isTriedAgain = fault.fault.fault === notProcessed;
	const lasts = fault.fault.times === Infinity;
	const stopped = mode === 'stopWorkflow' && outcomes[0] !== 'success';
	const leaving = stopped ? 1 : scene.shared ? 1 : outcomes.filter((outcome) => outcome !== 'notSent').length;
	return leaving + (isTriedAgain ? (lasts ? leaving : 1) : 0);
}

/** A cell that was run: what was found, and what is wrong with it. */
export interface Cell {
	/** Name of its row. */
	row: string;
	way: string;
	/** None where it holds. */
	faults: string[];
}

/** The six ways in which a workflow may handle a node's errors. */
const ways = modes.flatMap((mode) => [false, true].map((retryOnFail) => ({ mode, retryOnFail })));

async function runCell(
	row: MatrixRow,
	{ mode, retryOnFail }: (typeof ways)[number],
	simulator: Simulator,
): Promise<string[]> {
	const { scene, fault, once } = row;
	scene.prepare?.(simulator);
	if (fault.fault) {
		simulator.order({
			provider: scene.provider,
			operation: requestOf(row),
			times: once ? 1 : Infinity,
			...fault.fault,
		});
	}
	const isTimeout = fault.fault?.fault.startsWith('timeout');
	const result = await play(openEngine(), simulator, scene, {
		onError: mode,
		retryOnFail,
		maxTries: 2,
		credentials: fault.fault ? credentialsFor(simulator) : unreachable(credentialsFor(simulator)),
		parameters: { options: isTimeout ? { timeout: SHORT_TIMEOUT } : {} },
	});
	return [
		...wrongItems(row, mode, result, simulator),
		...wrongBooks(row, mode, simulator),
		...simulator.mistakes(),
	];
}

/** Nothing listens on port 1. */
function unreachable(credentials: CredentialData): CredentialData {
	return Object.fromEntries(
		Object.entries(credentials).map(([type, data]) => [
			type,
			typeof data.baseUrl === 'string'
				? { ...data, baseUrl: data.baseUrl.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1') }
				: data,
		]),
	);
}

/** Each item has to be accounted for once, with the outcome that the fault asks for. */
function wrongItems(row: MatrixRow, mode: Mode, result: RunResult, simulator: Simulator): string[] {
	const { scene } = row;
	const { outcomes } = expectationOf(row, mode);
	if (mode === 'stopWorkflow' && outcomes.some((outcome) => outcome !== 'success'))
		return wrongError(row, outcomes[0]!, result);
	if (result.status !== 'success') return [`the run ended as ${result.status}: ${result.error?.message}`];

	const regular = result.output('Node', 0);
	const branch = mode === 'continueErrorOutput' ? result.output('Node', 1) : [];
	const wrong = [...regular, ...branch]
		.filter(({ pairedItem }) => pairOf(pairedItem) === undefined)
		.map(() => 'an item is not paired');
	const failed = mode === 'continueErrorOutput' ? branch : regular.filter(({ json }) => 'error' in json);
	const succeeded = regular.filter(({ json }) => !('error' in json));
	if (mode === 'continueErrorOutput' && regular.some(({ json }) => 'error' in json))
		wrong.push('a failed item came out of the regular output');

	const truths = scene.successes(simulator);
	for (const [item, expected] of outcomes.entries()) {
		const good = succeeded.filter(({ pairedItem }) => pairOf(pairedItem) === item);
		const bad = failed.filter(({ pairedItem }) => pairOf(pairedItem) === item);
		if (expected === 'success') {
			if (bad.length > 0) wrong.push(`item ${item} failed: ${String(bad[0]!.json.error)}`);
			else wrong.push(...differences(item, good, truths[item]!));
			continue;
		}
		if (good.length > 0) wrong.push(`item ${item} came out as a success`);
		if (bad.length !== 1) wrong.push(`item ${item} came out ${bad.length} times`);
		const details = bad[0]?.json.details as IDataObject | undefined;
		if (bad[0] && details?.outcome !== expected)
			wrong.push(`item ${item} is ${details?.outcome}, not ${expected}: ${String(bad[0].json.error)}`);
		if (bad[0] && (details?.provider === undefined || details.operation === undefined))
			wrong.push(`item ${item} does not say its provider and operation`);
	}
	return wrong;
}

function pairOf(pairedItem: INodeExecutionData['pairedItem']): number | undefined {
	return typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : undefined;
}

function wrongError({ scene }: MatrixRow, expected: Expected, { status, error }: RunResult): string[] {
	if (status !== 'error' || !error) return [`the run ended as ${status}, not with an error`];
	const details = error.context?.details as IDataObject | undefined;
	const wrong: string[] = [];
	if (details?.outcome !== expected)
		wrong.push(`the error is ${details?.outcome}, not ${expected}: ${error.message}`);
	const item = Number(error.context?.itemIndex);
	// Reads of a declarative node are made for all items at once: any of them may fail first.
	if (scene.effects ? item !== 0 : !scene.items[item]) wrong.push(`the error names item ${item}`);
	if (!error.description) wrong.push('the error does not say what to do next');
	return wrong;
}

/** A success item holds what the books hold. */
function differences(item: number, found: INodeExecutionData[], truths: IDataObject[]): string[] {
	if (found.length !== truths.length)
		return [`item ${item} came out ${found.length} times, not ${truths.length}`];
	return truths.flatMap((truth, place) =>
		Object.entries(truth)
			.filter(([key, value]) => JSON.stringify(found[place]!.json[key]) !== JSON.stringify(value))
			.map(
				([key, value]) =>
					`item ${item} has ${key} ${JSON.stringify(found[place]!.json[key])}, the books ${JSON.stringify(value)}`,
			),
	);
}

function wrongBooks(row: MatrixRow, mode: Mode, simulator: Simulator): string[] {
	const { scene } = row;
	const wrong: string[] = [];
	const { effects } = expectationOf(row, mode);
	const found = scene.effects?.(simulator);
	if (found?.some((times) => times > 1)) wrong.push(`an effect happened twice: ${found.join(', ')}`);
	else if (found && String(found) !== String(effects))
		wrong.push(`the books show ${found.join(', ')}, not ${String(effects)}`);
	if (simulator.requests.some(({ operation }) => operation === 'redirected'))
		wrong.push('a redirect was followed');
	if (scene.effects) {
		const sent = simulator.requests.filter(({ operation }) => operation === scene.request).length;
		const expected = effectRequestsOf(row, mode);
		if (sent !== expected) wrong.push(`${sent} requests left, not ${expected}`);
	}
	return wrong;
}

/** How many cells run at a time: those that mostly wait for time-outs and repeated reads, and the others. */
const AT_A_TIME = { waiting: 80, busy: 12 };

/** Runs all cells of a provider, many at a time, each at a simulator of its own. */
export async function runMatrix(provider: ProviderName): Promise<Cell[]> {
	const all = matrixOf(provider).flatMap((row) => ways.map((way) => ({ row, way })));
	const waits = ({ row }: (typeof all)[number]) =>
		row.target !== 'effect' || (row.fault.fault?.fault.startsWith('timeout') ?? false);
	const cells: Cell[] = [];
	const work = async (queue: typeof all) => {
		for (let next = queue.shift(); next; next = queue.shift()) {
			const { row, way } = next;
			const simulator = await startSimulator();
			const faults = await runCell(row, way, simulator).catch((error: Error) => [String(error.stack)]);
			await simulator.close();
			cells.push({ row: row.name, way: way.mode + (way.retryOnFail ? ', Retry On Fail' : ''), faults });
		}
	};
	const start = (queue: typeof all, count: number) =>
		Array.from({ length: count }, async () => await work(queue));
	await Promise.all([
		...start(all.filter(waits), AT_A_TIME.waiting),
		...start(
			all.filter((cell) => !waits(cell)),
			AT_A_TIME.busy,
		),
	]);
	report(provider, cells);
	return cells;
}

/** Prints the count, and keeps it in `reports/matrix.<provider>.json`. */
function report(provider: ProviderName, cells: Cell[]): void {
	const figures = { cells: cells.length, hold: cells.filter((cell) => cell.faults.length === 0).length };
	const folder = join(__dirname, '../../reports');
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, `matrix.${provider}.json`), `${JSON.stringify({ provider, ...figures })}\n`);
	process.stdout.write(`\n${provider}: cells: ${figures.cells}, hold: ${figures.hold}\n`);
}
