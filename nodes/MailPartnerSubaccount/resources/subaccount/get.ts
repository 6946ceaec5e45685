import type { ReadOperation } from '../../../shared/operation/types';
import {
	findSubaccount,
	referenceIn,
	shownSubaccount,
	SUBACCOUNT_FIELD,
	type Reference,
} from '../../subaccount';

export const get: ReadOperation<{ reference: Reference }> = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get sub-account',
		description: 'Find one sub-account by its token or email',
		hint: 'Looks up or shows one client or customer of a reseller: how much credit a client has, balance and token.',
	},
	fields: [SUBACCOUNT_FIELD],
	effect: 'reads',
	parameters: (read) => ({ reference: referenceIn(read) }),

	async run({ reference }, step) {
		const { value, entry } = await findSubaccount(step, reference);
		return { ...shownSubaccount(value, false), ...step.raw(entry) };
	},
};
