import { LIMIT_FIELDS, limitIn } from '../../../shared/operation/limit';
import { shared } from '../../../shared/operation/lists';
import type { ReadOperation } from '../../../shared/operation/types';
import { GROUPS } from '../../group';
import { entriesOf } from '../../list';

export const getAll: ReadOperation<{ limit: number }> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many groups',
		description: 'List the contact groups of the account',
	},
	fields: LIMIT_FIELDS,
	effect: 'reads',
	parameters: (read) => ({ limit: limitIn(read) }),

	async run({ limit }, step) {
		const groups = await entriesOf(shared(step), GROUPS, {}, limit);
		return groups.map(({ value, entry }) => ({ ...value, ...step.raw(entry) }));
	},
};
