import { invalid } from '../shared/errors';
import { textField } from '../shared/operation/fields';
import type { ParameterReader } from '../shared/operation/types';

export const KEYWORD_FIELD = textField('Keyword', 'keyword', {
	required: true,
	placeholder: 'e.g. honey',
	description: 'The word that people text to join',
});

/** @throws OperationError `invalid` */
export function keywordIn(read: ParameterReader): string {
	const keyword = read.required('keyword');
	if (!/\s/.test(keyword) && !/^\.+$/.test(keyword)) return keyword;
	throw invalid(read.label('keyword'), 'must be one word, without spaces', 'Write the word alone.');
}

export function keywordPath(keyword: string): string {
	return `/keywords/${encodeURIComponent(keyword)}`;
}
