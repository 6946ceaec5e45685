import type { ActOperation } from '../../../shared/operation/types';
import { DELETING } from '../../../shared/sms/contacts';
import { contactPath, findKnownContact, optedOutContact } from '../../contact';
import { deletionIn } from '../../provider';

/** Source: Club Texting, REST API documentation, "Contacts", and the vendor's samples. */
export const deleteContact: ActOperation<
	{ phoneNumber: string },
	{ contactId: string; phoneNumber: string }
> = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete contact',
		description: 'Delete a contact for good. One who has opted out can’t be deleted.',
		hint: 'Removes, erases or forgets a person as a contact altogether. To only stop the texts, use Opt Out.',
	},
	...DELETING,
	async keep({ phoneNumber }, step) {
		const { value } = await findKnownContact(step, phoneNumber);
		if (value.optedOut) throw optedOutContact(phoneNumber);
		return { contactId: value.contactId, phoneNumber };
	},
	request: ({ contactId }) => ({
		request: { method: 'DELETE', path: contactPath(contactId) },
		parse: (data) => deletionIn(data, 'contact'),
	}),
};
