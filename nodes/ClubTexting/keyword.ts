import type { IDataObject } from 'n8n-workflow';
import { invalid } from '../shared/errors';
import { textField } from '../shared/operation/fields';
import type { ParameterReader } from '../shared/operation/types';
import { asAsked, booleanIn, listIn, needed, objectIn, textIn } from '../shared/http/response';
import { codeOf, trimmed } from '../shared/values/text';

export const KEYWORD_FIELD = textField('Keyword', 'keyword', {
	required: true,
	placeholder: 'e.g. honey',
	description:
		'The word that people text to the short code, without spaces. Letters a to z and digits are the ones that every phone can text.',
});

/** What a keyword may not hold, with all blanks. Source: Club Texting, REST API documentation, error of keywords. */
const FORBIDDEN = /[?@.![\]{}\-+#$%&'()*/\\:;<>=^`|~]/;
/** What nobody sees and everybody's phone leaves out. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * A keyword as Club Texting rents it, its letters and accents composed.
 *
 * @throws OperationError `invalid`
 */
export function keywordIn(read: ParameterReader): string {
	const keyword = trimmed(read.required('keyword')).normalize('NFC');
	const found = [...new Set(keyword)].filter((sign) => FORBIDDEN.test(sign) || UNSEEN.test(sign));
	if (found.length === 0 && keyword !== '') return keyword;
	throw invalid(
		read.label('keyword'),
		found.length === 0
			? 'is empty'
			: `contains what people can’t text in a keyword: ${found.map(shownInKeyword).join(' ')}`,
		'Take it out. The letters a to z and digits are the ones that every phone can text.',
	);
}

function shownInKeyword(sign: string): string {
	if (sign === ' ') return 'a space';
	return FORBIDDEN.test(sign) ? sign : codeOf(sign);
}

export function keywordPath(keyword: string): string {
	return `/keywords/${encodeURIComponent(keyword)}`;
}

/**
 * The settings of a keyword. Where early replies have a text, later ones have an object with the text in `Message`.
 *
 * @throws UnrecognisedReply without an ID, or about another keyword
 */
export function settingsIn(data: unknown, keyword: string): IDataObject {
	const entry = objectIn(data);
	return {
		keywordId: needed(textIn(entry.ID), 'ID'),
		keyword: asAsked(needed(textIn(entry.Keyword), 'keyword'), keyword, 'keyword'),
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
