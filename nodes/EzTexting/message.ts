import type { IDataObject } from 'n8n-workflow';
import { booleanIn, needed, objectIn, textIn } from '../shared/http/response';
import type { List } from '../shared/operation/lists';
import { isoIn, tenOf } from './values';

/** A text as items show it. */
export interface Message extends IDataObject {
	messageId: string;
	direction: 'received' | 'sent' | null;
	/** The other person's: ten digits. */
	phoneNumber: string | null;
	/** The account's. */
	ownNumber: string | null;
	message: string | null;
	mediaUrl: string | null;
	/** The provider's own text. */
	status: string | null;
	/** ISO 8601. */
	sentAt: string | null;
	optedIn: boolean | null;
	optedOut: boolean | null;
}

/** @throws UnrecognisedReply without an ID */
export function messageIn(data: unknown): Message {
	const entry = objectIn(data);
	const inbound = booleanIn(entry.inbound);
	const number = (value: unknown) => (textIn(value) === null ? null : tenOf(textIn(value)!));
	return {
		messageId: needed(textIn(entry.id), 'ID of a message'),
		direction: inbound === null ? null : inbound ? 'received' : 'sent',
		phoneNumber: number(entry.contactNumber),
		ownNumber: number(entry.userNumber),
		message: textIn(entry.message),
		mediaUrl: textIn(entry.mediaUrl),
		status: textIn(entry.status),
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
