import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import type { AnyAct } from '../operation/types';
import type { ItemStep } from './itemStep';
import type { Run } from './run';

export const costOf = (operation: AnyAct, parameters: unknown, kept?: IDataObject) =>
	operation.spending?.cost(parameters, kept) ?? 0;

/** What comes out; where acts are counted, with whether that has kept this one back. */
export async function outputOf(operation: AnyAct, kept: IDataObject, value: unknown, step: ItemStep) {
	const json = await operation.output(kept, value, step);
	if (!step.dryRun) step.keepPrepared(undefined);
	return withLimit(json, kept);
}

export function withLimit(json: IDataObject, kept: IDataObject): IDataObject {
	return 'limitReached' in kept ? { ...json, limitReached: kept.limitReached } : json;
}

export function fail(run: Run, item: number, error: OperationError): void {
	run.holds.add(error);
	run.results.fail(item, error);
}

/** A failure before the act has left: that a reading is unclear leaves nothing unclear about the act. */
export function beforeAct({ failures }: Run, error: unknown): OperationError {
	const failure = failures.of(error);
	return failure.outcome === 'unknown' ? failures.notSent(failure.message) : failure;
}
