import type { Answer, Content, RecordedRequest, Value } from './wire';
import { accept, valueOf, WireMistake } from './wire';

/** What varies on the wire where nothing certain is known. */
export interface WireBooks {
	/** Seed of the next choice: one history of requests gets one history of replies. */
	turn: number;
	/** In place of the status that would come in turn, for every write that may have it. */
	writeStatus: 200 | 201 | 204 | null;
}

export const openWireBooks = (): WireBooks => ({ turn: 0, writeStatus: null });

/** One of the kinds that a reply may have. */
export function vary<T>(books: WireBooks, ...kinds: T[]): T {
	books.turn = (Math.imul(books.turn, 1_664_525) + 1_013_904_223) >>> 0;
	return kinds[(books.turn >>> 16) % kinds.length]!;
}

export type JsonObject = { [key: string]: unknown };

/**
 * The fields of a JSON body; null for what is no object. A field that no document names has no effect, and is written down
 * as a mistake of the client.
 */
export function bodyOf(request: RecordedRequest, known: string[]): JsonObject | null {
	const { json } = request;
	if (typeof json !== 'object' || json === null || Array.isArray(json)) {
		request.mistake ??= 'The body is no JSON object';
		return null;
	}
	const strange = Object.keys(json).filter((name) => !known.includes(name));
	if (strange.length > 0) request.mistake ??= `Unknown fields: ${strange.join(', ')}`;
	return Object.fromEntries(Object.entries(json).filter(([name]) => known.includes(name)));
}

/** A success of a write, with one of the statuses that are met. */
export function wrote(books: WireBooks, content: Value, statuses: Array<200 | 201 | 204>): Answer {
	const pinned = books.writeStatus;
	const status = pinned !== null && (content === null || pinned !== 204) ? pinned : vary(books, ...statuses);
	return accept(status, content as Content | null);
}

/** An error in the provider's shape: its items carry their fields in any mix. */
export function envelope(books: WireBooks, status: number, texts: string[], code?: number): Content {
	const errors = texts.map((message): Value => {
		const named = String(code ?? status);
		if (code !== undefined) return { code: named, message };
		return vary<Value>(
			books,
			{ message },
			{ code: named, message },
			{ title: 'Error', message },
			{ code: named, title: 'Error', message },
		);
	});
	return { status, title: texts[0]!, ...vary<Content>(books, {}, { detail: texts.join('; ') }), errors };
}

/** Filters by field and operator, such as `optOut.eq`. Others are ignored, and are a mistake of the client. */
export function filtersIn(request: RecordedRequest, ...known: string[][]): Map<string, string> {
	const found = new Map<string, string>();
	for (const [name, value] of request.query) {
		const [, field, op] = /^filters\[(\w+)\]\[(\w+)\]$/.exec(name) ?? [];
		if (field === undefined) continue;
		if (known.flat().includes(`${field}.${op}`)) found.set(`${field}.${op}`, value);
		else request.mistake ??= `Unknown filter '${name}'`;
	}
	return found;
}

/** A page of a list. */
export function listed(books: WireBooks, request: RecordedRequest, rows: Value[]): Answer {
	const strange = request.query
		.map(([name]) => name)
		.filter((name) => !/^(page|size|sort|filters\[.+)$/.test(name));
	if (strange.length > 0) throw new WireMistake(400, `Unknown query parameter '${strange[0]}'`);
	const bad = (text: string): Answer => ({
		status: 400,
		content: envelope(books, 400, [text]),
		accepted: false,
	});
	const size = valueOf(request.query, 'size') ?? '20';
	if (!['10', '20', '50', '100', '200'].includes(size)) return bad(`No enum constant PageSize.${size}`);
	const page = valueOf(request.query, 'page') ?? '0';
	if (!/^\d+$/.test(page)) return bad('page is not a number');
	const sort = valueOf(request.query, 'sort');
	if (sort !== undefined && !/^\w+,(asc|desc)$/.test(sort)) return bad('Sorting Failure');
	const [number, pageSize] = [Number(page), Number(size)];
	const content = rows.slice(number * pageSize, (number + 1) * pageSize);
	const totalPages = Math.ceil(rows.length / pageSize);
	return accept(200, {
		content,
		pageable: {
			pageNumber: number,
			pageSize,
			offset: number * pageSize,
			sort: { sorted: sort !== undefined },
		},
		totalPages,
		totalElements: rows.length,
		numberOfElements: content.length,
		first: number === 0,
		last: number >= totalPages - 1,
		number,
		sort: { sorted: sort !== undefined },
	});
}
