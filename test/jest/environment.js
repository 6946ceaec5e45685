const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { ModuleMocker } = require('jest-mock');

const { compileFunction } = vm;
/** Jest compiles every module for the context of its environment; for that of these tests it is the worker's own. */
vm.compileFunction = (code, parameters, { parsingContext, ...options }) =>
	compileFunction(code, parameters, {
		...options,
		...(parsingContext !== ownContext && { parsingContext }),
	});
const ownContext = {};

/**
 * Tests run in the worker's own context, where n8n's engine (runtime.js) was loaded. In a context of their own an
 * `instanceof` of the engine would not know their errors, and every look at a global variable would go through a proxy.
 */
module.exports = class extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		this.global = globalThis;
		this.moduleMocker = new ModuleMocker(globalThis);
		Error.stackTraceLimit = 10;
	}

	getVmContext() {
		return this.context && ownContext;
	}
};
