import type { IPollFunctions } from 'n8n-workflow';
import type { HttpRequest, Provider } from '../provider';
import { CREDITS, type CreditBalance } from '../sms/credits';
import { pollBalance } from './lowBalance';
import type { Polling } from './poll';
import { ON_LOW_BALANCE, POLLING_OPTIONS, thresholdField } from './parameters';

/** What the triggers of low credit have in common. n8n adds to a node's own list of properties: each makes one of these. */
export const LOW_CREDIT = {
	subtitle: '={{ "Below " + $parameter["threshold"] + " credits" }}',
	properties: [
		ON_LOW_BALANCE,
		thresholdField(100, 'the number of plan and anytime credits', 'Credits'),
		POLLING_OPTIONS,
	],
};

/** Starts when the credits of an account fall below the threshold. */
export async function pollCredits(
	context: IPollFunctions,
	provider: Provider,
	request: HttpRequest,
	balanceIn: (data: unknown) => CreditBalance,
): Promise<Polling> {
	return await pollBalance(context, provider, CREDITS, async (current) => {
		const { totalCredits, ...others } = await current.read(request, balanceIn);
		return { balance: totalCredits, json: { totalCredits, ...others } };
	});
}
