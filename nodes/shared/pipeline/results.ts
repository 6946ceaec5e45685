import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { messageOf, OperationError } from '../errors';
import type { Breather } from '../operation/acts';
import type { Failures } from './failures';
import { failedItem, nodeErrorOf } from './n8nErrors';

type Settled = { jsons: Array<IDataObject | OperationError> } | { error: OperationError } | undefined;

/** Takes down what became of each item of a run, in their order. */
export class Results {
	/** Whether the node stops on the first failure. */
	readonly stops: boolean;
	/** Whether a request for an item may have left, as far as is known. */
	hasLeft: (item: number) => boolean = () => false;
	/** A failure that names what tries have prepared for its item. */
	naming = (_item: number, error: OperationError): OperationError => error;
	private readonly settled: Settled[];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly failures: Failures,
		readonly count: number,
		/** Nothing that was done could be done twice. */
		private readonly reads: boolean,
	) {
		this.settled = new Array<Settled>(count).fill(undefined);
		this.stops = !context.continueOnFail();
	}

	has(item: number): boolean {
		return this.settled[item] !== undefined;
	}

	/** Whether nothing is left that another try could do. */
	get isSettled(): boolean {
		return this.settled.every(
			(settled) => settled && !('error' in settled && settled.error.outcome === 'notSent'),
		);
	}

	succeed(item: number, json: IDataObject | IDataObject[]): void {
		this.settled[item] = { jsons: Array.isArray(json) ? json : [json] };
	}

	/**
	 * Several things that one item has asked for, some of which may have failed.
	 *
	 * @throws the node's error, when one has and the node stops on failures
	 */
	settleEach(item: number, entries: Array<IDataObject | OperationError>): void {
		const failed = entries.find((entry) => entry instanceof OperationError);
		if (failed && this.stops) this.fail(item, failed);
		this.settled[item] = { jsons: entries };
	}

	/** An act whose idempotency key had been used before. */
	skip(item: number, key: string): void {
		this.succeed(item, { skipped: true, idempotencyKey: key });
	}

	/** What a dry run would have sent. */
	plan(item: number, json: IDataObject): void {
		this.succeed(item, { dryRun: true, ...json });
	}

	/** @throws the node's error, when the node stops on failures */
	fail(item: number, error: OperationError): void {
		const named = this.naming(item, error);
		this.settled[item] = { error: named };
		if (this.stops) throw this.nodeError(item, named);
	}

	/** Remembers a failed check; the run goes on checking, so that nothing has left when it stops. */
	invalid(item: number, error: unknown): void {
		this.settled[item] = { error: this.naming(item, this.known(error)) };
	}

	/** @throws the node's error for the first failed check, when the node stops on failures */
	stopIfInvalid(): void {
		const item = this.settled.findIndex((settled) => settled && 'error' in settled);
		const first = this.settled[item];
		if (this.stops && first && 'error' in first) throw this.nodeError(item, first.error);
	}

	/**
	 * What stopped the whole run, such as a missing credential, fails every item that has no result yet. One whose request
	 * has left is unknown, whatever it was.
	 */
	failTheRest(error: unknown): void {
		const unanswered = this.unanswered(error);
		const rest = unanswered.size === 0 ? this.known(error) : this.notTried(error);
		for (let item = 0; item < this.count; item++)
			this.settled[item] ??= { error: unanswered.get(item) ?? rest };
	}

	/** The node's error for whatever stopped the whole run. */
	stopping(error: unknown): Error {
		if (error instanceof OperationError) return this.nodeError(0, this.failures.of(error));
		if (isN8ns(error)) return error as Error;
		const [first] = this.unanswered(error);
		return first ? this.nodeError(...first) : new NodeOperationError(this.context.getNode(), error as Error);
	}

	/** Items without a result whose request has left, where what was thrown does not say what became of them. */
	private unanswered(error: unknown): Map<number, OperationError> {
		const known = this.failures.unknown(`the node stopped unexpectedly after that: ${messageOf(error)}`);
		const open = [...this.settled.keys()].filter((item) => !this.settled[item] && this.hasLeft(item));
		return new Map(open.map((item) => [item, known]));
	}

	private notTried(error: unknown): OperationError {
		return this.failures.notSent(`the node stopped unexpectedly before it: ${messageOf(error)}`);
	}

	async items(breathe: Breather): Promise<INodeExecutionData[]> {
		const node = this.context.getNode();
		const items: INodeExecutionData[] = [];
		for (const [item, settled] of this.settled.entries()) {
			await breathe();
			const entries = settled && 'error' in settled ? [settled.error] : (settled?.jsons ?? []);
			for (const entry of entries) {
				const isFailed = entry instanceof OperationError;
				items.push(
					isFailed
						? failedItem(node, { error: entry, item, count: this.count })
						: { json: entry, pairedItem: { item } },
				);
			}
		}
		return items;
	}

	private known(error: unknown): OperationError {
		return this.failures.of(
			error instanceof OperationError ? error : new OperationError('invalid', messageOf(error)),
		);
	}

	private nodeError(item: number, error: OperationError): Error {
		const done = this.settled.filter((settled) => settled && 'jsons' in settled).length;
		const invalid = this.settled.filter(
			(settled) => settled && 'error' in settled && settled.error.outcome === 'invalid',
		).length;
		const next = this.reads ? undefined : howToGoOn(error, done, this.count);
		const failed = { error, item, count: this.count };
		return nodeErrorOf(this.context.getNode(), failed, progressOf(error, done, invalid, this.count), next);
	}
}

/** How far a run had come when it stopped. That nothing had gone through must not read as if nothing had left. */
function progressOf({ outcome }: OperationError, done: number, invalid: number, count: number): string {
	if (done === 0 && outcome === 'invalid') {
		return `Nothing was sent.${invalid > 1 ? ` ${invalid} of ${count} items are invalid.` : ''}`;
	}
	if (done === 0 && (outcome === 'unknown' || count === 1)) return '';
	return `${done} of ${count} items had gone through before it.`;
}

/** An error that n8n has made, which says what to do. */
function isN8ns(error: unknown): boolean {
	return error instanceof Error && ['NodeOperationError', 'NodeApiError'].includes(error.name);
}

/** How to go on without doing anything twice, where some items have gone through and others have not. */
function howToGoOn({ outcome }: OperationError, done: number, count: number): string | undefined {
	if (outcome === 'unknown' && count > 1) {
		return 'A retry stops here again. To get past it, set “On Error” of this node to “Continue” and use Executions → Retry with the currently saved workflow: the items that had gone through come out as before, this one stays unknown, and the rest goes out. Running the workflow anew would repeat what has gone through.';
	}
	if (done === 0) return undefined;
	return 'Then use Executions → Retry: it goes on with the rest and repeats nothing. Running the workflow anew would repeat what has gone through.';
}
