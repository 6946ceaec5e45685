import { randomInt } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { isRefusal, notSent, OperationError } from '../shared/errors';
import { needed, numberIn, objectIn, textIn } from '../shared/http/response';
import { fingerprint } from '../shared/idempotency/fingerprint';
import type { Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { counted } from '../shared/values/text';
import { returnFields, type Address } from './address';
import { isUsable, listIsReady, listRequest } from './addressList';
import { uploadRequest, type Document } from './document';
import { MOST_SHEETS, productOf, type Kind, type Print } from './product';
import { findAfterEdit, findByReference } from './reference';
import { readJobIfThere } from './submit';

/** One piece of mail, without what decides whether it is submitted. */
export interface Mail {
	kind: Kind;
	print: Print;
	recipient: Address;
	/** The account's own where there is none. */
	returnAddress?: Address;
	/** YYYYMMDD */
	mailingDate?: string;
	reference: string;
}

/** What has been prepared for a piece of mail: kept after each step, so that another try goes on behind it. */
export interface Draft extends IDataObject {
	/** Of all that is mailed. */
	print: string;
	/** Names list, document and job at Click2Mail. */
	tag: string;
	addressListId: string | null;
	documentId: string | null;
	/** Null where the reply does not tell. */
	pages: number | null;
	jobId: string | null;
	/** Whether anything about the mail was edited since a try has prepared it. */
	edited: boolean;
	/** Drafts left behind by that, in order: versions that must not be mailed. */
	abandonedJobIds: string[];
	/** How many names are taken by what was left behind, or by an upload whose answer was lost. */
	lostLists: number;
	lostDocuments: number;
}

/** Makes the draft job, or goes on with the one that is there. Costs nothing. @throws OperationError */
export async function draftOf(mail: Mail, document: Document, step: Step, timeout: number): Promise<Draft> {
	const draft = await foundDraft(mail, document, step);
	const keep = () => step.keepPrepared({ ...draft });
	keep();
	if (draft.jobId !== null) return draft;
	if (draft.addressListId !== null && !(await isUsable(step, draft.addressListId))) {
		draft.addressListId = null;
		draft.lostLists++;
	}
	if (draft.addressListId === null) {
		const { list } = requestsOf(mail, document, draft);
		draft.addressListId = (await named(step, draft, 'lostLists', () => step.prepare(list, madeIn))).id;
		keep();
	}
	if (draft.documentId === null) {
		const { upload } = requestsOf(mail, document, draft);
		const uploaded = await named(step, draft, 'lostDocuments', () => step.prepare(upload, madeIn));
		draft.documentId = uploaded.id;
		draft.pages = uploaded.pages;
		keep();
	}
	checkPages(mail, draft);
	await listIsReady(step, draft.addressListId, timeout);
	const { job } = requestsOf(mail, document, draft);
	const made = step.prepare(job, madeIn).then(({ id }) => id);
	draft.jobId = await made.catch(async (error: unknown) => {
		const isUnclear = error instanceof OperationError && error.outcome === 'unknown';
		const found = isUnclear ? await madeJob(draft, step) : null;
		if (found === null) throw error;
		return found;
	});
	keep();
	return draft;
}

/** What is there of a piece of mail, from an earlier try or by its reference. @throws OperationError */
async function foundDraft(mail: Mail, document: Document, step: Step): Promise<Draft> {
	const draft = startOf(mail, document, step);
	// Where somebody has deleted it, its document is there still; in another account it is not, and no job is made.
	const { jobId, documentId } = draft;
	if (jobId && documentId && !(await readJobIfThere(step, jobId))) draft.jobId = null;
	// Another retry may have made another version.
	const isKnown = step.isRetriedExecution && draft.jobId !== null;
	if (draft.edited || isKnown) await takeSubmitted(draft, mail.reference, step);
	else if (mail.reference !== '') draft.jobId ??= await findByReference(step, mail.reference);
	// There may be a job all the same: its answer was lost, or another retry has made it.
	const isKept = (step.prepared as Partial<Draft>).print === draft.print;
	if (mail.reference === '' && (isKept || step.isRetriedExecution))
		draft.jobId ??= await madeJob(draft, step);
	return draft;
}

/** A job that may have been made, by its tag; null where it is not found, which does not prove that there is none. */
async function madeJob({ tag, abandonedJobIds }: Draft, step: Step): Promise<string | null> {
	const found = await findByReference(step, tag).catch((error: unknown) => {
		// A wrong log-in is tried once.
		if (isRefusal(error, 'run')) throw error;
		return null;
	});
	return found !== null && abandonedJobIds.includes(found) ? null : found;
}

/** What an earlier try has left, or a new one where there is nothing, or something about the mail was edited since. */
function startOf(mail: Mail, document: Document, step: Step): Draft {
	const print = fingerprint([mail, document.format, document.identity]);
	const earlier = step.prepared as Partial<Draft>;
	if (earlier.print === print) return { ...earlier } as Draft;
	// Another retry may have taken the first names.
	const taken = mail.reference === '' && step.isRetriedExecution ? randomInt(1000, 10_000) : undefined;
	return {
		print,
		tag: mail.reference || step.tagFor(print),
		addressListId: null,
		documentId: null,
		pages: null,
		jobId: null,
		edited: earlier.print !== undefined,
		abandonedJobIds: [...(earlier.abandonedJobIds ?? []), ...(earlier.jobId ? [earlier.jobId] : [])],
		lostLists: taken ?? (earlier.lostLists ?? 0) + (earlier.addressListId ? 1 : 0),
		lostDocuments: taken ?? (earlier.lostDocuments ?? 0) + (earlier.documentId ? 1 : 0),
	};
}

/** Of edited mail, the version that was submitted. Other drafts are left behind with the names that they take. */
async function takeSubmitted(draft: Draft, reference: string, step: Step): Promise<void> {
	const { submitted, drafts } = await findAfterEdit(step, reference, draft.abandonedJobIds);
	const own = draft.jobId;
	const others = drafts.filter((id) => id !== own && !draft.abandonedJobIds.includes(id));
	const isLeft = own !== null && submitted !== null && own !== submitted;
	draft.jobId = submitted ?? own;
	draft.abandonedJobIds = [
		...draft.abandonedJobIds.filter((id) => id !== submitted),
		...others,
		...(isLeft ? [own] : []),
	];
	draft.lostLists += others.length;
	draft.lostDocuments += others.length;
}

type Lost = 'lostLists' | 'lostDocuments';

/** No two lists and no two documents of an account have the same name. */
const nameOf = (draft: Draft, lost: Lost) =>
	draft[lost] === 0 ? draft.tag : `${draft.tag}-${draft[lost] + 1}`;

/**
 * Takes a name. It counts as lost until an answer says otherwise; one that is refused since somebody else has it stays
 * the name, so that no other try gets round it.
 */
async function named<T>(step: Step, draft: Draft, lost: Lost, send: () => Promise<T>): Promise<T> {
	draft[lost]++;
	step.keepPrepared({ ...draft });
	const made = await send().catch((error: unknown) => {
		const isFree = error instanceof OperationError && error.outcome !== 'unknown';
		if (isFree) step.keepPrepared({ ...draft, [lost]: draft[lost] - 1 });
		throw error;
	});
	draft[lost]--;
	return made;
}

/** What a draft takes, in order. Source of the job: Create a Job page. */
function requestsOf(mail: Mail, document: Document, draft: Draft) {
	const { recipient, returnAddress, mailingDate } = mail;
	const product = productOf(mail.kind, mail.print);
	const job: HttpRequest = {
		method: 'POST',
		path: '/jobs',
		form: {
			...product,
			documentId: draft.documentId ?? '(from the upload)',
			addressId: draft.addressListId ?? '(from the address list)',
			...(returnAddress && returnFields(returnAddress)),
			...(mailingDate !== undefined && { mailingDate }),
			appSignature: draft.tag,
		},
	};
	return {
		list: listRequest(nameOf(draft, 'lostLists'), recipient),
		upload: uploadRequest(document, product.documentClass, nameOf(draft, 'lostDocuments')),
		job,
	};
}

/** What is there, and the requests that would make the rest: none where the job is there. @throws OperationError */
export async function plannedDraft(mail: Mail, document: Document, step: Step) {
	const draft = await foundDraft(mail, document, step);
	if (draft.jobId !== null) return { draft, requests: [] };
	const tag = mail.reference || '(a name of its own)';
	const { list, upload, job } = requestsOf(mail, document, { ...draft, tag });
	const isMissing = (id: string | null, request: HttpRequest) => (id === null ? [request] : []);
	const { addressListId, documentId } = draft;
	return { draft, requests: [...isMissing(addressListId, list), ...isMissing(documentId, upload), job] };
}

/** @throws UnrecognisedReply without the number of what was made */
function madeIn(data: unknown) {
	const reply = objectIn(data);
	const id = textIn(reply.id)?.trim() ?? '';
	return { id: needed(/^[1-9]\d*$/.test(id) ? id : null, 'id'), pages: numberIn(reply.pages) };
}

function checkPages({ kind, print }: Mail, { pages, documentId }: Draft): void {
	const isCard = kind === 'postcard';
	const [least, most] = isCard ? [2, 2] : [1, print.bothSides ? 2 * MOST_SHEETS : MOST_SHEETS];
	if (pages === null || (pages >= least && pages <= most)) return;
	const more = print.bothSides ? '' : `, ${2 * MOST_SHEETS} with “Both Sides”`;
	const rule = isCard ? 'a card has two: front and back' : `1 to ${most} fit into the envelope${more}`;
	const advice = 'Nothing was mailed or charged. Give another document and retry this execution.';
	throw notSent(`Not mailed: document ${documentId} has ${counted(pages, 'pages')}, and ${rule}`, advice);
}
