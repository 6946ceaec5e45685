import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { RunNodeOptions } from '../engine';
import { openBench } from '../harness';
import { credentialsFor, nodeTypes } from '../scenes';

const bench = openBench();

/** What the model fills in, as n8n's form writes it. */
const fromAi = (name: string) => `={{ $fromAI('${name}', '', 'string') }}`;
const SEND: INodeParameters = {
	resource: 'message',
	operation: 'send',
	phoneNumbers: fromAi('to'),
	message: fromAi('text'),
	options: { timeout: 1000 },
};
const PURCHASE: INodeParameters = {
	resource: 'credit',
	operation: 'purchase',
	amount: 20,
};
const RETRIED = { retryOnFail: true, maxTries: 4 };
const ANNA = { to: '2125550101', text: 'Honey is ready' };
const BERT = { to: '2125550102', text: 'Honey is ready' };
const CARA = { to: '2125550103', text: 'Honey is ready' };
const DORA = { to: '2125550104', text: 'Honey is ready' };

/** With and without an execution id: n8n's MCP Server Trigger gives none. */
const executions = [{ executionId: '7' }, { executionId: null }];

type Settings = Pick<RunNodeOptions, 'maxTries' | 'onError' | 'retryOnFail' | 'waitBetweenTries'>;

function open(
	provider: 'click2mail' | 'clubTexting',
	parameters: INodeParameters,
	settings: Settings & { executionId?: string | null } = RETRIED,
) {
	return bench.engine.openTool(nodeTypes[provider], parameters, {
		credentials: credentialsFor(bench.simulator),
		...settings,
	});
}

/** What a call came to: the message's id and its number, or the error's text. */
async function heard(call: Promise<string>): Promise<unknown> {
	try {
		const [item] = JSON.parse(await call) as [IDataObject];
		return item.error ?? item.messageId ?? item;
	} catch (error) {
		return (error as Error).message;
	}
}

const UNKNOWN = /may have|unknown/i;
const delivered = () => bench.simulator.clubTexting.books.delivered.map(({ number }) => number);

const idFor = (person: string) =>
	String(
		bench.simulator.clubTexting.books.delivered.find(({ number }) => number === person)?.messageId ?? 'none',
	);
const aMoment = async () => await new Promise((resolve) => setTimeout(resolve, 5));

describe('Retry On Fail of a tool', () => {
	it.each(executions)('asks once for a charge that is declined ($executionId)', async (execution) => {
		bench.simulator.click2mail.books.declinedCards.add('4111111111111111');
		const tool = open('click2mail', PURCHASE, { ...RETRIED, ...execution });
		const answer = await heard(tool.call({ reason: 'low' }));
		expect(answer).toMatch(/declined|authoriz/i);
		expect(bench.sent('purchase')).toHaveLength(1);
	});

	it.each(executions)('asks again when the model calls again ($executionId)', async (execution) => {
		bench.simulator.click2mail.books.declinedCards.add('4111111111111111');
		const tool = open('click2mail', PURCHASE, { ...RETRIED, ...execution });
		const args = { reason: 'low' };
		await heard(tool.call(args));
		bench.simulator.click2mail.books.declinedCards.clear();
		expect(await heard(tool.call(args))).toMatchObject({ purchased: true });
		await heard(tool.call({ ...args }));
		expect(bench.sent('purchase')).toHaveLength(3);
	});

	it.each(executions)('sends nothing again after a time-out ($executionId)', async (execution) => {
		bench.simulator.order({ fault: 'timeoutAfter', operation: 'send' });
		const tool = open('clubTexting', SEND, { ...RETRIED, ...execution });
		expect(await heard(tool.call(ANNA))).toMatch(UNKNOWN);
		expect(delivered()).toEqual(['2125550101']);
		expect(bench.sent('send')).toHaveLength(1);
	});

	it('sends what had not left, and once', async () => {
		const credentials = credentialsFor(bench.simulator);
		const account = credentials.clubTextingApi!;
		const baseUrl = account.baseUrl!;
		account.baseUrl = 'http://127.0.0.1:1';
		// The provider can be reached again from the third try on.
		let requests = 0;
		const tool = bench.engine.openTool(nodeTypes.clubTexting, SEND, {
			...RETRIED,
			credentials,
			onRequest: () => {
				if (++requests === 2) account.baseUrl = baseUrl;
			},
		});
		const answers = await Promise.all([ANNA].map(async (person) => await heard(tool.call(person))));
		expect(answers).toEqual([String(bench.simulator.clubTexting.books.delivered[0]?.messageId)]);
		expect(delivered()).toEqual(['2125550101']);
		expect(requests).toBe(3);
	});
});

describe.each(executions)('calls of a tool ($executionId)', (execution) => {
	it.each([RETRIED, { ...RETRIED, onError: 'continueRegularOutput' as const }, { retryOnFail: false }])(
		'to other people, after one that was left open, send and get their own: %o',
		async (settings) => {
			const tool = open('clubTexting', SEND, { ...settings, ...execution });
			bench.simulator.order({ fault: 'timeoutAfter', operation: 'send' });
			expect(await heard(tool.call(ANNA))).toMatch(UNKNOWN);
			const ids = [];
			for (const person of [BERT, CARA, DORA]) ids.push(await heard(tool.call(person)));
			expect(new Set(ids).size).toBe(3);
			expect(delivered()).toEqual(['2125550101', '2125550102', '2125550103', '2125550104']);
			expect(ids).toEqual(
				bench.simulator.clubTexting.books.delivered.slice(1).map(({ messageId }) => String(messageId)),
			);
			// The words of the open one, also with others in between.
			expect(await heard(tool.call({ ...ANNA }))).toMatch(UNKNOWN);
			expect(bench.sent('send')).toHaveLength(4);
		},
	);

	it('at once to two people: each gets its own', async () => {
		const tool = open('clubTexting', SEND, { ...RETRIED, ...execution });
		const ids = await Promise.all([ANNA, BERT].map(async (person) => await heard(tool.call(person))));
		expect(ids).toEqual([ANNA, BERT].map(({ to }) => idFor(to)));
		expect(bench.sent('send')).toHaveLength(2);
	});

	it('at once, one left open: the other gets its own, and neither is sent again', async () => {
		bench.simulator.order({ fault: 'timeoutAfter', operation: 'send' });
		const tool = open('clubTexting', SEND, { ...RETRIED, ...execution });
		const answers = await Promise.all(
			[ANNA, BERT, CARA].map(async (person) => await heard(tool.call(person))),
		);
		expect(answers.filter((answer) => UNKNOWN.test(String(answer)))).toHaveLength(1);
		expect(delivered().sort()).toEqual(['2125550101', '2125550102', '2125550103']);
		expect(bench.sent('send')).toHaveLength(3);
	});

	it('at once, both declined: each is asked for once', async () => {
		bench.simulator.click2mail.books.declinedCards.add('4111111111111111');
		const tool = open('click2mail', PURCHASE, { ...RETRIED, ...execution });
		const args = { reason: 'low' };
		const answers = await Promise.all(
			[args, args, { ...args }].map(async (one) => await heard(tool.call(one))),
		);
		for (const answer of answers) expect(answer).toMatch(/declined|authoriz/i);
		expect(bench.sent('purchase')).toHaveLength(3);
	});

	it.each<Settings>([RETRIED, {}])(
		'of two items of an agent at once, which n8n counts from the same number on: %o',
		async (settings) => {
			const tool = open('clubTexting', SEND, { ...settings, ...execution });
			const other = tool.again();
			const [anna, bert] = await Promise.all([heard(tool.call(ANNA)), heard(other.call(BERT))]);
			expect(anna).toBe(idFor(ANNA.to));
			// n8n's first try of the second resolves the parameters to the arguments of the first.
			if (settings.retryOnFail) expect(bert).toBe(idFor(BERT.to));
			else expect(bert).toMatch(/arguments of another call/);
			expect(delivered().sort()).toEqual(settings.retryOnFail ? [ANNA.to, BERT.to] : [ANNA.to]);
		},
	);

	it('of two items of an agent at once, both left open: none is said not to have been sent', async () => {
		bench.simulator.order({ fault: 'timeoutAfter', operation: 'send', times: 2 });
		const tool = open('clubTexting', SEND, { retryOnFail: true, maxTries: 2, ...execution });
		const other = tool.again();
		// n8n resolves the parameters of the first one’s second try to the arguments of the other one.
		for (const answer of await Promise.all([heard(tool.call(ANNA)), heard(other.call(BERT))]))
			expect(answer).toMatch(UNKNOWN);
		expect(delivered().sort()).toEqual([ANNA.to, BERT.to]);
		expect(bench.sent('send')).toHaveLength(2);
	});

	it('at once in one object, the first invalid and the second refused: nothing is asked for again', async () => {
		bench.simulator.click2mail.books.declinedCards.add('4111111111111111');
		const parameters = { ...PURCHASE, amount: '={{ $runIndex === 0 ? 0 : 20 }}' };
		const tries = { retryOnFail: true, maxTries: 2, waitBetweenTries: 2000 };
		const tool = open('click2mail', parameters, { ...tries, ...execution });
		const args = { reason: 'low' };
		const answers = [args, args].map(async (one) => await heard(tool.call(one)));
		while (tool.data.resultData.runData.Node?.[1]?.error === undefined) await aMoment();
		bench.simulator.click2mail.books.declinedCards.clear();
		// Which of the two a further try belongs to can’t be told.
		for (const answer of await Promise.all(answers)) expect(answer).toMatch(/declined|authoriz/i);
		expect(bench.sent('purchase')).toHaveLength(1);
	});

	it('while another one waits for its next try: nobody gets another’s', async () => {
		const tool = open('clubTexting', SEND, { ...RETRIED, waitBetweenTries: 300, ...execution });
		bench.simulator.order({ fault: 'timeoutAfter', operation: 'send' });
		const anna = heard(tool.call(ANNA));
		// From the end of its first try on.
		while (tool.data.resultData.runData.Node?.[0]?.error === undefined) await aMoment();
		const bert = heard(tool.call(BERT));
		expect(await anna).toMatch(UNKNOWN);
		expect(await bert).toBe(idFor(BERT.to));
		expect(delivered()).toEqual([ANNA.to, BERT.to]);
	});

	it('with the words of one that could not be sent and waits for its next try: each sends its own', async () => {
		const credentials = credentialsFor(bench.simulator);
		const account = credentials.clubTextingApi!;
		const baseUrl = account.baseUrl!;
		account.baseUrl = 'http://127.0.0.1:1';
		const settings = { ...RETRIED, waitBetweenTries: 100, ...execution, credentials };
		const tool = bench.engine.openTool(nodeTypes.clubTexting, SEND, settings);
		const first = heard(tool.call(ANNA));
		while (tool.data.resultData.runData.Node?.[0]?.error === undefined) await aMoment();
		account.baseUrl = baseUrl;
		const ids = [await heard(tool.call({ ...ANNA })), await first];
		expect(ids.sort()).toEqual(
			bench.simulator.clubTexting.books.delivered.map(({ messageId }) => String(messageId)),
		);
		expect(delivered()).toEqual([ANNA.to, ANNA.to]);
	});

	it('with the words of one that waits for its next try: nothing is sent again', async () => {
		bench.simulator.click2mail.books.declinedCards.add('4111111111111111');
		const tool = open('click2mail', PURCHASE, { ...RETRIED, waitBetweenTries: 100, ...execution });
		const first = heard(tool.call({ reason: 'low' }));
		while (tool.data.resultData.runData.Node?.[0]?.error === undefined) await aMoment();
		const second = heard(tool.call({ reason: 'low' }));
		for (const answer of [await first, await second]) expect(answer).toMatch(/declined|authoriz/i);
		expect(bench.sent('purchase')).toHaveLength(1);
	});
});

describe('a model that begins anew', () => {
	const SAYING = { ...SEND, options: { ...(SEND.options as INodeParameters), requestsPerSecond: 50 } };

	it('in a run whose record was lost, in another order: nobody is texted again', async () => {
		const [first, second] = [1, 2].map(() => open('clubTexting', SAYING, { ...RETRIED, executionId: '7' }));
		for (const person of [ANNA, BERT, CARA]) await first!.call(person);
		for (const person of [CARA, BERT, ANNA]) expect(await heard(second!.call(person))).toMatch(UNKNOWN);
		expect(await heard(second!.call(DORA))).toBe(idFor(DORA.to));
		expect(delivered()).toEqual([ANNA, BERT, CARA, DORA].map(({ to }) => to));
	});

	it('in a retry of the execution: each call gets its own answer, and one more of them is sent', async () => {
		const first = open('clubTexting', SAYING, { ...RETRIED, executionId: '7' });
		const ids = [await heard(first.call(ANNA)), await heard(first.call(BERT))];
		const retry = open('clubTexting', SAYING, { ...RETRIED, executionId: '8' });
		const { executionData } = first.data;
		retry.data.executionData!.contextData = JSON.parse(JSON.stringify(executionData!.contextData));
		expect([await heard(retry.call(BERT)), await heard(retry.call(ANNA))]).toEqual([...ids].reverse());
		expect(delivered()).toHaveLength(2);
		await retry.call(ANNA);
		expect(delivered()).toEqual([ANNA, BERT, ANNA].map(({ to }) => to));
	});
});
