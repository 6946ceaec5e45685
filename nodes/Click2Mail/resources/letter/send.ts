import { sendOf } from '../../send';

export const send = sendOf('letter', {
	option: {
		name: 'Send',
		value: 'send',
		action: 'Send a letter',
		description: 'Print a document as a letter and mail it, paid from the credit',
	},
	warning:
		'This prints and mails a letter for each item and pays for it from your credit. It can’t be taken back.',
	deed: 'took the letter',
});
