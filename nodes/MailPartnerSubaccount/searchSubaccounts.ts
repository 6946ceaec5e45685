import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { askInEditor } from '../shared/pipeline/askInEditor';
import { mailPartner } from './provider';
import { listRequest, pageIn } from './subaccount';

/**
 * Fills the dropdown of sub-accounts, a page of the list at a time.
 *
 * @param filter what the person typed; found in email, token or id
 * @param paginationToken number of the page
 */
export async function searchSubaccounts(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';

	for (let number = Number(paginationToken ?? 1); ; number++) {
		const request = listRequest(number);
		const { found, isLast } = await askInEditor(this, mailPartner, request, (data) =>
			pageIn(data, number),
		).catch((error: Error) => {
			throw new NodeOperationError(this.getNode(), `The sub-accounts could not be listed: ${error.message}`);
		});
		const results = found
			.map(({ subaccount: { email, token, id, balance, currency } }) => ({
				name: `${email ?? id ?? token} (${balance} ${currency})`,
				value: token,
				searched: `${email} ${token} ${id}`.toLowerCase(),
			}))
			.filter(({ searched }) => searched.includes(wanted))
			.map(({ name, value }) => ({ name, value }));
		if (results.length > 0 || isLast)
			return { results, ...(!isLast && { paginationToken: String(number + 1) }) };
	}
}
