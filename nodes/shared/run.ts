import {
	NodeOperationError,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { fieldsOf } from './description';
import { checkedCard } from './card';
import { failedItem, nodeErrorOf } from './failures';
import {
	isDeclarative,
	type Call,
	type Checked,
	type Operation,
	type ProgrammaticOperation,
	type Provider,
	type Resource,
	type Results,
} from './operation';
import { OperationFailure } from './outcome';
import { paceOf } from './pace';
import { parameterReaders, type Parameters } from './parameters';
import { cents, money, Planned, Session, Skipped } from './session';

/**
 * Runs the operation that the node is set to, over all its items: reads and checks every parameter, plans, and only
 * then sends, one request after another. Gives one item for each input item, in the same order.
 *
 * @throws NodeOperationError, NodeApiError when the node stops on failures
 */
export async function runNode(
	context: IExecuteFunctions,
	provider: Provider,
	resources: Resource[],
): Promise<INodeExecutionData[][]> {
	const count = context.getInputData().length;
	if (count === 0) return [[]];
	const resource = String(context.getNodeParameter('resource', 0));
	// n8n drops the operation of a resource that is none.
	const value = String(context.getNodeParameter('operation', 0, ''));
	const path = `${resource}.${value}`;
	const operation = resources
		.find(({ option }) => option.value === resource)
		?.operations.find(({ option }) => option.value === value);

	const results = new ItemResults(context, provider.name, path, count);
	try {
		if (!operation || isDeclarative(operation)) throw unsupportedOperation(context);
		await runOperation(context, provider, operation, path, results);
	} catch (error) {
		// n8n hands on the input items as results when a node that continues on failures throws.
		if (results.stops) throw results.stopping(error);
		results.failTheRest(error);
	}
	return [results.items()];
}

/** n8n's editor offers "Custom API Call" on every node whose credential can log in elsewhere. */
export function unsupportedOperation(context: Pick<IExecuteFunctions, 'getNode'>): NodeOperationError {
	return new NodeOperationError(context.getNode(), 'This node has no such operation', {
		description:
			'Pick one of the operations in the list. For a “Custom API Call”, use n8n’s HTTP Request node with this credential as its predefined credential type.',
	});
}

async function runOperation(
	context: IExecuteFunctions,
	provider: Provider,
	operation: ProgrammaticOperation,
	path: string,
	results: ItemResults,
): Promise<void> {
	const credential = await context.getCredentials(provider.credential, 0);
	const baseUrl = provider.baseUrl(credential);
	const { reader, common } = readersFor(context, provider, operation, credential);

	const checked: Array<Checked<unknown>> = [];
	const settings = { dryRun: false, spendingLimit: Infinity, timeout: 0 };
	for (let item = 0; item < results.count; item++) {
		try {
			const read = reader(item);
			const { dryRun, spendingLimit, timeout, keys, includeRawReply } = common(read);
			settings.dryRun ||= dryRun;
			settings.spendingLimit = Math.min(settings.spendingLimit, spendingLimit);
			settings.timeout = Math.max(settings.timeout, timeout);
			if (includeRawReply) results.rawWanted.add(item);
			checked.push({ item, parameters: operation.parameters(read), keys });
		} catch (error) {
			results.invalid(item, error);
		}
	}

	const sharing = 'runAll' in operation;
	const paysByCard = !sharing && checked.some(({ parameters }) => operation.takesCard?.(parameters));
	const card = paysByCard ? await context.getCredentials('paymentCardApi', 0) : undefined;
	if (card) checkedCard(card);
	results.stopIfInvalid();

	const session = new Session({
		context,
		provider,
		operation: path,
		baseUrl,
		credential,
		card,
		pace: paceOf(
			sharing ? operation.requestsPerSecond(checked) : provider.requestsPerSecond,
			context.getExecutionCancelSignal(),
		),
		unit: operation.spendingLimit?.unit ?? '',
		...settings,
	});
	results.rawOf = () => session.raw?.() ?? null;
	if (sharing) await operation.runAll(checked, session, results);
	else {
		const mayAskTogether =
			operation.effect === 'reads' &&
			provider.requestsPerSecond === undefined &&
			// A run that stops asks nothing more after a refusal.
			!results.stops &&
			// What a read shows as raw is known of the last one only.
			results.rawWanted.size === 0;
		const together = mayAskTogether ? QUESTIONS_AT_A_TIME : 1;
		await runEach(operation, checked, session, results, settings.spendingLimit, together);
	}
}

/** How many questions are asked together, where nothing is changed and the provider asks for no pace. */
const QUESTIONS_AT_A_TIME = 20;

/**
 * One item after another; the planned total is held against the spending limit before the first.
 *
 * @param together how many items go at a time; more than one only where they just ask
 */
async function runEach(
	operation: Operation<unknown>,
	checked: Array<Checked<unknown>>,
	session: Session,
	results: Results,
	limit: number,
	together: number,
): Promise<void> {
	const total = checked.reduce((sum, { parameters }) => sum + (operation.cost?.(parameters) ?? 0), 0);
	if (cents(total) > cents(limit)) {
		const unit = operation.spendingLimit?.unit;
		const failure = session.failures.explained(
			new OperationFailure(
				'notSent',
				`Nothing was spent: the items of this run come to ${money(total)} ${unit}, and the spending limit is ${money(limit)} ${unit}`,
				{ advice: `To allow it, raise “Spending Limit” of this node to ${money(total)} or more.` },
			),
		);
		for (const { item } of checked) results.fail(item, failure);
		return;
	}

	const ready = await lookedUp(operation, checked, session, results);
	const settle = async ({ item, parameters, keys }: Checked<unknown>): Promise<void> => {
		session.raw = null;
		try {
			const json = await operation.run(parameters, callFor(session, item, keys));
			if (session.dryRun) results.plan(item, { request: null, cost: 0 });
			else results.succeed(item, json);
		} catch (signal) {
			if (signal instanceof Skipped) results.skip(item, signal.usedKeys[0]!);
			else if (signal instanceof Planned) {
				const cost = operation.cost ? operation.cost(parameters) : signal.cost;
				results.plan(item, { request: session.shown(signal.request), cost });
			} else results.fail(item, session.failures.of(signal));
		}
	};
	// The first goes alone: a wrong log-in is to be refused once, and not so often that the account is locked.
	for (let first = 0, next = 1; first < ready.length; first = next, next += together) {
		await Promise.all(ready.slice(first, next).map(settle));
	}
}

/** The items whose look-ups found what they name; the others fail before anything is sent. */
async function lookedUp(
	operation: Operation<unknown>,
	checked: Array<Checked<unknown>>,
	session: Session,
	results: Results,
): Promise<Array<Checked<unknown>>> {
	if (!operation.lookUp) return checked;
	const ready: Array<Checked<unknown>> = [];
	for (const entry of checked) {
		try {
			await operation.lookUp(entry.parameters, callFor(session, entry.item, entry.keys));
			ready.push(entry);
		} catch (error) {
			results.fail(entry.item, beforeActs(error, session));
		}
	}
	return ready;
}

/** A failure before any act has left: that a reading is unclear leaves nothing unclear about the act. */
function beforeActs(error: unknown, session: Session): OperationFailure {
	const failure = session.failures.of(error);
	return failure.outcome === 'unknown' ? session.failures.notSent(failure.message) : failure;
}

function callFor(session: Session, item: number, keys: string[]): Call {
	return {
		dryRun: session.dryRun,
		read: async (request, normalise) => await session.read(request, normalise),
		act: async (step, act) =>
			await session.act(session.journal.key(item, step, session.shown(act.request)), act, keys),
		async once(step, find) {
			const key = session.journal.key(item, step, null);
			const known = session.journal.find(key);
			if (known && known !== 'left') return known.answered as never;
			const found = await find().catch((error: unknown) => {
				throw beforeActs(error, session);
			});
			if (!session.dryRun) session.journal.answered(key, found);
			return found;
		},
		planned: (account) => session.planned(account),
		plan: (account, amount) => session.plan(account, amount),
		shared: async (name, find) => await session.shared(name, find),
		card: () => session.card(),
	};
}

function readersFor(
	context: IExecuteFunctions,
	provider: Provider,
	operation: ProgrammaticOperation,
	credential: ICredentialDataDecryptedObject,
) {
	const labels = new Map<string, string>();
	const defaults = new Map<string, unknown>();
	for (const field of fieldsOf(operation, provider.timeout)) {
		labels.set(field.name, field.displayName);
		for (const entry of field.type === 'collection' ? (field.options ?? []) : []) {
			if (!('type' in entry)) continue;
			labels.set(`${field.name}.${entry.name}`, entry.displayName);
			defaults.set(`${field.name}.${entry.name}`, entry.default);
		}
	}
	const reader = parameterReaders(context, labels, defaults, publicFields(credential, provider));
	const acts = operation.effect !== 'reads';
	const common = (read: Parameters) => {
		const key = acts ? read.text('options.idempotencyKey') : '';
		return {
			dryRun: acts && read.boolean('dryRun'),
			spendingLimit: operation.spendingLimit
				? read.number('spendingLimit', { min: 0, decimals: 2, unit: operation.spendingLimit.unit })
				: Infinity,
			timeout: read.number('options.timeout', { min: 1, decimals: 0, unit: 'ms' }),
			keys: key === '' ? [] : [key],
			includeRawReply: read.boolean('options.includeRawReply'),
		};
	};
	return { reader, common };
}

function publicFields(credential: ICredentialDataDecryptedObject, provider: Provider): IDataObject {
	const secrets = new Set(provider.secrets(credential));
	return Object.fromEntries(
		Object.entries(credential).filter(([, value]) => typeof value === 'string' && !secrets.has(value)),
	);
}

type Settled = { json: IDataObject } | { failure: OperationFailure } | undefined;

class ItemResults implements Results {
	/** The items that are to show the provider's reply. */
	readonly rawWanted = new Set<number>();
	rawOf: () => unknown = () => null;
	readonly stops: boolean;
	private readonly settled: Settled[];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly provider: string,
		private readonly path: string,
		readonly count: number,
	) {
		this.settled = new Array<Settled>(count).fill(undefined);
		this.stops = !context.continueOnFail();
	}

	succeed(item: number, json: IDataObject): void {
		const raw = this.rawWanted.has(item) ? { raw: this.rawOf() as IDataObject } : {};
		this.settled[item] = { json: { ...json, ...raw } };
	}

	skip(item: number, key: string): void {
		this.settled[item] = { json: { skipped: true, idempotencyKey: key } };
	}

	plan(item: number, json: IDataObject): void {
		this.settled[item] = { json: { dryRun: true, ...json } };
	}

	fail(item: number, failure: OperationFailure): void {
		this.settled[item] = { failure };
		if (this.stops) throw this.nodeError(item, failure);
	}

	/** Remembers a failed check; the run goes on checking, so that nothing has left when it stops. */
	invalid(item: number, error: unknown): void {
		const failure =
			error instanceof OperationFailure ? error : new OperationFailure('invalid', (error as Error).message);
		this.settled[item] = { failure: failure.with({ provider: this.provider, operation: this.path }) };
	}

	stopIfInvalid(): void {
		const item = this.settled.findIndex((settled) => settled && 'failure' in settled);
		const first = this.settled[item];
		if (this.stops && first && 'failure' in first) throw this.nodeError(item, first.failure);
	}

	/** What stopped the whole run, such as a missing credential, fails every item that has no result yet. */
	failTheRest(error: unknown): void {
		for (let item = 0; item < this.count; item++) if (!this.settled[item]) this.invalid(item, error);
	}

	/** The node's error for whatever stopped the whole run. */
	stopping(error: unknown): Error {
		if (error instanceof OperationFailure)
			return this.nodeError(0, error.with({ provider: this.provider, operation: this.path }));
		return (error as Error).name === 'NodeOperationError' || (error as Error).name === 'NodeApiError'
			? (error as Error)
			: new NodeOperationError(this.context.getNode(), error as Error);
	}

	items(): INodeExecutionData[] {
		const node = this.context.getNode();
		return this.settled.map((settled, item) =>
			settled && 'failure' in settled
				? failedItem(node, settled.failure, item)
				: { json: settled?.json ?? {}, pairedItem: { item } },
		);
	}

	private nodeError(item: number, failure: OperationFailure): Error {
		const done = this.settled.filter((settled) => settled && 'json' in settled).length;
		const invalid = this.settled.filter(
			(settled) => settled && 'failure' in settled && settled.failure.outcome === 'invalid',
		).length;
		const others = invalid > 1 ? ` ${invalid} of ${this.count} items are invalid.` : '';
		const sentence =
			failure.outcome === 'invalid' && done === 0
				? `Nothing was sent.${others}`
				: `${done} of ${this.count} items had gone through before it.`;
		return nodeErrorOf(this.context.getNode(), failure, item, sentence);
	}
}
