import type { IDataObject } from 'n8n-workflow';
import { booleanIn, needed, objectIn, textIn, UnrecognisedReply } from '../../../shared/http/response';
import type { ActOperation } from '../../../shared/operation/types';
import {
	CONTACT_FIELD,
	contactForm,
	contactNumberIn,
	contactPath,
	findKnownContact,
	mergedContact,
} from '../../contact';

interface Found extends IDataObject {
	contactId: string;
	phoneNumber: string;
	optedOut: boolean;
	form: Record<string, string | string[]>;
}

/**
 * Source: the vendor's samples and client libraries, which set `OptOut` to 1 with an update.
 *
 * Not confirmed with a live account: that the reply says so (a reply that says the opposite makes the outcome `unknown`,
 * one that says nothing of it is taken for a success).
 */
export const optOut: ActOperation<{ phoneNumber: string }, string, Found, string> = {
	option: {
		name: 'Opt Out',
		value: 'optOut',
		action: 'Opt out contact',
		description:
			'Take a contact off all texts. It can’t be taken back: only the person can opt in again, by texting a keyword.',
	},
	fields: [
		{
			...CONTACT_FIELD,
			description:
				'The number of the contact who shall get no more texts. It can’t be taken back: the contact can’t be changed or deleted afterwards, and only the person can opt in again.',
		},
	],
	effect: 'changes',
	parameters: (read) => ({ phoneNumber: contactNumberIn(read) }),
	cost: () => 0,

	resolve: async ({ phoneNumber }) => phoneNumber,
	// Two items with one number: the second finds what the first has made of it.
	lane: (phoneNumber) => phoneNumber,
	async find({ phoneNumber }, step) {
		const contact = await findKnownContact(step, phoneNumber);
		return {
			contactId: contact.contactId,
			phoneNumber,
			optedOut: contact.optedOut === true,
			form: { ...contactForm(phoneNumber, mergedContact(contact)), OptOut: '1' },
		};
	},
	act({ contactId, optedOut, form }) {
		if (optedOut) return undefined;
		return { request: { method: 'POST', path: contactPath(contactId), form }, parse: optedOutIn };
	},
	output: ({ contactId, phoneNumber }, done) => ({
		contactId,
		phoneNumber,
		optedOut: true,
		changed: done !== undefined,
	}),
};

/** The contact's ID. @throws UnrecognisedReply without one, or where the reply says that nobody has opted out */
function optedOutIn(data: unknown): string {
	const entry = objectIn(data);
	if (booleanIn(entry.OptOut) === false) {
		throw new UnrecognisedReply('the reply says that the contact has not opted out');
	}
	return needed(textIn(entry.ID), 'ID');
}
