import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { invalid } from '../shared/errors';
import type { ParameterReader } from '../shared/operation/parameters';
import { booleanIn, listIn, needed, objectIn, textIn } from '../shared/http/response';

export const KEYWORD_FIELD: INodeProperties = {
	displayName: 'Keyword',
	name: 'keyword',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. honey',
	description: 'The word that people text to the short code; without blanks and most punctuation',
};

/** What a keyword can't contain. Source: Club Texting's own error text on keywords. */
const FORBIDDEN = /[\s?@.![\]{}\-+#$%&'()*/\\:;<>=^`|~]/g;

/** @throws OperationError `invalid` */
export function keywordIn(read: ParameterReader): string {
	const keyword = read.required('keyword');
	const found = [...new Set(keyword.match(FORBIDDEN) ?? [])];
	if (found.length === 0) return keyword;
	const shown = found.map((character) => (/\s/.test(character) ? 'a blank' : character)).join(' ');
	throw invalid(read.label('keyword'), `holds what a keyword can’t contain: ${shown}`);
}

/** The path of a keyword. */
export function keywordPath(keyword: string): string {
	return `/keywords/${encodeURIComponent(keyword)}`;
}

/**
 * The settings of a keyword. Where early replies have a text, later ones have an object with the text in `Message`.
 *
 * @throws UnrecognisedReply without an ID or a keyword
 */
export function settingsIn(data: unknown): IDataObject {
	const entry = objectIn(data);
	return {
		keywordId: needed(textIn(entry.ID), 'ID'),
		keyword: needed(textIn(entry.Keyword), 'keyword'),
		doubleOptIn: booleanIn(entry.EnableDoubleOptIn),
		confirmMessage: messageIn(entry.ConfirmMessage),
		joinMessage: messageIn(entry.JoinMessage),
		forwardEmail: textIn(entry.ForwardEmail),
		forwardUrl: textIn(entry.ForwardUrl),
		contactGroups: listIn(entry.ContactGroupIDs) ?? [],
	};
}

function messageIn(value: unknown): string | null {
	return textIn(typeof value === 'object' && value !== null ? objectIn(value).Message : value);
}
