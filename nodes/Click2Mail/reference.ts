import { randomUUID } from 'crypto';
import { isRefusal, OperationError, orElse } from '../shared/errors';
import { objectIn, textIn } from '../shared/http/response';
import type { Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { readJobIfThere } from './submit';

/**
 * The job that carries a reference; null where none is found, which does not prove that there is none.
 *
 * @throws OperationError `invalid` where there are several
 */
export async function findByReference(step: Step, reference: string): Promise<string | null> {
	return onlyOne(reference, await jobsWith(step, reference));
}

/**
 * The same for mail that was edited since a try has prepared it: a draft may be any version of it, and only a job that
 * is submitted is that mail.
 *
 * @param leftBehind drafts of earlier versions, of which somebody may have submitted one by hand
 * @throws OperationError `invalid` where several are submitted; `notSent` where one is in a state that says neither
 */
export async function findAfterEdit(step: Step, reference: string, leftBehind: string[]) {
	const submitted: string[] = [];
	const drafts: string[] = [];
	const found = reference === '' ? [] : await jobsWith(step, reference);
	for (const id of new Set([...leftBehind, ...found])) {
		const job = await readJobIfThere(step, id);
		if (job) (job.submitted ? submitted : drafts).push(id);
	}
	return { submitted: onlyOne(reference, submitted), drafts };
}

async function jobsWith(step: Step, reference: string): Promise<string[]> {
	const found = await listedFor(step, reference);
	if (found.length === 0) return [];
	// Nobody has seen this call filter: what it lists for a text that no job has is not what was asked for.
	const others = await listedFor(step, `none-${randomUUID().slice(0, 8)}`);
	return found.filter((id) => !others.includes(id));
}

async function listedFor(step: Step, reference: string): Promise<string[]> {
	const request: HttpRequest = {
		method: 'GET',
		path: '/jobs/appSignature',
		query: { appid: reference, offset: '0', numberOfJobs: '100' },
	};
	// The call is known from clients only, and perhaps not by every account; a reference that is used is refused later.
	const found = await orElse(step.read(request, jobsIn), [], (error) => isRefusal(error, 'item'));
	return [...new Set(found)];
}

function onlyOne(reference: string, ids: string[]): string | null {
	if (ids.length <= 1) return ids[0] ?? null;
	const what = reference === '' ? 'are versions of this mail' : `have the reference “${reference}”`;
	const advice =
		'Look at them in your Click2Mail account. Submit the one that is meant with “Job: Submit”, or give a reference that no other mail has.';
	throw new OperationError('invalid', `Several jobs ${what}: ${ids.join(', ')}`, { advice });
}

/** The jobs of a list, however deep they stand. The shape of the reply is not documented. */
function jobsIn(data: unknown): string[] {
	if (Array.isArray(data)) return data.flatMap(jobsIn);
	const fields = objectIn(data);
	const id = 'jobStatus' in fields ? textIn(fields.id) : null;
	return id !== null && /^[1-9]\d*$/.test(id) ? [id] : Object.values(fields).flatMap(jobsIn);
}
