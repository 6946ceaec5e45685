import { testMatrix } from './matrix';

testMatrix('click2mail');
