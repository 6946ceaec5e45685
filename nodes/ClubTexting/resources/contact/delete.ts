import type { ActOperation } from '../../../shared/operation/types';
import {
	CONTACT_FIELD,
	contactNumberIn,
	contactPath,
	findKnownContact,
	optedOutContact,
} from '../../contact';
import { deletionIn } from '../../provider';

/** Source: Club Texting, REST API documentation, "Contacts", and the vendor's samples. */
export const deleteContact: ActOperation<
	{ phoneNumber: string },
	undefined,
	{ contactId: string; phoneNumber: string }
> = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete contact',
		description: 'Delete a contact for good. One who has opted out can’t be deleted.',
	},
	fields: [CONTACT_FIELD],
	effect: 'changes',
	warning: 'This deletes the contact and can’t be taken back.',
	deed: 'deleted the contact',
	dryRunHelp: 'Whether to look the contact up and show what would be sent, without deleting it',
	parameters: (read) => ({ phoneNumber: contactNumberIn(read) }),

	// Two items with one number: the second finds what the first has made of it.
	lane: ({ phoneNumber }) => phoneNumber,
	async keep({ phoneNumber }, step) {
		const { contactId, optedOut } = await findKnownContact(step, phoneNumber);
		if (optedOut) throw optedOutContact(phoneNumber);
		return { contactId, phoneNumber };
	},
	request: ({ contactId }) => ({
		request: { method: 'DELETE', path: contactPath(contactId) },
		parse: (data) => deletionIn(data, 'contact'),
	}),
	foresee: ({ phoneNumber }) => ({ phoneNumber, deleted: true }),
	output: ({ phoneNumber }) => ({ phoneNumber, deleted: true }),
};
