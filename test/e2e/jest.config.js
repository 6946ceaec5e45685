/** @type {import('jest').Config} */
module.exports = {
	displayName: 'e2e',
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': 'ts-jest' },
	// Each file starts n8n instances of its own, and there are two cores.
	maxWorkers: 1,
	testTimeout: 180_000,
	verbose: true,
	reporters: ['default', '<rootDir>/../reporter.js'],
};
