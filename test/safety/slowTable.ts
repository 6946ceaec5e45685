import type { DeduplicationStore } from '../engine';

/** How one process reaches the table. Times in ms. */
export interface Reach {
	/** Mean of reading, and of writing. */
	rw: number;
	/** How much longer its `n`th write takes, whether it adds or takes out. */
	stall?: (n: number) => number;
	/** From then on nothing is answered any more. */
	isDead?: () => boolean;
}

export type Random = () => number;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(start: number): Random {
	let state = start;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const sleep = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** n8n's table of deduplication, without a lock: a list is read as a whole at some moment, and written as a whole later. */
export class SlowTable {
	private readonly lists = new Map<string, string[]>();
	writes = 0;

	constructor(private readonly random: Random) {}

	/** What stands in a node's list. */
	listOf(node: string): string[] {
		return [...(this.lists.get(node) ?? [])];
	}

	/** The table as one process reaches it. */
	seenBy(base: DeduplicationStore, { rw, stall = () => 0, isDead = () => false }: Reach): DeduplicationStore {
		let writes = 0;
		const takes = () => -Math.log(1 - this.random()) * rw;
		const change = async <T>(key: string, stalls: number, apply: (list: string[]) => T): Promise<T> => {
			const reads = takes();
			const seen = reads * this.random();
			await sleep(seen);
			const list = [...(this.lists.get(key) ?? [])];
			await sleep(reads - seen);
			const result = apply(list);
			this.writes++;
			const writes = takes();
			const lands = writes * this.random() + stalls;
			await sleep(lands);
			if (isDead()) return await new Promise(() => {});
			this.lists.set(key, list.slice(-20_000));
			await sleep(writes + stalls - lands);
			return result;
		};
		return {
			...base,
			getProcessedDataCount: async (_scope, { node }) => {
				const reads = takes();
				const seen = reads * this.random();
				await sleep(seen);
				const { length } = this.lists.get(String(node?.id)) ?? [];
				await sleep(reads - seen);
				return length;
			},
			checkProcessedAndRecord: async (items, _scope, { node }) => {
				return await change(String(node?.id), stall(++writes), (list) => {
					const stood = new Set(list);
					const isOld = (item: (typeof items)[number]) => stood.has(String(item));
					const fresh = items.filter((item) => !isOld(item));
					list.push(...fresh.map(String));
					return { new: fresh, processed: items.filter(isOld) };
				});
			},
			removeProcessed: async (items, _scope, { node }) =>
				await change(String(node?.id), stall(++writes), (list) => {
					const out = new Set(items.map(String));
					list.splice(0, list.length, ...list.filter((entry) => !out.has(entry)));
				}),
		};
	}
}
