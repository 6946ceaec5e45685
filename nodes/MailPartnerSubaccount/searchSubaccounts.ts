import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { judged } from '../shared/judge';
import { maskOf } from '../shared/mask';
import { requestOptions, send } from '../shared/transport';
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
	const credential = await this.getCredentials(mailPartner.credential);
	const mask = maskOf(mailPartner.secrets(credential));
	const wanted = filter?.trim().toLowerCase() ?? '';

	for (let number = Number(paginationToken ?? 1); ; number++) {
		const options = requestOptions(
			mailPartner,
			mailPartner.baseUrl(credential),
			listRequest(number),
			mailPartner.timeout,
		);
		const answer = judged(
			mailPartner,
			await send(this as never, mailPartner, credential, options),
			pageIn,
			mask,
		);
		if (answer.kind !== 'success') {
			const text = answer.kind === 'refused' ? answer.message : answer.why;
			throw new NodeOperationError(this.getNode(), `The sub-accounts could not be listed: ${mask(text)}`);
		}
		const { found, isLast } = answer.value;
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
