import { invalid } from '../../../shared/errors';
import type { ActOperation } from '../../../shared/operation/types';
import { CONTACT_FIELD, contactNumberIn, contactPath, findKnownContact } from '../../contact';
import { doneIn } from '../../provider';

/** Source: EZ Texting, API reference, "Contacts". */
export const deleteContact: ActOperation<{ phoneNumber: string }, undefined, { phoneNumber: string }> = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete contact',
		description: 'Delete a contact for good. One who has opted out is not deleted: the mark would be lost.',
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
		const { optedOut } = await findKnownContact(step, phoneNumber);
		if (!optedOut) return { phoneNumber };
		throw invalid(
			CONTACT_FIELD.displayName,
			`is that of a contact who has opted out: ${phoneNumber}`,
			'Keep it: who deletes it and adds the number again may lose the mark, and would text somebody who has said no.',
		);
	},
	request: ({ phoneNumber }) => ({
		request: { method: 'DELETE', path: contactPath(phoneNumber) },
		parse: doneIn,
	}),
	foresee: ({ phoneNumber }) => ({ phoneNumber, deleted: true }),
	output: ({ phoneNumber }) => ({ phoneNumber, deleted: true }),
};
