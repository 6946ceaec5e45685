import { invalid, OperationError } from '../errors';
import type { Asking } from '../operation/acts';
import type { Step } from '../operation/types';
import type { HttpRequest } from '../provider';
import { shown } from '../values/text';

/** What is done with the contact groups of a provider. */
export interface GroupBook<G extends { name: string }> {
	all: (asking: Asking) => Promise<G[]>;
	/** Whether a group has an ID that is given in place of its name, where that is taken. */
	hasId?: (group: G, given: string) => boolean;
	/** The request that creates one. */
	creating: (name: string) => HttpRequest;
	/** @throws UnrecognisedReply */
	createdIn: (data: unknown, name: string) => G;
}

/** Groups that somebody named. */
export interface NamedGroups<G> {
	known: G[];
	/** Names that the account does not have, to be created. */
	missing: string[];
}

/** Whether two names are those of one group. */
export function isSameGroup(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/**
 * Groups as the account has them. One that it does not have is never written with a contact: whether a provider would create
 * it, leave it out or refuse the contact is not known.
 *
 * @param field its label
 * @param creates whether one may be missing; undefined where that is no choice
 * @throws OperationError `invalid`
 */
export async function namedGroups<G extends { name: string }>(
	given: string[],
	book: GroupBook<G>,
	asking: Asking,
	field: string,
	creates?: boolean,
): Promise<NamedGroups<G>> {
	const [known, missing]: [Set<G>, string[]] = [new Set(), []];
	if (given.length === 0) return { known: [], missing };
	const all = await asking.readOnce('all groups', async () => await book.all(asking));
	for (const name of given) {
		const group =
			all.find((each) => each.name === name) ??
			all.find((each) => isSameGroup(each.name, name)) ??
			all.find((each) => book.hasId?.(each, name));
		if (group) known.add(group);
		else if (creates !== true) throw notThere(name, field, creates !== undefined);
		else if (!missing.some((other) => isSameGroup(other, name))) missing.push(name);
	}
	return { known: [...known], missing };
}

/**
 * Creates the groups, each once in a run. One whose creation is refused or not clearly answered is looked up: somebody else
 * may have created it, and it is never created again.
 *
 * @throws OperationError
 */
export async function createGroups<G extends { name: string }>(
	names: string[],
	book: GroupBook<G>,
	step: Step,
): Promise<G[]> {
	const made: G[] = [];
	for (const name of names) {
		const result = await step.readOnce(`new group ${name.trim().toLowerCase()}`, async () => {
			try {
				return { group: await created(name, book, step) };
			} catch (error) {
				return { error };
			}
		});
		if ('error' in result) throw result.error;
		made.push(result.group);
	}
	return made;
}

async function created<G extends { name: string }>(name: string, book: GroupBook<G>, step: Step): Promise<G> {
	try {
		return await step.make(book.creating(name), (data) => book.createdIn(data, name));
	} catch (error) {
		const mayBeThere = error instanceof OperationError && error.outcome !== 'notSent';
		const found = (mayBeThere ? await book.all(step) : []).find((group) => isSameGroup(group.name, name));
		if (found !== undefined) return found;
		throw notCreated(name, error);
	}
}

function notCreated(name: string, error: unknown): unknown {
	if (!(error instanceof OperationError) || error.outcome === 'notSent') return error;
	const outcome = error.outcome === 'refused' ? 'refused' : 'notSent';
	const message = `The contact was not saved: the group "${shown(name)}" was to be created for it. ${error.message}`;
	const advice = 'Look whether the group is in the account, create it there if not, and run the item again.';
	return new OperationError(outcome, message, { ...error.facts, advice });
}

function notThere(name: string, field: string, mayBeCreated: boolean): OperationError {
	return invalid(
		field,
		`names a group that the account does not have: "${shown(name)}"`,
		mayBeCreated
			? 'Pick one from the list, create it first with “Group” and “Create”, or switch on “Create Missing Groups”.'
			: 'Pick one from the list, or create it first with “Group” and “Create”.',
	);
}
