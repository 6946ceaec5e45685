import type { ICheckProcessedContextData } from 'n8n-workflow';
import { createDeduplicationStore, type DeduplicationStore } from '../engine';
import { openEngine, play, sceneOf } from '../scenes';
import { openBench, outcomesOf } from './bench';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');
const once = { ...purchase, items: purchase.items.slice(0, 1) };

let cases = 0;

it.each([1, 2, 5])(
	'eight executions of each of four nodes on two workers: never more than %p act',
	async (maximum) => {
		// What a process remembers of a node's list outlives the list: the nodes of each case have names of their own.
		const of = ++cases;
		const engine = openEngine({ deduplication: twoWorkers() });
		const buy = async (id: string, at: number) =>
			await play(engine, bench.simulator, once, {
				onError: 'continueRegularOutput',
				parameters: { options: { maximumPerDay: maximum } },
				id: `${id} ${of}`,
				workflowId: `worker ${at % 2}`,
				executionId: `${id} ${of} ${at}`,
			});
		const nodes = ['one', 'two', 'three', 'four'];
		await Promise.all(
			nodes.map(async (id) => {
				const results = await Promise.all(Array.from({ length: 8 }, async (_, at) => await buy(id, at)));
				const bought = results.filter((result) => outcomesOf(result)[0] === 'success');
				expect(bought).toHaveLength(maximum);
				expect(outcomesOf(await buy(id, 9))).toEqual(['notSent']);
			}),
		);
		expect(bench.sent('purchase')).toHaveLength(nodes.length * maximum);
	},
);

/**
 * One table for the workflows `worker 0` and `worker 1`: the package takes them for two, so that each asks without regard
 * to the other's turn, as two processes do. Reading and writing a row takes up to 30 ms each.
 */
function twoWorkers(): DeduplicationStore {
	const store = createDeduplicationStore();
	const whenever = async () =>
		await new Promise((resolve) => setTimeout(resolve, Math.floor(Math.random() * 30)));
	const oneOf = ({ workflow, ...data }: ICheckProcessedContextData): ICheckProcessedContextData => ({
		...data,
		workflow: { ...workflow, id: 'the workflow' },
	});
	return {
		...store,
		async checkProcessedAndRecord(items, scope, data, options) {
			await whenever();
			return await store.checkProcessedAndRecord(items, scope, oneOf(data), options);
		},
		async removeProcessed(items, scope, data, options) {
			await whenever();
			await store.removeProcessed(items, scope, oneOf(data), options);
		},
		async getProcessedDataCount(scope, data, options) {
			await whenever();
			return await store.getProcessedDataCount(scope, oneOf(data), options);
		},
	};
}
