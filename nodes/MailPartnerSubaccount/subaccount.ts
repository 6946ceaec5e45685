import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call, WireRequest } from '../shared/operation';
import { invalid } from '../shared/outcome';
import type { Parameters } from '../shared/parameters';
import { shortened } from '../shared/parameters';
import { numberIn, objectIn, textIn, UnrecognisedReply } from '../shared/reply';

/** One sub-account of the list, as items show it. */
export interface Subaccount extends IDataObject {
	id: string | null;
	email: string | null;
	type: string | null;
	token: string;
	/** EUR. */
	balance: number;
	currency: string;
	/** The provider's own text. */
	createdAt: string | null;
	/** The sub-account's own key; shown only where the person asks for it. */
	apiKey: string | null;
}

/** One page of the list: each sub-account, and its entry as it came. */
export interface Page {
	found: Array<{ subaccount: Subaccount; entry: unknown }>;
	/** Entries without a token or with a balance that can't be read, with what is known of them. */
	unusable: Array<{ known: KnownOfSubaccount; entry: unknown }>;
	isLast: boolean;
}

/** What an entry of the list says. */
export type KnownOfSubaccount = Omit<Subaccount, 'token' | 'balance'> & {
	token: string | null;
	balance: number | null;
};

/** The list of sub-accounts, 20 to a page, the first of which is 1. Source: MailPartner, list of sub-accounts. */
export function listRequest(page: number): WireRequest {
	return { method: 'GET', path: '/subaccount/list', query: { page: String(page) } };
}

/** @throws UnrecognisedReply without a list */
export function pageIn(data: unknown): Page {
	const page = objectIn(data);
	const entries = entriesIn(page.data);
	const total = numberIn(page.total);
	const perPage = numberIn(page.nb_per_page) ?? 20;
	const number = numberIn(page.page) ?? 1;
	const read = entries.map((entry) => ({ known: subaccountIn(entry), entry }));
	return {
		found: read.flatMap(({ known, entry }) => (isUsable(known) ? [{ subaccount: known, entry }] : [])),
		unusable: read.filter(({ known }) => !isUsable(known)),
		isLast: entries.length === 0 || (total !== null ? number * perPage >= total : entries.length < perPage),
	};
}

/** The entries of a list, of an object whose keys number them, or of a list of one that arrives without the list. */
function entriesIn(value: unknown): unknown[] {
	const object = objectIn(value);
	const isOne = ['token', 'credits', 'email'].some((key) => key in object);
	const entries = Array.isArray(value) ? (value as unknown[]) : isOne ? [object] : Object.values(object);
	const hasAny = entries.some((entry) => Object.keys(objectIn(entry)).length > 0);
	if (hasAny || (Array.isArray(value) && entries.length === 0)) return entries;
	throw new UnrecognisedReply('the reply has no list of sub-accounts');
}

function subaccountIn(value: unknown): KnownOfSubaccount {
	const entry = objectIn(value);
	const credits = objectIn(entry.credits);
	return {
		id: textIn(entry.id),
		email: textIn(entry.email),
		type: textIn(entry.type),
		token: textIn(entry.token),
		balance: numberIn(credits.balance),
		currency: textIn(credits.currency) ?? 'EUR',
		createdAt: textIn(entry.createdAt),
		apiKey: textIn(entry.apiKey),
	};
}

function isUsable(known: KnownOfSubaccount): known is Subaccount {
	return known.token !== null && known.balance !== null;
}

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

/**
 * The sub-account that a resource locator names.
 *
 * @param mode `list`, `token` or `email`
 * @throws OperationFailure `invalid`
 */
export function referenceOf(mode: unknown, value: unknown): Reference {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (text === '')
		throw invalid('Subaccount', 'is empty', 'Pick one, or look at the expression in this field.');
	if (mode !== 'email') return { by: 'token', value: text };
	if (!/^[^\s@]+@[^\s@]+$/.test(text))
		throw invalid('Subaccount', `is no e-mail address: "${shortened(text)}"`);
	return { by: 'email', value: text };
}

/** The sub-account that an item names. @throws OperationFailure `invalid` */
export function referenceIn(read: Parameters): Reference {
	return referenceOf(read.value('subaccount.mode'), read.value('subaccount.value'));
}

/** A sub-account as items show it; with its own API key only where the person asks for that. */
export function shownSubaccount({ apiKey, ...subaccount }: Subaccount, includeApiKeys: boolean): IDataObject {
	return includeApiKeys ? { ...subaccount, apiKey } : subaccount;
}

/**
 * Finds a sub-account in the list, page after page.
 *
 * @throws OperationFailure `invalid` when no sub-account has this email or token
 */
export async function findSubaccount(
	read: Call['read'],
	reference: Reference,
): Promise<Page['found'][number]> {
	for (let page = 1; ; page++) {
		const { found, isLast } = await read(listRequest(page), pageIn);
		const named = found.find(({ subaccount }) => isNamed(subaccount, reference));
		if (named) return named;
		if (isLast) throw notFound(reference);
	}
}

/** Whether a sub-account is the one that is named. */
export function isNamed({ email, token }: Subaccount, { by, value }: Reference): boolean {
	return by === 'token' ? token === value : email?.toLowerCase() === value.toLowerCase();
}

export function notFound({ by, value }: Reference) {
	return invalid(
		'Subaccount',
		`was not found: no sub-account has the ${by} ${shortened(value)}`,
		'Look it up with “Get Many”, or pick it from the list.',
	);
}

/** The token of a named sub-account; for an email the list is read, once for all items of the run. */
export async function tokenOf(call: Call, reference: Reference): Promise<string> {
	if (reference.by === 'token') return reference.value;
	const readOnce: Call['read'] = async (request, normalise) =>
		await call.shared(
			`${request.path} ${request.query?.page}`,
			async () => await call.read(request, normalise),
		);
	return await call.once('token', async () => (await findSubaccount(readOnce, reference)).subaccount.token);
}
