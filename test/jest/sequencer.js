const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes longest begins first, on a machine too that has never run the tests: what mostly waits between what mostly
 * works, so that neither has a worker to itself at the end.
 */
const LONG = [
	'Lists',
	'contacts',
	'journal',
	'matrix.clubTexting',
	'demo',
	'idempotency',
	'everyOperation',
	'pacing',
	'reports',
	'secrets',
	'crash.',
	'matrix.mailPartner',
	'order',
	'dailyCap',
	'matrix.click2mail',
	'underWay',
	'polling',
	'property',
	'crashRetry',
	'settled',
	'holds',
	'examples/examples',
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
