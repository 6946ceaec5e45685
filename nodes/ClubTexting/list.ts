import { isRefused, OperationError, orElse } from '../shared/errors';
import { objectIn, UnrecognisedReply } from '../shared/http/response';
import type { Ask, List, Listed } from '../shared/operation/lists';
import { NOTHING_FOUND } from './refusals';

/** So many are asked for with a page. Live clients of others ask for 100 and for 200. */
const PER_PAGE = 100;
/** So many has a page unless more are asked for. Source: Club Texting, samples for contacts and groups. */
export const PER_PAGE_UNASKED = 10;

/**
 * The entries of a list, page by page, up to a limit. No reply tells how many there are: the last page is the one that is
 * shorter than the page before it, or than the ten of a page for which nothing is asked. The first page is 1.
 *
 * Not confirmed with a live account: how many entries a page has at most (where it has fewer than asked for, the next is
 * read all the same), and how an empty list is written (without entries, or as a refusal because nothing was found: both
 * are taken for one). Were the page ignored, the node would say that the list repeats itself.
 *
 * @param limit Infinity for all
 */
export async function entriesOf<T>(
	ask: Ask,
	{ path, entryIn, idOf }: List<T>,
	query: Record<string, string>,
	limit: number,
): Promise<Array<Listed<T>>> {
	const found = new Map<string, Listed<T>>();
	const itemsPerPage = String(Math.min(limit, PER_PAGE));
	for (let page = 1, before = PER_PAGE_UNASKED; ; page++) {
		const request = { method: 'GET' as const, path, query: { ...query, itemsPerPage, page: String(page) } };
		const isAfterFull = page > 1 && String(before) === itemsPerPage;
		const entries = await orElse(
			ask(request, (data) => {
				const listed = entriesIn(data).map((entry) => ({ value: entryIn(entry), entry }));
				// A shorter one is the end of the list, pushed on by what has come in meanwhile.
				const isFull = listed.length >= before;
				if (page > 1 && isFull && listed.every(({ value }) => found.has(idOf(value)))) {
					throw new UnrecognisedReply(`page ${page} of the list repeats what came before it`);
				}
				return listed;
			}),
			[],
			isAfterFull ? endsIn : isNothingFound,
		);
		for (const listed of entries) if (!found.has(idOf(listed.value))) found.set(idOf(listed.value), listed);
		if (entries.length < before || found.size >= limit) return [...found.values()].slice(0, limit);
		before = entries.length;
	}
}

/**
 * The entries of a reply: a JSON list, one whose places are keys, as PHP writes a list with a gap, or XML's elements. A
 * single one may arrive without a list.
 *
 * @throws UnrecognisedReply for a reply that is no list
 */
export function entriesIn(data: unknown): unknown[] {
	if (!('Entries' in objectIn(data))) throw new UnrecognisedReply('the reply is no list');
	const { Entries: entries = '' } = objectIn(data);
	if (entries === null || entries === '') return [];
	if (typeof entries !== 'object') throw new UnrecognisedReply('the reply has no list that could be read');
	const listed = 'Entry' in entries ? entries.Entry : entries;
	return placesIn(listed) ?? [listed];
}

/** What stands in a list, or in an object whose keys are places, in the order of the places; undefined for anything else. */
function placesIn(value: unknown): unknown[] | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	return Object.keys(value).every((place) => /^\d+$/.test(place)) ? Object.values(value) : undefined;
}

/** Whether the provider has refused because there is nothing. */
export function isNothingFound(error: unknown): boolean {
	return isRefused(error) && NOTHING_FOUND.test(error.message);
}

/** Behind a last page that was full, a client of others has met HTTP 200 with a page for people. */
function endsIn(error: unknown): boolean {
	if (!(error instanceof OperationError) || error.outcome !== 'unknown') return isNothingFound(error);
	return /(?:a web page|plain text|an empty reply) came back \(HTTP 200\)/.test(error.message);
}
