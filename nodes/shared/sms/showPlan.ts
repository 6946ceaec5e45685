import type { IDataObject } from 'n8n-workflow';
import type { SharedRun } from '../operation/acts';
import type { Batch } from './plan';
import type { SmsWire } from './wire';

/** Gives each item of a dry run the requests that would carry it. */
export async function showPlan(run: SharedRun, wire: SmsWire, batches: Batch[]): Promise<void> {
	const byItem = new Map<number, Batch[]>();
	const shown = new Map<Batch, IDataObject>();
	for (const batch of batches) {
		await run.breathe();
		shown.set(batch, run.shown(wire.request(batch)));
		for (const item of batch.members.keys()) {
			const known = byItem.get(item);
			if (known) known.push(batch);
			else byItem.set(item, [batch]);
		}
	}
	for (const [item, [first, ...further]] of byItem) {
		await run.breathe();
		run.plan(item, {
			request: shown.get(first!)!,
			cost: null,
			itemsInRequest: first!.members.size,
			...(further.length > 0 && { furtherRequests: further.map((batch) => shown.get(batch)!) }),
		});
	}
}
