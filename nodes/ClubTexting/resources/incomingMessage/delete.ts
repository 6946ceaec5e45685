import { notTheNumberOf } from '../../../shared/operation/bounds';
import { textField } from '../../../shared/operation/fields';
import type { ActOperation } from '../../../shared/operation/types';
import { INBOX } from '../../inbox';
import { deletionIn } from '../../provider';

interface Parameters {
	incomingMessageId: string;
}

/** Source: Club Texting, REST API documentation, "Inbox", and the vendor's samples. */
export const deleteIncomingMessage: ActOperation<Parameters, { incomingMessageId: string }> = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete incoming message',
		description: 'Delete a message from the inbox or a folder for good',
		hint: 'Clears or tidies the inbox of old messages and replies.',
	},
	fields: [
		textField('Incoming Message ID', 'incomingMessageId', {
			required: true,
			placeholder: 'e.g. 15168146',
			description: 'As “Get Many” gives it',
		}),
	],
	effect: 'changes',
	warning: 'This deletes the message and can’t be taken back.',
	deed: 'deleted the message',
	dryRunHelp: 'Whether to check the ID and show what would be sent, without deleting the message',
	parameters(read) {
		const incomingMessageId = read.required('incomingMessageId');
		if (/^\d+$/.test(incomingMessageId)) return { incomingMessageId };
		const advice = 'Use the “incomingMessageId” that “Get Many” returned.';
		throw notTheNumberOf('message', incomingMessageId, read.label('incomingMessageId'), advice);
	},

	keep: ({ incomingMessageId }) => ({ incomingMessageId }),
	request: ({ incomingMessageId }) => ({
		request: { method: 'DELETE', path: `${INBOX.path}/${incomingMessageId}` },
		parse: (data) => deletionIn(data, 'message'),
	}),
	foresee: ({ incomingMessageId }) => ({ incomingMessageId, deleted: true }),
	output: ({ incomingMessageId }) => ({ incomingMessageId, deleted: true }),
};
