import type { OperationError } from '../errors';
import { fingerprint } from '../idempotency/fingerprint';
import type { Run } from './run';

/** What became of an item that finds nothing left to act on, where its key knows. */
export async function knownByKey(
	run: Run,
	item: number,
	key?: string,
): Promise<string | OperationError | undefined> {
	if (key === undefined || run.dryRun) return undefined;
	const member = { item, content: '', key };
	// What can't be read in n8n's database leaves the item as it is: invalid.
	const [claim] = await run.claims.take([member]).catch(() => []);
	if (claim?.kind === 'taken') await run.claims.giveBack([{ ...member, content: claim.content }]);
	if (claim?.kind === 'used') return claim.key;
	return claim?.kind === 'failed' && claim.error.outcome === 'unknown'
		? run.failures.of(claim.error)
		: undefined;
}

/**
 * The error of an item that did not get as far as its act, where n8n's database knows this act from an earlier run: that
 * it was not tried would not be true.
 *
 * @param says what the act says; undefined where that is not known yet
 */
export async function knownBefore(
	run: Run,
	item: number,
	says: unknown,
): Promise<OperationError | undefined> {
	if (run.dryRun || !run.claims.mayBeKnown) return undefined;
	const member = { item, content: says === undefined ? '' : fingerprint(says) };
	const [claim] = await run.claims.take([member]).catch(() => []);
	if (claim?.kind === 'taken') await run.claims.giveBack([{ ...member, content: claim.content }]);
	if (claim?.kind !== 'known') return undefined;
	return run.failures.unknown('an earlier run of this execution sent it, and n8n lost what came of it', {
		affects: 'item',
	});
}
