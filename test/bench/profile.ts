import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';

/** Whose code a sample of the profile was in. */
export type Owner = string;

export interface Share {
	owner: Owner;
	/** Part of the run's time in that owner's own code, 0 to 1. */
	self: number;
	/** The same with the parts of Node.js that it called. */
	total: number;
}

/** In µs. */
const INTERVAL = 200;

/**
 * Runs `work` under V8's sampling profiler and says whose code the time went to. The time in which the process waited
 * for a reply is left out.
 *
 * @param ownerOf names the owner of a file; undefined for Node.js's own
 */
export async function profiled(
	work: () => Promise<unknown>,
	ownerOf: (url: string) => Owner | undefined,
): Promise<Share[]> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
	await session.post('Profiler.start');
	await work();
	const { profile } = await session.post('Profiler.stop');
	session.disconnect();
	return sharesOf(profile, ownerOf);
}

function sharesOf(profile: Profiler.Profile, ownerOf: (url: string) => Owner | undefined): Share[] {
	const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
	const parents = new Map(
		profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])),
	);
	const own = ({ callFrame: { functionName, url } }: Profiler.ProfileNode): Owner | undefined => {
		if (functionName === '(garbage collector)') return 'garbage collection';
		return url === '' || url.startsWith('node:') ? undefined : ownerOf(url);
	};
	const caller = (id: number | undefined): Owner | undefined => {
		for (let at = id; at !== undefined; at = parents.get(at)) {
			const node = nodes.get(at)!;
			if (node.callFrame.url.startsWith('node:inspector')) return PROFILER;
			const owner = own(node);
			if (owner !== undefined) return owner;
		}
		return undefined;
	};

	const self = new Map<Owner, number>();
	const total = new Map<Owner, number>();
	let all = 0;
	for (const [place, id] of (profile.samples ?? []).entries()) {
		const node = nodes.get(id)!;
		if (node.callFrame.functionName === '(idle)') continue;
		const responsible = caller(id);
		if (responsible === PROFILER) continue;
		const time = profile.timeDeltas?.[place] ?? 0;
		all += time;
		add(self, own(node) ?? NODE_JS, time);
		add(total, responsible ?? NODE_JS, time);
	}
	return [...new Set([...self.keys(), ...total.keys()])]
		.map((owner) => ({ owner, self: (self.get(owner) ?? 0) / all, total: (total.get(owner) ?? 0) / all }))
		.sort((a, b) => b.total - a.total);
}

const NODE_JS = 'Node.js: HTTP, sockets, event loop';
const PROFILER = 'profiler';

function add(sums: Map<Owner, number>, owner: Owner, time: number): void {
	sums.set(owner, (sums.get(owner) ?? 0) + time);
}
