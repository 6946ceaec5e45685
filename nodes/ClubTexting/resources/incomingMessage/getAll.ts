import { UnrecognisedReply } from '../../../shared/http/response';
import { notTheNumberOf } from '../../../shared/operation/bounds';
import { textField } from '../../../shared/operation/fields';
import { limitIn, listFields, shared } from '../../../shared/operation/lists';
import type { ReadOperation } from '../../../shared/operation/types';
import { filled } from '../../../shared/values/filled';
import { INBOX, LATEST_FIRST, messageIn, type IncomingMessage } from '../../inbox';
import { entriesOf } from '../../list';

/**
 * Without a folder, the messages of the inbox and of all folders, the latest first.
 *
 * Not confirmed with a live account: that the filters are obeyed. A message of another folder ends the list with an error.
 */
export const getAll: ReadOperation<{ limit: number; search: string; folderId: string }> = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many incoming messages',
		description: 'List the messages that people have texted to the account, the latest first',
		hint: 'Reads the inbox: received SMS, replies and answers that customers texted us or wrote back.',
	},
	fields: listFields(
		textField('Folder ID', 'folderId', {
			placeholder: 'e.g. 5656',
			description: 'Only the messages of this folder, and not those of the inbox and all other folders',
		}),
		textField('Search', 'search', {
			placeholder: 'e.g. honey',
			description: 'Part of the text, or the sender’s phone number',
		}),
	),
	effect: 'reads',
	parameters(read) {
		const folderId = read.meant('filters.folderId');
		if (!/^\d*$/.test(folderId)) {
			const advice = 'Use the “folderId” of a message that “Get Many” returned without this filter.';
			throw notTheNumberOf('folder', folderId, read.label('filters.folderId'), advice);
		}
		return { limit: limitIn(read), search: read.meant('filters.search'), folderId };
	},

	async run({ limit, search, folderId }, step) {
		const query = { ...LATEST_FIRST, ...filled({ Search: search, FolderID: folderId }) };
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
