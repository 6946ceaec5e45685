import type { IDataObject, IExecuteFunctions, INodeType } from 'n8n-workflow';
import { Click2MailApi } from '../../credentials/Click2MailApi.credentials';
import { ClubTextingApi } from '../../credentials/ClubTextingApi.credentials';
import { EzTextingApi } from '../../credentials/EzTextingApi.credentials';
import { MailPartnerApi } from '../../credentials/MailPartnerApi.credentials';
import { createEngine } from '../engine';
import { going, itemsOf, openBench, outcomesOf, pairs } from '../harness';
import { credentialsFor, nodeTypes, sceneOf } from '../scenes';
import { subaccount, type ProviderName } from '../simulator';

/** What might go wrong somewhere between n8n and the nodes, each tried as n8n does it. */
const bench = openBench();

describe('a credential in n8n’s HTTP Request node', () => {
	const ASKING = 'test.httpRequest';
	/** As n8n's node asks with a predefined credential, where somebody lets it follow redirects. */
	const asking: INodeType = {
		description: {
			displayName: 'HTTP Request',
			name: 'httpRequest',
			group: ['output'],
			version: 1,
			description: '',
			defaults: { name: 'HTTP Request' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: ['click2MailApi', 'clubTextingApi', 'ezTextingApi', 'mailPartnerApi'].map((name) => ({
				name,
			})),
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			const asked = this.getInputData().map(async ({ json: { type, ...options } }, item) => {
				const answer = (await this.helpers.requestWithAuthentication.call(
					this,
					String(type),
					{
						followRedirect: true,
						followAllRedirects: true,
						resolveWithFullResponse: true,
						simple: false,
						...options,
					} as never,
					undefined,
					item,
				)) as { statusCode: number };
				return { json: { statusCode: answer.statusCode }, pairedItem: { item } };
			});
			return [await Promise.all(asked)];
		},
	};
	const engine = () =>
		createEngine({
			nodes: { [ASKING]: asking },
			credentialTypes: [new Click2MailApi(), new ClubTextingApi(), new EzTextingApi(), new MailPartnerApi()],
		});

	const body = (provider: ProviderName) =>
		provider === 'ezTexting' ? { body: { a: '1' }, json: true } : { form: { a: '1' } };

	it.each<[ProviderName, string, string, string]>([
		['click2mail', 'click2MailApi', '/credit', '/credit/purchase'],
		['clubTexting', 'clubTextingApi', '/billing/credits/get?format=json', '/sending/messages?format=json'],
		['ezTexting', 'ezTextingApi', '/credits', '/credits/purchase'],
		['mailPartner', 'mailPartnerApi', '/me', '/subaccount/credit/add'],
	])('%s: a 307 carries no log-in away', async (provider, type, read, act) => {
		const { baseUrl } = bench.simulator[provider].credentials;
		bench.simulator.order({ fault: 'redirect', status: 307, times: 2 });
		const items = [
			{ type, method: 'GET', uri: `${String(baseUrl)}${read}` },
			{ type, method: 'POST', uri: `${String(baseUrl)}${act}`, ...body(provider) },
		];
		const result = await engine().runNode(
			ASKING,
			{},
			{ credentials: credentialsFor(bench.simulator), items },
		);
		expect(itemsOf(result)).toEqual([{ statusCode: 307 }, { statusCode: 307 }]);
		expect(bench.sent('redirected')).toEqual([]);
	});
});

describe('two top-ups as an agent’s tool at once', () => {
	const topUps: Array<[ProviderName, string, IDataObject]> = [
		['click2mail', 'purchase', { minimumBalance: 1000, amount: 1000 }],
		['clubTexting', 'buy', { minimumCredits: 500, numberOfCredits: 500, storedCardLastFour: '1111' }],
		['ezTexting', 'buy', { minimumCredits: 500, numberOfCredits: 500, storedCardLastFour: '1111' }],
		[
			'mailPartner',
			'add',
			{
				subaccount: { __rl: true, mode: 'token', value: 'rabbit' },
				minimumBalance: 20,
				amount: 25,
			},
		],
	];
	async function callTwice([provider, , set]: (typeof topUps)[number]): Promise<IDataObject[]> {
		const tool = bench.engine.openTool(
			nodeTypes[provider],
			{ resource: 'credit', operation: 'topUp', spendingLimit: 5000, ...set },
			{ credentials: credentialsFor(bench.simulator) },
		);
		const calls = [{ reason: 'low' }, { reason: 'still low' }].map(async (args) => await tool.call(args));
		return (await Promise.all(calls)).map((answer) => (JSON.parse(answer) as IDataObject[])[0]!);
	}

	it.each(topUps)('%s: the second one finds what the first has bought', async (...topUp) => {
		const { books } = bench.simulator.mailPartner;
		books.subaccounts.push(subaccount(books, { token: 'rabbit', balance: 5 }));
		for (const service of ['clubTexting', 'ezTexting'] as const)
			Object.assign(bench.simulator[service].books, { planCredits: 0, anytimeCredits: 5 });
		const answers = await callTwice(topUp);
		expect(answers.map(({ toppedUp }) => toppedUp).sort()).toEqual([false, true]);
		expect(bench.sent(topUp[1])).toHaveLength(1);
	});

	it('the balance may lag', async () => {
		const { books } = bench.simulator.ezTexting;
		Object.assign(books, { planCredits: 0, anytimeCredits: 5, balanceLags: true });
		const answers = await callTwice(topUps.find(([provider]) => provider === 'ezTexting')!);
		expect(answers.map(({ toppedUp, confirmed }) => [toppedUp, confirmed]).sort()).toEqual([
			[false, false],
			[true, false],
		]);
		expect(books.charges).toHaveLength(1);
	});
});

describe('a list of sub-accounts over a long run of transfers', () => {
	const topUp = {
		resource: 'credit',
		operation: 'topUp',
		subaccount: { __rl: true, mode: '={{ $json.mode }}', value: '={{ $json.value }}' },
		minimumBalance: 20,
		amount: 25,
	};

	it('is read again after a minute: what somebody else has topped up meanwhile is not topped up again', async () => {
		const { books } = bench.simulator.mailPartner;
		for (const token of ['rabbit', 'owl', 'piglet'])
			books.subaccounts.push(subaccount(books, { token, email: `${token}@example.com`, balance: 5 }));
		const items = [
			{ mode: 'token', value: 'rabbit' },
			{ mode: 'token', value: 'owl' },
			{ mode: 'email', value: 'piglet@example.com' },
		];
		const { now } = Date;
		try {
			const result = await bench.run('mailPartner', topUp, items, {
				...going,
				// While the first transfer is under way, a minute passes, and somebody tops up the third one.
				onRequest: ({ url }) => {
					if (!url.includes('/credit/add') || Date.now !== now) return;
					Date.now = () => now() + 61_000;
					books.subaccounts.find(({ token }) => token === 'piglet')!.balance = 40;
				},
			});
			expect(itemsOf(result).map(({ token, toppedUp }) => [token, toppedUp])).toEqual([
				['rabbit', true],
				['owl', true],
				['piglet', false],
			]);
			expect(itemsOf(result)[2]).toMatchObject({ balanceBefore: 40 });
			expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		} finally {
			Date.now = now;
		}
	});

	it('is read once for items that follow each other at once', async () => {
		const { books } = bench.simulator.mailPartner;
		for (const token of ['rabbit', 'owl', 'piglet'])
			books.subaccounts.push(subaccount(books, { token, balance: 5 }));
		const items = ['rabbit', 'owl', 'piglet'].map((value) => ({ mode: 'token', value }));
		expect(outcomesOf(await bench.run('mailPartner', topUp, items, going))).toEqual(Array(3).fill('success'));
		expect(bench.sent('list')).toHaveLength(1);
	});
});

describe('an execution’s id that comes a second time, after an old database was restored', () => {
	const send = sceneOf('clubTexting.message.send (personal)');
	const other = { message: '=Another text for {{ $json.to }}' };

	it('sends nothing twice, and says that what it finds may be of an earlier run', async () => {
		const first = await bench.play(send, { ...going, executionId: '7' });
		expect(outcomesOf(first)).toEqual(send.items.map(() => 'success'));
		const sent = bench.sent('send').length;
		const second = await bench.play(send, { ...going, executionId: '7', parameters: other });
		expect(outcomesOf(second)).toEqual(send.items.map(() => 'unknown'));
		expect(bench.sent('send')).toHaveLength(sent);
	});
});

describe('an inline sub-workflow whose JSON has the id of another workflow', () => {
	const purchase = sceneOf('click2mail.credit.purchase');
	const keyed = {
		...going,
		parameters: { options: { idempotencyKey: '={{ "order-" + $json.amount }}', readBalance: false } },
	};

	it('shares the keys of the workflow that it was copied from: nothing is bought twice', async () => {
		await bench.play(purchase, { ...keyed, workflowId: 'shop' });
		const copy = await bench.play(purchase, { ...keyed, workflowId: 'shop' });
		expect(itemsOf(copy)).toMatchObject(purchase.items.map(() => ({ skipped: true })));
		expect(bench.sent('purchase')).toHaveLength(purchase.items.length);
	});

	it('that n8n does not know: n8n keeps no list for it, and nothing leaves', async () => {
		bench.engine.deduplication.failNext(new Error('SQLITE_CONSTRAINT: FOREIGN KEY constraint failed'), 99);
		const result = await bench.play(purchase, { ...going, workflowId: 'nowhere' });
		expect(outcomesOf(result)).toEqual(purchase.items.map(() => 'notSent'));
		expect(itemsOf(result)[0]!.error).toContain('FOREIGN KEY');
		expect(bench.sent('purchase')).toEqual([]);
	});
});
