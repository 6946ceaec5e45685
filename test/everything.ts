/** Whether all is played that `npm test` plays a sample of: CI does. */
const EVERYTHING = process.env.TESTS === 'all';

/** Of how many one is played. */
export const oneOf = (sample: number): number => (EVERYTHING ? 1 : sample);

/** How many seeded values a property is held against: a thirtieth, or all. */
export const runs = (all: number): number => Math.ceil(all / oneOf(30));
