import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Listed } from '../shared/operation/lists';
import type { Step, ParameterReader } from '../shared/operation/types';
import { invalid } from '../shared/errors';
import { boundedText, LONGEST_NAME } from '../shared/operation/bounds';
import { isEmail, shown, trimmed } from '../shared/values/text';
import { isUsable, missingOf, pagesOf, type KnownOfSubaccount, type Subaccount } from './subaccountList';

/** A token names a sub-account, as an id would; it opens nothing, so the field shows what is typed. */
const BY_TOKEN = 'token';

/** The parameter that names one sub-account. */
export const SUBACCOUNT_FIELD: INodeProperties = {
	displayName: 'Subaccount',
	name: 'subaccount',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The sub-account to work on',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a sub-account…',
			typeOptions: { searchListMethod: 'searchSubaccounts', searchable: true },
		},
		{
			displayName: 'By Token',
			name: BY_TOKEN,
			type: 'string',
			placeholder: 'e.g. the token that creating it returned',
		},
		{
			displayName: 'By Email',
			name: 'email',
			type: 'string',
			placeholder: 'name@email.com',
			hint: 'It is looked up in the list of sub-accounts',
		},
	],
};

/** How a sub-account is named: by its token, or by the email it has in the list. */
export interface Reference {
	by: 'token' | 'email';
	value: string;
}

/** The sub-account that an item names. @throws OperationError `invalid` */
export function referenceIn(read: ParameterReader): Reference {
	const value = read.value('subaccount.value');
	const text =
		typeof value === 'string' || typeof value === 'number'
			? trimmed(boundedText(String(value), 'Subaccount', LONGEST_NAME))
			: '';
	if (text === '')
		throw invalid('Subaccount', 'is empty', 'Pick one, or look at the expression in this field.');
	if (read.value('subaccount.mode') !== 'email') return { by: 'token', value: text };
	if (!isEmail(text)) throw invalid('Subaccount', `is not an e-mail address: "${shown(text)}"`);
	return { by: 'email', value: text };
}

/** A sub-account as items show it; with its own API key only where the person asks for that. */
export function shownSubaccount(
	{ apiKey, ...subaccount }: KnownOfSubaccount,
	includeApiKeys: boolean,
): IDataObject {
	return includeApiKeys ? { ...subaccount, apiKey } : subaccount;
}

/**
 * Finds a sub-account in the list.
 *
 * @throws OperationError `invalid` when no sub-account has this email or token
 */
export async function findSubaccount(step: Step, reference: Reference): Promise<Listed<Subaccount>> {
	const listed = await findEntry(step, reference);
	if (isUsable(listed)) return listed;
	throw invalid(
		'Subaccount',
		`was found, but the list of sub-accounts gives no usable ${missingOf(listed.value)} for it`,
		'Look it up in your account, or ask the support.',
	);
}

async function findEntry(step: Step, reference: Reference): Promise<Listed<KnownOfSubaccount>> {
	for await (const page of pagesOf(step)) {
		const named = page.entries.find(({ value }) => isNamed(value, reference));
		if (named) return named;
	}
	throw invalid(
		'Subaccount',
		`was not found: no sub-account has the ${reference.by} ${shown(reference.value)}`,
		'Look it up with “Get Many”, or pick it from the list.',
	);
}

/** Whether a sub-account is the one that is named. */
function isNamed({ email, token }: KnownOfSubaccount, { by, value }: Reference): boolean {
	return by === 'token' ? token === value : email?.toLowerCase() === value.toLowerCase();
}

/** The token of a named sub-account; an email is looked up in the list. */
export async function tokenOf(step: Step, reference: Reference): Promise<string> {
	if (reference.by === 'token') return reference.value;
	const { value } = await findEntry(step, reference);
	return value.token ?? (await findSubaccount(step, reference)).value.token;
}
