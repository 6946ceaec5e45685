import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { invalid } from '../shared/errors';
import type { ParameterReader } from '../shared/operation/types';
import { booleanIn, listIn, needed, objectIn, textIn } from '../shared/http/response';
import { trimmed } from '../shared/values/text';
import { named } from './characters';

export const KEYWORD_FIELD: INodeProperties = {
	displayName: 'Keyword',
	name: 'keyword',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. honey',
	description: 'The word that people text to the short code: letters a to z and digits, without spaces',
};

/**
 * A keyword as any phone can text it: letters a to z and digits. Club Texting rents others too, and nobody could join.
 *
 * @throws OperationError `invalid`
 */
export function keywordIn(read: ParameterReader): string {
	const keyword = trimmed(read.required('keyword'));
	const letters = keyword.replace(/.\p{M}+/gu, (letter) => letter.normalize('NFC'));
	const found = [...new Set(letters.match(/[^a-zA-Z0-9]/gu))];
	if (found.length === 0 && keyword !== '') return keyword;
	throw invalid(
		read.label('keyword'),
		found.length === 0
			? 'is empty'
			: `contains what people can’t text in a keyword: ${found.map(shownInKeyword).join(' ')}`,
		'Use the letters a to z and digits only, without spaces.',
	);
}

function shownInKeyword(character: string): string {
	if (/[!-~]/.test(character)) return character;
	return character === ' ' ? 'a space' : named(character);
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
