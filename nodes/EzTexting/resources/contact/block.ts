import type { ActOperation } from '../../../shared/operation/types';
import { BY_NUMBER } from '../../../shared/sms/contacts';
import { doneIn } from '../../provider';
import { wireNumber } from '../../values';

/**
 * Source: EZ Texting, API reference, "Block Outbound Texts". Not confirmed with a live account: whether a block shows as an
 * opt-out of the contact, and whether the person can lift it by texting START. No call lifts it.
 */
export const block: ActOperation<{ phoneNumber: string }, { phoneNumber: string }> = {
	option: {
		name: 'Block',
		value: 'block',
		action: 'Block contact',
		description: 'Stop all texts to a number. It can’t be taken back here.',
		hint: 'Stops texting somebody at EZ Texting: unsubscribes their number, so that it never gets texts again.',
	},
	...BY_NUMBER,
	effect: 'changes',
	warning:
		'This blocks texts to the number and can’t be taken back: no call of EZ Texting lifts a block, and it may not show as an opt-out.',
	deed: 'blocked the number',
	dryRunHelp: 'Whether to check the number and show what would be sent, without blocking it',

	keep: ({ phoneNumber }) => ({ phoneNumber }),
	request: ({ phoneNumber }) => ({
		request: { method: 'POST', path: '/blocks', json: { phoneNumbers: [wireNumber(phoneNumber)] } },
		parse: doneIn,
	}),
	foresee: ({ phoneNumber }) => ({ phoneNumber, blocked: true }),
	output: ({ phoneNumber }) => ({ phoneNumber, blocked: true }),
};
