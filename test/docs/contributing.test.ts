import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import ts from 'typescript';
import { ClubTextingApi } from '../../credentials/ClubTextingApi.credentials';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { propertiesOf } from '../../nodes/shared/operation/description';
import type { Acting, Resource } from '../../nodes/shared/operation/types';
import { runNode } from '../../nodes/shared/pipeline/runNode';
import { createEngine, type RunNodeOptions } from '../engine';
import { itemsOf, outcomesOf, pairs } from '../harness';

/** The operation that CONTRIBUTING.md shows, as it is written there: it compiles and runs. */
const root = path.join(__dirname, '../..');
const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const [, place, code] = /`(nodes\/\S+\.ts)`:\n\n```ts\n(.*?)```/s.exec(text)!;
const file = path.join(root, place!);

/** Compiles it where it would stand, among the sources, and with the project's own settings. */
function compiled() {
	const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) =>
		readFileSync(name, 'utf8'),
	);
	const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root);
	const host = ts.createCompilerHost({ ...options, noEmit: false });
	const { fileExists, readFile } = host;
	host.fileExists = (name) => name === file || fileExists(name);
	host.readFile = (name) => (name === file ? code : readFile(name));
	const program = ts.createProgram([file], { ...options, noEmit: false, types: ['node'] }, host);
	const source = program.getSourceFile(file)!;
	let javascript = '';
	program.emit(source, (_name, written) => (javascript = written));
	const troubles = ts
		.getPreEmitDiagnostics(program, source)
		.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
	return { troubles, javascript };
}

function loaded(javascript: string): Acting {
	const exported: Record<string, Acting> = {};
	const from = (name: string): unknown => jest.requireActual(path.join(path.dirname(file), name));
	new Function('exports', 'require', javascript)(exported, from);
	return exported.renew!;
}

/** Club Texting, were it to have it: `answer` is the Entry of its replies. */
const requests: Array<{ line: string; body: string }> = [];
let answer: unknown = { Years: 2 };
const server = createServer((request, response) => {
	void bodyOf(request).then((body) => {
		requests.push({ line: `${request.method} ${request.url}`, body });
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry: answer } }));
	});
});

async function bodyOf(request: IncomingMessage): Promise<string> {
	let body = '';
	for await (const chunk of request) body += String(chunk);
	return body;
}

const { troubles, javascript } = compiled();
const TYPE = 'n8n-nodes-messaging-credits.clubTexting';

beforeAll(async () => await once(server.listen(0, '127.0.0.1'), 'listening'));
beforeEach(() => {
	requests.length = 0;
	answer = { Years: 2 };
});
afterAll(() => void server.close());

/** Plays it in a node that has nothing else. */
async function play(items: IDataObject[], parameters: INodeParameters = {}, options: RunNodeOptions = {}) {
	const keyword: Resource = {
		option: { name: 'Keyword', value: 'keyword' },
		operations: [loaded(javascript)],
		default: 'renew',
	};
	class Node extends ClubTexting {
		override description = {
			...new ClubTexting().description,
			properties: propertiesOf([keyword], clubTexting.timeout),
		};
		override execute = async function (this: Parameters<typeof runNode>[0]) {
			return await runNode(this, clubTexting, [keyword]);
		};
	}
	const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const credential = { environment: 'custom', baseUrl, username: 'winnie', password: 'the-pooh' };
	return await createEngine({
		nodes: { [TYPE]: new Node() },
		credentialTypes: [new ClubTextingApi()],
	}).runNode(
		TYPE,
		{ resource: 'keyword', operation: 'renew', keyword: '={{ $json.keyword }}', ...parameters },
		{ credentials: { clubTextingApi: credential }, items, ...options },
	);
}

const two = [{ keyword: 'honey' }, { keyword: 'acorns' }];
const sent = (keyword: string) => ({
	line: `POST /keywords/${keyword}/renewal?format=json`,
	body: 'User=winnie&Password=the-pooh&Years=1',
});

test('it compiles with the project’s settings', () => {
	expect(troubles).toEqual([]);
});

test('it acts once for each item', async () => {
	const result = await play(two);
	expect(itemsOf(result)).toEqual([
		{ keyword: 'honey', years: 2 },
		{ keyword: 'acorns', years: 2 },
	]);
	expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(requests).toEqual([sent('honey'), sent('acorns')]);
});

test('it brings its dry run and its spending limit along', async () => {
	expect(itemsOf(await play(two, { dryRun: true }))).toMatchObject([
		{ dryRun: true, cost: 500, request: { method: 'POST' } },
		{ dryRun: true, cost: 500, request: { method: 'POST' } },
	]);
	const over = await play([...two, { keyword: 'thistles' }]);
	expect(over.error?.message).toContain('come to 1500 credits, and the spending limit is 1000 credits');
	expect(requests).toEqual([]);
});

test('a reply without what it needs is an unknown outcome, and one item’s keyword a wrong one', async () => {
	answer = {};
	const result = await play([...two, { keyword: 'two words' }], {}, { onError: 'continueRegularOutput' });
	expect(outcomesOf(result)).toEqual(['unknown', 'unknown', 'invalid']);
	expect(result.output()[0]?.json.error).toContain('renewed the keyword');
	expect(requests).toEqual([sent('honey'), sent('acorns')]);
});
