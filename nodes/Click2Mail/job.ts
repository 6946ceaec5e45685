import type { IDataObject } from 'n8n-workflow';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';
import type { Asking } from '../shared/operation/acts';
import { notTheNumberOf } from '../shared/operation/bounds';
import { textField } from '../shared/operation/fields';
import type { ParameterReader } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { inUnits } from '../shared/values/amount';

/** States of a job that costs nothing yet, and of one that is paid. Source: Check Job Status page. */
const DRAFT = ['EDITING', 'PENDINGPROOFACCEPTANCE', 'PENDINGPROOFACCEPTENCE', 'PROOFACCEPTED'];
const SUBMITTED = ['ORDERSUBMITTED', 'ORDERPROCESSING', 'AWAITINGPRODUCTION', 'INPRODUCTION', 'MAILED'];

/** Where a job stands. */
export interface JobState {
	/** In Click2Mail's words. */
	state: string;
	/** Null where the state says neither: such a job is never submitted again. */
	submitted: boolean | null;
}

export const JOB_FIELD = textField('Job ID', 'jobId', {
	required: true,
	placeholder: 'e.g. 481502',
	description: 'The number of the job, which “Letter: Send” and “Postcard: Send” give out',
});

/** @throws OperationError `invalid` */
export function jobIdIn(read: ParameterReader): string {
	const id = read.required('jobId');
	if (/^[1-9]\d*$/.test(id)) return id;
	throw notTheNumberOf('job', id, read.label('jobId'));
}

/** What a failure names. */
export const subjectOf = ({ jobId }: IDataObject) => (typeof jobId === 'string' ? `job ${jobId}` : undefined);

export const jobRequest = (id: string): HttpRequest => ({ method: 'GET', path: `/jobs/${id}` });

/** @throws OperationError */
export async function stateOf(step: Asking, id: string): Promise<JobState> {
	return await step.read(jobRequest(id), jobIn);
}

/** Priced as paid from the credit; the default is the price by card, which can be higher. @throws OperationError */
export async function costOf(step: Asking, id: string) {
	const query = { details: 'true', paymentType: 'User Credit' };
	return await step.read({ method: 'GET', path: `/jobs/${id}/cost`, query }, costIn);
}

/** @throws UnrecognisedReply without a state in words: the numbers of the states are not documented */
export function jobIn(data: unknown): JobState {
	const state = needed(textIn(objectIn(data).description), 'description');
	const folded = state.toUpperCase().replace(/[^A-Z]/g, '');
	return { state, submitted: SUBMITTED.includes(folded) ? true : DRAFT.includes(folded) ? false : null };
}

/** Click2Mail writes nothing as the word null now and then. */
const isAbsent = (value: unknown) => [undefined, null, '', 'null'].some((nothing) => nothing === value);

/**
 * What a job costs, in thousandths of a US dollar: Click2Mail's unit prices have three decimals.
 *
 * @throws UnrecognisedReply without a cost, or with a tax that can't be read
 */
function costIn(data: unknown) {
	const job = objectIn(data);
	return {
		cost: inUnits(needed(numberIn(job.cost), 'cost'), 3),
		tax: isAbsent(job.totalTax) ? 0 : inUnits(needed(numberIn(job.totalTax), 'totalTax'), 3),
		/** Null where the reply does not tell. */
		pieces: piecesIn(job),
	};
}

function piecesIn(job: Record<string, unknown>): number | null {
	const counts = ['standardCost', 'nonStandardCost', 'nonstandardCost', 'internationalCost']
		.map((name) => numberIn(objectIn(job[name]).quantity))
		.filter((count) => count !== null);
	return counts.length > 0
		? counts.reduce((sum, count) => sum + count, 0)
		: numberIn(objectIn(job.productionCost).quantity);
}

/** All subtotals of an estimate, which tells no total, in thousandths; null where it has none. */
export function estimateIn(data: unknown): number | null {
	const subtotals = Object.entries(objectIn(data)).map(([name, value]) => {
		const amount = name === 'subtotal' ? numberIn(value) : null;
		return amount === null ? estimateIn(value) : inUnits(amount, 3);
	});
	const known = subtotals.filter((subtotal) => subtotal !== null);
	return known.length === 0 ? null : known.reduce((sum, subtotal) => sum + subtotal, 0);
}

/** Thousandths as the amount that an item shows, in US dollars. */
export const dollars = (thousandths: number) => thousandths / 1000;

/** Thousandths rounded up to the cent, which amounts that are typed or charged go to. */
export const toCents = (thousandths: number) => Math.ceil(thousandths / 10) * 10;
