const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes longest begins first, on a machine too that has never run the tests: one file that mostly works to two that
 * mostly wait, so that there is always one for each core and none has a worker to itself at the end. A file of the fault
 * matrix works all the time and has little text, by which jest would have it last: at most three of them at once.
 */
const LONG = [
	// End to end, the two that wait most begin together.
	'e2e/older',
	'e2e/crash',
	'e2e/polling',
	'e2e/gallery',
	'e2e/browser',
	'e2e/packageExamples',
	'matrix.click2mail',
	'idempotency',
	'keysGivenBack',
	'contacts',
	'matrix.ezTexting',
	'crash.',
	'demo',
	'campaigns',
	'money',
	'journal',
	'dailyCap',
	'Lists',
	'pacing',
	'secrets',
	'reports',
	'everyOperation',
	'examples/examples',
	'missingGroups',
	'sendingWindow',
	'oncePerDay',
	'matrix.clubTexting.',
	'order',
	'properties',
	'click2MailJobs',
	'matrix.mailPartner',
	'crashRetry',
	'promise',
	'holds',
	'keptWrites',
	'underWay',
	'polling',
	'patterns',
	'settled',
	'workflows',
	'click2MailSend',
	'safety/send',
	'unclearWrites',
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
