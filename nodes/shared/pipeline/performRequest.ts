import { isRefusal, OperationError, type Account, type ErrorFacts } from '../errors';
import { fingerprint } from '../idempotency/fingerprint';
import type { PlannedRequest, SideEffect, RequestMember, RequestResult } from '../operation/acts';
import { redactedTexts } from '../redact';
import type { Evaluation } from '../http/evaluate';
import { actOnce } from '../http/retry';
import { countRefusal, takeSlots, tooOftenRefused } from './counts';
import { lookedUp } from './lookUp';
import { exchange, type Run } from './run';

/**
 * Makes one request that can't be taken back, at most once in the life of the execution: it is written down before it
 * leaves, in the journal and in n8n's database, and never repeated once it may have happened. Members that were done
 * before fall out, and the request goes for the rest.
 *
 * @returns by item, what became of it
 */
export async function performRequest<T>(run: Run, plan: PlannedRequest<T>) {
	const isKeyed = plan.members.some(({ key }) => key !== undefined);
	// What is contested is waited for a second or more, each by itself.
	const waits = isKeyed || run.caps.length > 0 || run.claims.standing.isLater;
	const leave = waits ? () => {} : await run.ahead.enter();
	return await perform(run, plan, leave).finally(leave);
}

/** @param leave called when the request leaves */
async function perform<T>(run: Run, plan: PlannedRequest<T>, leave: () => void) {
	const { journal, claims, failures } = run;
	const results = new Map<number, RequestResult<T>>();
	const settle = (members: RequestMember[], result: RequestResult<T>) => {
		for (const { item } of members) results.set(item, result);
		return results;
	};
	const failed = (members: RequestMember[], error: OperationError) =>
		settle(members, { kind: 'failed', error });

	const wholeEffect = plan.effectFor(plan.members.map(({ item }) => item));
	const { account } = wholeEffect;
	const hold = run.holds.on(account) ?? (await tooOftenRefused(run, account));
	if (hold) return await heldBack(run, plan, account, hold);
	if (run.signal?.aborted) return failed(plan.members, failures.cancelled());
	const full = plan.members.every(({ key }) => key === undefined) && run.caps.find(({ isFull }) => isFull);
	if (full) return await heldBack(run, plan, account, failures.of(full.reached()), true);

	const live: RequestMember[] = [];
	try {
		const taken = await claims.take(plan.members);
		for (const [place, claim] of taken.entries()) {
			const member = plan.members[place]!;
			if (claim.kind === 'used') settle([member], { kind: 'skipped', usedKey: claim.key });
			else if (claim.kind === 'taken') live.push({ ...member, content: claim.content });
			else if (claim.kind === 'failed') failed([member], heldOn(run, claim.error));
			else failed([member], knownBefore(run, { ...member, content: claim.content }, plan, account));
		}
	} catch (error) {
		return failed(plan.members, failures.of(error));
	}
	if (live.length === 0) return results;
	const uncounted = await takeSlots(run, live);
	if (uncounted) {
		return settle(live, { ...uncounted, error: await returned(run, live, uncounted.error) });
	}
	if (plan.mayLeave && !(await plan.mayLeave())) {
		return failed(live, await returned(run, live, failures.notSent('an earlier item stopped the run')));
	}
	const effect =
		live.length === plan.members.length ? wholeEffect : plan.effectFor(live.map(({ item }) => item));
	const request = journal.begin(live, plan.kept, plan.cost ?? 0);
	const attempt = async () =>
		await exchange(run, effect.request, (data) => effect.parse(data), account, leave);
	const answered = await (effect.isNeverRepeated ? attempt() : actOnce(attempt, run.signal));
	const evaluation = plan.lookUp ? await lookedUp(run, plan.lookUp, answered) : answered;
	if (evaluation?.verdict.kind === 'done') {
		const { response, verdict } = evaluation;
		const value = redactedTexts(verdict.value, run.exchange.redactorFor(effect.request)) as T;
		journal.commit(request, value);
		run.bought.add(effect.expectedBalance, true);
		await claims.done(live);
		const told = effect.balance?.(value);
		if (told) run.balances.set(told.account, told.amount);
		return settle(live, {
			kind: 'done',
			request,
			value,
			raw: () => (response ? run.exchange.raw(response, effect.request) : null),
		});
	}
	const error = errorOf(run, evaluation, effect);
	run.holds.add(error);
	if (isRefusal(error, 'account')) await countRefusal(run, effect.account);
	if (error.outcome === 'unknown') {
		run.bought.add(effect.expectedBalance, false);
		return failed(live, error);
	}
	const items = live.map(({ item }) => item);
	journal.rollBack(request, items);
	return failed(live, await returned(run, live, error));
}

/** Writes an item down as carried by a request that has left in this run; the item shares what became of it. */
export async function joinRequest<T>(
	run: Run,
	request: number,
	member: RequestMember,
): Promise<RequestResult<T>> {
	const { journal, claims, failures } = run;
	try {
		const [claim] = await claims.take([member], true);
		if (claim!.kind === 'used') return { kind: 'skipped', usedKey: claim!.key };
		if (claim!.kind === 'failed') return { kind: 'failed', error: failures.of(claim!.error) };
		const joined = { ...member, content: claim!.content };
		journal.join(request, joined);
		if (journal.request(request).value !== undefined) await claims.done([joined]);
	} catch (error) {
		return { kind: 'failed', error: failures.of(error) };
	}
	const { value } = journal.request(request);
	return value === undefined
		? { kind: 'failed', error: failures.leftOpen() }
		: { kind: 'done', request, value: value as T, raw: () => null };
}

/**
 * What becomes of acts that are held back. After a run whose record was lost it would not be true of all that they were not
 * tried: n8n's database is asked.
 */
async function heldBack<T>(
	run: Run,
	plan: PlannedRequest<T>,
	account: Account | undefined,
	hold: OperationError,
	isBeyondCap?: true,
): Promise<Map<number, RequestResult<T>>> {
	const results = new Map(
		plan.members.map(({ item }): [number, RequestResult<T>] => [
			item,
			{ kind: 'failed', error: hold, isBeyondCap },
		]),
	);
	if (!run.claims.mayBeKnown) return results;
	const free: RequestMember[] = [];
	try {
		const keyless = plan.members.map((member) => ({ ...member, key: undefined }));
		for (const [place, claim] of (await run.claims.take(keyless)).entries()) {
			if (claim.kind === 'used' || claim.kind === 'failed') continue;
			const member = { ...keyless[place]!, content: claim.content };
			if (claim.kind === 'taken') free.push(member);
			else results.set(member.item, { kind: 'failed', error: knownBefore(run, member, plan, account) });
		}
	} catch {
		// It stays at what is known here.
	}
	if (free.length > 0) await run.claims.giveBack(free);
	return results;
}

/** Why a claim failed; what concerns the whole run holds back the rest of it. */
function heldOn(run: Run, error: OperationError): OperationError {
	const known = run.failures.of(error);
	run.holds.add(known);
	return known;
}

/** An act that n8n's database knows and the journal does not: it left in a run whose record was lost. */
function knownBefore<T>(
	run: Run,
	member: RequestMember,
	{ kept, cost = 0 }: PlannedRequest<T>,
	account: Account | undefined,
): OperationError {
	run.journal.begin([member], kept, cost);
	const error = run.failures.recordLost(concerning(account));
	run.holds.add(error);
	return error;
}

/** Takes back what was written down of acts that did not happen, and says so where that failed. */
async function returned(run: Run, members: RequestMember[], error: OperationError): Promise<OperationError> {
	const isReturned = await run.claims.giveBack(members);
	for (const { slot = [] } of members) for (const cap of run.caps) cap.freed(slot);
	if (isReturned || members.every(({ key }) => key === undefined)) return error;
	const { advice, ...facts } = error.facts;
	return new OperationError(error.outcome, error.message, {
		...facts,
		advice: [
			advice,
			'Its idempotency key (“Act Once Per”) could not be given back in n8n’s database and counts as used in other executions: retry this execution, or use another key.',
		]
			.join(' ')
			.trim(),
	});
}

function errorOf<T>(run: Run, evaluation: Evaluation<T> | undefined, effect: SideEffect<T>): OperationError {
	const { failures } = run;
	if (!evaluation) return run.holds.on(effect.account) ?? failures.notLeft(run.signal);
	const { verdict, response } = evaluation;
	const httpStatus = response?.status;
	switch (verdict.kind) {
		case 'refused': {
			const { code, isGeneral } = verdict;
			const own = run.holds.scopeOf(verdict, effect.request);
			const isAccounts =
				own === 'item' &&
				!isGeneral &&
				code !== undefined &&
				effect.isAboutAccount?.(verdict.message, code) === true;
			return failures.refused(verdict.message, {
				code,
				httpStatus,
				request: effect.request,
				...(isAccounts ? concerning(effect.account) : { affects: own }),
			});
		}
		case 'notProcessed':
			return failures.refused(verdict.message, { ...verdict, httpStatus });
		case 'notSent':
			return failures.unreachable(verdict);
		default:
			return failures.unknown((verdict as { why: string }).why, {
				...(httpStatus !== undefined && { httpStatus }),
				...concerning(effect.account),
			});
	}
}

function concerning(account: Account | undefined): Pick<ErrorFacts, 'affects' | 'account'> {
	return account ? { affects: 'account', account } : { affects: 'item' };
}

/** What one item's act says, as n8n's database knows it. */
export function contentOf(effect: SideEffect<unknown>): string {
	const { method, path, form, json, secretFields = [] } = effect.request;
	const open = Object.entries(form ?? {}).filter(([field]) => !secretFields.includes(field));
	return fingerprint([method, path, form ? open : json]);
}
