/** Switches and limits of every operation, resolved anew at each look. */
export const VOLATILE_READ = {
	includeRawReply: '={{ $now.toMillis() < 0 }}',
	timeout: '={{ 60000 + $now.millisecond }}',
};
export const VOLATILE_ACT = {
	...VOLATILE_READ,
	// As long as the key is another one at each look, it protects nothing and must not do harm.
	idempotencyKey: '={{ $itemIndex }} {{ $now.toMillis() }} {{ Math.random() }}',
};
export const VOLATILE_SPEND = {
	...VOLATILE_ACT,
	maximumPerDay: '={{ 1000 + $now.millisecond }}',
	maximumPerMonth: '={{ 2000 + $now.millisecond }}',
};
export const VOLATILE_CHARGE = { ...VOLATILE_SPEND, maximumRefusalsPerDay: '={{ 3 + $now.millisecond }}' };
export const dryRun = '={{ $now.toMillis() < 0 }}';
