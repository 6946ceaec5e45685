import type { IDataObject } from 'n8n-workflow';
import type { LiveItem, SideEffect } from '../operation/acts';
import type { AnyAct, PreparedPlan } from '../operation/types';
import { redactedTexts } from '../redact';
import { beforeAct, costOf, fail, outputOf, withLimit } from './anyAct';
import { ItemStep } from './itemStep';
import type { Run } from './run';

interface Planned extends Pick<LiveItem<unknown>, 'item' | 'parameters'> {
	kept: IDataObject;
	/** Undefined where there is nothing to do. */
	effect: SideEffect<unknown> | undefined;
}

/** What a dry run shows in place of an act: what would be sent, and what of the output is certain beforehand. */
export async function planAct(run: Run, operation: AnyAct, planned: Planned): Promise<void> {
	const { results, exchange } = run;
	const { item, parameters, kept, effect } = planned;
	const nothing = async (known: IDataObject): Promise<void> => {
		const json = await outputOf(operation, known, undefined, new ItemStep(run, item));
		results.plan(item, { ...json, request: null, cost: 0 });
	};
	if (!effect) return await nothing(kept);
	const full = run.caps.filter((cap) => !cap.plan())[0];
	if (full && operation.comesOutAtLimit) return await nothing({ ...kept, limitReached: true });
	const failed = (error: unknown) =>
		results.fail(item, run.failures.of(error).about(operation.subject?.(kept)));
	if (full) return failed(full.reached());
	const cost = costOf(operation, parameters, kept);
	const over = operation.spending?.onlyIfNeeded ? run.budget.reserve(cost) : undefined;
	if (over) return failed(over);
	run.bought.add(effect.expectedBalance, true);
	const isPriceUnknown = operation.effect === 'spends' && !operation.spending;
	const foreseen = withLimit(operation.foresee?.(kept, parameters) ?? {}, kept);
	results.plan(item, {
		...(redactedTexts(foreseen, exchange.redactorFor(effect.request)) as IDataObject),
		request: exchange.shown(effect.request),
		...(effect.before?.length && {
			furtherRequests: effect.before.map((request) => exchange.shown(request)),
		}),
		cost: isPriceUnknown ? null : cost,
	});
}

/** The same for an act that has to be prepared: nothing is prepared for it. */
export async function planPrepared(
	run: Run,
	operation: AnyAct,
	{ item, parameters }: Pick<LiveItem<unknown>, 'item' | 'parameters'>,
	resolved: unknown,
): Promise<void> {
	const { exchange, failures, results } = run;
	let planned: PreparedPlan;
	try {
		planned = await operation.plan!(parameters, new ItemStep(run, item), resolved);
	} catch (error) {
		return fail(run, item, beforeAct(run, error));
	}
	const { prepares, act, json } = planned;
	const full = act && run.caps.filter((cap) => !cap.plan())[0];
	// What has nothing to do comes out behind it as well.
	if (full) return results.fail(item, failures.of(full.reached()).about(operation.subject?.(json)));
	const [request, ...further] = [...prepares, ...(act ? [act] : [])].map((one) => exchange.shown(one));
	results.plan(item, {
		...json,
		request: request ?? null,
		...(further.length > 0 && { furtherRequests: further }),
	});
}
