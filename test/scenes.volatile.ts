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
export const spendingLimit = '={{ 1000000 + $now.millisecond / 100 }}';
export const anyLimit = { returnAll: '={{ Math.random() < 0.5 }}', limit: '={{ 50 + $now.millisecond }}' };

/** The same number, written in another way now and then. */
export const anyNumber = '={{ Math.random() < 0.5 ? $json.number : "+1 " + $json.number }}';

/** Of a message whose items share their request, the same for all items of an execution. */
export const VOLATILE_MESSAGE = {
	phoneNumbers: '={{ Math.random() < 0.5 ? $json.to : $json.to.replaceAll("212555", "(212) 555-") }}',
	message: '=Honey is ready {{ $execution.id }}',
	dryRun,
};
export const VOLATILE_SENDING = {
	...VOLATILE_ACT,
	combineItems: '={{ $now.toMillis() > 0 }}',
	groups: '={{ $now.toMillis() > 0 ? "" : "honey lovers" }}',
	recipientsPerRequest: '={{ 40 + Number($execution.id) % 10 }}',
	scheduledFor: '={{ $now.plus({ days: 30 + Number($execution.id) % 10 }).startOf("day") }}',
	sendingWindow: {
		from: '={{ "08:0" + Number($execution.id) % 10 }}',
		to: '={{ $now.toMillis() > 0 ? "20:00" : "21:00" }}',
		timeZone: '={{ $now.toMillis() > 0 ? "recipient" : "workflow" }}',
		outside: '={{ $now.toMillis() > 0 ? "schedule" : "fail" }}',
	},
};
