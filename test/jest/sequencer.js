const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes longest begins first, on a machine too that has never run the tests: among each file that works two that
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
	'click2MailJobs',
	'crash.',
	'matrix.ezTexting',
	'demo',
	'dailyCap',
	'examples/examples',
	'polling/polling',
	'promise',
	'everyOperation',
	'workflows',
	'click2MailSend',
	'secrets',
	'pacing',
	'Lists',
	'underWay',
	'journal',
	'sendingWindow',
	'safety/order',
	'keptWrites',
	'campaigns',
	'matrix.clubTexting.',
	'coverJob',
	'money',
	'clubTextingPolling',
	'holds',
	'matrix.mailPartner',
	'reports',
	'structure',
	'oncePerDay',
	'crashRetry',
	'properties',
	'errorModes',
	'cancel',
	'settled',
	'leftOver',
	'engine/engine',
	'contributing',
	'contacts',
	'safety/send',
	'identity',
	'simulator/simulator',
	'missingGroups',
	'operations/clubTexting',
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
