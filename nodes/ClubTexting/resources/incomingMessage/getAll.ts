import type { IDataObject } from 'n8n-workflow';
import { invalid } from '../../../shared/errors';
import { booleanIn, needed, objectIn, textIn, UnrecognisedReply } from '../../../shared/http/response';
import { LIMIT_FIELDS, limitIn } from '../../../shared/operation/limit';
import type { ReadOperation } from '../../../shared/operation/types';
import { shown } from '../../../shared/values/text';
import { entriesOf, shared, type List } from '../../list';
import { numbersIn } from '../../phoneNumber';

interface GetAll {
	/** Infinity for all. */
	limit: number;
	search: string;
	folderId: string;
}

interface IncomingMessage extends IDataObject {
	incomingMessageId: string;
	/** Null in the inbox. */
	folderId: string | null;
}

/** Source: Club Texting, REST API documentation, "Inbox", and the vendor's samples. */
export const INBOX: List<IncomingMessage> = {
	path: '/incoming-messages',
	entryIn: messageIn,
	idOf: ({ incomingMessageId }) => incomingMessageId,
};

/**
 * Without a folder, the messages of the inbox and of all folders, the latest first.
 *
 * Not confirmed with a live account: that the filters are obeyed. A message of another folder ends the list with an error.
 */
export const getAll: ReadOperation<GetAll> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many incoming messages',
		description: 'List the messages that people have sent, the latest first',
	},
	fields: [
		...LIMIT_FIELDS,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{
					displayName: 'Folder ID',
					name: 'folderId',
					type: 'string',
					default: '',
					placeholder: 'e.g. 5656',
					description: 'Only the messages of this folder; those of the inbox and all folders if empty',
				},
				{
					displayName: 'Search',
					name: 'search',
					type: 'string',
					default: '',
					placeholder: 'e.g. honey',
					description: 'Part of the text, or the sender’s phone number',
				},
			],
		},
	],
	effect: 'reads',
	parameters(read) {
		const folderId = read.meant('filters.folderId');
		if (!/^\d*$/.test(folderId)) {
			throw invalid(
				read.label('filters.folderId'),
				`must be the number of a folder, but is "${shown(folderId)}"`,
				'Use the “folderId” of a message that “Get Many” returned without this filter.',
			);
		}
		return { limit: limitIn(read), search: read.meant('filters.search'), folderId };
	},

	async run({ limit, search, folderId }, step) {
		const query = {
			sortBy: 'ReceivedOn',
			sortDir: 'desc',
			...(search !== '' && { Search: search }),
			...(folderId !== '' && { FolderID: folderId }),
		};
		const list = { ...INBOX, entryIn: (entry: unknown) => inFolder(messageIn(entry), folderId) };
		const messages = await entriesOf(shared(step), list, query, limit);
		return messages.map(({ value, entry }) => ({ ...value, ...step.raw(entry) }));
	},
};

/** @throws UnrecognisedReply for a message that the filter should have left out */
function inFolder(message: IncomingMessage, folderId: string): IncomingMessage {
	if (folderId === '' || (message.folderId ?? '0') === folderId) return message;
	throw new UnrecognisedReply('the list has a message that the filter “Folder ID” should have left out');
}

/** @throws UnrecognisedReply without an ID */
function messageIn(data: unknown): IncomingMessage {
	const entry = objectIn(data);
	const folderId = textIn(entry.FolderID);
	return {
		incomingMessageId: needed(textIn(entry.ID), 'ID'),
		phoneNumber: numbersIn(entry.PhoneNumber)[0] ?? textIn(entry.PhoneNumber),
		message: textIn(entry.Message),
		subject: textIn(entry.Subject),
		unread: booleanIn(entry.New),
		// Without one, or in folder 0, it is in the inbox.
		folderId: folderId === '0' ? null : folderId,
		contactId: textIn(entry.ContactID),
		receivedAt: textIn(entry.ReceivedOn),
	};
}
