import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { createDeduplicationStore, type CredentialData, type Engine, type RunResult } from '../engine';
import { edited } from '../harness';
import { oneOf } from '../everything';
import {
	credentialsFor,
	openEngine,
	play,
	scenes,
	volatileOf,
	type PlayOptions,
	type Scene,
} from '../scenes';
import { breadth } from '../scenes.breadth';
import { startSimulator, type Fault, type ProviderName, type Simulator } from '../simulator';

/** What is expected of an item: a success, or the outcome of its failure. */
type Expected = 'success' | 'refused' | 'unknown' | 'notSent' | 'invalid';

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
	/** Whether a refusal of the effect holds back the items behind it: for its log-in, or for the card that they share. */
	holds?: (scene: Scene) => boolean;
}

const DELETIONS = ['cancel', 'deleteContact', 'deleteMessage'];
/** Of EZ Texting, what is answered by nothing. */
const SILENT = ['block', 'deleteContact', 'deleteMessages', 'buy'];
/** A reply to a deletion is an empty 204: whatever is done to its body, it stays what it is. */
const unlessEmpty =
	(expected: Expected) =>
	({ request, provider }: Scene): Expected =>
		(provider === 'ezTexting' ? SILENT : DELETIONS).includes(request) ? 'success' : expected;
const by =
	(provider: ProviderName, then: Expected, otherwise: Expected) =>
	(scene: Scene): Expected =>
		scene.provider === provider ? then : otherwise;

/** Made once more after a 429; EZ Texting's purchases are not. */
const afterTooMany = ({ provider, charges }: Scene): Expected =>
	provider === 'mailPartner' || (provider === 'ezTexting' && !charges) ? 'success' : 'refused';

/** Long enough for a busy machine to answer, short enough to be waited for often. In ms. */
const SHORT_TIMEOUT = 8000;

const faults: FaultRow[] = [
	{ name: 'refused connection', acts: false, effect: 'notSent' },
	{ name: 'time-out before processing', fault: { fault: 'timeoutBefore' }, acts: false, effect: 'unknown' },
	{ name: 'time-out after processing', fault: { fault: 'timeoutAfter' }, acts: true, effect: 'unknown' },
	{ name: 'reset before processing', fault: { fault: 'resetBefore' }, acts: false, effect: 'unknown' },
	{ name: 'reset after processing', fault: { fault: 'resetAfter' }, acts: true, effect: 'unknown' },
	{ name: '401', fault: { fault: 'status401' }, acts: false, effect: 'refused', holds: () => true },
	{ name: '403', fault: { fault: 'status403' }, acts: false, effect: 'refused' },
	{
		name: '429 with Retry-After',
		fault: { fault: 'status429', retryAfter: 1 },
		acts: false,
		effect: afterTooMany,
		read: 'refused',
	},
	{
		name: '429 without Retry-After',
		fault: { fault: 'status429' },
		acts: false,
		effect: afterTooMany,
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
		// Nothing breaks off where there is nothing, unless it is announced.
		effect: (scene) => (scene.provider === 'ezTexting' ? unlessEmpty('unknown')(scene) : 'unknown'),
	},
	{
		name: 'other format than asked',
		fault: { fault: 'otherFormat' },
		acts: true,
		// MailPartner documents XML without names, and for one success only: the creation of a sub-account.
		effect: (scene) => {
			if (scene.provider === 'ezTexting') return unlessEmpty('unknown')(scene);
			return scene.provider === 'mailPartner' && scene.request !== 'create' ? 'unknown' : 'success';
		},
		read: ({ provider }) => (provider === 'clubTexting' || provider === 'click2mail' ? 'success' : 'unknown'),
	},
	{ name: 'success without id', fault: { fault: 'withoutId' }, acts: true, effect: unlessEmpty('unknown') },
	{
		name: 'refusal inside 200',
		fault: { fault: 'refusalIn200' },
		acts: false,
		effect: 'refused',
		// "payment not authorized"; the others' words say nothing of a card.
		// What EZ Texting says of a card is not known.
		holds: ({ provider, charges }) => provider !== 'clubTexting' && charges === true,
	},
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
		// Just above the limit: what is longer takes longer to write and to read, and says no more.
		fault: { fault: 'oversizedReply', megabytes: 1 },
		acts: true,
		effect: unlessEmpty('unknown'),
	},
	{ name: 'slow reply', fault: { fault: 'slowReply', delayMs: 100 }, acts: true, effect: 'success' },
];

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
type Mode = (typeof modes)[number];

/** What a fault befalls: the request with the effect, a read, or a request before or after the effect. */
type Target = 'effect' | 'read' | 'before' | 'after';

/** How the items are run once more, when the fault is over. */
type Again =
	| 'retry by hand, as saved'
	| 'retry by hand, edited'
	/** As n8n runs the execution of a worker that died: the same id, nothing of its data. */
	| 'second run'
	| 'second run, in another order';

/** One way in which a workflow may handle a node's errors, and what is done about them. */
interface Way {
	name: string;
	mode: Mode;
	retryOnFail: boolean;
	again?: Again;
}

const SIX_WAYS: Way[] = modes.flatMap((mode) => [
	{ name: mode, mode, retryOnFail: false },
	{ name: `${mode}, Retry On Fail`, mode, retryOnFail: true },
]);
/** n8n retries by hand what has failed. */
const BY_HAND = [
	again('retry by hand, as saved', 'stopWorkflow'),
	again('retry by hand, edited', 'stopWorkflow'),
];
const SECOND_RUN = again('second run', 'continueRegularOutput');
const OTHER_ORDER = again('second run, in another order', 'continueRegularOutput');

function again(name: Again, mode: Mode): Way {
	return { name, mode, retryOnFail: false, again: name };
}

/** One operation and one fault, in its ways. */
interface MatrixRow {
	name: string;
	scene: Scene;
	fault: FaultRow;
	target: Target;
	/** Reads: whether the fault is over when it has befallen one request. */
	once: boolean;
	isVolatile: boolean;
	ways: Way[];
}

/** The operations that one file plays: those of a provider, of which Club Texting has enough for two files. */
export type Part = ProviderName | 'clubTextingLists';

/**
 * How many there are to one that is played, another set in each seed: rows with volatile parameters, ways of a row. It
 * shares no divisor with the number of faults, so that a sample has all of them.
 */
const ONE_OF = { volatile: oneOf(7), ways: oneOf(31), moving: oneOf(11) };
const SEED = 1;

/** The rows of a part: with constant parameters, and with ones that resolve to something else at each look. */
function matrixOf(part: Part): MatrixRow[] {
	const lists = new Set(breadth.map(({ name }) => name));
	const own = scenes.filter(
		({ name, provider }) => (lists.has(name) ? 'clubTextingLists' : provider) === part,
	);
	const constant = own.flatMap((scene) => rowsOf(scene, false));
	const volatile = own.flatMap((scene) => rowsOf(volatileOf(scene), true));
	return [...constant, ...volatile.filter((_, place) => (place + SEED) % ONE_OF.volatile === 0)]
		.map((row, place) => {
			// What a fault does to money and messages is played in more of the ways in which a run may handle it.
			const moves = movesSomething(row.scene) && !row.isVolatile;
			const isPlayed = (way: Way, nth: number) =>
				isInSample(place, nth, moves && !way.again ? ONE_OF.moving : ONE_OF.ways);
			return { ...row, ways: row.ways.filter(isPlayed) };
		})
		.filter(({ ways }) => ways.length > 0);
}

/** Money, messages, keywords, accounts: more than who stands in a list. */
function movesSomething({ name, effects }: Scene): boolean {
	return effects !== undefined && !/\.(contact|group|incomingMessage)\./.test(name);
}

/** Each fault meets each way, and each operation too: from one operation to the next, the ways of a fault are others. */
function isInSample(row: number, way: number, sample: number): boolean {
	return (row + Math.floor(row / faults.length) + way + SEED) % sample === 0;
}

function rowsOf(scene: Scene, isVolatile: boolean): MatrixRow[] {
	const rows = (target: Target, once: boolean, label: string): MatrixRow[] =>
		faults.map((fault) => {
			const row = { scene, fault, target, once, isVolatile };
			return { ...row, name: `${scene.name}: ${fault.name}${label}`, ways: waysOf(row) };
		});
	const cured = (row: MatrixRow) =>
		row.fault.fault?.times === undefined && row.fault.fault && outcomeOf(row) === 'unknown';
	return [
		...(scene.effects
			? rows('effect', true, '')
			: [...rows('read', false, ''), ...rows('read', true, ' once').filter(cured)]),
		...(scene.before ? rows('before', false, ' at the balance before') : []),
		...(scene.after ? rows('after', false, ' at the balance after') : []),
	];
}

function waysOf(row: Omit<MatrixRow, 'name' | 'ways'>): Way[] {
	if (row.target !== 'effect' && row.target !== 'before') return SIX_WAYS;
	return [
		...SIX_WAYS,
		...(outcomeOf(row) === 'success' ? [] : BY_HAND),
		SECOND_RUN,
		// Where both the place and the content of an act differ, only a key can know it.
		...(row.isVolatile || row.scene.isOrdered ? [] : [OTHER_ORDER]),
	];
}

function requestOf({ scene, target }: MatrixRow): string {
	return (target === 'before' ? scene.before : target === 'after' ? scene.after : undefined) ?? scene.request;
}

function outcomeOf({ scene, fault, target }: Pick<MatrixRow, 'scene' | 'fault' | 'target'>): Expected {
	const given = target === 'effect' ? fault.effect : (fault.read ?? fault.effect);
	const outcome =
		typeof given === 'function'
			? given({ ...scene, request: target === 'effect' ? scene.request : '' })
			: given;
	const isSeen = fault.acts && (target === 'effect' ? scene.isLookedUp : scene.findsBefore);
	return isSeen && outcome === 'unknown' ? 'success' : outcome;
}

/** The item whose request the fault befalls: with items before it, where it is seen what becomes of them. */
function hitOf({ scene, target }: MatrixRow, way: Way): number {
	return way.again && target === 'effect' && !scene.shared ? scene.items.length - 1 : 0;
}

/** What becomes of each item, and how often its effect stands in the books. */
interface Expectation {
	outcomes: Expected[];
	/** Undefined where there is no effect. */
	effects: number[] | undefined;
}

/** What a row comes to in its first run. */
function expectationOf(row: MatrixRow, way: Way): Expectation {
	const { scene, fault, target, once } = row;
	const count = scene.items.length;
	const hit = hitOf(row, way);
	const all = <T>(value: T): T[] => new Array<T>(count).fill(value);
	const ofHit = outcomeOf(row);
	const isHolding =
		ofHit === 'refused' &&
		fault.holds?.(target === 'effect' ? scene : { ...scene, charges: undefined }) === true;

	if (target === 'read') {
		// Asked again, a question is answered once the fault is over.
		if (once) return { outcomes: all('success'), effects: undefined };
		return {
			outcomes: all(ofHit).map((outcome, item) => (isHolding && item > 0 ? 'notSent' : outcome)),
			effects: undefined,
		};
	}
	if (target === 'after' && fault.fault) return { outcomes: all('success'), effects: all(1) };
	if (target === 'before' || !fault.fault) {
		if (ofHit === 'success') return { outcomes: all('success'), effects: all(1) };
		// What can't be found out before an effect leaves it undone; a job that is there is not refused with it.
		const isThere = scene.isLookedUp && scene.prepares === undefined;
		const isRefused = ofHit === 'refused' && !isThere;
		return {
			outcomes: [
				isRefused ? 'refused' : 'notSent',
				...all<Expected>(isRefused && !isHolding ? 'refused' : 'notSent').slice(1),
			],
			effects: all(0),
		};
	}

	const happened = ofHit === 'success' || fault.acts ? 1 : 0;
	if (scene.shared) return { outcomes: all(ofHit), effects: all(happened) };
	const lasts = fault.fault.times === Infinity;
	const isHeld = isHolding || (ofHit === 'unknown' && scene.charges === true);
	const ofOthers: Expected = isHeld ? 'notSent' : lasts ? ofHit : 'success';
	const isStopped = way.mode === 'stopWorkflow' && ofHit !== 'success';
	const others = isStopped || isHeld ? 0 : lasts ? happened : 1;
	const place = <T>(before: T, its: T, after: T): T[] =>
		all(before).map((given, item) => (item < hit ? given : item === hit ? its : after));
	return { outcomes: place('success', ofHit, ofOthers), effects: place(1, happened, others) };
}

/** What it comes to when it is run once more. */
function expectationAgain({ scene }: MatrixRow, way: Way, first: Expectation): Expectation {
	const { outcomes, effects } = first;
	if (way.mode === 'stopWorkflow') {
		// What was not done is done now; what is unknown stays so, and the run stops at it.
		return outcomes.includes('unknown') ? first : allDone(first);
	}
	const hasBegun = (item: number) => outcomes[item] === 'success' || outcomes[item] === 'unknown';
	// That a run has settled all its items stands for all of its acts.
	const isSettled = !outcomes.includes('notSent') && outcomes.some((_, item) => hasBegun(item));
	const order = orderOf(way, scene);
	let isCardHeld = false;
	const isSeen = (item: number) => scene.seen !== undefined && effects![item]! > 0;
	const later = order.map((item, place): Expected => {
		if (isSeen(item)) return scene.seen!;
		// Known by the place or by the content of an act that has left.
		const isKnown = isSettled || hasBegun(place) || hasBegun(item);
		isCardHeld ||= isKnown && scene.charges === true;
		return isKnown ? 'unknown' : isCardHeld ? 'notSent' : 'success';
	});
	return {
		outcomes: later,
		effects: effects!.map(
			(times, item) => times + (later[order.indexOf(item)] === 'success' && !isSeen(item) ? 1 : 0),
		),
	};
}

function allDone({ outcomes, effects }: Expectation): Expectation {
	return { outcomes: outcomes.map(() => 'success'), effects: effects?.map(() => 1) };
}

/** By place, the items of the second run. */
function orderOf({ again: how }: Way, { items }: Scene): number[] {
	const order = items.map((_, item) => item);
	return how === 'second run, in another order' ? order.reverse() : order;
}

/** The fault by which a provider says that it did not process a request, where it is made once more. */
function notProcessedBy({ provider, charges }: Scene): string {
	if (provider === 'ezTexting') return charges ? '' : 'status429';
	return { clubTexting: 'status503', mailPartner: 'status429', click2mail: '' }[provider];
}

/** The requests with an effect that may leave: none for what is held back, one more where it was not processed. */
function effectRequestsOf(row: MatrixRow, way: Way): number {
	const { scene, fault, target } = row;
	if (!fault.fault) return 0;
	const { outcomes } = expectationOf(row, way);
	const count = scene.shared ? 1 : scene.items.length;
	if (target === 'after') return count;
	if (target === 'before') return outcomes[0] === 'success' ? count : 0;
	const hit = hitOf(row, way);
	const notProcessed = notProcessedBy(scene);
	const isTriedAgain = fault.fault.fault === notProcessed;
	const lasts = fault.fault.times === Infinity;
	const isStopped = way.mode === 'stopWorkflow' && outcomes[hit] !== 'success';
	const leaving = isStopped
		? hit + 1
		: scene.shared
			? 1
			: outcomes.filter((outcome) => outcome !== 'notSent').length;
	return leaving + (isTriedAgain ? (lasts ? leaving - hit : 1) : 0);
}

/** A cell that was run: what was found, and what is wrong with it. */
interface Cell {
	/** Name of its row. */
	row: string;
	way: string;
	/** None where it holds. */
	faults: string[];
}

async function runCell(row: MatrixRow, way: Way, simulator: Simulator): Promise<string[]> {
	const { scene, fault, once } = row;
	scene.prepare?.(simulator);
	if (fault.fault) {
		simulator.order({
			provider: scene.provider,
			operation: requestOf(row),
			times: once ? 1 : Infinity,
			after: hitOf(row, way),
			...fault.fault,
			// An entry of a list that lacks its token is left out; the list itself may not be missing.
			...(requestOf(row) === 'list' && fault.fault.fault === 'withoutId' && { keys: ['data'] }),
		});
	}
	const credentials = credentialsFor(simulator);
	const options: PlayOptions = {
		onError: way.mode,
		retryOnFail: way.retryOnFail,
		maxTries: 2,
		credentials: fault.fault ? credentials : unreachable(credentials),
		parameters: isTimeout(row)
			? { options: { ...(scene.parameters.options as IDataObject), timeout: timeoutOf(row, way) } }
			: {},
	};
	const engine = openEngine({ deduplication: createDeduplicationStore(undefined, true) });
	const result = await play(engine, simulator, scene, options);
	const expectation = expectationOf(row, way);
	const wrong = [
		...wrongItems(row, way, expectation, result, simulator, row.scene.items.keys()),
		...wrongBooks(row, expectation, simulator),
		...wrongRequests(row, way, simulator),
	];
	if (way.again && wrong.length === 0) {
		simulator.lift();
		const later = await runAgain(row, way, result, engine, { ...options, credentials }, simulator);
		const expected = expectationAgain(row, way, expectation);
		wrong.push(
			...wrongItems(row, way, expected, later, simulator, orderOf(way, scene)),
			...wrongBooks(row, expected, simulator),
		);
	}
	return [...wrong, ...simulator.mistakes()];
}

async function runAgain(
	{ scene }: MatrixRow,
	way: Way,
	result: RunResult,
	engine: Engine,
	options: PlayOptions,
	simulator: Simulator,
): Promise<RunResult> {
	if (way.mode !== 'stopWorkflow') {
		const items = orderOf(way, scene).map((item) => scene.items[item]!);
		const { executionId } = result;
		// Nothing hangs any more: its parameters are the scene's own, with the time-out that a person would leave alone.
		return await play(engine, simulator, { ...scene, items }, { ...options, parameters: {}, executionId });
	}
	return await engine.retry(result, {
		credentials: options.credentials,
		...(way.again === 'retry by hand, edited' && { loadWorkflow: edited(result, scene.edited) }),
	});
}

function isTimeout({ fault }: MatrixRow): boolean {
	return fault.fault?.fault.startsWith('timeout') ?? false;
}

/** Where every request hangs, none that should be answered can be late. */
function timeoutOf({ scene, fault, isVolatile, target, once }: MatrixRow, way: Way): number | string {
	const allHang =
		target === 'before'
			? !(scene.findsBefore && fault.acts) && (way.mode !== 'stopWorkflow' || !way.again)
			: target === 'read' && !once;
	const timeout = allHang ? 200 : SHORT_TIMEOUT;
	return isVolatile ? `={{ ${timeout} + $now.millisecond % 100 }}` : timeout;
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

/** Each item has to be accounted for once, with the outcome that is expected. */
function wrongItems(
	row: MatrixRow,
	way: Way,
	{ outcomes }: Expectation,
	result: RunResult,
	simulator: Simulator,
	order: Iterable<number>,
): string[] {
	const { scene } = row;
	const failing = outcomes.findIndex((outcome) => outcome !== 'success');
	if (way.mode === 'stopWorkflow' && failing >= 0) return wrongError(outcomes[failing]!, failing, result);
	if (result.status !== 'success') return [`the run ended as ${result.status}: ${result.error?.message}`];

	const regular = result.output('Node', 0);
	const branch = way.mode === 'continueErrorOutput' ? result.output('Node', 1) : [];
	const wrong = [...regular, ...branch]
		.filter(({ pairedItem }) => pairOf(pairedItem) === undefined)
		.map(() => 'an item is not paired');
	const failed = way.mode === 'continueErrorOutput' ? branch : regular.filter(({ json }) => 'error' in json);
	const succeeded = regular.filter(({ json }) => !('error' in json));
	if (way.mode === 'continueErrorOutput' && regular.some(({ json }) => 'error' in json))
		wrong.push('a failed item came out of the regular output');

	const made = scene.successes(simulator);
	const truths = [...order].map((item) => made[item]!);
	for (const [place, expected] of outcomes.entries()) {
		const good = succeeded.filter(({ pairedItem }) => pairOf(pairedItem) === place);
		const bad = failed.filter(({ pairedItem }) => pairOf(pairedItem) === place);
		if (expected === 'success') {
			if (bad.length > 0) wrong.push(`item ${place} failed: ${String(bad[0]!.json.error)}`);
			else wrong.push(...differences(place, good, truths[place]!));
			continue;
		}
		if (good.length > 0) wrong.push(`item ${place} came out as a success`);
		if (bad.length !== 1) wrong.push(`item ${place} came out ${bad.length} times`);
		const details = bad[0]?.json.details as IDataObject | undefined;
		if (bad[0] && details?.outcome !== expected)
			wrong.push(`item ${place} is ${details?.outcome}, not ${expected}: ${String(bad[0].json.error)}`);
		if (
			bad[0] &&
			(details?.provider === undefined || details.operation === undefined || details.affects === undefined)
		)
			wrong.push(`item ${place} does not say its provider, its operation and what it affects`);
	}
	return wrong;
}

function pairOf(pairedItem: INodeExecutionData['pairedItem']): number | undefined {
	return typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : undefined;
}

function wrongError(expected: Expected, failing: number, { status, error }: RunResult): string[] {
	if (status !== 'error' || !error) return [`the run ended as ${status}, not with an error`];
	const details = error.context?.details as IDataObject | undefined;
	const wrong: string[] = [];
	if (details?.outcome !== expected)
		wrong.push(`the error is ${details?.outcome}, not ${expected}: ${error.message}`);
	const item = Number(error.context?.itemIndex);
	if (item !== failing) wrong.push(`the error names item ${item}, not ${failing}`);
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

function wrongBooks({ scene }: MatrixRow, { effects }: Expectation, simulator: Simulator): string[] {
	const found = scene.effects?.(simulator);
	if (found?.some((times) => times > 1)) return [`an effect happened twice: ${found.join(', ')}`];
	if (found && String(found) !== String(effects))
		return [`the books show ${found.join(', ')}, not ${String(effects)}`];
	return [];
}

function wrongRequests(row: MatrixRow, way: Way, { requests }: Simulator): string[] {
	const { scene } = row;
	const wrong = requests.some(({ operation }) => operation === 'redirected')
		? ['a redirect was followed']
		: [];
	if (scene.effects) {
		const sent = requests.filter(({ operation }) => operation === scene.request).length;
		const expected = effectRequestsOf(row, way);
		if (sent !== expected) wrong.push(`${sent} requests left, not ${expected}`);
	}
	return wrong;
}

/** One test for each row of a part of the matrix, after all its cells have been run together. */
export function testMatrix(part: Part): void {
	let cells: Cell[];
	beforeAll(async () => {
		cells = await runMatrix(part);
	}, 1_800_000);

	it.each(matrixOf(part))('$name', ({ name, ways }) => {
		const run = cells.filter(({ row }) => row === name);
		expect(run).toHaveLength(ways.length);
		expect(run.flatMap(({ way, faults }) => faults.map((fault) => `${way}: ${fault}`))).toEqual([]);
	});
}

/**
 * How many cells run at a time: those that mostly wait for time-outs, keys and repeated reads, and the others. Fewer of a
 * sample, which has ten workers: a request is to be answered within its time-out.
 */
const AT_A_TIME = { waiting: 100 / oneOf(2), busy: 8 };
/** Between the first of the waiting ones, so that none waits for the others' start. In ms. */
const APART = 40;

/** Runs the cells of a part, many at a time, each worker at a simulator of its own. */
async function runMatrix(part: Part): Promise<Cell[]> {
	const started = performance.now();
	// A stack is translated to its sources frame by frame wherever n8n looks at one, and nobody reads it here.
	Error.stackTraceLimit = 1;
	const all = matrixOf(part).flatMap((row) => row.ways.map((way) => ({ row, way })));
	const waits = ({ row }: (typeof all)[number]) =>
		row.target !== 'effect' || row.isVolatile || row.scene.before !== undefined || isTimeout(row);
	const cells: Cell[] = [];
	const work = async (queue: typeof all) => {
		const simulator = await startSimulator();
		for (let next = queue.shift(); next; next = queue.shift()) {
			const { row, way } = next;
			const wrong = await runCell(row, way, simulator).catch((error: Error) => [String(error.stack)]);
			simulator.reset();
			cells.push({ row: row.name, way: way.name, faults: wrong });
		}
		await simulator.close();
	};
	// The longest waits first, so that nothing is left to wait for when all else is done.
	const waiting = all.filter(waits).sort((a, b) => Number(isTimeout(b.row)) - Number(isTimeout(a.row)));
	const busy = all.filter((cell) => !waits(cell));
	await Promise.all([
		...Array.from({ length: AT_A_TIME.waiting }, async (_, i) => {
			await new Promise((resolve) => setTimeout(resolve, i * APART));
			await work(waiting);
		}),
		...Array.from({ length: AT_A_TIME.busy }, async () => await work(busy)),
	]);
	report(part, cells, (performance.now() - started) / 1000);
	return cells;
}

/** Prints the count, and keeps it in `reports/matrix.<part>.json`. */
function report(part: Part, cells: Cell[], seconds: number): void {
	const figures = { cells: cells.length, hold: cells.filter((cell) => cell.faults.length === 0).length };
	const folder = join(__dirname, '../../reports');
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, `matrix.${part}.json`), `${JSON.stringify({ part, ...figures })}\n`);
	process.stdout.write(
		`\n${part}: cells: ${figures.cells}, hold: ${figures.hold}, ${seconds.toFixed(0)} s\n`,
	);
}
