import type { SharedRun } from '../operation/acts';
import { madeOnce } from '../values/maps';
import { commonOf, sentOf } from './output';
import type { Batch } from './plan';
import type { SmsWire } from './wire';

/**
 * Gives each item of a dry run what is certain beforehand, and its own part of the requests that would carry it.
 *
 * @param wantedBy the numbers of an item, in its order
 */
export async function showPlan(
	run: SharedRun,
	wire: SmsWire,
	batches: Batch[],
	wantedBy: (item: number) => string[],
): Promise<void> {
	const byItem = new Map<number, Batch[]>();
	for (const batch of batches) {
		await run.breathe();
		for (const item of batch.members.keys()) madeOnce(byItem, item, () => []).push(batch);
	}
	for (const [item, own] of byItem) {
		await run.breathe();
		// As if nobody shared the request with the item: what the others get would read as if it got it, too.
		const alone = own.map((batch) => ({ ...batch, numbers: batch.members.get(item)! }));
		const [request, ...further] = alone.map((batch) => run.shown(wire.request(batch)));
		const carried = new Set(own.flatMap((batch) => batch.members.get(item)!));
		const sent = sentOf(own[0]!.campaign);
		run.plan(item, {
			...wire.foresee({
				recipients: wantedBy(item).filter((number) => carried.has(number)),
				sent,
				common: commonOf(sent, Math.max(...own.map(({ members }) => members.size))),
			}),
			request: request!,
			...(further.length > 0 && { furtherRequests: further }),
			cost: null,
		});
	}
}
