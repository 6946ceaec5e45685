import type { Part } from './multipart';

/** The providers as the simulator names them; the same names stand on `Simulator`. */
export type ProviderName = 'click2mail' | 'clubTexting' | 'ezTexting' | 'mailPartner';

export type Format = 'json' | 'xml';

export type Pair = [name: string, value: string];

/** What a reply says, before it is written as JSON or XML. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Content = { [key: string]: Value };

/** A request as it arrived. */
export interface RecordedRequest {
	provider: ProviderName;
	/** Name of the operation as the nodes call it, `redirected` or `unknown`. */
	operation: string;
	method: string;
	/** Path below the provider's base URL, still percent-encoded, without the query. */
	path: string;
	query: Pair[];
	headers: Record<string, string>;
	/** Media type without its parameters, in lower case; empty when there was none. */
	contentType: string;
	/** The decoded fields in their order, for a form body. */
	form: Pair[] | null;
	/** The decoded body, for a JSON body, whatever it is called. */
	json: unknown;
	rawBody: string;
	/** The parts of a multipart body. */
	parts: Part[] | null;
	/** `performance.now()`, milliseconds. */
	arrivedAt: number;
	/** The HTTP status of the reply, or the fault that took its place; null while there is neither. */
	answeredWith: number | string | null;
	/** The fault that was applied, if any. */
	fault: string | null;
	/** Whether the provider acted on the request (refusing it counts as acting). */
	processed: boolean;
	/** What is wrong with the request itself: something no document of the provider knows. */
	mistake: string | null;
}

/** A reply before it is written. `content` as text is sent as `text/plain`; null is an empty body. */
export interface Answer {
	status: number;
	content: Content | string | null;
	/** True only where the provider did or read what was asked. */
	accepted: boolean;
	headers?: Record<string, string>;
}

export interface Route {
	method: 'get' | 'post' | 'delete';
	/** Express path below the provider's base URL. */
	path: string;
	operation: string;
	/** `inPath` is the value of the one parameter that the path may have. */
	answer(request: RecordedRequest, inPath: string): Answer;
}

/** What the server has to know of a provider. */
export interface Provider {
	name: ProviderName;
	/** Where the provider's base URL begins on this server, such as `/clubtexting`. */
	prefix: string;
	routes: Route[];
	/** Answers in place of the operation, such as for too many requests; null lets the request through. */
	gate?(request: RecordedRequest): Answer | null;
	/** Forgets what is not in the books, such as when requests arrived. */
	forget?(): void;
	/** The format asked for. */
	format(request: RecordedRequest): Format;
	write(content: Content, format: Format): string;
	contentTypes: Record<Format, string>;
	/** A refusal in the provider's own shape. */
	refuse(status: number, texts: string[], code?: number): Answer;
	/** What it says with an HTTP status that has nothing to do with the request, and when it refuses in an HTTP 200. */
	refusals: Record<200 | 401 | 403 | 429 | 500, Answer>;
	/** By operation: the keys without which a success can't be told from anything else. */
	essentialKeys: Record<string, string[]>;
}

/** A request that no document of the provider describes: a mistake in the client, never a provider's refusal. */
export class WireMistake extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

export function accept(status: number, content: Content | null): Answer {
	return { status, content, accepted: true };
}

/** Refuses names that are not allowed, and single names that come twice. Names that end in `[]` may repeat. */
export function checkNames(pairs: Pair[], allowed: readonly string[], where: string): void {
	const seen = new Set<string>();
	for (const [name] of pairs) {
		if (!allowed.includes(name)) throw new WireMistake(422, `Unknown ${where} '${name}'`);
		if (seen.has(name) && !name.endsWith('[]'))
			throw new WireMistake(422, `The ${where} '${name}' came twice`);
		seen.add(name);
	}
}

/** The value of the first pair of that name. */
export function valueOf(pairs: Pair[], name: string): string | undefined {
	return pairs.find((pair) => pair[0] === name)?.[1];
}

/** All values of one name, in their order. */
export function valuesOf(pairs: Pair[], name: string): string[] {
	return pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]);
}

/** The form of a POST. */
export function formOf(request: RecordedRequest): Pair[] {
	if (request.form === null)
		throw new WireMistake(415, `Expected application/x-www-form-urlencoded, got '${request.contentType}'`);
	return request.form;
}

export function refuseBody(request: RecordedRequest): void {
	if (request.rawBody !== '') throw new WireMistake(422, `A ${request.method} here has no body`);
}

/** Every value that a request carried, with the name it stood under, for a provider that repeats its input. */
export function everythingIn(request: RecordedRequest): Pair[] {
	const found: Pair[] = [...request.query, ...(request.form ?? []), ...leavesOf('body', request.json)];
	const authorization = request.headers.authorization;
	if (authorization !== undefined) {
		found.push(['authorization', authorization]);
		const basic = basicCredentials(authorization);
		if (basic !== null) found.push(['username', basic.username], ['password', basic.password]);
	}
	const query = new URLSearchParams(request.query).toString();
	if (query !== '') found.push(['query', query]);
	if (request.rawBody !== '') found.push(['body', request.rawBody]);
	return found;
}

function leavesOf(name: string, value: unknown): Pair[] {
	if (typeof value === 'object' && value !== null)
		return Object.entries(value).flatMap(([key, child]) => leavesOf(key, child));
	return value === undefined || value === null ? [] : [[name, String(value)]];
}

/** The user name and password of a Basic `Authorization` header. */
export function basicCredentials(authorization: string): { username: string; password: string } | null {
	const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(authorization)?.[1];
	if (encoded === undefined) return null;
	const decoded = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = decoded.indexOf(':');
	return colon < 0 ? null : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
