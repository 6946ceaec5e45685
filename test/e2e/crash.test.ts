import { type Bed, openBed } from './bed';
import {
	type Execution,
	type Rest,
	activate,
	createWorkflow,
	logIn,
	outputs,
	retry,
	startedExecution,
	waitForExecution,
} from './rest';
import { until } from './until';
import { campaign, itemsThrough, personalMessages, stepsOf, tally, textsPerPerson } from './workflow';

/** A single n8n that dies in the middle of a campaign, is started again, and whose execution a person retries. */
let bed: Bed;
let rest: Rest;

beforeAll(async () => {
	bed = await openBed('crash');
	rest = bed.rest;
});
afterAll(async () => {
	await bed.close();
});
beforeEach(() => bed.simulator.reset());
afterEach(() => expect(bed.simulator.mistakes()).toEqual([]));

const delivered = () => bed.simulator.clubTexting.books.delivered;

interface Crash {
	sentBefore: number;
	crashed: Execution;
	retried: Execution;
}

async function crashAndRetry(name: string, options: { idempotencyKey?: string }): Promise<Crash> {
	const { clubTexting } = stepsOf(bed.credentials);
	const workflow = await createWorkflow(
		rest,
		itemsThrough(campaign, clubTexting('message', 'send', personalMessages(options)), {
			name,
			webhook: name,
		}),
	);
	await activate(rest, workflow);
	expect((await fetch(`${bed.main.url}/webhook/${name}`, { method: 'POST' })).status).toBe(200);
	const id = await startedExecution(rest, workflow.id);
	await until('60 texts are out', () => (delivered().length >= 60 ? true : undefined), { every: 5 });
	await bed.main.kill();
	const sentBefore = delivered().length;
	expect(textsPerPerson(delivered())).toEqual({ 0: 200 - sentBefore, 1: sentBefore });

	bed.main = await bed.n8n.start();
	rest = await logIn(bed.main.url);
	const crashed = await waitForExecution(rest, id);
	expect(crashed.status).toBe('crashed');
	// n8n does not run it again by itself.
	expect(delivered()).toHaveLength(sentBefore);

	const retried = await retry(rest, id, { loadWorkflow: false });
	process.stdout.write(
		`Killed main, ${name}: 200 items, ${sentBefore} texts sent before; retried from the trigger ` +
			`${JSON.stringify(tally(outputs(retried, 'Step')[0] ?? []))}; ` +
			`people by texts ${JSON.stringify(textsPerPerson(delivered()))}\n`,
	);
	return { sentBefore, crashed, retried };
}

test('with an idempotency key nobody is texted twice, and the rest is sent', async () => {
	const { sentBefore, retried } = await crashAndRetry('with-a-key', {
		idempotencyKey: '=summer {{ $json.to }}',
	});

	expect(retried.status).toBe('success');
	const { skipped = 0, sent = 0 } = tally(outputs(retried, 'Step')[0] ?? []);
	expect(skipped + sent).toBe(200);
	// The one in flight at the kill was written down before it left, and nobody knows whether it did.
	expect([sentBefore, sentBefore + 1]).toContain(skipped);
	const texts = textsPerPerson(delivered());
	expect(Object.keys(texts).filter((count) => Number(count) > 1)).toEqual([]);
	expect(texts[1]).toBeGreaterThanOrEqual(199);
});

test('without one the retry has a new execution id and cannot know: the README says so', async () => {
	const { sentBefore, retried } = await crashAndRetry('without-a-key', {});

	expect(retried.status).toBe('success');
	expect(tally(outputs(retried, 'Step')[0] ?? [])).toEqual({ sent: 200 });
	expect(textsPerPerson(delivered())[2]).toBe(sentBefore);
});
