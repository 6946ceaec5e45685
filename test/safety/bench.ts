export {
	atOnce,
	eachAtOnce,
	edited,
	from,
	going,
	openBench,
	openBenches,
	outcomeOf,
	outcomesOf,
	type Bench,
} from '../harness';
