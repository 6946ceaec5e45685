import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { OperationFailure, type Outcome } from './outcome';

/**
 * What a call is known to have done: it left and no answer is known (0), it was answered (`ok`, the normalised
 * result), or it was refused (`no`). Never a secret, never a body.
 */
type Entry = 0 | { ok: unknown } | { no: Refusal };

interface Refusal {
	/** The execution that was told no. */
	x: string;
	message: string;
	code?: string;
	status?: number;
}

/** The part of n8n's node context that the journal keeps; saved with the execution, in the clear. */
interface Pages extends IDataObject {
	/** Id of the execution in which the node first ran: the same in Retry On Fail and in a retry of that execution. */
	id: string;
	entries: { [key: string]: never };
}

/** Longest text of a refusal that is kept; a longer one is cut, so that the journal stays small. In characters. */
const LONGEST_REFUSAL = 160;

/**
 * The record of one node's calls in an execution. It lives in `getContext('node')`, which n8n hands to every try of
 * Retry On Fail and to a retry of the failed execution (docs/decisions.md).
 */
export interface Journal {
	/** Names this node's acts in durable marks; see {@link Pages.id}. */
	readonly id: string;
	/** Whether no earlier try has written anything. */
	readonly isNew: boolean;
	/** The key of a call: a changed request, another item or another iteration of a loop is another call. */
	key(item: number, step: string, request: unknown): string;
	/** The result of an answered call, `left` for one without an answer, undefined for one never made. */
	find(key: string): { answered: unknown } | 'left' | undefined;
	/**
	 * The refusal of a call, to be repeated without asking again: but only within the execution that was refused. A
	 * person who retries a failed execution has usually put right what was wrong.
	 */
	refusal(key: string): OperationFailure | undefined;
	left(key: string): void;
	answered(key: string, result: unknown): void;
	refused(key: string, failure: OperationFailure): void;
	/** The call did not happen after all and may be made again. */
	forget(key: string): void;
}

/**
 * Opens the journal of a node.
 *
 * @param context n8n's node context; what the journal writes is seen by the next try
 * @param executionId of this execution
 * @param runIndex tells the iterations of a loop apart, which share one context
 * @param isTool an AI agent's tool: an agent that is told of an unknown outcome likes to call once more with the same
 *   words, and n8n counts each of its calls as a run, so what another run has left open counts as left
 */
export function openJournal(
	context: IDataObject,
	executionId: string,
	runIndex: number,
	isTool: boolean,
): Journal {
	const pages = (context.messagingCredits ??= { id: executionId, entries: {} }) as Pages;
	const entries = pages.entries as Record<string, Entry>;
	const leftOpenByAnotherRun = (key: string) => {
		const call = key.slice(key.indexOf('.'));
		return Array.from({ length: runIndex }, (_, run) => entries[`${run}${call}`]).includes(0);
	};
	return {
		id: pages.id,
		isNew: Object.keys(entries).length === 0,
		key: (item, step, request) => `${runIndex}.${item}.${step}.${fingerprint(request)}`,
		find(key) {
			const entry = entries[key];
			if (entry === 0 || (entry === undefined && isTool && leftOpenByAnotherRun(key))) return 'left';
			if (entry === undefined) return undefined;
			return 'ok' in entry ? { answered: entry.ok } : undefined;
		},
		refusal(key) {
			const entry = entries[key];
			if (!entry || !('no' in entry) || entry.no.x !== executionId) return undefined;
			const { message, code, status } = entry.no;
			return new OperationFailure('refused' satisfies Outcome, message, {
				providerCode: code,
				httpStatus: status,
			});
		},
		left: (key) => void (entries[key] = 0),
		answered: (key, result) => void (entries[key] = { ok: result }),
		refused(key, { message, facts }) {
			const text = message.length > LONGEST_REFUSAL ? `${message.slice(0, LONGEST_REFUSAL - 1)}…` : message;
			entries[key] = {
				no: { x: executionId, message: text, code: facts.providerCode, status: facts.httpStatus },
			};
		},
		forget: (key) => void delete entries[key],
	};
}

/** 72 bits of a request: enough to tell the requests of one item apart, too few to be anything else. */
function fingerprint(request: unknown): string {
	return createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 12);
}
