import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { rooms } from './test/mutation/rooms.mjs';

/** What the editor shows: names and descriptions of fields change nothing that a node does. */
const shown = {
	shouldIgnore(path) {
		const isShownProperty =
			path.isObjectProperty() && ['option', 'fields', 'options'].includes(path.node.key.name ?? '');
		const type = path.isVariableDeclarator() ? path.node.id.typeAnnotation?.typeAnnotation : undefined;
		const typeName = type?.elementType?.typeName?.name ?? type?.typeName?.name;
		if (isShownProperty || typeName === 'INodeProperties') return 'What the editor shows';
		return undefined;
	},
};
export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'shown', shown)];

const { MUTATION: name = '' } = process.env;
const room = rooms[name];
if (!room) throw new Error(`MUTATION is one of ${Object.keys(rooms).join(', ')}`);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: room.mutate,
	plugins: ['@stryker-mutator/mocha-runner', './test/mutation/runner.mjs', './stryker.config.mjs'],
	ignorers: ['shown'],
	ignorePatterns: ['/n8n', '/dist', '/packages', '/test/e2e', '/test/package'],

	// Mocha runs all mutants in one process, so that n8n's engine is loaded once and not for each of them.
	testRunner: 'quickest',
	mochaOptions: {
		'no-config': true,
		'no-package': true,
		require: ['tsx/cjs', './test/mutation/mocha.ts'],
		spec: room.spec,
	},
	// Nothing is compiled by types, and a test reads a source as it is written.
	disableTypeChecks: false,
	coverageAnalysis: 'perTest',
	// A module's constants are set once; to see them change, everything would have to be loaded for each.
	ignoreStatic: true,
	concurrency: room.processes,
	// A process that has played many mutants holds gigabytes of what they have left behind.
	maxTestRunnerReuse: 30,
	timeoutMS: 120_000,
	dryRunTimeoutMinutes: 40,
	// A further run tries only what may have changed.
	incremental: name !== 'card',
	incrementalFile: `reports/mutation-incremental-${name}.json`,

	reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
	jsonReporter: { fileName: `reports/mutation-${name}.json` },
	htmlReporter: { fileName: `reports/mutation-${name}.html` },
	thresholds: { high: 95, low: 90 },
};
