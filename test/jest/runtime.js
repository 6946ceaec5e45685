const { default: Runtime } = require('jest-runtime');

/** What a worker loads once and not for each file: n8n's engine alone takes seconds. */
const SHARED = /^(n8n-core|n8n-workflow|@n8n\/.*|express)$/;

// A worker listens to jest until all tests are done. What n8n's engine holds takes longer to be given back one by one than
// jest waits for it, on a busy machine.
const exit = process.exit.bind(process);
if (process.send) process.on('removeListener', (event) => event === 'message' && exit());

module.exports = class extends Runtime {
	requireModuleOrMock(from, name) {
		return SHARED.test(name) ? require(name) : super.requireModuleOrMock(from, name);
	}
};
