import { fingerprint } from '../idempotency/fingerprint';
import type { LiveItem, SharedRun, RequestMember, RequestResult } from '../operation/acts';
import { groupedBy } from '../values/maps';
import { noteOf, readNote, sentOf, type SentRequests } from './output';
import { narrowed, type Batch, type Campaign } from './plan';
import { readReceipt, writtenReceipt, type Receipt, type WrittenReceipt } from './receipt';
import type { SmsWire } from './wire';

/** What all requests of a run go through. */
export interface Channel {
	run: SharedRun;
	wire: SmsWire;
	/** Takes note of what has left. */
	requests: SentRequests;
	/** Whether a batch may leave now as it is. */
	isTimely: (batch: Batch) => boolean;
}

/** What became of a batch, by item. */
export type Outcomes = Map<number, RequestResult<WrittenReceipt>>;

/**
 * Sends a batch. Those of its numbers that an earlier request of this run has carried do not go out again: while a bad
 * number is searched for, a number can stand in a part that went out and in one that did not.
 *
 * @param itemOf what an item asks for, and its idempotency keys
 * @param mayLeave where the node stops on failures: waits for the batches before it; false where one has failed
 * @returns what became of the items; those that are missing have not left, since their time had passed at their turn
 */
export async function deliver(
	channel: Channel,
	batch: Batch,
	itemOf: (item: number) => LiveItem<Campaign>,
	mayLeave?: () => Promise<boolean>,
): Promise<Outcomes> {
	const { run, requests } = channel;
	// Not a copy of all that its set has carried, which may be very many.
	const carriedBefore = new Map<string, number>();
	for (const number of [...batch.members.values()].flat()) {
		const request = batch.carried.get(number);
		if (request !== undefined) carriedBefore.set(number, request);
	}
	const isFresh = (number: string) => !carriedBefore.has(number);
	const fresh: Batch = {
		...batch,
		members: new Map([...batch.members].map(([item, numbers]) => [item, numbers.filter(isFresh)])),
		numbers: batch.numbers.filter(isFresh),
	};
	const rest = narrowed(
		fresh,
		(item) => fresh.members.get(item)!.length > 0 || bringsGroups(run, batch, item),
	);
	const outcomes: Outcomes = rest
		? await request(channel, rest, itemOf, mayLeave)
		: new Map<number, RequestResult<WrittenReceipt>>();
	for (const [item, numbers] of batch.members) {
		const isLate = rest?.members.has(item) && !outcomes.has(item);
		const carried = isLate ? [] : numbers.filter((number) => !isFresh(number));
		for (const [request, own] of groupedBy(carried, (number) => carriedBefore.get(number)!)) {
			const outcome = outcomes.get(item);
			if (outcome !== undefined && outcome.kind !== 'done') break;
			const joined = await run.join<WrittenReceipt>(request, memberOf(run, batch, itemOf(item), own, false));
			if (joined.kind === 'done') requests.add(item, [run.journal.parts(item).at(-1)!]);
			if (outcome === undefined || joined.kind !== 'done') outcomes.set(item, joined);
		}
	}
	return outcomes;
}

/** One request for the numbers of its members. */
async function request(
	{ run, wire, requests, isTimely: isStillTimely }: Channel,
	batch: Batch,
	itemOf: (item: number) => LiveItem<Campaign>,
	mayLeave?: () => Promise<boolean>,
): Promise<Outcomes> {
	const members = [...batch.members].map(([item, numbers]) =>
		memberOf(run, batch, itemOf(item), numbers, bringsGroups(run, batch, item)),
	);
	let isLate = false;
	const outcomes = await run.perform<WrittenReceipt>({
		members,
		kept: sentOf(batch.campaign),
		mayLeave,
		effectFor(items) {
			const kept = new Set(items);
			const members = narrowed(batch, (item) => kept.has(item))!;
			// An item whose groups got the text before does not bring them again for one that has fallen out.
			const isBrought = items.some((item) => bringsGroups(run, batch, item));
			const left = isBrought ? members : { ...members, groups: [] };
			const isTimely = () => !(isLate = !isStillTimely(left));
			return {
				request: { ...wire.request(left), isTimely },
				parse: (data) => writtenReceipt(wire.receiptIn(data, left)),
			};
		},
	});
	for (const { item } of members) {
		const outcome = outcomes.get(item)!;
		const failure = outcome.kind === 'failed' ? outcome.error.outcome : undefined;
		// Where the provider had asked to come again later, it was refused until then.
		if (isLate && (failure === 'notSent' || failure === 'refused')) outcomes.delete(item);
		const hasLeft = outcome.kind === 'done' || failure === 'unknown';
		// Nothing of an item has left whose key another act has taken.
		const part = hasLeft ? run.journal.parts(item).at(-1) : undefined;
		if (!part) continue;
		if (outcome.kind === 'done') tellOfOther(run, readReceipt(outcome.value));
		requests.add(item, [part]);
		for (const number of readNote(part.note).numbers) batch.carried.set(number, part.request);
	}
	return outcomes;
}

function tellOfOther(run: SharedRun, { o = {} }: Receipt): void {
	const fields = Object.keys(o);
	if (fields.length === 0) return;
	run.hint(
		`The provider says that it sent texts with another ${fields.join(' and ')} than was asked for. The items show what it says it sent; compare it with the node’s fields before you send more.`,
	);
}

function memberOf(
	{ journal }: SharedRun,
	{ campaign, groups }: Batch,
	{ item, parameters, key }: LiveItem<Campaign>,
	numbers: string[],
	withGroups: boolean,
): RequestMember {
	const { message, extras } = campaign;
	return {
		item,
		content: fingerprint([numbers, withGroups ? groups : [], message, extras, parameters.wanted]),
		note: noteOf(numbers, withGroups),
		// A further request of an item does not meet the key that its first one has written down.
		key: journal.hasBegun(item) ? undefined : key,
	};
}

function bringsGroups({ journal }: SharedRun, { groups }: Batch, item: number): boolean {
	return groups.length > 0 && !journal.parts(item).some(({ note }) => readNote(note).groups);
}
