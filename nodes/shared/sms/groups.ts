import { invalid, OperationError } from '../errors';
import type { Asking } from '../operation/acts';
import { fresh, LIMIT_FIELDS, limitIn, shared, type Ask, type Listed } from '../operation/lists';
import type { ReadOperation, Step } from '../operation/types';
import type { HttpRequest } from '../provider';
import { shown } from '../values/text';
import type { Group } from './groupFields';

/** What is done with the contact groups of a provider. */
export interface GroupBook {
	/** All groups, or the first of them. */
	listed: (ask: Ask, limit: number) => Promise<Array<Listed<Group>>>;
	/** Whether an ID may be given in place of a name: what is digits alone, and no name, is one. */
	takesIds?: true;
	/** The request that creates one. */
	creating: (name: string) => HttpRequest;
	/** @throws UnrecognisedReply */
	createdIn: (data: unknown, name: string) => Group;
}

/** “Group: Get Many”. */
export function listing({ listed }: GroupBook): ReadOperation<{ limit: number }> {
	return {
		option: {
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many groups',
			description: 'List the contact groups of the account',
			hint: 'Which groups there are, and how many people are in each.',
		},
		fields: LIMIT_FIELDS,
		effect: 'reads',
		parameters: (read) => ({ limit: limitIn(read) }),
		async run({ limit }, step) {
			const groups = await listed(shared(step), limit);
			return groups.map(({ value, entry }) => ({ ...value, ...step.raw(entry) }));
		},
	};
}

/** Groups that somebody named. */
export interface NamedGroups {
	known: Group[];
	/** Names that the account does not have, to be created. */
	missing: string[];
}

/** Whether two names are those of one group: to the eye, and without regard to case. */
export function isSameGroup(one: string, other: string): boolean {
	return lookOf(one) === lookOf(other);
}

function lookOf(name: string): string {
	return name.trim().replace(/\s+/g, ' ').normalize('NFC').toLowerCase();
}

/**
 * Groups as the account has them. One that it does not have is never written with a contact: whether a provider would create
 * it, leave it out or refuse the contact is not known.
 *
 * @param field its label
 * @param creates whether one may be missing; undefined where that is no choice
 * @throws OperationError `invalid`
 */
export async function namedGroups(
	given: string[],
	book: GroupBook,
	asking: Asking,
	field: string,
	creates?: boolean,
): Promise<NamedGroups> {
	const known = new Set<Group>();
	const missing: string[] = [];
	if (given.length === 0) return { known: [], missing };
	const all = await allGroups(book, asking);
	for (const name of given) {
		const isId = book.takesIds === true && /^\d+$/.test(name);
		const exact = all.filter((each) => each.name === name || (book.takesIds && each.groupId === name));
		const [group, ...others] = exact.length > 0 ? exact : all.filter((each) => isSameGroup(each.name, name));
		// Which of them is meant is not guessed where the ID can tell it.
		if (others.length > 0 && book.takesIds) throw notOne(name, field, [group!, ...others]);
		if (group) known.add(group);
		else if (isId || creates !== true) throw notThere(name, field, isId, creates !== undefined);
		else if (!missing.some((other) => isSameGroup(other, name))) missing.push(name);
	}
	return { known: [...known], missing };
}

/** All groups of the account, read once in a run. @throws OperationError */
export async function allGroups(book: GroupBook, asking: Asking): Promise<Group[]> {
	return await asking.readOnce('all groups', async () => await allIn(book, asking));
}

/**
 * Creates the groups, each once in a run. One whose creation is refused or not clearly answered is looked up: somebody else
 * may have created it, and it is never created again.
 *
 * @throws OperationError
 */
export async function createGroups(names: string[], book: GroupBook, step: Step): Promise<Group[]> {
	const made: Group[] = [];
	for (const name of names) {
		const result = await step.readOnce(`new group ${lookOf(name)}`, async () => {
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

async function created(name: string, book: GroupBook, step: Step): Promise<Group> {
	try {
		return await step.make(book.creating(name), (data) => book.createdIn(data, name));
	} catch (error) {
		const mayBeThere = error instanceof OperationError && error.outcome !== 'notSent';
		const found = mayBeThere && (await allIn(book, step)).find((group) => isSameGroup(group.name, name));
		if (found) return found;
		throw notCreated(name, error);
	}
}

async function allIn(book: GroupBook, asking: Asking): Promise<Group[]> {
	return (await book.listed(fresh(asking), Infinity)).map(({ value }) => value);
}

function notCreated(name: string, error: unknown): unknown {
	if (!(error instanceof OperationError) || error.outcome === 'notSent') return error;
	const outcome = error.outcome === 'refused' ? 'refused' : 'notSent';
	const message = `The contact was not saved: the group "${shown(name)}" was to be created for it. ${error.message}`;
	const advice = 'Look whether the group is in the account, create it there if not, and run the item again.';
	return new OperationError(outcome, message, { ...error.facts, advice });
}

function notOne(name: string, field: string, groups: Group[]): OperationError {
	const ids = groups.map(({ groupId }) => groupId).join(', ');
	const advice = `Give the ID of the one that is meant, or rename one of them. Their IDs: ${ids}.`;
	return invalid(field, `names several groups of the account: "${shown(name)}"`, advice);
}

function notThere(name: string, field: string, isId: boolean, mayBeCreated: boolean): OperationError {
	const advice =
		mayBeCreated && !isId
			? 'Pick one from the list, create it first with “Group” and “Create”, or switch on “Create Missing Groups”.'
			: `${isId ? 'Digits alone are taken for an ID. ' : ''}Pick one from the list, or create it first with “Group” and “Create”.`;
	return invalid(field, `names a group that the account does not have: "${shown(name)}"`, advice);
}
