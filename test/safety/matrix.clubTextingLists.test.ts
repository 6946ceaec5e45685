import { testMatrix } from './matrix';

testMatrix('clubTextingLists');
