/** @type {import('jest').Config} */
module.exports = {
	displayName: 'e2e',
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': 'ts-jest' },
	// Each file starts n8n instances of its own, and there are two cores.
	maxWorkers: 1,
	testTimeout: 180_000,
	// An n8n that could not be stopped must not keep the run from ending.
	forceExit: true,
	verbose: true,
	reporters: ['default', '<rootDir>/../reporter.js'],
};
