import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
	NodeHelpers,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
} from 'n8n-workflow';
import { Click2Mail } from '../../nodes/Click2Mail/Click2Mail.node';
import { Click2MailCredit } from '../../nodes/Click2MailCredit/Click2MailCredit.node';
import { Click2MailCreditTrigger } from '../../nodes/Click2MailCredit/Click2MailCreditTrigger.node';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { ClubTextingPollingTrigger } from '../../nodes/ClubTexting/ClubTextingPollingTrigger.node';
import { EzTextingTrigger } from '../../nodes/EzTexting/EzTextingTrigger.node';
import { MailPartnerSubaccount } from '../../nodes/MailPartnerSubaccount/MailPartnerSubaccount.node';
import type { RunResult, WorkflowFile } from '../engine';
import { openBench } from '../harness';
import { credentialsFor } from '../scenes';
import { subaccount } from '../simulator';
import { hiddenLines } from './lines';

type Exported = Required<Omit<WorkflowFile, 'nodes'>> & { nodes: INode[]; active: boolean };

const examples = path.join(__dirname, '../../examples');
const folder = path.join(examples, 'workflows');
const files = readdirSync(folder);
const textOf = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const workflowOf = (file: string) => JSON.parse(textOf(file)) as Exported;
const prefix = 'n8n-nodes-messaging-credits.';
const isOurs = ({ type }: INode) => type.startsWith(prefix);
const stickyNote = 'n8n-nodes-base.stickyNote';
/** What the engine has. */
const asInN8n = [stickyNote, 'n8n-nodes-base.filter', 'n8n-nodes-base.removeDuplicates'];

const descriptions = Object.fromEntries(
	[
		new Click2Mail(),
		new Click2MailCredit(),
		new Click2MailCreditTrigger(),
		new ClubTexting(),
		new ClubTextingPollingTrigger(),
		new EzTextingTrigger(),
		new MailPartnerSubaccount(),
	].map(({ description }) => [`${prefix}${description.name}`, description]),
);

test('each is in the gallery, and the gallery has no other', () => {
	const gallery = readFileSync(path.join(examples, 'README.md'), 'utf8');
	const linked = [...gallery.matchAll(/\]\(workflows\/([\w-]+\.json)\)/g)].map(([, file]) => file);
	expect(linked.sort()).toEqual(files.sort());
	for (const [, picture] of gallery.matchAll(/\]\((\.\.\/docs\/images\/workflows\/[\w-]+\.png)\)/g))
		expect(statSync(path.join(examples, picture!)).size).toBeLessThan(60_000);
	const pictured = [...gallery.matchAll(/images\/workflows\/([\w-]+)\.png/g)].map(
		([, name]) => `${name}.json`,
	);
	expect(pictured.sort()).toEqual(files);
	const workflows = files.map(workflowOf);
	expect(new Set(workflows.map(({ id }) => id)).size).toBe(files.length);
	const ids = workflows.flatMap(({ nodes }) => nodes.map(({ id }) => id));
	expect(new Set(ids).size).toBe(ids.length);
});

describe.each(files)('%s', (file) => {
	const { nodes, connections, pinData, ...rest } = workflowOf(file);

	test('has one service of ours, and what n8n exports', () => {
		expect(rest).toMatchObject({ active: false, settings: { executionOrder: 'v1' } });
		const services = nodes
			.filter(isOurs)
			.map(({ type }) => /\.(click2Mail|clubTexting|ezTexting|mailPartner)/.exec(type)![1]);
		expect(new Set(services).size).toBe(1);
		expect(textOf(file)).not.toMatch(/password|api.?key|security.?code|\b\d{13,19}\b|[0-9a-f]{40}/i);
	});

	test('has no line that runs behind a node', () => {
		expect(hiddenLines({ nodes, connections })).toEqual([]);
	});

	test('connects all its nodes, and pins what others would give', () => {
		const names = nodes.filter(({ type }) => type !== stickyNote).map(({ name }) => name);
		const linked = Object.entries(connections).flatMap(([from, { main = [] }]) => [
			from,
			...main.flatMap((branch) => (branch ?? []).map(({ node }) => node)),
		]);
		expect([...new Set(linked)].sort()).toEqual(names.sort());
		for (const name of Object.keys(pinData)) expect(names).toContain(name);
	});

	test('gives our nodes parameters that they have, an error branch, and a guard against acting twice', () => {
		for (const node of nodes.filter(isOurs)) {
			const description = descriptions[node.type]!;
			const { pollTimes, ...parameters } = node.parameters;
			expect(pollTimes !== undefined).toBe(description.polling === true);
			expect(
				NodeHelpers.getNodeParameters(description.properties, parameters, true, false, node, description),
			).toMatchObject(parameters);
			expect(NodeHelpers.getNodeParametersIssues(description.properties, node, description)).toBeNull();
			for (const { id, name } of Object.values(node.credentials ?? {})) {
				expect(id).toBeNull();
				expect(name).toMatch(/ account$/);
			}
			if (description.group.includes('trigger') || String(parameters.operation).startsWith('get')) continue;
			expect(node.onError).toBe('continueErrorOutput');
			expect(connections[node.name]?.main).toHaveLength(2);
			const { idempotencyKey, maximumPerDay } = parameters.options as IDataObject;
			expect(idempotencyKey ?? maximumPerDay).toBeTruthy();
		}
	});
});

describe('on the engine, with what the others give pinned', () => {
	const bench = openBench();
	// Noon in New York.
	beforeEach(() => void jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01T12:00:00-05:00')));
	afterEach(() => jest.restoreAllMocks());

	/**
	 * Nodes that are not ours hand on what they get, with their parameters as they resolve in `told`, or give what is
	 * pinned to them.
	 *
	 * @param trigger begins its name, where there are several
	 * @param pinned items that other nodes give than the file has
	 * @param changed parameters of our nodes
	 */
	async function run(
		file: string,
		trigger = '',
		pinned: Record<string, INodeExecutionData[]> = {},
		changed: INodeParameters = {},
	): Promise<RunResult> {
		const workflow = workflowOf(file);
		const start = workflow.nodes.find(({ type, name }) => /Trigger$/.test(type) && name.startsWith(trigger))!;
		const nodes = workflow.nodes.map((node) => {
			if (isOurs(node)) return { ...node, parameters: { ...node.parameters, ...changed } };
			if (node === start || asInN8n.includes(node.type)) return node;
			return { ...node, type: 'test.told', typeVersion: 1, parameters: { told: node.parameters } };
		});
		const standIn = nodes.map((node) =>
			node.name === start.name && !isOurs(node)
				? { ...node, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} }
				: node,
		);
		const result = await bench.engine.run({
			...workflow,
			pinData: { ...workflow.pinData, ...pinned },
			nodes: standIn,
			mode: 'manual',
			startNode: start.name,
			credentials: credentialsFor(bench.simulator),
		});
		expect(result.error).toBeUndefined();
		return result;
	}
	const at = (result: RunResult, node: string) => result.output(node).map(({ json }) => json);
	const texts = () =>
		bench.simulator.clubTexting.books.delivered.map(({ number, message }) => [number, message]);

	test('a new HubSpot contact is welcomed, once', async () => {
		const result = await run('hubspot-contact-welcome.json');
		expect(at(result, 'Welcomed')).toMatchObject([{ recipients: ['2125550143'] }]);
		expect(at(result, 'Needs a Look')).toMatchObject([{ details: { outcome: 'invalid' } }]);
		expect(at(await run('hubspot-contact-welcome.json'), 'Welcomed')).toMatchObject([{ skipped: true }]);
		expect(texts()).toEqual([
			[
				'2125550143',
				'Hi Maria, thanks for getting in touch. We will call you tomorrow. Reply STOP to opt out.',
			],
		]);
	});

	test('the person of a new Pipedrive deal is thanked, keyed by the deal', async () => {
		const result = await run('pipedrive-deal-text.json');
		expect(at(result, 'Thanked')).toMatchObject([
			{ recipients: ['6465550172'] },
			{ recipients: ['3475550126'] },
		]);
		expect(at(await run('pipedrive-deal-text.json'), 'Thanked')).toMatchObject([
			{ skipped: true, idempotencyKey: 'deal-71' },
			{ skipped: true, idempotencyKey: 'deal-72' },
		]);
	});

	test('rows of a sheet are texted, and each outcome belongs to its row', async () => {
		bench.simulator.clubTexting.books.localOptOuts.add('3475550126');
		const result = await run('sheet-campaign.json');
		const sent = result.output('Write Sent');
		expect(sent.map(({ json, pairedItem }) => [json.recipients, pairedItem])).toEqual([
			[['2125550143'], { item: 0 }],
			[[], { item: 1 }],
		]);
		expect(at(result, 'Write Reason')).toMatchObject([
			{ details: { outcome: 'invalid' }, Phone: '555-0199' },
		]);
	});

	test('an order’s status is texted once for each status', async () => {
		const result = await run('woocommerce-order-status.json');
		expect(at(result, 'Told')).toMatchObject([{}, {}, { skipped: true }]);
		expect(texts()).toEqual([
			['2125550143', 'Hi Maria, your order 1042 is completed.'],
			['6465550172', 'Hi Jon, your order 1043 is processing.'],
		]);
	});

	test('a shipped order is told of; one without a number needs a look', async () => {
		const result = await run('shopify-order-shipped.json');
		expect(texts()).toEqual([['2125550143', 'Hi Maria, your order #1001 is on its way.']]);
		expect(at(result, 'Needs a Look')).toMatchObject([{ details: { outcome: 'invalid' } }]);
	});

	test('an appointment is reminded of inside the window, once', async () => {
		await run('appointment-reminder.json');
		const result = await run('appointment-reminder.json');
		expect(at(result, 'Reminded')).toMatchObject([{ skipped: true }, { skipped: true }]);
		expect(texts().map(([number]) => number)).toEqual(['2125550143', '6465550172']);
	});

	describe('an appointment', () => {
		const event = (id: string, phone: string, start: IDataObject, rest: IDataObject = {}) => ({
			json: { id, summary: 'Haircut', description: phone, start, ...rest },
		});
		const remind = async (events: INodeExecutionData[]) =>
			await run('appointment-reminder.json', '', { 'Next Appointments': events });
		const end = 'Reply to this text to change it.';

		test('without a time, a name or in another time zone is reminded of in true words', async () => {
			const result = await remind([
				event('day', '2125550143', { date: '2026-12-02' }),
				event('timed', '6465550172', { dateTime: '2026-12-02T15:30:00-05:00' }),
				event('west', '4155550126', { dateTime: '2026-12-02T23:30:00-08:00' }),
				event('nameless', '3475550126', { dateTime: '2026-12-02T00:05:00-05:00' }, { summary: undefined }),
				event('numberless', '', { date: '2026-12-02' }, { description: undefined }),
			]);
			const day = 'on Wednesday, December 2';
			expect(Object.fromEntries(texts())).toEqual({
				2125550143: `A reminder: Haircut ${day}. ${end}`,
				6465550172: `A reminder: Haircut ${day} at 3:30 PM. ${end}`,
				4155550126: `A reminder: Haircut ${day} at 11:30 PM. ${end}`,
				3475550126: `A reminder: your appointment ${day} at 12:05 AM. ${end}`,
			});
			expect(at(result, 'Needs a Look')).toMatchObject([
				{ id: 'numberless', details: { outcome: 'invalid' } },
			]);
		});

		test('that goes on tomorrow, or is of another day where its calendar is, is not called one of tomorrow', async () => {
			const events = [
				event('under way', '2125550143', { date: '2026-11-30' }, { end: { date: '2026-12-05' } }),
				event('today', '6465550172', { date: '2026-12-01' }),
				event('tonight', '4155550126', { dateTime: '2026-12-01T23:30:00-08:00' }),
				event('after', '3475550126', { dateTime: '2026-12-03T00:00:00-05:00' }),
				event('cancelled', '9175550118', { date: '2026-12-02' }, { status: 'cancelled' }),
				event('island', '6715550126', { dateTime: '2026-12-03T08:00:00+10:00' }),
			];
			await remind(events);
			// In Guam it is three in the morning of the second.
			expect(texts()).toEqual([
				['6715550126', `A reminder: Haircut on Thursday, December 3 at 8:00 AM. ${end}`],
			]);
		});

		test('that was moved is reminded of anew, at its new time', async () => {
			await remind([event('moved', '2125550143', { dateTime: '2026-12-02T15:30:00-05:00' })]);
			const moved = event('moved', '2125550143', { dateTime: '2026-12-02T17:00:00-05:00' });
			await remind([moved]);
			expect(at(await remind([moved]), 'Reminded')).toMatchObject([{ skipped: true }]);
			expect(texts().map(([, message]) => /at (.*?)\./.exec(message!)![1])).toEqual(['3:30 PM', '5:00 PM']);
		});
	});

	test('a paid invoice moves its amount once, however often it is reported', async () => {
		const { books } = bench.simulator.mailPartner;
		books.balance = 100;
		books.subaccounts.push(subaccount(books, { email: 'camille@bakery-dupont.example', balance: 1 }));
		const result = await run('stripe-invoice-credit.json');
		expect(at(result, 'Credit Added')).toMatchObject([
			{ amount: 25, subaccountBalance: 26 },
			{ skipped: true, idempotencyKey: 'in_1001' },
		]);
		expect(books.transfers).toHaveLength(1);
	});

	test('an invoice that was not paid in euro moves nothing and needs a look', async () => {
		const { books } = bench.simulator.mailPartner;
		books.balance = 100;
		books.subaccounts.push(subaccount(books, { email: 'camille@bakery-dupont.example', balance: 1 }));
		const paid = (id: string, rest: IDataObject) => {
			const invoice = { id, amount_paid: 2500, customer_email: 'camille@bakery-dupont.example', ...rest };
			return { json: { type: 'invoice.paid', data: { object: invoice } } };
		};
		const result = await run('stripe-invoice-credit.json', '', {
			'Invoice Paid': [
				paid('in_usd', { currency: 'usd' }),
				paid('in_eur', { currency: 'eur', livemode: true }),
				paid('in_EUR', { currency: 'EUR', amount_paid: 199 }),
				paid('in_jpy', { currency: 'jpy' }),
				paid('in_none', {}),
				paid('in_free', { currency: 'eur', amount_paid: 0 }),
				paid('in_test', { currency: 'eur', livemode: false }),
			],
		});
		expect(at(result, 'Credit Added')).toMatchObject([{ amount: 25 }, { amount: 1.99 }]);
		expect(at(result, 'Needs a Look')).toMatchObject(
			['in_usd', 'in_jpy', 'in_none', 'in_free', 'in_test'].map((id) => ({
				data: { object: { id } },
				details: { outcome: 'invalid' },
			})),
		);
		expect(at(result, 'Needs a Look')[0]!.error).toMatch(/"paid in usd"/);
		expect(books.transfers).toHaveLength(2);
	});

	test('what was approved in Slack is bought, once a day', async () => {
		bench.simulator.click2mail.books.balance = 12.4;
		expect(at(await run('low-balance-slack-approval.json'), 'Tell')).toMatchObject([
			{ toppedUp: true, balanceAfter: 112.4 },
		]);
		bench.simulator.click2mail.books.balance = 12.4;
		expect(at(await run('low-balance-slack-approval.json'), 'Tell')).toMatchObject([
			{ toppedUp: false, limitReached: true },
		]);
		expect(bench.simulator.click2mail.books.charges).toHaveLength(1);
	});

	test('a yes that comes when somebody has bought already buys nothing', async () => {
		bench.simulator.click2mail.books.balance = 25;
		expect(at(await run('low-balance-slack-approval.json'), 'Tell')).toMatchObject([
			{ toppedUp: false, told: { text: 'Not bought: the balance is 25 USD by now.' } },
		]);
		expect(bench.simulator.click2mail.books.charges).toEqual([]);
	});

	test('opt-outs and replies go to the CRM, as the triggers give them', async () => {
		const file = 'opt-outs-and-replies-to-crm.json';
		expect(at(await run(file), 'Mark in Airtable')).toMatchObject([
			{ phoneNumber: '2125550143', optedOut: true },
		]);
		expect(at(await run(file, 'Somebody Texted'), 'Save Reply')).toMatchObject([
			{ phoneNumber: '6465550172', message: 'Can we move it to 4?' },
		]);
	});

	test('what EZ Texting tells goes to the sheet and to the CRM, as its trigger gives it', async () => {
		expect(at(await run('ez-texting-opt-outs-to-sheet.json'), 'Keep in Sheet')).toMatchObject([
			{ phoneNumber: '2125550143', kind: 'optedOut', optedOut: true },
		]);
		expect(at(await run('ez-texting-answers-to-crm.json'), 'Save Answer')).toMatchObject([
			{ phoneNumber: '6465550172', message: 'Can we move it to 4?' },
			{ phoneNumber: '6465550172', message: 'Or to 5' },
		]);
	});

	test('what failed comes to the sheet and to Slack, with its reason', async () => {
		const result = await run('failed-items-to-sheet.json');
		for (const node of ['Keep Failed', 'Alert'])
			expect(at(result, node)).toMatchObject([
				{ Name: 'Jon', Phone: '555-0199', details: { outcome: 'invalid' } },
			]);
		expect(at(result, 'Sent')).toHaveLength(2);
	});

	test('each message of a campaign has a report', async () => {
		const result = await run('campaign-report-to-sheet.json');
		expect(at(result, 'Save Report')).toMatchObject([
			{ messageId: expect.any(String) as string, delivered: 2 },
		]);
	});

	test('each message has one report, also beside texts that were sent before, and none without a message', async () => {
		const file = 'campaign-report-to-sheet.json';
		const row = (Phone: string) => ({ json: { Phone } });
		const rows = ['2125550143', '3475550126', '2125550143'].map(row);
		const first = await run(file, '', { 'Rows to Text': rows });
		expect(at(first, 'Save Report')).toMatchObject([{ delivered: 2 }]);
		const again = await run(file, '', { 'Rows to Text': [row('+1 (212) 555-0143'), row('6465550172')] });
		expect(at(again, 'Save Report')).toMatchObject([{ delivered: 1 }]);
		expect(texts()).toHaveLength(3);
		expect(at(await run(file, '', { 'Rows to Text': rows }), 'Save Report')).toEqual([]);
		const dry = await run(file, '', { 'Rows to Text': [row('9175550118')] }, { dryRun: true });
		expect(at(dry, 'Save Report')).toEqual([]);
	});

	test('a text that goes to two zones has two messages, and each of them one report', async () => {
		// Nine in New York, six in California.
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01T09:00:00-05:00'));
		const rows = ['2125550143', '3475550126, 4155550126', '4155550118'].map((Phone) => ({ json: { Phone } }));
		const result = await run('campaign-report-to-sheet.json', '', { 'Rows to Text': rows });
		expect(at(result, 'Save Report').map(({ delivered }) => delivered)).toEqual([2, 2]);
	});

	const overdue = () =>
		workflowOf('overdue-invoice-certified.json').pinData['Overdue Invoices'] as INodeExecutionData[];
	const withPdf = ({ json }: INodeExecutionData, item: number): INodeExecutionData => {
		const data = Buffer.from('%PDF-1.4 /Count 2').toString('base64');
		const pdf = { data, mimeType: 'application/pdf', fileName: 'invoice.pdf' };
		return { json, binary: { data: pdf }, pairedItem: { item } };
	};

	test('an overdue invoice goes out as a certified letter, its PDF and all, once', async () => {
		const files = overdue().map(withPdf);
		const { books } = bench.simulator.click2mail;
		const result = await run('overdue-invoice-certified.json', '', { 'Invoice as PDF': files });
		expect(at(result, 'Mailed')).toMatchObject([
			{ submitted: true, pages: 2, cost: 6.74 },
			{ submitted: true, pages: 2, cost: 6.74 },
		]);
		expect(at(result, 'Needs a Look')).toMatchObject([
			{ DocNumber: '1053', details: { outcome: 'invalid' } },
		]);
		const [job] = books.jobs.values();
		expect(job!.fields).toMatchObject({ mailClass: 'Certified Mail', appSignature: 'overdue-511' });
		const again = await run('overdue-invoice-certified.json', '', { 'Invoice as PDF': files });
		expect(at(again, 'Mailed')).toMatchObject([{ skipped: true }, { skipped: true }]);
		expect(books.mailed).toHaveLength(2);
	});

	test('an overdue invoice of a customer abroad is not mailed as if it were in the US', async () => {
		const [{ json }] = overdue() as [INodeExecutionData];
		const abroad = { ...json, BillAddr: { ...(json.BillAddr as IDataObject), Country: 'Germany' } };
		const pinned = [withPdf({ json: abroad }, 0)];
		const result = await run('overdue-invoice-certified.json', '', { 'Invoice as PDF': pinned });
		expect(at(result, 'Needs a Look')).toMatchObject([
			{ error: expect.stringContaining('Germany') as string, details: { outcome: 'invalid' } },
		]);
		expect(bench.simulator.click2mail.books.mailed).toEqual([]);
	});

	test('a paid order is thanked for with one card', async () => {
		const { books } = bench.simulator.click2mail;
		const result = await run('order-thank-you-card.json');
		expect(at(result, 'Mailed')).toMatchObject([
			{ submitted: true, pages: 2, cost: 1.3 },
			{ submitted: true, cost: 1.3 },
			{ skipped: true, idempotencyKey: 'card-9101' },
		]);
		expect(at(result, 'Needs a Look')).toMatchObject([
			{ name: '#1103', details: { outcome: 'invalid' } },
			{ name: '#1104', test: true, details: { outcome: 'invalid' } },
		]);
		expect([...books.addressLists.values()].map(({ rows }) => rows[0])).toMatchObject([
			{ First_name: 'Maria', Organization: '', Address2: 'Apt 4', 'Country_non-US': '' },
			{ First_name: 'Jon', Address2: '' },
		]);
		expect(books.mailed).toHaveLength(2);
	});

	const order = { id: 1042, status: 'completed', billing: { phone: '2125550143' } };

	test.each([
		[
			'hubspot-contact-welcome.json',
			'Get Contact',
			{ vid: 1, properties: { phone: { value: '2125550143' } } },
		],
		['pipedrive-deal-text.json', 'Get Person', { first_name: null, phone: [{ value: '2125550143' }] }],
		['shopify-order-shipped.json', 'Order Shipped', { id: 1, shipping_address: { phone: '2125550143' } }],
		[
			'woocommerce-order-status.json',
			'Order Changed',
			{ ...order, billing: { first_name: '', phone: '2125550143' } },
		],
		['failed-items-to-sheet.json', 'Rows to Text', { row_number: 2, Name: '', Phone: '2125550143' }],
	])('%s texts who has no name, too', async (file, node, json) => {
		const quick = { options: { requestsPerSecond: 1000 } };
		await run(file, '', { [node]: [{ json, pairedItem: { item: 0 } }] }, quick);
		expect(texts()).toEqual([['2125550143', expect.stringMatching(/^Hi there, /)]]);
	});

	test.each([
		['hubspot-contact-welcome.json', 'Get Contact', { vid: 1, properties: {} }],
		['hubspot-contact-welcome.json', 'Get Contact', { error: 'The resource could not be found' }],
		['overdue-invoice-certified.json', 'Invoice as PDF', { error: 'The resource could not be found' }],
		['pipedrive-deal-text.json', 'Get Person', { error: 'The resource could not be found' }],
		['shopify-order-shipped.json', 'Order Shipped', { id: 1, shipping_address: null }],
		[
			'shopify-order-shipped.json',
			'Order Shipped',
			{ id: 1, test: true, shipping_address: { phone: '2125550143' } },
		],
		['order-thank-you-card.json', 'Order Paid', { id: 1, shipping_address: null }],
		['woocommerce-order-status.json', 'Order Changed', { ...order, status: undefined }],
		['woocommerce-order-status.json', 'Order Changed', { ...order, id: undefined }],
		['shopify-order-shipped.json', 'Order Shipped', { shipping_address: { phone: '2125550143' } }],
		['hubspot-contact-welcome.json', 'Get Contact', { properties: { phone: { value: '2125550143' } } }],
	])('%s: what has no number, address or ID needs a look', async (file, node, json) => {
		expect(at(await run(file, '', { [node]: [{ json, pairedItem: { item: 0 } }] }), 'Needs a Look')).toEqual([
			expect.objectContaining({ details: expect.objectContaining({ outcome: 'invalid' }) as object }),
		]);
	});

	test.each([
		['hubspot-contact-welcome.json', 'Get Contact'],
		['pipedrive-deal-text.json', 'Get Person'],
	])('%s: one that can’t be looked up says so, and its words are no number', async (file, node) => {
		const items = ['Not found', 'No such person: 2125550143', 'Gone\n2125550143'].map((error) => ({
			json: { error, phone: [{ value: '2125550143' }] },
			pairedItem: { item: 0 },
		}));
		const result = await run(file, '', { [node]: items });
		expect(at(result, 'Needs a Look')).toMatchObject(
			['Not found', 'No such person', 'Gone'].map((error) => ({
				error: expect.stringContaining(`not looked up: ${error}`) as string,
			})),
		);
		expect(texts()).toEqual([]);
	});

	test.each(files)('%s: one that can’t be looked up does not stop the others', (file) => {
		const lookUps = workflowOf(file).nodes.filter(
			(node) => !isOurs(node) && node.parameters.operation === 'get',
		);
		for (const { onError } of lookUps) expect(onError).toBe('continueRegularOutput');
	});

	test('rows that have moved in the sheet are still texted once a day', async () => {
		const file = 'failed-items-to-sheet.json';
		const rows = (...phones: string[]) => ({
			'Rows to Text': phones.map((Phone, at) => ({ json: { row_number: at + 2, Name: 'Maria', Phone } })),
		});
		await run(file, '', rows('2125550143', '6465550172'));
		const moved = rows('3475550126', '(212) 555-0143', '+1 646 555 0172');
		expect(at(await run(file, '', moved), 'Sent')).toMatchObject([{}, { skipped: true }, { skipped: true }]);
		expect(texts().map(([number]) => number)).toEqual(['2125550143', '6465550172', '3475550126']);
	});

	test.each([
		['2026-12-01T12:00:00-05:00', '2026-12-01T21:00:00.000Z'],
		// The last of them leaves at eight in California.
		['2026-12-01T09:00:00-05:00', '2026-12-01T20:00:00.000Z'],
		['2026-12-01T23:00:00-05:00', '2026-12-02T20:00:00.000Z'],
	])('the report of a campaign of %s is asked for four hours after its last text', async (now, then) => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse(now));
		const rows = { 'Rows to Text': ['4155550126', '2125550143'].map((Phone) => ({ json: { Phone } })) };
		const result = await run('campaign-report-to-sheet.json', '', rows);
		const [first] = at(result, 'Wait 4 Hours');
		expect(new Date((first!.told as IDataObject).dateTime as string).toISOString()).toBe(then);
	});

	test('the report of a row with numbers of several zones is asked for when the last has surely got its text', async () => {
		jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01T23:00:00-05:00'));
		const rows = ['2125550143, 8085550126', '2125550144'].map((Phone) => ({ json: { Phone } }));
		const result = await run('campaign-report-to-sheet.json', '', { 'Rows to Text': rows });
		const { told } = at(result, 'Wait 4 Hours')[0]!;
		// Eight in Hawaii, and four hours.
		expect(Date.parse((told as IDataObject).dateTime as string)).toBeGreaterThanOrEqual(
			Date.parse('2026-12-02T22:00:00Z'),
		);
		expect(bench.sent('send')).toHaveLength(2);
	});

	test('the sheet hears what became of each row, whatever did', async () => {
		const outcomes = async (rows: IDataObject[], changed?: INodeParameters) => {
			const pinned = { 'Rows to Text': rows.map((json) => ({ json })) };
			const result = await run('sheet-campaign.json', '', pinned, changed);
			return at(result, 'Write Sent').map(({ told }) => (told as Sheet).columns.value.Outcome);
		};
		const rows = ['2125550143', '3475550126', '6465550172'].map((Phone) => ({ Phone }));
		expect(await outcomes(rows, { dryRun: true })).toEqual(Array(3).fill('dry run, nothing sent'));
		const entry = { ID: 7, PhoneNumbers: ['2125550143'], LocalOptOuts: ['3475550126'], GlobalOptOuts: '' };
		const body = JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: entry } });
		bench.simulator.order({ fault: 'body', body, status: 201 });
		const first = ['sent, message 7', 'opted out', 'sent, message 7'];
		expect(await outcomes(rows)).toEqual(first);
		const written = rows.map((row, place) => ({ ...row, Outcome: first[place] }));
		expect(await outcomes(written)).toEqual(first);
		const otherwise = ['(212) 555-0143', '+1 347 555 0126', '16465550172'];
		const outdated = [undefined, 7, 'invalid: “Phone Numbers” is empty'];
		const others = otherwise.map((Phone, place) => ({ Phone, Outcome: outdated[place] }));
		expect(await outcomes(others)).toEqual(Array(3).fill('not sent again'));
	});

	test('the sheet hears what is wrong with a number: that it is missing, and not what is made of it', async () => {
		const rows = [null, '', true, {}].map((Phone) => ({ json: { Phone } }));
		const result = await run('sheet-campaign.json', '', { 'Rows to Text': rows });
		expect(at(result, 'Write Reason').map(({ error }) => error)).toEqual([
			expect.stringMatching(/^“Phone Numbers” is empty/),
			expect.stringMatching(/^“Phone Numbers” is empty/),
			expect.stringMatching(/^“Phone Numbers” /),
			expect.stringMatching(/^“Phone Numbers” /),
		]);
	});

	test('Slack hears the truth of a purchase', async () => {
		const { books } = bench.simulator.click2mail;
		books.balance = 12.4;
		const told = async (changed: INodeParameters = {}) => {
			const result = await run('low-balance-slack-approval.json', '', {}, changed);
			return at(result, 'Tell').map((json) => (json.told as IDataObject).text);
		};
		expect(await told({ dryRun: true })).toEqual(['A dry run: nothing was bought.']);
		expect(await told()).toEqual(['Bought. The balance is 112.4 USD.']);
		expect(await told()).toEqual(['Not bought: the balance is 112.4 USD by now.']);
		books.balance = 12.4;
		expect(await told()).toEqual(['Not bought: it was bought today already.']);
		bench.simulator.order({ fault: 'resetAfter', operation: 'purchase' });
		expect(await told({ options: {} })).toEqual([
			expect.stringMatching(/^It is unknown whether Click2Mail charged the card/),
		]);
		expect(books.charges).toHaveLength(2);
	});

	test('Slack hears of a text that may have gone out, and of a workflow whose trigger fails', async () => {
		bench.simulator.order({ fault: 'resetAfter', operation: 'send' });
		const file = 'failed-items-to-sheet.json';
		const row = { row_number: 2, Name: 'Maria', Phone: '2125550143' };
		const texted = await run(file, '', { 'Rows to Text': [{ json: row }] });
		expect(at(texted, 'Alert')).toMatchObject([
			{ told: { text: 'It is unknown whether a text to Maria went out (unknown).' } },
		]);
		const blank = await run(file, '', { 'Rows to Text': [{ json: { row_number: 3 } }] });
		expect(at(blank, 'Alert')).toMatchObject([
			{ told: { text: 'A text to a row without a number did not go out (invalid).' } },
		]);
		const workflow = { id: '1', name: 'Texts' };
		const error = { message: 'No log-in' };
		for (const given of [{ execution: { error } }, { trigger: { error } }]) {
			const result = await run(file, 'Workflow', { 'Workflow Failed': [{ json: { workflow, ...given } }] });
			expect(at(result, 'Alert about Workflow')).toMatchObject([
				{ told: { text: 'The workflow Texts stopped: No log-in' } },
			]);
		}
	});
});

/** What a node of Google Sheets is told to write. */
interface Sheet extends IDataObject {
	columns: { value: IDataObject };
}
