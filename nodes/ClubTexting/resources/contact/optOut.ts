import type { IDataObject } from 'n8n-workflow';
import { orNull } from '../../../shared/errors';
import { UnrecognisedReply } from '../../../shared/http/response';
import type { ActOperation } from '../../../shared/operation/types';
import { BY_NUMBER } from '../../../shared/sms/contacts';
import {
	contactForm,
	contactPath,
	findContact,
	findKnownContact,
	mergedContact,
	writtenIn,
	type Contact,
} from '../../contact';

interface Found extends IDataObject {
	contactId: string;
	phoneNumber: string;
	optedOut: boolean;
	form: Record<string, string | string[]>;
}

/** What the reply says of it; null where it is silent. */
interface Reply extends IDataObject {
	optedOut: boolean | null;
}

/**
 * Source: the vendor's samples and client libraries, which set `OptOut` to 1 with an update.
 *
 * Not confirmed with a live account: that the reply says so. A reply that says the opposite makes the outcome `unknown`;
 * after one that is silent the contact is read again, and the item has what stands there: false where nothing changed,
 * null where it can't be told.
 */
export const optOut: ActOperation<{ phoneNumber: string }, Found, Reply> = {
	option: {
		name: 'Opt Out',
		value: 'optOut',
		action: 'Opt out contact',
		description: 'Take a contact off all texts for good',
		hint: 'Stops texting a customer who wants no more: unsubscribes or removes the customer’s phone number from the list, puts the number on do not contact, so that it never gets texts again.',
	},
	...BY_NUMBER,
	effect: 'changes',
	warning:
		'This opts the contact out and can’t be taken back: the contact gets no more texts and can’t be changed or deleted afterwards. Only the person can opt in again, by texting a keyword.',
	deed: 'opted the contact out',
	dryRunHelp: 'Whether to look the contact up and show what would be sent, without opting it out',

	// Two items with one number: the second finds what the first has made of it.
	lane: ({ phoneNumber }) => phoneNumber,
	async keep({ phoneNumber }, step) {
		const { value: contact } = await findKnownContact(step, phoneNumber);
		return {
			contactId: contact.contactId,
			phoneNumber,
			optedOut: contact.optedOut === true,
			form: { ...contactForm(phoneNumber, mergedContact(contact)), OptOut: '1' },
		};
	},
	request({ contactId, phoneNumber, optedOut, form }) {
		if (optedOut) return undefined;
		return {
			request: { method: 'POST', path: contactPath(contactId), form },
			parse: (data) => replyIn(writtenIn(data, phoneNumber, contactId)),
		};
	},
	foresee: ({ contactId, phoneNumber }) => ({ contactId, phoneNumber, optedOut: true, changed: true }),
	async output({ contactId, phoneNumber, optedOut: was }, reply, step) {
		const found = async () => (await orNull(findContact(step, phoneNumber)))?.value.optedOut ?? null;
		const optedOut = was || (reply?.optedOut ?? (await found()));
		return { contactId, phoneNumber, optedOut, changed: !was && optedOut !== false };
	},
};

/** @throws UnrecognisedReply where the reply says that the contact has not opted out */
function replyIn({ optedOut }: Contact): Reply {
	if (optedOut !== false) return { optedOut };
	throw new UnrecognisedReply('the reply says that the contact has not opted out');
}
