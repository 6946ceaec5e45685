import { madeOnce } from '../values/maps';
import { decoded, type Pages } from './journalFormat';

/** The numbered contents in use, gathered once for each record and operation. */
const inUse = new WeakMap<Pages, Map<string, Set<string>>>();

/** What the acts of one operation say in an execution: equal acts are several acts, and are numbered. */
export class Contents {
	constructor(
		private readonly pages: Pages,
		private readonly operation: string,
	) {}

	/** Numbers an act among those of the same content, and keeps the number for it: some may be under way at once. */
	number(content: string): string {
		const used = this.used();
		let number = 0;
		while (used.has(`${content}.${number}`)) number++;
		used.add(`${content}.${number}`);
		return `${content}.${number}`;
	}

	/** Gives back the number of an act that did not happen. */
	release(numbered: string): void {
		const isStuck = this.pages.stuck?.[this.nameOf(numbered)] !== undefined;
		if (!isStuck) this.used().delete(numbered);
	}

	/** The marks of an act that did not happen, and its key, could not be taken back. */
	markStuck(content: string, key?: string): void {
		const stuck = (this.pages.stuck ??= {});
		const names = [this.nameOf(content), ...(key === undefined ? [] : [keyName(key)])];
		for (const name of names) stuck[name] = (stuck[name] ?? 0) + 1;
	}

	/** Whether an idempotency key counts as used only because it could not be given back. */
	isStuck(key: string): boolean {
		return this.pages.stuck?.[keyName(key)] !== undefined;
	}

	/** An act has taken a key that could not be given back: it counts as used from now on. */
	reuse(key: string): void {
		delete this.pages.stuck?.[keyName(key)];
	}

	private used(): Set<string> {
		const byOperation = madeOnce(inUse, this.pages, () => new Map<string, Set<string>>());
		return madeOnce(byOperation, this.operation, () => this.gathered());
	}

	private gathered(): Set<string> {
		const { pages, operation } = this;
		const found = new Set<string>();
		for (const [name, page] of Object.entries(pages.runs)) {
			if (!name.endsWith(`.${operation}`)) continue;
			for (const item of Object.keys(page.items)) {
				for (const { content } of decoded(page, Number(item)).parts) found.add(content);
			}
		}
		for (const name of Object.keys(pages.stuck ?? {})) {
			if (name.startsWith(`${operation} `)) found.add(name.slice(operation.length + 1));
		}
		return found;
	}

	private nameOf(content: string): string {
		return `${this.operation} ${content}`;
	}
}

const keyName = (key: string) => `key ${key}`;
