import whole from './stryker.config.mjs';

/** One file and the tests that are about it: that mutation testing starts at all, and what it says, in a minute or two. */
export default {
	...whole,
	mutate: ['nodes/shared/paymentCard.ts'],
	mochaOptions: { ...whole.mochaOptions, spec: ['test/operations/card.test.ts'] },
	plugins: ['@stryker-mutator/mocha-runner', './stryker.config.mjs'],
	incremental: false,
};
