/** A write that took longer may have erased what another process has written and acted upon: all wait longer. In ms. */
export const SLOW = 500;
/**
 * How long after a slow write what it has erased may still be missing, at least, and in relation to what the write took.
 * Long enough for whoever writes it again to be slow at that moment. In ms.
 */
const LEAST_DOUBT = 8000;
const TIMES_ITS_LENGTH = 1.5;
/** What a longer one has erased may never stand again. In ms. */
const LONGEST = 8000;

/** The slow writes of this process to one list, by performance.now(). */
export class Stalls {
	private latest: Array<{ until: number; took: number }> = [];

	add(began: number, ended: number): void {
		const took = ended - began;
		if (took <= SLOW) return;
		const until = ended + Math.max(LEAST_DOUBT, TIMES_ITS_LENGTH * took);
		this.latest = [...this.latest.filter((stall) => stall.until > began), { until, took }];
	}

	/** Until when the list may lack what writes slower than this have erased. */
	doubtfulUntil(slowerThan: number): number {
		return Math.max(0, ...this.latest.filter(({ took }) => took > slowerThan).map(({ until }) => until));
	}

	/** Whether a look at this time may lack for good what this process has erased. */
	isHopeless(at: number): boolean {
		return this.latest.some(({ until, took }) => took > LONGEST && until > at);
	}
}
