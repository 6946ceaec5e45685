import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import type { Step } from '../operation/types';
import type { HttpRequest } from '../provider';
import { redacted, redactedTexts, type Redactor } from '../redact';
import { rawOf, type Evaluation } from './evaluate';
import { askAgain } from './retry';
import type { RunContext } from './runContext';

/** What an operation may ask for one item. */
export class ItemStep implements Step {
	private lastRequest: HttpRequest | undefined;
	private lastRaw: unknown = null;

	constructor(
		private readonly run: RunContext,
		private readonly showsRaw: boolean,
	) {}

	get dryRun(): boolean {
		return this.run.dryRun;
	}

	get balances(): Map<string, number> {
		return this.run.balances;
	}

	async read<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<T> {
		const { run } = this;
		const evaluation = await askAgain(async () => await run.exchange(request, parse), run.signal);
		if (evaluation?.verdict.kind !== 'done') throw failureOf(run, request, evaluation);
		this.lastRequest = request;
		if (this.showsRaw) this.lastRaw = rawOf(evaluation.response!, run.redactorFor(request));
		return evaluation.verdict.value;
	}

	async readOnce<T>(name: string, find: () => Promise<T>): Promise<T> {
		return await this.run.readOnce(name, find);
	}

	raw(part: unknown): { raw: IDataObject } | undefined {
		return this.showsRaw ? { raw: redacted(part, this.redactor) as IDataObject } : undefined;
	}

	/** What was read, as an item may show it. */
	redacted<T>(found: T): T {
		return redactedTexts(found, this.redactor) as T;
	}

	private get redactor(): Redactor {
		return this.run.redactorFor(this.lastRequest ?? { method: 'GET', path: '/' });
	}

	/** An item with the last reply as `raw`, where the person asks for it and the operation has not shown a part of it. */
	withRaw(json: IDataObject, raw: () => unknown = () => this.lastRaw): IDataObject {
		return this.showsRaw && !('raw' in json) ? { ...json, raw: raw() as IDataObject } : json;
	}
}

function failureOf(
	run: RunContext,
	request: HttpRequest,
	evaluation: Evaluation<unknown> | undefined,
): OperationError {
	const { failures } = run;
	if (!evaluation) return run.notLeft();
	const { verdict, response } = evaluation;
	const httpStatus = response?.status;
	if (verdict.kind === 'refused') {
		const { message, code } = verdict;
		return failures.refused(message, { code, httpStatus, affects: run.scopeOf(verdict, request) });
	}
	if (verdict.kind === 'notProcessed') return failures.refused(verdict.message, { ...verdict, httpStatus });
	if (verdict.kind === 'notSent') return failures.notSent(verdict.why, 'run');
	return failures.unanswered(
		(verdict as { why: string }).why,
		httpStatus === undefined ? {} : { httpStatus },
	);
}
