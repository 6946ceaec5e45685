import type { Evaluation } from '../http/evaluate';
import { redactedTexts } from '../redact';
import { askAgain } from '../http/retry';
import { pause } from '../values/time';
import type { LookUp, Sighting } from '../operation/acts';
import { exchange, type Run } from './run';

/** When it is looked after an unclear answer, in parts of the timeout: after 5, 15, 30 and 60 s of 120 s. */
const LOOKS = [1 / 24, 1 / 8, 1 / 4, 1 / 2];

/**
 * What an act came to that was refused or not clearly answered, where that can be looked up. The act itself is never
 * sent again.
 */
export async function lookedUp<T>(
	run: Run,
	lookUp: LookUp<T>,
	evaluation: Evaluation<T> | undefined,
): Promise<Evaluation<T> | undefined> {
	const verdict = evaluation?.verdict;
	const response = evaluation?.response;
	if (verdict?.kind === 'refused' && verdict.affects !== 'run') {
		const seen = await look(run, lookUp, true);
		if (seen?.kind === 'happened') return { verdict: { kind: 'done', value: seen.value }, response };
		if (seen?.kind === 'unclear') return { verdict: { kind: 'unclear', why: seen.state }, response };
		// Its own words may be about the second of two requests that a gateway has made of one.
		if (seen || verdict.code === undefined) return evaluation;
		const why = `it refused (${verdict.message}), and what became of it can’t be read`;
		return { verdict: { kind: 'unclear', why }, response };
	}
	if (verdict?.kind !== 'unclear') return evaluation;
	let state = '';
	let waited = 0;
	for (const at of LOOKS) {
		if (!(await pause(run.timeout * at - waited, run.signal))) break;
		waited = run.timeout * at;
		const seen = await look(run, lookUp, false);
		if (seen?.kind === 'happened') return { verdict: { kind: 'done', value: seen.value }, response };
		if (seen) state = `; ${seen.state}`;
		if (seen?.kind === 'unclear') break;
	}
	return { verdict: { kind: 'unclear', why: `${verdict.why}${state}` }, response };
}

/** What can be seen now; undefined where there is no answer to that. */
export async function look<T>(run: Run, lookUp: LookUp<T>, isRefused: boolean) {
	const ask = async () => await exchange(run, lookUp.request, (data) => lookUp.parse(data, isRefused));
	const seen = isRefused ? await askAgain(ask, run.signal) : await ask();
	if (seen?.verdict.kind !== 'done') return undefined;
	return redactedTexts(seen.verdict.value, run.exchange.redactorFor(lookUp.request)) as Sighting<T>;
}
