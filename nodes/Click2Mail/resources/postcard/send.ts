import { sendOf } from '../../send';

export const send = sendOf(
	'postcard',
	'Print a PDF as a postcard of 5 x 8 inches and mail it, paid from the credit',
);
