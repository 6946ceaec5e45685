const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { ModuleMocker } = require('jest-mock');

/** Stands for the worker's own context, where jest would have its environment's. */
const ownContext = {};

/** By file, the text that was compiled last, and what came of it. */
const compiled = new Map();

const { compileFunction } = vm;
/**
 * Each file of tests loads the modules anew; a worker compiles them once, and runs what it has for each. What a module
 * keeps belongs to its run. No `import()` asks for a context: transform.js makes it a `require`.
 */
vm.compileFunction = (code, parameters, options) => {
	if (options.parsingContext !== ownContext) return compileFunction(code, parameters, options);
	const { filename } = options;
	const known = compiled.get(filename);
	if (known?.code === code) return known.run;
	const run = compileFunction(code, parameters, { filename });
	compiled.set(filename, { code, run });
	return run;
};

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
