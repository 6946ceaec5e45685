import { sendOf } from '../../send';

export const send = sendOf('postcard', {
	option: {
		name: 'Send',
		value: 'send',
		action: 'Send a postcard',
		description: 'Print a PDF as a postcard of 5 x 8 inches and mail it, paid from the credit',
	},
	warning:
		'This prints and mails a postcard for each item and pays for it from your credit. It can’t be taken back.',
	deed: 'took the postcard',
});
