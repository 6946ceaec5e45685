import type { ReadOperation } from '../../../shared/operation/types';
import { BY_NUMBER } from '../../../shared/sms/contacts';
import { findKnownContact } from '../../contact';

/** Source: Club Texting, REST API documentation, "Contacts": found by a search, since contacts are named by an ID. */
export const get: ReadOperation<{ phoneNumber: string }> = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get contact',
		description: 'Look up one contact by phone number, such as to see whether somebody has opted out',
		hint: 'Finds the contact of one customer or phone number: name, email, and whether they have unsubscribed.',
	},
	...BY_NUMBER,
	effect: 'reads',
	async run({ phoneNumber }, step) {
		const { value, entry } = await findKnownContact(step, phoneNumber);
		return { ...value, ...step.raw(entry) };
	},
};
