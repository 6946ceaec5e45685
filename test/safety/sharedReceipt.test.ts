import { edited, openBench, outcomeOf, outcomesOf } from '../harness';
import { sceneOf, type PlayOptions } from '../scenes';

const bench = openBench();
const send = sceneOf('clubTexting.message.send');
const [A, B, C, D] = ['2125550101', '2125550102', '2125550103', '2125550104'] as const;

it('an opted-out number is no recipient in a later try, also where its request is shared with a failed item', async () => {
	bench.simulator.clubTexting.books.localOptOuts = new Set([B]);
	bench.simulator.order({ operation: 'send', fault: 'resetBefore', after: 1 });
	const result = await bench.play(
		{ ...send, items: [{ to: `${C}, ${D}, ${B}, ${A}` }, { to: B }] },
		{
			parameters: { options: { recipientsPerRequest: 3, requestsPerSecond: 1000 } },
			onError: 'continueRegularOutput',
			retryOnFail: true,
			maxTries: 2,
		},
	);
	expect(outcomesOf(result)).toEqual(['unknown', 'success']);
	expect(result.output()[1]!.json).toMatchObject({ recipients: [], localOptOuts: [B] });
});

/** Two items with groups, each number in a request of its own. */
const toGroups = { ...send, items: [{ to: B }, { to: A }] };
const ofOneEach: PlayOptions = {
	parameters: { options: { recipientsPerRequest: 1, requestsPerSecond: 1000, groups: 'honey lovers' } },
	onError: 'continueRegularOutput',
};

it('an item of which the groups alone have gone out is not called not sent', async () => {
	const { books } = bench.simulator.clubTexting;
	books.refusedNumbers = new Set([B]);
	// The groups ride with the first item's number; when that is refused, they go for the second item alone.
	bench.simulator.order({ operation: 'send', fault: 'resetBefore', after: 2 });
	const result = await bench.play(toGroups, ofOneEach);
	expect(books.delivered.map(({ number }) => number)).toEqual(['2125550150', '2125550151']);
	expect(outcomesOf(result)).toEqual(['refused', 'unknown']);
	expect(result.output()[1]!.json.error).toMatch(/its groups were accepted \(message ID 6420\); unknown: /);
});

it.each([
	['refused', { fault: 'status401' }],
	['not sent', undefined],
] as const)('nor is one whose numbers were %s then', async (_name, fault) => {
	const { books } = bench.simulator.clubTexting;
	books.refusedNumbers = new Set([B]);
	const list = bench.engine.deduplication;
	if (fault) bench.simulator.order({ operation: 'send', after: 2, ...fault });
	// Three tries of what it does next: writing down the last request.
	const onRequest = () => {
		if (!fault && bench.sent('send').length === 1) list.failNext(undefined, 9);
	};
	const result = await bench.play(toGroups, { ...ofOneEach, onRequest });
	expect(books.delivered.map(({ number }) => number)).toEqual(['2125550150', '2125550151']);
	expect(outcomesOf(result)).toEqual(['refused', 'unknown']);
	expect(result.output()[1]!.json.error).toMatch(/its groups were accepted \(message ID 6420\); not tried: /);
});

it('an item whose groups got the text before does not bring them again for one whose key was used meanwhile', async () => {
	const keyed = {
		...send,
		items: [
			{ to: `${A}, ${B}`, groups: 'honey lovers', key: 'first' },
			{ to: C, groups: '', key: 'second' },
		],
	};
	const options = { requestsPerSecond: 1000, idempotencyKey: '={{ $json.key }}' };
	const parameters = { options: { ...options, recipientsPerRequest: 1, groups: '={{ $json.groups }}' } };
	bench.simulator.order({ operation: 'send', fault: 'status401', after: 1 });
	const failed = await bench.play(keyed, { parameters });
	expect(outcomeOf(failed)).toBe('unknown');
	const other = { ...send, items: [{ to: D, key: 'second' }] };
	expect(outcomesOf(await bench.play(other, { parameters: { options } }))).toEqual(['success']);

	const together = { options: { ...options, recipientsPerRequest: 2, groups: 'honey lovers' } };
	const retried = await bench.engine.retry(failed, { loadWorkflow: edited(failed, together) });
	expect(retried.output().map(({ json }) => json.skipped)).toEqual([undefined, true]);
	const sent = bench.sent('send').map(({ form }) => form!.filter(([name]) => /^(Phone|Groups)/.test(name)));
	expect(sent.map((fields) => fields.map(([, value]) => value).join(' + '))).toEqual([
		`${A} + honey lovers`,
		B,
		D,
		B,
	]);
});

it('where the request with the groups is unclear, its item says so of them too', async () => {
	bench.simulator.order({ operation: 'send', fault: 'resetAfter' });
	const items = [{ to: `${A}, ${B}` }, { to: C }];
	const result = await bench.play({ ...send, items }, ofOneEach);
	expect(outcomesOf(result)).toEqual(['unknown', 'unknown']);
	expect(result.output()[0]!.json.error).toContain(
		`Only a part of this item is certain: unknown: its groups; unknown: ${A}; not tried: ${B}. Then: `,
	);
	expect(result.output()[1]!.json.error).toContain(
		`unknown: its groups; not tried: ${C}. Then: It is unknown whether Club Texting sent this text: the connection broke before an answer came. Executions → Retry sends the message to those that were not tried [item 1]. It may`,
	);
});
