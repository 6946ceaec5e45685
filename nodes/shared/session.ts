import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { checkedCard, type Card } from './card';
import { Failures } from './failures';
import { openJournal, type Journal } from './journal';
import { ask, judged, retryAfter, wasNotProcessed } from './judge';
import { openMarks, type Marks } from './marks';
import { masked, maskOf, type Mask } from './mask';
import type { Act, Provider, WireRequest } from './operation';
import { OperationFailure } from './outcome';
import { pause, type Pace } from './pace';
import type { Reply } from './reply';
import { isReply, requestOptions, send, type Interruption } from './transport';

/** The wait before the one repetition of a request that was not processed, where the reply names none. In ms. */
const USUAL_RETRY_AFTER = 1000;

/** An act whose idempotency key had been used: not done again. */
export class Skipped extends Error {
	constructor(readonly usedKeys: string[]) {
		super('idempotency key used before');
	}
}

/** An act that a dry run stops before. */
export class Planned extends Error {
	constructor(
		readonly request: WireRequest,
		readonly cost: number | null,
	) {
		super('dry run');
	}
}

/** What a run is set to, all checked. */
export interface RunSettings {
	context: IExecuteFunctions;
	provider: Provider;
	/** Resource and operation, e.g. `credit.purchase`. */
	operation: string;
	baseUrl: string;
	credential: ICredentialDataDecryptedObject;
	card: ICredentialDataDecryptedObject | undefined;
	pace: Pace;
	/** In ms. */
	timeout: number;
	/** Infinity where nothing is spent. */
	spendingLimit: number;
	/** What the spending limit counts. */
	unit: string;
	dryRun: boolean;
}

/** Everything one run of a node holds, from the first request to the last reply. */
export class Session {
	readonly dryRun: boolean;
	readonly journal: Journal;
	readonly failures: Failures;
	/** The reply that made the current item, without secrets; for `includeRawReply`. An act's wins over a read's. */
	raw: (() => unknown) | null = null;
	private readonly mask: Mask;
	private readonly marks: Marks;
	private readonly signal: AbortSignal | undefined;
	private readonly unclearCards = new Set<string>();
	private readonly usualQuery: string;
	private spent = 0;
	private readonly plannedAmounts = new Map<string, number>();
	private readonly findings = new Map<string, unknown>();

	constructor(private readonly run: RunSettings) {
		const { context, provider, operation, credential, card } = run;
		const runIndex = (context.getWorkflowDataProxy(0) as unknown as { $runIndex: number }).$runIndex;
		this.dryRun = run.dryRun;
		this.usualQuery = queryOf(provider.query ?? {});
		const isTool = context.getNode().type.endsWith('Tool') || isToolExecution(context);
		this.journal = openJournal(context.getContext('node'), context.getExecutionId(), runIndex, isTool);
		this.marks = openMarks(context, this.journal.id);
		this.signal = context.getExecutionCancelSignal();
		this.mask = maskOf([...provider.secrets(credential), ...cardSecrets(card)]);
		this.failures = new Failures(provider, operation, this.mask);
	}

	card(): Card {
		return checkedCard(this.run.card ?? {});
	}

	/** The request as an item may show it: complete but for the log-in, secrets masked. */
	shown(request: WireRequest): IDataObject {
		const query = request.query ? queryOf({ ...this.run.provider.query, ...request.query }) : this.usualQuery;
		return {
			method: request.method,
			url: `${this.run.baseUrl}${request.path}${query}`,
			body: masked(request.form ?? request.json ?? null, this.mask) as IDataObject | null,
		};
	}

	planned(account: string): number {
		return this.plannedAmounts.get(account) ?? 0;
	}

	plan(account: string, amount: number): void {
		this.plannedAmounts.set(account, this.planned(account) + amount);
	}

	/** The same finding for all items; what could not be found is looked for again. */
	async shared<T>(name: string, find: () => Promise<T>): Promise<T> {
		if (!this.findings.has(name)) this.findings.set(name, await find());
		return this.findings.get(name) as T;
	}

	/** Asks, and asks again when no clear answer comes. @throws OperationFailure */
	async read<T>(request: WireRequest, normalise: (data: unknown) => T): Promise<T> {
		const exchange = async () => {
			if (!(await this.run.pace.turn())) throw this.failures.cancelled();
			return await this.exchange(request);
		};
		const { value, raw } = await ask(
			this.run.provider,
			exchange,
			normalise,
			this.mask,
			this.failures,
			this.signal,
		);
		this.raw ??= raw;
		return value;
	}

	/**
	 * Does one act, at most once in the life of the execution.
	 *
	 * @param key in the journal
	 * @param keys idempotency keys that name the act
	 * @throws OperationFailure, Skipped, Planned
	 */
	async act<T>(key: string, act: Act<T>, keys: string[]): Promise<T> {
		const { journal, marks, failures } = this;
		const { request, normalise, card, cost = 0 } = act;
		if (this.dryRun) {
			this.assertMayLeave(card, cost);
			this.spent += cost;
			throw new Planned(request, cost);
		}

		const known = journal.find(key);
		if (known === 'left') throw this.leftOpen(card, cost);
		if (known) {
			this.spent += cost;
			return known.answered as T;
		}
		const refusal = journal.refusal(key);
		if (refusal) throw failures.explained(refusal);
		if (journal.find(skipKey(key))) throw new Skipped(keys);

		this.assertMayLeave(card, cost);
		if (!(await this.run.pace.turn())) throw failures.cancelled();
		const { actKnown, usedKeys } = await marks.record(key, keys);
		if (actKnown) {
			act.leaving?.();
			journal.left(key);
			throw this.unclear(
				'an earlier run of this execution sent it, and n8n lost what came of it',
				card,
				cost,
			);
		}
		if (usedKeys.length > 0) {
			await marks.release(
				key,
				keys.filter((used) => !usedKeys.includes(used)),
			);
			journal.answered(skipKey(key), 1);
			throw new Skipped(usedKeys);
		}
		if (this.signal?.aborted) {
			await marks.release(key, keys);
			throw failures.cancelled();
		}

		act.leaving?.();
		journal.left(key);
		const result = await this.exchangeOnce(request);
		const answer = judged(this.run.provider, result, normalise, this.mask);
		const httpStatus = isReply(result) ? result.status : undefined;
		switch (answer.kind) {
			case 'success':
				journal.answered(key, answer.value);
				this.spent += cost;
				this.raw = answer.raw;
				await marks.confirm(keys);
				return answer.value;
			case 'unclear':
				await marks.confirm(keys);
				throw this.unclear(answer.why, card, cost, httpStatus);
			case 'refused': {
				const failure = failures.refused(answer.message, { httpStatus, providerCode: answer.code });
				act.returned?.();
				journal.refused(key, failure);
				await marks.release(key, keys);
				throw failure;
			}
			case 'notSent':
				act.returned?.();
				journal.forget(key);
				await marks.release(key, keys);
				throw failures.notSent(answer.why);
		}
	}

	/** The failure of an act that left in an earlier try and was not answered. */
	leftOpen(card?: string, cost = 0): OperationFailure {
		return this.unclear('an earlier try sent it, and no answer to that is known', card, cost);
	}

	private unclear(
		why: string,
		card: string | undefined,
		cost: number,
		httpStatus?: number,
	): OperationFailure {
		if (card !== undefined) this.unclearCards.add(card);
		this.spent += cost;
		return this.failures.unknown(why, httpStatus === undefined ? {} : { httpStatus });
	}

	private assertMayLeave(card: string | undefined, cost: number): void {
		if (card !== undefined && this.unclearCards.has(card)) {
			throw this.failures.notSent('an earlier charge on the same card in this run has an unknown outcome');
		}
		const { spendingLimit, unit } = this.run;
		if (cents(this.spent + cost) > cents(spendingLimit)) {
			throw this.failures.explained(
				new OperationFailure(
					'notSent',
					`Not spent: ${money(cost)} ${unit} for this item, after ${money(this.spent)} ${unit} in this run, would pass the spending limit of ${money(spendingLimit)} ${unit}`,
					{
						advice: `To allow it, raise “Spending Limit” of this node to ${money(this.spent + cost)} or more.`,
					},
				),
			);
		}
	}

	private async exchange(request: WireRequest): Promise<Reply | Interruption> {
		const { context, provider, baseUrl, credential, timeout, pace } = this.run;
		try {
			return await send(context, provider, credential, requestOptions(provider, baseUrl, request, timeout));
		} finally {
			pace.answered();
		}
	}

	/** An act's request: made once more only after the one reply that is documented as "not processed". */
	private async exchangeOnce(request: WireRequest): Promise<Reply | Interruption> {
		const first = await this.exchange(request);
		if (!wasNotProcessed(this.run.provider, first)) return first;
		if (!(await pause(retryAfter(first, USUAL_RETRY_AFTER), this.signal))) return first;
		if (!(await this.run.pace.turn())) return first;
		return await this.exchange(request);
	}
}

function cardSecrets(credential: ICredentialDataDecryptedObject | undefined): string[] {
	return [credential?.number, credential?.securityCode].map((value) =>
		String(value ?? '').replace(/[ -]/g, ''),
	);
}

/** n8n 1 does not tell. */
function isToolExecution(context: IExecuteFunctions): boolean {
	return 'isToolExecution' in context && context.isToolExecution();
}

function queryOf(fields: Record<string, string>): string {
	const query = new URLSearchParams(fields).toString();
	return query === '' ? '' : `?${query}`;
}

const skipKey = (key: string) => `${key}.skipped`;

export const cents = (amount: number) => Math.round(amount * 100);

/** An amount as texts show it: 25, 10.5. */
export const money = (amount: number) => String(cents(amount) / 100);
