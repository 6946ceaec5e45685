import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Account, OperationError } from '../errors';
import type { Journal } from '../idempotency/journal';
import type { Member } from '../idempotency/journalFormat';
import type { Breather } from '../pipeline/breather';
import type { HttpRequest } from '../provider';
import type { Card } from '../paymentCard';
import type { ParameterReader } from './parameterReader';

/** What every operation tells the editor and the pipeline before anything is sent. */
interface Definition<P> {
	/** `value` is stored in workflows and never changes. */
	option: INodePropertyOptions & { value: string };
	/** Without `displayOptions` for resource and operation: they are stamped on. */
	fields: INodeProperties[];
	/** Further entries of the `options` collection. */
	options?: INodeProperties[];
	/** Reads and checks the parameters of one item. @throws OperationError `invalid` */
	parameters(read: ParameterReader): P;
}

/** Asks something and changes nothing. */
export interface ReadOperation<P> extends Definition<P> {
	effect: 'reads';
	/** @returns one item, or the items of a list */
	run(parameters: P, step: Step): Promise<IDataObject | IDataObject[]>;
}

/** What every operation that can't be taken back tells besides. */
interface ActDefinition<P> extends Definition<P> {
	/** `sends` texts people; `spends` takes money or credit; `changes` changes settings or moves credit back. */
	effect: 'sends' | 'spends' | 'changes';
	/** What it does for good, as the notice above its fields says it: one or two sentences. */
	warning: string;
	/** What it has done, as an unclear outcome says it, such as "charged the card". */
	deed: string;
	/** The help of its Dry Run. */
	dryRunHelp: string;
	/** Where it spends and the price is known. */
	spending?: Spending<P>;
	/** Whether it pays with the payment card credential. */
	takesCard?(parameters: P): boolean;
	/** Whether it charges a card, stored or not: one item at a time. */
	chargesCard?: true;
	/** Beyond its maximum per day it comes out as one that had nothing to do. */
	comesOutAtLimit?: true;
}

/** What an item spends: default and unit of the spending limit, and the cost in that unit. */
export interface Spending<P> {
	default: number;
	unit: 'USD' | 'EUR' | 'credits';
	cost(parameters: P): number;
	/** It is spent only if asking tells so: held against the limit item by item. */
	onlyIfNeeded?: true;
}

/**
 * Acts once for each item.
 *
 * What comes out is made of what was kept and of the provider's answer, never of the parameters: a later try of the
 * execution shows the act as it was, whatever an expression resolves to by then.
 */
export interface ActOperation<
	P,
	R = undefined,
	K extends IDataObject = IDataObject,
	T = unknown,
> extends ActDefinition<P> {
	/** Items that must not be under way together, such as those on one account. */
	lane?(parameters: P, resolved: R): string;
	/**
	 * Finds out what only asking can tell, such as the account that an email names; for every item, before the first act
	 * of any.
	 */
	resolve?(parameters: P, step: Step): Promise<R>;
	/** What is kept with the act from the moment it begins, and thrown away if it does not happen. Small; no secrets. */
	keep?(parameters: P, step: Step, resolved: R): K | Promise<K>;
	/** The request, or undefined when there is nothing to do. Pure. */
	request(kept: K, parameters: P, card: () => Card): SideEffect<T> | undefined;
	/** @param value undefined when there was nothing to do */
	output(kept: K, value: T | undefined, step: Step): IDataObject | Promise<IDataObject>;
}

/** Something that can't be taken back. */
export interface SideEffect<T> {
	request: HttpRequest;
	/** Turns the data of a success into what the item needs. @throws UnrecognisedReply when something is missing */
	parse(data: unknown): T;
	/** What is charged: nothing more is asked of it in this run once an outcome is unclear. */
	account?: Account;
	/** Whether a refusal would meet everything that charges the account. */
	isAboutAccount?(message: string, code: string | undefined): boolean;
	/** The account's balance as the answer tells it. */
	balance?(value: T): Balance;
	/** What it would be after this, for the items behind it in a dry run. */
	expectedBalance?: Balance;
}

export interface Balance {
	/** Tells accounts of one run apart. */
	account: string;
	amount: number;
}

/** An operation whose items share requests: it plans and sends all of them at once. */
export interface SharingOperation<P> extends ActDefinition<P> {
	requestsPerSecond(parameters: P[]): number | undefined;
	/**
	 * Settles every item.
	 *
	 * @param live those that have to be sent, wholly or in part
	 * @param done those that an earlier try has sent
	 */
	sendAll(live: Array<LiveItem<P>>, done: number[], run: SharedRun): Promise<void>;
}

/** What an operation whose items share requests has at hand. */
export interface SharedRun {
	readonly dryRun: boolean;
	/** Whether the node stops on the first failure. */
	readonly stops: boolean;
	readonly journal: Journal;
	/** To be awaited in each round of a long loop. */
	readonly breathe: Breather;
	/** Does tasks side by side where the node continues on failures, those of one lane one after another. */
	inLanes<T>(tasks: T[], lanesOf: (task: T) => unknown[], work: (task: T) => Promise<void>): Promise<void>;
	perform<T>(plan: PlannedRequest<T>): Promise<Map<number, RequestResult<T>>>;
	/** Lets an item share a request that has left in this run: it is written down as carried by it. */
	join<T>(request: number, member: RequestMember): Promise<RequestResult<T>>;
	/** A request as a dry run shows it. */
	shown(request: HttpRequest): IDataObject;
	/** An error with provider and operation named. */
	explained(error: OperationError): OperationError;
	/** The error of an act that left in an earlier try and was not answered. */
	leftOpen(): OperationError;
	notSent(why: string): OperationError;
	succeed(item: number, json: IDataObject, raw: () => unknown): void;
	/** @throws the node's error, when the node stops on failures */
	fail(item: number, error: OperationError): void;
	skip(item: number, key: string): void;
	plan(item: number, json: IDataObject): void;
}

/** One request and the items that it acts for. */
export interface PlannedRequest<T> {
	/** One item, or the items that share the request. */
	members: RequestMember[];
	/** What is kept with the act from the moment it begins. */
	kept: IDataObject;
	/** In the unit of the spending limit. */
	cost?: number;
	/**
	 * The request for those members that are left when the others turned out to have been done before.
	 *
	 * @param items of the members
	 */
	effectFor(items: number[]): SideEffect<T>;
}

export interface RequestMember extends Member {
	/** The idempotency key; none once a part of the item has begun. */
	key?: string;
	/** What stands for it among the acts of the day, where they are counted. */
	slot?: string[];
}

/** What became of one member of a step. */
export type RequestResult<T> =
	| { kind: 'done'; request: number; value: T; raw: () => unknown }
	| { kind: 'skipped'; usedKey: string }
	| { kind: 'failed'; error: OperationError; isBeyondCap?: true };

/** One item whose parameters were read and found good. */
export interface LiveItem<P> {
	item: number;
	parameters: P;
	key?: string;
}

/** What an operation may ask, bound to one item. */
export interface Step {
	/** True when nothing may be sent but reads. */
	readonly dryRun: boolean;
	/** Asks for something; repeated up to twice when no clear answer comes. @throws OperationError */
	read<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<T>;
	/** The result for all items of this run, found out once; what could not be found is looked for again. */
	readOnce<T>(name: string, find: () => Promise<T>): Promise<T>;
	/** Balances that this run's own acts have told, or in a dry run would have made, by account. */
	readonly balances: Map<string, number>;
	/** Tells the person something beside the items, once in a run. */
	hint(message: string): void;
	/** Something that was read, without secrets: for what an item shows of it. */
	redacted<T>(found: T): T;
	/** A part of a reply as `raw`, without secrets; undefined where the person does not ask for it. */
	raw(part: unknown): { raw: IDataObject } | undefined;
}

/** Any operation, whatever its parameters are; the pipeline only hands them on. */
export type Operation =
	ReadOperation<unknown> | ActOperation<unknown, unknown, IDataObject, unknown> | SharingOperation<unknown>;

export type Acting = Exclude<Operation, ReadOperation<unknown>>;

/** The operations of one resource, in the order of the editor's list. */
export interface Resource {
	option: INodePropertyOptions & { value: string };
	operations: Operation[];
	/** `value` of the operation that a new node starts with. */
	default: string;
}
