import { readFileSync } from 'node:fs';
import path from 'node:path';
import { table, type Findings } from '../bench/table';

const textOf = (file: string) => readFileSync(path.join(__dirname, '../../docs/bench', file), 'utf8');
const findings = JSON.parse(textOf('bench.json')) as Findings;

test('the page of the bench is what its findings make', () => {
	expect(textOf('bench.md')).toBe(table(findings));
});

test('it says of every part on which day it was measured', () => {
	const { measured, machine, tarball, ...parts } = findings;
	expect(Object.keys(measured).sort()).toEqual(Object.keys(parts).sort());
	const days = [...Object.values(measured), machine.date].map(
		(moment) => /^\d{4}-\d\d-\d\d/.exec(moment)![0],
	);
	for (const day of days) expect(textOf('bench.md')).toContain(day);
	expect(tarball).toBeGreaterThan(0);
});
