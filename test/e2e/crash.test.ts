import { openBed, useBed } from './bed';
import {
	type Execution,
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
const bed = useBed(async () => await openBed('crash'));

const delivered = () => bed.simulator.clubTexting.books.delivered;

interface Crash {
	sentBefore: number;
	crashed: Execution;
	retried: Execution;
}

async function crashAndRetry(name: string, options: { idempotencyKey?: string }): Promise<Crash> {
	const { clubTexting } = stepsOf(bed);
	const workflow = await createWorkflow(
		bed.rest,
		itemsThrough(
			campaign,
			{
				...clubTexting('message', 'send', personalMessages(options)),
				onError: 'continueRegularOutput',
			},
			{ name, webhook: name },
		),
	);
	await activate(bed.rest, workflow);
	expect((await fetch(`${bed.main.url}/webhook/${name}`, { method: 'POST' })).status).toBe(200);
	const id = await startedExecution(bed.rest, workflow.id);
	await until('60 texts are out', () => (delivered().length >= 60 ? true : undefined), { every: 5 });
	await bed.main.kill();
	const sentBefore = delivered().length;
	expect(textsPerPerson(delivered())).toEqual({ 0: 200 - sentBefore, 1: sentBefore });

	bed.main = await bed.n8n.start();
	bed.rest = await logIn(bed.main.url);
	const crashed = await waitForExecution(bed.rest, id);
	expect(crashed.status).toBe('crashed');
	// n8n does not run it again by itself.
	expect(delivered()).toHaveLength(sentBefore);

	const retried = await retry(bed.rest, id, { loadWorkflow: false });
	process.stdout.write(
		`Killed main, ${name}: 200 items, ${sentBefore} texts sent before; retried from the trigger ` +
			`${JSON.stringify(tally(outputs(retried, 'Step')[0] ?? []))}; ` +
			`people by texts ${JSON.stringify(textsPerPerson(delivered()))}\n`,
	);
	return { sentBefore, crashed, retried };
}

/** Two are under way at Club Texting at a time, and up to four more have taken their keys, when n8n dies. */
const UNDER_WAY = 6;

test.each([
	['with an idempotency key', { idempotencyKey: '=summer {{ $json.to }}' }],
	['without one, by the token that n8n keeps over retries', {}],
])('%s nobody is texted twice, and the rest is sent', async (name, options) => {
	const { sentBefore, retried } = await crashAndRetry(name.replaceAll(/\W+/g, '-'), options);

	expect(retried.status).toBe('success');
	const { unknown = 0, skipped = 0, sent = 0 } = tally(outputs(retried, 'Step')[0] ?? []);
	expect(unknown + skipped + sent).toBe(200);
	// What was under way at the kill was written down before it left, and nobody knows whether it did.
	expect(unknown + skipped).toBeGreaterThanOrEqual(sentBefore);
	expect(unknown + skipped).toBeLessThanOrEqual(sentBefore + UNDER_WAY);
	const texts = textsPerPerson(delivered());
	expect(Object.keys(texts).filter((count) => Number(count) > 1)).toEqual([]);
	expect(texts[1]).toBeGreaterThanOrEqual(200 - UNDER_WAY);
});
