import { testMatrix } from './matrix';

testMatrix('mailPartner');
