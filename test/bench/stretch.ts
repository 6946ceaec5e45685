import { PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { NodeHelpers, type INodeType } from 'n8n-workflow';
import type { AnyNodeType } from '../engine';

/** How long a node let nothing else happen. */
export interface Stretch {
	/** By what the node's own work took of the processor, at most, in ms. */
	own: number;
	/** By the clock, in ms: all of it, garbage collection in it, and the time in which the thread had no processor. */
	whole: number;
	collected: number;
	waited: number;
}

/** Shorter stretches are not looked at, in ms. */
const WORTH_KEEPING = 10;

/** The same node types, with the longest stretch measured in which an `execute` let nothing else happen. */
export function stretched(types: Record<string, AnyNodeType | undefined>): {
	types: Record<string, INodeType>;
	longest(): Stretch;
	forget(): void;
} {
	// Node.js has it from 23.9 on, and n8n brings a later one.
	const { threadCpuUsage } = process as unknown as { threadCpuUsage(): NodeJS.CpuUsage };
	/** Processor time of this thread, in ms: it stands still while another process has the processor. */
	const processor = () => {
		const { user, system } = threadCpuUsage();
		return (user + system) / 1000;
	};
	let stretches: Array<{ from: number; to: number; worked: number }> = [];
	let collections: PerformanceEntry[] = [];
	const collector = new PerformanceObserver((list) => collections.push(...list.getEntries()));
	collector.observe({ entryTypes: ['gc'] });
	const watched = (type: INodeType): INodeType => {
		const copy = Object.assign(Object.create(Object.getPrototypeOf(type) as object) as INodeType, type);
		copy.execute = async function (...call) {
			let [from, before] = [performance.now(), processor()];
			const look = () => {
				const [to, after] = [performance.now(), processor()];
				if (to - from > WORTH_KEEPING) stretches.push({ from, to, worked: after - before });
				[from, before] = [to, after];
			};
			const timer = setInterval(look, 1);
			try {
				return await type.execute!.apply(this, call);
			} finally {
				look();
				clearInterval(timer);
			}
		};
		return copy;
	};
	return {
		types: Object.fromEntries(
			Object.entries(types).map(([name, type]) => [name, watched(NodeHelpers.getVersionedNodeType(type!))]),
		),
		longest() {
			collections.push(...collector.takeRecords());
			const looked = stretches.map(({ from, to, worked }) => {
				const within = collections.filter(({ startTime }) => startTime >= from && startTime < to);
				const collected = within.reduce((sum, { duration }) => sum + duration, 0);
				const whole = to - from;
				// A collection waits for its own threads as well: what it took of the processor is not known.
				const own = Math.min(worked, whole - collected);
				return { own, whole, collected, waited: Math.max(0, whole - worked) };
			});
			const nothing = { own: 0, whole: 0, collected: 0, waited: 0 };
			const longest = looked.reduce((one, other) => (other.whole > one.whole ? other : one), nothing);
			return { ...longest, own: Math.max(0, ...looked.map(({ own }) => own)) };
		},
		forget() {
			stretches = [];
			collections = [];
		},
	};
}
