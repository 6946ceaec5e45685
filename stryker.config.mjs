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
const shared = (...names) => names.map((name) => `nodes/shared/${name}.ts`);

/** What the nodes share, room by room, each with the tests that are about it: `MUTATION=http npm run mutation`. */
const rooms = {
	// One file, in half a minute: CI sees that mutation testing starts.
	card: { mutate: shared('paymentCard'), spec: files('operations', 'card') },
	values: {
		mutate: shared('values/*', 'redact', 'errors', 'provider'),
		spec: [
			...files(
				'operations',
				'redact parameters sendingWindow phoneNumber characters advice topUp empty reports send',
			),
			...files('operations', 'mailPartner click2MailSend clubTexting ezTexting brands'),
			...files('safety', 'secrets'),
			'test/polling/*.test.ts',
			'test/trigger/*.test.ts',
		],
	},
	http: {
		mutate: shared('http/*'),
		spec: [
			...files('operations', 'verdicts bodies replies unexpected endlessReplies advice connections brands'),
			...files(
				'operations',
				'credentials parameters redact click2MailSend click2MailJobs patterns errorModes',
			),
			...files('safety', 'pacing cancel suspected holds'),
		],
	},
	operation: {
		mutate: shared('operation/*'),
		spec: [
			'test/contract/*.test.ts',
			'test/editor/*.test.ts',
			...files(
				'operations',
				'parameters leftEmpty empty topUp coverJob card dryRun oneItem everyOperation send',
			),
			...files('operations', 'clubTexting mailPartner click2Mail ezTexting contacts reports'),
		],
	},
	sms: {
		mutate: shared('sms/*'),
		spec: [
			...files(
				'operations',
				'send sendingWindow phoneNumber characters contacts missingGroups reports ezTexting clubTexting',
			),
			...files('operations', 'empty advice dryRun parameters brands unexpected'),
			...files('safety', 'send order sharedNumbers sharedReceipt identity cancel heldBack unclearWrites'),
		],
	},
	polling: {
		mutate: shared('polling/*'),
		spec: ['test/polling/*.test.ts', 'test/contract/*.test.ts'],
	},
	pipeline: {
		mutate: shared('pipeline/*'),
		spec: [
			...files(
				'operations',
				'errorModes oneItem dryRun everyOperation send topUp coverJob advice unexpected',
			),
			...files('operations', 'click2Mail mailPartner clubTexting ezTexting click2MailSend missingGroups'),
			...files('safety', 'send order cancel heldBack holds journal deadList crashRetry tool unclearWrites'),
			...files('safety', 'sharedNumbers sharedReceipt identity leftOver settled underWay'),
		],
	},
	idempotency: {
		mutate: shared('idempotency/*'),
		spec: [
			...files(
				'safety',
				'journal identity tool toolCalls leftOver settled keptWrites deadList cancel crashRetry',
			),
			...files('safety', 'underWay heldBack unclearWrites promise dailyCap idempotency'),
		],
	},
};
const { MUTATION: name } = process.env;
const room = rooms[name];
if (name && !room) throw new Error(`MUTATION is one of ${Object.keys(rooms).join(', ')}`);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: room?.mutate ?? [
		'nodes/**/*.ts',
		'!nodes/**/*.node.ts',
		'!nodes/**/{index,resources}.ts',
		// A table, made by a script and compared with what it makes.
		'!nodes/ClubTexting/areaCodes.ts',
		'!nodes/shared/operation/description.ts',
	],
	plugins: ['@stryker-mutator/mocha-runner', './stryker.config.mjs'],
	ignorers: ['shown'],
	ignorePatterns: ['/n8n', '/dist', '/packages', '/test/e2e', '/test/package'],

	// Mocha runs all mutants in one process, so that n8n's engine is loaded once and not for each of them.
	testRunner: 'mocha',
	mochaOptions: {
		'no-config': true,
		'no-package': true,
		require: ['tsx/cjs', './test/mutation/mocha.ts'],
		// The quick ones first: most mutants fall to them.
		spec: room?.spec ?? [
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
	incremental: name !== 'card',
	incrementalFile: `reports/mutation-incremental-${name ?? 'all'}.json`,

	reporters: ['clear-text', 'json', 'html', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
	jsonReporter: { fileName: `reports/mutation-${name ?? 'all'}.json` },
	htmlReporter: { fileName: `reports/mutation-${name ?? 'all'}.html` },
	thresholds: { high: 95, low: 90, break: 90 },
};
