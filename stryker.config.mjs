import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

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

const files = (folder, names) => names.split(' ').map((name) => `test/${folder}/${name}.test.ts`);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: [
		'nodes/**/*.ts',
		'!nodes/**/*.node.ts',
		'!nodes/**/{index,resources}.ts',
		// A table, made by a script and compared with what it makes.
		'!nodes/ClubTexting/areaCodes.ts',
		'!nodes/shared/operation/description.ts',
	],
	plugins: ['@stryker-mutator/mocha-runner', './stryker.config.mjs'],
	ignorers: ['shown'],
	ignorePatterns: ['/n8n', '/dist', '/docs', '/packages', '/test/e2e', '/test/bench', '/test/package'],

	// Mocha runs all mutants in one process, so that n8n's engine is loaded once and not for each of them.
	testRunner: 'mocha',
	mochaOptions: {
		'no-config': true,
		'no-package': true,
		require: ['tsx/cjs', './test/mutation/mocha.ts'],
		// The quick ones first: most mutants fall to them.
		spec: [
			'test/contract/*.test.ts',
			...files(
				'operations',
				'card bodies verdicts redact phoneNumber characters brands parameters replies send click2Mail clubTexting mailPartner credentials',
			),
			'test/trigger/*.test.ts',
			...files('operations', 'sendingWindow advice empty connections errorModes'),
			...files('safety', 'send order cancel tool heldBack deadList identity sharedNumbers sharedReceipt'),
			...files('operations', 'everyOperation'),
			'test/polling/*.test.ts',
			...files('safety', 'journal idempotency dailyCap'),
		],
	},
	// Nothing is compiled by types, and a test reads a source as it is written.
	disableTypeChecks: false,
	coverageAnalysis: 'perTest',
	// A module's constants are set once; to see them change, everything would have to be loaded for each.
	ignoreStatic: true,
	// The tests wait more than they compute.
	concurrency: 4,
	timeoutMS: 20_000,
	dryRunTimeoutMinutes: 20,
	// A further run tries only what may have changed.
	incremental: true,
	incrementalFile: 'reports/mutation-incremental.json',

	reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
	jsonReporter: { fileName: 'reports/mutation.json' },
	htmlReporter: { fileName: 'reports/mutation.html' },
	thresholds: { high: 95, low: 90, break: 90 },
};
