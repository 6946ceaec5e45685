import type { RunResult } from '../engine';
import { nodeTypes } from '../scenes';
import { startSimulator, subaccount, type Simulator } from '../simulator';
import { saidIn, Tree, type Setting } from './property';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

const again: Setting = {
	stops: false,
	retryOnFail: true,
	faults: [],
	deadCalls: { from: 0, count: 0 },
	retries: [],
};
const outcomes = (result: RunResult, count: number) => saidIn(result, count).map(({ outcome }) => outcome);

it('a key that could not be given back is used once all the same', async () => {
	const tree = new Tree(simulator, nodeTypes.click2mail, 'one key');
	const parameters = {
		resource: 'credit',
		operation: 'purchase',
		amount: '={{ $json.amount }}',
		options: { idempotencyKey: 'one' },
	};
	// Looking for the first item's key fails, and so does taking it back; the second item acts in its place.
	const setting = { ...again, deadCalls: { from: 1, count: 6 } };
	await tree.grow(
		setting,
		'purchase',
		{ saved: parameters, edited: parameters },
		[{ amount: 20 }, { amount: 30 }],
		(result) => expect(outcomes(result, 2)).toEqual(['skipped', 'success']),
	);
	expect(simulator.click2mail.books.charges.map(({ amount }) => amount)).toEqual([30]);
});

it('an act whose outcome is unknown counts against the spending limit in a later try', async () => {
	const tree = new Tree(simulator, nodeTypes.mailPartner, 'limit');
	const { books } = simulator.mailPartner;
	const items = [{ token: 'owl' }, { token: 'roo' }];
	for (const { token } of items) books.subaccounts.push(subaccount(books, { token }));
	const parameters = {
		resource: 'credit',
		operation: 'topUp',
		subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
		minimumBalance: 10,
		amount: 40,
		spendingLimit: 70,
	};
	const setting: Setting = { ...again, faults: [{ fault: 'resetAfter', after: 0 }] };
	await tree.grow(setting, 'add', { saved: parameters, edited: parameters }, items, (result) =>
		expect(outcomes(result, 2)).toEqual(['unknown', 'notSent']),
	);
	expect(books.transfers.map(({ token }) => token)).toEqual(['owl']);
});
