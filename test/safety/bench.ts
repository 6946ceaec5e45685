export { openBench, outcomeOf, outcomesOf, type Bench } from '../harness';
