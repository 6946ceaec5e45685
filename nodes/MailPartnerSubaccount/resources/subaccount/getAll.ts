import { LIMIT_FIELDS, limitIn } from '../../../shared/operation/limit';
import type { ReadOperation } from '../../../shared/operation/types';
import { pagesOf, shownSubaccount, type Page } from '../../subaccount';

interface GetAll {
	/** Infinity for all. */
	limit: number;
	includeApiKeys: boolean;
}

export const getAll: ReadOperation<GetAll> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many sub-accounts',
		description: 'List the sub-accounts with their balances',
	},
	fields: LIMIT_FIELDS,
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
	parameters: (read) => ({
		limit: limitIn(read),
		includeApiKeys: read.boolean('options.includeApiKeys'),
	}),

	async run({ limit, includeApiKeys }, step) {
		const found: Page['found'] = [];
		for await (const page of pagesOf(step)) {
			found.push(...page.found);
			if (found.length >= limit) break;
		}
		return found.slice(0, limit).map(({ subaccount, entry }) => ({
			...shownSubaccount(subaccount, includeApiKeys),
			...step.raw(entry),
		}));
	},
};
