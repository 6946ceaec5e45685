import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { itemsOf, lines, openBench, outcomeOf, outcomesOf } from '../harness';
import { credentialsFor, nodeTypes } from '../scenes';
import { MAIL_TYPE } from '../scenes.mail';

const bench = openBench();
const onError = 'continueRegularOutput' as const;
const cover = (more: INodeParameters = {}) => ({
	resource: 'credit',
	operation: 'coverJob',
	jobId: '={{ $json.id }}',
	...more,
});
const run = async (items: IDataObject[], more: INodeParameters = {}, mode = {}) =>
	await bench.run('click2mail', cover(more), items, mode);
const books = () => bench.simulator.click2mail.books;
const charged = () => books().charges.map(({ amount }) => amount);

/** A draft that costs 1.17 USD for each piece. */
function draft(id: string, pieces: number, state = 'EDITING'): void {
	books().jobs.set(id, { fields: { documentClass: 'Letter 8.5 x 11' }, state, pieces });
}

test('buys what a job lacks, with tax, rounded up to the cent, and at least what is sold', async () => {
	draft('1', 20);
	books().balance = 10;
	books().habits.tax = 101;
	expect(itemsOf(await run([{ id: 1 }]))).toEqual([
		{
			jobId: '1',
			needed: 13.501,
			toppedUp: true,
			amount: 13.51,
			balanceBefore: 10,
			balanceAfter: 23.51,
			currency: 'USD',
		},
	]);
	expect(lines(bench.simulator.requests)).toEqual([
		'GET /jobs/1',
		'GET /jobs/1/cost?details=true&paymentType=User+Credit',
		'GET /credit',
		'POST /credit/purchase',
		'GET /credit',
	]);
	draft('2', 21);
	books().habits.tax = 0;
	expect(itemsOf(await run([{ id: '2' }]))).toMatchObject([{ needed: 1.06, amount: 10 }]);
});

test('nothing for a job that is covered to the thousandth, or submitted', async () => {
	draft('1', 1);
	draft('2', 1000, 'MAILED');
	books().balance = 1.17;
	expect(itemsOf(await run([{ id: '1' }, { id: '2' }]))).toMatchObject([
		{ needed: 0, toppedUp: false, amount: 0, balanceBefore: 1.17, balanceAfter: 1.17 },
		{ needed: 0, toppedUp: false, amount: 0 },
	]);
	books().balance = 1.169;
	expect(itemsOf(await run([{ id: '1' }]))).toMatchObject([{ needed: 0.001, amount: 10 }]);
	expect(charged()).toEqual([10]);
});

test('what an earlier item has covered for its job is not counted again, nor is one job covered twice', async () => {
	for (const id of ['1', '2', '3']) draft(id, 10);
	books().balance = 12;
	const result = await run([{ id: '1' }, { id: '2' }, { id: '1' }, { id: '2' }, { id: '3' }]);
	expect(itemsOf(result)).toMatchObject([
		{ needed: -0.3, amount: 0 },
		{ needed: 11.4, amount: 11.4 },
		{ toppedUp: false },
		{ toppedUp: false },
		{ needed: 11.7, amount: 11.7 },
	]);
	expect(charged()).toEqual([11.4, 11.7]);
});

test('a balance that lags is not bought for once more', async () => {
	for (const id of ['1', '2']) draft(id, 10);
	books().balance = 0;
	bench.simulator.order({
		fault: 'body',
		operation: 'getBalance',
		body: '<credit><balance>0.0</balance></credit>',
		times: 6,
	});
	const result = await run([{ id: '1' }, { id: '1' }, { id: '2' }]);
	expect(itemsOf(result)).toMatchObject([
		{ amount: 11.7 },
		{ amount: 0 },
		{ amount: 11.7, balanceBefore: 0 },
	]);
});

test('over the spending limit nothing is bought, and what was not bought is not counted', async () => {
	draft('1', 100);
	draft('2', 10);
	books().balance = 5;
	const result = await run([{ id: '1' }, { id: '2' }], { spendingLimit: 20 }, { onError });
	expect(outcomesOf(result)).toEqual(['notSent', 'success']);
	expect(charged()).toEqual([10]);
});

test('a job in a state that nobody knows is not bought for, nor one that is not there', async () => {
	draft('1', 100, 'ON_HOLD');
	const result = await run([{ id: '1' }, { id: '2' }], {}, { onError });
	expect(outcomesOf(result)).toEqual(['notSent', 'refused']);
	const [inState, gone] = result.output().map(({ json }) => json.error);
	expect(inState).toContain('Nothing was bought: job 1 is in state “On Hold”');
	expect(gone).toMatch(/Job ID not found.*job 2/);
	expect(charged()).toEqual([]);
});

test.each(['jobCost', 'getBalance'])(
	'%s is refused: nothing is bought for the job, which is named',
	async (operation) => {
		for (const id of ['1', '2']) draft(id, 10);
		books().balance = 0;
		for (const [status, second] of [
			[401, 'notSent'],
			[403, 'success'],
		] as const) {
			bench.simulator.order({ fault: 'body', operation, status, body: 'no' });
			const result = await run([{ id: '1' }, { id: '2' }], {}, { onError });
			expect(outcomesOf(result)).toEqual(['refused', second]);
			const [first, other] = result.output().map(({ json }) => String(json.error));
			expect(first).toContain('(job 1)');
			expect(other).not.toContain('job 1');
		}
		expect(charged()).toEqual([11.7]);
	},
);

test('a purchase that is refused, unknown or too dear names the job', async () => {
	for (const id of ['1', '2', '3']) draft(id, 10);
	books().balance = 0;
	bench.simulator.order({ fault: 'resetAfter', operation: 'purchase' });
	bench.simulator.order({ fault: 'refusalIn200', operation: 'purchase' });
	const fails = async (id: string, more = {}) =>
		(await run([{ id }], more, { onError })).output()[0]!.json.error;
	expect(await fails('1')).toMatch(/unknown whether Click2Mail charged the card.*\(job 1\)/);
	books().balance = 0;
	expect(await fails('2')).toMatch(/refused.*\(job 2\)/);
	for (const dryRun of [false, true])
		expect(await fails('3', { spendingLimit: 11, dryRun })).toMatch(/spending limit of 11 USD \(job 3\)/);
});

test('a dry run shows what would be bought, for the items behind it too', async () => {
	for (const id of ['1', '2']) draft(id, 10);
	books().balance = 12;
	const result = await run([{ id: '1' }, { id: '2' }], { dryRun: true });
	expect(itemsOf(result)).toMatchObject([
		{ dryRun: true, request: null, cost: 0 },
		{ dryRun: true, cost: 11.4, request: { body: { billingAmount: '11.40', billingNumber: '***' } } },
	]);
	expect(charged()).toEqual([]);
});

test('a dry run counts what would be bought: what needs nothing comes out behind a full day', async () => {
	for (const id of ['1', '2']) draft(id, 30);
	draft('3', 1, 'MAILED');
	const result = await run(
		[{ id: '1' }, { id: '2' }, { id: '3' }],
		{ dryRun: true, options: { maximumPerDay: 1 } },
		{ onError },
	);
	expect(outcomesOf(result)).toEqual(['success', 'notSent', 'success']);
});

const balanceShown = (balance: number) => ({
	fault: 'body' as const,
	operation: 'getBalance',
	body: `<credit><balance>${balance}</balance></credit>`,
});

describe('an unknown purchase', () => {
	beforeEach(() => {
		for (const id of ['1', '2', '3']) draft(id, 1);
		books().balance = 0;
	});
	const unclear = () => bench.simulator.order({ fault: 'resetAfter', operation: 'purchase' });
	const NOT_SURE = /there is credit for job 2 only if an earlier purchase .* has happened.*“Credit: Buy”/;

	test('is not bought once more; a job that only it would cover is not sent, with what to do', async () => {
		unclear();
		bench.simulator.order({ ...balanceShown(0), times: 20 });
		const result = await run([{ id: '1' }, { id: '2' }, { id: '3' }], {}, { onError });
		expect(outcomesOf(result)).toEqual(['unknown', 'notSent', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(NOT_SURE);
		expect(charged()).toEqual([10]);
	});

	test('that the balance shows covers the next jobs', async () => {
		unclear();
		const result = await run([{ id: '1' }, { id: '2' }, { id: '3' }], {}, { onError });
		expect(outcomesOf(result)).toEqual(['unknown', 'success', 'success']);
		expect(result.output().slice(1)).toMatchObject([
			{ json: { needed: -8.83, amount: 0, balanceBefore: 10 } },
			{ json: { needed: -7.66, amount: 0 } },
		]);
		expect(charged()).toEqual([10]);
	});

	test('of an earlier try counts in the next one, until the balance shows it', async () => {
		unclear();
		bench.simulator.order({ ...balanceShown(0), times: 2 });
		const failed = await run([{ id: '1' }, { id: '2' }], {}, { onError: 'stopWorkflow' });
		expect(outcomeOf(failed)).toBe('unknown');
		const again = await bench.engine.retry(failed, { credentials: credentialsFor(bench.simulator) });
		expect(outcomeOf(again)).toBe('unknown');
		expect(charged()).toEqual([10]);
	});

	test('is known in the next round of a loop: the same job and another are not sent', async () => {
		unclear();
		bench.simulator.order({ ...balanceShown(0), times: 20 });
		const result = await rounds(3, { jobId: '={{ ["1", "1", "2"][$runIndex] }}' });
		expect(result.output('Cover').map(({ json }) => (json.details as IDataObject).outcome)).toEqual([
			'unknown',
			'notSent',
			'notSent',
		]);
		expect(result.output('Cover')[2]!.json.error).toMatch(NOT_SURE);
		expect(charged()).toEqual([10]);
	});
});

const to = (node: string) => [{ node, type: 'main' as const, index: 0 }];

/** A loop whose every round covers a job, and submits it where `submits` says so. */
async function rounds(times: number, more: INodeParameters = {}, submits = false) {
	return await bench.engine.run({
		credentials: credentialsFor(bench.simulator),
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{ name: 'Loop', type: 'test.loop', parameters: { times } },
			{
				name: 'Cover',
				type: nodeTypes.click2mail,
				parameters: cover({ jobId: '={{ $runIndex + 1 }}', spendingLimit: 1000, ...more }),
				onError,
			},
			submits
				? {
						name: 'Submit',
						type: MAIL_TYPE,
						parameters: {
							resource: 'job',
							operation: 'submit',
							jobId: '={{ $json.jobId }}',
							maximumCost: 20,
						},
						onError,
					}
				: { name: 'Submit', type: 'n8n-nodes-base.noOp' },
			{ name: 'Done', type: 'n8n-nodes-base.noOp' },
		],
		connections: {
			Start: { main: [to('Loop')] },
			Loop: { main: [to('Cover'), to('Done')] },
			Cover: { main: [to('Submit')] },
			Submit: { main: [to('Loop')] },
		},
	});
}

describe('a loop that covers and submits one job in each round', () => {
	/** What every look of Cover Job shows, while Job: Submit is shown the balance as it is. */
	function lag(balance: number, buysIn: (round: number) => boolean): void {
		let look = 0;
		let fired = 0;
		for (let round = 1; round <= 12; round++) {
			for (let own = buysIn(round) ? 2 : 1; own > 0; own--) {
				bench.simulator.order({ ...balanceShown(balance), after: look++ - fired++ });
			}
			look++;
		}
	}

	test.each([
		[
			'1.50 USD, as the balance is',
			1,
			330,
			[10, 10],
			[0, 8.5, 7, 5.5, 4, 2.5, 1, 9.5, 8, 6.5, 5, 3.5],
			false,
		],
		['1.50 USD, with a balance that lags', 1, 330, [10, 10], new Array<number>(12).fill(0), true],
		['more than the least, as the balance is', 10, 0, new Array(12).fill(11.7), new Array(12).fill(0), false],
		['more than the least, with a lag', 10, 0, new Array(12).fill(11.7), new Array(12).fill(0), true],
	] as Array<[string, number, number, number[], number[], boolean]>)(
		'%s: buys when it is needed, and every submit goes through',
		async (_what, pieces, tax, bought, before, lags) => {
			for (let id = 1; id <= 12; id++) draft(String(id), pieces);
			Object.assign(books(), { balance: 0 });
			books().habits.tax = tax;
			const buys = (round: number) => bought.length === 12 || round === 1 || round === 7;
			if (lags) lag(0, buys);
			const result = await rounds(12, {}, true);
			const covered = result.output('Cover').map(({ json }) => json);
			expect(covered.map(({ balanceBefore }) => balanceBefore)).toEqual(before);
			expect(covered.map(({ toppedUp }) => toppedUp)).toEqual(covered.map((_, place) => buys(place + 1)));
			expect(charged()).toEqual(bought);
			if (bought.length === 2) {
				expect(covered.map(({ needed }) => needed)).toEqual([
					1.5, -7, -5.5, -4, -2.5, -1, 0.5, -8, -6.5, -5, -3.5, -2,
				]);
			}
			expect(result.output('Submit').map(({ json }) => json.submitted)).toEqual(new Array(12).fill(true));
			expect(books().mailed).toHaveLength(12);
		},
	);

	test('with a job that comes again behind its submit: it gives nothing back', async () => {
		for (let id = 1; id <= 6; id++) draft(String(id), 10);
		books().balance = 0;
		const ids = '={{ ["1", "1", "2", "1", "3", "4"][$runIndex] }}';
		const result = await rounds(6, { jobId: ids }, true);
		const covered = result.output('Cover').map(({ json }) => json);
		expect(covered.map(({ amount }) => amount)).toEqual([11.7, 0, 11.7, 0, 11.7, 11.7]);
		expect(books().mailed.map(({ jobId }) => jobId)).toEqual(['1', '2', '3', '4']);
	});

	test('with the same job in two rounds, before it is submitted, is not bought for twice', async () => {
		for (const id of ['1', '2']) draft(id, 10);
		books().balance = 0;
		bench.simulator.order({ ...balanceShown(0), times: 20 });
		await rounds(4, { jobId: '={{ ["1", "1", "2", "1"][$runIndex] }}' });
		expect(charged()).toEqual([11.7, 11.7]);
	});
});

describe('what is covered and not submitted', () => {
	const total = () => charged().reduce((sum, amount) => Math.round(1000 * (sum + amount)) / 1000, 0);

	test.each([
		['10 pieces each', 10, 5, false, [11.7, 11.7, 11.7, 11.7, 11.7]],
		['10 pieces each, with a balance that lags', 10, 5, true, [11.7, 11.7, 11.7, 11.7, 11.7]],
		['one piece each, less than the least that is sold', 1, 10, false, [10, 10]],
		['one piece each, with a balance that lags', 1, 10, true, [10, 10]],
	])('by a loop that submits behind its last round: %s', async (_what, pieces, times, lags, bought) => {
		for (let id = 1; id <= times; id++) draft(String(id), pieces);
		books().balance = 0;
		if (lags) bench.simulator.order({ ...balanceShown(0), times: 100 });
		const result = await rounds(times);
		expect(outcomesOf({ output: () => result.output('Cover') } as typeof result)).not.toContain('notSent');
		expect(charged()).toEqual(bought);
		expect(total()).toBeGreaterThanOrEqual((times * pieces * 1170) / 1000);
	});

	test('is not asked for again while the balance is as it was left: each round reads its own job alone', async () => {
		const times = 12;
		for (let id = 1; id <= times; id++) draft(String(id), 10);
		books().balance = 30;
		await rounds(times);
		// 110.40 USD are missing; the first purchases are more than what is missing then.
		expect(charged()).toEqual([10, 10, 10, 10.2, ...new Array<number>(6).fill(11.7)]);
		// The first round that buys looks at the two before it, whose jobs the credit has covered.
		expect(bench.sent('readJob')).toHaveLength(times + 2);
	});

	test('is asked for where the balance is another one', async () => {
		for (const id of ['1', '2', '3']) draft(id, 10);
		books().balance = 0;
		bench.simulator.order({ fault: 'refusalIn200', operation: 'purchase', after: 2 });
		const failed = await run([{ id: '1' }, { id: '2' }, { id: '3' }]);
		expect(charged()).toEqual([11.7, 11.7]);
		books().jobs.get('1')!.state = 'MAILED';
		books().balance = 11.7 + 5;
		const again = await bench.engine.retry(failed, { credentials: credentialsFor(bench.simulator) });
		expect(itemsOf(again).map(({ needed }) => needed)).toEqual([11.7, 11.7, 6.7]);
		expect(charged()).toEqual([11.7, 11.7, 10]);
	});

	test('is set aside in the next try too, until it is submitted or gone', async () => {
		const covers = async (meanwhile: () => void) => {
			bench.simulator.reset();
			for (const id of ['1', '2']) draft(id, 10);
			books().balance = 0;
			bench.simulator.order({ fault: 'refusalIn200', operation: 'purchase', after: 1 });
			const failed = await run([{ id: '1' }, { id: '2' }]);
			expect(charged()).toEqual([11.7]);
			meanwhile();
			const again = await bench.engine.retry(failed, { credentials: credentialsFor(bench.simulator) });
			return itemsOf(again).map(({ needed }) => needed);
		};
		expect(await covers(() => {})).toEqual([11.7, 11.7]);
		const paid = () => {
			books().jobs.get('1')!.state = 'MAILED';
			books().balance = 0;
		};
		expect(await covers(paid)).toEqual([11.7, 11.7]);
		expect(await covers(() => books().jobs.delete('1'))).toEqual([11.7, 0]);
	});

	test('by an earlier round, whose job can’t be read: nothing is bought, and both jobs are named', async () => {
		for (const id of ['1', '2']) draft(id, 10);
		books().balance = 0;
		bench.simulator.order({ fault: 'body', operation: 'readJob', status: 403, body: 'no', after: 2 });
		// Something was spent since the first round has bought.
		bench.simulator.order({ ...balanceShown(10), after: 2 });
		const result = await rounds(2);
		expect(result.output('Cover')[1]!.json.error).toMatch(
			/Nothing was bought for job 2: what was set aside for job 1 can’t be read/,
		);
		expect(charged()).toEqual([11.7]);
	});
});

test('what a dry run would not buy, since it is over the spending limit, is not counted', async () => {
	draft('1', 100);
	draft('2', 10);
	books().balance = 5;
	const more = { spendingLimit: 20, dryRun: true };
	const result = await run([{ id: '1' }, { id: '2' }], more, { onError });
	expect(outcomesOf(result)).toEqual(['notSent', 'success']);
	expect(result.output()[1]!.json).toMatchObject({ needed: 6.7, amount: 10 });
});

test.each([null, 'x', 7, ['account'], { account: 'x' }, { account: null }, {}])(
	'what the execution knows in another shape, %j, does no harm',
	async (kept) => {
		for (const id of ['1', '2']) draft(id, 10);
		books().balance = 12;
		for (const bought of [kept, { upTo: kept, certain: kept, aside: kept }]) {
			const context = { 'node:Node': { bought } as IDataObject };
			expect(itemsOf(await run([{ id: '1' }, { id: '2' }], {}, { context }))).toMatchObject([
				{ needed: -0.3, amount: 0 },
				{ needed: 11.4, amount: 11.4 },
			]);
			books().balance = 12;
		}
	},
);

test('a dry run of three shows what the run would buy for each', async () => {
	for (const id of ['1', '2', '3', '4']) draft(id, 1);
	books().balance = 1;
	const items = ['1', '2', '3', '1', '4'].map((id) => ({ id }));
	const dry = itemsOf(await run(items, { dryRun: true }));
	const real = itemsOf(await run(items));
	expect(dry.map(({ needed }) => needed)).toEqual([0.17, -8.66, -7.49, -7.49, -6.32]);
	expect(real.map(({ needed }) => needed)).toEqual(dry.map(({ needed }) => needed));
});
