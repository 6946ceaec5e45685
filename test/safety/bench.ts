export { atOnce, edited, openBench, outcomeOf, outcomesOf, type Bench } from '../harness';
