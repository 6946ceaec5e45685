import { going, openBench, outcomesOf } from '../harness';
import { sceneOf, type Scene } from '../scenes';

const bench = openBench();
const charging = [
	sceneOf('click2mail.credit.purchase'),
	sceneOf('click2mail.credit.topUp'),
	sceneOf('clubTexting.credit.buy'),
	sceneOf('clubTexting.keyword.rent'),
	sceneOf('ezTexting.credit.buy'),
	sceneOf('ezTexting.credit.topUp'),
];
const other = (scene: Scene): Scene => ({ ...scene, items: [...scene.items].reverse() });

describe('an item that is held back and was done by a run whose record was lost', () => {
	it.each(charging)('$name: is unknown, not "not sent", in the same order', async (scene) => {
		await bench.play(scene, { ...going, executionId: 'one' });
		const again = await bench.play(scene, { ...going, executionId: 'one' });
		expect(outcomesOf(again)).toEqual(['unknown', 'unknown']);
		expect(scene.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it.each(charging)(
		'$name: nor in another order, where an item that was not done is not sent',
		async (scene) => {
			const { items } = scene;
			await bench.play({ ...scene, items: items.slice(0, 1) }, { ...going, executionId: 'one' });
			const again = await bench.play(other(scene), { ...going, executionId: 'one' });
			expect(outcomesOf(again)).toEqual(['unknown', 'unknown']);
			expect(scene.effects!(bench.simulator)).toEqual([1, 0]);
		},
	);

	it.each(charging)('$name: one that was done by nobody is not sent, and leaves no mark', async (scene) => {
		const { provider, request, items } = scene;
		const marks = () => bench.engine.deduplication.rows().flatMap(({ hashes }) => hashes).length;
		bench.simulator.order({ provider, operation: request, fault: 'resetAfter', times: 2 });
		const both = await bench.play(scene, { ...going, workflowId: 'both', executionId: 'one' });
		expect(outcomesOf(both)).toEqual(['unknown', 'notSent']);
		const left = marks();
		// Of the first alone, in a workflow that stops at it, so that its run stays open as well.
		await bench.play({ ...scene, items: items.slice(0, 1) }, { workflowId: 'first', executionId: 'one' });
		expect(marks()).toBe(2 * left);
	});
});
