import { useBed } from './bed';
import { openQueueBed } from './queue';
import {
	activate,
	createWorkflow,
	errorOf,
	newExecution,
	outputs,
	run,
	startedExecution,
	testStoredCredential,
	waitForExecution,
} from './rest';
import { until } from './until';
import { campaign, itemsThrough, personalMessages, stepsOf, tally, textsPerPerson } from './workflow';

/**
 * n8n 1.123. When one of its workers dies, another one runs the execution again, silently, under the same id
 * and without what the first had noted.
 */
const bed = useBed(async () => await openQueueBed('older', '1.123.81'));
const steps = stepsOf(bed);

const delivered = () => bed.simulator.clubTexting.books.delivered;

test('the package loads, its credential passes its test, and a text goes out', async () => {
	expect(await testStoredCredential(bed.rest, bed.credentials.clubTextingApi)).toMatchObject({
		status: 'OK',
	});

	const workflow = await createWorkflow(
		bed.rest,
		itemsThrough(
			[{ to: '2125550101' }, { to: '2125550102' }],
			steps.clubTexting('message', 'send', personalMessages()),
		),
	);
	const execution = await run(bed.rest, workflow);
	expect(errorOf(execution)).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(outputs(execution, 'Step')[0]).toMatchObject([
		{ recipients: ['2125550101'] },
		{ recipients: ['2125550102'] },
	]);
	expect(delivered().map(({ number }) => number)).toEqual(['2125550101', '2125550102']);
});

test('a failed item goes to the error branch', async () => {
	bed.simulator.clubTexting.books.refusedNumbers.add('2125550102');
	const execution = await run(
		bed.rest,
		await createWorkflow(
			bed.rest,
			itemsThrough(
				[{ to: '2125550101' }, { to: '2125550102' }],
				steps.clubTexting('message', 'send', personalMessages(), { onError: 'continueErrorOutput' }),
			),
		),
	);
	expect(outputs(execution, 'Done')[0]).toMatchObject([{ recipients: ['2125550101'] }]);
	expect(outputs(execution, 'Failed')[0]).toMatchObject([
		{
			to: '2125550102',
			error: expect.stringContaining('2125550102') as string,
			details: { outcome: 'refused' },
		},
	]);
});

test.each([
	['clubTexting', 'credit', 'getBalance'],
	['click2mail', 'credit', 'getBalance'],
	['mailPartner', 'credit', 'getBalance'],
] as const)('%s reads a balance', async (provider, resource, operation) => {
	const workflow = await createWorkflow(bed.rest, itemsThrough([{}], steps[provider](resource, operation)));
	const execution = await run(bed.rest, workflow);
	expect(errorOf(execution)).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(outputs(execution, 'Step')[0]).toHaveLength(1);
});

test('a worker that dies in the middle of a campaign: the silent second run texts nobody twice', async () => {
	const workflow = await createWorkflow(
		bed.rest,
		itemsThrough(
			campaign,
			steps.clubTexting('message', 'send', personalMessages(), { onError: 'continueErrorOutput' }),
			{ webhook: 'campaign' },
		),
	);
	await activate(bed.rest, workflow);
	expect((await fetch(`${bed.main.url}/webhook/campaign`, { method: 'POST' })).status).toBe(200);
	const id = await startedExecution(bed.rest, workflow.id);
	const worker = await bed.workerOf(id);
	await until('60 texts are out', () => (delivered().length >= 60 ? true : undefined), { every: 5 });
	await worker.running.kill();
	const sentBefore = delivered().length;

	const execution = await waitForExecution(bed.rest, id);
	expect((await newExecution(bed.rest, workflow.id)).id).toBe(id);
	expect(execution.status).toBe('success');
	const [done = [], failed = []] = outputs(execution, 'Step');
	const texts = textsPerPerson(delivered());
	process.stdout.write(
		`Killed worker, n8n 1.123: 200 items, ${sentBefore} texts sent before; run again silently ` +
			`${JSON.stringify(tally([...done, ...failed]))}; people by texts ${JSON.stringify(texts)}\n`,
	);
	expect(done.length + failed.length).toBe(200);
	expect(Object.keys(tally(failed))).toEqual(['unknown']);
	expect(Object.keys(texts).filter((count) => Number(count) > 1)).toEqual([]);
	expect(texts[1]).toBeGreaterThanOrEqual(199);
	// Sent by the second run, and reported as sent: everybody whom the first had not come to.
	expect(done).toHaveLength(delivered().length - sentBefore);
});
