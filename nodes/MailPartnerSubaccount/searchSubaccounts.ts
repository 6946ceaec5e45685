import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { requestOptions, send } from '../shared/http/request';
import { evaluate } from '../shared/pipeline/evaluate';
import { redactorOf } from '../shared/redact';
import { mailPartner } from './provider';
import { listRequest, newOn, pageIn } from './subaccount';

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
	const redact = redactorOf(mailPartner.secrets(credential));
	const wanted = filter?.trim().toLowerCase() ?? '';

	const seen = new Set<string>();
	for (let number = Number(paginationToken ?? 1); ; number++) {
		const options = requestOptions(
			mailPartner,
			mailPartner.baseUrl(credential),
			listRequest(number),
			mailPartner.timeout,
		);
		const result = await send(this, mailPartner, credential, options);
		const { verdict } = evaluate(mailPartner, result, (data) => pageIn(data, number), redact);
		if (verdict.kind !== 'done') {
			const text = 'message' in verdict ? verdict.message : verdict.why;
			throw new NodeOperationError(this.getNode(), `The sub-accounts could not be listed: ${text}`);
		}
		const { found, isLast } = newOn(verdict.value, seen);
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
