import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { typeOf } from '../scenes';
import { MAIL_TYPE } from '../scenes.mail';
import { subaccount, type ProviderName, type Simulator } from '../simulator';
import { coverings, draft, mailings } from './mailBooks';
import { holds, saidIn, settings, type Outcome, type Setting } from './property';

/** One operation that spends, and how its acts stand in the provider's books. */
interface Operation {
	name: string;
	provider: ProviderName;
	/** Full type name of the node, where it is not the provider's first one. */
	type?: string;
	/** The simulator's name of the request that faults befall: the one that spends, or one that prepares it. */
	request: string;
	/** A bound other than the spending limit. */
	hasOwnLimit?: true;
	/** Whether a success item says that it spent something. */
	hasSpent?(json: IDataObject): boolean;
	parameters(amount: string): INodeParameters;
	/** Each act's slot, and what it spent. */
	acts(simulator: Simulator): Array<{ slot: number; spent: number }>;
	/** What a success item says it spent. */
	spent(json: IDataObject): number;
}

/** An item's amount lies in a range of its own, so that the books tell which item it was. */
const slotOf = (amount: number) => Math.floor(amount / 10);
const amountOf = (slot: number) => slot * 10;
const LATEST = 12;
const tokenOf = (slot: number) => `token-${slot}`;

const byToken = { __rl: true, mode: 'token', value: '={{ "token-" + $json.slot }}' };
const byEmail = { __rl: true, mode: 'email', value: '={{ $json.slot + "@example.com" }}' };
const charges = (name: 'purchase' | 'topUp', more: INodeParameters = {}): Operation => ({
	name: `Click2Mail ${name}`,
	provider: 'click2mail',
	request: 'purchase',
	parameters: (amount) => ({ resource: 'credit', operation: name, amount, ...more }),
	acts: ({ click2mail: { books } }) =>
		books.charges.map(({ amount }) => ({ slot: slotOf(amount), spent: amount })),
	spent: (json) => Number(json.amount),
});
const transfers = (name: 'add' | 'topUp', more: INodeParameters): Operation => ({
	name: `MailPartner ${name}`,
	provider: 'mailPartner',
	request: 'add',
	parameters: (amount) => ({ resource: 'credit', operation: name, amount, ...more }),
	acts: ({ mailPartner: { books } }) =>
		books.transfers.map(({ token, amount }) => ({ slot: Number(token.slice(6)), spent: amount })),
	spent: (json) => Number(json.amount),
});
/** After an unclear submit it is looked for at half of this at the latest, in ms. */
const options = { timeout: 4000 };
/** @param request that faults befall */
const letters = (request: string): Operation => ({
	name: `Click2Mail letter, ${request}`,
	provider: 'click2mail',
	type: MAIL_TYPE,
	request,
	hasOwnLimit: true,
	parameters: (amount) => ({
		resource: 'letter',
		operation: 'send',
		documentSource: 'url',
		documentUrl: 'https://example.com/letter.pdf',
		firstName: '=Person{{ $json.slot }}',
		address1: '100 Acre Wood',
		address2: amount.replace('=', '=Room '),
		city: 'Dayton',
		state: 'OH',
		zip: '45402',
		maximumCost: 5,
		options,
	}),
	acts: (simulator) =>
		mailings(simulator).map(({ to, cost }) => ({ slot: Number(to.slice(6)), spent: cost })),
	spent: (json) => Number(json.cost),
});
/** The number of a draft, with a blank behind it where an amount would be another one. */
const jobOf = (amount: string) =>
	amount.includes('random')
		? '={{ 1000 + $json.slot }}{{ Math.random() < 0.5 ? "" : " " }}'
		: '={{ 1000 + $json.slot }}';
const slotOfJob = (jobId: string) => Number(jobId) - 1000;
const high = 100_000;
/** A hundred for each unit of an amount. */
const creditsFor = (amount: string) => `={{ Math.round(100 * ${amount.slice(3, -3)}) }}`;
const ezCharges = (name: 'buy' | 'topUp', more: INodeParameters = {}): Operation => ({
	name: `EZ Texting ${name}`,
	provider: 'ezTexting',
	request: 'buy',
	parameters: (amount) => ({
		resource: 'credit',
		operation: name,
		numberOfCredits: creditsFor(amount),
		storedCardLastFour: '1111',
		...more,
	}),
	acts: ({ ezTexting: { books } }) =>
		books.charges.map(({ credits }) => ({ slot: slotOf(credits / 100), spent: credits })),
	spent: (json) => Number(json.boughtCredits),
});

const operations: Operation[] = [
	charges('purchase'),
	charges('topUp', { minimumBalance: high }),
	{
		name: 'Club Texting buy',
		provider: 'clubTexting',
		request: 'buy',
		parameters: (amount) => ({
			resource: 'credit',
			operation: 'buy',
			numberOfCredits: creditsFor(amount),
			paymentMethod: 'storedCard',
			storedCardLastFour: '1111',
		}),
		acts: ({ clubTexting: { books } }) =>
			books.charges.map(({ amount }) => ({ slot: slotOf(amount), spent: Math.round(amount * 100) })),
		spent: (json) => Number(json.boughtCredits),
	},
	ezCharges('buy'),
	ezCharges('topUp', { minimumCredits: 10_000_000 }),
	transfers('add', { subaccount: byEmail }),
	transfers('topUp', { subaccount: byToken, minimumBalance: high }),
	{
		name: 'MailPartner create',
		provider: 'mailPartner',
		request: 'create',
		parameters: (amount) => ({
			resource: 'subaccount',
			operation: 'create',
			additionalFields: {
				title: '={{ $json.slot + " " + $now.toMillis() + Math.random() }}',
				creditToAttribute: amount,
			},
		}),
		acts: ({ mailPartner: { books } }) =>
			books.subaccounts
				.filter(({ title }) => title !== '')
				.map(({ title, balance }) => ({ slot: Number(title.split(' ')[0]), spent: balance })),
		spent: () => NaN,
	},
	...['createList', 'fetchDocument', 'createJob', 'submitJob', 'submitJob'].map(letters),
	{
		name: 'Click2Mail submit',
		provider: 'click2mail',
		type: MAIL_TYPE,
		request: 'submitJob',
		hasOwnLimit: true,
		parameters: (amount) => ({
			resource: 'job',
			operation: 'submit',
			jobId: jobOf(amount),
			maximumCost: amount.replace('}}', '* 2 }}'),
			options,
		}),
		acts: (simulator) =>
			mailings(simulator).map(({ jobId, cost }) => ({ slot: slotOfJob(jobId), spent: cost })),
		spent: (json) => Number(json.cost),
	},
	{
		name: 'Click2Mail coverJob',
		provider: 'click2mail',
		request: 'purchase',
		parameters: (amount) => ({ resource: 'credit', operation: 'coverJob', jobId: jobOf(amount) }),
		acts: (simulator) =>
			coverings(simulator).map(({ jobId, amount }) => ({ slot: slotOfJob(jobId), spent: amount })),
		spent: (json) => Number(json.amount),
		// What an unclear purchase has bought may cover another job.
		hasSpent: (json) => json.toppedUp === true,
	},
];

interface Spending extends Setting {
	operation: Operation;
	/** Keys that stand in several items, or that were used before. */
	keys: Array<'one' | 'two' | 'three' | 'used'>;
	isKeyed: boolean;
	isVolatile: boolean;
	/** How many of the amounts the limit lets pass. */
	limit: number;
	/** Refuses the charge itself, once. */
	declined: boolean;
}

const spendings: fc.Arbitrary<Spending> = fc
	.record({
		operation: fc.constantFrom(...operations),
		keys: fc.array(fc.constantFrom('one' as const, 'two' as const, 'three' as const, 'used' as const), {
			minLength: 1,
			maxLength: 4,
		}),
		isKeyed: fc.constantFrom(false, false, true),
		isVolatile: fc.boolean(),
		limit: fc.constantFrom(1, 1, 1, 0.4),
		declined: fc.constantFrom(false, false, true),
		setting: settings,
	})
	.map(({ setting, ...spending }) => ({ ...setting, ...spending }));

it('any spending, any fault, any retry', async () => {
	const sums = new Map<Outcome, number>();
	await holds(
		({ operation }) => typeOf(operation),
		spendings,
		async (spending, tree) => {
			const { operation, isKeyed, keys, declined } = spending;
			const { simulator } = tree;
			const { books } = simulator.mailPartner;
			for (let slot = 2; slot <= LATEST; slot++) {
				const [token, email] = [tokenOf(slot), `${slot}@example.com`];
				books.subaccounts.push(subaccount(books, { token, email, balance: 1 }));
				simulator.click2mail.books.jobs.set(String(1000 + slot), draft(8 * slot));
			}
			simulator.click2mail.books.balance = operation.hasOwnLimit ? 1e6 : 0;
			const items = keys.map((key, place) => ({ slot: place + 2, key }));
			const unit = operation.request === 'buy' ? 100 : 1;
			const whole = items.reduce((sum, { slot }) => sum + (amountOf(slot) + 5) * unit, 0);
			const limit = Math.ceil(whole * spending.limit);
			const parameters = (suffix: number) => parametersOf(spending, suffix, limit);
			if (isKeyed) await tree.before(parametersOf(spending, 0, 1e6), [{ slot: LATEST, key: 'used' }]);
			const before = operation.acts(simulator).length;
			if (declined) {
				const { provider, request } = operation;
				simulator.order({ provider, operation: request, fault: 'refusalIn200', after: 1 });
			}

			const faults: string[] = [];
			const each = { saved: parameters(0), edited: parameters(1) };
			await tree.grow(spending, operation.request, each, items, (result, isStale) => {
				const said = saidIn(result, items.length);
				for (const { outcome } of said) sums.set(outcome, (sums.get(outcome) ?? 0) + 1);
				const acts = operation.acts(simulator).slice(before);
				const wrong = judge(spending, items, acts, said, isStale, tree.requests);
				const total = acts.reduce((sum, { spent }) => sum + spent, 0);
				if (total > limit && !isStale && !operation.hasOwnLimit)
					wrong.push(`${total} were spent, and the limit is ${limit}`);
				faults.push(...wrong.map((fault) => `${result.mode} ${result.executionId}: ${fault}`));
			});
			return [...faults, ...simulator.mistakes()];
		},
	);
	process.stdout.write(`\n${JSON.stringify([...sums])}\n`);
}, 1_800_000);

/** @param suffix what an edit adds to each amount */
function parametersOf(
	{ operation, isVolatile, isKeyed }: Spending,
	suffix: number,
	limit: number,
): INodeParameters {
	const look = isVolatile ? ' + Math.floor(Math.random() * 400) / 100' : '';
	const own = operation.parameters(
		`={{ Number(($json.slot * 10 + ${suffix}${look}).toFixed(2)) }}`,
	) as INodeParameters & {
		options?: INodeParameters;
	};
	return {
		...own,
		spendingLimit: limit,
		...(isKeyed && { options: { ...own.options, idempotencyKey: '={{ $json.key }}' } }),
	};
}

/** Nothing is spent twice; an item that says it was done stands in the books with its amount, one that was not does not. */
function judge(
	{ operation, isKeyed, retryOnFail, faults: ordered, deadCalls }: Spending,
	items: Array<{ slot: number; key: string }>,
	acts: Array<{ slot: number; spent: number }>,
	said: ReturnType<typeof saidIn>,
	isStale: boolean,
	requests: number,
): string[] {
	if (said.length !== items.length) return [`${said.length} of ${items.length} items came out`];
	const faults: string[] = [];
	// Each item looks for its account, reads a balance before and after, each up to three times; and acts.
	const each = operation.type === MAIL_TYPE ? 25 : 10;
	const most = (retryOnFail ? 3 : 1) * (each * items.length + ordered.length);
	if (requests > most) faults.push(`${requests} requests, more than ${most}`);
	for (const [item, { outcome, json }] of said.entries()) {
		const { slot, key } = items[item]!;
		const own = acts.filter((act) => act.slot === slot);
		if (own.length > 1) faults.push(`item ${item} was done ${own.length} times`);
		if (outcome === 'success' && own.length === 0 && (operation.hasSpent?.(json) ?? true))
			faults.push(`item ${item} was not done, though it says so`);
		// A run that knows nothing of one before it, and can't ask n8n's list.
		const isOfItsOwn = isStale && (outcome === 'skipped' || (outcome === 'notSent' && deadCalls.count > 0));
		const mayStand = ['success', 'unknown', 'nothing'].includes(outcome) || isOfItsOwn;
		if (own.length > 0 && !mayStand) faults.push(`item ${item} was done, though it is ${outcome}`);
		const spent = operation.spent(json);
		if (outcome === 'success' && own.length === 1 && Math.abs(own[0]!.spent - spent) > 0.001)
			faults.push(`item ${item} says ${spent}, and the books ${own[0]!.spent}`);
		if (isKeyed && key === 'used' && own.length > 0)
			faults.push(`item ${item} was done, and its key was used before`);
		const isClaimed =
			isStale || key === 'used' || items.some((other, place) => place !== item && other.key === key);
		if (outcome === 'skipped' && !isClaimed) faults.push(`item ${item} is skipped, and nobody used its key`);
	}
	if (isKeyed) {
		for (const key of ['one', 'two', 'three']) {
			const done = acts.filter(({ slot }) => items.find((item) => item.slot === slot)?.key === key);
			if (done.length > 1) faults.push(`${key} was used ${done.length} times`);
		}
	}
	return faults;
}
