import { booleanIn, needed, objectIn, textIn } from '../shared/http/response';
import type { List } from '../shared/operation/lists';
import { isoIn, tenOf } from './values';

/** A text as items show it. */
export type Message = ReturnType<typeof messageIn>;

/** @throws UnrecognisedReply without an ID */
function messageIn(data: unknown) {
	const entry = objectIn(data);
	const inbound = booleanIn(entry.inbound);
	const number = (value: unknown) => (textIn(value) === null ? null : tenOf(textIn(value)!));
	return {
		messageId: needed(textIn(entry.id), 'ID of a message'),
		direction: inbound === null ? null : inbound ? 'received' : 'sent',
		/** The other person's: ten digits. */
		phoneNumber: number(entry.contactNumber),
		/** The account's. */
		ownNumber: number(entry.userNumber),
		message: textIn(entry.message),
		mediaUrl: textIn(entry.mediaUrl),
		/** The provider's own text. */
		status: textIn(entry.status),
		/** ISO 8601. */
		sentAt: isoIn(entry.sentAt),
		optedIn: booleanIn(entry.optIn),
		optedOut: booleanIn(entry.optOut),
	};
}

/**
 * Source: EZ Texting, API reference, "Messages". Not confirmed with a live account: whether the ID of a row is that of one
 * text or of the sending; so a row is told by its number and time as well.
 */
export const MESSAGES: List<Message> = {
	path: '/messages',
	entryIn: messageIn,
	idOf: ({ messageId, phoneNumber, sentAt, direction }) =>
		[messageId, phoneNumber, sentAt, direction].join(' '),
};
