import { testMatrix } from './matrix';

testMatrix('ezTexting');
