import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';

/** What n8n asked of somebody else's service. */
export interface TheirRequest {
	host: string;
	method: string;
	/** Still percent-encoded, without the query. */
	path: string;
	query: Record<string, string>;
	authorization: string;
	/** Parsed from JSON; null where there was none. */
	body: unknown;
}

/** How a service answers: what becomes JSON. Undefined for what it does not know, which is a mistake of the test. */
export type Service = (request: TheirRequest) => unknown;

/** Services of others, such as Google's, on loopback. */
export interface StandIns {
	/** For n8n, so that what it asks of any other machine comes here. */
	environment: Record<string, string>;
	/** For a service whose address is part of its credential; its host is then `127.0.0.1`. */
	url: string;
	/** In their order, without those that nobody stands in for. */
	requests: TheirRequest[];
	/** Hosts and pages that were asked and that nobody stands in for. */
	unknown: string[];
	close(): Promise<void>;
}

/**
 * Stands in for services by their hosts. n8n is told to reach other machines through a proxy, which is this server: it
 * answers a `CONNECT` itself, with a certificate of its own that n8n is told to trust. Nothing is passed on.
 *
 * @param folder for the certificate
 */
export async function startStandIns(folder: string, services: Record<string, Service>): Promise<StandIns> {
	const requests: TheirRequest[] = [];
	const unknown: string[] = [];
	const certificate = makeCertificate(folder, Object.keys(services));

	async function answer(request: IncomingMessage, response: ServerResponse, host: string): Promise<void> {
		const asked = await readRequest(request, host);
		const json = services[host]?.(asked);
		if (json === undefined) unknown.push(`${asked.method} ${host}${asked.path}`);
		else requests.push(asked);
		response.writeHead(json === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(json ?? { error: 'nobody stands in for this' }));
	}

	const secure = createSecureServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
		void answer(request, response, hostOf(request.headers.host));
	});
	const server = createServer((request, response) => {
		// A proxy is asked for a page on another machine by its whole address.
		const elsewhere = URL.canParse(request.url!) ? new URL(request.url!).host : undefined;
		void answer(request, response, hostOf(elsewhere ?? request.headers.host));
	});
	const open = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		open.add(socket);
		socket.once('close', () => open.delete(socket));
	});
	server.on('connect', (request: IncomingMessage, socket: Socket) => {
		const host = hostOf(request.url);
		if (services[host] === undefined) {
			unknown.push(`CONNECT ${host}`);
			socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		secure.emit('connection', socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		environment: {
			HTTP_PROXY: url,
			HTTPS_PROXY: url,
			NO_PROXY: '127.0.0.1,localhost',
			NODE_EXTRA_CA_CERTS: certificate.file,
		},
		url,
		requests,
		unknown,
		async close() {
			for (const socket of open) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

const hostOf = (address = '') => address.replace(/:\d+$/, '');

async function readRequest(request: IncomingMessage, host: string): Promise<TheirRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const text = Buffer.concat(chunks).toString();
	const { pathname, searchParams } = new URL(request.url!, 'http://host');
	return {
		host,
		method: request.method!,
		path: pathname,
		query: Object.fromEntries(searchParams),
		authorization: request.headers.authorization ?? '',
		body: text === '' ? null : JSON.parse(text),
	};
}

/** A certificate for these hosts that vouches for itself, valid for a day. */
function makeCertificate(folder: string, hosts: string[]): { key: string; cert: string; file: string } {
	const [keyFile, file] = [path.join(folder, 'stand-ins.key'), path.join(folder, 'stand-ins.pem')];
	const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join();
	const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
	const content = ['-subj', '/CN=stand-ins of a test', '-addext', `subjectAltName=${names}`];
	execFileSync('openssl', ['req', ...kind, ...content, '-keyout', keyFile, '-out', file], { stdio: 'pipe' });
	return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}
