const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes longest begins first, on a machine too that has never run the tests: one file that mostly works to two that
 * mostly wait, so that there is always one for each core and none has a worker to itself at the end.
 */
const LONG = [
	// End to end, the two that wait most begin together.
	'e2e/older',
	'e2e/crash',
	'e2e/polling',
	'e2e/gallery',
	'e2e/browser',
	'e2e/packageExamples',
	'matrix.clubTexting.',
	'contacts',
	'demo',
	'idempotency',
	'crash.',
	'journal',
	'matrix.mailPartner',
	'pacing',
	'reports',
	'everyOperation',
	'Lists',
	'order',
	'examples/examples',
	'matrix.click2mail',
	'dailyCap',
	'underWay',
	'secrets',
	'crashRetry',
	'polling',
	'campaigns',
	'settled',
	'safety/send',
	'money',
	'holds',
	'properties',
];

function placeOf({ path }) {
	const place = LONG.findIndex((name) => path.includes(name));
	return place < 0 ? LONG.length : place;
}

module.exports = class extends Sequencer {
	sort(tests) {
		return super.sort(tests).sort((a, b) => placeOf(a) - placeOf(b));
	}
};
