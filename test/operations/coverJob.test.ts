import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { itemsOf, lines, openBench, outcomesOf } from '../harness';

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
