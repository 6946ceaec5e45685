import { orNull } from '../../../shared/errors';
import { objectIn, textIn } from '../../../shared/http/response';
import { notTheNumberOf } from '../../../shared/operation/bounds';
import { textField } from '../../../shared/operation/fields';
import type { ActOperation, Step } from '../../../shared/operation/types';
import { filter } from '../../list';
import { MESSAGES } from '../../message';
import { doneIn } from '../../provider';

/**
 * Source: EZ Texting, API reference, "Delete Messages". Not confirmed with a live account: that a scheduled message that is
 * deleted does not go out.
 */
export const cancel: ActOperation<{ messageId: string }, { messageId: string }> = {
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel scheduled message',
		description: 'Delete a message that is scheduled. That this stops it is likely, but not proved.',
		hint: 'Stops, withdraws or calls back a text of EZ Texting that is planned for later.',
	},
	fields: [
		textField('Message ID', 'messageId', {
			required: true,
			placeholder: 'e.g. 271100000003',
			description:
				'The ID that “Send” returned. That deleting it stops it is likely, but not proved: look at “stillScheduled”, and in your account.',
		}),
	],
	effect: 'changes',
	warning:
		'This deletes the message and can’t be taken back. That a scheduled one is stopped by it is likely, but not proved.',
	deed: 'deleted the message',
	dryRunHelp: 'Whether to check the ID and show what would be sent, without deleting the message',

	parameters(read) {
		const messageId = read.required('messageId');
		// It goes as a number.
		if (/^[1-9]\d*$/.test(messageId) && Number.isSafeInteger(Number(messageId))) return { messageId };
		const advice = 'Use the “messageId” that “Send” returned.';
		throw notTheNumberOf('message', messageId, read.label('messageId'), advice);
	},
	keep: ({ messageId }) => ({ messageId }),
	request: ({ messageId }) => ({
		request: { method: 'DELETE', path: MESSAGES.path, json: { ids: [Number(messageId)] } },
		parse: doneIn,
	}),
	foresee: ({ messageId }) => ({ messageId, deleted: true }),
	output: async ({ messageId }, _done, step) => ({
		messageId,
		deleted: true,
		stillScheduled: await orNull(isScheduled(messageId, step)),
	}),
};

/** Null where the list has others than those that were asked for. */
async function isScheduled(messageId: string, step: Step): Promise<boolean | null> {
	const query = {
		...filter('messageId', 'eq', messageId),
		...filter('pending', 'eq', 'true'),
		page: '0',
		size: '10',
	};
	return await step.read({ method: 'GET', path: MESSAGES.path, query }, (data) => {
		const { content } = objectIn(data);
		if (!Array.isArray(content)) return null;
		const isIt = (row: unknown) =>
			[objectIn(row).id, objectIn(row).messageGroupId].some((id) => textIn(id) === messageId);
		if (content.some(isIt)) return true;
		return content.length === 0 ? false : null;
	});
}
