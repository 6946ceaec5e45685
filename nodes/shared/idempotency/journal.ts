import { randomUUID } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import { Contents } from './contents';
import { fingerprint } from './fingerprint';
import {
	decoded,
	errorOf,
	failureOf,
	pagesIn,
	readPart,
	writtenEntry,
	type Decoded,
	type Entry,
	type Member,
	type Page,
	type Pages,
	type Part,
	type Recalled,
	type Sent,
} from './journalFormat';

/**
 * The record of one node's acts in an execution. It lives in `getContext('node')`, which n8n hands to every try of
 * Retry On Fail, to every round of a loop and to a retry of the failed execution, and saves with the execution, in the
 * clear: it holds no secret.
 *
 * An act is named by its place (the execution that first ran the node, run index, operation, item and part) and by
 * nothing that its parameters resolve to. An item is one act, in several parts where it takes several requests.
 */
export class Journal {
	/**
	 * Names of the execution that first ran the node, under which its acts are known beyond it: its id, and where n8n has
	 * one (from 2.41 on) what all its retries have in common, those of a crashed execution too.
	 */
	readonly ids: string[];
	readonly contents: Contents;
	readonly execution: string;
	/** Whether an earlier run has left a record. */
	readonly isRetry: boolean;
	/** The same object for all rounds, tries and calls of the execution in this process. */
	readonly record: Pages;
	page!: Page;
	/** Of this run of the node: its round in a loop, and the operation. */
	name!: string;
	/** Whether it is a tool's. */
	isCall = false;

	/**
	 * @param context n8n's node context; what the journal writes is seen by the next try
	 * @param executionId of this execution; undefined where n8n gives none, as under its MCP Server Trigger
	 * @param chain what this execution and all its retries have in common; undefined where n8n has nothing
	 * @param runIndex tells the rounds of a loop apart, which share one context
	 */
	constructor(
		context: IDataObject,
		executionId: string | undefined,
		chain: string | undefined,
		private readonly runIndex: number,
		private readonly operation: string,
	) {
		this.record = pagesIn(context, executionId ?? randomUUID());
		// Where n8n gives no id, all that shares the context is one execution.
		this.execution = executionId ?? this.record.id;
		this.ids = [this.record.id, ...(chain === undefined ? [] : [fingerprint(chain)])];
		this.contents = new Contents(this.record, operation);
		// Counted anew: in the retry of a crashed execution n8n begins to count at 1.
		const rounds = (this.record.rounds ??= []);
		this.isRetry = rounds.length > 0;
		if (!rounds.includes(runIndex)) rounds.push(runIndex);
		this.goOnAs(`${rounds.indexOf(runIndex)}.${operation}`);
	}

	/** Lets this run of the node go on with what stands under the name of another one. */
	goOnAs(name: string): void {
		this.name = name;
		this.page = this.record.runs[name] ??= { items: {}, requests: {}, n: 0 };
	}

	/** Lets this run of the node be one of its own, where n8n has counted another one alike. */
	openRound(): void {
		const rounds = (this.record.rounds ??= []);
		this.goOnAs(`${rounds.push(this.runIndex) - 1}.${this.operation}`);
	}

	/** What became of an item in an earlier try; undefined where it has to be done, or gone on with. */
	recall(item: number): Recalled | undefined {
		const { o, d, k, no, $ = 0 } = this.entry(item);
		if (o !== undefined) return { kind: 'finished', json: o, cost: $ };
		if (d) return { kind: 'complete' };
		if (k !== undefined) return { kind: 'skipped', key: k };
		// A person who retries a failed execution has usually put right what was wrong.
		return no?.x === this.execution ? { kind: 'failed', error: errorOf(no) } : undefined;
	}

	/** The item's parts that have begun, in order. */
	parts(item: number): readonly Part[] {
		return this.item(item).parts;
	}

	/** What was noted of an item when all its parts were done. */
	note(item: number): string | undefined {
		const { d } = this.entry(item);
		return typeof d === 'string' ? d : undefined;
	}

	/** All items of this run of the node of which a part has begun, in order. */
	begunItems(): number[] {
		return Object.keys(this.page.items)
			.map(Number)
			.filter((item) => this.hasBegun(item));
	}

	hasBegun(item: number): boolean {
		return this.parts(item).length > 0;
	}

	/** What the item's parts cost, answered or not. */
	cost(item: number): number {
		return this.parts(item).reduce((sum, { request }) => sum + this.request(request).cost, 0);
	}

	/** A request that has left: what was kept when it began, its cost, and what it came to. */
	request(id: number): Sent {
		const { f = {}, $ = 0, v } = this.page.requests[id] ?? {};
		return { kept: f, cost: $, value: v };
	}

	/** The name of an item's next part, to be marked outside the execution. */
	place(item: number): string {
		const { p = [], g } = this.entry(item);
		return `${this.name}.${item}.${p.length}${g === undefined ? '' : `~${g}`}`;
	}

	/** Writes down that a request is about to leave, which carries a part of each member. Returns the request's id. */
	begin(members: Member[], kept: IDataObject, cost: number): number {
		const request = this.page.n++;
		this.page.requests[request] = {
			...(Object.keys(kept).length > 0 && { f: kept }),
			...(cost > 0 && { $: cost }),
		};
		for (const member of members) this.join(request, member);
		return request;
	}

	/** A member goes along with a request. */
	join(request: number, { item, content, note = '' }: Member): void {
		const { entry, parts } = this.item(item);
		delete entry.no;
		const written = `${request} ${content} ${note}`;
		// Not copied: an item can have very many parts.
		(entry.p ??= []).push(written);
		parts.push(readPart(written));
		this.store(item, entry);
	}

	/** The request was answered. */
	commit(request: number, value: unknown): void {
		this.page.requests[request]!.v = value ?? null;
	}

	/** It is certain that the request was not carried out: it is forgotten, with what was kept for it. */
	rollBack(request: number, items: number[]): void {
		for (const item of items) {
			const { entry, parts } = this.item(item);
			const place = parts.findIndex((part) => part.request === request);
			if (place < 0) continue;
			entry.p?.splice(place, 1);
			parts.splice(place, 1);
			this.store(item, entry);
		}
		delete this.page.requests[request];
	}

	/** The item is done: what comes out whenever it is asked for again. */
	finish(item: number, json: IDataObject): void {
		const cost = this.cost(item);
		for (const { request } of this.parts(item)) delete this.page.requests[request];
		this.write(item, { ...this.said(item), o: json, ...(cost > 0 && { $: cost }) });
	}

	/** All parts of the item are done; what comes out is made of them. */
	complete(item: number, note?: string): void {
		this.write(item, { ...this.said(item), d: note ?? 1 });
	}

	/** An idempotency key of the item had been used. */
	skip(item: number, key: string): void {
		this.write(item, { ...this.entry(item), k: key });
	}

	/** The item was refused or is unknown; repeated within the same execution without asking again. */
	fail(item: number, error: OperationError): void {
		if (error.outcome !== 'refused' && error.outcome !== 'unknown') return;
		this.write(item, { ...this.entry(item), no: failureOf(error, this.execution) });
	}

	/** The marks of an act that did not happen could not be taken back: its next try gets other names. */
	markStuck(item: number, content: string, key?: string): void {
		this.contents.markStuck(content, key);
		this.write(item, { ...this.entry(item), g: (this.entry(item).g ?? 0) + 1 });
	}

	/**
	 * Lets a tool's call go on with what an earlier call of the same content has left open: n8n counts each call as a run
	 * of its own, and an agent that hears of an unknown outcome likes to call once more. In a retry of the execution the
	 * model begins anew: each call goes on with one of those before it, answered or not.
	 *
	 * @param content of the item; a call for something else is another act
	 * @param calls names of runs: those that may still be answered, and all of this process
	 */
	continueCall(item: number, content: string, { underWay, own }: Record<'underWay' | 'own', Set<string>>) {
		const alike = Object.entries(this.record.runs).find(([name, page]) => {
			if (!name.endsWith(`.${this.operation}`) || page.items[item] === undefined) return false;
			const { entry, parts } = decoded(page, item);
			const isOpen = entry.o === undefined && !entry.d;
			return parts.length > 0 && entry.a === content && !(isOpen ? underWay : own).has(name);
		});
		if (alike) this.goOnAs(alike[0]);
		own.add(this.name);
		this.isCall = true;
		this.write(item, { ...this.entry(item), a: content });
	}

	/** What an item has said: it still counts when the item is done. */
	private said(item: number): Entry {
		const { p, a } = this.entry(item);
		return { p, ...(a && { a }) };
	}

	private item(item: number): Decoded {
		return decoded(this.page, item);
	}

	private entry(item: number): Entry {
		return this.item(item).entry;
	}

	private write(item: number, entry: Entry): void {
		this.item(item).entry = entry;
		this.store(item, entry);
	}

	private store(item: number, entry: Entry): void {
		const written = writtenEntry(entry);
		if (written === undefined) delete this.page.items[item];
		else this.page.items[item] = written;
	}
}
