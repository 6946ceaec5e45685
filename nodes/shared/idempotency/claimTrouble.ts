import { notSent, OperationError } from '../errors';

export function unsavedKey(): OperationError {
	return notSent(
		'An idempotency key (“Act Once Per”) can only be kept for a saved workflow',
		'Save the workflow and run it again.',
	);
}

/** Another run of the execution lives, and has claimed what this one was about to. */
export function takenOver(): OperationError {
	return notSent(
		'Not sent here: n8n runs this execution a second time, and the later run goes on with what is left',
		'Look at the later run of this execution for what became of these items.',
		{ affects: 'run' },
	);
}

/** What to do where it can't be told whose a key is. */
export const USED_UP =
	'Where the item has an idempotency key (“Act Once Per”), the key is used up: run the item again with another one.';

/**
 * @param signal aborted where the execution was cancelled while this was waited for
 * @param then what to do once fewer executions run
 */
export function notKept(what: string, signal?: AbortSignal, then = 'Then run it again.'): OperationError {
	if (signal?.aborted)
		return new OperationError('notSent', 'The execution was cancelled', { affects: 'run' });
	return notSent(
		`n8n’s database did not keep ${what}`,
		`Nothing was sent. Let fewer executions of this workflow run at a time. ${then}`,
	);
}

/** The add that claimed a key or a slot took so long that others may have acted meanwhile. */
export function stalled(what: string): OperationError {
	return notSent(`n8n’s database took too long to write down ${what}`, `Nothing was sent. ${USED_UP}`);
}

/** A key that was taken and whose act was never confirmed. */
export function openKey(key: string): OperationError {
	return new OperationError(
		'unknown',
		`The idempotency key (“Act Once Per”) “${key}” was taken before, and whether its act happened is not known`,
		{
			advice:
				'The act may be under way, its outcome may be unknown, or n8n was stopped in the middle of it. Look it up at the provider; to act once more, use another key.',
		},
	);
}
