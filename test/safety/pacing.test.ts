import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sleep, type IDataObject } from 'n8n-workflow';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { ezTexting } from '../../nodes/EzTexting/provider';
import { accountFor, perSecond, turnsOf } from '../../nodes/shared/http/rateLimiter';
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

describe('the turn of a request', () => {
	const unpaced = { pace: undefined, concurrency: 1 };
	const slow = { pace: { requests: 1, within: 60_000 }, concurrency: 9 };
	/** Whether it has come by now. */
	const hasCome = async (turn: Promise<unknown>) =>
		await Promise.race([turn.then(() => true), sleep(30).then(() => false)]);

	it.each([
		[0.5, 1, 2000],
		[1, 1, 1000],
		[2.9, 2, 1000],
		[5, 5, 1000],
	])('%p requests a second are %p within %p ms', (rate, requests, within) => {
		expect(perSecond(rate)).toEqual({ requests, within });
	});

	it('comes when one of those under way is answered', async () => {
		const turn = turnsOf({}, undefined, unpaced);
		const ended = (await turn())!;
		const [second, third] = [turn(), turn()];
		expect(await hasCome(second)).toBe(false);
		ended();
		(await second)!();
		expect(await third).toEqual(expect.any(Function));
	});

	it('comes at the pace of the run, or of the account where there is one', async () => {
		const [run, account] = [{}, {}];
		expect(await hasCome(turnsOf(run, undefined, slow)())).toBe(true);
		expect(await hasCome(turnsOf(run, undefined, slow)())).toBe(false);
		expect(await hasCome(turnsOf({}, undefined, slow)())).toBe(true);
		expect(await hasCome(turnsOf({}, account, slow)())).toBe(true);
		expect(await hasCome(turnsOf({}, account, slow)())).toBe(false);
	});

	it('comes so long after the one that many before has arrived', async () => {
		const turn = turnsOf({}, undefined, { pace: { requests: 2, within: 200 }, concurrency: 9 });
		const started = performance.now();
		await turn();
		await turn();
		await turn();
		// 50 ms on its way.
		expect(performance.now() - started).toBeGreaterThanOrEqual(250);
	});

	it('does not come once the execution is cancelled', async () => {
		for (const rules of [unpaced, slow]) {
			const cancel = new AbortController();
			const turn = turnsOf({}, undefined, { ...rules, signal: cancel.signal });
			expect(await turn()).toEqual(expect.any(Function));
			const second = turn();
			cancel.abort();
			expect(await second).toBeUndefined();
		}
	});

	it('counts with those of the same account at the same address, whatever the case of its name', () => {
		const of = (username: string, more = {}) => accountFor(ezTexting, { username, ...more });
		const elsewhere = { environment: 'custom', baseUrl: 'https://gateway.example.com' };
		expect(of('owl')).toBe(of('OWL'));
		expect(of('owl')).not.toBe(of('bear'));
		expect(of('owl')).not.toBe(of('owl', elsewhere));
		expect(of('owl', elsewhere)).toBe(of('owl', elsewhere));
		expect(accountFor(clubTexting, { username: 'owl' })).toBeUndefined();
	});
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
