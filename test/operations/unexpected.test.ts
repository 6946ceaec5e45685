import type { IExecuteFunctions } from 'n8n-workflow';
import { Click2MailApi } from '../../credentials/Click2MailApi.credentials';
import { PaymentCardApi } from '../../credentials/PaymentCardApi.credentials';
import { Click2MailCredit } from '../../nodes/Click2MailCredit/Click2MailCredit.node';
import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { resources } from '../../nodes/Click2MailCredit/resources';
import { purchase } from '../../nodes/Click2MailCredit/resources/credit/purchase';
import type { Operation } from '../../nodes/shared/operation/types';
import { runNode } from '../../nodes/shared/pipeline/runNode';
import { createEngine } from '../engine';
import { openBench, outcomeOf, outcomesOf } from '../harness';
import { credentialsFor } from '../scenes';

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
