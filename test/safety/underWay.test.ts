import type { IDataObject } from 'n8n-workflow';
import { mostRequestsWithin, subaccount, type ProviderName } from '../simulator';
import { itemsOf, openBench } from '../harness';

const bench = openBench();

/** Replies come this late, in ms: who is under way at the same time arrives within it. */
const LATE = 800;

const texts = Array.from({ length: 6 }, (_, i) => ({ to: `21255${50_000 + i}`, text: `Hello ${i}` }));
const send = {
	resource: 'message',
	operation: 'send',
	phoneNumbers: '={{ $json.to }}',
	message: '={{ $json.text }}',
	options: { requestsPerSecond: 100 },
};
const ezSend = { ...send, options: { requestsPerMinute: 1000 } };
const accounts = Array.from({ length: 7 }, (_, i) => ({ token: `token${i}` }));
const add = {
	resource: 'credit',
	operation: 'add',
	subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
	amount: 1,
};
const purchase = { resource: 'credit', operation: 'purchase', amount: 10, options: { readBalance: false } };
const buy = {
	resource: 'credit',
	operation: 'buy',
	numberOfCredits: 100,
	paymentMethod: 'storedCard',
	storedCardLastFour: '1111',
};

const ezBuy = { resource: 'credit', operation: 'buy', numberOfCredits: 100, storedCardLastFour: '1111' };

type Case = [string, ProviderName, string, IDataObject, IDataObject[], number, number];

test.each<Case>([
	['texts of their own at Club Texting', 'clubTexting', 'send', send, texts, 2, 1],
	['texts of their own at EZ Texting', 'ezTexting', 'send', ezSend, texts, 4, 1],
	['transfers to different sub-accounts', 'mailPartner', 'add', add, accounts, 5, 1],
	['transfers to one', 'mailPartner', 'add', add, [accounts[0]!, accounts[0]!, accounts[0]!], 1, 1],
	['charges at Click2Mail', 'click2mail', 'purchase', purchase, [{}, {}, {}], 1, 1],
	['charges at Club Texting', 'clubTexting', 'buy', buy, [{}, {}], 1, 1],
	['charges at EZ Texting', 'ezTexting', 'buy', ezBuy, [{}, {}], 1, 1],
])(
	'%s: as many under way as their provider takes, one in a node that stops',
	async (_what, provider, operation, parameters, items, continuing, stopping) => {
		const { books } = bench.simulator.mailPartner;
		for (const onError of ['continueRegularOutput', 'stopWorkflow'] as const) {
			bench.simulator.reset();
			books.subaccounts.push(...accounts.map(({ token }) => subaccount(books, { token })));
			bench.simulator.order({ provider, operation, fault: 'slowReply', delayMs: LATE, times: Infinity });
			const some = onError === 'stopWorkflow' ? items.slice(0, 2) : items;
			const result = await bench.run(provider, parameters as never, some, { onError });
			expect(itemsOf(result)).toHaveLength(some.length);
			expect(bench.sent(operation)).toHaveLength(some.length);
			// A reply can't be seen before it is given: those within this time were under way together.
			expect(mostRequestsWithin(LATE - 10, bench.sent(operation))).toBe(
				onError === 'stopWorkflow' ? stopping : continuing,
			);
		}
	},
);
