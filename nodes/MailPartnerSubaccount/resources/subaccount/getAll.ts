import { booleanField } from '../../../shared/operation/fields';
import { LIMIT_FIELDS, limitIn, type Listed } from '../../../shared/operation/lists';
import type { ReadOperation } from '../../../shared/operation/types';
import { shownSubaccount } from '../../subaccount';
import { isUsable, missingOf, pagesOf, type KnownOfSubaccount, type Subaccount } from '../../subaccountList';

export const getAll: ReadOperation<{ limit: number; includeApiKeys: boolean }> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many sub-accounts',
		description: 'List the sub-accounts with their balances',
		hint: 'Lists or shows all clients and customers of a reseller, and how much credit each has.',
	},
	fields: LIMIT_FIELDS,
	options: [
		booleanField(
			'Include API Keys',
			'includeApiKeys',
			'Whether to add the API key of each sub-account. Whoever sees the execution sees them, and each one opens its account.',
		),
	],
	effect: 'reads',
	parameters: (read) => ({
		limit: limitIn(read),
		includeApiKeys: read.boolean('options.includeApiKeys'),
	}),

	async run({ limit, includeApiKeys }, step) {
		const found: Array<Listed<Subaccount>> = [];
		const unusable: Array<Listed<KnownOfSubaccount>> = [];
		for await (const { entries } of pagesOf(step)) {
			for (const each of entries) (isUsable(each) ? found : unusable).push(each);
			if (found.length >= limit) break;
		}
		if (unusable.length > 0) step.hint(leftOut(unusable));
		return found.slice(0, limit).map(({ value, entry }) => ({
			...shownSubaccount(value, includeApiKeys),
			...step.raw(entry),
		}));
	},
};

/** How many sub-accounts that are left out are named. */
const MOST_NAMED = 10;

function leftOut(unusable: Array<Listed<KnownOfSubaccount>>): string {
	const named = unusable.slice(0, MOST_NAMED).map(({ value }) => {
		const { id, email, token } = value;
		const names = [id && `id ${id}`, email, token && `token ${token}`].filter((name) => name !== null);
		return `${names.join(', ') || 'one without a name'} (no usable ${missingOf(value)})`;
	});
	const more = unusable.length - named.length;
	return `Left out of the list of sub-accounts, which doesn’t give all that is needed of them: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
