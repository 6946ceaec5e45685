import type { IDataObject } from 'n8n-workflow';
import type { RecordedRequest, Simulator } from './simulator';

/** How many of a list's entries each item finds. */
export function countEach<T>(
	items: IDataObject[],
	list: T[],
	belongs: (entry: T, item: IDataObject) => boolean,
): number[] {
	return items.map((item) => list.filter((entry) => belongs(entry, item)).length);
}

/** Whether an amount is the one that is meant, or one that was edited or computed from it. */
export function isAbout(amount: number, meant: unknown, room: number): boolean {
	return amount >= Number(meant) && amount < Number(meant) + room;
}

/** Requests of one operation that the provider acted on; for effects that leave no count in its books. */
export function acted({ requests }: Simulator, operation: string): RecordedRequest[] {
	return requests.filter((request) => request.operation === operation && request.processed);
}
