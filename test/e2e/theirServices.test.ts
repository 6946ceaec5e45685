import type { INodeParameters } from 'n8n-workflow';

import { newFolder, openBed, useBed } from './bed';
import { readExamples } from './examples';
import {
	type Credential,
	type StoredWorkflow,
	activate,
	createCredential,
	createWorkflow,
	getExecution,
	listExecutions,
	newExecution,
	outputs,
	run,
} from './rest';
import { type StandIns, startStandIns } from './standIns';
import { CHANNEL, SPREADSHEET, googleSheets, setUp, slack, wooCommerce } from './theirServices';
import { until } from './until';

/** Workflows of the gallery from end to end: n8n's own nodes at work, with Google, Slack and a shop on loopback. */
const sheet = googleSheets([]);
const shop = wooCommerce();
let standIns: StandIns;
const theirs: Record<string, Credential> = {};

const bed = useBed(async () => {
	standIns = await startStandIns(newFolder('stand-ins'), {
		'sheets.googleapis.com': sheet.answer,
		'slack.com': slack,
		'127.0.0.1': shop.answer,
	});
	return await openBed('their-services', { environment: standIns.environment });
});

beforeAll(async () => {
	const create = async (node: string, type: string, data: object) => {
		theirs[`n8n-nodes-base.${node}`] = await createCredential(bed.rest, type, { ...data });
	};
	await create('googleSheets', 'googleSheetsOAuth2Api', {
		clientId: 'a client',
		clientSecret: 'of a test',
		oauthTokenData: { access_token: 'google-token', token_type: 'Bearer' },
	});
	await create('slack', 'slackApi', { accessToken: 'slack-token' });
	await create('wooCommerceTrigger', 'wooCommerceApi', {
		url: standIns.url,
		consumerKey: 'shop-key',
		consumerSecret: 'shop-password',
	});
});
beforeEach(() => void standIns.requests.splice(0));
afterEach(() => expect(standIns.unknown).toEqual([]));
afterAll(async () => await standIns.close());

/** Open now, whatever the hour is. */
const hour = (from: number) => `${String((new Date().getUTCHours() + 24 + from) % 24).padStart(2, '0')}:00`;
const openNow = { from: hour(-6), to: hour(6), timeZone: 'UTC' };

/** The example as its user has it, with these options of a node changed. */
async function stored(id: string, node: string, changed: INodeParameters = {}): Promise<StoredWorkflow> {
	const examples = await readExamples(bed.credentials, 'examples/workflows');
	const workflow = setUp(
		examples.find((example) => example.id === id)!,
		theirs,
	);
	const own = workflow.nodes.find(({ name }) => name === node)!;
	own.parameters = { ...own.parameters, ...changed };
	if (own.parameters.options && 'sendingWindow' in (own.parameters.options as INodeParameters))
		own.parameters.options = { ...(own.parameters.options as INodeParameters), sendingWindow: openNow };
	return await createWorkflow(bed.rest, workflow);
}
/** The texts that left, as forms without the log-in. */
const texts = () =>
	bed.simulator.requests
		.filter(({ operation }) => operation === 'send')
		.map(({ form }) => form!.filter(([name]) => !['User', 'Password'].includes(name)));
const text = (numbers: string[], message: string) => [
	...numbers.map((number) => ['PhoneNumbers[]', number]),
	['Message', message],
	['MessageTypeID', '1'],
];

test('a sheet becomes a campaign, and each row gets its outcome', async () => {
	const page = `/v4/spreadsheets/${SPREADSHEET}`;
	const reason = `invalid: “Phone Numbers” contains "555-0199", which is not the number of a mobile phone in the United States or Canada: it has 7 digits instead of ten [item 1]. Write its ten digits like (212) 345-6785 or +1 212 345 6785.`;
	sheet.rows.push(
		['Name', 'Phone', 'Outcome'],
		['Maria', '(212) 555-0143', ''],
		['Jon', '555-0199', ''],
		['Ines', 3475550126, ''],
	);
	bed.simulator.clubTexting.books.localOptOuts.add('3475550126');
	const execution = await run(bed.rest, await stored('exampleSheetCampaign', 'Send'));
	expect(execution.status).toBe('success');

	const [{ messageId }] = outputs(execution, 'Send')[0] as [{ messageId: string }];
	expect(texts()).toEqual([
		text(['2125550143', '3475550126'], 'Our spring sale starts on Friday. Reply STOP to opt out.'),
	]);
	const [sent, optedOut] = [`sent, message ${messageId}`, 'opted out'];
	expect(sheet.rows.map((row) => row[2])).toEqual(['Outcome', sent, reason, optedOut]);
	expect(standIns.requests.filter(({ method }) => method === 'POST')).toEqual(
		[
			[
				{ range: 'Sheet1!C2', values: [[sent]] },
				{ range: 'Sheet1!C4', values: [[optedOut]] },
			],
			[{ range: 'Sheet1!C3', values: [[reason]] }],
		].map((data) => ({
			host: 'sheets.googleapis.com',
			method: 'POST',
			path: `${page}/values:batchUpdate`,
			query: {},
			authorization: 'Bearer google-token',
			body: { data, valueInputOption: 'USER_ENTERED' },
		})),
	);
	const reads = standIns.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);
	expect(new Set(reads)).toEqual(new Set([page, `${page}/values/'Sheet1'`]));
});

test('each status of an order is texted once, however often the shop reports it', async () => {
	const workflow = await stored('exampleWooOrderStatus', 'Tell Customer');
	await activate(bed.rest, workflow);
	const asked = { host: '127.0.0.1', path: '/wp-json/wc/v3/webhooks' };
	const authorization = `Basic ${Buffer.from('shop-key:shop-password').toString('base64')}`;
	const url = expect.stringContaining(`${bed.main.url}/webhook/`) as string;
	const secret = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
	expect(standIns.requests).toEqual([
		{ ...asked, authorization, method: 'GET', query: { status: 'active', per_page: '100' }, body: null },
		{
			...asked,
			authorization,
			method: 'POST',
			query: {},
			body: { delivery_url: url, topic: 'order.updated', secret },
		},
	]);

	const order = (id: number, status: string, phone: string, first_name: string) => ({
		id,
		status,
		billing: { first_name, phone },
	});
	const report = async (...given: Parameters<typeof order>) => {
		const before = (await listExecutions(bed.rest, workflow.id)).length;
		expect(await shop.report(order(...given))).toBe(200);
		return await newExecution(bed.rest, workflow.id, before + 1);
	};
	const first = await report(1042, 'completed', '(212) 555-0143', 'Maria');
	expect(outputs(first, 'Told')).toMatchObject([[{ recipients: ['2125550143'] }]]);
	const again = await report(1042, 'completed', '(212) 555-0143', 'Maria');
	expect(outputs(again, 'Told')).toEqual([[{ skipped: true, idempotencyKey: 'order-1042-completed' }]]);
	const other = await report(1043, 'processing', '555', 'Jon');
	expect(outputs(other, 'Needs a Look')).toMatchObject([[{ id: 1043, details: { outcome: 'invalid' } }]]);
	await report(1043, 'processing', '646-555-0172', 'Jon');
	expect(texts()).toEqual([
		text(['2125550143'], 'Hi Maria, your order 1042 is completed.'),
		text(['6465550172'], 'Hi Jon, your order 1043 is processing.'),
	]);

	// What somebody else sends to that address starts nothing.
	expect(await shop.report(order(1044, 'completed', '2125550144', 'Eve'), 'another secret')).toBe(401);
	expect(await listExecutions(bed.rest, workflow.id)).toHaveLength(4);
});

test('Slack is asked before credit is bought, only a yes buys, and Slack is told', async () => {
	const { books } = bed.simulator.click2mail;
	books.balance = 12.4;
	// n8n refuses an interval below a minute, but takes many times of a minute.
	const item = Array.from({ length: 20 }, (_, at) => ({
		mode: 'custom',
		cronExpression: `${at * 3} * * * * *`,
	}));
	const workflow = await stored('exampleLowBalanceSlack', 'Balance Is Low', { pollTimes: { item } });
	await activate(bed.rest, workflow);

	/** Waits for the question that is the so-and-so-many-th request, and answers it in a browser. */
	async function answer(place: number, label: 'Approve' | 'Decline') {
		const { body, ...request } = await until('Slack is asked', () => standIns.requests.at(place));
		expect(request).toEqual({ ...post, query: {} });
		const blocks = (body as { channel: string; blocks: Block[] }).blocks;
		expect(body).toMatchObject({ channel: CHANNEL });
		expect(blocks[1]!.text).toEqual({
			type: 'mrkdwn',
			text: 'Click2Mail has 12.4 USD left. Buy 100 USD?',
		});
		const buttons = blocks.flatMap(({ elements = [] }) => elements);
		expect(buttons.map(({ text: { text } }) => text)).toEqual(['Decline', 'Approve']);
		const { url } = buttons.find(({ text: { text } }) => text === label)!;
		// n8n does not take a robot's look at the link for an answer.
		const headers = {
			'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
		};
		const { id, status } = await newExecution(bed.rest, workflow.id, place + 1);
		expect(status).toBe('waiting');
		expect((await fetch(url, { headers })).status).toBe(200);
		return await until('the execution goes on', async () => {
			const execution = await getExecution(bed.rest, id);
			return ['waiting', 'running'].includes(execution.status) ? undefined : execution.status;
		});
	}

	expect(await answer(0, 'Decline')).toBe('success');
	expect(books.charges).toEqual([]);
	expect(standIns.requests).toHaveLength(1);

	books.balance = 60;
	const polls = () => bed.simulator.requests.filter(({ operation }) => operation === 'getBalance').length;
	const before = polls();
	await until('two more polls', () => (polls() >= before + 2 ? true : undefined));
	books.balance = 12.4;
	expect(await answer(1, 'Approve')).toBe('success');
	expect(books.charges).toMatchObject([{ amount: 100, cardEnding: '1111' }]);
	expect(standIns.requests.slice(2)).toEqual([
		{
			...post,
			query: {},
			body: {
				channel: CHANNEL,
				text: expect.stringMatching(/^Bought\. The balance is 112\.4 USD\.\n_Automated with/) as string,
			},
		},
	]);
	const purchases = bed.simulator.requests.filter(({ operation }) => operation === 'purchase');
	expect(purchases.map(({ form }) => Object.fromEntries(form!).billingAmount)).toEqual(['100']);
});

const post = {
	host: 'slack.com',
	method: 'POST',
	path: '/api/chat.postMessage',
	authorization: 'Bearer slack-token',
};
interface Block {
	text?: { type: string; text: string };
	elements?: Array<{ text: { text: string }; url: string }>;
}
