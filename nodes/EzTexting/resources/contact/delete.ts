import type { ActOperation } from '../../../shared/operation/types';
import { DELETING, invalidContact } from '../../../shared/sms/contacts';
import { contactPath, findKnownContact } from '../../contact';
import { doneIn } from '../../provider';

/** Source: EZ Texting, API reference, "Contacts". */
export const deleteContact: ActOperation<{ phoneNumber: string }, { phoneNumber: string }> = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete contact',
		description: 'Delete a contact for good. One who has opted out is not deleted: the mark would be lost.',
		hint: 'Removes or erases a contact of EZ Texting altogether. To only stop the texts, use Block.',
	},
	...DELETING,
	async keep({ phoneNumber }, step) {
		const { optedOut } = await findKnownContact(step, phoneNumber);
		if (!optedOut) return { phoneNumber };
		throw invalidContact(
			`is that of a contact who has opted out: ${phoneNumber}`,
			'Keep it: who deletes it and adds the number again may lose the mark, and would text somebody who has said no.',
		);
	},
	request: ({ phoneNumber }) => ({
		request: { method: 'DELETE', path: contactPath(phoneNumber) },
		parse: doneIn,
	}),
};
