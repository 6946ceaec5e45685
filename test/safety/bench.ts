export { atOnce, eachAtOnce, edited, from, openBench, outcomeOf, outcomesOf, type Bench } from '../harness';
