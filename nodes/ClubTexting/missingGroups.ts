import { invalid, OperationError } from '../shared/errors';
import type { Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { shown } from '../shared/values/text';
import { GROUPS, groupIn } from './group';
import { entriesOf, fresh } from './list';

/** Groups that a contact joins. */
export interface Joined {
	/** As the account writes them. */
	known: string[];
	/** Names of groups that the account does not have, to be created. */
	missing: string[];
}

/** Whether two names are those of one group. */
export function isSameGroup(one: string, other: string): boolean {
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** The request that creates a group. Source: Club Texting, REST API documentation, "Contact Groups". */
export function groupRequest(name: string, note = ''): HttpRequest {
	return { method: 'POST', path: GROUPS.path, form: { Name: name, ...(note !== '' && { Note: note }) } };
}

/**
 * Names of groups as the account writes them. One that it does not have is never written with a contact: whether the
 * provider would create it, leave it out or refuse the contact is not known.
 *
 * @param creates whether a group may be missing
 * @throws OperationError `invalid`
 */
export async function joinedGroups(names: string[], creates: boolean, step: Step): Promise<Joined> {
	const joined: Joined = { known: [], missing: [] };
	if (names.length === 0) return joined;
	const all = await step.readOnce('all groups', async () => await namesOfGroups(step));
	for (const name of names) {
		const found = all.includes(name) ? name : all.find((other) => isSameGroup(other, name));
		if (found !== undefined) joined.known.push(found);
		else if (!creates) throw notThere(name);
		else if (!joined.missing.some((other) => isSameGroup(other, name))) joined.missing.push(name);
	}
	return joined;
}

/**
 * Creates the groups, each once in a run. One whose creation is refused or not clearly answered is looked up: somebody else
 * may have created it, and it is never created again.
 *
 * @returns their names as the account writes them
 * @throws OperationError
 */
export async function createGroups(names: string[], step: Step): Promise<string[]> {
	const made: string[] = [];
	for (const name of names) {
		const result = await step.readOnce(`new group ${name.trim().toLowerCase()}`, async () => {
			try {
				return { name: await created(name, step) };
			} catch (error) {
				return { error };
			}
		});
		if ('error' in result) throw result.error;
		made.push(result.name);
	}
	return made;
}

async function created(name: string, step: Step): Promise<string> {
	try {
		return (await step.make(groupRequest(name), groupIn)).name;
	} catch (error) {
		const mayBeThere = error instanceof OperationError && error.outcome !== 'notSent';
		const found = (mayBeThere ? await namesOfGroups(step) : []).find((other) => isSameGroup(other, name));
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

async function namesOfGroups(step: Step): Promise<string[]> {
	const groups = await entriesOf(fresh(step), GROUPS, {}, Infinity);
	return groups.map(({ value: { name } }) => name);
}

function notThere(name: string): OperationError {
	return invalid(
		'Groups',
		`names a group that the account does not have: "${shown(name)}"`,
		'Pick one from the list, create it first with “Group” and “Create”, or switch on “Create Missing Groups”.',
	);
}
