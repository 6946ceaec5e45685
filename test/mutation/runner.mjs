import { readFileSync, writeFileSync } from 'node:fs';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { createMochaTestRunner } from '@stryker-mutator/mocha-runner';

/**
 * Stryker's runner for mocha, but a mutant meets what is likely to kill it first: the tests that have killed others of its
 * file, and those that reach the fewest mutants. Then the quickest of the others, for as long as the budget lasts. Some tests
 * wait for a provider's pace, and whatever survives would wait with each of them: for minutes, thousands of times. What they
 * would have killed counts as survived, so a score is too low rather than too high.
 */

/** For one mutant, in ms of the first run. */
const BUDGET = 15_000;
/** How many tests come first for either reason. */
const FIRST = 12;
/** What each test was in the first run, which one process makes for all of them. */
const KEPT = 'mutation-tests.json';

let known;
const tests = () => (known ??= JSON.parse(readFileSync(KEPT, 'utf8')));
const by = (key) => (one, other) => (tests()[one]?.[key] ?? 0) - (tests()[other]?.[key] ?? 0);

/** The tests that have killed mutants of a file, the last first. */
const killers = {};

function likeliest(reaching, file) {
	const reach = new Set(reaching);
	const before = (killers[file] ?? []).filter((test) => reach.has(test)).slice(0, FIRST);
	return new Set([...before, ...reaching.toSorted(by('reached')).slice(0, FIRST)]);
}

function quickest(reaching) {
	let left = BUDGET;
	const sorted = reaching.toSorted(by('spent'));
	const last = sorted.findIndex((test) => (left -= tests()[test]?.spent ?? 0) < 0);
	return last === -1 ? sorted : sorted.slice(0, last);
}

function create(injector) {
	const runner = createMochaTestRunner(injector);
	const dryRun = runner.dryRun.bind(runner);
	const mutantRun = runner.mutantRun.bind(runner);
	const play = async (options, chosen) => {
		// As a pattern, the titles of hundreds of tests would be slower than the tests.
		runner.mocha.grep({ test: (title) => chosen.has(title) });
		return await mutantRun({ ...options, testFilter: undefined });
	};
	return Object.assign(runner, {
		// True of all that is tried: what is set as a module is loaded is left out. Else many mutants get a process of their own.
		capabilities: async () => ({ reloadEnvironment: true }),
		async dryRun(options) {
			const result = await dryRun(options);
			const { perTest = {} } = result.mutantCoverage ?? {};
			const kept = (result.tests ?? []).map(({ id, timeSpentMs: spent }) => [
				id,
				{ spent, reached: Object.keys(perTest[id] ?? {}).length },
			]);
			writeFileSync(KEPT, JSON.stringify(Object.fromEntries(kept)));
			return result;
		},
		async mutantRun({ testFilter: reaching, ...options }) {
			const { fileName } = options.activeMutant;
			const first = likeliest(reaching, fileName);
			let result = await play(options, first);
			const others = quickest(reaching.filter((test) => !first.has(test)));
			if (result.status === 'survived' && others.length > 0) result = await play(options, new Set(others));
			if (result.status === 'killed')
				killers[fileName] = [...new Set([...result.killedBy, ...(killers[fileName] ?? [])])];
			return result;
		},
	});
}
create.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'quickest', create)];
