/** Ends a run with `N passed, N failed` on a line of its own. A file that could not be run counts as one failed. */
module.exports = class TotalsReporter {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		process.stdout.write(
			`\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`,
		);
	}
};
