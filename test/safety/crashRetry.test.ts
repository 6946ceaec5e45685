import { createDeduplicationStore } from '../engine';
import { openEngine, play, scenes } from '../scenes';
import { openBench, outcomesOf } from './bench';

const bench = openBench();
const acting = scenes.filter((scene) => scene.effects);

/** n8n starts the retry of a crashed execution from the trigger: a new id and no context, but the token is kept. */
describe('a crashed execution that somebody retries', () => {
	it.each(acting)('$name: what had left is not sent again', async (scene) => {
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

	it.each(acting)('$name: another execution does the same again', async (scene) => {
		scene.prepare?.(bench.simulator);
		await bench.play(scene);
		scene.prepare?.(bench.simulator);
		const another = await bench.play(scene, { onError: 'continueRegularOutput' });
		expect(outcomesOf(another)).not.toContain('unknown');
	});
});
