import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NodeConnectionTypes, type IDataObject, type INodeParameters } from 'n8n-workflow';
import type { DeduplicationStore, RunNodeOptions, RunOptions, RunResult } from '../engine';
import { createDeduplicationStore } from '../engine';
import { edited, going, itemsOf, openBench, outcomeOf, outcomesOf } from '../harness';
import { credentialsFor, nodeTypes, openEngine } from '../scenes';
import { subaccount, type ProviderName } from '../simulator';
import { texting, type Texting } from './texting';

/**
 * What README.md promises, sentence by sentence: each test is named as the sentence that it shows. How far each promise
 * reaches, for every operation and every fault, is what the other files of this folder try.
 */
const bench = openBench();
const SUCCESS = 'success';
const [ANNA, BERT, CARA] = ['2125550101', '2125550102', '2125550103'] as const;
const people = [{ to: ANNA }, { to: BERT }, { to: CARA }];
const orders = [{ amount: 20 }, { amount: 30 }, { amount: 40 }];

/** A text of their own to everybody: a request for each item. */
const TEXT: INodeParameters = {
	resource: 'message',
	operation: 'send',
	phoneNumbers: '={{ $json.to }}',
	message: '=Honey for {{ $json.to }}',
};
const BUY: INodeParameters = {
	resource: 'credit',
	operation: 'purchase',
	amount: '={{ $json.amount }}',
	options: { readBalance: false },
};
const MOVE: INodeParameters = {
	resource: 'credit',
	operation: 'add',
	subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
	amount: 10,
};

type Settings = RunNodeOptions & { parameters?: INodeParameters };

const text = async ({ provider }: Texting, settings: Settings = {}) =>
	await run(provider, TEXT, people, settings);
const buy = async (settings: Settings = {}) => await run('click2mail', BUY, orders, settings);

async function run(
	provider: ProviderName,
	parameters: INodeParameters,
	items: IDataObject[],
	settings: Settings,
): Promise<RunResult> {
	const { parameters: more, ...options } = settings;
	return await bench.run(provider, { ...parameters, ...more }, items, { ...going, ...options });
}

const texted = ({ delivered }: Texting) => delivered(bench.simulator);
const charged = () => bench.simulator.click2mail.books.charges.map(({ amount }) => amount);
/** With the option of a key that comes from the data. */
const keyed = (key: string) => ({ options: { idempotencyKey: `={{ ${key} }}`, readBalance: false } });
const textKey = { options: { idempotencyKey: '={{ $json.to }}' } };

/** The database as another process finds it, with no memory of its own. */
const seenByAnother = (database: DeduplicationStore) =>
	createDeduplicationStore(database.serialize().replaceAll(database.id, randomUUID()));

/** An operation for all items, twice in a loop: in the second round they are what the first one gave out. */
function twoRounds(provider: ProviderName, items: IDataObject[], parameters: INodeParameters): RunOptions {
	const to = (node: string) => [{ node, type: NodeConnectionTypes.Main, index: 0 }];
	return {
		credentials: credentialsFor(bench.simulator),
		items,
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{ name: 'Loop', type: 'test.loop', parameters: { times: 2 } },
			{
				name: 'Act',
				type: nodeTypes[provider],
				parameters,
			},
			{ name: 'Done', type: 'n8n-nodes-base.noOp' },
		],
		connections: {
			Start: { main: [to('Loop')] },
			Loop: { main: [to('Act'), to('Done')] },
			Act: { main: [to('Loop')] },
		},
	};
}

const [clubTexting] = texting as [Texting];

/** Every promise, in the README's words; those about texts whoever sends them, where that takes no seconds. */
const promises: Record<string, (sms: Texting) => Promise<void>> = {
	async 'A request that may have sent, spent or changed something is not repeated.'(sms) {
		for (const fault of ['resetAfter', 'timeoutAfter', 'status500'] as const) {
			bench.simulator.reset();
			bench.simulator.order({ fault, operation: 'send', after: 1 });
			const result = await text(sms, { parameters: { options: { timeout: 2000 } } });
			expect(outcomesOf(result)).toEqual([SUCCESS, 'unknown', SUCCESS]);
			expect(texted(sms).sort()).toEqual([ANNA, BERT, CARA]);
			expect(bench.sent('send')).toHaveLength(3);
		}
	},

	async 'An answer counts as a success only when it is recognised as one.'(sms) {
		for (const fault of ['htmlPage', 'emptyBody', 'withoutId', 'truncatedBody'] as const) {
			bench.simulator.reset();
			bench.simulator.order({ fault, operation: 'send', after: 1 });
			expect(outcomesOf(await text(sms))).toEqual([SUCCESS, 'unknown', SUCCESS]);
		}
	},

	async 'All items are read and checked before the first request leaves.'(sms) {
		const stopped = await buy({ onError: undefined, items: [...orders, { amount: 5 }] });
		expect(outcomeOf(stopped)).toBe('invalid');
		expect(bench.simulator.requests).toEqual([]);
		const went = await text(sms, { items: [...people, { to: 'nobody' }] });
		expect(outcomesOf(went)).toEqual([SUCCESS, SUCCESS, SUCCESS, 'invalid']);
		expect(texted(sms).sort()).toEqual([ANNA, BERT, CARA]);
	},

	async 'An act is named by its place (execution, loop, item, operation), not by what its parameters resolve to.'(
		sms,
	) {
		sms.refuse(bench.simulator, CARA);
		const parameters = { message: '={{ $now.toMillis() + Math.random() + " " + $execution.id }}' };
		const failed = await text(sms, { onError: undefined, parameters });
		sms.refuse(bench.simulator);
		const retried = await bench.engine.retry(failed);
		expect(outcomesOf(retried)).toEqual([SUCCESS, SUCCESS, SUCCESS]);
		expect(texted(sms)).toEqual([ANNA, BERT, CARA]);

		// Of a loop, each round is a place of its own: the second one texts again, and a retry goes on within it.
		bench.simulator.reset();
		bench.simulator.order({ fault: 'refusalIn200', operation: 'send', after: 4 });
		const phoneNumbers = '={{ $json.to ?? $json.recipients[0] }}';
		const texts = { ...TEXT, ...parameters, phoneNumbers };
		const broken = await bench.engine.run(twoRounds(sms.provider, people, texts));
		expect([outcomeOf(broken), texted(sms)]).toEqual(['refused', [ANNA, BERT, CARA, ANNA]]);
		expect((await bench.engine.retry(broken)).status).toBe('success');
		expect(texted(sms)).toEqual([ANNA, BERT, CARA, ANNA, BERT, CARA]);
	},

	async 'In Retry On Fail and in a retry of the execution, done items come out as before.'() {
		bench.simulator.order({ fault: 'refusalIn200', operation: 'purchase', after: 2 });
		const failed = await buy({ onError: undefined, retryOnFail: true, maxTries: 3 });
		expect(outcomeOf(failed)).toBe('refused');
		expect(charged()).toEqual([20, 30]);
		const retried = await bench.engine.retry(failed, {
			loadWorkflow: edited(failed, { amount: '={{ $json.amount + 1 }}' }),
		});
		expect(itemsOf(retried).map(({ amount }) => amount)).toEqual([20, 30, 41]);
		expect(charged()).toEqual([20, 30, 41]);
	},

	async 'A retry of the execution tries refused, invalid and unsent ones again.'(sms) {
		sms.refuse(bench.simulator, ANNA);
		const refused = await text(sms, { onError: undefined });
		expect([outcomeOf(refused), texted(sms)]).toEqual(['refused', []]);
		sms.refuse(bench.simulator);
		expect(outcomesOf(await bench.engine.retry(refused))).toEqual([SUCCESS, SUCCESS, SUCCESS]);

		const invalid = await buy({ onError: undefined, items: [{ amount: 20 }, { amount: 5 }] });
		expect([outcomeOf(invalid), charged()]).toEqual(['invalid', []]);
		const corrected = edited(invalid, { amount: '={{ $json.amount * 4 }}' });
		expect(outcomesOf(await bench.engine.retry(invalid, { loadWorkflow: corrected }))).toEqual([
			SUCCESS,
			SUCCESS,
		]);
		expect(charged()).toEqual([80, 20]);
	},

	async 'An act of unknown outcome stays unknown, and this package never repeats it.'() {
		bench.simulator.order({ fault: 'resetAfter', operation: 'purchase', after: 1 });
		const failed = await buy({ onError: undefined, retryOnFail: true, maxTries: 3 });
		expect(outcomeOf(failed)).toBe('unknown');
		const again = await bench.engine.retry(failed);
		expect(outcomeOf(again)).toBe('unknown');
		expect(outcomeOf(await bench.engine.retry(again))).toBe('unknown');
		expect(charged()).toEqual([20, 30]);
	},

	async "Before an act leaves, it is written down in the execution and, for a saved workflow, in n8n's database."(
		sms,
	) {
		const written: Array<{ hashes: number; journalled: boolean }> = [];
		const handle = bench.engine.startNode(nodeTypes[sms.provider], TEXT, {
			...going,
			credentials: credentialsFor(bench.simulator),
			items: people,
			onRequest: () =>
				written.push({
					hashes: bench.engine.deduplication.rows()[0]?.hashes.length ?? 0,
					journalled: JSON.stringify(handle.data.executionData?.contextData).includes(`"${written.length}":`),
				}),
		});
		expect(outcomesOf(await handle.done)).toEqual([SUCCESS, SUCCESS, SUCCESS]);
		expect(written.map(({ journalled }) => journalled)).toEqual([true, true, true]);
		expect(written[0]!.hashes).toBeGreaterThan(0);

		bench.engine.deduplication.failNext(undefined, 99);
		expect(outcomesOf(await text(sms))).toEqual(['notSent', 'notSent', 'notSent']);
		expect(texted(sms)).toHaveLength(3);
	},

	async 'Act Once Per keys hold across executions: the same key acts once.'() {
		const parameters = { ...keyed('$json.amount'), spendingLimit: 200 };
		await buy({ parameters });
		const again = await buy({ parameters, items: [...orders, { amount: 50 }] });
		expect(itemsOf(again).map(({ skipped }) => skipped === true)).toEqual([true, true, true, false]);
		expect(charged()).toEqual([20, 30, 40, 50]);
	},

	async 'A key is given back when nothing happened, and kept when that is unknown.'(sms = clubTexting) {
		sms.refuse(bench.simulator, ANNA);
		bench.simulator.order({ fault: 'resetAfter', operation: 'send', after: 1 });
		const first = await text(sms, { parameters: textKey });
		expect(outcomesOf(first)).toEqual(['refused', 'unknown', SUCCESS]);
		sms.refuse(bench.simulator);
		const next = await text(sms, { parameters: textKey });
		expect(itemsOf(next)[0]).toMatchObject({ messageId: expect.anything() as string });
		expect(texted(sms).sort()).toEqual([ANNA, BERT, CARA]);
	},

	async 'Spending Limit is held against the total of a run before anything is spent.'() {
		const over = await buy({ parameters: { spendingLimit: 89 } });
		expect(outcomesOf(over)).toEqual(['notSent', 'notSent', 'notSent']);
		expect(bench.simulator.requests).toEqual([]);
		expect(outcomesOf(await buy({ parameters: { spendingLimit: 90 } }))).toEqual([SUCCESS, SUCCESS, SUCCESS]);
	},

	async 'A Top Up is checked before each purchase.'() {
		const topUp = { operation: 'topUp', minimumBalance: 1000, spendingLimit: 60 };
		expect(outcomesOf(await buy({ parameters: topUp }))).toEqual([SUCCESS, SUCCESS, 'notSent']);
		expect(charged()).toEqual([20, 30]);
	},

	async 'Each round of a loop is a run.'() {
		const result = await bench.engine.run(twoRounds('click2mail', orders, { ...BUY, spendingLimit: 90 }));
		expect(result.status).toBe('success');
		expect(charged()).toEqual([20, 30, 40, 20, 30, 40]);
	},

	async 'Maximum per Day counts purchases and transfers over all executions, so that a flow that runs wild stops.'() {
		const options = { maximumPerDay: 2 };
		const bought = [];
		for (let execution = 0; execution < 3; execution++) {
			bought.push(...outcomesOf(await buy({ parameters: { options } })));
		}
		expect(bought.filter((outcome) => outcome === SUCCESS)).toHaveLength(2);
		expect(charged()).toHaveLength(2);

		const { books } = bench.simulator.mailPartner;
		const tokens = ['rabbit', 'owl', 'piglet'].map((token) => ({ token }));
		for (const { token } of tokens) books.subaccounts.push(subaccount(books, { token }));
		for (let execution = 0; execution < 2; execution++) {
			await run('mailPartner', MOVE, tokens, { parameters: { options } });
		}
		expect(books.transfers).toHaveLength(2);
	},

	async 'A Dry Run reads a balance or a list at most, sends nothing else, and uses no key up.'(
		sms = clubTexting,
	) {
		const dry = await text(sms, { parameters: { dryRun: true, ...textKey } });
		expect(itemsOf(dry)).toHaveLength(3);
		const topUp = { operation: 'topUp', minimumBalance: 1000, dryRun: true, ...keyed('$json.amount') };
		await buy({ parameters: topUp });
		expect(new Set(bench.simulator.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
		expect(outcomesOf(await text(sms, { parameters: textKey }))).toEqual([SUCCESS, SUCCESS, SUCCESS]);
		expect(outcomesOf(await buy({ parameters: { ...topUp, dryRun: false } }))).toEqual([
			SUCCESS,
			SUCCESS,
			SUCCESS,
		]);
		expect(texted(sms).sort()).toEqual([ANNA, BERT, CARA]);
		expect(charged()).toEqual([20, 30, 40]);
	},

	async 'A refused log-in or an unreachable host holds back the rest of the run.'(sms) {
		const credentials = credentialsFor(bench.simulator);
		credentials[`${sms.provider}Api`]!.password = 'wrong';
		expect(outcomesOf(await text(sms, { credentials }))).toEqual(['refused', 'notSent', 'notSent']);
		expect(bench.simulator.requests).toHaveLength(1);
		credentials[`${sms.provider}Api`]!.baseUrl = 'http://127.0.0.1:1';
		expect(outcomesOf(await text(sms, { credentials }))).toEqual(['notSent', 'notSent', 'notSent']);
		expect(bench.simulator.requests).toHaveLength(1);
	},

	async 'A declined card or an unclear charge or transfer holds back what is on the same card or sub-account.'() {
		bench.simulator.click2mail.books.declinedCards.add('1111');
		expect(outcomesOf(await buy())).toEqual(['refused', 'notSent', 'notSent']);
		bench.simulator.click2mail.books.declinedCards.clear();
		bench.simulator.order({ fault: 'resetAfter', operation: 'purchase' });
		expect(outcomesOf(await buy())).toEqual(['unknown', 'notSent', 'notSent']);

		const { books } = bench.simulator.mailPartner;
		for (const token of ['rabbit', 'owl']) books.subaccounts.push(subaccount(books, { token }));
		bench.simulator.order({ fault: 'resetAfter', operation: 'add' });
		const moves = [{ token: 'rabbit' }, { token: 'owl' }, { token: 'rabbit' }];
		expect(outcomesOf(await run('mailPartner', MOVE, moves, {}))).toEqual(['unknown', SUCCESS, 'notSent']);
		expect(books.transfers.map(({ token }) => token)).toEqual(['rabbit', 'owl']);
	},

	async 'Only an Act Once Per key helps against a second execution with the same data: a webhook delivered twice, a workflow started by hand again, a retry after a crash in n8n before 2.41.'(
		sms = clubTexting,
	) {
		await text(sms);
		await text(sms);
		expect(texted(sms)).toHaveLength(6);
		await text(sms, { parameters: textKey });
		await text(sms, { parameters: textKey });
		expect(texted(sms)).toHaveLength(9);

		// Somebody retries what crashed: its journal is lost. What n8n 2.41 keeps over retries finds what had left.
		const retriedAfterCrash = async (parameters: INodeParameters, resumeToken?: string) => {
			bench.simulator.reset();
			bench.engine = openEngine();
			await text(sms, { executionId: 'crashed', parameters, resumeToken });
			bench.engine = openEngine({ deduplication: seenByAnother(bench.engine.deduplication) });
			const again = await text(sms, { executionId: 'its retry', mode: 'retry', parameters, resumeToken });
			return [
				itemsOf(again).map(({ skipped, details }) => (skipped ? 'skipped' : details)),
				texted(sms).length,
			];
		};
		const unknown = expect.objectContaining({ outcome: 'unknown' }) as object;
		expect(await retriedAfterCrash({})).toEqual([[undefined, undefined, undefined], 6]);
		expect(await retriedAfterCrash({}, 'a token')).toEqual([[unknown, unknown, unknown], 3]);
		expect(await retriedAfterCrash(textKey)).toEqual([['skipped', 'skipped', 'skipped'], 3]);
	},

	async 'n8n keeps the last 20,000 entries of a node.'() {
		const items = orders.slice(0, 2);
		await buy({ parameters: keyed('$json.amount'), items });
		// Another process, on another day.
		const database = seenByAnother(bench.engine.deduplication).serialize();
		const kept = JSON.parse(database) as { rows: Array<[string, string[]]> };
		for (let entry = 0; entry < 20_000; entry++) kept.rows[0]![1].push(`another ${entry}`);
		kept.rows[0]![1].splice(0, kept.rows[0]![1].length - 20_000);
		const deduplication = createDeduplicationStore(JSON.stringify(kept));
		const again = await openEngine({ deduplication }).runNode(
			nodeTypes.click2mail,
			{ ...BUY, ...keyed('$json.amount') },
			{ ...going, credentials: credentialsFor(bench.simulator), items },
		);
		expect(outcomesOf(again)).toEqual([SUCCESS, SUCCESS]);
		expect(charged()).toEqual([20, 30, 20, 30]);
		const { hashes } = deduplication.rows()[0]!;
		expect(hashes.length).toBeLessThanOrEqual(20_000);
		expect(hashes).not.toContain('another 9');
	},
};

/** One that has a provider of its own counts no parameter. */
const all = Object.entries(promises).flatMap(([sentence, shown]) =>
	(shown.length > 0 ? texting : [clubTexting]).map((sms) => ({ sentence, shown, sms })),
);

test.each(all)('$sentence ($sms.provider)', async ({ shown, sms }) => await shown(sms));

test('these are the sentences of the README, in its words and its order', () => {
	const readme = readFileSync(path.join(__dirname, '../../README.md'), 'utf8');
	const [, section] = /\n## Safety\n([^]*?)\n\[Safety in detail\]/.exec(readme)!;
	const sentences = section!
		.replaceAll(/\*\*|_/g, '')
		.split('\n')
		.map((line) => line.replace(/^\d+\. /, '').trim())
		.filter((line) => line !== '')
		.flatMap((line) => line.split(/(?<=\.) (?=\p{L})/u));
	expect(Object.keys(promises)).toEqual(sentences);
});
