import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { pollBalance } from '../shared/polling/lowBalance';
import { ON_LOW_BALANCE, POLLING_OPTIONS, thresholdField } from '../shared/polling/parameters';
import { BALANCE_REQUEST, balanceIn } from './credit';
import { clubTexting } from './provider';

export class ClubTextingCreditTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Club Texting Credit Trigger',
		name: 'clubTextingCreditTrigger',
		icon: { light: 'file:../../icons/clubtexting.svg', dark: 'file:../../icons/clubtexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "Below " + $parameter["threshold"] + " credits" }}',
		description: 'Start when a Club Texting account has fewer credits than a threshold',
		builderHint: {
			searchHint: 'Starts when SMS credits run low. Follow it with Club Texting, Credit, Top Up.',
		},
		defaults: { name: 'Club Texting Credit Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'clubTextingApi', required: true }],
		properties: [
			ON_LOW_BALANCE,
			thresholdField(100, 'the number of plan and anytime credits', 'Credits'),
			POLLING_OPTIONS,
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollBalance(this, clubTexting, { decimals: 0, unit: 'credits' }, async (current) => {
			const { totalCredits, ...others } = await current.read(BALANCE_REQUEST, balanceIn);
			return { balance: totalCredits, json: { totalCredits, ...others } };
		});
	}
}
