import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import type { Step } from '../operation/types';
import type { HttpRequest, HttpResponse } from '../provider';
import { redacted, redactedTexts, type Redactor } from '../redact';
import { rawOf, type Evaluation } from './evaluate';
import { askAgain } from './retry';
import type { RunContext } from './runContext';

/** What an operation may ask for one item. */
export class ItemStep implements Step {
	private last: Reading | undefined;

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
		this.last = { request, response: evaluation.response! };
		return evaluation.verdict.value;
	}

	async readOnce<T>(name: string, find: () => Promise<T>): Promise<T> {
		const { value, last } = await this.run.readOnce(name, async () => ({
			value: await find(),
			last: this.last,
		}));
		this.last = last;
		return value;
	}

	hint(message: string): void {
		this.run.hint(this.redacted(message));
	}

	raw(part: unknown): { raw: IDataObject } | undefined {
		return this.showsRaw ? { raw: redacted(part, this.redactor) as IDataObject } : undefined;
	}

	redacted<T>(found: T): T {
		return redactedTexts(found, this.redactor) as T;
	}

	private get redactor(): Redactor {
		return this.run.redactorFor(this.last?.request ?? { method: 'GET', path: '/' });
	}

	/** An item with the last reply as `raw`, where the person asks for it and the operation has not shown a part of it. */
	withRaw(json: IDataObject, raw: () => unknown = () => this.lastRaw()): IDataObject {
		return this.showsRaw && !('raw' in json) ? { ...json, raw: raw() as IDataObject } : json;
	}

	private lastRaw(): unknown {
		return this.last ? rawOf(this.last.response, this.run.redactorFor(this.last.request)) : null;
	}
}

/** What was asked, and the reply. */
interface Reading {
	request: HttpRequest;
	response: HttpResponse;
}

function failureOf(
	run: RunContext,
	request: HttpRequest,
	evaluation: Evaluation<unknown> | undefined,
): OperationError {
	if (!evaluation) return run.notLeft();
	const { verdict } = evaluation;
	const affects = verdict.kind === 'refused' ? run.scopeOf(verdict, request) : undefined;
	return run.failures.ofReading(evaluation, request, affects);
}
