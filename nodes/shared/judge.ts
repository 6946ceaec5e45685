import type { Failures } from './failures';
import { masked, maskedTexts, type Mask } from './mask';
import type { Provider, Verdict } from './operation';
import type { OperationFailure } from './outcome';
import { pause } from './pace';
import { readBody, UnrecognisedReply, type Reply } from './reply';
import { isReply, type Interruption } from './transport';

/** How often a read is repeated when no clear answer or no connection comes, and after how long, in ms. */
const READ_AGAIN_AFTER = [500, 1500];
/** Longest wait that a provider's Retry-After is granted, in ms. */
const LONGEST_RETRY_AFTER = 30_000;

/** A reply, or the lack of one, weighed: what a request came to. */
export type Judged<T> =
	| { kind: 'success'; value: T; raw: () => unknown }
	| Exclude<Verdict, { kind: 'success' }>
	| { kind: 'notSent'; why: string };

/**
 * Weighs what came back. A success is one only when the provider's judge recognises it and nothing that the item needs
 * is missing.
 */
export function judged<T>(
	provider: Provider,
	result: Reply | Interruption,
	normalise: (data: unknown) => T,
	mask: Mask,
): Judged<T> {
	if (!isReply(result)) return { kind: result.left ? 'unclear' : 'notSent', why: result.why };
	const verdict = verdictOf(provider, result);
	if (verdict.kind !== 'success') return verdict;
	try {
		const value = maskedTexts(normalise(verdict.data), mask) as T;
		return { kind: 'success', value, raw: () => rawOf(result, mask) };
	} catch (error) {
		if (error instanceof UnrecognisedReply) return { kind: 'unclear', why: error.message };
		return { kind: 'unclear', why: 'the reply could not be understood' };
	}
}

/** The reply as it came, decoded and without its secrets; null for an empty one. */
function rawOf(reply: Reply, mask: Mask): unknown {
	const body = readBody(reply);
	return 'data' in body ? masked(body.data, mask) : null;
}

/** A status documented as "not processed" is a refusal whatever body it brings, unless the body claims a success. */
function verdictOf(provider: Provider, reply: Reply): Verdict {
	const verdict = provider.judge(reply);
	if (reply.status !== provider.notProcessed || verdict.kind !== 'unclear' || verdict.claimsSuccess)
		return verdict;
	return { kind: 'refused', message: `too many requests at the moment (HTTP ${reply.status})` };
}

/** Whether the provider says by the HTTP status that it did not process the request. */
export function wasNotProcessed(provider: Provider, result: Reply | Interruption): result is Reply {
	return isReply(result) && result.status === provider.notProcessed;
}

/**
 * Asks a question up to three times: reading changes nothing, so it may be asked again until an answer is clear.
 *
 * @throws OperationFailure
 */
export async function ask<T>(
	provider: Provider,
	exchange: () => Promise<Reply | Interruption>,
	normalise: (data: unknown) => T,
	mask: Mask,
	failures: Failures,
	signal: AbortSignal | undefined,
): Promise<{ value: T; raw: () => unknown }> {
	for (let attempt = 0; ; attempt++) {
		const result = await exchange();
		const answer = judged(provider, result, normalise, mask);
		if (answer.kind === 'success') return answer;

		const again = READ_AGAIN_AFTER[attempt];
		const mayAsk = answer.kind !== 'refused' || wasNotProcessed(provider, result);
		const wait = isReply(result) ? retryAfter(result, again ?? 0) : (again ?? 0);
		if (again === undefined || !mayAsk || !(await pause(wait, signal)))
			throw failureOf(answer, result, failures);
	}
}

function failureOf(
	answer: Exclude<Judged<unknown>, { kind: 'success' }>,
	result: Reply | Interruption,
	failures: Failures,
): OperationFailure {
	const facts = isReply(result) ? { httpStatus: result.status } : {};
	if (answer.kind === 'refused')
		return failures.refused(answer.message, { ...facts, providerCode: answer.code });
	return answer.kind === 'notSent' ? failures.notSent(answer.why) : failures.unanswered(answer.why, facts);
}

/**
 * What Retry-After asks for, in seconds or as an HTTP date (RFC 9110); in ms, at most 30,000.
 *
 * @param usual where the reply has none
 */
export function retryAfter({ headers }: Reply, usual: number): number {
	const given = headers['retry-after']?.trim();
	if (!given) return usual;
	const ms = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
	return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER) : usual;
}
