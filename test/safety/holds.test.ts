import type { IDataObject } from 'n8n-workflow';
import type { RunResult } from '../engine';
import { atOnce, going, openBench, outcomesOf } from '../harness';
import { credentialsFor, refusalOf, sceneOf, scenes, type Scene } from '../scenes';
import { subaccount } from '../simulator';

const bench = openBench();
const purchase = sceneOf('click2mail.credit.purchase');
const buy = sceneOf('clubTexting.credit.buy');
const add = sceneOf('mailPartner.credit.add');
const letter = sceneOf('click2mail.letter.send');

/** The scene with its items over and over, and texts of their own. */
function repeated(scene: Scene, count: number): Scene {
	const items = Array.from({ length: count }, (_, i) => {
		const item = scene.items[i % scene.items.length]!;
		return { ...item, text: `${String(item.text)} ${i}` };
	});
	return { ...scene, items };
}
const generous = ({ parameters }: Scene) =>
	/purchase|topUp|buy|create|add/.test(String(parameters.operation)) ? { spendingLimit: 1_000_000 } : {};
const affectsOf = (result: RunResult) =>
	result.output().map(({ json: { details } }) => (details as IDataObject | undefined)?.affects);
const all = <T>(first: T, others: T, count: number): T[] => [first, ...new Array<T>(count - 1).fill(others)];

describe('a wrong log-in', () => {
	it('is tried once, whatever is asked and for however many items', async () => {
		await atOnce(
			// A shared request is refused to all of its items at once.
			scenes.filter((scene) => !scene.shared),
			async (scene, { simulator, play }) => {
				scene.prepare?.(simulator);
				Object.assign(simulator.click2mail.books, { password: 'another' });
				Object.assign(simulator.clubTexting.books, { password: 'another' });
				Object.assign(simulator.ezTexting.books, { password: 'another' });
				Object.assign(simulator.mailPartner.books, { apiKey: 'another' });
				const many = repeated(scene, 60);
				const parameters = generous(scene);
				const result = await play(many, { ...going, retryOnFail: true, maxTries: 3, parameters });
				// n8n runs a node anew whose first item failed; what is only read is asked for anew then.
				expect(simulator.requests).toHaveLength(scene.effects && !scene.before ? 1 : 3);
				expect(outcomesOf(result)).toEqual(all('refused', 'notSent', 60));
				expect(new Set(affectsOf(result))).toEqual(new Set(['run']));
				expect(result.output()[1]!.json.error).toMatch(/an earlier request in this run was refused/);
			},
		);
	});
});

describe('a general no', () => {
	it('to one item leaves the others alone; to two, one after the other, it holds the run', async () => {
		await atOnce(
			scenes.filter((scene) => scene.effects && !scene.shared),
			async (scene, { simulator, play }) => {
				scene.prepare?.(simulator);
				const fault = { provider: scene.provider, operation: scene.request, fault: 'status403' } as const;
				simulator.order(fault);
				const once = await play(scene, { ...going, parameters: generous(scene) });
				expect(outcomesOf(once)).toEqual(['refused', 'success']);
				expect(affectsOf(once)).toEqual(['item', undefined]);

				simulator.reset();
				scene.prepare?.(simulator);
				simulator.order({ ...fault, times: Infinity });
				const always = await play(repeated(scene, 30), { ...going, parameters: generous(scene) });
				const outcomes = outcomesOf(always);
				expect(outcomes.slice(0, 2)).toEqual(['refused', 'refused']);
				// Those that were under way by then are refused as well.
				const asked = simulator.requests.filter(({ operation }) => operation === scene.request).length;
				expect(asked).toBeLessThanOrEqual(8);
				expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(asked);
				expect(outcomes.slice(8)).toEqual(new Array(22).fill('notSent'));
			},
		);
	});

	it.each(['submitJob', 'createJob', 'fetchDocument'])(
		'holds the run although others of its requests are accepted in between: %s',
		async (operation) => {
			bench.simulator.order({ operation, fault: 'status403', times: Infinity });
			const items = Array.from({ length: 6 }, () => letter.items[0]!);
			const result = await bench.play({ ...letter, items }, going);
			expect(outcomesOf(result)).toEqual(['refused', 'refused', ...new Array<string>(4).fill('notSent')]);
			expect(bench.sent(operation)).toHaveLength(2);
		},
	);
});

describe('a card', () => {
	const charging = scenes.filter(({ charges }) => charges);

	it('that is declined is declined once', async () => {
		await atOnce(charging, async (scene, { simulator, play, sent }) => {
			simulator.click2mail.books.declinedCards.add('1111');
			simulator.clubTexting.books.declinedCards.add('1111');
			simulator.ezTexting.books.declinedCards.add('1111');
			scene.prepare?.(simulator);
			// A top-up reads its balance all the same: it may not be low.
			const count = scene.before ? 4 : 30;
			const result = await play(repeated(scene, count), { ...going, parameters: generous(scene) });
			expect(outcomesOf(result)).toEqual(all('refused', 'notSent', count));
			expect(new Set(affectsOf(result))).toEqual(new Set(['account']));
			expect(result.output()[1]!.json.error).toMatch(
				/an earlier charge on the same card in this run was refused/,
			);
			expect(sent(scene.request)).toHaveLength(1);
		});
	});

	it('that is declined does not hold back another one', async () => {
		const { books } = bench.simulator.clubTexting;
		books.storedCards.add('2222');
		books.declinedCards.add('2222');
		const items = ['2222', '1111', '2222', '1111'].map((last, i) => ({ last, credits: 1000 + 100 * i }));
		const result = await bench.play(
			{ ...buy, items },
			{ ...going, parameters: { storedCardLastFour: '={{ $json.last }}' } },
		);
		expect(outcomesOf(result)).toEqual(['refused', 'success', 'notSent', 'success']);
	});

	it('is not held back by a refusal of what was bought', async () => {
		bench.simulator.order(refusalOf(buy));
		const result = await bench.play(buy, going);
		expect(outcomesOf(result)).toEqual(['refused', 'success']);
		expect(affectsOf(result)).toEqual(['item', undefined]);
	});

	it('whose charge is unknown is not charged again in this run', async () => {
		await atOnce(charging, async (scene, { simulator, play, sent }) => {
			scene.prepare?.(simulator);
			simulator.order({ provider: scene.provider, operation: scene.request, fault: 'resetAfter' });
			const result = await play(scene, { ...going, parameters: generous(scene) });
			expect(outcomesOf(result)).toEqual(['unknown', 'notSent']);
			expect(affectsOf(result)).toEqual(['account', 'account']);
			expect(result.output()[1]!.json.error).toMatch(
				/earlier charge on the same card .* has an unknown outcome/,
			);
			expect(sent(scene.request)).toHaveLength(1);
			expect(scene.effects!(simulator)).toEqual([1, 0]);
		});
	});
});

describe('a sub-account', () => {
	const moving = ['add', 'remove', 'topUp'].map((name) => sceneOf(`mailPartner.credit.${name}`));
	const moved = () => bench.simulator.mailPartner.books.transfers.map(({ token }) => token).sort();
	beforeEach(() => {
		const { books } = bench.simulator.mailPartner;
		for (const token of ['owl', 'roo'])
			books.subaccounts.push(subaccount(books, { token, email: `${token}@example.com`, balance: 50 }));
	});

	it.each(moving)('$name: after a transfer of unknown outcome moves no more in this run', async (scene) => {
		bench.simulator.order({ operation: scene.request, fault: 'resetAfter' });
		const items = ['owl', 'owl', 'roo', 'owl'].map((token) => ({ token }));
		const result = await bench.play({ ...scene, items }, going);
		expect(outcomesOf(result)).toEqual(['unknown', 'notSent', 'success', 'notSent']);
		expect(affectsOf(result)).toEqual(['account', 'account', undefined, 'account']);
		expect(result.output()[1]!.json.error).toMatch(/earlier transfer on the same sub-account/);
		expect(moved()).toEqual(['owl', 'roo']);
	});

	it('is the same by its e-mail as by its token', async () => {
		bench.simulator.order({ operation: 'add', fault: 'resetAfter' });
		const items = ['owl@example.com', 'roo@example.com', 'Owl@example.com'].map((email) => ({ email }));
		const result = await bench.play(
			{ ...add, items },
			{ ...going, parameters: { subaccount: { __rl: true, mode: 'email', value: '={{ $json.email }}' } } },
		);
		expect(outcomesOf(result)).toEqual(['unknown', 'success', 'notSent']);
		expect(moved()).toEqual(['owl', 'roo']);
	});

	it('is not held back by a refused transfer', async () => {
		bench.simulator.order(refusalOf(add));
		const result = await bench.play({ ...add, items: [{ token: 'owl' }, { token: 'owl' }] }, going);
		expect(outcomesOf(result)).toEqual(['refused', 'success']);
		expect(moved()).toEqual(['owl']);
	});
});

describe('a host that is down', () => {
	it('is asked once for what acts and three times for what reads, for however many items', async () => {
		await atOnce(scenes, async (scene, { simulator, play }) => {
			const credentials = Object.fromEntries(
				Object.entries(credentialsFor(simulator)).map(([type, data]) => [
					type,
					'baseUrl' in data ? { ...data, baseUrl: 'http://127.0.0.1:1' } : data,
				]),
			);
			const result = await play(repeated(scene, 30), { ...going, credentials, parameters: generous(scene) });
			expect(outcomesOf(result)).toEqual(new Array(30).fill('notSent'));
			expect(new Set(affectsOf(result))).toEqual(new Set(['run']));
			// What prepares an act is not repeated either.
			const isRead = !scene.effects || (scene.before && !scene.prepares);
			expect(result.requests).toHaveLength(isRead ? 3 : 1);
		});
	});
});

describe('the next run', () => {
	it('is held back by nothing of this one', async () => {
		bench.simulator.order({ operation: 'purchase', fault: 'resetAfter' });
		await bench.play(purchase, going);
		const next = await bench.play(purchase, going);
		expect(outcomesOf(next)).toEqual(['success', 'success']);
	});
});
