import { randomUUID } from 'crypto';

/**
 * Stands nowhere but beside the keys of one request, and is written together with them. They are taken out together with
 * it: where it is found again, a process that had read before has written all of it back.
 */
export interface KeyMark {
	readonly name: string;
	/** It is out, or about to be: of what is taken out later it tells nothing. */
	isSpent: boolean;
}

/** The mark, as long as it tells something. */
export const unspent = ({ name, isSpent }: KeyMark): string[] => (isSpent ? [] : [name]);

/** Takes a mark for what is taken out now. */
export function spend(mark: KeyMark): string {
	mark.isSpent = true;
	return mark.name;
}

export const newMark = (): KeyMark => ({ name: `keys:${randomUUID()}`, isSpent: false });
