import { randomUUID } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import {
	contentsOf,
	errorOf,
	failureOf,
	fingerprint,
	readEntry,
	readPart,
	writtenEntry,
	type Entry,
	type Member,
	type Page,
	type Pages,
	type Part,
	type Recalled,
	type Step,
} from './journalRecord';

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
	private readonly execution: string;
	private readonly pages: Pages;
	private page: Page;
	/** Of this run of the node: its round in a loop, and the operation. */
	name: string;
	private readonly round: number;

	/**
	 * @param context n8n's node context; what the journal writes is seen by the next try
	 * @param executionId of this execution; undefined where n8n gives none, as under its MCP Server Trigger
	 * @param chain what this execution and all its retries have in common; undefined where n8n has nothing
	 * @param runIndex tells the rounds of a loop apart, which share one context
	 * @param operation resource and operation
	 */
	constructor(
		context: IDataObject,
		executionId: string | undefined,
		chain: string | undefined,
		runIndex: number,
		private readonly operation: string,
	) {
		this.execution = executionId ?? randomUUID();
		this.pages = (context.messagingCredits ??= { id: this.execution, runs: {} }) as unknown as Pages;
		this.ids = [this.pages.id, ...(chain === undefined ? [] : [fingerprint(chain)])];
		// Counted anew: in the retry of a crashed execution n8n begins to count at 1.
		const rounds = (this.pages.rounds ??= []);
		if (!rounds.includes(runIndex)) rounds.push(runIndex);
		this.round = rounds.indexOf(runIndex);
		this.name = `${this.round}.${operation}`;
		this.page = this.pages.runs[this.name] ??= { items: {}, steps: {}, n: 0 };
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
	parts(item: number): Part[] {
		return (this.entry(item).p ?? []).map(readPart);
	}

	/** What was noted of an item when all its parts were done. */
	note(item: number): string | undefined {
		const { d } = this.entry(item);
		return typeof d === 'string' ? d : undefined;
	}

	/** The latest of them. */
	lastPart(item: number): Part | undefined {
		const written = this.entry(item).p?.at(-1);
		return written === undefined ? undefined : readPart(written);
	}

	/** All items of this run of the node of which a part has begun, in order. */
	begunItems(): number[] {
		return Object.keys(this.page.items)
			.map(Number)
			.filter((item) => this.hasBegun(item));
	}

	hasBegun(item: number): boolean {
		return (this.entry(item).p ?? []).length > 0;
	}

	/** What the item's parts cost, answered or not. */
	cost(item: number): number {
		return this.parts(item).reduce((sum, { step }) => sum + this.step(step).cost, 0);
	}

	/** What was found out when a step began, its cost, and what it came to. */
	step(id: number): Step {
		const { f = {}, $ = 0, v } = this.page.steps[id] ?? {};
		return { found: f, cost: $, value: v };
	}

	/** The name of an item's next part, to be marked outside the execution. */
	place(item: number): string {
		const { p = [], g } = this.entry(item);
		return `${this.name}.${item}.${p.length}${g === undefined ? '' : `~${g}`}`;
	}

	/**
	 * Numbers an act among those of the same content in this execution, and keeps the number for it: equal acts are
	 * several acts, and some may be under way at once.
	 */
	number(content: string): string {
		const used = contentsOf(this.pages, this.operation);
		let number = 0;
		while (used.has(`${content}.${number}`)) number++;
		used.add(`${content}.${number}`);
		return `${content}.${number}`;
	}

	/** Gives back the number of an act that did not happen. */
	release(numbered: string): void {
		const isLeft = this.pages.left?.[this.contentName(numbered)] !== undefined;
		if (!isLeft) contentsOf(this.pages, this.operation).delete(numbered);
	}

	/** Writes down that one request is about to leave, which carries a part of each member. Returns the step's id. */
	begin(members: Member[], found: IDataObject, cost: number): number {
		const step = this.page.n++;
		this.page.steps[step] = {
			...(Object.keys(found).length > 0 && { f: found }),
			...(cost > 0 && { $: cost }),
		};
		for (const member of members) this.join(step, member);
		return step;
	}

	/** A member goes along with a step. */
	join(step: number, { item, content, note = '' }: Member): void {
		const entry = this.entry(item);
		delete entry.no;
		// Not copied: an item can have very many parts.
		(entry.p ??= []).push(`${step} ${content} ${note}`);
		this.write(item, entry);
	}

	/** The step was answered. */
	commit(step: number, value: unknown): void {
		this.page.steps[step]!.v = value ?? null;
	}

	/** It is certain that the step did not happen: it is forgotten, with what was found out for it. */
	rollBack(step: number, items: number[]): void {
		for (const item of items) {
			const entry = this.entry(item);
			this.write(item, { ...entry, p: (entry.p ?? []).filter((part) => readPart(part).step !== step) });
		}
		delete this.page.steps[step];
	}

	/** The item is done: what comes out whenever it is asked for again. */
	finish(item: number, json: IDataObject): void {
		const cost = this.cost(item);
		// Its content still counts; its steps have said what they had to.
		for (const { step } of this.parts(item)) delete this.page.steps[step];
		this.write(item, { p: this.entry(item).p, o: json, ...(cost > 0 && { $: cost }) });
	}

	/** All parts of the item are done; what comes out is made of them. */
	complete(item: number, note?: string): void {
		this.write(item, { p: this.entry(item).p, d: note ?? 1 });
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

	/** Remembers that the marks of an act that did not happen could not be taken back: its next try gets other names. */
	leave(item: number, content: string, key?: string): void {
		const left = (this.pages.left ??= {});
		const names = [this.contentName(content), ...(key === undefined ? [] : [keyName(key)])];
		for (const name of names) left[name] = (left[name] ?? 0) + 1;
		this.write(item, { ...this.entry(item), g: (this.entry(item).g ?? 0) + 1 });
	}

	/** Whether an idempotency key counts as used only because it could not be given back. */
	isLeftOver(key: string): boolean {
		return this.pages.left?.[keyName(key)] !== undefined;
	}

	/** An act has taken a key that could not be given back: it counts as used from now on. */
	takeUp(key: string): void {
		delete this.pages.left?.[keyName(key)];
	}

	/**
	 * Lets a tool's call go on with what an earlier call has left open: n8n counts each call as a run of its own, and an
	 * agent that hears of an unknown outcome likes to call once more.
	 *
	 * @param content of the item; a call for something else is another act, unless n8n is retrying (Retry On Fail)
	 */
	adopt(item: number, content: string, isRetry: boolean): void {
		for (let round = this.round - 1; round >= 0; round--) {
			const name = `${round}.${this.operation}`;
			const page = this.pages.runs[name];
			if (page?.items[item] === undefined) continue;
			const { p = [], o, d, a } = readEntry(page.items[item]);
			if (o === undefined && !d && p.length > 0 && (isRetry || a === content))
				[this.page, this.name] = [page, name];
			break;
		}
		this.write(item, { ...this.entry(item), a: content });
	}

	private entry(item: number): Entry {
		return readEntry(this.page.items[item]);
	}

	private write(item: number, entry: Entry): void {
		const written = writtenEntry(entry);
		if (written === undefined) delete this.page.items[item];
		else this.page.items[item] = written;
	}

	private contentName(content: string): string {
		return `${this.operation} ${content}`;
	}
}

const keyName = (key: string) => `key ${key}`;
