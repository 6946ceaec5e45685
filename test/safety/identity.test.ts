import type { IDataObject } from 'n8n-workflow';
import { createDeduplicationStore } from '../engine';
import { edited, going, openBench, outcomeOf, outcomesOf } from '../harness';
import { openEngine, play, refusalOf, sceneOf, type Scene } from '../scenes';
import { subaccount } from '../simulator';
import { texting } from './texting';

const bench = openBench();
const personal = sceneOf('clubTexting.message.send (personal)');
const purchase = sceneOf('click2mail.credit.purchase');
const create = sceneOf('mailPartner.subaccount.create');
const add = sceneOf('mailPartner.credit.add');

const [A, B, C, D] = ['2125550101', '2125550102', '2125550103', '2125550104'] as const;
const delivered = () => bench.simulator.clubTexting.books.delivered.map(({ number }) => number).sort();
const texts = (...to: string[]): IDataObject[] => to.map((number) => ({ to: number, text: `For ${number}` }));

describe('an expression that resolves to something else at each look', () => {
	it('in a time: what went out before a third message is refused does not go out again', async () => {
		// A refusal after one repetition, which takes a second: the time is another one then.
		bench.simulator.order({ operation: 'send', fault: 'status503', after: 2, times: 2 });
		const scene = { ...personal, items: texts(A, B, C) };
		const parameters = { options: { scheduledFor: '={{ $now.plus({ hours: 1 }) }}', requestsPerSecond: 10 } };
		const failed = await bench.play(scene, { parameters, retryOnFail: true, maxTries: 3 });
		expect(outcomeOf(failed)).toBe('refused');
		expect(delivered()).toEqual([A, B]);

		const retried = await bench.engine.retry(failed);
		const times = bench.simulator.clubTexting.books.messages.map(({ stampToSend }) => stampToSend! * 1000);
		expect(retried.output().map(({ json }) => json.scheduledFor)).toEqual(
			times.map((time) => new Date(time).toISOString()),
		);
		expect(delivered()).toEqual([A, B, C]);
	});

	it.each(texting)('in a text ($provider): with "Continue", three tries text nobody twice', async (sms) => {
		sms.refuse(bench.simulator, A);
		const scene = { ...sceneOf(`${sms.provider}.message.send (personal)`), items: texts(A, B, C) };
		const result = await bench.play(scene, {
			...going,
			retryOnFail: true,
			maxTries: 3,
			parameters: { message: '={{ $json.text }} {{ $now.toMillis() }} {{ Math.random() }}' },
		});
		expect(outcomesOf(result)).toEqual(['refused', 'success', 'success']);
		expect(sms.delivered(bench.simulator).sort()).toEqual([B, C]);
		const sent = bench.simulator[sms.provider].books.delivered.map(({ message }) => message);
		const shown = result.output().map(({ json }) => json.message);
		expect(shown.slice(1).sort()).toEqual(sent.sort());
	});

	it('in a text, by the id of the execution: a retry by hand gives what was sent', async () => {
		bench.simulator.order({ ...refusalOf(personal), after: 1 });
		const message = '={{ $json.text }} {{ $execution.id }}';
		const failed = await bench.play(personal, { parameters: { message } });
		const retried = await bench.engine.retry(failed);
		expect(retried.executionId).not.toBe(failed.executionId);
		expect(retried.output().map(({ json }) => json.message)).toEqual([
			`Winnie, honey is ready ${failed.executionId}`,
			`Piglet, acorns are ready ${retried.executionId}`,
		]);
		expect(personal.effects!(bench.simulator)).toEqual([1, 1]);
	});

	it('in a title: a sub-account is made once', async () => {
		bench.simulator.order({ ...refusalOf(create), after: 1 });
		const additionalFields = { title: '={{ $json.title }} {{ $now.toISO() }} {{ Math.random() }}' };
		const failed = await bench.play(create, {
			parameters: { additionalFields },
			retryOnFail: true,
			maxTries: 3,
		});
		expect(create.effects!(bench.simulator)).toEqual([1, 0]);
		const retried = await bench.engine.retry(failed);
		expect(create.effects!(bench.simulator)).toEqual([1, 1]);
		const made = bench.simulator.mailPartner.books.subaccounts.map(({ token }) => token);
		expect(retried.output().map(({ json }) => json.token)).toEqual(made);
	});

	it('in an amount: a card is charged once for each item, and the items say what was charged', async () => {
		bench.simulator.order({ ...refusalOf(purchase), after: 1 });
		const parameters = { amount: '={{ $json.amount + Math.floor(Math.random() * 50) / 100 }}' };
		const failed = await bench.play(purchase, { parameters, retryOnFail: true, maxTries: 3 });
		expect(purchase.effects!(bench.simulator)).toEqual([1, 0]);
		const retried = await bench.engine.retry(failed);
		expect(purchase.effects!(bench.simulator)).toEqual([1, 1]);
		expect(retried.output().map(({ json }) => json.amount)).toEqual(
			bench.simulator.click2mail.books.charges.map(({ amount }) => amount),
		);
	});

	it('in the spending limit: what an earlier try has spent stays within it', async () => {
		bench.simulator.order({ ...refusalOf(purchase), after: 1 });
		// Whatever is spent is over the limit of the later try.
		const spendingLimit = '={{ $execution.id === "1" ? 100 : 20 }}';
		const failed = await bench.play(purchase, { parameters: { spendingLimit } });
		const retried = await bench.engine.retry(failed, { executionId: '2' });
		expect(outcomeOf(retried)).toBe('notSent');
		expect(purchase.effects!(bench.simulator)).toEqual([1, 0]);
	});
});

describe('what was found out for an act that did not happen', () => {
	const byEmail = { __rl: true, mode: 'email', value: '={{ $json.email }}' };
	const [owl, roo, kanga] = ['owl', 'roo', 'kanga'].map((name) => ({ name, email: `${name}@example.com` }));
	/** What moved, by the names of the sub-accounts. */
	const moved = () => bench.simulator.mailPartner.books.transfers.map(({ token, amount }) => [token, amount]);

	beforeEach(() => {
		const { books } = bench.simulator.mailPartner;
		for (const { name, email } of [owl!, roo!, kanga!])
			books.subaccounts.push(subaccount(books, { token: name, email, balance: 3 }));
	});

	it('is not taken for another e-mail', async () => {
		const scene: Scene = { ...add, items: [{ email: owl!.email }, { email: roo!.email }] };
		bench.simulator.order({ ...refusalOf(add), after: 1 });
		const failed = await bench.play(scene, { parameters: { subaccount: byEmail } });
		expect(outcomeOf(failed)).toBe('refused');
		const other = { ...byEmail, value: `={{ $itemIndex === 1 ? "${kanga!.email}" : $json.email }}` };
		const retried = await bench.engine.retry(failed, { loadWorkflow: edited(failed, { subaccount: other }) });
		expect(retried.output().map(({ json }) => json.token)).toEqual(['owl', 'kanga']);
		expect(moved()).toEqual([
			['owl', 10],
			['kanga', 10],
		]);
	});

	it('a balance is read again: what was topped up elsewhere is not topped up once more', async () => {
		const scene: Scene = {
			...sceneOf('mailPartner.credit.topUp'),
			items: [{ token: 'owl' }, { token: 'roo' }],
		};
		bench.simulator.order({ ...refusalOf(scene), after: 1 });
		const failed = await bench.play(scene, { parameters: { minimumBalance: 10 } });
		expect(outcomeOf(failed)).toBe('refused');
		bench.simulator.mailPartner.books.subaccounts[1]!.balance = 50;
		const retried = await bench.engine.retry(failed);
		expect(
			retried.output().map(({ json: { toppedUp, balanceBefore } }) => [toppedUp, balanceBefore]),
		).toEqual([
			[true, 3],
			[false, 50],
		]);
		expect(moved()).toEqual([['owl', 10]]);
	});

	it.each([
		['click2mail.credit.topUp', { minimumBalance: 60 }, () => bench.simulator.click2mail.books, 'balance'],
		[
			'clubTexting.credit.topUp',
			{ minimumCredits: 3000 },
			() => bench.simulator.clubTexting.books,
			'planCredits',
		],
		[
			'ezTexting.credit.topUp',
			{ minimumCredits: 3000 },
			() => bench.simulator.ezTexting.books,
			'planCredits',
		],
	] as const)('%s: the same', async (name, parameters, books, field) => {
		const scene = sceneOf(name);
		for (const { books: account } of [bench.simulator.clubTexting, bench.simulator.ezTexting])
			Object.assign(account, { planCredits: 500, anytimeCredits: 0 });
		bench.simulator.order({ ...refusalOf(scene), after: 1 });
		const failed = await bench.play(scene, { parameters });
		expect(outcomeOf(failed)).toBe('refused');
		Object.assign(books(), { [field]: 5000 });
		const retried = await bench.engine.retry(failed);
		expect(retried.output().map(({ json }) => json.toppedUp)).toEqual([true, false]);
		expect(scene.effects!(bench.simulator)).toEqual([1, 0]);
	});

	it('another account is judged by its own balance', async () => {
		const scene: Scene = {
			...sceneOf('mailPartner.credit.topUp'),
			items: [{ token: 'owl' }, { token: 'roo' }],
		};
		bench.simulator.mailPartner.books.subaccounts[2]!.balance = 50;
		bench.simulator.order({ ...refusalOf(scene), after: 1 });
		const failed = await bench.play(scene, { parameters: { minimumBalance: 10 } });
		const other = { __rl: true, mode: 'token', value: '={{ $itemIndex === 1 ? "kanga" : $json.token }}' };
		const retried = await bench.engine.retry(failed, { loadWorkflow: edited(failed, { subaccount: other }) });
		expect(retried.output()[1]!.json).toMatchObject({ token: 'kanga', toppedUp: false, balanceBefore: 50 });
		expect(moved()).toEqual([['owl', 10]]);
	});
});

const ID = '4711';
/** As another process of n8n runs it: with the database and nothing else. */
const secondRun = async (scene: Scene, parameters = {}) =>
	await play(
		openEngine({ deduplication: createDeduplicationStore(bench.engine.deduplication.serialize()) }),
		bench.simulator,
		scene,
		{ ...going, executionId: ID, parameters },
	);

describe.each(texting)(
	'a second run under the same execution id, with nothing of its data: $provider',
	(sms) => {
		const delivered = () => sms.delivered(bench.simulator).sort();
		const refuse = (...numbers: string[]) => sms.refuse(bench.simulator, ...numbers);
		const send = sceneOf(`${sms.provider}.message.send`);
		const shared = (...to: string[]): Scene => ({ ...send, items: to.map((number) => ({ to: number })) });

		it.each(['all', 'first', 'none'] as const)(
			'a number that is refused now, and named as %s, makes nobody else be texted twice',
			async (refusalNames) => {
				await bench.play(shared(A, B, C, D), { executionId: ID });
				bench.simulator.clubTexting.books.refusalNames = refusalNames;
				refuse(B);
				const again = await secondRun(shared(A, B, C, D));
				expect(outcomesOf(again)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
				expect(delivered()).toEqual([A, B, C, D]);
			},
		);

		it('what was refused or not tried in a run that was cut off goes out, and nothing else', async () => {
			refuse(B);
			const parameters = { options: { recipientsPerRequest: 3 } };
			let requests = 0;
			const first = await bench.play(shared(A, B, C, D), {
				...going,
				executionId: ID,
				parameters,
				// The database is gone once the first three have been asked for, and then without the bad one.
				onRequest: () => void (++requests === 2 && bench.engine.deduplication.failNext(undefined, 3)),
			});
			expect(outcomesOf(first)).toEqual(['success', 'refused', 'success', 'notSent']);
			refuse();
			const again = await secondRun(shared(A, B, C, D), parameters);
			expect(outcomesOf(again)).toEqual(['unknown', 'success', 'unknown', 'success']);
			expect(delivered()).toEqual([A, B, C, D]);
		});

		it('after a run in which every item was settled, nothing goes out, whatever is accepted now', async () => {
			refuse(B);
			await bench.play(shared(A, B, C), { ...going, executionId: ID });
			refuse();
			const again = await secondRun(shared(A, B, C));
			expect(outcomesOf(again)).toEqual(['unknown', 'unknown', 'unknown']);
			expect(delivered()).toEqual([A, C]);
		});

		it.each([
			['backwards', [D, C, B, A]],
			['rotated', [B, C, D, A]],
			['with one more before them', ['2125550109', A, B, C, D]],
			['without the first', [B, C, D]],
		])('items %s: nobody is texted twice', async (_name, order) => {
			const parameters = { options: { recipientsPerRequest: 2 } };
			await bench.play(shared(A, B, C, D), { executionId: ID, parameters });
			await secondRun(shared(...order), parameters);
			const counts = [A, B, C, D].map((number) => delivered().filter((one) => one === number).length);
			expect(counts).toEqual([1, 1, 1, 1]);
		});

		it('requests of another size carry nobody a second time', async () => {
			await bench.play(shared(A, B, C, D), {
				executionId: ID,
				parameters: { options: { recipientsPerRequest: 3 } },
			});
			await secondRun(shared(A, B, C, D), { options: { recipientsPerRequest: 2, combineItems: true } });
			expect(delivered()).toEqual([A, B, C, D]);
		});

		it('another text in the same places carries nobody a second time', async () => {
			await bench.play(shared(A, B, C), { executionId: ID });
			const again = await secondRun(shared(A, B, C), { message: '=Honey is ready {{ Math.random() }}' });
			expect(outcomesOf(again)).toEqual(['unknown', 'unknown', 'unknown']);
			expect(delivered()).toEqual([A, B, C]);
		});
	},
);

it('equal acts of one run are several acts, in a second run under its execution id, too', async () => {
	const twice: Scene = { ...purchase, items: [{ amount: 20 }, { amount: 20 }] };
	await bench.play(twice, { executionId: ID });
	expect(bench.simulator.click2mail.books.charges).toHaveLength(2);
	const again = await secondRun(twice);
	expect(outcomesOf(again)).toEqual(['unknown', 'unknown']);
	expect(bench.simulator.click2mail.books.charges).toHaveLength(2);
});
