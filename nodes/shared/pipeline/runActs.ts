import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import type { ActOperation, LiveItem } from '../operation/types';
import type { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import { contentOf, performStep } from './performStep';
import type { Results } from './results';
import type { RunContext } from './runContext';

type AnyAct = ActOperation<unknown, unknown, IDataObject, unknown>;

/**
 * Acts once for each item, side by side where that is safe. Before the first act the planned total is held against the spending limit,
 * and what only asking can tell is asked for all items.
 */
export async function runActs(
	run: RunContext,
	operation: AnyAct,
	items: Array<LiveItem<unknown>>,
	stepOf: (item: number) => ItemStep,
	results: Results,
): Promise<void> {
	const { journal, failures } = run;
	const live = items.filter(({ item }) => !journal.hasBegun(item));
	for (const { item } of items) if (journal.hasBegun(item)) run.budget.count(journal.cost(item));
	if (operation.cost) {
		const total = live.reduce((sum, { parameters }) => sum + (operation.cost!(parameters) ?? 0), 0);
		const over = run.budget.reserveAll(total);
		if (over) run.holdBack(failures.of(over));
	}

	const resolved = new Map<number, unknown>();
	for (const { item, parameters } of live) {
		await run.breathe();
		const hold = run.reasonToHold();
		if (hold) {
			results.fail(item, hold);
			continue;
		}
		try {
			resolved.set(item, await operation.resolve?.(parameters, stepOf(item)));
		} catch (error) {
			fail(run, results, item, beforeAct(run, error));
		}
	}
	const toSettle = items.filter(({ item }) => !results.has(item));
	// A run that stops, and one that charges a card, goes item by item.
	const width = results.stops || operation.chargesCard ? 1 : run.concurrency;
	const laneOf = ({ item }: LiveItem<unknown>) =>
		operation.lane && resolved.has(item) ? [operation.lane(resolved.get(item))] : [];
	await inLanes(toSettle, width, laneOf, async (entry) => {
		const { item } = entry;
		await run.breathe();
		if (journal.hasBegun(item)) await finishBegun(run, operation, item, stepOf(item), results);
		else await act(run, operation, entry, resolved.get(item), stepOf(item), results);
	});
}

/** An item whose act has begun in an earlier try: its answer, where there is one, becomes what it should have become. */
async function finishBegun(
	run: RunContext,
	operation: AnyAct,
	item: number,
	step: ItemStep,
	results: Results,
): Promise<void> {
	const { found, value } = run.journal.step(run.journal.parts(item)[0]!.step);
	if (value === undefined) return results.fail(item, run.failures.leftOpen());
	const json = await outputOf(operation, found, value, step);
	if (!run.dryRun) run.journal.finish(item, json);
	results.succeed(
		item,
		step.withRaw(json, () => null),
	);
}

async function act(
	run: RunContext,
	operation: AnyAct,
	{ item, parameters, keys }: LiveItem<unknown>,
	resolved: unknown,
	step: ItemStep,
	results: Results,
): Promise<void> {
	const hold = run.reasonToHold();
	if (hold) return results.fail(item, hold);

	let found: IDataObject;
	try {
		found = await operation.find(parameters, step, resolved);
		if (run.cap && operation.comesOutAtLimit) found = { ...found, limitReached: false };
	} catch (error) {
		const failure = beforeAct(run, error);
		const usedKey = failure.outcome === 'invalid' ? await usedKeyOf(run, item, keys) : undefined;
		if (usedKey === undefined) return fail(run, results, item, failure);
		return skipUsed(run, results, item, usedKey);
	}
	const effect = operation.act(found, parameters, () => run.card());
	if (!effect) {
		const json = await outputOf(operation, found, undefined, step);
		if (run.dryRun) return results.plan(item, { request: null, cost: 0 });
		run.journal.finish(item, json);
		return results.succeed(item, step.withRaw(json));
	}
	if (run.dryRun && run.cap && !run.cap.plan()) {
		if (operation.comesOutAtLimit) return results.plan(item, { request: null, cost: 0, limitReached: true });
		return fail(run, results, item, run.failures.of(run.cap.reached()));
	}
	const over = operation.cost ? undefined : run.budget.reserve(effect.cost ?? 0);
	if (over) return results.fail(item, run.failures.of(over));
	if (run.dryRun) {
		const { expectedBalance } = effect;
		if (expectedBalance) run.balances.set(expectedBalance.account, expectedBalance.amount);
		const cost = operation.cost ? operation.cost(parameters) : (effect.cost ?? 0);
		return results.plan(item, { request: run.shown(effect.request), cost });
	}

	const outcome = (
		await performStep(run, {
			members: [{ item, content: contentOf(effect), keys }],
			found,
			effectFor: () => effect,
		})
	).get(item)!;
	const isSpent =
		outcome.kind === 'done' || (outcome.kind === 'failed' && outcome.error.outcome === 'unknown');
	if (!operation.cost && !isSpent) run.budget.release(effect.cost ?? 0);
	switch (outcome.kind) {
		case 'done': {
			const json = await outputOf(operation, found, outcome.value, step);
			run.journal.finish(item, json);
			return results.succeed(item, step.withRaw(json, outcome.raw));
		}
		case 'skipped':
			return skipUsed(run, results, item, outcome.usedKey);
		case 'failed': {
			if (outcome.isBeyondCap && operation.comesOutAtLimit) {
				const json = await outputOf(operation, { ...found, limitReached: true }, undefined, step);
				run.journal.finish(item, json);
				return results.succeed(item, step.withRaw(json));
			}
			run.journal.fail(item, outcome.error);
			if (outcome.isBeyondCap) run.holdBack(outcome.error);
			return results.fail(item, outcome.error);
		}
	}
}

/** What comes out; where acts are counted, with whether that has kept this one back. */
async function outputOf(
	operation: AnyAct,
	found: IDataObject,
	value: unknown,
	step: ItemStep,
): Promise<IDataObject> {
	const json = await operation.output(found, value, step);
	return 'limitReached' in found ? { ...json, limitReached: found.limitReached } : json;
}

/** The key under which an item that finds nothing left to act on was done before. */
async function usedKeyOf(run: RunContext, item: number, keys: string[]): Promise<string | undefined> {
	if (keys.length === 0 || run.dryRun) return undefined;
	const member = { item, content: '', keys };
	// What can't be read in n8n's database leaves the item as it is: invalid.
	const [claim] = await run.claims.take([member]).catch(() => []);
	if (claim?.kind === 'taken') await run.claims.giveBack([{ ...member, content: claim.content }]);
	return claim?.kind === 'used' ? claim.key : undefined;
}

/** An item whose idempotency key was used before is not acted on, in a retry neither. */
export function skipUsed(run: RunContext, results: Results, item: number, usedKey: string): void {
	run.journal.skip(item, usedKey);
	results.skip(item, usedKey);
}

function fail(run: RunContext, results: Results, item: number, error: OperationError): void {
	run.holdBack(error);
	results.fail(item, error);
}

/** A failure before the act has left: that a reading is unclear leaves nothing unclear about the act. */
function beforeAct({ failures }: RunContext, error: unknown): OperationError {
	const failure = failures.of(error);
	return failure.outcome === 'unknown' ? failures.notSent(failure.message) : failure;
}
