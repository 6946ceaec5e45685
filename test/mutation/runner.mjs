import { readFileSync, writeFileSync } from 'node:fs';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { createMochaTestRunner } from '@stryker-mutator/mocha-runner';

/**
 * Stryker's runner for mocha, but a mutant meets what is likely to kill it first: the tests that have killed others of its
 * file, and the quickest ones. Then more of the quick ones, for as long as the budget lasts. Some tests wait for a provider's
 * pace, and whatever survives would wait with each of them: for minutes, thousands of times. What they would have killed counts
 * as survived, so a score is too low rather than too high.
 */

/** For one mutant, in ms of the first run. */
const BUDGET = 12_000;
/** How many tests come first for either reason. */
const FIRST = 12;
/** How long a test may take, in ms and by its time in the first run. What hangs is killed. */
const LONGEST = 60_000;
const limitOf = (spent) => 10_000 + 4 * spent;
/** How long each test took in the first run, which one process makes for all of them, in ms. */
const TIMES = 'mutation-times.json';

let times;
const timeOf = (test) => times[test] ?? 0;

/** The tests that have killed mutants of a file, the last first. */
const killers = {};

/** @param sorted the tests that reach it, the quickest first */
function likeliest(sorted, file) {
	const reach = new Set(sorted);
	const before = (killers[file] ?? []).filter((test) => reach.has(test)).slice(0, FIRST);
	return new Set([...before, ...sorted.slice(0, FIRST)]);
}

function withinBudget(sorted) {
	let left = BUDGET;
	const last = sorted.findIndex((test) => (left -= timeOf(test)) < 0);
	return last === -1 ? sorted : sorted.slice(0, last);
}

function create(injector) {
	const runner = createMochaTestRunner(injector);
	const dryRun = runner.dryRun.bind(runner);
	const mutantRun = runner.mutantRun.bind(runner);
	const play = async (options, chosen) => {
		// Before they are loaded, all have the limit of the suite.
		runner.mocha.suite.timeout(LONGEST);
		runner.mocha.suite.eachTest((test) => {
			// Else the limit of one that has hung before would run again, and end the process.
			test.timer = undefined;
			test.timeout(limitOf(timeOf(test.fullTitle())));
		});
		// As a pattern, the titles of hundreds of tests would be slower than the tests.
		runner.mocha.grep({ test: (title) => chosen.has(title) });
		return await mutantRun({ ...options, testFilter: undefined });
	};
	return Object.assign(runner, {
		// True of all that is tried: what is set as a module is loaded is left out. Else many mutants get a process of their own.
		capabilities: async () => ({ reloadEnvironment: true }),
		async dryRun(options) {
			runner.mocha.suite.timeout(LONGEST);
			const result = await dryRun(options);
			const spent = (result.tests ?? []).map(({ id, timeSpentMs }) => [id, timeSpentMs]);
			writeFileSync(TIMES, JSON.stringify(Object.fromEntries(spent)));
			return result;
		},
		async mutantRun({ testFilter, ...options }) {
			times ??= JSON.parse(readFileSync(TIMES, 'utf8'));
			const { fileName } = options.activeMutant;
			const sorted = testFilter.toSorted((one, other) => timeOf(one) - timeOf(other));
			const first = likeliest(sorted, fileName);
			let result = await play(options, first);
			const others = withinBudget(sorted.filter((test) => !first.has(test)));
			if (result.status === 'survived' && others.length > 0) result = await play(options, new Set(others));
			if (result.status === 'killed')
				killers[fileName] = [...new Set([...result.killedBy, ...(killers[fileName] ?? [])])];
			return result;
		},
	});
}
create.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'quickest', create)];
