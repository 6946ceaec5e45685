import { matrixOf, runMatrix, type Cell } from './matrix';

let cells: Cell[];

beforeAll(async () => {
	cells = await runMatrix('mailPartner');
}, 900_000);

it.each(matrixOf('mailPartner'))('$name', ({ name }) => {
	const run = cells.filter(({ row }) => row === name);
	expect(run).toHaveLength(6);
	expect(run.flatMap(({ way, faults }) => faults.map((fault) => `${way}: ${fault}`))).toEqual([]);
});
