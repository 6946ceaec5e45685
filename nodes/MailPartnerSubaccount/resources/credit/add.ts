import { moving, UNIT, type Moving } from '../../credit';

export const add: Moving = {
	option: {
		name: 'Add',
		value: 'add',
		action: 'Add credit to sub-account',
		description: 'Move credit from the main account to a sub-account',
		hint: 'Gives, moves or transfers credit to a reseller’s customer or client, in euro.',
	},
	...moving('add', 'How much credit to move from the main account to the sub-account'),
	effect: 'spends',
	warning: 'This moves credit from the main account to the sub-account.',
	dryRunHelp: 'Whether to look up the sub-account and show what would be sent, without giving it credit',
	spending: { default: 100, unit: UNIT, cost: ({ amount }) => amount },
};
