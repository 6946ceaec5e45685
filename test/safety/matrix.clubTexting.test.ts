import { testMatrix } from './matrix';

testMatrix('clubTexting');
