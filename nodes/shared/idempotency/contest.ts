import { sleep } from 'n8n-workflow';
import { OperationError } from '../errors';
import type { DeduplicationList } from './deduplicationList';

/**
 * n8n's list has no lock: what one process has written, another that had read before overwrites with what it knew. So a
 * key counts only once it was found where it had been written after longer than reading and writing take. That was 50 ms
 * with an empty list and up to 1,700 at 20,000 entries, on two workers at work; the looks of this process tell which of
 * them it is today. In ms.
 */
const SETTLED_AFTER = 250;
const SAFETY = 3;
/** A list that is overwritten this often is not one to rely on. */
const MOST_LOOKS = 20;

/**
 * Decides whose the entries are that seemed new. Of two processes that write one entry at the same moment, the later one
 * overwrites the other's list: whoever finds the entry without its own mark beside it has lost.
 *
 * @param marks by entry, a mark that stood nowhere before and was written together with it
 * @param what the entries are, as an error names them
 * @returns the entries that are another's
 * @throws OperationError `notSent` when n8n can't write, or does not keep what it has written
 */
export async function contest(
	list: DeduplicationList,
	marks: Map<string, string>,
	what: string,
): Promise<Set<string>> {
	const open = new Map(marks);
	const lost = new Set<string>();
	for (let looks = 0; open.size > 0; looks++) {
		if (looks === MOST_LOOKS) throw notKept(what);
		await settled(list);
		const found = await list.add([...open].flat());
		for (const [entry, mark] of open) {
			const isThere = found.has(entry);
			if (isThere && !found.has(mark)) lost.add(entry);
			// Where neither was found, this look has written both again.
			if (isThere) open.delete(entry);
		}
	}
	return lost;
}

/**
 * Makes sure that entries which were taken out stay out: a process that had read before writes back what it knew.
 *
 * @param mark one of them, which stands nowhere else: where it is found again, so are the others
 * @returns false when n8n could not take them out again, or does not keep it
 */
export async function staysOut(list: DeduplicationList, entries: string[], mark: string): Promise<boolean> {
	for (let looks = 1; ; looks++) {
		await settled(list);
		// Where n8n can't tell, they count as out: whoever uses a key next must not be told that it is this act's.
		const found = await list.add([mark]).catch(() => new Set());
		if (!found.has(mark)) {
			// The look has written it.
			await list.remove([mark]);
			return true;
		}
		if (looks === MOST_LOOKS || !(await list.remove(entries))) return false;
	}
}

async function settled(list: DeduplicationList): Promise<void> {
	await sleep(Math.max(SETTLED_AFTER, SAFETY * list.slowest));
}

function notKept(what: string): OperationError {
	return new OperationError('notSent', `n8n’s database did not keep ${what}`, {
		advice: 'Nothing was sent. Let fewer executions of this workflow run at a time, then run it again.',
	});
}
