import { openBench, outcomesOf } from '../harness';
import { scenes } from '../scenes';

const bench = openBench();
const acting = scenes.filter((scene) => scene.effects);
const going = { onError: 'continueRegularOutput', executionId: 'one' } as const;

describe('an execution whose run was settled', () => {
	it.each(acting)('$name: repeats nothing, however often it is run again', async (scene) => {
		scene.prepare?.(bench.simulator);
		await bench.play(scene, going);
		const requests = bench.sent(scene.request).length;
		// One that stops leaves its run open, the others settle it.
		await bench.play(scene, { executionId: 'one' });
		const again = [await bench.play(scene, going), await bench.play(scene, going)];
		expect(new Set(again.flatMap(outcomesOf))).toEqual(new Set([scene.seen ?? 'unknown']));
		expect(scene.effects!(bench.simulator)).toEqual(scene.items.map(() => 1));
		expect(bench.sent(scene.request)).toHaveLength(requests);
	});

	it.each(acting)('$name: leaves its acts out of n8n’s list', async (scene) => {
		scene.prepare?.(bench.simulator);
		await bench.play(scene, going);
		const entries = bench.engine.deduplication.rows().flatMap(({ hashes }) => hashes);
		expect(entries.length).toBeLessThanOrEqual(4);
	});
});
