import type { IDataObject } from 'n8n-workflow';
import { reads } from '../../../shared/declarative';
import { masked } from '../../../shared/mask';
import type { DeclarativeOperation } from '../../../shared/operation';
import { mailPartner } from '../../provider';
import { findSubaccount, referenceOf, shownSubaccount, SUBACCOUNT_FIELD } from '../../subaccount';

export const get: DeclarativeOperation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get subaccount',
		description: 'Find one sub-account by its token or email',
		routing: reads(mailPartner, 'subaccount.get', async ({ read, parameter, option, mask }) => {
			const reference = referenceOf(parameter('subaccount.mode'), parameter('subaccount.value'));
			const { subaccount, entry } = await findSubaccount(read, reference);
			const raw = option('includeRawReply') === true ? { raw: masked(entry, mask) as IDataObject } : {};
			return [{ ...shownSubaccount(subaccount, false), ...raw }];
		}),
	},
	fields: [SUBACCOUNT_FIELD],
	effect: 'reads',
};
