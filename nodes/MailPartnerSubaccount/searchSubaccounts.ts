import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { askInEditor, notListed } from '../shared/pipeline/askInEditor';
import { mailPartner } from './provider';
import { listRequest, newOn, pageIn } from './subaccountList';

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

	const seen = new Set<string>();
	const results: INodeListSearchResult['results'] = [];
	for (let number = Number(paginationToken ?? 1); ; number++) {
		const request = listRequest(number);
		const page = await askInEditor(this, mailPartner, 'subaccount.getAll', request, (data) =>
			pageIn(data, number),
		).catch((error: unknown) => {
			throw notListed(this, 'sub-accounts', error);
		});
		const { found, isLast } = newOn(page, seen);
		results.push(
			...found
				.map(({ subaccount: { email, token, id, balance, currency } }) => ({
					name: `${email ?? id ?? token} (${balance} ${currency})`,
					value: token,
					searched: `${email} ${token} ${id}`.toLowerCase(),
				}))
				.filter(({ searched }) => searched.includes(wanted))
				.map(({ name, value }) => ({ name, value })),
		);
		if (isLast) return { results };
		// What a person searches for may stand on any page.
		if (wanted === '') return { results, paginationToken: String(number + 1) };
	}
}
