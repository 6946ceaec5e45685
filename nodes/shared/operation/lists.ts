import type { HttpRequest } from '../provider';
import type { Asking } from './acts';

/** Asks one question. */
export type Ask = <T>(request: HttpRequest, parse: (data: unknown) => T) => Promise<T>;

/** Asks anew each time. */
export const fresh =
	(asking: Asking): Ask =>
	async (request, parse) =>
		await asking.read(request, parse);

/** Asks each question once for all items of a run. */
export const shared =
	(asking: Asking): Ask =>
	async (request, parse) =>
		await asking.readOnce(JSON.stringify(request), async () => await asking.read(request, parse));

/** A list that a provider gives page by page. */
export interface List<T> {
	path: string;
	/** @throws UnrecognisedReply for what is no entry of this list */
	entryIn: (entry: unknown) => T;
	idOf: (value: T) => string;
}

/** An entry of a list, read and as it came. */
export interface Listed<T> {
	value: T;
	entry: unknown;
}
