import type { IDataObject, INodeParameters, IRun } from 'n8n-workflow';

import { cards, subaccount } from '../simulator';

import { type Bed, openBed } from './bed';
import { createWorkflow, errorOf, outputs, run } from './rest';
import { type Step, itemsThrough, stepsOf } from './workflow';

/** Every operation in a running n8n: what comes out, and what the provider's books say afterwards. */
let bed: Bed;
let steps: ReturnType<typeof stepsOf>;

beforeAll(async () => {
	bed = await openBed('operations');
	steps = stepsOf(bed.credentials);
});
afterAll(async () => {
	await bed.close();
});
beforeEach(() => bed.simulator.reset());
afterEach(() => expect(bed.simulator.mistakes()).toEqual([]));

/** The items that come out of a step. */
async function through(items: IDataObject[], step: Step): Promise<IDataObject[]> {
	const execution = await run(bed.rest, await createWorkflow(bed.rest, itemsThrough(items, step)));
	expect(errorOf(execution)).toBeUndefined();
	expect(execution.status).toBe('success');
	return outputs(execution, 'Step')[0] ?? [];
}

const one = [{}];
const card = { amount: '={{ $json.amount }}' };
const storedCard = { paymentMethod: 'storedCard', storedCardLastFour: '1111' };

test("a workflow run by n8n's command line", async () => {
	const workflow = await createWorkflow(
		bed.rest,
		itemsThrough(
			[{ to: '2125550101' }, { to: '2125550102' }],
			steps.clubTexting('message', 'send', { phoneNumbers: '={{ $json.to }}', message: 'Honey is ready' }),
		),
	);
	const printed = await bed.n8n.command(['execute', `--id=${workflow.id}`, '--rawOutput']);

	const { data } = JSON.parse(printed.slice(printed.search(/^\{/m))) as IRun;
	expect(data.resultData.runData.Step?.[0]?.data?.main?.[0]?.map(({ json }) => json)).toMatchObject([
		{ recipients: ['2125550101'] },
		{ recipients: ['2125550102'] },
	]);
	expect(bed.simulator.clubTexting.books.delivered).toHaveLength(2);
});

describe('Click2Mail Credit', () => {
	test('getBalance', async () => {
		bed.simulator.click2mail.books.balance = 12.34;

		const balance = { balance: 12.34, currency: 'USD', allowNegative: false };
		expect(await through([{}, {}], steps.click2Mail('credit', 'getBalance'))).toEqual([balance, balance]);
	});

	test('purchase', async () => {
		const items = await through(
			[{ amount: 10 }, { amount: 12.5 }],
			steps.click2Mail('credit', 'purchase', card),
		);

		const { books, baseUrl } = bed.simulator.click2mail;
		const common = {
			purchased: true,
			currency: 'USD',
			status: 0,
			description: 'Success',
			allowNegative: false,
			statusUrl: `${baseUrl}/credit`,
		};
		expect(items).toEqual([
			{ ...common, amount: 10, balance: 35.5 },
			{ ...common, amount: 12.5, balance: 48 },
		]);
		expect(books.charges).toMatchObject([
			{ amount: 10, cardEnding: '1111' },
			{ amount: 12.5, cardEnding: '1111' },
		]);
	});

	test('topUp', async () => {
		const items = await through(
			[{ minimum: 30 }, { minimum: 30 }],
			steps.click2Mail('credit', 'topUp', { minimumBalance: '={{ $json.minimum }}', amount: 20 }),
		);

		expect(items).toEqual([
			{ toppedUp: true, balanceBefore: 25.5, balanceAfter: 45.5, amount: 20, currency: 'USD' },
			{ toppedUp: false, balanceBefore: 45.5, balanceAfter: 45.5, amount: 0, currency: 'USD' },
		]);
		expect(bed.simulator.click2mail.books.charges).toHaveLength(1);
	});

	test('a dry run of a purchase', async () => {
		const [item] = await through(
			[{ amount: 10 }],
			steps.click2Mail('credit', 'purchase', { ...card, dryRun: true }),
		);

		expect(item).toMatchObject({ dryRun: true, cost: 10, request: { method: 'POST' } });
		expect(JSON.stringify(item)).not.toContain(cards.visa.number);
		expect(bed.simulator.requests.filter(({ method }) => method === 'POST')).toEqual([]);
	});
});

describe('Club Texting', () => {
	test('message.send', async () => {
		const { books } = bed.simulator.clubTexting;
		books.localOptOuts.add('2125550102');
		books.globalOptOuts.add('2125550104');

		const items = await through(
			[{ to: '(212) 555-0101, +1 212 555 0102' }, { to: '212.555.0103\n2125550104' }],
			steps.clubTexting('message', 'send', { phoneNumbers: '={{ $json.to }}', message: 'Honey is ready' }),
		);

		const common = {
			subject: null,
			message: 'Honey is ready',
			delivery: 'express',
			scheduledFor: null,
			sendTime: expect.any(String) as string,
			credits: 6,
			recipientsCount: 3,
			itemsInRequest: 2,
		};
		expect(items).toMatchObject([
			{ ...common, recipients: ['2125550101'], localOptOuts: ['2125550102'], globalOptOuts: [] },
			{ ...common, recipients: ['2125550103'], localOptOuts: [], globalOptOuts: ['2125550104'] },
		]);
		expect(books.messages).toHaveLength(1);
		const id = String(books.messages[0]?.id);
		expect(items.map(({ messageId, messageIds }) => [messageId, messageIds])).toEqual([
			[id, [id]],
			[id, [id]],
		]);
		expect(books.delivered.map(({ number }) => number)).toEqual(['2125550101', '2125550103']);
	});

	test('message.send of a text of its own to each item', async () => {
		const { books } = bed.simulator.clubTexting;

		const items = await through(
			[
				{ to: '2125550101', name: 'Owl' },
				{ to: '2125550102', name: 'Roo' },
				{ to: '2125550103', name: 'Kanga' },
			],
			steps.clubTexting('message', 'send', {
				phoneNumbers: '={{ $json.to }}',
				message: '=Hello {{ $json.name }}',
				options: { requestsPerSecond: 2, subject: 'Hi' },
			}),
		);

		expect(items.map(({ message, itemsInRequest }) => [message, itemsInRequest])).toEqual([
			['Hello Owl', 1],
			['Hello Roo', 1],
			['Hello Kanga', 1],
		]);
		expect(books.delivered.map(({ number, message }) => [number, message])).toEqual([
			['2125550101', 'Hello Owl'],
			['2125550102', 'Hello Roo'],
			['2125550103', 'Hello Kanga'],
		]);
	});

	test('keyword.checkAvailability', async () => {
		await through(one, steps.clubTexting('keyword', 'rent', { keyword: 'honey', ...storedCard }));

		const step = steps.clubTexting('keyword', 'checkAvailability', { keyword: '={{ $json.keyword }}' });
		expect(await through([{ keyword: 'honey' }, { keyword: 'thistles' }], step)).toEqual([
			{ keyword: 'honey', available: false },
			{ keyword: 'thistles', available: true },
		]);
	});

	test('keyword.rent, keyword.setUp and keyword.cancel', async () => {
		const { books } = bed.simulator.clubTexting;
		const keyword = { keyword: '={{ $json.keyword }}' };
		const input = [{ keyword: 'honey' }, { keyword: 'pot' }];

		const rented = await through(
			input,
			steps.clubTexting('keyword', 'rent', { ...keyword, paymentMethod: 'card' }),
		);
		const fresh = {
			doubleOptIn: false,
			confirmMessage: 'Reply Y to join',
			joinMessage: 'Thank you for joining our list',
			forwardEmail: null,
			forwardUrl: null,
			contactGroups: [],
		};
		const identified = { keywordId: expect.stringMatching(/^\d+$/) as string };
		expect(rented).toMatchObject([
			{ ...fresh, ...identified, keyword: 'honey' },
			{ ...fresh, ...identified, keyword: 'pot' },
		]);
		expect(books.charges).toMatchObject([
			{ amount: 25, cardEnding: '1111', for: 'keyword' },
			{ amount: 25, cardEnding: '1111', for: 'keyword' },
		]);

		const set = await through(
			input,
			steps.clubTexting('keyword', 'setUp', {
				...keyword,
				joinMessage: '=Welcome to {{ $json.keyword }}',
				options: { enableDoubleOptIn: true, contactGroups: 'honey lovers' },
			}),
		);
		expect(set).toMatchObject([
			{
				keyword: 'honey',
				joinMessage: 'Welcome to honey',
				doubleOptIn: true,
				contactGroups: ['honey lovers'],
			},
			{ keyword: 'pot', joinMessage: 'Welcome to pot', doubleOptIn: true },
		]);
		expect(books.keywords.get('pot')).toMatchObject({
			joinMessage: 'Welcome to pot',
			enableDoubleOptIn: true,
		});

		expect(await through(input, steps.clubTexting('keyword', 'cancel', keyword))).toEqual([
			{ keyword: 'honey', deleted: true },
			{ keyword: 'pot', deleted: true },
		]);
		expect(books.keywords.size).toBe(0);
	});

	test('credit.getBalance', async () => {
		const balance = { planCredits: 500, anytimeCredits: 200_000, totalCredits: 200_500 };
		expect(await through([{}, {}], steps.clubTexting('credit', 'getBalance'))).toEqual([balance, balance]);
	});

	test('credit.buy', async () => {
		const items = await through(
			[{ credits: 1000 }, { credits: 500 }],
			steps.clubTexting('credit', 'buy', {
				numberOfCredits: '={{ $json.credits }}',
				...storedCard,
				options: { couponCode: 'HONEY' },
			}),
		);

		expect(items).toEqual([
			{
				boughtCredits: 1000,
				amount: 9.45,
				discount: 0.55,
				planCredits: 500,
				anytimeCredits: 201_000,
				totalCredits: 201_500,
			},
			{
				boughtCredits: 500,
				amount: expect.closeTo(4.72, 1) as number,
				discount: expect.closeTo(0.28, 1) as number,
				planCredits: 500,
				anytimeCredits: 201_500,
				totalCredits: 202_000,
			},
		]);
		expect(bed.simulator.clubTexting.books.charges).toHaveLength(2);
	});

	test('credit.topUp', async () => {
		Object.assign(bed.simulator.clubTexting.books, { planCredits: 50, anytimeCredits: 100 });

		const items = await through(
			[{ minimum: 200 }, { minimum: 200 }],
			steps.clubTexting('credit', 'topUp', {
				minimumCredits: '={{ $json.minimum }}',
				numberOfCredits: 1000,
				...storedCard,
			}),
		);

		expect(items).toEqual([
			{ toppedUp: true, creditsBefore: 150, creditsAfter: 1150, boughtCredits: 1000, amount: 10 },
			{ toppedUp: false, creditsBefore: 1150, creditsAfter: 1150, boughtCredits: 0, amount: 0 },
		]);
		expect(bed.simulator.clubTexting.books.charges).toHaveLength(1);
	});

	test('phoneNumber.lookUpCarrier', async () => {
		bed.simulator.clubTexting.books.carriers.set('2125550102', 'VERIZONUS');

		const step = steps.clubTexting('phoneNumber', 'lookUpCarrier', { phoneNumber: '={{ $json.number }}' });
		expect(await through([{ number: '(212) 555-0101' }, { number: '2125550102' }], step)).toEqual([
			{ phoneNumber: '2125550101', carrier: 'ATTUS' },
			{ phoneNumber: '2125550102', carrier: 'VERIZONUS' },
		]);
	});
});

describe('MailPartner Subaccount', () => {
	test('subaccount.create', async () => {
		const { books } = bed.simulator.mailPartner;

		const [simple] = await through(
			[{ credit: 5 }],
			steps.mailPartner('subaccount', 'create', {
				additionalFields: { creditToAttribute: '={{ $json.credit }}', firstName: 'Piglet' },
			}),
		);
		const advanced = await through(
			[{ email: 'owl@example.com' }, { email: 'roo@example.com' }],
			steps.mailPartner('subaccount', 'create', {
				type: 'advanced',
				email: '={{ $json.email }}',
				isBuyer: true,
			}),
		);

		expect(books.subaccounts).toMatchObject([
			{ type: 'simple', firstname: 'Piglet', balance: 5 },
			{ type: 'advanced', email: 'owl@example.com', isBuyer: 1 },
			{ type: 'advanced', email: 'roo@example.com', isBuyer: 1 },
		]);
		expect(simple).toEqual({
			token: books.subaccounts[0]?.token,
			email: books.subaccounts[0]?.email,
			type: 'simple',
			confirmationSentTo: null,
			parentEmail: 'parent@example.com',
		});
		expect(advanced).toEqual(
			books.subaccounts.slice(1).map(({ token, email }) => ({
				token,
				email,
				type: 'advanced',
				confirmationSentTo: email,
				parentEmail: 'parent@example.com',
			})),
		);
	});

	test('subaccount.get by token, e-mail and list', async () => {
		const [first, second] = hold(2);

		const item = {
			id: String(first?.id),
			email: first?.email,
			type: 'simple',
			token: first?.token,
			balance: 10,
			currency: 'EUR',
			createdAt: first?.createdAt,
		};
		const get = (mode: 'list' | 'token' | 'email', value: string) =>
			through(
				[{}, { value }],
				steps.mailPartner(
					'subaccount',
					'get',
					locate(mode, `={{ $json.value ?? '${first?.[mode === 'email' ? 'email' : 'token']}' }}`),
				),
			);
		for (const mode of ['token', 'email', 'list'] as const) {
			const items = await get(mode, (mode === 'email' ? second?.email : second?.token) ?? '');
			expect(items).toEqual([
				item,
				{ ...item, id: String(second?.id), email: second?.email, token: second?.token },
			]);
		}
	});

	test('subaccount.getAll', async () => {
		const known = hold(25);

		const all = await through(one, steps.mailPartner('subaccount', 'getAll', { returnAll: true }));
		const some = await through(
			one,
			steps.mailPartner('subaccount', 'getAll', {
				returnAll: false,
				limit: 3,
				options: { includeApiKeys: true },
			}),
		);

		expect(all.map(({ token }) => token)).toEqual(known.map(({ token }) => token));
		expect(all.filter((item) => 'apiKey' in item)).toEqual([]);
		expect(some.map(({ apiKey }) => apiKey)).toEqual(known.slice(0, 3).map(({ apiKey }) => apiKey));
	});

	test('credit.getBalance', async () => {
		const balance = { username: 'parent@example.com', balance: 2931, emailCredits: 269_082, currency: 'EUR' };
		expect(await through([{}, {}], steps.mailPartner('credit', 'getBalance'))).toEqual([balance, balance]);
	});

	test('credit.add and credit.remove', async () => {
		const { books } = bed.simulator.mailPartner;
		const known = hold(2);
		const input = known.map(({ token }, i) => ({ token, amount: i + 1 }));
		const parameters = { ...locate('token', '={{ $json.token }}'), amount: '={{ $json.amount }}' };

		expect(await through(input, steps.mailPartner('credit', 'add', parameters))).toEqual([
			{ token: known[0]?.token, amount: 1, accountBalance: 2930, subaccountBalance: 11, currency: 'EUR' },
			{ token: known[1]?.token, amount: 2, accountBalance: 2928, subaccountBalance: 12, currency: 'EUR' },
		]);
		expect(await through(input, steps.mailPartner('credit', 'remove', parameters))).toEqual([
			{ token: known[0]?.token, amount: 1, accountBalance: 2929, subaccountBalance: 10, currency: 'EUR' },
			{ token: known[1]?.token, amount: 2, accountBalance: 2931, subaccountBalance: 10, currency: 'EUR' },
		]);
		expect(books.transfers.map(({ kind, amount }) => [kind, amount])).toEqual([
			['add', 1],
			['add', 2],
			['remove', 1],
			['remove', 2],
		]);
	});

	test('credit.topUp', async () => {
		const known = hold(1);
		const token = known[0]?.token;

		const items = await through(
			[{ token }, { token }],
			steps.mailPartner('credit', 'topUp', {
				...locate('token', '={{ $json.token }}'),
				minimumBalance: 15,
				amount: 20,
			}),
		);

		expect(items).toEqual([
			{
				token,
				toppedUp: true,
				balanceBefore: 10,
				balanceAfter: 30,
				amount: 20,
				accountBalance: 2911,
				currency: 'EUR',
			},
			{
				token,
				toppedUp: false,
				balanceBefore: 30,
				balanceAfter: 30,
				amount: 0,
				accountBalance: null,
				currency: 'EUR',
			},
		]);
		expect(bed.simulator.mailPartner.books.transfers).toHaveLength(1);
	});
});

function locate(mode: 'list' | 'token' | 'email', value: string): INodeParameters {
	return { subaccount: { __rl: true, mode, value } };
}

/** Puts sub-accounts with a balance of 10 into MailPartner's books. */
function hold(count: number) {
	const { books } = bed.simulator.mailPartner;
	for (let i = 0; i < count; i++) books.subaccounts.push(subaccount(books, { balance: 10 }));
	return books.subaccounts;
}
