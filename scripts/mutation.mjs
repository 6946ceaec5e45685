/**
 * `npm run mutation` plays the mutants of all that the nodes share, room by room; `npm run mutation -- http sms` those of two
 * rooms. Fails below 90 % killed. Reports lie in `reports/`.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { rooms } from '../test/mutation/rooms.mjs';

/** While one room waits for its first run, which is a single process, the mutants of others are played. */
const AT_ONCE = 8;
const LEAST = 90;

const run = promisify(execFile);
const percent = ({ killed, all }) => `${((100 * killed) / all).toFixed(1)} % (${killed} of ${all})`;

async function scoreOf(room) {
	await run('npx', ['stryker', 'run'], { env: { ...process.env, MUTATION: room }, maxBuffer: 2 ** 30 });
	const report = JSON.parse(readFileSync(`reports/mutation-${room}.json`, 'utf8'));
	const mutants = Object.values(report.files).flatMap((file) => file.mutants);
	const count = (...outcomes) => mutants.filter(({ status }) => outcomes.includes(status)).length;
	const killed = count('Killed', 'Timeout');
	const score = { killed, all: killed + count('Survived', 'NoCoverage') };
	console.log(`${room}: ${percent(score)}`);
	return score;
}

const asked = process.argv.slice(2);
const left = asked.length > 0 ? asked : Object.keys(rooms).reverse();
const whole = { killed: 0, all: 0 };
async function play() {
	for (let room = left.shift(); room !== undefined; room = left.shift()) {
		const { killed, all } = await scoreOf(room);
		whole.killed += killed;
		whole.all += all;
	}
}
await Promise.all(Array.from({ length: AT_ONCE }, play));
console.log(`all: ${percent(whole)}`);
process.exitCode = (100 * whole.killed) / whole.all < LEAST ? 1 : 0;
