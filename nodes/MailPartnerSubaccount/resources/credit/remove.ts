import { moving, type Moving } from '../../credit';

export const remove: Moving = {
	option: {
		name: 'Remove',
		value: 'remove',
		action: 'Remove credit from sub-account',
		description: 'Move credit from a sub-account back to the main account',
		hint: 'Takes unused credit back from a reseller’s customer or client, or pulls it out, in euro.',
	},
	...moving('remove', 'How much credit to move from the sub-account back to the main account'),
	effect: 'changes',
	warning: 'This moves credit from the sub-account back to the main account.',
	dryRunHelp: 'Whether to look up the sub-account and show what would be sent, without taking its credit',
};
