import { sendOf } from '../../send';

export const send = sendOf('postcard', {
	description: 'Print a PDF as a postcard of 5 x 8 inches and mail it, paid from the credit',
	hint: 'Mails a thank-you card or direct mail to customers or leads by post.',
});
