import type { IDataObject } from 'n8n-workflow';
import { reads } from '../../../shared/declarative';
import { masked } from '../../../shared/mask';
import type { DeclarativeOperation } from '../../../shared/operation';
import { invalid } from '../../../shared/outcome';
import { mailPartner } from '../../provider';
import { listRequest, pageIn, shownSubaccount, type Page } from '../../subaccount';

export const getAll: DeclarativeOperation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many subaccounts',
		description: 'List the sub-accounts with their balances',
		routing: reads(mailPartner, 'subaccount.getAll', async ({ read, parameter, option, mask }) => {
			const limit = parameter('returnAll') === true ? Infinity : Number(parameter('limit'));
			if (!(limit >= 1)) throw invalid('Limit', 'must be at least 1');

			const found: Page['found'] = [];
			for (let number = 1, isLast = false; !isLast && found.length < limit; number++) {
				const page = await read(listRequest(number), pageIn);
				found.push(...page.found);
				isLast = page.isLast;
			}
			return found.slice(0, limit).map(({ subaccount, entry }): IDataObject => {
				const raw = option('includeRawReply') === true ? { raw: masked(entry, mask) as IDataObject } : {};
				return { ...shownSubaccount(subaccount, option('includeApiKeys') === true), ...raw };
			});
		}),
	},
	fields: [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: { show: { returnAll: [false] } },
			description: 'Max number of results to return',
		},
	],
	options: [
		{
			displayName: 'Include API Keys',
			name: 'includeApiKeys',
			type: 'boolean',
			default: false,
			description:
				'Whether to add the API key of each sub-account. Whoever sees the execution sees them, and each one opens its account.',
		},
	],
	effect: 'reads',
};
