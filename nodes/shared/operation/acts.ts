import type { IDataObject } from 'n8n-workflow';
import type { Account, OperationError } from '../errors';
import type { Journal } from '../idempotency/journal';
import type { Member } from '../idempotency/journalFormat';
import type { HttpRequest, UploadedFile } from '../provider';

/** Something that can't be taken back. */
export interface SideEffect<T> {
	request: HttpRequest;
	/** Turns the data of a success into what the item needs. @throws UnrecognisedReply when something is missing */
	parse(data: unknown): T;
	/** What is made before it, as a dry run shows it. */
	before?: HttpRequest[];
	/** Not even made once more where the provider says that it did not process it. */
	isNeverRepeated?: true;
	/** What is charged: nothing more is asked of it in this run once an outcome is unclear. */
	account?: Account;
	/** Whether a refusal would meet everything that charges the account. One without a code is not the provider's own. */
	isAboutAccount?(message: string, code: string): boolean;
	/** The account's balance as the answer tells it. */
	balance?(value: T): AccountBalance;
	/** What it comes to with this, for what the node asks about behind it: a balance may lag. */
	expectedBalance?: ExpectedBalance;
}

/** Where an act that was not clearly answered can be seen to have happened. */
export interface LookUp<T> {
	request: HttpRequest;
	/** @param isRefused whether the provider said no to the act */
	parse(data: unknown, isRefused: boolean): Sighting<T>;
}

/**
 * What can be seen of an act: that it has happened; that it has not, so far; or something that tells neither.
 * `state` says so in words.
 */
export type Sighting<T> = { kind: 'happened'; value: T } | { kind: 'open' | 'unclear'; state: string };

/** A file of an item; its name is empty where it has none. */
export interface Attachment extends Omit<UploadedFile, 'field'> {
	/** Another one for other content. */
	identity: string;
}

interface AccountBalance {
	/** Tells accounts of one run apart. */
	account: string;
	amount: number;
}

export interface ExpectedBalance extends AccountBalance {
	/** The same without earlier purchases whose outcome is unknown, where the operation tells them apart. */
	certain?: number;
	/** What of it is set aside at once. */
	aside?: { name: string; amount: number };
}

/** Awaited in each round of a long loop, it gives n8n's event loop a turn now and then. */
export type Breather = () => Promise<void> | undefined;

/** What may be asked for one item. */
export interface Asking {
	/** Asks for something; repeated up to twice when no clear answer comes. @throws OperationError */
	read<T>(request: HttpRequest, parse: (data: unknown) => T): Promise<T>;
	/**
	 * The result for all items of this run, found out once; what could not be found is looked for again.
	 *
	 * @param since what was found out before this time, in ms since 1970, is found out anew
	 */
	readOnce<T>(name: string, find: () => Promise<T>, since?: number): Promise<T>;
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
	/** Tells the person something beside the items, once in a run. */
	hint(message: string): void;
	/** Asks something for an item before its act; what can't be told makes it not sent. @throws OperationError */
	ask<T>(item: number, work: (asking: Asking) => Promise<T>): Promise<T>;
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
	/** Waits for what has to be settled before it leaves; false where it must not leave any more. */
	mayLeave?(): Promise<boolean>;
	lookUp?: LookUp<T>;
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
