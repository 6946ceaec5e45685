// n8n has loaded this long before it comes to any package.
import 'n8n-workflow';
import { createRequire } from 'node:module';

const require = createRequire(__filename);

/** What one n8n start pays for the package; the arguments are the files that its package.json lists. */
export interface Cold {
	/** In ms. */
	required: number;
	/** With an instance of every class, as n8n makes them at once. In ms. */
	instantiated: number;
	files: number;
}

const files = process.argv.slice(2);
const before = Object.keys(require.cache).length;
const begin = performance.now();
const modules = files.map((file) => require(file) as Record<string, new () => unknown>);
const required = performance.now() - begin;
const loaded = Object.keys(require.cache).length - before;
for (const module of modules) for (const Type of Object.values(module)) new Type();
const cold: Cold = { required, instantiated: performance.now() - begin, files: loaded };
process.send!(cold);
