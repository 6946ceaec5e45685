import type { ReadOperation } from '../../../shared/operation/types';
import { BY_NUMBER } from '../../../shared/sms/contacts';
import { findKnownContact } from '../../contact';

export const get: ReadOperation<{ phoneNumber: string }> = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get contact',
		description: 'Look up a contact by the phone number, such as to see whether it has opted out',
		hint: 'Says of one customer or phone number whether they are subscribed or unsubscribed at EZ Texting; finds their contact.',
	},
	...BY_NUMBER,
	effect: 'reads',
	run: async ({ phoneNumber }, step) => await findKnownContact(step, phoneNumber),
};
