const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { ModuleMocker } = require('jest-mock');

/** Stands for the worker's own context, where jest would have its environment's. */
const ownContext = {};

const { compileFunction } = vm;
vm.compileFunction = (code, parameters, { parsingContext, ...options }) =>
	compileFunction(code, parameters, {
		...options,
		...(parsingContext !== ownContext && { parsingContext }),
	});

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
