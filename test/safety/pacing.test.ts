import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IDataObject } from 'n8n-workflow';
import { going, openBench } from '../harness';
import { sceneOf } from '../scenes';
import { mostRequestsWithin } from '../simulator';

const bench = openBench();
const personal = sceneOf('clubTexting.message.send (personal)');
const messages = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, i) => ({ to: `21255${50_000 + i}`, text: `Hello ${i}` }));
/** The pace is kept where requests leave. As long as this process stood still, one of them may have arrived later. */
const standstill = monitorEventLoopDelay({ resolution: 1 });
const stoodStill = () => 2 * (standstill.max / 1e6);
const mostWithin = (span: number) => mostRequestsWithin(span, bench.simulator.requests, 'clubTexting');
const most = () => mostWithin(1000 - stoodStill());

beforeEach(() => {
	standstill.reset();
	standstill.enable();
});

describe('no more requests leave in any second than are allowed', () => {
	it.each([
		[undefined, 7, 2],
		[1, 3, 1],
		[0.5, 2, 1],
		[2.9, 6, 2],
		[5, 12, 5],
	])('requestsPerSecond %p, %p messages: %p', async (requestsPerSecond, count, allowed) => {
		const options = requestsPerSecond === undefined ? {} : { requestsPerSecond };
		const result = await bench.play({ ...personal, items: messages(count) }, { parameters: { options } });
		expect(result.error).toBeUndefined();
		expect(bench.sent('send')).toHaveLength(count);
		expect(most()).toBeLessThanOrEqual(allowed);
		// Pacing is no standstill: the allowance is used.
		expect(mostWithin(1000 + stoodStill())).toBeGreaterThanOrEqual(allowed);
	});

	it('a request every two seconds is just that', async () => {
		await bench.play(
			{ ...personal, items: messages(2) },
			{ parameters: { options: { requestsPerSecond: 0.5 } } },
		);
		const [first, second] = bench.sent('send').map(({ arrivedAt }) => arrivedAt);
		expect(second! - first!).toBeGreaterThanOrEqual(2000 - stoodStill());
	});

	it('the smallest allowance of the items holds for all', async () => {
		const options = { requestsPerSecond: '={{ $itemIndex === 0 ? 1 : 5 }}' };
		await bench.play({ ...personal, items: messages(3) }, { parameters: { options } });
		expect(most()).toBeLessThanOrEqual(1);
	});

	it('whatever the network does to each request', async () => {
		for (const delayMs of [900, 10, 700, 10, 400, 10])
			bench.simulator.order({ operation: 'send', fault: 'slowReply', delayMs });
		await bench.play({ ...personal, items: messages(8) });
		expect(bench.sent('send')).toHaveLength(8);
		expect(most()).toBeLessThanOrEqual(2);
	});

	it('the one repetition after a 503 among them', async () => {
		bench.simulator.order({ operation: 'send', fault: 'status503', retryAfter: 0, times: 3 });
		await bench.play({ ...personal, items: messages(4) }, going);
		expect(bench.sent('send').length).toBeGreaterThan(4);
		expect(most()).toBeLessThanOrEqual(2);
	});

	it.each([
		'clubTexting.credit.getBalance',
		'clubTexting.phoneNumber.lookUpCarrier',
		'clubTexting.credit.topUp',
	])('%s', async (name) => {
		const scene = sceneOf(name);
		const items = [...scene.items, ...scene.items, ...scene.items];
		await bench.play(
			{ ...scene, items },
			{ parameters: { ...(scene.effects && { spendingLimit: 50_000 }) } },
		);
		expect(bench.simulator.requests.length).toBeGreaterThanOrEqual(6);
		expect(most()).toBeLessThanOrEqual(2);
	});

	it('reads that are repeated among them', async () => {
		bench.simulator.order({ operation: 'getBalance', fault: 'resetBefore', times: 2 });
		await bench.play(sceneOf('clubTexting.credit.getBalance'));
		expect(bench.sent('getBalance')).toHaveLength(4);
		expect(most()).toBeLessThanOrEqual(2);
	});
});

it('tries of Retry On Fail follow each other, and together exceed nothing', async () => {
	bench.simulator.order({ operation: 'send', fault: 'status401', after: 1, times: 1 });
	await bench.play(
		{ ...personal, items: messages(5) },
		{ onError: 'continueRegularOutput', retryOnFail: true, maxTries: 5 },
	);
	expect(most()).toBeLessThanOrEqual(2);
});
