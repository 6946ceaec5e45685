import { sleep } from 'n8n-workflow';
import type { Breather } from '../operation/acts';

/** How long a stretch of work may keep n8n's process from anything else, in ms. */
const LONGEST_STRETCH = 15;

/** For all loops of a run, so that what one has taken counts in the next. */
export function openBreather(): Breather {
	let last = performance.now();
	return () => {
		if (performance.now() - last < LONGEST_STRETCH) return undefined;
		return sleep(0).then(() => void (last = performance.now()));
	};
}
