import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Account, Affects, OperationError } from '../errors';
import { rateLimiterOf, type RateLimiter } from '../http/rateLimiter';
import { requestOptions, send } from '../http/request';
import { Claims } from '../idempotency/claims';
import { DailyCap } from '../idempotency/dailyCap';
import { openDeduplicationList } from '../idempotency/deduplicationList';
import type { Journal } from '../idempotency/journal';
import { checkedCard } from '../paymentCard';
import type { HttpRequest, Provider, Verdict } from '../provider';
import { redactorOf, sparing, MASK, type Redactor } from '../redact';
import type { Breather } from './breather';
import { evaluate, type Evaluation } from './evaluate';
import type { Failures } from './failures';
import { openBudget, type Budget } from './spending';

/** What a run is set to, all checked. */
export interface RunSettings {
	context: IExecuteFunctions;
	provider: Provider;
	/** Resource and operation, e.g. `credit.purchase`. */
	operation: string;
	credential: ICredentialDataDecryptedObject;
	card: ICredentialDataDecryptedObject | undefined;
	journal: Journal;
	failures: Failures;
	requestsPerSecond: number | undefined;
	/** In ms. */
	timeout: number;
	/** Infinity where nothing is spent. */
	spendingLimit: number;
	/** What the spending limit counts. */
	unit: string;
	/** Infinity where acts are not counted. */
	maximumPerDay: number;
	dryRun: boolean;
	/** To be awaited in each round of a long loop. */
	breathe: Breather;
}

/** Everything that the requests of one run have in common. */
export class RunContext {
	readonly journal: Journal;
	readonly claims: Claims;
	/** Undefined where acts are not counted. */
	readonly cap: DailyCap | undefined;
	readonly failures: Failures;
	readonly budget: Budget;
	private readonly limiter: RateLimiter;
	readonly signal: AbortSignal | undefined;
	readonly dryRun: boolean;
	/** To be awaited in each round of a long loop. */
	readonly breathe: Breather;
	/** Balances that this run's own acts have told, or in a dry run would have made, by account. */
	readonly balances = new Map<string, number>();
	private readonly baseUrl: string;
	private readonly redact: Redactor;
	/** By method, of the latest request, where it was a general one: that it may be read says nothing of what may be done. */
	private readonly lastRefusals = new Map<string, string>();
	private readonly heldBack = new Map<string, OperationError>();
	private readonly once = new Map<string, Promise<unknown>>();
	private readonly hints = new Set<string>();

	constructor(private readonly settings: RunSettings) {
		const { context, provider, operation, credential, card, journal, failures } = settings;
		this.baseUrl = provider.baseUrl(credential);
		this.journal = journal;
		const list = openDeduplicationList(context);
		this.claims = new Claims(list, journal, operation);
		this.cap = Number.isFinite(settings.maximumPerDay)
			? new DailyCap(list, operation, settings.maximumPerDay, context.getTimezone())
			: undefined;
		this.failures = failures;
		this.budget = openBudget(settings.spendingLimit, settings.unit);
		this.signal = context.getExecutionCancelSignal();
		this.limiter = rateLimiterOf(
			context.getContext('node'),
			settings.requestsPerSecond,
			provider.concurrency,
			this.signal,
		);
		this.dryRun = settings.dryRun;
		this.breathe = settings.breathe;
		this.redact = redactorOf([...provider.secrets(credential), ...cardSecrets(card)]);
	}

	/** How many requests may be prepared at a time: one more than may be under way, so that it is ready when one ends. */
	get concurrency(): number {
		return this.settings.provider.concurrency + 1;
	}

	card() {
		return checkedCard(this.settings.card ?? {});
	}

	/** The request as an item may show it: complete but for the log-in, and without what comes from a credential. */
	shown({ method, path, query, form, json, secretFields = [] }: HttpRequest): IDataObject {
		const search = new URLSearchParams({ ...this.settings.provider.query, ...query }).toString();
		const given = secretFields.filter((field) => form !== undefined && field in form);
		const secret = Object.fromEntries(given.map((field) => [field, MASK]));
		return {
			method,
			url: `${this.baseUrl}${path}${search === '' ? '' : `?${search}`}`,
			body: form ? { ...form, ...secret } : (json ?? null),
		};
	}

	/** Sends one request at its turn and says what it came to; undefined when by then it must not leave any more. */
	async exchange<T>(
		request: HttpRequest,
		parse: (data: unknown) => T,
		account?: Account,
	): Promise<Evaluation<T> | undefined> {
		const leave = await this.limiter.enter();
		if (!leave) return undefined;
		const { context, provider, credential, timeout } = this.settings;
		const options = requestOptions(provider, this.baseUrl, request, timeout);
		try {
			if (this.reasonToHold(account)) return undefined;
			const result = await send(context, provider, credential, options);
			const evaluation = evaluate(provider, result, parse, this.redactorFor(request));
			if (evaluation.verdict.kind === 'done') this.lastRefusals.delete(request.method);
			return evaluation;
		} finally {
			leave();
		}
	}

	/** Redacts what a request brought back. */
	redactorFor({ form = {}, json = {}, secretFields = [], query = {} }: HttpRequest): Redactor {
		const typed = Object.entries({ ...query, ...json, ...form }).filter(
			([name]) => !secretFields.includes(name),
		);
		return sparing(
			this.redact,
			typed.flatMap(([, value]) => textsIn(value)),
		);
	}

	/** The same finding for all items; what could not be found is looked for again. */
	async readOnce<T>(name: string, find: () => Promise<T>): Promise<T> {
		let finding = this.once.get(name) as Promise<T> | undefined;
		if (!finding) {
			finding = find();
			this.once.set(name, finding);
			finding.catch(() => this.once.delete(name));
		}
		return await finding;
	}

	/** Tells the person something beside the items, once. */
	hint(message: string): void {
		if (this.hints.has(message)) return;
		this.hints.add(message);
		this.settings.context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	}

	/** Remembers a failure that concerns more than its own item. */
	holdBack(error: OperationError): void {
		const { affects, account } = error.facts;
		if (affects === 'run') this.heldBack.set(EVERYTHING, this.failures.heldBack(error));
		if (affects === 'account' && account) this.heldBack.set(account.name, this.failures.heldBack(error));
	}

	/** Whom a refusal concerns. The same general no to two requests one after the other concerns the whole run. */
	scopeOf(
		{ affects = 'item', isGeneral = false, message }: Verdict & { kind: 'refused' },
		{ method }: HttpRequest,
	): Affects {
		const isRepeated = isGeneral && this.lastRefusals.get(method) === message;
		if (isGeneral) this.lastRefusals.set(method, message);
		else this.lastRefusals.delete(method);
		return isRepeated ? 'run' : affects;
	}

	/** Why a request did not leave. */
	notLeft(account?: Account): OperationError {
		return this.reasonToHold(account) ?? this.failures.cancelled();
	}

	/** Why nothing more may be asked in this run or of this account; undefined where nothing speaks against it. */
	reasonToHold(account?: Account): OperationError | undefined {
		return this.heldBack.get(EVERYTHING) ?? this.heldBack.get(account?.name ?? EVERYTHING);
	}
}

/** Not the name of an account. */
const EVERYTHING = '';

function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function cardSecrets(credential: ICredentialDataDecryptedObject | undefined): string[] {
	return [credential?.number, credential?.securityCode].flatMap((value) => {
		const stored = String(value ?? '');
		return [stored, stored.replace(/\D/g, '')];
	});
}
