import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { Ask, Listed } from '../shared/operation/lists';
import { askInEditor, notListed } from '../shared/pipeline/askInEditor';
import { mailPartner } from './provider';
import { isUsable, listRequest, pageIn, pagesOf, type Subaccount } from './subaccountList';

/**
 * Fills the dropdown of sub-accounts, a page of the list at a time.
 *
 * @param filter what the person typed; found in email, token or id, on all pages
 * @param paginationToken number of the page
 */
export async function searchSubaccounts(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';
	const read: Ask = async (request, parse) =>
		await askInEditor(this, mailPartner, 'subaccount.getAll', request, parse).catch((error: unknown) => {
			throw notListed(this, 'sub-accounts', error);
		});

	if (wanted === '') {
		const number = Number(paginationToken ?? 1);
		const page = await read(listRequest(number), (data) => pageIn(data, number));
		return {
			results: page.entries.filter(isUsable).map(optionOf),
			...(!page.isLast && { paginationToken: String(number + 1) }),
		};
	}
	// What a person searches for may stand on any page.
	const results: INodeListSearchResult['results'] = [];
	for await (const { entries } of pagesOf({ read, readOnce: async (_name, find) => await find() })) {
		const named = entries
			.filter(isUsable)
			.filter(({ value: { email, token, id } }) => `${email} ${token} ${id}`.toLowerCase().includes(wanted));
		results.push(...named.map(optionOf));
	}
	return { results };
}

function optionOf({ value: { email, token, id, balance, currency } }: Listed<Subaccount>) {
	return { name: `${email ?? id ?? token} (${balance} ${currency})`, value: token };
}
