import type { Account, OperationError } from '../errors';
import { fingerprint } from '../idempotency/fingerprint';
import type { RequestMember } from '../operation/acts';
import type { Run } from './run';

/**
 * Counts acts among those of the day and the month, before they leave.
 *
 * @returns why they must not leave; undefined where they may
 */
export async function takeSlots(
	{ caps, failures }: Run,
	members: RequestMember[],
): Promise<{ kind: 'failed'; error: OperationError; isBeyondCap?: true } | undefined> {
	for (const cap of caps) {
		for (const member of members) {
			try {
				const slot = await cap.take();
				if (!slot) return { kind: 'failed', error: failures.of(cap.reached()), isBeyondCap: true };
				member.slot = [...(member.slot ?? []), ...slot];
			} catch (error) {
				return { kind: 'failed', error: failures.of(error) };
			}
		}
	}
	return undefined;
}

/** Why nothing more is asked of a card today. */
export async function tooOftenRefused(run: Run, account: Account | undefined) {
	const { refusals, failures, holds } = run;
	if (!refusals || account?.kind !== 'card') return undefined;
	try {
		if (!(await refusals.isReached(cardOf(run, account)))) return undefined;
		const error = failures.of(refusals.reached(account));
		holds.add(error);
		return error;
	} catch (error) {
		return failures.of(error);
	}
}

/** A refusal that concerns the card was the answer. */
export async function countRefusal(run: Run, account: Account | undefined): Promise<void> {
	if (account?.kind === 'card') await run.refusals?.count(cardOf(run, account));
}

/** What tells cards apart over executions, without their numbers. */
function cardOf({ card }: Run, { name }: Account): string {
	if (name !== 'paymentCardApi' || !card) return name;
	return fingerprint([card.type, card.number.slice(-4), card.expirationMonth, card.expirationYear]);
}
