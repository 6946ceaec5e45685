import { matrixOf, runMatrix, type Cell } from './matrix';

let cells: Cell[];

beforeAll(async () => {
	cells = await runMatrix('mailPartner');
}, 1_800_000);

it.each(matrixOf('mailPartner'))('$name', ({ name, ways }) => {
	const run = cells.filter(({ row }) => row === name);
	expect(run).toHaveLength(ways.length);
	expect(run.flatMap(({ way, faults }) => faults.map((fault) => `${way}: ${fault}`))).toEqual([]);
});
