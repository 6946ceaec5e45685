/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: '<rootDir>/test/jest/environment.js',
	runtime: '<rootDir>/test/jest/runtime.js',
	testSequencer: '<rootDir>/test/jest/sequencer.js',
	// The sources are roots too, so that a file that no test loads counts in the coverage.
	roots: ['<rootDir>/test', '<rootDir>/nodes', '<rootDir>/credentials'],
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/e2e/',
		'<rootDir>/test/bench/',
		// Build and lint four packages: `npm run test:package`.
		'<rootDir>/test/package/(package|lint)',
		// Time writes of two processes against each other, and so want the machine to themselves: `npm run test:processes`.
		'<rootDir>/test/safety/two',
	],
	// Transpiles only (`isolatedModules` in tsconfig.json); `npm run typecheck` is the type check.
	transform: { '^.+\\.ts$': '<rootDir>/test/jest/transform.js' },
	// More than there may be cores: what waits for the pace of a provider leaves them to others. All of it mostly works.
	maxWorkers: process.env.TESTS === 'all' ? 6 : 10,
	// It ends what hangs: many scenes run at once, on a slow and busy laptop too.
	testTimeout: 600_000,
	// What was won is asked for again for two minutes.
	forceExit: true,
	reporters: ['default', '<rootDir>/test/reporter.js'],
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text', 'json-summary'],
	coverageThreshold: { global: { lines: 95, branches: 90 } },
};
