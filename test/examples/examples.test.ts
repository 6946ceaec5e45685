import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { NodeHelpers, type IDataObject, type INode, type INodeTypeDescription } from 'n8n-workflow';
import { Click2Mail } from '../../nodes/Click2Mail/Click2Mail.node';
import { Click2MailCredit } from '../../nodes/Click2MailCredit/Click2MailCredit.node';
import { Click2MailCreditTrigger } from '../../nodes/Click2MailCredit/Click2MailCreditTrigger.node';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { EzTexting } from '../../nodes/EzTexting/EzTexting.node';
import { EzTextingCreditTrigger } from '../../nodes/EzTexting/EzTextingCreditTrigger.node';
import { MailPartnerSubaccount } from '../../nodes/MailPartnerSubaccount/MailPartnerSubaccount.node';
import type { RunResult, WorkflowFile } from '../engine';
import { openBench } from '../harness';
import { credentialsFor, nodeTypes, pollingTypes } from '../scenes';
import { MAIL_TYPE } from '../scenes.mail';
import { contactOf, ezTextingContact, subaccount } from '../simulator';
import { hiddenLines } from './lines';

const folder = path.join(__dirname, '../../examples');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

type ExportedWorkflow = Required<Omit<WorkflowFile, 'nodes'>> & { nodes: INode[]; active: boolean };

const textOf = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
const workflowOf = (file: string): ExportedWorkflow => JSON.parse(textOf(file)) as ExportedWorkflow;

const stickyNote = 'n8n-nodes-base.stickyNote';

/** The built-in nodes that the examples use, in versions that old and new n8n have. */
const builtIn: Record<string, number> = {
	'n8n-nodes-base.manualTrigger': 1,
	'n8n-nodes-base.scheduleTrigger': 1.2,
	'n8n-nodes-base.noOp': 1,
	[stickyNote]: 1,
};

const descriptions: Record<string, INodeTypeDescription> = {
	[nodeTypes.click2mail]: new Click2MailCredit().description,
	[MAIL_TYPE]: new Click2Mail().description,
	[nodeTypes.clubTexting]: new ClubTexting().description,
	[nodeTypes.ezTexting]: new EzTexting().description,
	[nodeTypes.mailPartner]: new MailPartnerSubaccount().description,
	[pollingTypes.click2mail]: new Click2MailCreditTrigger().description,
	[pollingTypes.ezTexting]: new EzTextingCreditTrigger().description,
};
const actionTypes: string[] = [...Object.values(nodeTypes), MAIL_TYPE];
const isAction = ({ type }: Pick<INode, 'type'>) => actionTypes.includes(type);
const isActing = (node: Pick<INode, 'type' | 'parameters'>) =>
	isAction(node) && !String(node.parameters.operation).startsWith('get');

function ownNodes(file: string): Array<{ node: INode; description: INodeTypeDescription }> {
	return workflowOf(file).nodes.flatMap((node) => {
		const description = descriptions[node.type];
		return description ? [{ node, description }] : [];
	});
}

function shownParameters(node: INode, description: INodeTypeDescription) {
	const parameters = NodeHelpers.getNodeParameters(
		description.properties,
		node.parameters,
		true,
		false,
		node,
		description,
	);
	return parameters ?? {};
}

test('these are the examples, each with its own id and name', () => {
	expect(files).toEqual([
		'ez-texting-top-up.json',
		'ez-texting-welcome.json',
		'keep-balances.json',
		'low-balance-top-up.json',
		'monthly-report.json',
		'new-customers.json',
		'opt-outs.json',
		'sms-campaign.json',
		'welcome-contacts.json',
		'welcome-letter.json',
	]);
	const workflows = files.map(workflowOf);
	expect(new Set(workflows.map(({ id }) => id)).size).toBe(files.length);
	expect(new Set(workflows.map(({ name }) => name)).size).toBe(files.length);
	const nodeIds = workflows.flatMap(({ nodes }) => nodes.map(({ id }) => id));
	expect(new Set(nodeIds).size).toBe(nodeIds.length);
});

describe.each(files)('%s', (file) => {
	test('has what n8n exports', () => {
		const workflow = workflowOf(file);
		expect(workflow).toMatchObject({ active: false, settings: { executionOrder: 'v1' } });
		expect(workflow.id).toMatch(/^[A-Za-z0-9]{1,36}$/);
		for (const node of workflow.nodes) {
			expect(node.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
			expect(node.typeVersion).toBe(builtIn[node.type] ?? descriptions[node.type]?.version);
		}
		const names = workflow.nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	test('connects every node, and none that is not there', () => {
		const { nodes, connections } = workflowOf(file);
		const linked = Object.entries(connections).flatMap(([from, { main = [] }]) => [
			from,
			...main.flatMap((branch) => (branch ?? []).map(({ node }) => node)),
		]);
		const working = nodes.filter(({ type }) => type !== stickyNote).map(({ name }) => name);
		expect([...new Set(linked)].sort()).toEqual(working.sort());
	});

	test('pins sample items to a trigger', () => {
		const { nodes, pinData } = workflowOf(file);
		expect(Object.keys(pinData)).toHaveLength(1);
		for (const [name, items] of Object.entries(pinData)) {
			expect(nodes.find((node) => node.name === name)?.type).toMatch(/Trigger$/);
			expect(items.length).toBeGreaterThan(0);
		}
	});

	test('can be started by hand', () => {
		const types = workflowOf(file).nodes.map(({ type }) => type);
		expect(types).toContain('n8n-nodes-base.manualTrigger');
	});

	test('gives our nodes parameters and values that they have', () => {
		for (const { node, description } of ownNodes(file)) {
			// The poll times are n8n's own.
			const { pollTimes, ...parameters } = node.parameters;
			expect(pollTimes !== undefined).toBe(description.polling === true);
			expect(shownParameters(node, description)).toMatchObject(parameters);
			expect(NodeHelpers.getNodeParametersIssues(description.properties, node, description)).toBeNull();
		}
	});

	test('names the credentials that our nodes need, by the names n8n proposes, without an id', () => {
		for (const { node, description } of ownNodes(file)) {
			const parameters = shownParameters(node, description);
			const needed = (description.credentials ?? []).filter((credential) =>
				NodeHelpers.displayParameter(parameters, credential, node, description),
			);
			expect(Object.keys(node.credentials ?? {})).toEqual(needed.map(({ name }) => name));
			for (const { id, name } of Object.values(node.credentials ?? {})) {
				expect(id).toBeNull();
				expect(name).toMatch(/ account$/);
			}
		}
	});

	test('has an error branch and an idempotency key, or a maximum per day, on each of our nodes that act', () => {
		for (const { node } of ownNodes(file).filter(({ node: own }) => isAction(own))) {
			expect(node.onError).toBe('continueErrorOutput');
			expect(workflowOf(file).connections[node.name]?.main).toHaveLength(2);
			if (!isActing(node)) continue;
			// What it writes twice stands there once.
			if (node.parameters.operation === 'upsert') continue;
			const { idempotencyKey, maximumPerDay } = node.parameters.options as IDataObject;
			expect(maximumPerDay ?? idempotencyKey).toEqual(
				maximumPerDay === undefined ? expect.stringMatching(/^=/) : expect.any(Number),
			);
		}
	});

	test('explains itself in sticky notes: one beside the nodes, and each node on one of the others', () => {
		const { nodes } = workflowOf(file);
		const notes = nodes.filter(({ type }) => type === stickyNote);
		const rest = nodes.filter(({ type }) => type !== stickyNote);
		const holds = (note: INode, [x, y]: [number, number]) => {
			const [left, top] = note.position;
			const { width, height } = note.parameters as { width: number; height: number };
			return left <= x && x < left + width && top <= y && y < top + height;
		};
		const cornersOf = ({ position: [x, y] }: INode): Array<[number, number]> => [
			[x, y],
			// A node and the name under it.
			[x + 95, y + 140],
		];
		for (const { parameters } of notes) expect(parameters.content).toMatch(/^##+ \S/);
		for (const node of rest) {
			const under = notes.filter((note) => cornersOf(node).every((corner) => holds(note, corner)));
			expect(under).toHaveLength(1);
		}
		const empty = notes.filter((note) => !rest.some(({ position }) => holds(note, position)));
		expect(empty).toHaveLength(1);
		// Above its nodes a note has room for its text.
		for (const { position } of rest) expect(position[1]).toBeGreaterThanOrEqual(224);
	});

	test('has no line that runs behind a node', () => {
		expect(hiddenLines(workflowOf(file))).toEqual([]);
	});

	test('mentions only nodes that are there', () => {
		const { nodes } = workflowOf(file);
		const names = nodes.map(({ name }) => name);
		const labels = ownNodes(file).flatMap(({ description }) =>
			description.properties.flatMap(({ displayName, options = [] }) => [
				// Notes name a field without its unit.
				displayName.replace(/ \([^)]*\)$/, ''),
				...options.map((option) => ('displayName' in option ? option.displayName : '')),
			]),
		);
		const others = [
			'Execute workflow',
			'Top Up',
			'Payment Card',
			'Publish',
			'Unsupported Characters: Replace',
		];
		const mentioned = nodes
			.filter(({ type }) => type === stickyNote)
			.flatMap(({ parameters }) => [...String(parameters.content).matchAll(/\*\*(.+?)\*\*/g)])
			.map(([, name]) => name);
		expect(mentioned.filter((name) => ![...names, ...labels, ...others].includes(String(name)))).toEqual([]);
	});

	test('holds no secret', () => {
		expect(textOf(file)).not.toMatch(/password|api.?key|security.?code|\b\d{13,19}\b|[0-9a-f]{40}/i);
	});
});

describe('on the engine', () => {
	const bench = openBench();

	/** @param changed parameters of the nodes that act, or of the one with this name */
	async function run(file: string, changed: IDataObject = {}, only?: string): Promise<RunResult> {
		const workflow = workflowOf(file);
		for (const node of workflow.nodes)
			if (isActing(node) && [undefined, node.name].includes(only)) Object.assign(node.parameters, changed);
		const result = await bench.engine.run({ ...workflow, credentials: credentialsFor(bench.simulator) });
		expect(result.error).toBeUndefined();
		return result;
	}

	const itemsAt = (result: RunResult, node: string): IDataObject[] =>
		result.output(node).map(({ json }) => json);
	const requested = (operation: string): number => bench.sent(operation).length;

	describe('sms-campaign.json', () => {
		beforeEach(() => {
			bench.simulator.clubTexting.books.localOptOuts.add('9175550118');
			bench.simulator.clubTexting.books.refusedNumbers.add('7185550160');
		});

		test('sends what can be sent, shared where the text is the same', async () => {
			const result = await run('sms-campaign.json');

			expect(itemsAt(result, 'Sent')).toMatchObject([
				{ recipients: ['2125550143'], itemsInRequest: 3 },
				{ recipients: ['6465550172'], itemsInRequest: 3 },
				{ recipients: [], localOptOuts: ['9175550118'], itemsInRequest: 3 },
				{
					recipients: ['3475550126'],
					itemsInRequest: 1,
					message: `Your "Aurora" lamp is here - it's yours until Friday.`,
				},
				{ skipped: true, idempotencyKey: 'evt-2041' },
			]);
			expect(bench.simulator.clubTexting.books.delivered.map(({ number }) => number)).toEqual([
				'2125550143',
				'6465550172',
				'3475550126',
			]);
		});

		test('gives what failed, with its event and the reason', async () => {
			expect(itemsAt(await run('sms-campaign.json'), 'Not Sent')).toMatchObject([
				{
					eventId: 'evt-2044',
					error: expect.stringContaining('555-0199') as string,
					details: { outcome: 'invalid' },
				},
				{
					eventId: 'evt-2045',
					error: expect.stringContaining('7185550160') as string,
					details: { outcome: 'refused' },
				},
				{
					eventId: 'evt-2047',
					error: expect.stringContaining('→') as string,
					details: { outcome: 'invalid' },
				},
			]);
		});

		test('sends nothing twice when it runs again', async () => {
			await run('sms-campaign.json');
			const { books } = bench.simulator.clubTexting;
			const before = books.delivered.length;
			books.refusedNumbers.clear();

			const again = await run('sms-campaign.json');
			const events = itemsAt(again, 'Sent').map(
				({ idempotencyKey, recipients }) => idempotencyKey ?? recipients,
			);
			// The refused one had given its key back, and now it can be sent.
			expect(events).toEqual(['evt-2041', 'evt-2042', 'evt-2043', ['7185550160'], 'evt-2046', 'evt-2041']);
			expect(books.delivered.slice(before).map(({ number }) => number)).toEqual(['7185550160']);
		});
	});

	describe('keep-balances.json', () => {
		const email = 'newsletter@lamps.example';

		beforeEach(() => {
			bench.simulator.click2mail.books.balance = 12.4;
			Object.assign(bench.simulator.clubTexting.books, { planCredits: 100, anytimeCredits: 80 });
			const { books } = bench.simulator.mailPartner;
			books.subaccounts.push(subaccount(books, { email, balance: 2.5 }));
		});

		test('tops up every balance that is too low, each from its own source', async () => {
			const result = await run('keep-balances.json');

			expect(itemsAt(result, 'Balances Kept')).toMatchObject([
				{ toppedUp: true, balanceBefore: 12.4, balanceAfter: 112.4, currency: 'USD' },
				{ toppedUp: true, creditsBefore: 180, creditsAfter: 1180 },
				{ toppedUp: true, balanceBefore: 2.5, balanceAfter: 22.5, currency: 'EUR' },
			]);
			expect(itemsAt(result, 'Needs a Look')).toEqual([]);
			expect(bench.simulator.click2mail.books.charges).toMatchObject([{ amount: 100, cardEnding: '1111' }]);
			expect(bench.simulator.clubTexting.books.charges).toMatchObject([
				{ cardEnding: '1111', for: 'credits' },
			]);
			expect(bench.simulator.mailPartner.books.transfers).toMatchObject([{ kind: 'add', amount: 20 }]);
		});

		test('buys nothing where there is enough', async () => {
			bench.simulator.click2mail.books.balance = 50;
			bench.simulator.clubTexting.books.anytimeCredits = 400;
			for (const known of bench.simulator.mailPartner.books.subaccounts) known.balance = 5;

			expect(itemsAt(await run('keep-balances.json'), 'Balances Kept')).toMatchObject([
				{ toppedUp: false, balanceBefore: 50 },
				{ toppedUp: false, creditsBefore: 500 },
				{ toppedUp: false, balanceBefore: 5 },
			]);
			expect(bench.simulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
		});

		test('goes on with the others when a card is declined', async () => {
			bench.simulator.click2mail.books.declinedCards.add('1111');
			const result = await run('keep-balances.json');

			expect(itemsAt(result, 'Needs a Look')).toMatchObject([
				{ details: { outcome: 'refused', provider: 'Click2Mail' } },
			]);
			expect(itemsAt(result, 'Balances Kept')).toMatchObject([
				{ toppedUp: true, creditsAfter: 1180 },
				{ toppedUp: true, balanceAfter: 22.5 },
			]);
		});

		test('tops no account up twice on one day, however low it is', async () => {
			await run('keep-balances.json');
			bench.simulator.click2mail.books.balance = 0;
			Object.assign(bench.simulator.clubTexting.books, { planCredits: 0, anytimeCredits: 0 });
			for (const known of bench.simulator.mailPartner.books.subaccounts) known.balance = 0;

			const again = itemsAt(await run('keep-balances.json'), 'Balances Kept');
			expect(again.map(({ skipped }) => skipped)).toEqual([true, true, true]);
			expect([requested('purchase'), requested('buy'), requested('add')]).toEqual([1, 1, 1]);
		});

		test('can be started by its schedule', async () => {
			const workflow = workflowOf('keep-balances.json');
			const result = await bench.engine.run({
				...workflow,
				credentials: credentialsFor(bench.simulator),
				startNode: 'Every Morning at 7',
			});
			expect(itemsAt(result, 'Balances Kept')).toHaveLength(3);
		});
	});

	describe('low-balance-top-up.json', () => {
		const low = async () => {
			const { pinData, nodes } = workflowOf('low-balance-top-up.json');
			const { type, parameters } = nodes.find(({ name }) => name === 'Balance Is Low')!;
			const credentials = credentialsFor(bench.simulator);
			const items = (await bench.engine.testPoll(type, parameters, { credentials }))!.flat();
			expect(Object.keys(items[0]!.json)).toEqual(Object.keys(pinData['Balance Is Low']![0]!.json));
			return await bench.engine.run({
				...workflowOf('low-balance-top-up.json'),
				startNode: 'Balance Is Low',
				credentials,
				items,
			});
		};
		const texts = () => bench.simulator.clubTexting.books.delivered.map(({ message }) => message);

		test('tops up twice a day at most, and texts what it did; that it may buy no more, once', async () => {
			const { books } = bench.simulator.click2mail;
			for (const balance of [31.5, 20, 10, 5]) {
				books.balance = balance;
				const result = await low();
				expect(result.error).toBeUndefined();
				expect(itemsAt(result, 'Not Told')).toEqual([]);
			}
			expect(books.charges).toHaveLength(2);
			expect(texts()).toEqual([
				'Click2Mail was topped up by 100 USD and has 131.5 USD now.',
				'Click2Mail was topped up by 100 USD and has 120 USD now.',
				"Click2Mail runs low: 10 USD are left, and today's top-ups are used up.",
			]);
		});

		test('a declined card is told of', async () => {
			const { books } = bench.simulator.click2mail;
			books.balance = 5;
			books.declinedCards.add('1111');
			expect(itemsAt(await low(), 'Told')).toHaveLength(1);
			expect(texts()).toEqual(['Click2Mail was not topped up (refused). Please look at n8n.']);
		});

		test('a purchase that may have been made is told of as that', async () => {
			bench.simulator.click2mail.books.balance = 5;
			bench.simulator.order({ fault: 'resetAfter', operation: 'purchase' });
			expect(itemsAt(await low(), 'Told')).toHaveLength(1);
			expect(texts()).toEqual(['It is unknown whether Click2Mail was topped up. Please look at n8n.']);
		});

		test('a top-up is told of where the balance can’t be read afterwards', async () => {
			bench.simulator.click2mail.books.balance = 5;
			const body = '{"message":"not now"}';
			bench.simulator.order({ fault: 'body', operation: 'getBalance', body, after: 2, times: Infinity });
			expect(itemsAt(await low(), 'Told')).toHaveLength(1);
			expect(texts()).toEqual(['Click2Mail was topped up by 100 USD and has an unknown amount of USD now.']);
		});
	});

	describe('ez-texting-top-up.json', () => {
		test('buys once a day when the credits run low, and starts with what the trigger gives', async () => {
			const workflow = workflowOf('ez-texting-top-up.json');
			const { type, parameters } = workflow.nodes.find(({ name }) => name === 'Credits Run Low')!;
			const credentials = credentialsFor(bench.simulator);
			const { books } = bench.simulator.ezTexting;
			const low = async () => {
				Object.assign(books, { planCredits: 0, anytimeCredits: 120 });
				const items = (await bench.engine.testPoll(type, parameters, { credentials }))!.flat();
				expect(items.map(({ json }) => json)).toEqual([
					expect.objectContaining(workflow.pinData['Credits Run Low']![0]!.json),
				]);
				return await bench.engine.run({ ...workflow, startNode: 'Credits Run Low', credentials, items });
			};
			expect(itemsAt(await low(), 'Topped Up')).toMatchObject([
				{ toppedUp: true, boughtCredits: 1000, creditsBefore: 120, creditsAfter: 1120, confirmed: true },
			]);
			expect(itemsAt(await low(), 'Topped Up')).toMatchObject([{ toppedUp: false, limitReached: true }]);
			expect(books.charges).toHaveLength(1);
		});
	});

	describe('new-customers.json', () => {
		beforeEach(() => {
			const { books } = bench.simulator.mailPartner;
			books.balance = 100;
			books.subaccounts.push(subaccount(books, { email: 'noe@librairie-petit.example' }));
		});

		test('creates a sub-account with starting credit for each new customer, once', async () => {
			const result = await run('new-customers.json');

			expect(itemsAt(result, 'Created')).toMatchObject([
				{ email: 'camille@bakery-dupont.example', type: 'advanced', token: expect.any(String) as string },
				{ email: 'hugo@atelier-moreau.example' },
				{ email: 'ines@studio-lambert.example' },
				{ skipped: true, idempotencyKey: 'cus-7301' },
			]);
			const { books } = bench.simulator.mailPartner;
			expect(books.balance).toBe(64.5);
			expect(books.subaccounts.slice(1)).toMatchObject([
				{ title: 'Bakery Dupont', firstname: 'Camille', lastname: 'Dupont', balance: 10, isBuyer: 0 },
				{ title: 'Atelier Moreau', balance: 25.5 },
				{ title: 'Studio Lambert', balance: 0 },
			]);
		});

		test('gives what failed, with its customer and the reason', async () => {
			expect(itemsAt(await run('new-customers.json'), 'Not Created')).toMatchObject([
				{
					customerId: 'cus-7303',
					error: expect.stringContaining('lea.velos-du-port.example') as string,
					details: { outcome: 'invalid' },
				},
				{
					customerId: 'cus-7304',
					error: expect.stringContaining('already') as string,
					details: { outcome: 'refused', providerCode: '7' },
				},
			]);
		});

		test('creates nothing above the spending limit', async () => {
			const result = await run('new-customers.json', { spendingLimit: 40 });

			expect(requested('create')).toBe(0);
			const outcomes = itemsAt(result, 'Not Created').map(({ details }) => (details as IDataObject).outcome);
			expect(outcomes.sort()).toEqual(['invalid', 'notSent', 'notSent', 'notSent', 'notSent', 'notSent']);
		});
	});

	describe('welcome-contacts.json', () => {
		beforeEach(() => {
			const { books } = bench.simulator.clubTexting;
			books.groups.set('customers', []);
			contactOf(books, '6465550172', { firstName: 'Jon', note: 'crm-502', groups: ['honey lovers'] });
			contactOf(books, '9175550118');
			books.localOptOuts.add('9175550118');
		});
		afterEach(() => jest.restoreAllMocks());

		test.each([
			['by day', '2026-07-01T12:00:00-04:00', null],
			['at night', '2026-07-01T22:00:00-04:00', '2026-07-02T12:00:00.000Z'],
		])('%s, saves who can be saved and welcomes them', async (_case, now, scheduledFor) => {
			jest.spyOn(Date, 'now').mockReturnValue(Date.parse(now));
			const result = await run('welcome-contacts.json');

			expect(itemsAt(result, 'Welcomed')).toMatchObject([
				{ recipients: ['2125550143'], scheduledFor, itemsInRequest: 2 },
				{ recipients: ['6465550172'], scheduledFor, itemsInRequest: 2 },
			]);
			expect(itemsAt(result, 'Needs a Look')).toMatchObject([
				{ crmId: 'crm-503', error: expect.stringContaining('opted out') as string },
				{ crmId: 'crm-504', error: expect.stringContaining('555-0199') as string },
			]);
			const { books } = bench.simulator.clubTexting;
			expect(books.contacts).toMatchObject([
				{ phoneNumber: '6465550172', firstName: 'John', lastName: 'Whitfield', note: 'crm-502' },
				{ phoneNumber: '9175550118', firstName: '' },
				{ phoneNumber: '2125550143', firstName: 'Maria', note: 'crm-501' },
			]);
			expect(books.groups.get('customers')).toHaveLength(2);
			expect(books.groups.get('honey lovers')).toContain('6465550172');
		});

		test('welcomes nobody twice, however often the CRM reports them', async () => {
			await run('welcome-contacts.json');
			const again = await run('welcome-contacts.json');
			expect(itemsAt(again, 'Welcomed')).toMatchObject([{ skipped: true }, { skipped: true }]);
			expect(requested('send')).toBe(1);
			expect(requested('createContact')).toBe(1);
		});
	});

	describe('ez-texting-welcome.json', () => {
		test('creates the group, saves who can be saved and welcomes them once', async () => {
			const { books } = bench.simulator.ezTexting;
			ezTextingContact(books, '6465550172', { firstName: 'Jon', note: 'crm-502' });
			const result = await run('ez-texting-welcome.json');
			expect(itemsAt(result, 'Welcomed')).toMatchObject([
				{ recipients: ['2125550143'], itemsInRequest: 2 },
				{ recipients: ['6465550172'], itemsInRequest: 2 },
			]);
			expect(itemsAt(result, 'Needs a Look')).toMatchObject([
				{ crmId: 'crm-504', error: expect.stringContaining('555-0199') as string },
			]);
			expect(books.groups.find(({ name }) => name === 'customers')?.members).toHaveLength(2);
			const again = await run('ez-texting-welcome.json');
			expect(itemsAt(again, 'Welcomed')).toMatchObject([{ skipped: true }, { skipped: true }]);
			expect([requested('send'), requested('createGroup')]).toEqual([1, 1]);
		});
	});

	test('welcomes nobody at EZ Texting who has opted out', async () => {
		ezTextingContact(bench.simulator.ezTexting.books, '6465550172', { optOut: true });
		const result = await run('ez-texting-welcome.json');
		expect(itemsAt(result, 'Welcomed')).toMatchObject([{ recipients: ['2125550143'] }]);
		expect(itemsAt(result, 'Needs a Look')).toMatchObject([
			{ optedOut: true, error: expect.stringContaining('"has opted out"') as string },
			{ crmId: 'crm-504' },
		]);
	});

	test.each(['ez-texting-welcome.json', 'welcome-contacts.json'])(
		'%s texts nobody where only the contacts are a dry run, as its note says',
		async (file) => {
			bench.simulator.clubTexting.books.groups.set('customers', []);
			expect(textOf(file)).toContain('Switch **Dry Run** on in **Save Contact** and');
			const result = await run(file, { dryRun: true }, 'Save Contact');
			const planned = itemsAt(result, 'Welcomed');
			expect(planned.length).toBeGreaterThan(1);
			for (const item of planned)
				expect(item).toMatchObject({ dryRun: true, recipients: [expect.anything()] });
			expect(bench.simulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
		},
	);

	describe('opt-outs.json', () => {
		test('gives those who have opted out, and only reads', async () => {
			const { books } = bench.simulator.clubTexting;
			for (const number of ['2125550143', '9175550118', '6465550172']) contactOf(books, number);
			books.localOptOuts.add('9175550118').add('6465550172');
			const result = await run('opt-outs.json');
			expect(itemsAt(result, 'Update CRM').map(({ phoneNumber }) => phoneNumber)).toEqual([
				'6465550172',
				'9175550118',
			]);
			expect(bench.sent('getContacts').map(({ query }) => new URLSearchParams(query).get('optout'))).toEqual([
				'true',
			]);
			expect(bench.simulator.requests).toHaveLength(1);
		});
	});

	describe('monthly-report.json', () => {
		test('gives every sub-account with its balance and without its key', async () => {
			const { books } = bench.simulator.mailPartner;
			const people = Array.from({ length: 25 }, (_, i) => ({ email: `owl${i}@example.com`, balance: i }));
			books.subaccounts = people.map((one) => subaccount(books, one));
			const result = await run('monthly-report.json');
			expect(itemsAt(result, 'Report')).toMatchObject(people);
			for (const item of itemsAt(result, 'Report')) expect(item).not.toHaveProperty('apiKey');
			expect(bench.simulator.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
		});

		test('says so where the list can’t be read', async () => {
			bench.simulator.order({ fault: 'status401', operation: 'list' });
			expect(itemsAt(await run('monthly-report.json'), 'Needs a Look')).toMatchObject([
				{ details: { outcome: 'refused', provider: 'MailPartner' } },
			]);
		});
	});

	const acting = files.filter((file) => ownNodes(file).some(({ node }) => isActing(node)));
	test.each(acting)('%s changes nothing in a dry run', async (file) => {
		bench.simulator.mailPartner.books.subaccounts.push(
			subaccount(bench.simulator.mailPartner.books, { email: 'newsletter@lamps.example' }),
		);
		bench.simulator.clubTexting.books.groups.set('customers', []);
		const result = await run(file, { dryRun: true });

		expect(bench.simulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
		const shown = ownNodes(file)
			.filter(({ node }) => isActing(node))
			.flatMap(({ node }) => itemsAt(result, node.name));
		expect(shown.length).toBeGreaterThan(0);
		for (const item of shown) expect(item.dryRun).toBe(true);
	});

	describe('welcome-letter.json', () => {
		const mailed = () => bench.simulator.click2mail.books.mailed.length;

		test('mails one letter to each customer with an address', async () => {
			const result = await run('welcome-letter.json');
			expect(itemsAt(result, 'Mailed')).toMatchObject([
				{ submitted: true, alreadySubmitted: false, cost: 1.17 },
				{ submitted: true, alreadySubmitted: false, cost: 1.17 },
				{ skipped: true, idempotencyKey: 'welcome-cus-801' },
			]);
			expect(mailed()).toBe(2);
			const lists = [...bench.simulator.click2mail.books.addressLists.values()];
			expect(lists.map(({ rows }) => rows[0])).toMatchObject([
				{ First_name: 'Maria', Organization: '', Address2: 'Apt 4', Zip: '10002' },
				{ First_name: 'Jon', Organization: 'Whitfield Bikes', Zip: '01608' },
			]);
		});

		test('gives what was not mailed, with the customer and the reason', async () => {
			expect(itemsAt(await run('welcome-letter.json'), 'Not Mailed')).toMatchObject([
				{ customerId: 'cus-803', error: expect.stringContaining('2138') as string },
				{ customerId: 'cus-804', error: expect.stringContaining('OHIO') as string },
			]);
		});

		test('mails nothing twice when it runs again, and nothing in a dry run', async () => {
			expect(itemsAt(await run('welcome-letter.json', { dryRun: true }), 'Mailed')).toMatchObject([
				{ dryRun: true, cost: 1.17 },
				{ dryRun: true, cost: 1.17 },
				{ dryRun: true },
			]);
			expect(mailed()).toBe(0);
			await run('welcome-letter.json');
			expect(itemsAt(await run('welcome-letter.json'), 'Mailed')).toMatchObject([
				{ skipped: true },
				{ skipped: true },
				{ skipped: true },
			]);
			expect(mailed()).toBe(2);
		});

		test('what costs more than the maximum stays a draft', async () => {
			const result = await run('welcome-letter.json', { maximumCost: 1 });
			expect(itemsAt(result, 'Not Mailed')).toMatchObject([
				{ details: { outcome: 'notSent' }, error: expect.stringMatching(/job \d+ costs 1.17 USD/) as string },
				{ details: { outcome: 'notSent' } },
				{},
				{},
				{ details: { outcome: 'notSent' } },
			]);
			expect(mailed()).toBe(0);
		});
	});
});
