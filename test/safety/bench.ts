export { atOnce, edited, from, openBench, outcomeOf, outcomesOf, type Bench } from '../harness';
