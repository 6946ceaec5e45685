import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { formsOf, itemsOf, lines, openBench, outcomeOf, outcomesOf, pairs } from '../harness';
import { credentialsFor } from '../scenes';
import { MAIL_TYPE } from '../scenes.mail';
import type { RunNodeOptions } from '../engine';
import { LETTER, type Simulator } from '../simulator';

const bench = openBench();

function draftIn({ click2mail: { books } }: Simulator, id: string, more = {}): void {
	books.jobs.set(id, { fields: { ...LETTER }, state: 'EDITING', pieces: 1, ...more });
}

async function run(parameters: INodeParameters, items: IDataObject[], options: RunNodeOptions = {}) {
	const credentials = credentialsFor(bench.simulator);
	return await bench.engine.runNode(MAIL_TYPE, parameters, { credentials, items, ...options });
}

const job = (operation: string, more: INodeParameters = {}) => ({
	resource: 'job',
	operation,
	jobId: '={{ $json.id }}',
	...more,
});
const submit = (more: INodeParameters = {}) => job('submit', { maximumCost: 2, ...more });
const onError = 'continueRegularOutput' as const;
const ids = [{ id: '1001' }, { id: 1002 }];
/** Looks after an unclear submit within half of this, in ms. */
const quick = { options: { timeout: 600 } };

beforeEach(() => {
	for (const { id } of ids) draftIn(bench.simulator, String(id));
});

describe('get', () => {
	test('reads the state of each job, in Click2Mail’s words', async () => {
		const { jobs, habits } = bench.simulator.click2mail.books;
		jobs.get('1002')!.state = 'IN_PRODUCTION';
		habits.created = 200;
		expect(itemsOf(await run(job('get'), ids))).toEqual([
			{ jobId: '1001', state: 'Editing', submitted: false },
			{ jobId: '1002', state: 'In Production', submitted: true },
		]);
	});

	test.each([
		['PENDING_PROOF_ACCEPTANCE', false],
		['PROOF_ACCEPTED', false],
		['ORDER_SUBMITTED', true],
		['ORDER_PROCESSING', true],
		['AWAITING_PRODUCTION', true],
		['MAILED', true],
		['ERROR', null],
		['ON_HOLD', null],
		['CANCELLED', null],
	])('%s: submitted is %s', async (state, submitted) => {
		bench.simulator.click2mail.books.jobs.get('1001')!.state = state;
		expect(itemsOf(await run(job('get'), ids))[0]).toMatchObject({ submitted });
	});

	test.each(['get', 'getCost'])(
		'%s: a job that is not there is refused and named, and the others are read',
		async (operation) => {
			const result = await run(job(operation), [{ id: '7' }, ...ids], { onError });
			expect(outcomesOf(result)).toEqual(['refused', 'success', 'success']);
			expect(result.output()[0]!.json.error).toMatch(/Job ID not found.*\(job 7\)/);
		},
	);

	test.each(['', 'abc', '0', '-1', '1/../credit'])('"%s" is no job', async (id) => {
		const result = await run(job('get'), [{ id }, ...ids]);
		expect(outcomeOf(result)).toBe('invalid');
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('getCost', () => {
	test('reads cost, tax and pieces, priced as paid from the credit', async () => {
		bench.simulator.click2mail.books.habits.tax = 82;
		bench.simulator.click2mail.books.jobs.get('1002')!.pieces = 3;
		expect(itemsOf(await run(job('getCost'), ids))).toEqual([
			{ jobId: '1001', cost: 1.17, tax: 0.082, pieces: 1 },
			{ jobId: '1002', cost: 3.51, tax: 0.082, pieces: 3 },
		]);
		expect(lines(bench.simulator.requests)[0]).toBe(
			'GET /jobs/1001/cost?details=true&paymentType=User+Credit',
		);
	});

	test('without a cost it is asked three times, and then says so', async () => {
		bench.simulator.order({ fault: 'withoutId', operation: 'jobCost', times: 3 });
		const result = await run(job('getCost'), ids, { onError });
		expect(outcomesOf(result)).toEqual(['unknown', 'success']);
		expect(bench.sent('jobCost')).toHaveLength(4);
	});
});

describe('submit', () => {
	test('reads state, cost and credit, submits each job once, and reads the state then', async () => {
		const result = await run(submit(), ids);
		const item = { submitted: true, alreadySubmitted: false, cost: 1.17, state: 'Awaiting Production' };
		expect(itemsOf(result)).toEqual([
			{ jobId: '1001', ...item },
			{ jobId: '1002', ...item },
		]);
		expect(pairs(result)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(lines(bench.simulator.requests).slice(0, 5)).toEqual([
			'GET /jobs/1001',
			'GET /jobs/1001/cost?details=true&paymentType=User+Credit',
			'GET /credit',
			'POST /jobs/1001/submit',
			'GET /jobs/1001',
		]);
		expect(formsOf(bench.sent('submitJob'))).toEqual([
			[['billingType', 'User Credit']],
			[['billingType', 'User Credit']],
		]);
		expect(bench.simulator.click2mail.books.balance).toBe(23.16);
	});

	test('where the reply tells no cost, the one that was read stands', async () => {
		bench.simulator.click2mail.books.habits.costInSubmit = false;
		expect(itemsOf(await run(submit(), ids))[0]).toMatchObject({ cost: 1.17 });
	});

	test('what was submitted before is not submitted again, the same job in the run either', async () => {
		bench.simulator.click2mail.books.jobs.get('1002')!.state = 'MAILED';
		const result = await run(submit(), [...ids, { id: '1001' }]);
		expect(itemsOf(result)).toMatchObject([
			{ jobId: '1001', alreadySubmitted: false },
			{ jobId: '1002', submitted: true, alreadySubmitted: true, cost: 1.17, state: 'Mailed' },
			{ jobId: '1001', alreadySubmitted: true },
		]);
		expect(bench.sent('submitJob')).toHaveLength(1);
	});

	test.each(['ERROR', 'ON_HOLD', 'EXPIRED'])('a job in state %s is never submitted', async (state) => {
		bench.simulator.click2mail.books.jobs.get('1001')!.state = state;
		const result = await run(submit(), ids, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'success']);
		expect(result.output()[0]!.json.error).toContain('job 1001 is in state');
		expect(bench.sent('submitJob')).toHaveLength(1);
	});

	test.each([
		[
			'more than its maximum',
			{ maximumCost: 1.24 },
			25.5,
			1,
			/costs 1\.252 USD with tax, more than the maximum of 1\.24 USD/,
		],
		['more than the credit', {}, 1.251, 1, /costs 1\.252 USD with tax, and the credit is 1\.251 USD/],
		['nothing, and mails nothing', {}, 25.5, 0, /has no piece that can be mailed/],
	])('a job that costs %s stays a draft', async (_what, more, balance, pieces, words) => {
		const { books } = bench.simulator.click2mail;
		Object.assign(books, { balance });
		books.habits.tax = 82;
		for (const one of books.jobs.values()) one.pieces = pieces;
		const result = await run(submit(more), ids, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(words);
		expect(result.output()[1]!.json.error).toContain('job 1002');
		expect([bench.sent('submitJob'), books.mailed]).toEqual([[], []]);
	});

	const costs = (cost: string, tax: string) => ({
		fault: 'body' as const,
		operation: 'jobCost',
		body: `<job><status>9</status><cost>${cost}</cost>${tax}</job>`,
		times: 50,
	});

	test('a tax that can’t be read: the job stays a draft, since it may cost more than it may', async () => {
		for (const tax of ['$0.08', '1,200.00'])
			bench.simulator.order({ ...costs('1.17', `<totalTax>${tax}</totalTax>`), times: 3 });
		const result = await run(submit(), ids, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(/the cost of job 1002 can’t be read.*totalTax/);
		expect(bench.sent('submitJob')).toEqual([]);
	});

	test.each(['', '<totalTax/>', '<totalTax>null</totalTax>', '<totalTax>0.0</totalTax>'])(
		'“%s” is no tax',
		async (tax) => {
			bench.simulator.order(costs('1.17', tax));
			expect(outcomesOf(await run(submit({ maximumCost: 1.17 }), ids))).toEqual(['success', 'success']);
		},
	);

	test.each(['<status>9</status>', '<id>0</id><status>9</status><description>Editing</description>'])(
		'a cost in a reply of %s is one: its number decides',
		async (more) => {
			bench.simulator.order({
				fault: 'body',
				operation: 'jobCost',
				body: `<job>${more}<cost>1.17</cost></job>`,
				times: 2,
			});
			expect(itemsOf(await run(submit(), ids))).toMatchObject([{ cost: 1.17 }, { cost: 1.17 }]);
		},
	);

	test('the state of another job is none: not submitted', async () => {
		const body = '<job><id>1001</id><status>9</status><description>Editing</description></job>';
		bench.simulator.order({ fault: 'body', operation: 'readJob', body, times: Infinity });
		bench.simulator.click2mail.books.jobs.get('1002')!.state = 'MAILED';
		const result = await run(submit(), ids, { onError });
		expect(outcomesOf(result)).toEqual(['success', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(/the state of job 1002 can’t be read.*about 1001/);
		expect(bench.sent('submitJob')).toHaveLength(1);
	});

	test('the cost of another job is none: not submitted', async () => {
		const body = '<job><id>1001</id><status>0</status><cost>0.01</cost></job>';
		bench.simulator.order({ fault: 'body', operation: 'jobCost', body, times: Infinity });
		const result = await run(submit(), ids, { onError });
		expect(outcomesOf(result)).toEqual(['success', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(/the cost of job 1002 can’t be read.*about 1001/);
		expect(bench.sent('submitJob')).toHaveLength(1);
	});

	test('the maximum that an error asks for can be typed', async () => {
		bench.simulator.click2mail.books.habits.tax = 82;
		const failed = await run(submit({ maximumCost: 1.25 }), ids);
		expect(failed.error?.description).toContain('raise “Maximum Cost” to 1.26 or more');
		expect(outcomesOf(await run(submit({ maximumCost: 1.26 }), ids))).toEqual(['success', 'success']);
	});

	test('what costs exactly the maximum and the credit is submitted', async () => {
		const { books } = bench.simulator.click2mail;
		books.balance = 1.17;
		expect(outcomesOf(await run(submit({ maximumCost: 1.17 }), [ids[0]!]))).toEqual(['success']);
		expect(books.balance).toBe(0);
	});

	test.each([
		['fault', 'timeoutAfter'],
		['fault', 'resetAfter'],
		['fault', 'status502Html'],
		['fault', 'emptyBody'],
	] as const)('an unclear %s, %s: the job’s state shows that it was submitted', async (_what, fault) => {
		bench.simulator.order({ fault, operation: 'submitJob' });
		const result = await run(submit(quick), ids);
		expect(itemsOf(result)).toMatchObject([
			{ jobId: '1001', submitted: true, alreadySubmitted: false, state: 'Awaiting Production' },
			{ jobId: '1002' },
		]);
		expect(bench.sent('submitJob')).toHaveLength(2);
		expect(bench.simulator.click2mail.books.mailed).toHaveLength(2);
	});

	test('still a draft after all looks: unknown, with what to do, and never sent again', async () => {
		bench.simulator.order({ fault: 'resetBefore', operation: 'submitJob' });
		const result = await run(submit(quick), ids, {
			onError,
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 0,
		});
		expect(outcomesOf(result)).toEqual(['unknown', 'success']);
		expect(result.output()[0]!.json.error).toMatch(
			/job 1001 still shows as a draft \(Editing\).*submit this same job/,
		);
		// Before the submit, and after 1/24, 1/8, 1/4 and 1/2 of the timeout.
		expect(lines(bench.simulator.requests).filter((line) => line === 'GET /jobs/1001')).toHaveLength(5);
		expect(bench.sent('submitJob')).toHaveLength(2);
	});

	test.each([
		['success that names nothing', 200, '<id>0</id><status>0</status><description>Success</description>'],
		['state', 200, '<id>1001</id><status>4</status><description>Awaiting Production</description>'],
		['success inside a refusal', 400, '<id>1001</id><status>0</status><description>Success</description>'],
	])('a %s is looked up', async (_what, status, job) => {
		const contradicts = { fault: 'body' as const, operation: 'submitJob', status, body: `<job>${job}</job>` };
		bench.simulator.order(contradicts);
		bench.simulator.order({ ...contradicts, processed: true });
		const result = await run(submit(quick), ids, { onError });
		expect(outcomesOf(result).sort()).toEqual(['success', 'unknown']);
		expect(JSON.stringify(result.output())).toMatch(/still shows as a draft/);
		expect(bench.sent('submitJob')).toHaveLength(2);
	});

	test.each([1, 2, 9])('a credit that is refused with status %i: nothing is said of a card', async (code) => {
		bench.simulator.order({ fault: 'refusalIn200', operation: 'getBalance', code, text: 'no', times: 2 });
		const result = await run(submit(), ids, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
		expect(result.output()[1]!.json.error).toMatch(
			/credit for job 1002 can’t be read \(Click2Mail refused: no\)/,
		);
		expect(result.output()[1]!.json.error).toContain('Nothing was changed.');
	});

	test('submitted, and then in a state that says nothing: unknown', async () => {
		bench.simulator.click2mail.books.habits.submitted = 'ON_HOLD';
		bench.simulator.order({ fault: 'timeoutAfter', operation: 'submitJob' });
		const result = await run(submit(quick), ids, { onError });
		expect(outcomesOf(result)[0]).toBe('unknown');
		expect(result.output()[0]!.json.error).toContain('job 1001 is in state “On Hold”');
	});

	test('a retry by hand finds out what became of a job that was left open', async () => {
		bench.simulator.order({ fault: 'resetBefore', operation: 'submitJob' });
		const failed = await run(submit(quick), ids);
		expect(outcomeOf(failed)).toBe('unknown');
		expect(failed.error?.message).toContain('job 1001');
		const again = await bench.engine.retry(failed, { credentials: credentialsFor(bench.simulator) });
		expect(outcomeOf(again)).toBe('unknown');

		// By then it has come through.
		bench.simulator.click2mail.books.jobs.get('1001')!.state = 'IN_PRODUCTION';
		const last = await bench.engine.retry(again, { credentials: credentialsFor(bench.simulator) });
		expect(itemsOf(last)).toMatchObject([{ jobId: '1001', state: 'In Production' }, { jobId: '1002' }]);
		expect(lines(bench.sent('submitJob'))).toEqual(['POST /jobs/1001/submit', 'POST /jobs/1002/submit']);
	});

	test('what a retry has found out of an open job, its key says in other executions', async () => {
		bench.simulator.order({ fault: 'resetBefore', operation: 'submitJob' });
		const keyed = submit({
			options: { ...quick.options, idempotencyKey: '={{ $json.id + " " + $runIndex }}' },
		});
		const failed = await run(keyed, ids);
		expect(outcomeOf(failed)).toBe('unknown');
		bench.simulator.click2mail.books.jobs.get('1001')!.state = 'IN_PRODUCTION';
		const last = await bench.engine.retry(failed, { credentials: credentialsFor(bench.simulator) });
		expect(itemsOf(last)).toMatchObject([{ jobId: '1001', state: 'In Production' }, { jobId: '1002' }]);
		expect(itemsOf(await run(keyed, ids))).toEqual([
			{ skipped: true, idempotencyKey: '1001 0' },
			{ skipped: true, idempotencyKey: '1002 0' },
		]);
		expect(lines(bench.sent('submitJob'))).toEqual(['POST /jobs/1001/submit', 'POST /jobs/1002/submit']);
	});

	test.each([
		[200, 2],
		[200, 9],
		[400, 9],
	] as Array<[number, number]>)(
		'a refusal for want of credit, HTTP %i with status %i',
		async (status, code) => {
			const { books } = bench.simulator.click2mail;
			books.habits.shortCredit = [status, code];
			// What is spent elsewhere between the look at the credit and the submit.
			books.habits.tax = 0;
			bench.simulator.order({
				fault: 'body',
				operation: 'getBalance',
				body: '<credit><balance>99</balance></credit>',
				times: 2,
			});
			books.balance = 1;
			const result = await run(submit(), ids, { onError });
			expect(outcomesOf(result)).toEqual(['refused', 'refused']);
			expect(result.output()[0]!.json).toMatchObject({
				error: expect.stringMatching(/Not sufficient credit.*job 1001.*submit the same job/) as string,
				details: { providerCode: String(code), httpStatus: status, operation: 'job.submit' },
			});
		},
	);

	test('a refusal of a job that turns out to be submitted is a success', async () => {
		bench.simulator.order({
			fault: 'body',
			operation: 'submitJob',
			status: 400,
			body: '<job><id>0</id><status>9</status><description>Job with Id 1001 is in impermissible state</description></job>',
			processed: true,
		});
		const result = await run(submit(), ids);
		expect(itemsOf(result)).toMatchObject([{ alreadySubmitted: true, submitted: true }, {}]);
	});

	describe.each([
		['readJob', 'state'],
		['jobCost', 'cost'],
		['getBalance', 'credit'],
	])('%s fails before the submit', (operation, what) => {
		test.each<[string, Partial<Parameters<Simulator['order']>[0]>]>([
			['403', { fault: 'body', status: 403, body: 'no' }],
			['429', { fault: 'body', status: 429, body: 'slow down' }],
			['500', { fault: 'body', status: 500, body: 'broken' }],
			['a reply without anything', { fault: 'emptyBody' }],
			['a lost connection', { fault: 'resetAfter' }],
		])('%s: not sent, and each item names its own job', async (_what, order) => {
			bench.simulator.order({ operation, times: 50, ...order } as never);
			const result = await run(submit(), ids, { onError });
			expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
			const errors = result.output().map(({ json }) => String(json.error));
			for (const [place, { id }] of ids.entries()) {
				expect(errors[place]).toMatch(/job \d+/);
				expect(errors[place]!.match(/job \d+/g)).toEqual([`job ${id}`]);
				expect(errors[place]).toContain(`Not submitted: the ${what}`);
			}
			expect(bench.sent('submitJob')).toEqual([]);
		});

		test('a log-in that is refused holds back the rest of the run, and names no job of another item', async () => {
			bench.simulator.order({ operation, times: 50, fault: 'body', status: 401, body: 'no' });
			const result = await run(submit(), [ids[0]!, { id: '1001' }, { id: 1001 }], { onError });
			const [first, second, third] = result.output().map(({ json }) => String(json.error));
			expect(first).toContain('job 1001');
			for (const held of [second, third]) {
				expect(held).toMatch(/an earlier request in this run was refused/);
				expect(held).not.toContain('job');
			}
			expect(bench.sent(operation)).toHaveLength(1);
			expect(bench.sent('submitJob')).toEqual([]);
		});
	});

	test('a job that is not there is refused, and named', async () => {
		const result = await run(submit(), [{ id: '7' }, ...ids], { onError });
		expect(outcomesOf(result)).toEqual(['refused', 'success', 'success']);
		expect(result.output()[0]!.json.error).toMatch(/Job ID not found.*job 7/);
	});

	test('a dry run reads and shows what would be sent', async () => {
		bench.simulator.click2mail.books.jobs.get('1002')!.state = 'MAILED';
		const result = await run(submit({ dryRun: true }), ids);
		expect(itemsOf(result)).toEqual([
			{
				dryRun: true,
				request: {
					method: 'POST',
					url: `${bench.simulator.click2mail.baseUrl}/jobs/1001/submit`,
					body: { billingType: 'User Credit' },
				},
				cost: 1.17,
				jobId: '1001',
				submitted: true,
				alreadySubmitted: false,
			},
			{
				dryRun: true,
				request: null,
				cost: 1.17,
				jobId: '1002',
				alreadySubmitted: true,
				submitted: true,
				state: 'Mailed',
			},
		]);
		expect(bench.sent('submitJob')).toEqual([]);
	});

	test('a dry run counts the jobs that would be submitted, and names the one beyond', async () => {
		draftIn(bench.simulator, '1000', { state: 'MAILED' });
		const parameters = submit({ dryRun: true, options: { maximumPerDay: 1 } });
		const result = await run(parameters, [{ id: '1000' }, ...ids, { id: '1000' }], { onError });
		const shown = result.output().map(({ json }) => json.alreadySubmitted ?? json.error);
		expect([shown[0], shown[3]]).toEqual([true, true]);
		// Side by side: either may be the first.
		expect(shown.slice(1, 3)).toEqual(
			expect.arrayContaining([false, expect.stringMatching(/Maximum per Day.*job 100[12]/)]),
		);
	});

	test.each([
		['nothing', 0, /is not filled in/],
		['a third of a cent', 0.333, /at most 2 decimals/],
	])('a maximum cost of %s is invalid', async (_what, maximumCost, words) => {
		const result = await run(submit({ maximumCost }), ids);
		expect(outcomeOf(result)).toBe('invalid');
		expect(result.error?.message).toMatch(words);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('a key that was used is skipped before anything is read', async () => {
		const parameters = submit({ options: { idempotencyKey: '={{ $json.key }}' } });
		const items = [
			{ id: '1001', key: 'a' },
			{ id: '1002', key: 'b' },
		];
		expect(outcomesOf(await run(parameters, items))).toEqual(['success', 'success']);
		const before = bench.simulator.requests.length;
		expect(itemsOf(await run(parameters, items))).toEqual([
			{ skipped: true, idempotencyKey: 'a' },
			{ skipped: true, idempotencyKey: 'b' },
		]);
		expect(bench.simulator.requests).toHaveLength(before);
	});

	test('a key that can’t be looked up keeps its job from being submitted', async () => {
		bench.engine.deduplication.failNext(undefined, 99);
		const result = await run(submit({ options: { idempotencyKey: '={{ $json.id }}' } }), ids, { onError });
		expect(outcomesOf(result)).toEqual(['notSent', 'notSent']);
		expect(result.output()[0]!.json.error).toMatch(
			/^n8n could not write down in its database what was about/,
		);
		expect(bench.sent('submitJob')).toEqual([]);
	});

	test('no more of them in a day than are allowed; the job that is kept back is named', async () => {
		const result = await run(submit({ options: { maximumPerDay: 1 } }), ids, { onError });
		expect(outcomesOf(result)).toEqual(['success', 'notSent']);
		expect(result.output()[1]!.json.error).toContain('job 1002');
	});
});
