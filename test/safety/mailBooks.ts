import type { MailJob } from '../simulator/click2MailMail';
import type { Simulator } from '../simulator';

/** What was mailed, with the first name of whom each piece has gone to. */
export function mailings({
	click2mail: { books },
}: Simulator): Array<{ jobId: string; to: string; cost: number }> {
	return books.mailed.map(({ jobId, cost }) => {
		const list = books.addressLists.get(books.jobs.get(jobId)!.fields.addressId ?? '');
		return { jobId, to: list?.rows[0]?.First_name ?? '', cost };
	});
}

/**
 * Each charge, with the job that it is for. A charge names none: cards are charged one item at a time, so it is the one
 * whose cost was read last.
 */
export function coverings({ requests }: Simulator): Array<{ jobId: string; amount: number }> {
	const covered: Array<{ jobId: string; amount: number }> = [];
	let jobId = '';
	for (const { operation, path, processed, form } of requests) {
		if (operation === 'jobCost') jobId = path.split('/')[2]!;
		if (operation !== 'purchase' || !processed) continue;
		const [, amount] = form!.find(([name]) => name === 'billingAmount')!;
		covered.push({ jobId, amount: Number(amount) });
	}
	return covered;
}

/** A draft of a letter, 1.17 USD a piece. */
export function draft(pieces: number): MailJob {
	return { fields: { documentClass: 'Letter 8.5 x 11' }, state: 'EDITING', pieces };
}
