import { sleep } from 'n8n-workflow';

/** How long a stretch of work may keep n8n's process from anything else, in ms. */
const LONGEST_STRETCH = 15;

/** Awaited in each round of a long loop, it gives n8n's event loop a turn now and then. */
export type Breather = () => Promise<void> | undefined;

/** For all loops of a run, so that what one has taken counts in the next. */
export function openBreather(): Breather {
	let last = performance.now();
	return () => {
		if (performance.now() - last < LONGEST_STRETCH) return undefined;
		return sleep(0).then(() => void (last = performance.now()));
	};
}
