import { sendOf } from '../../send';

export const send = sendOf('letter', {
	description: 'Print a document as a letter and mail it, paid from the credit',
	hint: 'Mails an invoice, bill, contract, notice or another PDF on paper by post, by certified mail too.',
});
