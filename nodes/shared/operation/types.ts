import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { OperationError } from '../errors';
import type { Card } from '../paymentCard';
import type { HttpRequest, Pace } from '../provider';
import type { Asking, Attachment, LiveItem, LookUp, SharedRun, SideEffect } from './acts';

/** What every operation tells the editor and the pipeline before anything is sent. */
interface Definition<P> {
	/** `value` is stored in workflows and never changes; `hint` is read by n8n's assistant that builds workflows. */
	option: Omit<INodePropertyOptions, 'builderHint'> & { value: string; hint: string };
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
	/** What a failure is to name, such as the job that is asked about. */
	subject?(parameters: P): string | undefined;
	/** @returns one item, or the items of a list; an error among them fails alone, and the others come out */
	run(parameters: P, step: Step): Promise<IDataObject | Array<IDataObject | OperationError>>;
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
	/** @param kept with the act; not there yet where the total is planned */
	cost(parameters: P, kept?: IDataObject): number;
	/** It is spent only if asking tells so: held against the limit item by item. */
	onlyIfNeeded?: true;
}

/**
 * Acts once for each item.
 *
 * What comes out is made of what was kept and of the provider's answer, never of the parameters: a later try of the
 * execution shows the act as it was, whatever an expression resolves to by then.
 *
 * Its types are those of the parameters, of what is kept, of the answer, and of what asking tells.
 */
export interface ActOperation<
	P,
	K extends IDataObject = IDataObject,
	T = unknown,
	R = undefined,
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
	/**
	 * What its act says, as n8n's database is to know it, where the request does not say it: for one that names what has
	 * been prepared, which is another in each try.
	 */
	content?(parameters: P): unknown;
	/** Where an act that was not clearly answered can be seen to have happened. */
	lookUp?(kept: K): LookUp<T>;
	/** Whether the idempotency key is looked at before `keep`, which may make something, or find what it has done before. */
	keyFirst?(parameters: P, resolved: R): boolean;
	/** What a failure is to name, such as the job that is left; undefined where there is nothing yet. */
	subject?(kept: IDataObject): string | undefined;
	/**
	 * What of its output is certain before the act, for the item of a dry run: the nodes behind can be tried with it. What
	 * only the answer tells is left out.
	 */
	foresee?(kept: K, parameters: P): IDataObject;
	/** What a dry run shows of an act that has to be prepared, in place of `keep`, `request` and `foresee`. */
	plan?(parameters: P, step: Step, resolved: R): Promise<PreparedPlan>;
	/** @param value undefined when there was nothing to do */
	output(kept: K, value: T | undefined, step: Step): IDataObject | Promise<IDataObject>;
}

/** The requests of one act, in their order, and what is known of its output beforehand. */
export interface PreparedPlan {
	prepares: HttpRequest[];
	/** Undefined where it would not be done. */
	act: HttpRequest | undefined;
	json: IDataObject;
}

/** An operation whose items share requests: it plans and sends all of them at once. */
export interface SharingOperation<P> extends ActDefinition<P> {
	pace(parameters: P[]): Pace;
	/**
	 * Settles every item.
	 *
	 * @param live those that have to be sent, wholly or in part
	 * @param done those that an earlier try has sent
	 */
	sendAll(live: Array<LiveItem<P>>, done: number[], run: SharedRun): Promise<void>;
}

/** What an operation may ask, bound to one item. */
export interface Step extends Asking {
	/** True when nothing may be sent but reads. */
	readonly dryRun: boolean;
	/**
	 * Makes something that the act needs and that can be looked up, such as a group. It leaves once and is not repeated; not
	 * for a dry run. @throws OperationError
	 */
	make<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<T>;
	/**
	 * Sends once what costs nothing and binds nobody, such as an upload: it may be done again in another try.
	 *
	 * @throws OperationError; `unknown`, too, where the reply is about what was made for another item
	 */
	prepare<T extends Made>(request: HttpRequest, parse: (data: unknown) => T): Promise<T>;
	/** What earlier tries have prepared for this item, as it was kept. */
	readonly prepared: IDataObject;
	keepPrepared(prepared: IDataObject): void;
	/** Whether another execution has tried before, of which other retries may be there as well. */
	readonly isRetriedExecution: boolean;
	/** A name for what is prepared for this item, the same in each retry. @param content what it says */
	tagFor(content: string): string;
	/** Waits. @param ms @throws OperationError when the execution is cancelled */
	pause(ms: number): Promise<void>;
	/** A file of the item. @param name of its binary property @throws OperationError `invalid` when it has none */
	attachment(name: string): Promise<Attachment>;
	/** Balances that this run's own acts have told, by account. */
	readonly balances: Map<string, number>;
	/** What the node has bought in this execution, or would have in a dry run. */
	readonly bought: Purchases;
	/** Tells the person something beside the items, once in a run. */
	hint(message: string): void;
	/** Something that was read, without secrets: for what an item shows of it. */
	redacted<T>(found: T): T;
	/** A reply, or what of it is shown, as `raw`, without secrets; undefined where the person does not ask for it. */
	raw(reply: unknown): { raw: IDataObject } | undefined;
}

/** What was made at the provider, which names it. */
export interface Made {
	id: string;
}

/** What a node has bought in an execution, in the unit of the account's balance. */
export interface Purchases {
	/** Up to which balance it has bought, less what was set aside since; undefined where nothing was bought. */
	upTo(account: string): number | undefined;
	/** The same without purchases whose outcome is unknown. */
	certainlyUpTo(account: string): number | undefined;
	/** Whether a balance is what an earlier round of this try has left. */
	isAsLeft(account: string, balance: number): boolean;
	/** What is set aside, by name. */
	aside(account: string): Map<string, number>;
	/** Sets an amount aside, in place of what is set aside under that name. */
	setAside(account: string, name: string, amount: number): void;
	/** Takes note that what is set aside under a name is gone from the balance. */
	spent(account: string, name: string): void;
}

/**
 * Reads the parameters of one item, typed and checked. Every method throws OperationError `invalid` with the field's
 * label when the value can't be used. A path such as `options.subject` reads an entry of a collection, of one within
 * it with one more name; an entry that the person did not add reads as empty.
 */
export interface ParameterReader {
	/** The value as n8n resolved it. */
	value(path: string): unknown;
	/** Whether the person added an entry of a collection, whatever it resolves to. */
	isGiven(path: string): boolean;
	/** Text without blanks at its ends; numbers are taken as text. Empty where nothing is given. */
	text(path: string): string;
	/** Text exactly as given. */
	verbatim(path: string): string;
	/** Text whose absence does something: it may be left alone, but an expression must not resolve to nothing. */
	meant(path: string): string;
	/** Text that must not be empty. */
	required(path: string): string;
	/** Text that names an act: beside fixed words, no expression in it must resolve to nothing. */
	naming(path: string): string;
	/** An email address, or empty. */
	email(path: string): string;
	/** The whole of a web address, or empty. @param advice how to write it */
	webAddress(path: string, advice: string): string;
	boolean(path: string): boolean;
	/** A number; numeric text is taken as one. */
	number(path: string, rule: { min: number; max?: number; decimals: number; unit: string }): number;
	/** One of the values of a dropdown. */
	choice<T extends string>(path: string, values: readonly T[]): T;
	/** Names with commas or new lines between them, or a list; blanks and empty names dropped. */
	names(path: string): string[];
	/** A point in time, in ms since 1970; undefined where nothing is given. Without a zone, the workflow's applies. */
	time(path: string): number | undefined;
	/** The name of the workflow's time zone. */
	readonly timeZone: string;
	label(path: string): string;
	/** Fields of the node's credential that are no secrets, such as a country. */
	readonly credential: IDataObject;
}

export type AnyAct = ActOperation<unknown, IDataObject, unknown, unknown>;

/** Any operation, whatever its parameters are; the pipeline only hands them on. */
export type Operation = ReadOperation<unknown> | AnyAct | SharingOperation<unknown>;

export type Acting = Exclude<Operation, ReadOperation<unknown>>;

/** The operations of one resource, in the order of the editor's list. */
export interface Resource {
	option: INodePropertyOptions & { value: string };
	operations: Operation[];
	/** `value` of the operation that a new node starts with. */
	default: string;
}
