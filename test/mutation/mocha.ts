import { createRequire } from 'node:module';
import { expect } from 'expect';

/**
 * Lends mocha the names that the tests have from jest. Mutation testing runs them with mocha, which loads the engine once
 * and not once for every mutant.
 */

// A node's TypeScript comes before the .json of the same name.
const extensions: Partial<NodeJS.RequireExtensions> = createRequire(__filename).extensions;
const json = extensions['.json'];
delete extensions['.json'];
extensions['.json'] = json;

interface Suite {
	timeout(ms: number): void;
}
type Body = (...given: never[]) => unknown;
type Define = (name: string, body: (this: Suite) => unknown) => void;
type Hook = (body: (this: Suite) => unknown) => void;

/** Mocha's own functions. It puts them down anew before each file. */
const mocha: Partial<Record<'it' | 'describe', Define> & Record<'before' | 'after', Hook>> = {};

function withEach(define: () => Define) {
	const one = (name: string, body: Body, timeout?: number) =>
		define()(name, function () {
			if (timeout !== undefined) this.timeout(timeout);
			return body();
		});
	const each = (table: readonly unknown[]) => (name: string, body: Body, timeout?: number) => {
		for (const [place, row] of table.entries()) {
			const given = (Array.isArray(row) ? row : [row]) as never[];
			one(`${name} [${place}]`, () => body(...given), timeout);
		}
	};
	return Object.assign(one, { each });
}

const hook = (define: () => Hook) => (body: () => unknown, timeout?: number) =>
	define()(function () {
		if (timeout !== undefined) this.timeout(timeout);
		return body();
	});

function lend(name: keyof typeof mocha, lent: unknown): void {
	Object.defineProperty(globalThis, name, {
		get: () => lent,
		set: (given: never) => (mocha[name] = given),
		configurable: true,
	});
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
Object.assign(globalThis, {
	expect,
	test: it,
	beforeAll: hook(() => mocha.before!),
	afterAll: hook(() => mocha.after!),
});
