import type { INode, INodeParameters } from 'n8n-workflow';
import { contactOf, incomingOf, subaccount } from '../simulator';

import { openBed, packageName, useBed } from './bed';
import {
	type Execution,
	type StoredWorkflow,
	activate,
	createWorkflow,
	getExecution,
	listExecutions,
	logIn,
	outputs,
} from './rest';
import { until } from './until';
import { type Step, stepsOf } from './workflow';

/** Published workflows whose triggers n8n polls by its own clock. */
describe.each(['2.41.1', '1.123.81'] as const)('n8n %s', (version) => {
	const bed = useBed(async () => await openBed(`polling-${version}`, { version }));

	/** n8n refuses an interval below a minute, but takes many times of a minute. */
	const pollTimes = {
		item: Array.from({ length: 20 }, (_, at) => ({
			mode: 'custom',
			cronExpression: `${at * 3} * * * * *`,
		})),
	};

	async function publish(
		type: string,
		credential: 'click2MailApi' | 'clubTextingApi' | 'mailPartnerApi',
		parameters: INodeParameters,
		step?: Step,
	): Promise<StoredWorkflow> {
		const { id, name } = bed.credentials[credential];
		const node = (own: Partial<INode> & Pick<INode, 'name' | 'type' | 'parameters'>): INode => ({
			id: own.name.toLowerCase(),
			typeVersion: 1,
			position: [0, 0],
			...own,
		});
		const workflow = await createWorkflow(bed.rest, {
			name: type,
			nodes: [
				node({
					name: 'Trigger',
					type: `${packageName}.${type}`,
					parameters: { ...parameters, pollTimes },
					credentials: { [credential]: { id, name } },
				}),
				step
					? node({
							name: 'After',
							type: step.type,
							parameters: step.parameters,
							credentials: Object.fromEntries(
								step.credentials.map((given) => [given.type, { id: given.id, name: given.name }]),
							),
						})
					: node({ name: 'After', type: 'n8n-nodes-base.noOp', parameters: {} }),
			],
			connections: { Trigger: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
		});
		await activate(bed.rest, workflow);
		return workflow;
	}

	/** Waits until the provider has been asked so many more times. */
	async function polls(operation: string, count: number): Promise<void> {
		const asked = () => bed.simulator.requests.filter((request) => request.operation === operation).length;
		const before = asked();
		await until(`${count} polls`, () => (asked() >= before + count ? true : undefined));
	}

	/** The executions of a workflow that are over and went well, oldest first, once there are as many. */
	async function runs(workflow: StoredWorkflow, count: number): Promise<Execution[]> {
		const listed = await until(`${count} executions`, async () => {
			const good = (await listExecutions(bed.rest, workflow.id)).filter(({ status }) => status === 'success');
			return good.length >= count ? good : undefined;
		});
		expect(listed).toHaveLength(count);
		return await Promise.all(listed.reverse().map(async ({ id }) => await getExecution(bed.rest, id)));
	}

	async function restart(meanwhile: () => void): Promise<void> {
		await bed.main.stop();
		meanwhile();
		bed.main = await bed.n8n.start();
		bed.rest = await logIn(bed.main.url);
	}

	test('a low balance starts the top-up behind it, once; armed anew by it, it starts again, up to the maximum per day', async () => {
		const { books } = bed.simulator.click2mail;
		books.balance = 40;
		const topUp = stepsOf(bed).click2mail('credit', 'topUp', {
			minimumBalance: 50,
			amount: 100,
			options: { maximumPerDay: 1 },
		});
		const workflow = await publish('click2MailCreditTrigger', 'click2MailApi', { threshold: 50 }, topUp);

		const [first] = await runs(workflow, 1);
		expect(outputs(first!, 'Trigger')).toEqual([
			[{ balance: 40, currency: 'USD', allowNegative: false, threshold: 50, reason: 'crossed' }],
		]);
		expect(outputs(first!, 'After')).toEqual([
			[
				{
					toppedUp: true,
					balanceBefore: 40,
					balanceAfter: 140,
					amount: 100,
					currency: 'USD',
					limitReached: false,
				},
			],
		]);
		await polls('getBalance', 3);
		await runs(workflow, 1);

		books.balance = 30;
		const [, second] = await runs(workflow, 2);
		expect(outputs(second!, 'Trigger')).toMatchObject([[{ balance: 30, reason: 'crossed' }]]);
		expect(outputs(second!, 'After')).toMatchObject([[{ toppedUp: false, amount: 0, limitReached: true }]]);
		expect(books.charges).toHaveLength(1);

		// It stays low, a poll fails, n8n is started anew: it has told of that.
		await polls('getBalance', 2);
		bed.simulator.order({
			provider: 'click2mail',
			operation: 'getBalance',
			fault: 'refusalIn200',
			text: 'Access denied',
			code: 2,
		});
		await polls('getBalance', 3);
		await runs(workflow, 2);
		const failed = (await listExecutions(bed.rest, workflow.id)).filter(({ status }) => status === 'error');
		expect(failed).toHaveLength(1);
		await restart(() => undefined);
		await polls('getBalance', 2);
		await runs(workflow, 2);

		books.balance = 60;
		await polls('getBalance', 2);
		books.balance = 45;
		await runs(workflow, 3);
	});

	test('new sub-accounts start it, each once, also those that came while n8n was down', async () => {
		const { books } = bed.simulator.mailPartner;
		const add = () => void books.subaccounts.push(subaccount(books));
		for (let left = 0; left < 25; left++) add();
		const workflow = await publish('mailPartnerSubaccountTrigger', 'mailPartnerApi', {
			event: 'subaccountCreated',
		});
		// Two pages each time.
		await polls('list', 4);
		await runs(workflow, 0);
		add();
		expect(outputs((await runs(workflow, 1))[0]!, 'After')).toMatchObject([[{ id: '26' }]]);
		await restart(() => {
			add();
			add();
		});
		const found = await runs(workflow, 2);
		expect(outputs(found[1]!, 'After')).toMatchObject([[{ id: '27' }, { id: '28' }]]);
		expect(JSON.stringify(found.map(({ data }) => data))).not.toContain(books.subaccounts[26]!.apiKey);
		await polls('list', 4);
		await runs(workflow, 2);
	});

	test('a message and an opt-out start it, each once and none of those before, also what came while n8n was down', async () => {
		const { books } = bed.simulator.clubTexting;
		const optOut = (number: string) => {
			contactOf(books, number);
			books.localOptOuts.add(number);
		};
		incomingOf(books, { message: 'Before' });
		optOut('2125550101');
		const type = 'clubTextingPollingTrigger';
		const replies = await publish(type, 'clubTextingApi', { event: 'messageReceived' });
		const optOuts = await publish(type, 'clubTextingApi', { event: 'contactOptedOut' });
		const bothPolled = async () => await Promise.all([polls('getInbox', 2), polls('getContacts', 2)]);
		await bothPolled();
		await runs(replies, 0);
		await runs(optOuts, 0);

		incomingOf(books, { message: 'Yes please', phoneNumber: '2125550102' });
		optOut('2125550103');
		const [reply] = await runs(replies, 1);
		expect(outputs(reply!, 'After')).toMatchObject([[{ message: 'Yes please', phoneNumber: '2125550102' }]]);
		const [left] = await runs(optOuts, 1);
		expect(outputs(left!, 'After')).toMatchObject([[{ phoneNumber: '2125550103' }]]);

		await restart(() => {
			incomingOf(books, { message: 'One more' });
			optOut('2125550104');
		});
		const [, second] = await runs(replies, 2);
		expect(outputs(second!, 'After')).toMatchObject([[{ message: 'One more' }]]);
		const [, next] = await runs(optOuts, 2);
		expect(outputs(next!, 'After')).toMatchObject([[{ phoneNumber: '2125550104' }]]);
		await bothPolled();
		await runs(replies, 2);
		await runs(optOuts, 2);
	});
});
