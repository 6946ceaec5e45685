import type { HttpResponse, Verdict } from '../provider';
import type { Body } from './response';

/**
 * HTTP statuses by which a server says that it did not take the request on, whatever page it shows with them. Not among
 * them: 408, 409, 425 and 499, which do not say what happened, and everything from 500 on.
 */
const PLAIN_NO = [
	400, 401, 402, 403, 404, 405, 406, 407, 410, 411, 413, 414, 415, 417, 421, 422, 426, 428, 429, 431, 451,
];

/** What such a status means, where it says more than no. */
const MEANINGS: Record<number, string> = {
	401: 'the log-in is missing or wrong',
	403: 'access denied',
	404: 'there is nothing at this address',
	413: 'the request is too large',
	429: 'too many requests at the moment',
};

/** The log-in was refused, to the server or to a proxy before it: whatever is asked for. */
const REFUSED_LOGIN = [401, 407];

/**
 * The verdict on a response that is none of the documented ones: a gateway's page, a redirect, nothing at all.
 *
 * @param words what it says of itself, where that can be told
 */
export function verdictByStatus({ status }: HttpResponse, body: Body, words: string | null = null): Verdict {
	if (PLAIN_NO.includes(status)) {
		return {
			kind: 'refused',
			message: `${words ?? MEANINGS[status] ?? 'the request was not accepted'} (HTTP ${status})`,
			affects: REFUSED_LOGIN.includes(status) ? 'run' : 'item',
			...(status === 403 && { isGeneral: true }),
		};
	}
	const what =
		body.format === 'empty'
			? 'an empty reply'
			: body.format === 'unreadable'
				? body.why
				: `a reply that is not one of the documented ones${words === null ? '' : `, “${words}”,`}`;
	return { kind: 'unclear', why: `${what} came back (HTTP ${status})` };
}
