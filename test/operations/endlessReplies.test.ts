import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';
import { openBench, outcomesOf } from '../harness';

const bench = openBench();

/** How one request is answered. */
type Answer = (socket: Socket) => void | Promise<void>;

let server: Server;
let answer: Answer;
let requests = 0;
const closed: Array<Promise<void>> = [];

beforeAll(async () => {
	server = createServer((request, response) => {
		request.resume();
		// What is there before and after, where a service asks for it.
		if (request.method === 'GET') return void response.end('{"totalCredits":200}');
		requests++;
		const socket = response.socket!;
		closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
		socket.on('error', () => undefined);
		void answer(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
	requests = 0;
	closed.length = 0;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

const head = (headers: string[] = []) =>
	['HTTP/1.1 200 OK', 'Content-Type: application/json', 'Connection: close', ...headers, '', ''].join('\r\n');

/** The beginning of a compressed body whose 65,535 bytes follow as they are. */
const STORED = '\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\xff\xff\0\0';

/** A byte now and then, as long as somebody listens. */
const drip =
	(first: string): Answer =>
	async (socket) => {
		socket.write(first, 'latin1');
		while (!socket.destroyed) {
			socket.write(' ');
			await wait(20);
		}
	};

const BUY: INodeParameters = {
	resource: 'credit',
	operation: 'buy',
	numberOfCredits: 1000,
	storedCardLastFour: '={{ $json.card }}',
};
const two = [{ card: '1111' }, { card: '4444' }];

/** Who sells credits, and how it says that they are bought. */
const services = [
	{
		provider: 'clubTexting' as const,
		parameters: { paymentMethod: 'storedCard' },
		success: (more = '') =>
			`{"Response":{"Status":"Success","Code":201,"Entry":{"BoughtCredits":1000,"TotalCredits":1200${more}}}}`,
	},
	{ provider: 'ezTexting' as const, parameters: {}, success: (more = '') => `{"purchased":true${more}}` },
];
type Service = (typeof services)[number];

describe.each(services)('$provider', (service) => {
	const { success } = service;
	const buy = async (options: IDataObject) => await bought(service, options);

	describe('a timeout is the longest that a reply may take', () => {
		test.each<[string, Answer]>([
			['a body that drips', drip(`${head()}{`)],
			['a compressed body that drips', drip(`${head(['Content-Encoding: gzip'])}${STORED}`)],
			['headers that drip', drip('HTTP/1.1 200 OK\r\nX-Padding: ')],
			['nothing at all', () => undefined],
		])('%s: unknown, and the connection is closed', async (_name, given) => {
			answer = given;
			const result = await buy({ timeout: 300 });
			expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
			expect(result.output()[0]!.json.error).toContain('no answer came within 0.3 s');
			expect(result.output().map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
			expect(requests).toBe(2);
			await Promise.all(closed);
		});

		test('a slow reply that is whole in time is a success', async () => {
			answer = async (socket) => {
				const text = success();
				socket.write(head());
				for (const part of [text.slice(0, 10), text.slice(10)]) {
					await wait(100);
					socket.write(part);
				}
				socket.end();
			};
			const result = await buy({ timeout: 60_000 });
			expect(outcomesOf(result)).toEqual(['success', 'success']);
			expect(result.output()[1]!.json).toMatchObject({ boughtCredits: 1000 });
		});
	});

	describe('a reply that is longer than any', () => {
		test.each<[string, Answer]>([
			[
				'compressed, without end',
				async (socket) => {
					socket.write(head(['Content-Encoding: gzip']));
					const gzip = createGzip({ level: 9 });
					gzip.pipe(socket, { end: false });
					const megabyte = Buffer.alloc(1_000_000, 'x');
					while (!socket.destroyed) await new Promise((resolve) => gzip.write(megabyte, resolve));
					gzip.destroy();
				},
			],
			[
				'plain, without end',
				async (socket) => {
					socket.write(head());
					const some = Buffer.alloc(100_000, 'x');
					while (!socket.destroyed) await new Promise((resolve) => socket.write(some, resolve));
				},
			],
		])('%s: is cut off, and unknown', async (_name, given) => {
			answer = given;
			const result = await buy({ timeout: 600_000 });
			expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
			expect(result.output()[1]!.json.error).toContain('a reply of more than 1000000 characters');
			await Promise.all(closed);
		});

		test('a short one is unpacked, though nobody has asked for that', async () => {
			answer = (socket) => {
				socket.write(head(['Content-Encoding: gzip']));
				socket.end(gzipSync(success()));
			};
			expect(outcomesOf(await buy({}))).toEqual(['success', 'success']);
		});
	});

	test.each([101, 6000, 400_000])(
		'a success that is nested %d deep is unknown, never invalid',
		async (depth) => {
			answer = (socket) => {
				const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
				socket.end(`${head()}${success(`,"More":${deep}`)}`);
			};
			const result = await buy({ includeRawReply: true });
			expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
			expect(result.output()[0]!.json.error).toContain('JSON that is nested too deep came back (HTTP 200)');
		},
	);
});

async function bought({ provider, parameters }: Service, options: IDataObject) {
	const { port } = server.address() as AddressInfo;
	const credentials = credentialsFor(bench.simulator);
	const baseUrl = `http://127.0.0.1:${port}`;
	const api = `${provider}Api` as const;
	return await openEngine().runNode(
		nodeTypes[provider],
		{ ...BUY, ...parameters, options } as INodeParameters,
		{
			credentials: { ...credentials, [api]: { ...credentials[api], environment: 'custom', baseUrl } },
			items: two,
			onError: 'continueRegularOutput',
		},
	);
}
