export {
	atOnce,
	eachAtOnce,
	edited,
	from,
	openBench,
	openBenches,
	outcomeOf,
	outcomesOf,
	type Bench,
} from '../harness';
