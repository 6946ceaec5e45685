import { sendOf } from '../../send';

export const send = sendOf('letter', 'Print a document as a letter and mail it, paid from the credit');
