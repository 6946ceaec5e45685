import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'expect';
import { ModuleMocker } from 'jest-mock';

/**
 * Lends mocha the names that the tests have from jest. Mutation testing runs them with mocha, which loads the engine once
 * and not once for every mutant.
 */

const load = createRequire(__filename);

// A node's TypeScript comes before the .json of the same name.
const extensions: Partial<NodeJS.RequireExtensions> = load.extensions;
const json = extensions['.json'];
delete extensions['.json'];
extensions['.json'] = json;

// What runs only as a module is loaded counts for no test, whichever is the first to load it.
const modules = Module as unknown as { _load(...given: unknown[]): unknown };
const loadModule = modules._load;
const stryker: { currentTestId?: string } = ((globalThis as { __stryker__?: object }).__stryker__ ??= {});
modules._load = function (...given) {
	const { currentTestId } = stryker;
	stryker.currentTestId = undefined;
	try {
		return loadModule.apply(this, given);
	} finally {
		stryker.currentTestId = currentTestId;
	}
};

interface Suite {
	timeout(ms: number): void;
}
type Body = (...given: never[]) => unknown;
type Define = (name: string, body: (this: Suite) => unknown) => void;
type Hook = (body: (this: Suite) => unknown) => void;

/** Mocha's own functions. It puts them down anew before each file. */
const mocha: Partial<
	Record<'it' | 'describe', Define> & Record<'before' | 'after' | 'beforeEach' | 'afterEach', Hook>
> = {};

/** What a file that is being loaded defines; it goes into a suite of its own, since its hooks are for its tests alone. */
let ofFile: Array<() => void> | undefined;
const define = (work: () => void) => (ofFile ? void ofFile.push(work) : work());

interface Root {
	on(event: 'pre-require' | 'post-require', heard: (context: unknown, file: string) => void): void;
}
const { interfaces } = load('mocha') as { interfaces: Record<string, (root: Root) => void> };
const { bdd } = interfaces;
interfaces.bdd = (root) => {
	bdd!(root);
	root.on('pre-require', () => (ofFile = []));
	root.on('post-require', (_context, file) => {
		const works = ofFile ?? [];
		ofFile = undefined;
		mocha.describe!(path.relative('.', file), () => works.forEach((work) => work()));
	});
};

function withEach(defining: () => Define) {
	const one = (name: string, body: Body, timeout?: number) =>
		define(() =>
			defining()(name, function () {
				if (timeout !== undefined) this.timeout(timeout);
				return body();
			}),
		);
	const each = (table: readonly unknown[]) => (name: string, body: Body, timeout?: number) => {
		// As in jest: rows are spread where all of them are lists. One among others is a value.
		const areLists = table.every((row) => Array.isArray(row));
		for (const [place, row] of table.entries()) {
			const given = (areLists ? row : [row]) as never[];
			one(`${name} [${place}]`, () => body(...given), timeout);
		}
	};
	return Object.assign(one, { each });
}

const hook = (defining: () => Hook) => (body: () => unknown, timeout?: number) =>
	define(() =>
		defining()(function () {
			if (timeout !== undefined) this.timeout(timeout);
			return body();
		}),
	);

function lend(name: keyof typeof mocha, lent: unknown): void {
	Object.defineProperty(globalThis, name, {
		get: () => lent,
		set: (given: never) => (mocha[name] = given),
		configurable: true,
	});
}

/** Loads our own modules anew for what is done in it, and only there. */
function isolateModules(body: () => void): void {
	const cache: Partial<NodeJS.Dict<NodeJS.Module>> = load.cache;
	const kept = Object.entries(cache).filter(([file]) => !file.includes('node_modules'));
	for (const [file] of kept) delete cache[file];
	body();
	Object.assign(cache, Object.fromEntries(kept));
}

const it = withEach(() => mocha.it!);
lend('it', it);
lend(
	'describe',
	withEach(
		() => (name, body) =>
			mocha.describe!(name, function () {
				// A suite is no promise, whatever its body gives.
				void body.call(this);
			}),
	),
);
lend('before', undefined);
lend('after', undefined);
lend(
	'beforeEach',
	hook(() => mocha.beforeEach!),
);
lend(
	'afterEach',
	hook(() => mocha.afterEach!),
);
Object.assign(globalThis, {
	expect,
	jest: Object.assign(new ModuleMocker(globalThis), { isolateModules, requireActual: load }),
	test: it,
	beforeAll: hook(() => mocha.before!),
	afterAll: hook(() => mocha.after!),
});
