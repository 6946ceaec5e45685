import type { IDataObject } from 'n8n-workflow';

import { openBed, useBed } from './bed';
import { freePort } from './n8n';
import { type Execution, createCredential, createWorkflow, errorOf, outputs, run } from './rest';
import { type Step, itemsThrough, stepsOf } from './workflow';

/** What a user sees of a failed item in each of n8n's error modes, and who got a text all the same. */
const bed = useBed(async () => await openBed('errors'));
const steps = stepsOf(bed);

async function runStep(items: IDataObject[], step: Step): Promise<Execution> {
	return await run(bed.rest, await createWorkflow(bed.rest, itemsThrough(items, step)));
}

/** The numbers that got a text, in the order in which they got it. */
const texted = () => bed.simulator.clubTexting.books.delivered.map(({ number }) => number);

/** Three people, a text of their own for each; the provider takes the second one's number for invalid. */
const people = [{ to: '2125550101' }, { to: '2125550102' }, { to: '2125550103' }];
const personalMessage = { phoneNumbers: '={{ $json.to }}', message: '=For {{ $json.to }}' };
const refuseTheSecond = () => void bed.simulator.clubTexting.books.refusedNumbers.add('2125550102');

describe('a refusal in the middle', () => {
	const refused = {
		error: expect.stringContaining('2125550102') as string,
		details: {
			outcome: 'refused',
			provider: expect.stringMatching(/club\s?texting/i) as string,
			operation: 'message.send',
			httpStatus: 403,
		},
	};

	test('stops the workflow, and says how many items had gone through', async () => {
		refuseTheSecond();
		const execution = await runStep(people, steps.clubTexting('message', 'send', personalMessage));

		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toMatch(/2125550102.*1 of 3/s);
		expect(errorOf(execution)?.description).not.toBe('');
		expect(texted()).toEqual(['2125550101']);
	});

	test('is one failed item among the others with "Continue"', async () => {
		refuseTheSecond();
		const execution = await runStep(
			people,
			steps.clubTexting('message', 'send', personalMessage, { onError: 'continueRegularOutput' }),
		);

		expect(execution.status).toBe('success');
		const [items = []] = outputs(execution, 'Step');
		expect(items).toMatchObject([{ recipients: ['2125550101'] }, refused, { recipients: ['2125550103'] }]);
		expect(items.map((item) => 'error' in item)).toEqual([false, true, false]);
		expect(texted()).toEqual(['2125550101', '2125550103']);
	});

	test('goes to the error branch, paired to its own input item', async () => {
		refuseTheSecond();
		const execution = await runStep(
			people,
			steps.clubTexting('message', 'send', personalMessage, { onError: 'continueErrorOutput' }),
		);

		expect(execution.status).toBe('success');
		expect(outputs(execution, 'Done')[0]).toMatchObject([
			{ recipients: ['2125550101'] },
			{ recipients: ['2125550103'] },
		]);
		// n8n adds what the input item had.
		expect(outputs(execution, 'Failed')[0]).toMatchObject([{ ...refused, to: '2125550102' }]);
		const failed = execution.data.resultData.runData.Failed?.[0]?.data?.main?.[0]?.[0];
		expect(failed?.pairedItem).toMatchObject({ item: 0 });
		expect(texted()).toEqual(['2125550101', '2125550103']);
	});

	test('of a card holds back what charges the same card, and the error branch says what the provider said', async () => {
		const { books } = bed.simulator.click2mail;
		bed.simulator.order({ fault: 'refusalIn200', provider: 'click2mail', operation: 'purchase', after: 1 });
		const execution = await runStep(
			[{ amount: 10 }, { amount: 11 }, { amount: 12 }],
			steps.click2mail(
				'credit',
				'purchase',
				{ amount: '={{ $json.amount }}' },
				{ onError: 'continueErrorOutput' },
			),
		);

		expect(outputs(execution, 'Done')[0]).toMatchObject([{ amount: 10 }]);
		expect(outputs(execution, 'Failed')[0]).toMatchObject([
			{
				amount: 11,
				details: { outcome: 'refused', operation: 'credit.purchase', providerCode: '2', affects: 'account' },
			},
			{ amount: 12, details: { outcome: 'notSent', affects: 'account' } },
		]);
		expect(books.charges.map(({ amount }) => amount)).toEqual([10]);
	});

	test('of a transfer between MailPartner accounts keeps the others', async () => {
		const created = await runStep([{}, {}], steps.mailPartner('subaccount', 'create'));
		const [{ token: first }, { token: second }] = outputs(created, 'Step')[0] as [IDataObject, IDataObject];
		const add = {
			subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
			amount: 5,
		};
		const input = [{ token: first as string }, { token: 'no-such-token' }, { token: second as string }];

		for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
			const execution = await runStep(input, steps.mailPartner('credit', 'add', add, { onError }));
			const [regular = [], branch = []] = outputs(execution, 'Step');
			const failed = onError === 'continueErrorOutput' ? branch : regular.filter((item) => 'error' in item);
			expect(failed).toMatchObject([{ details: { outcome: 'refused', providerCode: '7' } }]);
			expect(regular.filter((item) => !('error' in item))).toMatchObject([{ amount: 5 }, { amount: 5 }]);
		}
		const stopped = await runStep(input, steps.mailPartner('credit', 'add', add));
		expect(stopped.status).toBe('error');
		expect(errorOf(stopped)?.message).toContain('1 of 3');
		expect(bed.simulator.mailPartner.books.subaccounts.map(({ balance }) => balance)).toEqual([15, 10]);
	});
});

describe('an invalid item', () => {
	const withInvalid = [{ to: '2125550101' }, { to: '555-01' }, { to: '2125550103' }];

	test('stops the workflow before anything has left', async () => {
		const execution = await runStep(withInvalid, steps.clubTexting('message', 'send', personalMessage));

		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toMatch(/Phone Numbers.*item 1/s);
		expect(bed.simulator.requests).toEqual([]);
	});

	test('goes to the error branch while the others are sent', async () => {
		const execution = await runStep(
			withInvalid,
			steps.clubTexting('message', 'send', personalMessage, { onError: 'continueErrorOutput' }),
		);

		expect(outputs(execution, 'Failed')[0]).toMatchObject([
			{ to: '555-01', details: { outcome: 'invalid' } },
		]);
		expect(texted()).toEqual(['2125550101', '2125550103']);
	});
});

describe('an unknown outcome', () => {
	test('of one request leaves the others alone with "Continue"', async () => {
		bed.simulator.order({ fault: 'timeoutAfter', operation: 'send', after: 1 });
		const execution = await runStep(
			people,
			steps.clubTexting(
				'message',
				'send',
				{ ...personalMessage, options: { timeout: 1000 } },
				{ onError: 'continueErrorOutput' },
			),
		);

		expect(outputs(execution, 'Failed')[0]).toMatchObject([
			{ to: '2125550102', details: { outcome: 'unknown' } },
		]);
		expect(outputs(execution, 'Done')[0]).toHaveLength(2);
		expect(texted()).toEqual(['2125550101', '2125550102', '2125550103']);
	});

	test('of a charge keeps the card from being charged again in this run', async () => {
		bed.simulator.order({ fault: 'resetAfter', operation: 'purchase' });
		const execution = await runStep(
			[{}, {}],
			steps.click2mail('credit', 'purchase', { amount: 10 }, { onError: 'continueErrorOutput' }),
		);

		expect(outputs(execution, 'Failed')[0]).toMatchObject([
			{ details: { outcome: 'unknown' } },
			{ details: { outcome: 'notSent' } },
		]);
		expect(bed.simulator.click2mail.books.charges).toHaveLength(1);
	});
});

test('a total beyond the spending limit buys nothing', async () => {
	const execution = await runStep(
		[{}, {}, {}],
		steps.click2mail('credit', 'purchase', { amount: 40, spendingLimit: 100 }),
	);

	expect(execution.status).toBe('error');
	expect(errorOf(execution)?.message).toMatch(/120.*100/s);
	expect(bed.simulator.requests).toEqual([]);
});

test('a host that refuses connections is named, and nothing counts as sent', async () => {
	const { rest } = bed;
	const credential = await createCredential(rest, 'clubTextingApi', {
		...bed.simulator.clubTexting.credentials,
		baseUrl: `http://127.0.0.1:${await freePort()}`,
	});
	const execution = await run(
		rest,
		await createWorkflow(
			rest,
			itemsThrough(people, {
				...steps.clubTexting('message', 'send', personalMessage, { onError: 'continueErrorOutput' }),
				credentials: [credential],
			}),
		),
	);

	expect(outputs(execution, 'Failed')[0]?.map(({ details }) => (details as IDataObject).outcome)).toEqual([
		'notSent',
		'notSent',
		'notSent',
	]);
});
