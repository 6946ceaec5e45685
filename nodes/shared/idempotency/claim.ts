import type { OperationError } from '../errors';
import { unsavedKey } from './claimTrouble';
import type { Journal } from './journal';
import type { KeyMark } from './keyMark';
import type { ClaimedActs } from './standing';

/** What one item asks to have written down before its request leaves. */
export interface Claimant {
	item: number;
	/** Fingerprint of what its part of the request says; numbered once its act is claimed. */
	content: string;
	/** The idempotency key that names the item; none once a part of it has begun. */
	key?: string;
	/** What stands in the list for its place among the day's acts, where they are counted. */
	slot?: string[];
}

/** How a claim went: the act is this run's, it may have happened before, its key had been used, or it must not leave. */
export type Claim =
	| { kind: 'taken' | 'known'; content: string }
	| { kind: 'used'; key: string }
	| { kind: 'failed'; error: OperationError };

/** A claimant in a write, and how its claim goes as far as that is known. */
export interface Contender extends Claimant {
	/** Of its act, under its place and under its content. */
	names: string[];
	claim: Claim;
	/** Whether the key is to be given back with the act. */
	ownsKey: boolean;
}

/** What stands in the list for an act of this run. */
export interface Taken {
	names: string[];
	acts: ClaimedActs;
	/** That of its key. */
	mark: KeyMark;
}

/** Numbers what claimants say, and names their acts. */
export function contendersOf(given: Claimant[], journal: Journal, operation: string): Contender[] {
	return given.map((claimant) => {
		const content = journal.contents.number(claimant.content);
		const names = namesOf(claimant.item, content, journal, operation);
		return { ...claimant, content, names, claim: { kind: 'taken', content }, ownsKey: false };
	});
}

/** The claim of an act in a workflow that was never saved: nothing can be written down, so a key can't be kept. */
export function unsavedClaim({ key, content }: Claimant, journal: Journal): Claim {
	return key === undefined
		? { kind: 'taken', content: journal.contents.number(content) }
		: { kind: 'failed', error: unsavedKey() };
}

/** The names under which an act stands in the list: its place and its content. */
export function namesOf(item: number, content: string, journal: Journal, operation: string): string[] {
	// What is not known to say anything is told from others by its place alone.
	const says = !content.startsWith('.');
	return journal.ids.flatMap((id) => [
		`act:${id}:${journal.place(item)}`,
		...(says ? [`text:${id}:${operation}:${content}`] : []),
	]);
}
