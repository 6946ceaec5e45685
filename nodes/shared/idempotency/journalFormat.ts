import type { IDataObject } from 'n8n-workflow';
import { OperationError, type Account, type Affects } from '../errors';
import { madeOnce } from '../values/maps';

/** What an earlier try has left of an item. */
export type Recalled =
	| { kind: 'finished'; json: IDataObject; cost: number }
	| { kind: 'complete' }
	| { kind: 'skipped'; key: string }
	| { kind: 'failed'; error: OperationError };

/** One part of an item: the request that carries it, what it says, and what the operation notes of it. */
export interface Part {
	request: number;
	content: string;
	note: string;
}

/** A request that has left. */
export interface Sent {
	/** What was kept when it began. */
	kept: IDataObject;
	cost: number;
	/** Undefined while no answer is known. */
	value: unknown;
}

export interface Member {
	item: number;
	/** Fingerprint of what this part says, numbered among equal ones. */
	content: string;
	/** What the operation wants to know of this part later, without spaces. */
	note?: string;
}

/** `<request> <content> <note>`, short since there is one for each act. */
type WrittenPart = string;

export interface Entry {
	p?: WrittenPart[];
	/** Output of a finished item. */
	o?: IDataObject;
	/** What it cost. */
	$?: number;
	/** All its parts are done; with a note, if the operation has one. */
	d?: 1 | string;
	/** A used key. */
	k?: string;
	no?: Failure;
	/** A tool's call: fingerprint of its parameters. */
	a?: string;
	/** How often its marks could not be taken back. */
	g?: number;
}

/** An item as it is worked with. */
export interface Decoded {
	entry: Entry;
	/** Those of the entry, in order. */
	parts: Part[];
}

/** Stands behind the part of an item that is done with it: shorter, since most items are just that. */
const DONE = ' .';

const entryOf = (written: Entry | WrittenPart | undefined): Entry => {
	if (typeof written !== 'string') return written ?? {};
	return written.endsWith(DONE) ? { p: [written.slice(0, -DONE.length)], d: 1 } : { p: [written] };
};

/** @returns undefined for an entry that says nothing */
export function writtenEntry(entry: Entry): Entry | WrittenPart | undefined {
	const { p = [], d, ...rest } = entry;
	if (Object.keys(rest).length > 0 || p.length > 1 || (d && p.length === 0)) return entry;
	return p.length === 1 ? `${p[0]}${d ? DONE : ''}` : undefined;
}

interface Failure {
	/** The execution that failed. */
	x: string;
	outcome: 'refused' | 'unknown';
	message: string;
	code?: string;
	status?: number;
	affects?: Affects;
	on?: Account;
}

interface WrittenRequest {
	f?: IDataObject;
	$?: number;
	v?: unknown;
}

export interface Page {
	items: Record<string, Entry | WrittenPart>;
	requests: Record<string, WrittenRequest>;
	/** Number of the next request. */
	n: number;
	/** By item, what was prepared for its act. */
	w?: Record<string, IDataObject>;
}

/** The version of all that is written; what another version has written says nothing to this one. */
const VERSION = 3;

export interface Pages {
	version: typeof VERSION;
	id: string;
	/** Tells this execution and its retries from all others; none where nothing is prepared for an act. */
	seed?: string;
	/** The run indexes that n8n gave the rounds of a loop, in order. */
	rounds?: number[];
	/** By round and operation. */
	runs: Record<string, Page>;
	/** Marks and keys that could not be taken back, and how many of each. */
	stuck?: Record<string, number>;
}

/**
 * What stands in n8n's node context; a new record where there is none, or one of another version or shape. Of such a one
 * the name of the execution is kept: the marks of its acts stand under it.
 *
 * @param id of a new record
 */
export function pagesIn(context: IDataObject, id: string): Pages {
	const written: unknown = context.messagingCredits;
	if (isPages(written)) return written;
	const named = isObject(written) && typeof written.id === 'string' ? written.id : id;
	const pages: Pages = { version: VERSION, id: named, runs: {} };
	context.messagingCredits = pages;
	sound.add(pages);
	return pages;
}

/** Records that were looked through, or made here: a loop of thousands of rounds has a page for each. */
const sound = new WeakSet<object>();

function isPages(value: unknown): value is Pages {
	if (!isObject(value) || value.version !== VERSION || typeof value.id !== 'string') return false;
	if (sound.has(value)) return true;
	const { rounds = [], runs, stuck = {} } = value;
	if (!Array.isArray(rounds) || !isObject(stuck) || !isObject(runs)) return false;
	if (!Object.values(runs).every(isPage)) return false;
	sound.add(value);
	return true;
}

function isPage(value: unknown): value is Page {
	if (!isObject(value) || typeof value.n !== 'number') return false;
	const { items, requests, w = {} } = value;
	return (
		isObject(items) &&
		isObject(w) &&
		Object.values(w).every(isObject) &&
		Object.values(items).every((entry) => typeof entry === 'string' || isEntry(entry)) &&
		isObject(requests) &&
		Object.values(requests).every(isObject)
	);
}

function isEntry(value: unknown): value is Entry {
	if (!isObject(value)) return false;
	const { p = [], no = {} } = value;
	return isObject(no) && Array.isArray(p) && p.every((part) => typeof part === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Items as they were read last, by page. */
const read = new WeakMap<Page, Map<number, Decoded>>();

/** An item of a page, decoded once. */
export function decoded(page: Page, item: number): Decoded {
	const known = madeOnce(read, page, () => new Map<number, Decoded>());
	return madeOnce(known, item, () => {
		const entry = entryOf(page.items[item]);
		return { entry, parts: (entry.p ?? []).map(readPart) };
	});
}

export function readPart(written: WrittenPart): Part {
	const [request, content, note = ''] = written.split(' ') as [string, string, string?];
	return { request: Number(request), content, note };
}

/** Longest text of a refusal that is kept; a longer one is cut, so that the journal stays small. In characters. */
const LONGEST_REFUSAL = 160;

export function failureOf({ outcome, message, facts }: OperationError, execution: string): Failure {
	const isLong = message.length > LONGEST_REFUSAL && outcome === 'refused';
	const { providerCode: code, httpStatus: status, affects, account } = facts;
	return {
		x: execution,
		outcome: outcome as Failure['outcome'],
		message: isLong ? `${message.slice(0, LONGEST_REFUSAL - 1)}…` : message,
		...(code !== undefined && { code }),
		...(status !== undefined && { status }),
		...(affects !== undefined && affects !== 'item' && { affects }),
		...(account !== undefined && { on: { ...account } }),
	};
}

export function errorOf({ outcome, message, code, status, affects, on }: Failure): OperationError {
	return new OperationError(outcome, message, {
		providerCode: code,
		httpStatus: status,
		affects: affects ?? 'item',
		account: on,
	});
}
