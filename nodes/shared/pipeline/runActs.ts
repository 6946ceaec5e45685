import type { IDataObject } from 'n8n-workflow';
import type { LiveItem } from '../operation/acts';
import type { AnyAct } from '../operation/types';
import { fingerprint } from '../idempotency/fingerprint';
import { beforeAct, costOf, fail, outputOf } from './anyAct';
import { knownByKey, unlessKnown } from './earlier';
import { ItemStep } from './itemStep';
import { inLanes } from './lanes';
import { look } from './lookUp';
import { contentOf, performRequest } from './performRequest';
import { planAct, planPrepared } from './planActs';
import type { Run } from './run';

/**
 * Acts once for each item, side by side where that is safe. Before the first act the planned total is held against the spending limit,
 * and what only asking can tell is asked for all items.
 */
export async function runActs(run: Run, operation: AnyAct, items: Array<LiveItem<unknown>>): Promise<void> {
	const { journal, failures, results } = run;
	const live = items.filter(({ item }) => !journal.hasBegun(item));
	for (const { item } of items) if (journal.hasBegun(item)) run.budget.addSpent(journal.cost(item));
	if (!operation.spending?.onlyIfNeeded) {
		const total = live.reduce((sum, { parameters }) => sum + costOf(operation, parameters), 0);
		const over = run.budget.reserveAll(total);
		if (over) run.holds.add(failures.of(over));
	}

	const resolved = new Map<number, unknown>();
	for (const { item, parameters } of live) {
		await run.breathe();
		const says = () => operation.content?.(parameters);
		const hold = run.holds.on();
		if (hold) {
			results.fail(item, await unlessKnown(run, item, hold, says));
			continue;
		}
		try {
			resolved.set(item, await operation.resolve?.(parameters, new ItemStep(run, item)));
		} catch (error) {
			const failure = beforeAct(run, error);
			fail(run, item, await unlessKnown(run, item, failure, says));
			run.holds.add(failure);
		}
	}
	const toSettle = items.filter(({ item }) => !results.has(item));
	// A run that stops, and one that charges a card, goes item by item.
	const width = results.stops || operation.chargesCard ? 1 : run.concurrency;
	const laneOf = ({ item, parameters }: LiveItem<unknown>) =>
		operation.lane && resolved.has(item) ? [operation.lane(parameters, resolved.get(item))] : [];
	await inLanes(toSettle, width, laneOf, async (entry) => {
		const { item } = entry;
		await run.breathe();
		if (journal.hasBegun(item)) return await finishBegun(run, operation, item);
		const acting = async () => await act(run, operation, entry, resolved.get(item));
		// Of two that read one low balance at once, both would buy.
		const [account = ''] = laneOf(entry);
		await (operation.spending?.onlyIfNeeded ? run.bought.inTurn(account, acting) : acting());
	});
}

/** An item whose act has begun in an earlier try: its answer, where there is one, becomes what it should have become. */
async function finishBegun(run: Run, operation: AnyAct, item: number): Promise<void> {
	const { results } = run;
	const step = new ItemStep(run, item);
	const { request, content, note } = run.journal.parts(item)[0]!;
	const { kept } = run.journal.request(request);
	if (run.journal.request(request).value === undefined && operation.lookUp) {
		const seen = await look(run, operation.lookUp(kept), false);
		if (seen?.kind === 'happened') {
			run.journal.commit(request, seen.value);
			if (note) await run.claims.done([{ item, content, key: decodeURIComponent(note.slice(1)) }]);
		}
	}
	const { value } = run.journal.request(request);
	if (value === undefined)
		return results.fail(item, run.failures.leftOpen().about(operation.subject?.(kept)));
	const json = await outputOf(operation, kept, value, step);
	if (!run.dryRun) run.journal.finish(item, json);
	results.succeed(
		item,
		step.withRaw(json, () => null),
	);
}

async function act(
	run: Run,
	operation: AnyAct,
	{ item, parameters, key }: LiveItem<unknown>,
	resolved: unknown,
): Promise<void> {
	const { results } = run;
	const step = new ItemStep(run, item);
	const hold = run.holds.on();
	const says = () => operation.content?.(parameters);
	if (hold) return results.fail(item, await unlessKnown(run, item, hold, says));

	if (run.dryRun && operation.plan) return await planPrepared(run, operation, { item, parameters }, resolved);
	if (operation.keyFirst?.(parameters, resolved)) {
		const known = await knownByKey(run, item, key);
		if (typeof known === 'string') return skipUsed(run, item, known);
		if (known) return fail(run, item, known);
	}
	let kept: IDataObject;
	try {
		kept = (await operation.keep?.(parameters, step, resolved)) ?? {};
		if (run.caps.length > 0 && operation.comesOutAtLimit) kept = { ...kept, limitReached: false };
	} catch (error) {
		const failure = beforeAct(run, error).about(operation.subject?.(parameters as IDataObject));
		const known =
			failure.outcome === 'invalid'
				? await knownByKey(run, item, key)
				: await unlessKnown(run, item, failure, says);
		return typeof known === 'string' ? skipUsed(run, item, known) : fail(run, item, known ?? failure);
	}
	const effect = operation.request(kept, parameters, () => run.card!);
	if (run.dryRun) return await planAct(run, operation, { item, parameters, kept, effect });
	const finish = async (known: IDataObject, value?: unknown, raw?: () => unknown): Promise<void> => {
		const json = await outputOf(operation, known, value, step);
		run.journal.finish(item, json);
		results.succeed(item, step.withRaw(json, raw));
	};
	if (!effect) return await finish(kept);
	const cost = costOf(operation, parameters, kept);
	const isOwn = operation.spending?.onlyIfNeeded === true;
	const over = isOwn ? run.budget.reserve(cost) : undefined;
	if (over) return results.fail(item, run.failures.of(over).about(operation.subject?.(kept)));

	const said = says();
	const content = said === undefined ? contentOf(effect) : fingerprint(said);
	// A later try that finds the act done has to confirm the key, whatever its expression gives then.
	const note = operation.lookUp && key && `=${encodeURIComponent(key)}`;
	const outcome = (
		await performRequest(run, {
			members: [{ item, content, key, note }],
			kept,
			cost,
			effectFor: () => effect,
			lookUp: operation.lookUp?.(kept),
		})
	).get(item)!;
	const isSpent =
		outcome.kind === 'done' || (outcome.kind === 'failed' && outcome.error.outcome === 'unknown');
	if (isOwn && !isSpent) run.budget.release(cost);
	switch (outcome.kind) {
		case 'done':
			return await finish(kept, outcome.value, outcome.raw);
		case 'skipped':
			return skipUsed(run, item, outcome.usedKey);
		case 'failed': {
			if (outcome.isBeyondCap && operation.comesOutAtLimit)
				return await finish({ ...kept, limitReached: true });
			const error = outcome.error.about(operation.subject?.(kept));
			run.journal.fail(item, error);
			return results.fail(item, error);
		}
	}
}

/** An item whose idempotency key was used before is not acted on, in a retry neither. */
export function skipUsed(run: Run, item: number, usedKey: string): void {
	run.journal.skip(item, usedKey);
	run.results.skip(item, usedKey);
}

/** Asks for an item whose requests are shared, before any of them leaves. @throws OperationError */
export async function askBefore<T>(run: Run, item: number, work: (step: ItemStep) => Promise<T>): Promise<T> {
	const hold = run.holds.on();
	if (hold) throw await unlessKnown(run, item, hold);
	return await work(new ItemStep(run, item)).catch(async (error: unknown) => {
		const failure = beforeAct(run, error);
		run.holds.add(failure);
		throw await unlessKnown(run, item, failure);
	});
}
