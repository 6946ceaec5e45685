import { pause } from '../values/time';
import { waitOf } from './contest';
import type { DeduplicationList } from './deduplicationList';

/** What is only asked for is looked at so often: another process may be asking. */
const LOOKS = 3;

/** The sign of a question: it stands beside what is only asked for. @param what is asked for */
export const askedEntry = (what: string): string => `asked:${what}`;

/**
 * Which entries stand in the list. To ask is to write, and what is taken out again may be written back by a process that
 * had read before: beside the sign of another's question nothing is believed.
 *
 * @param asked the sign of this one
 */
export async function foundIn(
	list: DeduplicationList,
	entries: string[],
	asked: string,
	signal?: AbortSignal,
): Promise<Set<string>> {
	for (let looks = 0; looks < LOOKS; looks++) {
		if (looks > 0) await pause(waitOf(list) * (0.5 + Math.random()), signal);
		const { found } = await list.add([...entries, asked]);
		if (found.has(asked)) continue;
		await list.remove([...entries.filter((entry) => !found.has(entry)), asked]);
		return found;
	}
	await list.remove([...entries, asked]);
	return new Set();
}
