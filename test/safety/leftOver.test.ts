import { sceneOf } from '../scenes';
import { openBench, outcomeOf } from './bench';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');

it('a thousand runs that stopped leave room for 10,000 keys and a day’s slots', async () => {
	const entries = () => bench.engine.deduplication.rows().flatMap(({ hashes }) => hashes).length;
	bench.simulator.click2mail.books.declinedCards.add('1111');
	const lengths: number[] = [];
	for (let run = 0; run < 5; run++) {
		const options = { idempotencyKey: `={{ "${run} " + $itemIndex }}`, maximumPerDay: 1000 };
		const result = await bench.play(purchase, {
			// What counts the refusals of a card has a maximum of its own.
			parameters: { spendingLimit: 1000, options: { ...options, maximumRefusalsPerDay: 50 } },
		});
		expect(outcomeOf(result)).toBe('refused');
		lengths.push(entries());
	}
	expect(bench.sent('purchase')).toHaveLength(5);
	const ofEach = (lengths.at(-1)! - lengths[0]!) / (lengths.length - 1);
	expect(lengths[0]! + 1000 * ofEach + 1000 + 10_000).toBeLessThanOrEqual(20_000);
});
