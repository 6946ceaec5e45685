import { sleep } from 'n8n-workflow';

/** How long a stretch of work may keep n8n's process from anything else, in ms. */
const LONGEST_STRETCH = 15;

/** Makes what a long loop awaits in each round: it gives n8n's event loop a turn now and then. */
export function openBreather(): () => Promise<void> | undefined {
	let last = performance.now();
	return () => {
		if (performance.now() - last < LONGEST_STRETCH) return undefined;
		return sleep(0).then(() => void (last = performance.now()));
	};
}
