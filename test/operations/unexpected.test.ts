import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { Click2MailApi } from '../../credentials/Click2MailApi.credentials';
import { PaymentCardApi } from '../../credentials/PaymentCardApi.credentials';
import { Click2MailCredit } from '../../nodes/Click2MailCredit/Click2MailCredit.node';
import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { resources } from '../../nodes/Click2MailCredit/resources';
import { purchase } from '../../nodes/Click2MailCredit/resources/credit/purchase';
import type { Operation } from '../../nodes/shared/operation/types';
import { runNode } from '../../nodes/shared/pipeline/runNode';
import { createEngine } from '../engine';
import { going, openBench, outcomeOf, outcomesOf } from '../harness';
import { credentialsFor } from '../scenes';
import { contactOf, type ProviderName } from '../simulator';

const bench = openBench();
const items = [{ amount: 25 }, { amount: 26 }, { amount: 27 }];
const parameters = {
	resource: 'credit',
	operation: 'purchase',
	amount: '={{ $json.amount }}',
	spendingLimit: 1000,
	options: { readBalance: false },
};

/** The purchase with a fault of ours in one of its parts, at the second item. */
async function run(
	broken: Partial<typeof purchase>,
	onError: 'continueRegularOutput' | 'stopWorkflow' = 'continueRegularOutput',
) {
	const operation = { ...purchase, ...broken } as unknown as Operation;
	class Broken extends Click2MailCredit {
		override async execute(this: IExecuteFunctions) {
			return await runNode(this, click2Mail, [{ ...resources[0]!, operations: [operation] }]);
		}
	}
	const engine = createEngine({
		nodes: { 'test.broken': new Broken() },
		credentialTypes: [new Click2MailApi(), new PaymentCardApi()],
	});
	return await engine.runNode('test.broken', parameters, {
		credentials: credentialsFor(bench.simulator),
		items,
		onError,
	});
}

const fails = ({ amount }: { amount?: unknown }) => {
	if (amount === 26) throw new RangeError('Maximum call stack size exceeded');
};

describe('a fault of ours', () => {
	test('after a request has left is unknown, and nothing more leaves', async () => {
		const output: typeof purchase.output = (kept, receipt, step) => {
			fails(kept);
			return purchase.output(kept, receipt, step);
		};
		const result = await run({ output });
		expect(outcomesOf(result)).toEqual(['success', 'unknown', 'notSent']);
		expect(result.output()[1]!.json.error).toContain('Look it up at Click2Mail before you run it anew');
		expect(bench.sent('purchase')).toHaveLength(2);

		bench.simulator.reset();
		const stopped = await run({ output }, 'stopWorkflow');
		expect(outcomeOf(stopped)).toBe('unknown');
		expect(stopped.error?.message).toContain('It is unknown whether Click2Mail charged the card');
		expect(bench.sent('purchase')).toHaveLength(2);
	});

	test('while the reply is read is unknown, and the others on other cards go on', async () => {
		const request: typeof purchase.request = (kept, given, card) => {
			const effect = purchase.request(kept, given, card)!;
			return {
				...effect,
				parse(data) {
					fails(kept);
					return effect.parse(data);
				},
			};
		};
		expect(outcomesOf(await run({ request }))).toEqual(['success', 'unknown', 'notSent']);
		expect(bench.sent('purchase')).toHaveLength(2);
	});

	test('before the request of an item leaves it not sent, and the others go on', async () => {
		const keep: typeof purchase.keep = (found, ...more) => {
			fails(found);
			return purchase.keep!(found, ...more);
		};
		const result = await run({ keep });
		expect(outcomesOf(result)).toEqual(['success', 'notSent', 'success']);
		expect(result.output()[1]!.json.error).toBe(
			'Not sent to Click2Mail: The node stopped unexpectedly: Maximum call stack size exceeded [item 1]. Nothing happened for this item; it can be run again.',
		);
		expect(bench.sent('purchase')).toHaveLength(2);
	});

	test('before any request is invalid, and nothing leaves for that item', async () => {
		const given: typeof purchase.parameters = (read) => {
			const found = purchase.parameters(read);
			fails(found);
			return found;
		};
		expect(outcomesOf(await run({ parameters: given }))).toEqual(['success', 'invalid', 'success']);
		expect(bench.sent('purchase')).toHaveLength(2);
	});
});

describe('a reply about another thing than the one that was asked for', () => {
	const number = '={{ $json.number }}';
	const numbers = [{ number: '2125550101' }, { number: '2125550102' }];
	const words = [{ keyword: 'honey' }, { keyword: 'owl' }];
	const keyword = '={{ $json.keyword }}';
	const club = (entry: object) =>
		JSON.stringify({ Response: { Status: 'Success', Code: 200, Entry: entry } });
	const rented = { ID: '1', Keyword: 'Honey', EnableDoubleOptIn: 0, JoinMessage: 'Hi', ContactGroupIDs: [] };
	const other = { ID: '7', PhoneNumber: '2125550101', OptOut: true, Groups: [] };

	type Row = [ProviderName, INodeParameters, IDataObject[], request: string, body: string, outcome?: string];
	const rows: Row[] = [
		[
			'ezTexting',
			{ resource: 'keyword', operation: 'get', keyword },
			words,
			'getKeyword',
			JSON.stringify({ id: '1', keyword: 'HONEY', joinMessage: 'Hi' }),
		],
		[
			'ezTexting',
			{ resource: 'keyword', operation: 'checkAvailability', keyword },
			words,
			'checkKeyword',
			JSON.stringify({ keyword: 'honey', available: true }),
		],
		[
			'clubTexting',
			{ resource: 'keyword', operation: 'checkAvailability', keyword },
			words,
			'checkAvailability',
			club({ Keyword: 'honey', Available: true }),
		],
		[
			'clubTexting',
			{ resource: 'keyword', operation: 'rent', keyword, storedCardLastFour: '1111' },
			words,
			'rent',
			club(rented),
			'unknown',
		],
		[
			'clubTexting',
			{ resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: number },
			numbers,
			'lookUpCarrier',
			club({ PhoneNumber: '12125550101', CarrierName: 'Honey Mobile' }),
		],
		[
			'clubTexting',
			{ resource: 'contact', operation: 'upsert', phoneNumber: number },
			numbers,
			'createContact',
			club(other),
			'unknown',
		],
		[
			'clubTexting',
			{ resource: 'group', operation: 'create', name: keyword },
			words,
			'createGroup',
			club({ ID: '1', Name: 'honey' }),
			'unknown',
		],
	];

	test.each(rows)('is not told as that: %s %j', async (...row) => {
		const [provider, given, items, request, body, outcome] = row;
		for (const word of ['honey', 'owl'])
			bench.simulator.ezTexting.books.keywords.set(word, { id: 1, keyword: word });
		bench.simulator.order({ fault: 'body', operation: request, body, after: 1, times: 3 });
		const result = await bench.run(provider, given, items, going);
		const [first, second] = result.output().map(({ json }) => json);
		expect(first).not.toHaveProperty('error');
		expect(second!.error).toMatch(/the reply is about another .* \[item 1\]/);
		if (outcome !== undefined) expect(outcomesOf(result)[1]).toBe(outcome);
	});

	test('a keyword that is set up, and a contact who is opted out, are unknown', async () => {
		const { books } = bench.simulator.clubTexting;
		for (const { number: phoneNumber } of numbers) contactOf(books, phoneNumber);
		bench.simulator.order({ fault: 'body', operation: 'updateContact', body: club(other), after: 1 });
		const optOut = { resource: 'contact', operation: 'optOut', phoneNumber: number };
		const out = await bench.run('clubTexting', optOut, numbers, going);
		expect(outcomesOf(out)).toEqual(['success', 'unknown']);

		const rent = { resource: 'keyword', operation: 'rent', keyword, storedCardLastFour: '1111' };
		await bench.run('clubTexting', rent, words);
		bench.simulator.order({ fault: 'body', operation: 'setUp', body: club(rented), after: 1 });
		const setUp = { resource: 'keyword', operation: 'setUp', keyword, joinMessage: 'Hi' };
		const set = await bench.run('clubTexting', setUp, words, going);
		expect(outcomesOf(set)).toEqual(['success', 'unknown']);
	});
});
