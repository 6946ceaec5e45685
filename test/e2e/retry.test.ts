import { openBed, useBed } from './bed';
import { activate, createWorkflow, errorOf, newExecution, outputs, retry, run } from './rest';
import { itemsThrough, stepsOf } from './workflow';

/** Whatever makes a node run again, nobody is texted twice and no card is charged twice. */
const bed = useBed(async () => await openBed('retry'));
const steps = stepsOf(bed);

const texted = () => bed.simulator.clubTexting.books.delivered.map(({ number }) => number);
const attempts = () => bed.simulator.requests.filter(({ operation }) => operation === 'send').length;

const people = ['2125550101', '2125550102', '2125550103', '2125550104'].map((to) => ({ to }));
const numbers = people.map(({ to }) => to);
const personalMessage = {
	phoneNumbers: '={{ $json.to }}',
	message: '=For {{ $json.to }}',
	options: { timeout: 1000 },
};
const tries = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };

describe('Retry On Fail', () => {
	test('does not repeat what was answered, nor what was not', async () => {
		bed.simulator.order({ fault: 'timeoutAfter', operation: 'send', after: 2 });
		const execution = await run(
			bed.rest,
			await createWorkflow(
				bed.rest,
				itemsThrough(people, steps.clubTexting('message', 'send', personalMessage, tries)),
			),
		);

		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toMatch(/unknown/i);
		expect(texted()).toEqual(numbers.slice(0, 3));
	});

	test('buys what the first try could not', async () => {
		// As often as the node itself asks for a balance before it gives up.
		bed.simulator.order({ fault: 'resetBefore', operation: 'getBalance', provider: 'clubTexting', times: 3 });
		bed.simulator.clubTexting.books.planCredits = 0;
		bed.simulator.clubTexting.books.anytimeCredits = 10;
		const execution = await run(
			bed.rest,
			await createWorkflow(
				bed.rest,
				itemsThrough(
					[{}],
					steps.clubTexting(
						'credit',
						'topUp',
						{
							minimumCredits: 100,
							numberOfCredits: 500,
							paymentMethod: 'storedCard',
							storedCardLastFour: '1111',
						},
						tries,
					),
				),
			),
		);

		expect(execution.status).toBe('success');
		expect(outputs(execution, 'Step')[0]).toMatchObject([{ toppedUp: true, creditsAfter: 510 }]);
		expect(bed.simulator.clubTexting.books.charges).toHaveLength(1);
	});

	test('with "Continue": a failed first item makes n8n run the node again, and nobody notices', async () => {
		bed.simulator.clubTexting.books.refusedNumbers.add('2125550101');
		const execution = await run(
			bed.rest,
			await createWorkflow(
				bed.rest,
				itemsThrough(
					people,
					steps.clubTexting('message', 'send', personalMessage, {
						...tries,
						onError: 'continueRegularOutput',
					}),
				),
			),
		);

		const [items = []] = outputs(execution, 'Step');
		expect(items.map((item) => 'error' in item)).toEqual([true, false, false, false]);
		expect(texted()).toEqual(numbers.slice(1));
		expect(attempts()).toBe(4);
	});
});

describe.each([{ loadWorkflow: false }, { loadWorkflow: true }])(
	'a failed execution retried with %p',
	(how) => {
		test('sends the rest, and nothing a second time', async () => {
			bed.simulator.clubTexting.books.refusedNumbers.add('2125550103');
			const workflow = await createWorkflow(
				bed.rest,
				itemsThrough(people, steps.clubTexting('message', 'send', personalMessage)),
			);
			const failed = await run(bed.rest, workflow);
			expect(failed.status).toBe('error');
			expect(texted()).toEqual(numbers.slice(0, 2));

			bed.simulator.clubTexting.books.refusedNumbers.clear();
			const retried = await retry(bed.rest, failed.id, how);

			expect(retried).toMatchObject({ status: 'success', mode: 'retry' });
			expect(outputs(retried, 'Step')[0]?.map(({ recipients }) => recipients)).toEqual(
				numbers.map((to) => [to]),
			);
			expect(texted()).toEqual(numbers);
		});

		test('and retried once more sends nothing at all', async () => {
			bed.simulator.clubTexting.books.refusedNumbers.add('2125550103');
			const workflow = await createWorkflow(
				bed.rest,
				itemsThrough(people, steps.clubTexting('message', 'send', personalMessage)),
			);
			const failed = await run(bed.rest, workflow);
			bed.simulator.clubTexting.books.refusedNumbers.clear();
			await retry(bed.rest, failed.id, how);
			expect(texted()).toEqual(numbers);

			// n8n gives it the context of the first execution again, which does not know of the first retry.
			const again = await retry(bed.rest, failed.id, how);

			expect(again.status).toBe('error');
			expect(errorOf(again)?.message).toMatch(/unknown/i);
			expect(texted()).toEqual(numbers);
		});

		test('after a time-out says that the outcome is unknown, and does not send', async () => {
			bed.simulator.order({ fault: 'timeoutAfter', operation: 'send', after: 2 });
			const workflow = await createWorkflow(
				bed.rest,
				itemsThrough(people, steps.clubTexting('message', 'send', personalMessage)),
			);
			const failed = await run(bed.rest, workflow);
			const retried = await retry(bed.rest, failed.id, how);

			expect(retried.status).toBe('error');
			expect(errorOf(retried)?.message).toMatch(/unknown/i);
			expect(texted()).toEqual(numbers.slice(0, 3));
		});

		test('charges the card once', async () => {
			bed.simulator.order({ fault: 'refusalIn200', operation: 'purchase', after: 1 });
			const workflow = await createWorkflow(
				bed.rest,
				itemsThrough(
					[{ amount: 10 }, { amount: 11 }],
					steps.click2mail('credit', 'purchase', { amount: '={{ $json.amount }}' }),
				),
			);
			const failed = await run(bed.rest, workflow);
			const retried = await retry(bed.rest, failed.id, how);

			expect(retried.status).toBe('success');
			expect(outputs(retried, 'Step')[0]?.map(({ amount }) => amount)).toEqual([10, 11]);
			expect(bed.simulator.click2mail.books.charges.map(({ amount }) => amount)).toEqual([10, 11]);
		});
	},
);

test('an idempotency key holds over two executions, and is given back when nothing happened', async () => {
	bed.simulator.clubTexting.books.refusedNumbers.add('2125550102');
	const orders = people.slice(0, 2).map(({ to }) => ({ to, order: `order-${to}` }));
	const workflow = await createWorkflow(
		bed.rest,
		itemsThrough(
			orders,
			steps.clubTexting(
				'message',
				'send',
				{ ...personalMessage, options: { idempotencyKey: '={{ $json.order }}' } },
				{ onError: 'continueRegularOutput' },
			),
			{ webhook: 'orders' },
		),
	);
	await activate(bed.rest, workflow);

	let deliveries = 0;
	const deliver = async () => {
		const answer = await fetch(`${bed.main.url}/webhook/orders`, { method: 'POST' });
		expect(answer.status).toBe(200);
		return outputs(await newExecution(bed.rest, workflow.id, ++deliveries), 'Step')[0];
	};
	const skipped = (order: number) => ({ skipped: true, idempotencyKey: orders[order]?.order });

	expect(await deliver()).toMatchObject([
		{ recipients: ['2125550101'] },
		{ details: { outcome: 'refused' } },
	]);
	bed.simulator.clubTexting.books.refusedNumbers.clear();
	expect(await deliver()).toMatchObject([skipped(0), { recipients: ['2125550102'] }]);
	expect(await deliver()).toEqual([skipped(0), skipped(1)]);
	expect(texted()).toEqual(['2125550101', '2125550102']);
});

test('a key whose text a gateway has lost is unknown to the next execution, and not skipped', async () => {
	const workflow = await createWorkflow(
		bed.rest,
		itemsThrough(
			people.slice(0, 2),
			steps.clubTexting(
				'message',
				'send',
				{ ...personalMessage, options: { idempotencyKey: '={{ $json.to }}' } },
				{ onError: 'continueRegularOutput' },
			),
			{ webhook: 'lost' },
		),
	);
	await activate(bed.rest, workflow);
	// Nothing was sent, and nobody can know.
	bed.simulator.order({ fault: 'status502Html', operation: 'send', processed: false });

	for (const [execution, second] of [{ recipients: ['2125550102'] }, { skipped: true }].entries()) {
		const answer = await fetch(`${bed.main.url}/webhook/lost`, { method: 'POST' });
		expect(answer.status).toBe(200);
		const over = await newExecution(bed.rest, workflow.id, execution + 1);
		expect(over.status).toBe('success');
		const [items = []] = outputs(over, 'Step');
		expect(items).toMatchObject([{ details: { outcome: 'unknown' } }, second]);
		expect(items[0]).not.toHaveProperty('skipped');
	}
	expect(texted()).toEqual(['2125550102']);
	expect(attempts()).toBe(2);
});
