import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { OperationError, type Account, type Affects } from '../errors';

/** What an earlier try has left of an item. */
export type Recalled =
	| { kind: 'finished'; json: IDataObject; cost: number }
	| { kind: 'complete' }
	| { kind: 'skipped'; key: string }
	| { kind: 'failed'; error: OperationError };

/** One part of an item: the step that carries it, what it says, and what the operation notes of it. */
export interface Part {
	step: number;
	content: string;
	note: string;
}

export interface Step {
	found: IDataObject;
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

/** `<step> <content> <note>`, short since there is one for each act. */
export type WrittenPart = string;

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

/** Stands behind the part of an item that is done with it: shorter, since most items are just that. */
const DONE = ' .';

export function readEntry(written: Entry | WrittenPart | undefined): Entry {
	if (typeof written !== 'string') return written ?? {};
	return written.endsWith(DONE) ? { p: [written.slice(0, -DONE.length)], d: 1 } : { p: [written] };
}

/** @returns undefined for an entry that says nothing */
export function writtenEntry(entry: Entry): Entry | WrittenPart | undefined {
	const { p = [], d, ...rest } = entry;
	if (Object.keys(rest).length > 0 || p.length > 1 || (d && p.length === 0)) return entry;
	return p.length === 1 ? `${p[0]}${d ? DONE : ''}` : undefined;
}

export interface Failure {
	/** The execution that failed. */
	x: string;
	outcome: 'refused' | 'unknown';
	message: string;
	code?: string;
	status?: number;
	affects?: Affects;
	on?: Account;
}

export interface WrittenStep {
	f?: IDataObject;
	$?: number;
	v?: unknown;
}

export interface Page {
	items: Record<string, Entry | WrittenPart>;
	steps: Record<string, WrittenStep>;
	/** Number of the next step. */
	n: number;
}

export interface Pages {
	id: string;
	/** The run indexes that n8n gave the rounds of a loop, in order. */
	rounds?: number[];
	/** By round and operation. */
	runs: Record<string, Page>;
	/** Marks and keys that could not be taken back, and how many of each. */
	left?: Record<string, number>;
}

export function readPart(written: WrittenPart): Part {
	const [step, content, note = ''] = written.split(' ') as [string, string, string?];
	return { step: Number(step), content, note };
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

/** The numbered contents in use, gathered once for each context and operation. */
const contents = new WeakMap<object, Map<string, Set<string>>>();

export function contentsOf(pages: Pages, operation: string): Set<string> {
	const byOperation = contents.get(pages) ?? new Map<string, Set<string>>();
	contents.set(pages, byOperation);
	let found = byOperation.get(operation);
	if (!found) {
		byOperation.set(operation, (found = new Set<string>()));
		for (const [name, { items }] of Object.entries(pages.runs)) {
			if (!name.endsWith(`.${operation}`)) continue;
			for (const entry of Object.values(items)) {
				for (const part of readEntry(entry).p ?? []) found.add(readPart(part).content);
			}
		}
		for (const name of Object.keys(pages.left ?? {})) {
			if (name.startsWith(`${operation} `)) found.add(name.slice(operation.length + 1));
		}
	}
	return found;
}

/** 60 bits of what an act says: enough to tell the acts of one node apart, too few to be anything else. */
export function fingerprint(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 10);
}
