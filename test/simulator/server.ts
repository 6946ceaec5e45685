import express from 'express';
import type { Request, Response } from 'express';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Fault, FaultOrders } from './faults';
import { readMultipart } from './multipart';
import { WireMistake, everythingIn } from './wire';
import type { Answer, Content, Format, Provider, RecordedRequest, Route, Value } from './wire';

/** What is written on the connection. */
interface Written {
	status: number;
	headers: Record<string, string>;
	body: string;
}

export interface ProviderServer {
	url: string;
	requests: RecordedRequest[];
	/** Ends the connections of requests that wait for an answer; idle ones stay, for clients that keep them. */
	dropUnanswered(): void;
	close(): Promise<void>;
}

export interface ServerOptions {
	providers: Provider[];
	faults: FaultOrders;
	port: number;
	/** False where a long run shall not keep its requests in memory. */
	record: boolean;
	/** Routes of the simulator itself. */
	control: express.Router;
	watch?: Watch;
}

/** Sees a request before the provider acts on it and before it is answered; where it says false, the connection breaks. */
export type Watch = (request: RecordedRequest, moment: 'arrived' | 'acted') => boolean;

/** How much of a body with files is kept as text, in bytes. */
const LONGEST_MULTIPART = 8192;

const html502 =
	'<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';
const maintenancePage =
	'<!DOCTYPE html>\n<html lang="en">\n<head><title>Scheduled maintenance</title></head>\n<body><h1>We will be back soon</h1></body>\n</html>\n';

/** Starts one HTTP server on 127.0.0.1 that answers for all providers. */
export async function startServer(options: ServerOptions): Promise<ProviderServer> {
	const { providers, faults } = options;
	const requests: RecordedRequest[] = [];
	const timers = new Set<NodeJS.Timeout>();
	const unanswered = new Set<Response>();
	const arrivals = new WeakMap<Request, number>();
	const app = express();
	app.disable('x-powered-by');
	app.set('case sensitive routing', true);
	app.set('strict routing', true);
	app.use((req, _res, next) => {
		arrivals.set(req, performance.now());
		next();
	});
	app.use(express.raw({ type: () => true, limit: '50mb' }));
	for (const provider of providers) app.use(provider.prefix, routerOf(provider));
	app.use(options.control);

	function routerOf(provider: Provider): express.Router {
		const router = express.Router({ caseSensitive: true, strict: true });
		for (const route of provider.routes)
			router[route.method](route.path, (req, res) => {
				const request = record(provider, route.operation, req);
				const inPath = String(Object.values(req.params)[0] ?? '');
				answer(provider, request, () => route.answer(request, inPath), res);
			});
		router.all('/redirected', (req, res) => {
			const request = record(provider, 'redirected', req);
			finish(request, res, text(200, 'A redirect was followed to here'));
		});
		router.use((req, res) => {
			const request = record(provider, 'unknown', req);
			const status = isKnownPath(provider.routes, req.path) ? 405 : 404;
			mistake(request, res, new WireMistake(status, `Nothing answers to ${req.method} ${req.path}`));
		});
		return router;
	}

	function record(provider: Provider, operation: string, req: Request): RecordedRequest {
		const { pathname, searchParams } = new URL(req.originalUrl, 'http://127.0.0.1');
		const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
		const header = req.headers['content-type'] ?? '';
		const isMultipart = header.startsWith('multipart/');
		const rawBody = bytes.toString('utf8', 0, isMultipart ? LONGEST_MULTIPART : undefined);
		const contentType = header.replace(/;.*/s, '').trim().toLowerCase();
		const request: RecordedRequest = {
			provider: provider.name,
			operation,
			method: req.method,
			path: pathname.slice(provider.prefix.length),
			query: [...searchParams],
			headers: Object.fromEntries(
				Object.entries(req.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
			),
			contentType,
			form: contentType === 'application/x-www-form-urlencoded' ? [...new URLSearchParams(rawBody)] : null,
			json: contentType === 'application/json' || /^\s*\{/.test(rawBody) ? parsed(rawBody) : undefined,
			rawBody,
			parts: isMultipart ? readMultipart(header, bytes) : null,
			arrivedAt: arrivals.get(req) ?? performance.now(),
			answeredWith: null,
			fault: null,
			processed: false,
			mistake: null,
		};
		if (options.record) requests.push(request);
		return request;
	}

	function answer(provider: Provider, request: RecordedRequest, process: () => Answer, res: Response): void {
		try {
			if (isBroken(request, 'arrived', res)) return;
			const gated = provider.gate?.(request) ?? null;
			if (gated) return finish(request, res, written(provider, request, gated));
			const act = (): Answer => {
				const given = process();
				request.processed = true;
				return given;
			};
			// Asked before anything is done: a request without a right format has no effect.
			provider.format(request);
			const fault = faults.take(provider.name, request.operation);
			if (fault === null) {
				const given = act();
				if (isBroken(request, 'acted', res)) return;
				return finish(request, res, written(provider, request, given));
			}
			request.fault = fault.fault;
			applyFault(fault, provider, request, act, res);
		} catch (error) {
			if (!(error instanceof WireMistake)) throw error;
			mistake(request, res, error);
		}
	}

	function isBroken(request: RecordedRequest, moment: 'arrived' | 'acted', res: Response): boolean {
		if (options.watch?.(request, moment) ?? true) return false;
		request.answeredWith = moment === 'acted' ? 'resetAfter' : 'resetBefore';
		res.socket?.resetAndDestroy();
		return true;
	}

	function applyFault(
		fault: Fault,
		provider: Provider,
		request: RecordedRequest,
		act: () => Answer,
		res: Response,
	): void {
		const reply = (given: Answer) => finish(request, res, written(provider, request, given));
		switch (fault.fault) {
			case 'timeoutBefore':
			case 'timeoutAfter':
				if (fault.fault === 'timeoutAfter') act();
				request.answeredWith = fault.fault;
				waitWith(res);
				return;
			case 'resetBefore':
			case 'resetAfter':
				if (fault.fault === 'resetAfter') act();
				request.answeredWith = fault.fault;
				res.socket?.resetAndDestroy();
				return;
			case 'status401':
				return reply(provider.refusals[401]);
			case 'status403':
				return reply(provider.refusals[403]);
			case 'status429':
				return reply({
					...provider.refusals[429],
					headers:
						fault.retryAfter === undefined ? provider.refusals[429].headers : retryAfter(fault.retryAfter),
				});
			case 'status503':
				return finish(request, res, text(503, 'Service Unavailable', retryAfter(fault.retryAfter)));
			case 'status500':
				if (fault.processed !== false) act();
				return reply(provider.refusals[500]);
			case 'status502Html':
				if (fault.processed !== false) act();
				return finish(request, res, { ...text(502, html502), headers: { 'Content-Type': 'text/html' } });
			case 'htmlPage':
				return finish(request, res, {
					...text(200, maintenancePage),
					headers: { 'Content-Type': 'text/html; charset=utf-8' },
				});
			case 'refusalIn200':
				if (fault.text === undefined) return reply(provider.refusals[200]);
				return reply(provider.refuse(200, [fault.text], fault.code));
			case 'echoSecrets': {
				const repeated = everythingIn(request).map(([name, value]) => `${name}: '${value}' is not valid`);
				return reply(provider.refuse(fault.status ?? 400, repeated));
			}
			case 'redirect':
				return finish(request, res, {
					...text(fault.status ?? 302, ''),
					headers: { Location: `${url}${provider.prefix}/redirected` },
				});
			case 'body':
				if (fault.processed) act();
				return finish(request, res, {
					status: fault.status ?? 200,
					headers: { 'Content-Type': fault.contentType ?? 'application/json' },
					body: fault.body,
				});
			case 'emptyBody':
				return finish(request, res, { ...written(provider, request, act()), body: '' });
			case 'truncatedBody': {
				const whole = written(provider, request, act());
				const body = whole.body.slice(0, Math.floor(whole.body.length / 2));
				if (!fault.hangUp) return finish(request, res, { ...whole, body });
				request.answeredWith = fault.fault;
				res.writeHead(whole.status, {
					...whole.headers,
					'Content-Length': Buffer.byteLength(whole.body),
				});
				res.write(body, () => res.socket?.end());
				return;
			}
			case 'otherFormat': {
				const other = provider.format(request) === 'json' ? 'xml' : 'json';
				return finish(request, res, written(provider, request, act(), other));
			}
			case 'withoutId': {
				const given = act();
				const keys = fault.keys ?? provider.essentialKeys[request.operation] ?? [];
				const content = given.content;
				if (!given.accepted || content === null || typeof content === 'string') return reply(given);
				return reply({ ...given, content: without(content, keys) as Content });
			}
			case 'oversizedReply': {
				const given = act();
				const content = given.content;
				if (content === null || typeof content === 'string') return reply(given);
				const padding = 'x'.repeat((fault.megabytes ?? 5) * 1024 * 1024);
				return reply({ ...given, content: { ...content, Padding: padding } });
			}
			case 'slowReply': {
				const given = act();
				const timer = setTimeout(() => {
					timers.delete(timer);
					reply(given);
				}, fault.delayMs ?? 300);
				timers.add(timer);
				waitWith(res);
				return;
			}
		}
	}

	const server = createServer(app);
	// A client's pooled connection must not be closed under it: that would be a fault nobody ordered.
	server.keepAliveTimeout = 600_000;
	server.requestTimeout = 0;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, '127.0.0.1', resolve);
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	function waitWith(res: Response): void {
		unanswered.add(res);
		res.once('close', () => unanswered.delete(res));
	}

	function dropUnanswered(): void {
		for (const timer of timers) clearTimeout(timer);
		timers.clear();
		for (const res of unanswered) res.socket?.destroy();
	}

	return {
		url,
		requests,
		dropUnanswered,
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			dropUnanswered();
			server.closeAllConnections();
			await closed;
		},
	};
}

function isKnownPath(routes: Route[], path: string): boolean {
	return routes.some((route) => new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(path));
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

function written(
	provider: Provider,
	request: RecordedRequest,
	given: Answer,
	format: Format = provider.format(request),
): Written {
	const headers = { 'Content-Type': provider.contentTypes[format], ...given.headers };
	if (given.content === null) return { status: given.status, headers, body: '' };
	if (typeof given.content === 'string') return text(given.status, given.content, given.headers);
	return { status: given.status, headers, body: provider.write(given.content, format) };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Written {
	return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body };
}

function retryAfter(value: number | string | undefined): Record<string, string> {
	return value === undefined ? {} : { 'Retry-After': String(value) };
}

function finish(request: RecordedRequest, res: Response, { status, headers, body }: Written): void {
	request.answeredWith = status;
	const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) };
	res.writeHead(status, { ...headers, ...length });
	res.end(body);
}

function mistake(request: RecordedRequest, res: Response, error: WireMistake): void {
	request.mistake = error.message;
	finish(request, res, text(error.status, `Simulator: ${error.message}\n`));
}

/** The same without some keys, however deep they stand. */
function without(value: Value, keys: string[]): Value {
	if (Array.isArray(value)) return value.map((child) => without(child, keys));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => !keys.includes(key))
			.map(([key, child]) => [key, without(child, keys)]),
	);
}
