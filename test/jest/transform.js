const { transformSync } = require('esbuild');

/** TypeScript as CommonJS; without a check of its types, which is `npm run typecheck`. */
exports.process = (source, sourcefile) =>
	transformSync(source, {
		sourcefile,
		loader: 'ts',
		format: 'cjs',
		target: 'node20',
		sourcemap: 'inline',
		// An `import()` would ask for a context (environment.js); a `require` does not.
		supported: { 'dynamic-import': false },
	});
