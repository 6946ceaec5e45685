import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import type { Affects } from './errors';

/** One request as an operation describes it: without log-in, host and what a provider adds to every request. */
export interface HttpRequest {
	method: Extract<IHttpRequestMethods, 'GET' | 'POST' | 'DELETE'>;
	/** Appended to the base URL; begins with a slash, its variable parts encoded. */
	path: string;
	query?: Record<string, string>;
	/** Sent form-encoded; a list becomes `Name[]=a&Name[]=b`. */
	form?: Record<string, string | string[]>;
	/** Sent as JSON. */
	json?: IDataObject;
	/** Sent as XML. */
	xml?: string;
	/** Sent behind the fields of the form, which then is `multipart/form-data`. */
	file?: UploadedFile;
	/** Fields of the form that come from a credential and are never shown. */
	secretFields?: string[];
	/** It prepares an act and is none: that it is accepted says nothing of the act. */
	prepares?: true;
	/** Looked at when its turn has come: false for what must not leave as it is, since the time it was made for has passed. */
	isTimely?(): boolean;
}

/** A file that goes along with a form. */
export interface UploadedFile {
	/** Of the form. */
	field: string;
	fileName: string;
	mimeType: string;
	bytes: number;
	/** Piece by piece. */
	content(): AsyncIterable<Uint8Array>;
}

/** One HTTP response as it arrived. */
export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	text: string;
}

/**
 * What a request came to.
 *
 * - `done`: the provider confirmed it.
 * - `refused`: it said no, in one of its documented ways; a general no says nothing of the request itself.
 * - `notProcessed`: it said, in its documented way, that it did not process the request: the one that may be repeated.
 * - `notSent`: nothing can have reached it.
 * - `unclear`: none of these is certain.
 */
export type Verdict<T = unknown> =
	| { kind: 'done'; value: T }
	| { kind: 'refused'; message: string; code?: string; affects?: Affects; isGeneral?: boolean }
	| {
			kind: 'notProcessed';
			message: string;
			code?: string;
			/** How long it wants to be left alone, where it says so in a way of its own. In ms. */
			wait?: number;
	  }
	| { kind: 'notSent'; why: string; obstacle?: Obstacle }
	| { kind: 'unclear'; why: string };

/** What keeps a connection from standing, where it is not simply that nobody answers. */
export type Obstacle = 'untrusted' | 'notAllowed';

/** So many requests may leave within a time, in ms. */
export interface Pace {
	requests: number;
	within: number;
}

/** How one provider is spoken to. */
export interface Provider {
	/** As texts name it. */
	name: string;
	/** Sister brands that speak the same API, by the credential's environment, as texts name them. */
	brands?: Record<string, string>;
	/** Type of the credential that logs in. */
	credential: string;
	/** @throws OperationError `invalid` */
	baseUrl(credential: ICredentialDataDecryptedObject): string;
	/** Everything in the credential that may never be seen again. */
	secrets(credential: ICredentialDataDecryptedObject): string[];
	headers: Record<string, string>;
	/** Added to every request's query. */
	query?: Record<string, string>;
	/** Reads the XML that it answers in; left out where it has none. @throws Error */
	parseXml?: (text: string) => unknown;
	/** The provider's own words decide; what is none of its documented responses is judged by its HTTP status. */
	classify(response: HttpResponse, request?: HttpRequest): Verdict;
	/** Why it refused, where its own words are in another language or say too little; they stand in it all the same. */
	reason?(refusal: Refusal): string;
	/** What a person can do about a refusal. */
	advice(refusal: Refusal): string;
	/** Where a person sees what became of an act whose outcome is unknown: a sentence. Undefined for the provider's own pages. */
	whereToLook?(operation: string): string | undefined;
	/** What its documents say to do about an HTTP status of 500. @param name as texts name it */
	brokenAdvice?(name: string): string;
	pace?: Pace;
	/** What names the account of a credential, where the provider counts the requests of an account and not of a run. */
	accountOf?(credential: ICredentialDataDecryptedObject): string;
	/** How many requests may be under way at a time. */
	concurrency: number;
	/** How long to wait for a response when the person sets nothing else, in ms. */
	timeout: number;
}

/** The provider as texts name it: where it has sister brands, the one that the credential speaks to. */
export function nameOf({ name, brands }: Provider, { environment }: { environment?: unknown }): string {
	const brand = String(environment);
	return brands && Object.hasOwn(brands, brand) ? brands[brand]! : name;
}

/** A refusal as the provider gave it. */
export interface Refusal {
	/** The brand that gave it, as texts name it. */
	provider: string;
	code: string | undefined;
	httpStatus: number;
	/** Resource and operation, e.g. `credit.purchase`. */
	operation: string;
	message: string;
	/** Undefined where an earlier try was refused. */
	request?: HttpRequest;
	/** The address of a custom environment; undefined for those of the provider. */
	customUrl?: string;
}
