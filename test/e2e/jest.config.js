/**
 * What wants the machine to itself: two workers contest keys by the time that writes take, and a source saved once has to
 * be built once.
 */
const ALONE = '/(queue|packages)\\.test\\.ts$';
const isAlone = process.env.E2E_ALONE === 'true';

/** @type {import('jest').Config} */
module.exports = {
	displayName: 'e2e',
	testEnvironment: 'node',
	transform: { '^.+\\.ts$': '<rootDir>/../jest/transform.js' },
	testSequencer: '<rootDir>/../jest/sequencer.js',
	testPathIgnorePatterns: ['/node_modules/', isAlone ? `^(?!.*${ALONE})` : ALONE],
	// Either half may be asked for alone.
	passWithNoTests: true,
	// Each file starts n8n instances of its own, and mostly waits for them: for a poll, a pace, a page.
	maxWorkers: isAlone ? 1 : 2,
	// It ends what hangs: a campaign that goes on after a crash takes minutes, and more of them on a busy machine.
	testTimeout: 600_000,
	// An n8n that could not be stopped must not keep the run from ending.
	forceExit: true,
	verbose: true,
	reporters: ['default', '<rootDir>/../reporter.js'],
};
