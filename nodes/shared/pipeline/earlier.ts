import type { OperationError } from '../errors';
import { fingerprint } from '../idempotency/fingerprint';
import type { RequestMember } from '../operation/acts';
import type { Run } from './run';

/** What became of an item that finds nothing left to act on, where its key knows. */
export async function knownByKey(run: Run, item: number, key?: string) {
	if (key === undefined || run.dryRun) return undefined;
	const member = { item, content: '', key };
	// What can't be read in n8n's database leaves the item as it is: invalid.
	const claim = await claimOf(run, member);
	if (claim?.kind === 'used') return claim.key;
	return claim?.kind === 'failed' && claim.error.outcome === 'unknown'
		? run.failures.of(claim.error)
		: undefined;
}

/**
 * The error of an item that did not get as far as its act; another where n8n's database knows this act from an earlier run:
 * that it was not tried would not be true.
 *
 * @param says gives what the act says; left out where that is not known yet
 */
export async function unlessKnown(run: Run, item: number, failure: OperationError, says?: () => unknown) {
	return (await knownToList(run, item, says)) ?? failure;
}

/** The error of an item whose act n8n's database knows from an earlier run; undefined where it does not, or can't be read. */
export async function knownToList(run: Run, item: number, says?: () => unknown) {
	if (run.dryRun || !run.claims.mayBeKnown) return undefined;
	const said = says?.();
	const member = { item, content: said === undefined ? '' : fingerprint(said) };
	const claim = await claimOf(run, member);
	return claim?.kind === 'known' ? run.failures.recordLost({ affects: 'item' }) : undefined;
}

/** What n8n's database knows of an act, which stays free if it is; undefined where it can't be read. */
async function claimOf({ claims }: Run, member: RequestMember) {
	const [claim] = await claims.take([member]).catch(() => []);
	if (claim?.kind === 'taken') await claims.giveBack([{ ...member, content: claim.content }]);
	return claim;
}
