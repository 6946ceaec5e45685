import type { IDataObject } from 'n8n-workflow';

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
	/** An email address, or empty. */
	email(path: string): string;
	boolean(path: string): boolean;
	/** A number; numeric text is taken as one. */
	number(path: string, rule: { min: number; decimals: number; unit: string }): number;
	/** One of the values of a dropdown. */
	choice<T extends string>(path: string, values: readonly T[]): T;
	/** Names separated by commas, or a list; blanks and empty names dropped. */
	names(path: string): string[];
	/** A point in time, in ms since 1970; undefined where nothing is given. Without a zone, the workflow's applies. */
	time(path: string): number | undefined;
	/** The name of the workflow's time zone. */
	readonly timeZone: string;
	label(path: string): string;
	/** Fields of the node's credential that are no secrets, such as a country. */
	readonly credential: IDataObject;
}
