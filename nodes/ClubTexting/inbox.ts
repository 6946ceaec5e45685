import { booleanIn, needed, objectIn, textIn } from '../shared/http/response';
import type { List } from '../shared/operation/lists';
import { numbersIn } from '../shared/sms/phoneNumber';

/** A message that somebody sent, as items show it. */
export type IncomingMessage = ReturnType<typeof messageIn>;

/** Source: Club Texting, REST API documentation, "Inbox", and the vendor's samples. */
export const INBOX: List<IncomingMessage> = {
	path: '/incoming-messages',
	entryIn: messageIn,
	idOf: ({ incomingMessageId }) => incomingMessageId,
};

/** The query for the latest message first. */
export const LATEST_FIRST = { sortBy: 'ReceivedOn', sortDir: 'desc' };

/** @throws UnrecognisedReply without an ID */
export function messageIn(data: unknown) {
	const entry = objectIn(data);
	const folderId = textIn(entry.FolderID);
	return {
		incomingMessageId: needed(textIn(entry.ID), 'ID'),
		phoneNumber: numbersIn(entry.PhoneNumber)[0] ?? textIn(entry.PhoneNumber),
		message: textIn(entry.Message),
		subject: textIn(entry.Subject),
		unread: booleanIn(entry.New),
		/** Null in the inbox: without a folder, or in folder 0. */
		folderId: folderId === '0' ? null : folderId,
		contactId: textIn(entry.ContactID),
		receivedAt: textIn(entry.ReceivedOn),
	};
}
