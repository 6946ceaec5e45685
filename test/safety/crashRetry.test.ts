import { createDeduplicationStore } from '../engine';
import { atOnce, eachAtOnce, going, openBench, outcomesOf } from '../harness';
import { openEngine, play, sceneOf, scenes, type PlayOptions, type Scene } from '../scenes';

const bench = openBench();
const acting = scenes.filter((scene) => scene.effects);

/** n8n starts the retry of a crashed execution from the trigger: a new id and no context, but the token is kept. */
describe('a crashed execution that somebody retries', () => {
	const TOKEN = 'a token of this execution';
	/** n8n's list is there, and what the execution has written down is not. */
	const retried = async (scene: Scene, options: PlayOptions = {}, { engine, simulator } = bench) => {
		const deduplication = createDeduplicationStore(engine.deduplication.serialize());
		const settings = {
			...going,
			executionId: '4712',
			mode: 'retry',
			resumeToken: TOKEN,
			...options,
		} as const;
		return await play(openEngine({ deduplication }), simulator, scene, settings);
	};

	eachAtOnce(acting, '$name: what had left is not sent again', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		await bench.play(scene, { executionId: '4711', resumeToken: 'a token of this execution' });
		const requests = bench.sent(scene.request).length;

		const deduplication = createDeduplicationStore(bench.engine.deduplication.serialize());
		const retried = await play(openEngine({ deduplication }), bench.simulator, scene, {
			executionId: '4712',
			mode: 'retry',
			resumeToken: 'a token of this execution',
			onError: 'continueRegularOutput',
		});
		expect(new Set(outcomesOf(retried))).toEqual(new Set([scene.seen ?? 'unknown']));
		expect(scene.effects!(bench.simulator)).toEqual(scene.items.map(() => 1));
		expect(bench.sent(scene.request)).toHaveLength(requests);
	});

	eachAtOnce(acting, '$name: another execution does the same again', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		await bench.play(scene);
		scene.prepare?.(bench.simulator);
		const another = await bench.play(scene, going);
		expect(outcomesOf(another)).not.toContain('unknown');
	});

	it('every operation: an act whose key is confirmed is skipped, and the key stays confirmed', async () => {
		const keys = { parameters: { options: { idempotencyKey: '={{ "order-" + $itemIndex }}' } } };
		await atOnce(
			acting.filter(({ seen }) => seen !== 'success'),
			async (scene, its) => {
				scene.prepare?.(its.simulator);
				await its.play(scene, { ...keys, executionId: '4711', resumeToken: TOKEN });
				const skipped = scene.items.map((_, item) => ({ skipped: true, idempotencyKey: `order-${item}` }));
				const again = await retried(scene, keys, its);
				expect(again.output().map(({ json }) => json)).toEqual(skipped);
				const another = await retried(scene, { ...keys, executionId: '4713', resumeToken: 'new' }, its);
				expect(another.output().map(({ json }) => json)).toEqual(skipped);
				expect(scene.effects!(its.simulator)).toEqual(scene.items.map(() => 1));
			},
		);
	});

	it.each([
		['click2mail.credit.topUp', 'getBalance'],
		['mailPartner.credit.topUp', 'list'],
		['clubTexting.credit.topUp', 'getBalance'],
	] as const)(
		'%s, while the provider is down: what was done before is not called unsent',
		async (name, reading) => {
			const scene = sceneOf(name);
			scene.prepare?.(bench.simulator);
			await bench.play(scene, { executionId: '4711', resumeToken: TOKEN });
			bench.simulator.order({ operation: reading, fault: 'status500', times: 20 });
			expect(outcomesOf(await retried(scene))).toEqual(scene.items.map(() => 'unknown'));
		},
	);

	it('a job that was never submitted is not taken for the one before it', async () => {
		const submit = sceneOf('click2mail.job.submit');
		submit.prepare?.(bench.simulator);
		bench.simulator.order({ operation: 'jobCost', fault: 'status500', after: 1, times: 9 });
		const first = await bench.play(submit, { ...going, executionId: '4711', resumeToken: TOKEN });
		expect(outcomesOf(first)).toEqual(['success', 'notSent']);
		bench.simulator.order({ operation: 'readJob', fault: 'status500', times: 20 });
		expect(outcomesOf(await retried(submit))).toEqual(['unknown', 'notSent']);
		expect(submit.effects!(bench.simulator)).toEqual([1, 0]);
	});
});
