const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest begins first, on a machine too that has never run the tests. */
const LONG = ['Lists', 'journal', 'matrix', 'property', 'secrets', 'package', 'everyOperation', 'contacts'];

function placeOf({ path }) {
	const place = LONG.findIndex((name) => path.includes(name));
	return place < 0 ? LONG.length : place;
}

module.exports = class extends Sequencer {
	sort(tests) {
		return super.sort(tests).sort((a, b) => placeOf(a) - placeOf(b));
	}
};
