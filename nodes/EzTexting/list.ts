import { objectIn, numberIn, UnrecognisedReply } from '../shared/http/response';
import type { Ask, List, Listed } from '../shared/operation/lists';

/** What is asked of a list. */
interface Question<T> {
	query?: Record<string, string>;
	/** The provider ignores filters that it does not know: what comes is looked at again. */
	fits?: (value: T) => boolean;
	/** Infinity for all. */
	limit: number;
}

/** The sizes that a page may have. Source: EZ Texting, guide "Pagination". */
const SIZES = [10, 20, 50, 100, 200];

/**
 * The entries of a list that fit, page by page from 0 on, up to a limit.
 *
 * @throws OperationError `unknown` for a list that repeats itself, or is shorter than it says
 */
export async function entriesOf<T>(
	ask: Ask,
	{ path, entryIn, idOf }: List<T>,
	{ query = {}, fits = () => true, limit }: Question<T>,
): Promise<Array<Listed<T>>> {
	const seen = new Set<string>();
	const found: Array<Listed<T>> = [];
	const size = SIZES.find((each) => each >= limit) ?? 200;
	// The fewest that it has said: what comes in meanwhile moves the others on, and is not among what was there.
	let total = Infinity;
	for (let page = 0; ; page++) {
		const request = {
			method: 'GET' as const,
			path,
			query: { ...query, page: String(page), size: String(size) },
		};
		const { listed, isLast } = await ask(request, (data) => {
			const read = pageIn(data, entryIn, size);
			const ids = read.listed.map(({ value }) => idOf(value));
			const fresh = new Set(ids.filter((id) => !seen.has(id)));
			if (ids.length > 0 && fresh.size === 0)
				throw new UnrecognisedReply(`page ${page + 1} of the list repeats what came before it`);
			const count = seen.size + fresh.size;
			total = Math.min(total, read.total);
			if (read.isLast && count < total)
				throw new UnrecognisedReply(`the list ends after ${count}, and says that it has ${total}`);
			return read;
		});
		for (const each of listed) {
			const id = idOf(each.value);
			if (seen.has(id)) continue;
			seen.add(id);
			if (fits(each.value)) found.push(each);
		}
		if (isLast || found.length >= limit) return found.slice(0, limit);
	}
}

function pageIn<T>(data: unknown, entryIn: (entry: unknown) => T, size: number) {
	const { content, last, totalElements } = objectIn(data);
	if (!Array.isArray(content)) throw new UnrecognisedReply('the reply is no list');
	const listed = content.map((entry: unknown) => ({ value: entryIn(entry), entry }));
	const isLast = listed.length === 0 || (typeof last === 'boolean' ? last : listed.length < size);
	// A total of 0 where it is not said.
	return { listed, isLast, total: numberIn(totalElements) ?? 0 };
}

/** A filter, as the query of a list has it. */
export function filter(field: string, operator: 'eq' | 'like' | 'gte' | 'lte', value: string) {
	return { [`filters[${field}][${operator}]`]: value };
}
