import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
	INodeProperties,
	INodePropertyOptions,
	INodePropertyRouting,
} from 'n8n-workflow';
import type { Card } from './card';
import type { OperationFailure } from './outcome';
import type { Parameters } from './parameters';
import type { Reply } from './reply';
import type { Session } from './session';

/** One request as an operation describes it: without log-in, host and what a provider adds to every request. */
export interface WireRequest {
	method: Extract<IHttpRequestMethods, 'GET' | 'POST' | 'DELETE'>;
	/** Appended to the base URL; begins with a slash, its variable parts encoded. */
	path: string;
	query?: Record<string, string>;
	/** Sent form-encoded; a list becomes `Name[]=a&Name[]=b`. */
	form?: Record<string, string | string[]>;
	/** Sent as JSON. */
	json?: IDataObject;
}

/** What a provider's reply amounts to. Text and code of a refusal are the provider's own. */
export type Verdict =
	| { kind: 'success'; data: unknown }
	| { kind: 'refused'; message: string; code?: string }
	| { kind: 'unclear'; why: string; claimsSuccess?: boolean };

/** How one provider is spoken to. */
export interface Provider {
	/** As texts name it. */
	name: string;
	/** Type of the credential that logs in. */
	credential: string;
	/** @throws OperationFailure `invalid` */
	baseUrl(credential: ICredentialDataDecryptedObject): string;
	/** Everything in the credential that may never be seen again. */
	secrets(credential: ICredentialDataDecryptedObject): string[];
	headers: Record<string, string>;
	/** Added to every request's query. */
	query?: Record<string, string>;
	judge(reply: Reply): Verdict;
	/** What a person can do about a refusal; undefined where nothing better is known than the provider's text. */
	advice(
		code: string | undefined,
		httpStatus: number,
		operation: string,
		message: string,
	): string | undefined;
	/** The one HTTP status documented as "not processed": the request may be made once more. */
	notProcessed?: number;
	requestsPerSecond?: number;
	/** How long to wait for a reply when the person sets nothing else, in ms. */
	timeout: number;
}

/** Something that can't be taken back. */
export interface Act<T> {
	request: WireRequest;
	/** Turns the data of a success into what the item needs. @throws UnrecognisedReply when something is missing */
	normalise: (data: unknown) => T;
	/** The card that is charged: after an unclear charge no further one on it leaves in the same run. */
	card?: string;
	/** What it costs, in the unit of the spending limit. */
	cost?: number;
	/** Told right before the request leaves. */
	leaving?(): void;
	/** Told when it is certain after all that nothing happened. */
	returned?(): void;
}

/** What an operation's `run` may do; bound to one item. */
export interface Call {
	/** True when nothing may be sent but reads. */
	readonly dryRun: boolean;
	/** Asks for something; repeated up to twice when no clear answer comes. */
	read: <T>(request: WireRequest, normalise: (data: unknown) => T) => Promise<T>;
	/** Does something, once: a later try of the same execution gets the first one's answer. In a dry run it ends here. */
	act: <T>(step: string, act: Act<T>) => Promise<T>;
	/** What was found out before an act; a later try of the same execution gets the same. Keep it small. */
	once: <T>(step: string, find: () => Promise<T>) => Promise<T>;
	/** What earlier items of this dry run would have added to an account. */
	planned: (account: string) => number;
	plan: (account: string, amount: number) => void;
	/** The result for all items of this run, found out once; for look-ups that all items share. */
	shared: <T>(name: string, find: () => Promise<T>) => Promise<T>;
	/** The card of the payment card credential. @throws OperationFailure `invalid` */
	card: () => Card;
}

/** What every operation tells the editor and the pipeline before anything is sent. */
interface Definition<P> {
	/** `value` is stored in workflows and never changes. */
	option: INodePropertyOptions & { value: string };
	/** Without `displayOptions` for resource and operation: they are stamped on. */
	fields: INodeProperties[];
	/** Further entries of the `options` collection. */
	options?: INodeProperties[];
	/** `reads` changes nothing; `sends` texts people; `spends` takes money or credit; `changes` changes settings. */
	effect: 'reads' | 'sends' | 'spends' | 'changes';
	/** Where it spends: default and unit of its spending limit. */
	spendingLimit?: { default: number; unit: string };
	/** Reads and checks the parameters of one item. @throws OperationFailure `invalid` */
	parameters(read: Parameters): P;
}

/** One operation of a node: what the editor shows, what it takes, what it does for one item. One file each. */
export interface Operation<P> extends Definition<P> {
	/** Whether it pays with the payment card credential. */
	takesCard?(parameters: P): boolean;
	/** What the item will cost, in the unit of the spending limit; null when it can't be known before. */
	cost?(parameters: P): number | null;
	/**
	 * Finds out what can only be found out by asking, such as whether a named account exists; for every item, before the
	 * first act of any. @throws OperationFailure
	 */
	lookUp?(parameters: P, call: Call): Promise<unknown>;
	/** Does it, for one item. */
	run(parameters: P, call: Call): Promise<IDataObject>;
}

/** An operation whose items share requests: it does all of them at once. */
export interface SharingOperation<P> extends Definition<P> {
	requestsPerSecond(checked: Array<Checked<P>>): number | undefined;
	/** Settles every checked item. */
	runAll(checked: Array<Checked<P>>, session: Session, results: Results): Promise<void>;
}

/** A read that n8n's own request engine carries out: its `option` has the `routing`. */
export interface DeclarativeOperation extends Omit<Definition<never>, 'parameters'> {
	option: INodePropertyOptions & { value: string; routing: INodePropertyRouting };
	effect: 'reads';
}

/** An operation that this package carries out, whatever its parameters are; the pipeline only hands them on. */
export type ProgrammaticOperation = Operation<unknown> | SharingOperation<unknown>;

export type AnyOperation = ProgrammaticOperation | DeclarativeOperation;

export function isDeclarative(operation: AnyOperation): operation is DeclarativeOperation {
	return !('parameters' in operation);
}

/** One item whose parameters were read and found good. */
export interface Checked<P> {
	item: number;
	parameters: P;
	/** Empty, or the one idempotency key. */
	keys: string[];
}

/** Takes down what became of each item. */
export interface Results {
	/** Whether the node stops on the first failure. */
	readonly stops: boolean;
	succeed(item: number, json: IDataObject): void;
	/** @throws the node's error, when the node stops on failures */
	fail(item: number, failure: OperationFailure): void;
	/** An act whose idempotency key had been used before. */
	skip(item: number, key: string): void;
	/** What a dry run would have sent. */
	plan(item: number, json: IDataObject): void;
}

/** The operations of one resource, in the order of the editor's list. */
export interface Resource {
	option: INodePropertyOptions & { value: string };
	operations: AnyOperation[];
	/** `value` of the operation that a new node starts with. */
	default: string;
}
