import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import { isGivenFirst, prepare, preparedOf, tagFor } from '../idempotency/preparations';
import type { Attachment } from '../operation/acts';
import type { Made, Purchases, Step } from '../operation/types';
import type { HttpRequest, HttpResponse } from '../provider';
import { redacted, redactedTexts, type Redactor } from '../redact';
import type { Evaluation } from '../http/evaluate';
import { actOnce, askAgain } from '../http/retry';
import { UnrecognisedReply } from '../http/response';
import { pause } from '../values/time';
import { attachmentOf } from './attachment';
import { knownToList } from './earlier';
import { exchange, type Run } from './run';

/** What an operation may ask for one item. */
export class ItemStep implements Step {
	private last: Exchanged | undefined;
	/** That the act has happened before; asked once, for all that is prepared. */
	private known: Promise<OperationError | undefined> | undefined;
	private readonly showsRaw: boolean;

	constructor(
		private readonly run: Run,
		private readonly item: number,
	) {
		this.showsRaw = run.rawWanted.has(item);
	}

	get dryRun(): boolean {
		return this.run.dryRun;
	}

	get balances(): Map<string, number> {
		return this.run.balances;
	}

	get bought(): Purchases {
		return this.run.bought;
	}

	async read<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<T> {
		const { run } = this;
		return this.answer(request, await askAgain(async () => await exchange(run, request, parse), run.signal));
	}

	async prepare<T extends Made>(request: HttpRequest, parse: (data: unknown) => T): Promise<T> {
		// Where another retry has acted, what is made now would pass for what it has sent.
		if (this.isRetriedExecution) this.known ??= knownToList(this.run, this.item);
		const known = await this.known;
		if (known) throw known;
		const preparing: HttpRequest = { ...request, prepares: true };
		const own = (data: unknown) => {
			const made = parse(data);
			if (isGivenFirst(this.run.journal.record, `${request.path} ${made.id}`)) return made;
			throw new UnrecognisedReply('the reply is about what was made for another item');
		};
		return this.answer(preparing, await exchange(this.run, preparing, own));
	}

	get prepared(): IDataObject {
		return preparedOf(this.run.journal.page, this.item);
	}

	keepPrepared(prepared?: IDataObject): void {
		prepare(this.run.journal.page, this.item, prepared);
	}

	get isRetriedExecution(): boolean {
		const { execution, ids } = this.run.journal;
		return execution !== ids[0];
	}

	tagFor(content: string): string {
		return tagFor(this.run.journal, this.item, content);
	}

	async pause(ms: number): Promise<void> {
		if (!(await pause(ms, this.run.signal))) throw this.run.failures.cancelled();
	}

	async attachment(name: string): Promise<Attachment> {
		const { context, breathe } = this.run;
		return await attachmentOf(context, this.item, name, breathe);
	}

	private answer<T>(request: HttpRequest, evaluation: Evaluation<T> | undefined): T {
		const { run } = this;
		if (evaluation?.verdict.kind !== 'done') throw failureOf(run, request, evaluation);
		this.last = { request, response: evaluation.response! };
		return evaluation.verdict.value;
	}

	async make<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<T> {
		const { run } = this;
		return this.answer(request, await actOnce(async () => await exchange(run, request, parse), run.signal));
	}

	async readOnce<T>(name: string, find: () => Promise<T>, since = -Infinity): Promise<T> {
		const { once } = this.run;
		let known = once.get(name) as { found: Promise<Found<T>>; at: number } | undefined;
		if (!known || known.at < since) {
			const found = find().then((value) => ({ value, last: this.last }));
			known = { found, at: Date.now() };
			once.set(name, known);
			// What could not be found is looked for again.
			found.catch(() => once.delete(name));
		}
		const { value, last } = await known.found;
		this.last = last;
		return value;
	}

	hint(message: string): void {
		const { hints, context } = this.run;
		const shown = this.redacted(message);
		if (hints.has(shown)) return;
		hints.add(shown);
		// A text that has left must not fail for want of a place to say something about it.
		context.addExecutionHints?.({ message: shown, type: 'warning', location: 'outputPane' });
	}

	raw(reply: unknown): { raw: IDataObject } | undefined {
		return this.showsRaw ? { raw: redacted(reply, this.redactor) as IDataObject } : undefined;
	}

	redacted<T>(found: T): T {
		return redactedTexts(found, this.redactor) as T;
	}

	private get redactor(): Redactor {
		return this.run.exchange.redactorFor(this.last?.request ?? { method: 'GET', path: '/' });
	}

	/** An item with the last reply as `raw`, where the person asks for it and the operation has not shown a part of it. */
	withRaw(json: IDataObject, raw: () => unknown = () => this.lastRaw()): IDataObject {
		return this.showsRaw && !('raw' in json) ? { ...json, raw: raw() as IDataObject } : json;
	}

	private lastRaw(): unknown {
		return this.last ? this.run.exchange.raw(this.last.response, this.last.request) : null;
	}
}

/** What was found out, with the reply that has told it. */
interface Found<T> {
	value: T;
	last: Exchanged | undefined;
}

/** What was asked, and the reply. */
interface Exchanged {
	request: HttpRequest;
	response: HttpResponse;
}

function failureOf(run: Run, request: HttpRequest, evaluation: Evaluation<unknown> | undefined) {
	if (!evaluation) return run.holds.on() ?? run.failures.cancelled();
	const { verdict } = evaluation;
	const affects = verdict.kind === 'refused' ? run.holds.scopeOf(verdict, request) : undefined;
	return run.failures.ofReading(evaluation, request, affects);
}
