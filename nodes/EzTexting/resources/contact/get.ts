import type { ReadOperation } from '../../../shared/operation/types';
import { CONTACT_FIELD, contactNumberIn, findKnownContact } from '../../contact';

export const get: ReadOperation<{ phoneNumber: string }> = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get contact',
		description: 'Look up a contact by the phone number, such as to see whether it has opted out',
	},
	fields: [CONTACT_FIELD],
	effect: 'reads',
	parameters: (read) => ({ phoneNumber: contactNumberIn(read) }),
	run: async ({ phoneNumber }, step) => await findKnownContact(step, phoneNumber),
};
