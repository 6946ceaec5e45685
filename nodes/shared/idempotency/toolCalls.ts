import type { IDataObject, IExecuteFunctions, INode } from 'n8n-workflow';
import { notSent } from '../errors';
import { madeOnce } from '../values/maps';
import { fingerprint } from './fingerprint';
import type { Journal } from './journal';
import { decoded } from './journalFormat';

/** What a model has asked for once. n8n may try it several times, and makes a run of the node of each try. */
interface Call {
	/** Of the run of the node in which it was tried first: its acts stand there in the journal. */
	name: string;
	/** Fingerprint of the operation and the model's arguments. */
	saying: string;
	/** How often n8n will still try it, if it goes on failing. */
	triesLeft: number;
	/** How many tries have thrown that no further one has followed. */
	thrown: number;
	isUnderWay: boolean;
	isAnswered: boolean;
}

/** An object of arguments: n8n hands one and the same to all tries of a call. */
interface Handed {
	call: Call;
	triesLeft: number;
	hasThrown: boolean;
	isUnderWay: boolean;
}

/** Several calls at once were handed it. */
const SHARED = Symbol('shared');

/**
 * The calls of one node in one execution. They are kept in memory: n8n makes all tries of a call one after the other, in
 * one process.
 */
interface Calls {
	/** Those that n8n may try once more, and those under way. */
	open: Set<Call>;
	handed: WeakMap<object, Handed | typeof SHARED>;
	/** Runs of the node that are some call's. */
	names: Set<string>;
}

const known = new WeakMap<IDataObject, Calls>();

function callsOf(context: IExecuteFunctions): Calls {
	const none = (): Calls => ({ open: new Set(), handed: new WeakMap(), names: new Set() });
	return madeOnce(known, context.getContext('node'), none);
}

/** Whether a model has called the node, in whichever of n8n's two ways. */
export function isTool(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool') || hasRunForEachTry(context);
}

/**
 * Whether n8n makes a run of the node of each try of a call, as for older agents and under its MCP Server Trigger. For
 * newer agents the node runs as any other does: a run for each call.
 */
function hasRunForEachTry(context: IExecuteFunctions): boolean {
	// n8n 1 does not tell, but its context of such a run names the connection that the call came by.
	const told: { isToolExecution?: () => boolean; connectionType?: unknown } = context;
	return told.isToolExecution ? context.isToolExecution() : told.connectionType === 'ai_tool';
}

/** The runs of the node that are calls of this process, and of them those under way: not left open, so far. */
export function runsOfCalls(context: IExecuteFunctions): Record<'underWay' | 'own', Set<string>> {
	const { open, names: own } = callsOf(context);
	const underWay = new Set([...open].filter(({ isUnderWay }) => isUnderWay).map(({ name }) => name));
	return { underWay, own };
}

/** Does the work of a run of the node; where it is a try of a model's call, as what that call was first tried as. */
export async function asTryOfCall(
	context: IExecuteFunctions,
	journal: Journal,
	path: string,
	work: () => Promise<void>,
): Promise<void> {
	if (!hasRunForEachTry(context)) return await work();
	const calls = callsOf(context);
	const handed = beginTry(calls, context, journal, path);
	let hasThrown = true;
	try {
		if (!hasOutcome(journal, handed.call.name)) checkArguments(context);
		await work();
		hasThrown = false;
	} finally {
		endTry(calls, handed, hasThrown);
	}
}

/**
 * n8n looks the model's arguments up by the number of the run. With calls at once it can find those of another call
 * there: what this one is handed is compared with what its parameters are about to resolve to.
 *
 * @throws OperationError `notSent`
 */
function checkArguments(context: IExecuteFunctions): void {
	if (!/\$fromai/i.test(JSON.stringify(context.getNode().parameters))) return;
	const { $fromAI } = context.getWorkflowDataProxy(0) as { $fromAI?: (name: string) => unknown };
	const isOwn = ([name, value]: [string, unknown]) => {
		try {
			return JSON.stringify($fromAI?.(name) ?? null) === JSON.stringify(value ?? null);
		} catch {
			return false;
		}
	};
	const args = Object.entries(context.getInputData()[0]!.json).filter(([name]) => NAME.test(name));
	if (!$fromAI || args.every(isOwn)) return;
	throw notSent(
		'n8n mixed this call up with the arguments of another call made at once',
		'Nothing was sent. Call again, one call after the other.',
	);
}

/** Those that n8n takes for arguments. */
const NAME = /^[\w-]{1,64}$/;

function endTry({ open }: Calls, handed: Handed, hasThrown: boolean): void {
	const { call } = handed;
	call.isUnderWay = handed.isUnderWay = false;
	handed.hasThrown = hasThrown;
	if (hasThrown) call.thrown++;
	else call.isAnswered = true;
	if (call.isAnswered || call.triesLeft <= 0) open.delete(call);
}

function beginTry(calls: Calls, context: IExecuteFunctions, journal: Journal, path: string): Handed {
	const items = context.getInputData();
	const saying = fingerprint([path, items.map(({ json }) => json)]);
	const args = items[0]!.json;
	const triesLeft = context.continueOnFail() ? 0 : triesOf(context.getNode()) - 1;

	const own = calls.handed.get(args);
	const isOwn = own !== undefined && own !== SHARED;
	if (isOwn && own.hasThrown && own.triesLeft > 0 && !own.call.isAnswered) {
		own.triesLeft--;
		own.hasThrown = false;
		own.isUnderWay = true;
		goOnWith(own.call, calls, journal);
		return own;
	}
	const earlier = triedAgain(calls, journal, saying, own === undefined);
	if (earlier) goOnWith(earlier, calls, journal);
	const call = earlier ?? newCall(calls, journal, saying, triesLeft);
	const handed = { call, triesLeft, hasThrown: false, isUnderWay: true };
	const isShared = own === SHARED || (isOwn && own.isUnderWay);
	calls.handed.set(args, isShared ? SHARED : handed);
	return handed;
}

function goOnWith(call: Call, { open }: Calls, journal: Journal): void {
	open.add(call);
	call.thrown = Math.max(0, call.thrown - 1);
	call.triesLeft--;
	call.isUnderWay = true;
	journal.goOnAs(call.name);
}

function newCall({ names, open }: Calls, journal: Journal, saying: string, triesLeft: number): Call {
	// With two items of an agent at once, n8n counts the runs of each from the same number on.
	if (names.has(journal.name) || hasOutcome(journal, journal.name)) journal.openRound();
	const call = { name: journal.name, saying, triesLeft, thrown: 0, isUnderWay: true, isAnswered: false };
	names.add(call.name);
	open.add(call);
	return call;
}

/** Whether anything has become of an item of a run of the node. */
function hasOutcome({ record }: Journal, name: string): boolean {
	const page = record.runs[name];
	return Object.keys(page?.items ?? {}).some((item) => {
		const { entry, parts } = decoded(page!, Number(item));
		return parts.length > 0 || Boolean(entry.o ?? entry.d ?? entry.k ?? entry.no);
	});
}

/** How often n8n tries a call at most. */
function triesOf({ retryOnFail, maxTries = 3 }: INode): number {
	return retryOnFail === true ? Math.min(5, Math.max(2, maxTries)) : 1;
}

/**
 * The call that a run with these arguments is a further try of, where their object does not tell. A try follows a throw;
 * what follows an answer, or the last try, is a call.
 *
 * @param isNew whether n8n has never handed this object before. Then an earlier call that has sent nothing is left to wait
 * for its own next try
 */
function triedAgain({ open }: Calls, journal: Journal, saying: string, isNew: boolean): Call | undefined {
	const waiting = [...open].filter((call) => call.saying === saying && call.thrown > 0 && call.triesLeft > 0);
	const settled = waiting.find(({ name }) => hasOutcome(journal, name));
	if (!settled) return isNew ? undefined : waiting[0];
	// Which of them it is can't be told: all come out as this one, and nothing is sent again.
	for (const other of waiting.filter((call) => call !== settled)) {
		settled.triesLeft += other.triesLeft;
		settled.thrown += other.thrown;
		open.delete(other);
	}
	return settled;
}
