import { sceneOf } from '../scenes';
import { interrupted, World, type Process } from './crash';

const send = sceneOf('clubTexting.message.send');
const [A, B, C] = ['2125550101', '2125550102', '2125550103'] as const;

let world: World;
beforeAll(async () => {
	world = await World.open(0);
});
afterAll(async () => await world.close());

it('a number of several items that share requests is not texted again when a retry sends one of them', async () => {
	const { books } = world.simulator.clubTexting;
	const items = [{ to: A }, { to: `${B}, ${A}` }, { to: C }];
	// The last one says that the run has settled.
	const lastLook = ({ moments }: Process) =>
		moments.lastIndexOf('the list is asked', moments.lastIndexOf('the list is asked') - 1);
	books.refusedNumbers = new Set([B]);
	await world.run(send, send.parameters, items, '1');
	const cutAt = lastLook(world.process);
	world.reset();
	books.refusedNumbers = new Set([B]);
	const first = await world.run(send, send.parameters, items, '1', { cutAt });
	expect(books.delivered.map(({ number }) => number)).toEqual([A, C]);

	books.refusedNumbers.clear();
	const retried = await world.retry(interrupted(first, items, world.process.saved), '2');
	expect(books.delivered.map(({ number }) => number)).toEqual([A, C, B]);
	expect(retried.output('Node').map(({ json }) => json.recipients)).toEqual([[A], [B, A], [C]]);
});
