import { going, openBench, outcomesOf } from '../harness';
import { refusalOf, type Scene } from '../scenes';
import { keyed, send, skipped } from './keyed';

/** Idempotency keys of texts that share requests. */
const bench = openBench();

const A = '2125550101';
const B = '2125550102';
const C = '2125550103';
const texts = (...to: string[]): Scene => ({ ...send, items: to.map((numbers) => ({ to: numbers })) });
const delivered = () => bench.simulator.clubTexting.books.delivered.map(({ number }) => number).sort();

it('leaves out of a shared request only the items whose key was used', async () => {
	await bench.play(texts(B), keyed('order-1'));
	const result = await bench.play(texts(A, B, C), keyed());
	expect(result.output().map(({ json }) => json)).toMatchObject([
		{ recipients: [A], itemsInRequest: 2 },
		skipped('order-1'),
		{ recipients: [C], itemsInRequest: 2 },
	]);
	expect(delivered()).toEqual([A, B, C]);

	const third = await bench.play(texts(A, B, C), keyed());
	expect(third.output().map(({ json }) => json)).toEqual([0, 1, 2].map((item) => skipped(`order-${item}`)));
});

it('an item that takes several requests is one act', async () => {
	const options = { idempotencyKey: 'long', recipientsPerRequest: 1 };
	const result = await bench.play(texts(`${A}, ${B}, ${C}`), { parameters: { options } });
	expect(result.error).toBeUndefined();
	expect(delivered()).toEqual([A, B, C]);
});

it('a second item with the key of one that is refused is not sent in its place', async () => {
	bench.simulator.order(refusalOf(send));
	const result = await bench.play(texts(A, B), { ...keyed('one'), ...going });
	expect(outcomesOf(result)).toEqual(['refused', 'notSent']);
	expect(delivered()).toEqual([]);
});

it('a second item with the key of one whose outcome is unknown is unknown as well', async () => {
	bench.simulator.order({ operation: 'send', fault: 'resetAfter' });
	const result = await bench.play(texts(A, B), { ...keyed('one'), ...going });
	expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
	expect(result.output()[1]!.json.error).toMatch(/key.*“one” was taken before.*not known/);
	expect(delivered()).toEqual([A]);
});

it.each([
	['left open', { fault: 'resetAfter' } as const, ['unknown', 'unknown'], /key.*“one” was taken before/],
	['refused', refusalOf(send), ['refused', 'success'], /./],
])('of two executions at the same moment, the first %s: the other knows', async (_, order, outcomes, why) => {
	bench.simulator.order({ operation: 'send', ...order });
	const results = await Promise.all(
		[A, B].map(async (number) => await bench.play(texts(number), { ...keyed('one'), ...going })),
	);
	expect(results.flatMap(outcomesOf).sort()).toEqual([...outcomes].sort());
	expect(delivered()).toHaveLength(1);
	expect(bench.sent('send')).toHaveLength(outcomes.includes('success') ? 2 : 1);
	expect(results.map((result) => String(result.output()[0]!.json.error)).join('\n')).toMatch(why);
});

it('a second item with the key of one that was found taken is unknown, not called unsent', async () => {
	bench.simulator.order({ operation: 'send', fault: 'resetAfter' });
	await bench.play(texts(C), { ...keyed('one'), ...going });
	const result = await bench.play(texts(A, B), { ...keyed('one'), ...going });
	expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
	expect(delivered()).toEqual([C]);
});

it('a second item with the key of one that went out in part is unknown, too', async () => {
	bench.simulator.order({ ...refusalOf(send), after: 1 });
	const options = { idempotencyKey: 'one', recipientsPerRequest: 1 };
	const result = await bench.play(texts(`${A}, ${B}`, C), { parameters: { options }, ...going });
	expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
	expect(delivered()).toEqual([A]);
});

it('of two items with the same text and number, the one whose key was used is skipped and the other is sent', async () => {
	await bench.play(texts(B), keyed('order-0'));
	const result = await bench.play(texts(A, A), { ...keyed(), ...going });
	expect(result.output().map(({ json }) => json)).toMatchObject([skipped('order-0'), { recipients: [A] }]);
	expect(delivered()).toEqual([A, B]);
});

it('the same where the other has none: it is invalid, and nothing is left waiting', async () => {
	await bench.play(texts(B), keyed('order-0'));
	const key = '={{ $itemIndex === 0 ? "order-0" : "" }}';
	const result = await bench.play(texts(A, A), { ...keyed(key), ...going });
	expect(result.output()[0]!.json).toEqual(skipped('order-0'));
	expect(outcomesOf(result)[1]).toBe('invalid');
	expect(delivered()).toEqual([B]);
});

it('a bad number in a shared request gives only its own item’s key back', async () => {
	bench.simulator.clubTexting.books.refusedNumbers = new Set([B]);
	await bench.play(texts(A, B, C), { ...keyed(), ...going });
	bench.simulator.clubTexting.books.refusedNumbers.clear();
	const second = await bench.play(texts(A, B, C), keyed());
	expect(second.output().map(({ json }) => json)).toMatchObject([
		skipped('order-0'),
		{ recipients: [B] },
		skipped('order-2'),
	]);
	expect(delivered()).toEqual([A, B, C]);
});

it('a dry run shows every item with a key, whoever has it first', async () => {
	const parameters = { dryRun: true, options: { idempotencyKey: 'one' } };
	const result = await bench.play(texts(A, B), { parameters });
	expect(result.output().map(({ json }) => json)).toMatchObject([{ recipients: [A] }, { recipients: [B] }]);
	expect(delivered()).toEqual([]);
});
