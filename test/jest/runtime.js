const { default: Runtime } = require('jest-runtime');

/** What a worker loads once and not for each file: n8n's engine alone takes seconds. */
const SHARED = /^(n8n-core|n8n-workflow|@n8n\/.*|express)$/;

module.exports = class extends Runtime {
	requireModuleOrMock(from, name) {
		return SHARED.test(name) ? require(name) : super.requireModuleOrMock(from, name);
	}
};
